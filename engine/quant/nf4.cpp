// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/quant/nf4.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

namespace weft {
namespace {

constexpr std::uint32_t kInfinity = 0x7f800000U;
constexpr float kSmallest = 1e-38F;  // of what is divided by: a block of zeros becomes codes of zero

// Halfway between the levels; what lies on a bound takes the lower one.
constexpr auto kBounds = [] {
  std::array<float, 15> bounds{};
  for (std::size_t i = 0; i < bounds.size(); ++i) bounds[i] = (kNf4Levels[i] + kNf4Levels[i + 1]) / 2;
  return bounds;
}();

void decode_codes(const std::byte* codes, float absmax, float* out) {
  for (int j = 0; j < kNf4Block; ++j) {
    const int pair = std::to_integer<int>(codes[j / 32 * 16 + j % 16]);
    out[j] = kNf4Levels[j % 32 < 16 ? pair & 15 : pair >> 4] * absmax;
  }
}

std::uint32_t magnitude_bits(float value) { return std::bit_cast<std::uint32_t>(value) & 0x7fffffffU; }

}  // namespace

std::int64_t encode_nf4_row(const float* row, std::int64_t columns, std::byte* out) {
  for (std::int64_t first = 0; first < columns; first += kNf4Block, out += kNf4BlockBytes) {
    float values[kNf4Block] = {};
    std::memcpy(values, row + first, static_cast<std::size_t>(std::min(kNf4Block, columns - first)) * sizeof(float));
    std::uint32_t largest = 0;  // magnitudes are in the order of their bits, and what is not finite lies above all others
    for (const float value : values) largest = std::max(largest, magnitude_bits(value));
    if (largest >= kInfinity)
      return first + (std::find_if(values, values + kNf4Block, [](float value) { return magnitude_bits(value) >= kInfinity; }) - values);
    const auto absmax = std::bit_cast<float>(largest);
    const float inverse = 1.0F / std::max(absmax, kSmallest);
    std::uint32_t codes[kNf4Block];
    for (int j = 0; j < kNf4Block; ++j) {
      const float scaled = values[j] * inverse;
      std::uint32_t code = 0;
#pragma GCC unroll 15
      for (const float bound : kBounds) code += scaled > bound;
      codes[j] = code;
    }
    std::memcpy(out, &absmax, sizeof absmax);
    for (int j = 0; j < kNf4Block / 2; ++j) {
      const int low = j / 16 * 32 + j % 16;
      out[sizeof absmax + static_cast<std::size_t>(j)] = static_cast<std::byte>(codes[low] | codes[low + 16] << 4);
    }
  }
  return -1;
}

void decode_nf4(const std::byte* in, float* out, std::size_t blocks) {
  for (; blocks > 0; --blocks, in += kNf4BlockBytes, out += kNf4Block) {
    float absmax = 0;
    std::memcpy(&absmax, in, sizeof absmax);
    decode_codes(in + sizeof absmax, absmax, out);
  }
}

std::int64_t encode_nested_nf4_row(const float* row, std::int64_t columns, std::byte* out, float* absmax) {
  for (std::int64_t first = 0; first < columns; first += kNf4Block, out += kNestedNf4BlockBytes, ++absmax) {
    std::byte block[kNf4BlockBytes];
    if (const std::int64_t bad = encode_nf4_row(row + first, std::min(kNf4Block, columns - first), block); bad >= 0) return first + bad;
    std::memcpy(absmax, block, sizeof *absmax);
    std::memcpy(out + 1, block + sizeof *absmax, kNestedNf4BlockBytes - 1);
  }
  return -1;
}

void nest_nf4_scales(const float* absmax, std::int64_t blocks, std::byte* out, float* scales) {
  double sum = 0;
  for (std::int64_t k = 0; k < blocks; ++k) sum += static_cast<double>(absmax[k]);
  const float mean = scales[0] = static_cast<float>(blocks > 0 ? sum / static_cast<double>(blocks) : 0);
  for (std::int64_t first = 0; first < blocks; first += kNestedScales) {
    const std::int64_t end = std::min(blocks, first + kNestedScales);
    float largest = 0;
    for (auto k = first; k < end; ++k) largest = std::max(largest, std::abs(absmax[k] - mean));
    scales[1 + first / kNestedScales] = largest;
    const float inverse = 1.0F / std::max(largest, kSmallest);
    for (auto k = first; k < end; ++k) {
      const float scaled = (absmax[k] - mean) * inverse;
      const auto above = std::lower_bound(kScaleLevels.begin() + 1, kScaleLevels.end() - 1, scaled);  // the nearer of it and the one before
      out[k * kNestedNf4BlockBytes] = static_cast<std::byte>(above - kScaleLevels.begin() - (*above - scaled > scaled - *(above - 1) ? 1 : 0));
    }
  }
}

void decode_nested_nf4(const std::byte* in, std::int64_t first, const float* scales, float* out, std::size_t blocks) {
  for (; blocks > 0; --blocks, ++first, in += kNestedNf4BlockBytes, out += kNf4Block) decode_codes(in + 1, nested_nf4_scale(in, first, scales), out);
}

}  // namespace weft
