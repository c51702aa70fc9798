// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/background.h"

#include <QApplication>
#include <QEvent>
#include <QMenu>
#include <QSystemTrayIcon>
#include <QWidget>

#include "ui/models/run_desk.h"
#include "ui/theme/theme.h"

namespace weft::ui {

Background::Background(Theme& theme, RunDesk& desk, QWidget& window) : QObject(&window), m_theme(theme), m_desk(desk), m_window(window) {
  connect(&desk, &RunDesk::advanced, this, &Background::refresh);
}

Background::~Background() { delete m_menu; }   // a tray icon does not own its menu

QString Background::wayBack() {
  return QSystemTrayIcon::isSystemTrayAvailable()
             ? tr("In the background, the icon in the tray brings the window back, and the program ends with the run.")
             : tr("This desktop has no tray: the window stays, made small, in the list of windows; choose it there to bring it back. The program ends with the run.");
}

void Background::enter() {
  if (m_entered) return;
  m_entered = true;
  m_quitOnLast = QApplication::quitOnLastWindowClosed();
  QApplication::setQuitOnLastWindowClosed(false);
  if (QSystemTrayIcon::isSystemTrayAvailable()) {
    if (!m_tray) {
      m_tray = new QSystemTrayIcon(m_theme.icon(QStringLiteral("activity"), m_theme.palette().accent), this);
      m_menu = new QMenu;
      m_menu->addAction(tr("Show the window"), this, &Background::leave);
      m_menu->addAction(tr("Stop && save"), this, &Background::stopWanted);
      m_tray->setContextMenu(m_menu);
      connect(m_tray, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick) leave();
      });
    }
    refresh();
    m_tray->show();
    m_window.hide();
  } else {
    m_window.showMinimized();   // a hidden window could not be reached
    m_window.installEventFilter(this);
  }
}

void Background::leave() {
  if (!m_entered) return;
  m_entered = false;
  QApplication::setQuitOnLastWindowClosed(m_quitOnLast);
  m_window.removeEventFilter(this);
  if (m_tray) m_tray->hide();
  m_window.setWindowState(m_window.windowState() & ~Qt::WindowMinimized);
  m_window.show();
  m_window.raise();
  m_window.activateWindow();
}

bool Background::eventFilter(QObject* object, QEvent* event) {
  if (object == &m_window && event->type() == QEvent::WindowStateChange && !m_window.isMinimized()) leave();
  return false;
}

void Background::refresh() {
  if (m_entered && m_tray && m_desk.live())
    m_tray->setToolTip(tr("%1: step %2 of %3").arg(m_desk.live()->name).arg(m_desk.live()->lastStep).arg(m_desk.live()->totalSteps));
}

}  // namespace weft::ui
