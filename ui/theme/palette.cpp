// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/palette.h"

#include <algorithm>
#include <cmath>

namespace weft::ui {
namespace {

double luminance(const QColor& color) {
  const auto linear = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

// Eleven anchors of matplotlib's viridis (CC0).
constexpr std::array<QRgb, 11> kViridis = {0xff440154, 0xff482475, 0xff414487, 0xff355f8d, 0xff2a788e, 0xff21918c,
                                           0xff22a884, 0xff44bf70, 0xff7ad151, 0xffbddf26, 0xfffde725};
// ColorBrewer's RdBu, reversed
constexpr std::array<QRgb, 9> kBlueRed = {0xFF2166AC, 0xFF4393C3, 0xFF92C5DE, 0xFFD1E5F0, 0xFFF7F7F7, 0xFFFDDBC7, 0xFFF4A582, 0xFFD6604D, 0xFFB2182B};

}  // namespace

Palette lightPalette() {
  return {.dark = false,
          .window = QColor(0xF6F7F9), .surface = QColor(0xFFFFFF), .raised = QColor(0xFFFFFF),
          .line = QColor(0xDDE1E7), .grid = QColor(0xE9ECF0),
          .text = QColor(0x1A1D21), .secondary = QColor(0x5B6470), .disabled = QColor(0x9AA3AE),
          .accent = QColor(0x3B5BDB), .onAccent = QColor(0xFFFFFF), .accentTint = QColor(0xE4E9FC),
          .good = QColor(0x2B8A3E), .warning = QColor(0xAD5800), .bad = QColor(0xC92A2A),
          .frozen = QColor(0x868E96), .trained = QColor(0x3B5BDB),
          .series = {QColor(0x0072B2), QColor(0xE69F00), QColor(0x009E73), QColor(0xD55E00), QColor(0xCC79A7), QColor(0x56B4E9)}};
}

Palette darkPalette() {
  return {.dark = true,
          .window = QColor(0x15171B), .surface = QColor(0x1C1F24), .raised = QColor(0x23272E),
          .line = QColor(0x30353D), .grid = QColor(0x2A2F36),
          .text = QColor(0xE8EAED), .secondary = QColor(0xA3ABB6), .disabled = QColor(0x6A727D),
          .accent = QColor(0x748FFC), .onAccent = QColor(0x15171B), .accentTint = QColor(0x2A3352),
          .good = QColor(0x69DB7C), .warning = QColor(0xFFC078), .bad = QColor(0xFF8787),
          .frozen = QColor(0x868E96), .trained = QColor(0x748FFC),
          .series = {QColor(0x4BA3DB), QColor(0xF2B53A), QColor(0x38C796), QColor(0xFF8A4C), QColor(0xE29BC3), QColor(0x8CCBF2)}};
}

double contrast(const QColor& a, const QColor& b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

QColor mapColor(ColorMap map, double t) {
  const auto between = [t](const auto& anchors) {
    const double at = (t >= 0 ? std::min(t, 1.0) : 0) * static_cast<double>(anchors.size() - 1);  // also NaN
    const auto low = std::min<std::size_t>(static_cast<std::size_t>(at), anchors.size() - 2);
    const double f = at - static_cast<double>(low);
    const QColor a = QColor::fromRgb(anchors[low]), b = QColor::fromRgb(anchors[low + 1]);
    return QColor::fromRgbF(static_cast<float>(a.redF() + f * (b.redF() - a.redF())), static_cast<float>(a.greenF() + f * (b.greenF() - a.greenF())),
                            static_cast<float>(a.blueF() + f * (b.blueF() - a.blueF())));
  };
  switch (map) {
    case ColorMap::Viridis: return between(kViridis);
    case ColorMap::BlueRed: return between(kBlueRed);
  }
  return {};
}

QColor readableOn(const QColor& background) {
  const QColor black(0x10, 0x12, 0x15);
  return contrast(black, background) > contrast(Qt::white, background) ? black : QColor(Qt::white);
}

}  // namespace weft::ui
