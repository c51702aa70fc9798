// SPDX-License-Identifier: GPL-3.0-or-later
// JSON values and a parser for files from outside. Key order is kept (PEFT patterns depend on it).
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "engine/core/status.h"

namespace weft {

using Json = nlohmann::ordered_json;

struct JsonLimits {
  int max_depth = 256;             // deeper documents are refused
  bool refuse_duplicate_keys = false;
};

// Parses exactly one JSON document (RFC 8259, UTF-8). Errors name line and column.
// Never throws; memory is bounded by a small multiple of the text.
[[nodiscard]] Result<Json> parse_json(std::string_view text, const JsonLimits& limits = {});

// One line, invalid UTF-8 replaced, never throws.
[[nodiscard]] std::string to_json_line(const Json& value);

}  // namespace weft
