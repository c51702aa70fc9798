// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/desktop_scheme.h"

#include <QDBusPendingCallWatcher>
#include <QDBusVariant>

namespace weft::gui {
namespace {

const QString kService = QStringLiteral("org.freedesktop.portal.Desktop"), kPath = QStringLiteral("/org/freedesktop/portal/desktop"),
              kInterface = QStringLiteral("org.freedesktop.portal.Settings"), kSpace = QStringLiteral("org.freedesktop.appearance"),
              kKey = QStringLiteral("color-scheme");
constexpr uint kDark = 1, kLight = 2;   // 0: no preference, and the palette that Qt found stays

}  // namespace

DesktopScheme::DesktopScheme(const QDBusConnection& given, QObject* parent) : QObject(parent) {
  QDBusConnection bus = given;
  if (!bus.isConnected()) return;
  bus.connect(kService, kPath, kInterface, QStringLiteral("SettingChanged"), this, SLOT(settingChanged(QDBusMessage)));
  QDBusMessage read = QDBusMessage::createMethodCall(kService, kPath, kInterface, QStringLiteral("Read"));
  read << kSpace << kKey;
  auto* answer = new QDBusPendingCallWatcher(bus.asyncCall(read), this);
  connect(answer, &QDBusPendingCallWatcher::finished, this, [this, answer] {
    answer->deleteLater();
    const QDBusMessage reply = answer->reply();
    if (reply.type() == QDBusMessage::ReplyMessage && !reply.arguments().isEmpty()) take(reply.arguments().first());
  });
}

void DesktopScheme::settingChanged(const QDBusMessage& signal) {
  const QList<QVariant> said = signal.arguments();   // namespace, key, value
  if (said.size() == 3 && said[0].toString() == kSpace && said[1].toString() == kKey) take(said[2]);
}

void DesktopScheme::take(QVariant value) {
  while (value.canConvert<QDBusVariant>()) value = value.value<QDBusVariant>().variant();   // Read wraps it twice
  const uint scheme = value.toUInt();
  if (scheme == kDark || scheme == kLight) Q_EMIT darkWanted(scheme == kDark);
}

}  // namespace weft::gui
