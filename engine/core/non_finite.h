// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>

namespace weft {

// What a message calls a value that is not finite: the sign of a NaN says nothing.
[[nodiscard]] inline const char* non_finite_name(double value) { return std::isnan(value) ? "NaN" : "infinite"; }

}  // namespace weft
