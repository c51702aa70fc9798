// SPDX-License-Identifier: GPL-3.0-or-later
// Tells of something that ended while nobody may be looking: a desktop notification where there is a tray, else a notice in the status
// line. Never a box that wants an answer. Main thread only.
#pragma once

#include <QObject>

#include "ui/theme/theme.h"

class QWidget;

namespace weft::ui {

class StatusLine;

// The desktop's notifications, where there are any.
class DesktopTray : public QObject {
  Q_OBJECT
 public:
  using QObject::QObject;
  [[nodiscard]] virtual bool canTell() const = 0;
  virtual void tell(const QString& title, const QString& text, bool bad) = 0;

 Q_SIGNALS:
  void clicked();
};

class Notifier final : public QObject {
  Q_OBJECT
 public:
  Notifier(Theme& theme, StatusLine& line, QWidget* window);
  void tell(const QString& title, const QString& text, bool bad);
  void useTray(DesktopTray* tray);   // instead of the system's; owned from now on

 Q_SIGNALS:
  void clicked();   // the notification

 private:
  StatusLine& m_line;
  QWidget* m_window;
  DesktopTray* m_tray = nullptr;
};

}  // namespace weft::ui
