// SPDX-License-Identifier: GPL-3.0-or-later
// 4-bit NormalFloat of QLoRA (Dettmers et al. 2023, arXiv 2305.14314), levels and rounding as bitsandbytes has them: 64 values share the
// largest of their magnitudes and each is one of sixteen levels of it. Held in memory only, 4.5 bits a value.
// A block is a float32 and 64 codes, codes j and j + 16 of each 32 in one byte as in ggml's 4-bit blocks. Each row begins a block, and its
// last one may be short (bitsandbytes lets blocks cross rows: the same where rows are whole blocks). Raw pointers, any thread.
//
// Double quantisation (the same paper, section 3; bitsandbytes' nested scales): the scales of a matrix less their mean are quantised in turn, 256 of
// them sharing the largest of their magnitudes and each one of 256 levels of it. A block is then a byte and 64 codes: 4.127 bits a value.
// The scales are numbered through the matrix, row after row.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace weft {

inline constexpr std::int64_t kNf4Block = 64, kNf4BlockBytes = 36;
// Quantiles of the normal distribution, equally likely, with zero among them.
inline constexpr float kNf4Levels[16] = {-1.0F, -0.6961928009986877F, -0.5250730514526367F, -0.39491748809814453F,
                                         -0.28444138169288635F, -0.18477343022823334F, -0.09105003625154495F, 0.0F,
                                         0.07958029955625534F, 0.16093020141124725F, 0.24611230194568634F, 0.33791524171829224F,
                                         0.44070982933044434F, 0.5626170039176941F, 0.7229568362236023F, 1.0F};

// bitsandbytes' signed dynamic map, to the bit: in each decade from 1e-6 to 1 the middles of 1, 2, 4, ... 64 equal parts of [0.1, 1], with both
// signs; zero and one.
inline constexpr std::array<float, 256> kScaleLevels = [] {
  std::array<float, 256> levels{};
  std::size_t at = 0;
  constexpr float kDecades[] = {1e-6F, 1e-5F, 1e-4F, 1e-3F, 1e-2F, 1e-1F, 1.0F};
  for (int e = 0; e < 7; ++e) {
    const int parts = 1 << e;
    const float step = (1.0F - 0.1F) / static_cast<float>(parts);
    const auto bound = [&](int i) {  // as torch.linspace rounds: from the nearer end, once
      return i < (parts + 1) / 2 ? static_cast<float>(static_cast<double>(0.1F) + static_cast<double>(step) * i)
                                 : static_cast<float>(1.0 - static_cast<double>(step) * (parts - i));
    };
    for (int i = 0; i < parts; ++i, ++at) {
      const float level = kDecades[e] * ((bound(i) + bound(i + 1)) / 2.0F);
      levels[128 + at] = level;
      levels[126 - at] = -level;
    }
  }
  levels[127] = 0;
  levels[255] = 1;
  return levels;
}();
inline constexpr std::int64_t kNestedNf4BlockBytes = 33, kNestedScales = 256;

[[nodiscard]] constexpr std::int64_t nf4_row_bytes(std::int64_t columns) { return (columns + kNf4Block - 1) / kNf4Block * kNf4BlockBytes; }

// Writes nf4_row_bytes(columns); codes beyond the row are those of zero. Returns the place of the first value that is not finite, before
// which nothing is amiss, or -1.
[[nodiscard]] std::int64_t encode_nf4_row(const float* row, std::int64_t columns, std::byte* out);
// The definition: 64 values of each block.
void decode_nf4(const std::byte* in, float* out, std::size_t blocks);

[[nodiscard]] constexpr std::int64_t nested_nf4_row_bytes(std::int64_t columns) { return (columns + kNf4Block - 1) / kNf4Block * kNestedNf4BlockBytes; }
// How many floats stand beside the blocks of a matrix: the mean of its scales, then the largest magnitude of each 256 of what is left of them.
[[nodiscard]] constexpr std::int64_t nested_scale_count(std::int64_t blocks) { return 1 + (blocks + kNestedScales - 1) / kNestedScales; }
// As encode_nf4_row, into nested_nf4_row_bytes(columns) whose first byte of each block is left open; its scale is written to `absmax`.
[[nodiscard]] std::int64_t encode_nested_nf4_row(const float* row, std::int64_t columns, std::byte* out, float* absmax);
// Then, of all blocks of the matrix: their first bytes, and `scales` [nested_scale_count(blocks)].
void nest_nf4_scales(const float* absmax, std::int64_t blocks, std::byte* out, float* scales);
// Of a block by its number in the matrix. In float64, where the product is exact: the same bits on every processor.
[[nodiscard]] inline float nested_nf4_scale(const std::byte* block, std::int64_t number, const float* scales) {
  return static_cast<float>(static_cast<double>(kScaleLevels[static_cast<std::size_t>(*block)]) * static_cast<double>(scales[1 + number / kNestedScales]) +
                            static_cast<double>(scales[0]));
}
// 64 values of each block, of which the first has the number `first` in its matrix.
void decode_nested_nf4(const std::byte* in, std::int64_t first, const float* scales, float* out, std::size_t blocks);

}  // namespace weft
