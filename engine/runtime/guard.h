// SPDX-License-Identifier: GPL-3.0-or-later
// The one place where exceptions become Status. LibTorch throws; inside a job that is fine, out of it nothing escapes.
#pragma once

#include <string>
#include <type_traits>

#include "engine/core/status.h"

namespace weft {

// The Status of the exception in flight; call it in a catch block. Out of memory and file errors keep their code.
[[nodiscard]] Status status_of_current_exception(const std::string& place);

// Runs f, which returns Status or Result<T>; an exception becomes a Status that begins with "[place]".
template <typename F>
[[nodiscard]] auto guarded(const std::string& place, F&& f) -> std::invoke_result_t<F> {
  try {
    return f();
  } catch (...) {
    return status_of_current_exception(place);
  }
}

}  // namespace weft
