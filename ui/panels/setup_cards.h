// SPDX-License-Identifier: GPL-3.0-or-later
// Cards of the Set-up page: run and method. Each is a view of the draft. Main thread only.
#pragma once

#include <vector>

#include "ui/models/draft.h"
#include "ui/widgets/controls.h"

class QComboBox;
class QLineEdit;

namespace weft::ui {

class MethodPicture;

class RunCard final : public QWidget {
  Q_OBJECT
 public:
  RunCard(Theme& theme, Draft& draft, QWidget* parent);
  [[nodiscard]] Card* card() { return m_card; }

 private:
  void refresh();
  Draft& m_draft;
  Card* m_card;
  QLabel* m_length;
  QLabel* m_rate;
};

// One method to choose, drawn from its descriptor.
class MethodTile final : public QPushButton {
  Q_OBJECT
 public:
  MethodTile(Theme& theme, const MethodDescriptor& method, QWidget* parent);
  [[nodiscard]] const MethodDescriptor& method() const { return m_method; }
  void setShape(std::int64_t out, std::int64_t in);
  [[nodiscard]] QSize sizeHint() const override { return {136, 124}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Theme& m_theme;
  const MethodDescriptor& m_method;
  MethodPicture* m_picture;
};

class MethodCard final : public QWidget {
  Q_OBJECT
 public:
  MethodCard(Theme& theme, Draft& draft, QWidget* parent);
  [[nodiscard]] Card* card() { return m_card; }
  [[nodiscard]] const std::vector<MethodTile*>& tiles() const { return m_tiles; }
  [[nodiscard]] QComboBox* family() { return m_family; }

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void refresh();
  void arrange();
  Draft& m_draft;
  Card* m_card;
  QLineEdit* m_filter;
  QComboBox* m_family;
  QWidget* m_board;
  QLabel* m_none;
  std::vector<MethodTile*> m_tiles;
};

}  // namespace weft::ui
