// SPDX-License-Identifier: GPL-3.0-or-later
// A frozen matrix as it lies in its file: read row by row, in stretches, without a decoded copy of the whole.
#pragma once

#include <cstddef>
#include <cstdint>

namespace weft::cpu {

enum class Code : std::uint8_t { F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, Q4_K, Q5_K, Q6_K, NF4, NestedNF4 };

struct CodedMatrix {
  Code code = Code::F32;
  const std::byte* data = nullptr;  // need not be aligned
  std::int64_t row_bytes = 0;
  const float* scales = nullptr;    // of NestedNF4: what stands beside its blocks (quant/nf4.h)
  // > 0: within each head of 2 * rope_half rows, row (half, i) is stored as (i, half): GGUF's interleaved rotary order
  std::int64_t rope_half = 0;

  [[nodiscard]] const std::byte* row(std::int64_t r) const {
    if (rope_half == 0) return data + r * row_bytes;
    const std::int64_t in_head = r % (2 * rope_half);
    return data + (r - in_head + 2 * (in_head % rope_half) + in_head / rope_half) * row_bytes;
  }
};

// Values [begin, begin + count) of a row, bit for bit those of quant/gguf_blocks.h and quant/nf4.h. A row of blocks is a whole number
// of them; of NF4, nested or not, the last one may be short.
template <typename T>
using Decode = void (*)(const CodedMatrix& matrix, std::int64_t row, std::int64_t begin, std::int64_t count, T* out);

}  // namespace weft::cpu
