// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/notifier.h"

#include <QApplication>
#include <QSystemTrayIcon>

#include "ui/shell/status_line.h"
#include "ui/widgets/announce.h"

namespace weft::ui {
namespace {

constexpr int kNoticeMs = 20000;

class SystemTray final : public DesktopTray {
 public:
  SystemTray(Theme& theme, QObject* parent) : DesktopTray(parent), m_theme(theme) {}
  [[nodiscard]] bool canTell() const override { return QSystemTrayIcon::isSystemTrayAvailable() && QSystemTrayIcon::supportsMessages(); }
  void tell(const QString& title, const QString& text, bool bad) override {
    if (!m_icon) {
      m_icon = new QSystemTrayIcon(m_theme.icon(QStringLiteral("activity"), m_theme.palette().accent), this);
      connect(m_icon, &QSystemTrayIcon::messageClicked, this, &DesktopTray::clicked);
      connect(m_icon, &QSystemTrayIcon::messageClicked, m_icon, &QSystemTrayIcon::hide);
    }
    m_icon->show();
    m_icon->showMessage(title, text, bad ? QSystemTrayIcon::Warning : QSystemTrayIcon::Information);
  }

 private:
  Theme& m_theme;
  QSystemTrayIcon* m_icon = nullptr;  // made when first used
};

}  // namespace

Notifier::Notifier(Theme& theme, StatusLine& line, QWidget* window) : QObject(window), m_line(line), m_window(window) { useTray(new SystemTray(theme, this)); }

void Notifier::useTray(DesktopTray* tray) {
  delete m_tray;
  m_tray = tray;
  m_tray->setParent(this);
  connect(m_tray, &DesktopTray::clicked, this, &Notifier::clicked);
}

void Notifier::tell(const QString& title, const QString& text, bool bad) {
  QApplication::alert(m_window);
  announce(*m_window, text);
  if (m_tray->canTell())
    m_tray->tell(title, text, bad);
  else
    m_line.tell(text, kNoticeMs);
}

}  // namespace weft::ui
