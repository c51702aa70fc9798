// SPDX-License-Identifier: GPL-3.0-or-later
// The four cards of the Set-up page. Each is a view of the draft. Main thread only.
#pragma once

#include <vector>

#include "ui/models/draft.h"
#include "ui/widgets/controls.h"

class QGridLayout;
class QLineEdit;
class QScrollArea;
class QToolButton;

namespace weft::ui {

class MethodPicture;
class TokenView;

class ModelCard final : public QWidget {
  Q_OBJECT
 public:
  ModelCard(Theme& theme, Draft& draft, QWidget* parent);
  [[nodiscard]] Card* card() { return m_card; }

 Q_SIGNALS:
  void sampleWanted();

 private:
  void refresh();
  Draft& m_draft;
  Card* m_card;
  QLabel* m_name;
  QLabel* m_facts;
  QPushButton* m_sample;
  QPushButton* m_file;
};

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

class DataCard final : public QWidget {
  Q_OBJECT
 public:
  DataCard(Theme& theme, Draft& draft, QWidget* parent);
  [[nodiscard]] Card* card() { return m_card; }
  [[nodiscard]] int row() const { return m_row; }
  void showRow(int row);

 private:
  void refresh();
  void refreshCounts();
  void showRejected();
  Theme& m_theme;
  Draft& m_draft;
  Card* m_card;
  QWidget* m_counts;
  std::vector<std::pair<QLabel*, QLabel*>> m_figures;  // number, word
  QLabel* m_position;
  QToolButton* m_back;
  QToolButton* m_next;
  TokenView* m_tokens;
  QScrollArea* m_scroll;
  QLabel* m_empty;
  QPushButton* m_rejected;
  QLabel* m_warning;
  int m_row = 0;
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

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void refresh();
  void arrange();
  Draft& m_draft;
  Card* m_card;
  QLineEdit* m_filter;
  QWidget* m_board;
  QLabel* m_none;
  std::vector<MethodTile*> m_tiles;
};

}  // namespace weft::ui
