// SPDX-License-Identifier: GPL-3.0-or-later
// Whether the desktop asks for dark windows, now and when it changes: the settings portal's org.freedesktop.appearance, which GNOME,
// KDE and others answer. Qt 6.4 does not tell. Without a session bus or a portal it stays silent. Main thread only.
#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QObject>

namespace weft::gui {

class DesktopScheme final : public QObject {
  Q_OBJECT
 public:
  explicit DesktopScheme(const QDBusConnection& bus, QObject* parent = nullptr);

 Q_SIGNALS:
  void darkWanted(bool dark);

 private Q_SLOTS:
  void settingChanged(const QDBusMessage& signal);

 private:
  void take(QVariant value);
};

}  // namespace weft::gui
