// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers as the window shows and reads them. Pure functions.
#pragma once

#include <cstdint>
#include <optional>

#include <QString>

namespace weft::ui {

[[nodiscard]] QString grouped(std::int64_t number);              // 5,040,000
[[nodiscard]] QString fixed(double number, int digits);          // 1.42; "–" when not finite
[[nodiscard]] QString shortNumber(double number);                // 2e-4, 0.05, 32, 134.5
[[nodiscard]] QString shortCount(double number);                 // 134.5 M
[[nodiscard]] QString bytesText(double bytes);                   // 94.1 MB
[[nodiscard]] QString millisecondsText(double ms);              // 0.42 ms, 4.2 ms, 1,640 ms
[[nodiscard]] QString percentText(double share);                 // 0.4 %, 71 %
[[nodiscard]] QString durationText(double seconds);              // 0:21, 1:02:03
// Reads "2e-4", "0,5", "1 000"; nothing when it is no finite number.
[[nodiscard]] std::optional<double> readNumber(const QString& text);

}  // namespace weft::ui
