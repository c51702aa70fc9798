// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/text_size.h"

#include <algorithm>
#include <cstdlib>

#include <QApplication>
#include <QFontInfo>
#include <QSettings>
#include <QVariant>

#include "ui/theme/theme.h"

namespace weft::ui {
namespace {

constexpr const char* kProperty = "weftTextPercent";   // of the application
const QString kKey = QStringLiteral("textPercent");

// Desktops say no default of theirs: between these their fonts are the usual ones, beyond them somebody asked for others.
constexpr int kLeastPixels = 12, kMostPixels = 16, kUsualPixels = 14;

int nearest(double percent) {
  return *std::min_element(kTextPercents.begin(), kTextPercents.end(), [percent](int a, int b) { return std::abs(a - percent) < std::abs(b - percent); });
}

}  // namespace

int textPercent() {
  const QVariant said = qApp ? qApp->property(kProperty) : QVariant();
  return said.isValid() ? said.toInt() : 100;
}

void setTextPercent(Theme& theme, int percent) {
  const int before = textPercent(), wanted = nearest(percent);
  if (before == wanted) return;
  qApp->setProperty(kProperty, wanted);
  theme.choose(theme.choice());
}

void keepTextPercent(int percent) { QSettings().setValue(kKey, percent); }

int wantedTextPercent(const QFont& desktop) {
  if (const QVariant kept = QSettings().value(kKey); kept.isValid()) return nearest(kept.toInt());
  const int pixels = QFontInfo(desktop).pixelSize();
  return pixels >= kLeastPixels && pixels <= kMostPixels ? 100 : nearest(100.0 * pixels / kUsualPixels);
}

}  // namespace weft::ui
