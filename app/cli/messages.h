// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation in a file, as `render` and `generate` read it.
#pragma once

#include <string>
#include <vector>

#include "engine/api/generation.h"
#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft::cli {

// A list of {"role", "content"}, or an object that has one as "messages".
[[nodiscard]] Result<Json> load_messages(const std::string& path);
// The same as roles and texts, the last one the user's: there is something to answer.
[[nodiscard]] Result<std::vector<ChatMessage>> load_conversation(const std::string& path);

}  // namespace weft::cli
