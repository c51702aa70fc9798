// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody waits for an answer whose pieces cannot be counted: what for, and Cancel. Appears when it takes longer than 200 ms. Main thread only.
#pragma once

#include <QTimer>
#include <QWidget>

#include "ui/theme/theme.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace weft::ui {

class WaitStrip final : public QWidget {
  Q_OBJECT
 public:
  WaitStrip(Theme& theme, QWidget* parent);
  void wait(const QString& what);              // until end() or offer()
  void end();
  void offer(const QString& what, const QString& button);   // nothing is waited for any more: what can be done instead
  [[nodiscard]] QPushButton* button() { return m_button; }

 Q_SIGNALS:
  void cancelled();
  void chosen();                               // what was offered

 private:
  void say(const QString& what, const QString& button);
  QTimer m_late;
  QProgressBar* m_bar;
  QLabel* m_text;
  QPushButton* m_button;
  bool m_waiting = false;
};

}  // namespace weft::ui
