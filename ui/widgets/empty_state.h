// SPDX-License-Identifier: GPL-3.0-or-later
// What stands where there is nothing yet: a picture, a title, one sentence that says when there will be something, and a way there.
// Main thread only.
#pragma once

#include <QWidget>

#include "ui/widgets/controls.h"

namespace weft::ui {

class EmptyState final : public QWidget {
  Q_OBJECT
 public:
  EmptyState(Theme& theme, const QString& icon, QWidget* parent);
  void setWords(const QString& title, const QString& sentence);
  QPushButton* addButton(const QString& icon, const QString& text, IconButton::Style style);
  [[nodiscard]] QString sentence() const { return m_sentence->text(); }

  [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;

 private:
  void giveRoom();
  Theme& m_theme;
  QLabel *m_title, *m_sentence;
  QHBoxLayout* m_buttons;
};

}  // namespace weft::ui
