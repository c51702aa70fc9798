// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/number_text.h"

#include <algorithm>
#include <cmath>

#include <QLocale>

#include "engine/core/text_util.h"
#include "ui/bridge/text.h"

namespace weft::ui {
namespace {

QLocale shownLocale() {
  const QLocale locale;
  return locale.language() == QLocale::C ? QLocale(QLocale::English) : locale;
}

}  // namespace

QString grouped(std::int64_t number) { return shownLocale().toString(static_cast<qlonglong>(number)); }

QString fixed(double number, int digits) {
  return std::isfinite(number) ? shownLocale().toString(number, 'f', digits) : QStringLiteral("–");
}

QString shortNumber(double number) {
  if (!std::isfinite(number)) return QStringLiteral("–");
  const double size = std::abs(number);
  if (number != 0 && (size < 1e-3 || size >= 1e7)) {
    QString text = QString::number(number, 'e', 3);  // 2.000e-04 -> 2e-4
    const auto e = text.indexOf(QLatin1Char('e'));
    QString mantissa = text.left(e);
    while (mantissa.endsWith(QLatin1Char('0'))) mantissa.chop(1);
    if (mantissa.endsWith(QLatin1Char('.'))) mantissa.chop(1);
    return mantissa + QLatin1Char('e') + QString::number(text.mid(e + 1).toInt());
  }
  return QString::number(number, 'g', 7);
}

QString shortCount(double number) {
  const struct { double scale; const char* unit; } steps[] = {{1e12, " T"}, {1e9, " G"}, {1e6, " M"}, {1e4, " k"}};
  for (const auto& step : steps)
    if (number >= step.scale)
      return shownLocale().toString(number / (step.scale == 1e4 ? 1e3 : step.scale), 'f', 1) + QLatin1String(step.unit);
  return grouped(static_cast<std::int64_t>(number));
}

QString bytesText(double bytes) { return qs(human_bytes(bytes)); }

QString millisecondsText(double ms) {
  if (!std::isfinite(ms)) return fixed(ms, 0);
  return QStringLiteral("%1 ms").arg(ms < 1 ? fixed(ms, 2) : ms < 10 ? fixed(ms, 1) : grouped(std::llround(std::min(ms, 1e15))));
}

QString percentText(double share) {
  const double percent = 100 * share;
  return QStringLiteral("%1 %").arg(fixed(percent, percent < 0.95 && percent >= 0.05 ? 1 : 0));
}

QString durationText(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return QStringLiteral("–");
  const auto total = static_cast<std::int64_t>(std::llround(seconds));
  const auto two = [](std::int64_t n) { return QString::number(n).rightJustified(2, QLatin1Char('0')); };
  if (total >= 3600) return QString::number(total / 3600) + QLatin1Char(':') + two(total / 60 % 60) + QLatin1Char(':') + two(total % 60);
  return QString::number(total / 60) + QLatin1Char(':') + two(total % 60);
}

std::optional<double> readNumber(const QString& text) {
  QString plain = text.trimmed();
  plain.remove(QLatin1Char(' ')).remove(QChar(0x202F)).remove(QChar(0xA0));
  bool ok = false;
  double number = QLocale::c().toDouble(plain, &ok);
  if (!ok && plain.count(QLatin1Char(',')) == 1) number = QLocale::c().toDouble(QString(plain).replace(QLatin1Char(','), QLatin1Char('.')), &ok);
  if (!ok || !std::isfinite(number)) return std::nullopt;
  return number;
}

}  // namespace weft::ui
