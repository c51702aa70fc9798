// SPDX-License-Identifier: GPL-3.0-or-later
// Tells of something that ended while nobody may be looking: a desktop notification where there is a tray, else a notice in the status
// line. Never a box that wants an answer. Main thread only.
#pragma once

#include <QObject>

#include "ui/theme/theme.h"

class QSystemTrayIcon;
class QWidget;

namespace weft::ui {

class StatusLine;

class Notifier final : public QObject {
  Q_OBJECT
 public:
  Notifier(Theme& theme, StatusLine& line, QWidget* window);
  void tell(const QString& title, const QString& text, bool bad);

 Q_SIGNALS:
  void clicked();   // the notification

 private:
  Theme& m_theme;
  StatusLine& m_line;
  QWidget* m_window;
  QSystemTrayIcon* m_tray = nullptr;  // made when first used
};

}  // namespace weft::ui
