// SPDX-License-Identifier: GPL-3.0-or-later
// 4-bit NormalFloat of QLoRA (Dettmers et al. 2023, arXiv 2305.14314), levels and rounding as bitsandbytes has them: 64 values share the
// largest of their magnitudes and each is one of sixteen levels of it. Held in memory only, 4.5 bits a value.
// A block is a float32 and 64 codes, codes j and j + 16 of each 32 in one byte as in ggml's 4-bit blocks. Each row begins a block, and its
// last one may be short (bitsandbytes lets blocks cross rows: the same where rows are whole blocks). Raw pointers, any thread.
#pragma once

#include <cstddef>
#include <cstdint>

namespace weft {

inline constexpr std::int64_t kNf4Block = 64, kNf4BlockBytes = 36;
// Quantiles of the normal distribution, equally likely, with zero among them.
inline constexpr float kNf4Levels[16] = {-1.0F, -0.6961928009986877F, -0.5250730514526367F, -0.39491748809814453F,
                                         -0.28444138169288635F, -0.18477343022823334F, -0.09105003625154495F, 0.0F,
                                         0.07958029955625534F, 0.16093020141124725F, 0.24611230194568634F, 0.33791524171829224F,
                                         0.44070982933044434F, 0.5626170039176941F, 0.7229568362236023F, 1.0F};

[[nodiscard]] constexpr std::int64_t nf4_row_bytes(std::int64_t columns) { return (columns + kNf4Block - 1) / kNf4Block * kNf4BlockBytes; }

// Writes nf4_row_bytes(columns); codes beyond the row are those of zero. Returns the place of the first value that is not finite, before
// which nothing is amiss, or -1.
[[nodiscard]] std::int64_t encode_nf4_row(const float* row, std::int64_t columns, std::byte* out);
// The definition: 64 values of each block.
void decode_nf4(const std::byte* in, float* out, std::size_t blocks);

}  // namespace weft
