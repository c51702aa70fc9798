// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/bridge_text.h"

namespace weft {

std::string take_text(weft_text_string text) {
  std::string copy = text.size > 0 ? std::string(text.data, text.size) : std::string();
  weft_text_string_free(text);
  return copy;
}

Status bridge_failure(int code, ErrorCode invalid, const std::string& place, weft_text_string error) {
  const std::string message = place + ": " + take_text(error);
  return {code == WEFT_TEXT_INVALID ? invalid : ErrorCode::Internal, message};
}

}  // namespace weft
