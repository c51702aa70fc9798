// SPDX-License-Identifier: GPL-3.0-or-later
// The one place where UTF-8 std::string meets QString.
#pragma once

#include <string>

#include <QString>

namespace weft::ui {

[[nodiscard]] inline QString qs(const std::string& text) { return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())); }
[[nodiscard]] inline std::string ss(const QString& text) { return text.toStdString(); }

}  // namespace weft::ui
