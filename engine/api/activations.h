// SPDX-License-Identifier: GPL-3.0-or-later
// What the layers of a model keep for their backward pass, and what they form again in it. Every level gives the same numbers bit for bit;
// they trade memory for time. Plain values; any thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace weft {

enum class Activations {
  Keep,         // whatever the backward pass reads
  Cheap,        // norms, rotations and SwiGLU are formed again
  Drop,         // also gate and up, by their linear layers
  Checkpoint,   // only the input of each half of a layer is kept: the half runs forward again
};
inline constexpr std::array kActivationLevels{Activations::Keep, Activations::Cheap, Activations::Drop, Activations::Checkpoint};

struct ActivationPolicy {
  Activations level = Activations::Cheap;
  std::int64_t layers = 0;   // that many of the lowest layers with a backward pass, the others are Cheap; 0: all
};

[[nodiscard]] const char* activations_name(Activations level);        // "keep", ...
[[nodiscard]] std::string to_text(const ActivationPolicy& policy);    // "drop", "drop in 12 layers"
// [train] activations, validated; nothing for "auto": the memory decides.
[[nodiscard]] std::optional<ActivationPolicy> named_policy(const std::string& setting);

}  // namespace weft
