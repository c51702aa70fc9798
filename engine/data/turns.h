// SPDX-License-Identifier: GPL-3.0-or-later
// The turns of a conversation as data sets spell them. Safe from any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/data/record_mapping.h"

namespace weft {

// role: "system", "user", "assistant" (trained), "tool", …
[[nodiscard]] Turn make_turn(const std::string& role, std::string content);

// A list of {role, content} or {from, value}. Content: text, null, or a list of {"type":"text","text"|"value":…} parts.
// loss_weight or weight 0, train or training false: the turn is masked. ShareGPT speakers become roles.
[[nodiscard]] Result<std::vector<Turn>> turns_from_json(const Json& list);

// Refuses conversations that cannot be trained on: no turn, too many, no assistant, nothing said by it.
[[nodiscard]] Status check_turns(std::vector<Turn>& turns);

}  // namespace weft
