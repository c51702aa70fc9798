// SPDX-License-Identifier: GPL-3.0-or-later
// Floats into ggml's blocks of 32, rounded as its reference does (quantize_row_*_ref of ggml-quants.c, without fused multiply-add): to the bit what gguf 0.19.0
// makes. Raw pointers, no allocation; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft {

struct GgufEncoder {
  const char* name = "";             // "Q4_0", as gguf_block_format() has it
  // Finite values only. A scale that a half cannot hold becomes infinite: who decodes the blocks again sees it.
  void (*encode)(const float* in, std::byte* out, std::size_t blocks) = nullptr;
};

[[nodiscard]] const std::vector<GgufEncoder>& gguf_encoders();               // by bits, the most first
[[nodiscard]] const GgufEncoder* gguf_encoder(std::string_view name);        // "q4_0" or "Q4_0"; nullptr: none of them

// To the nearest half, ties to even; infinite above 65519.
[[nodiscard]] std::uint16_t float_to_half(float value);

}  // namespace weft
