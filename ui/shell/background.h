// SPDX-License-Identifier: GPL-3.0-or-later
// A run that goes on after its window was closed: the same process, the window hidden, a tray icon to come back by. Where the
// desktop has no tray the window is minimised, and comes back from the list of windows. When the run is over it closes for good.
// Main thread only.
#pragma once

#include <QObject>

class QMenu;
class QSystemTrayIcon;
class QWidget;

namespace weft::ui {

class RunDesk;
class Theme;

class Background final : public QObject {
  Q_OBJECT
 public:
  Background(Theme& theme, RunDesk& desk, QWidget& window);
  ~Background() override;

  void enter();
  void leave();                      // shows the window again
  [[nodiscard]] bool entered() const { return m_entered; }
  // What the question before it says of coming back.
  [[nodiscard]] static QString wayBack();

 Q_SIGNALS:
  void stopWanted();

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void refresh();
  Theme& m_theme;
  RunDesk& m_desk;
  QWidget& m_window;
  QMenu* m_menu = nullptr;
  QSystemTrayIcon* m_tray = nullptr;   // null: the desktop has none
  bool m_entered = false, m_quitOnLast = true;
};

}  // namespace weft::ui
