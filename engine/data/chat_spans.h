// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation as the text that is tokenised, and which bytes of it the loss counts. Safe from any thread.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/status.h"
#include "engine/data/record_mapping.h"
#include "engine/text/chat_template.h"

namespace weft {

// ChatTemplate::render, or something like it.
using RenderChat = std::function<Result<RenderedChat>(const Json& messages, bool add_generation_prompt)>;
using ByteSpan = std::pair<std::size_t, std::size_t>;  // [begin, end)

struct SpannedText {
  std::string text;
  std::vector<ByteSpan> trained;  // in order, not overlapping
  bool searched = false;  // the template rewrites earlier turns: the answers were found by looking for their text
};

// The trained spans are the template's {% generation %} ranges where it marks them. Else each trained turn spans from
// the end of the generation prompt after the turns before it to the end of the conversation up to it, end-of-turn token
// included; this needs the shorter renderings to be beginnings of the whole one, and where they are not the answer's
// own text is looked for. A row whose answer cannot be found is an error.
[[nodiscard]] Result<SpannedText> render_spans(const RenderChat& render, const std::vector<Turn>& turns,
                                               bool train_all);

}  // namespace weft
