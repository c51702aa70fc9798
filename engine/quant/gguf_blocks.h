// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF's tensor types: how many bytes they take and how their blocks become float32. Raw pointers, no allocation,
// no failure: the caller has checked the lengths. Safe from any thread.
// Source: ggml-org/ggml ggml-common.h (block layouts), verified against gguf 0.19.0's own decoding.
#pragma once

#include <cstddef>
#include <cstdint>

namespace weft {

struct GgufBlockFormat {
  std::uint32_t id = 0;               // ggml's number
  const char* name = "";              // "Q4_1"
  std::uint32_t block_elements = 1;   // a row is a whole number of blocks
  std::uint32_t block_bytes = 0;
  // Decodes `blocks` consecutive blocks; nullptr: the size is known, the decoding is not.
  void (*decode)(const std::byte* in, float* out, std::size_t blocks) = nullptr;
};

// nullptr: a type this program does not know at all.
[[nodiscard]] const GgufBlockFormat* gguf_block_format(std::uint32_t id);
[[nodiscard]] const GgufBlockFormat* gguf_block_format(const char* name);

// IEEE half and bfloat16 to float, exact; also right where the processor flushes denormals.
[[nodiscard]] float half_to_float(std::uint16_t bits);
[[nodiscard]] float bfloat16_to_float(std::uint16_t bits);

}  // namespace weft
