// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/notifier.h"

#include <QApplication>
#include <QSystemTrayIcon>

#include "ui/shell/status_line.h"

namespace weft::ui {
namespace {

constexpr int kNoticeMs = 20000;

}  // namespace

Notifier::Notifier(Theme& theme, StatusLine& line, QWidget* window) : QObject(window), m_theme(theme), m_line(line), m_window(window) {}

void Notifier::tell(const QString& title, const QString& text, bool bad) {
  QApplication::alert(m_window);
  if (!QSystemTrayIcon::isSystemTrayAvailable() || !QSystemTrayIcon::supportsMessages()) {
    m_line.tell(text, kNoticeMs);
    return;
  }
  if (!m_tray) {
    m_tray = new QSystemTrayIcon(m_theme.icon(QStringLiteral("activity"), m_theme.palette().accent), this);
    connect(m_tray, &QSystemTrayIcon::messageClicked, this, &Notifier::clicked);
    connect(m_tray, &QSystemTrayIcon::messageClicked, m_tray, &QSystemTrayIcon::hide);
  }
  m_tray->show();
  m_tray->showMessage(title, text, bad ? QSystemTrayIcon::Warning : QSystemTrayIcon::Information);
}

}  // namespace weft::ui
