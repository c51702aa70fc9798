// SPDX-License-Identifier: GPL-3.0-or-later
// The next token from logits. No state but its settings: what is drawn is a function of the seed and the token's place in the answer, so the
// same seed gives the same text, whatever was asked before. Any thread.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/api/generation.h"

namespace weft {

struct Choice {
  struct Candidate {
    std::int32_t id = 0;
    double probability = 0;          // softmax of the logits themselves
  };
  Candidate chosen;
  std::vector<Candidate> likeliest;  // descending, ties by id; as many as `alternatives`
};

// logits [V], finite. place: of the token in the answer, from 0. top_k is applied before top_p, both after temperature; at least one is left.
[[nodiscard]] Choice choose_token(std::span<const float> logits, const SamplingSettings& settings, std::int64_t place);

}  // namespace weft
