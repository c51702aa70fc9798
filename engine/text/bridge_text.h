// SPDX-License-Identifier: GPL-3.0-or-later
// Between the C ABI of the Rust bridge and our own types. Private to engine/text; safe from any thread.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/status.h"
#include "engine/text/bridge/weft_text_bridge.h"

namespace weft {

// Takes over the memory of a text made by the bridge.
[[nodiscard]] std::string take_text(weft_text_string text);

// The failure of a bridge call: `invalid` is the code when the input is at fault. Takes over `error`.
[[nodiscard]] Status bridge_failure(int code, ErrorCode invalid, const std::string& place, weft_text_string error);

[[nodiscard]] inline bool is_utf8(std::string_view text) { return weft_text_valid_utf8(text.data(), text.size()) == text.size(); }

}  // namespace weft
