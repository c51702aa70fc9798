// SPDX-License-Identifier: GPL-3.0-or-later
// Answers to prompts, one token after the other. Engine thread only; may throw (see guard.h).
#pragma once

#include "engine/api/generation.h"
#include "engine/generate/prompt.h"
#include "engine/model/decoder.h"

namespace weft {

// By a decoder whose adapters are prepared. `request` is valid; its model and adapter are not looked at. step: as GenerationPrompt::step.
[[nodiscard]] Result<GenerateReply> generate_with(const Decoder& model, const PromptWriter& writer, const GenerateRequest& request, std::int64_t step = 0);
// By the model and adapter that the request names.
[[nodiscard]] Result<GenerateReply> generate_from_files(const GenerateRequest& request);

}  // namespace weft
