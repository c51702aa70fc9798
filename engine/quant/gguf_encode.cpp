// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/quant/gguf_encode.h"

#include <algorithm>
#include <bit>
#include <cctype>
#include <cmath>
#include <cstring>

namespace weft {
namespace {

constexpr int kBlock = 32, kHalfBlock = 16;   // elements j and j + 16 share a byte

void put_half(std::byte* at, float value) {
  const std::uint16_t bits = float_to_half(value);
  std::memcpy(at, &bits, sizeof bits);
}

// 1 / d; 0 for a block of zeros, and for one whose scale no half holds either.
float inverse_of(float d) {
  const float inverse = d != 0 ? 1.0F / d : 0.0F;
  return std::isfinite(inverse) ? inverse : 0.0F;
}

// The value of greatest magnitude, with its sign; the first of equals.
float extreme_of(const float* x) {
  float largest = 0, extreme = 0;
  for (int j = 0; j < kBlock; ++j)
    if (std::abs(x[j]) > largest) largest = std::abs(extreme = x[j]);
  return extreme;
}

void put_low_bits(std::byte* out, const int* codes) {
  for (int j = 0; j < kHalfBlock; ++j) out[j] = static_cast<std::byte>((codes[j] & 15) | (codes[j + kHalfBlock] & 15) << 4);
}

void put_fifth_bits(std::byte* out, const int* codes) {
  std::uint32_t high = 0;
  for (int j = 0; j < kBlock; ++j) high |= static_cast<std::uint32_t>(codes[j] >> 4 & 1) << j;
  std::memcpy(out, &high, sizeof high);
}

// Codes of levels d (q - 2^(bits-1)): the extreme value gets the lowest.
template <int kBits>
float signed_codes(const float* x, int* codes) {
  constexpr int kMiddle = 1 << (kBits - 1);
  const float d = extreme_of(x) / static_cast<float>(-kMiddle), inverse = inverse_of(d);
  for (int j = 0; j < kBlock; ++j) {
    const float scaled = x[j] * inverse;
    codes[j] = std::min(2 * kMiddle - 1, static_cast<int>(scaled + (static_cast<float>(kMiddle) + 0.5F)));
  }
  return d;
}

// Codes of levels m + d q.
template <int kBits>
float offset_codes(const float* x, int* codes, float& minimum) {
  constexpr int kMost = (1 << kBits) - 1;
  minimum = *std::min_element(x, x + kBlock);
  const float d = (*std::max_element(x, x + kBlock) - minimum) / static_cast<float>(kMost), inverse = inverse_of(d);
  for (int j = 0; j < kBlock; ++j) {
    const float scaled = (x[j] - minimum) * inverse;
    codes[j] = std::min(kMost, static_cast<int>(scaled + 0.5F));
  }
  return d;
}

void encode_q8_0(const float* in, std::byte* out, std::size_t blocks) {
  for (; blocks > 0; --blocks, in += kBlock, out += 34) {
    const float d = std::abs(extreme_of(in)) / 127.0F, inverse = inverse_of(d);
    put_half(out, d);
    for (int j = 0; j < kBlock; ++j) out[2 + j] = static_cast<std::byte>(static_cast<std::int8_t>(std::round(in[j] * inverse)));
  }
}

void encode_q4_0(const float* in, std::byte* out, std::size_t blocks) {
  int codes[kBlock];
  for (; blocks > 0; --blocks, in += kBlock, out += 18) {
    put_half(out, signed_codes<4>(in, codes));
    put_low_bits(out + 2, codes);
  }
}

void encode_q4_1(const float* in, std::byte* out, std::size_t blocks) {
  int codes[kBlock];
  for (; blocks > 0; --blocks, in += kBlock, out += 20) {
    float minimum = 0;
    put_half(out, offset_codes<4>(in, codes, minimum));
    put_half(out + 2, minimum);
    put_low_bits(out + 4, codes);
  }
}

void encode_q5_0(const float* in, std::byte* out, std::size_t blocks) {
  int codes[kBlock];
  for (; blocks > 0; --blocks, in += kBlock, out += 22) {
    put_half(out, signed_codes<5>(in, codes));
    put_fifth_bits(out + 2, codes);
    put_low_bits(out + 6, codes);
  }
}

void encode_q5_1(const float* in, std::byte* out, std::size_t blocks) {
  int codes[kBlock];
  for (; blocks > 0; --blocks, in += kBlock, out += 24) {
    float minimum = 0;
    put_half(out, offset_codes<5>(in, codes, minimum));
    put_half(out + 2, minimum);
    put_fifth_bits(out + 4, codes);
    put_low_bits(out + 8, codes);
  }
}

}  // namespace

const std::vector<GgufEncoder>& gguf_encoders() {
  static const std::vector<GgufEncoder> all{
      {"Q8_0", encode_q8_0}, {"Q5_1", encode_q5_1}, {"Q5_0", encode_q5_0}, {"Q4_1", encode_q4_1}, {"Q4_0", encode_q4_0}};
  return all;
}

const GgufEncoder* gguf_encoder(std::string_view name) {
  const auto same = [](unsigned char a, unsigned char b) { return std::toupper(a) == std::toupper(b); };
  for (const auto& encoder : gguf_encoders())
    if (const std::string_view own = encoder.name; std::equal(name.begin(), name.end(), own.begin(), own.end(), same)) return &encoder;
  return nullptr;
}

std::uint16_t float_to_half(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  const auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000u);
  const std::uint32_t magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) return static_cast<std::uint16_t>(sign | 0x7e00u);                 // NaN
  if (magnitude >= 0x477ff000u) return static_cast<std::uint16_t>(sign | 0x7c00u);                // 65520 and above round to infinity
  if (magnitude < 0x38800000u) {                                                                  // below 2^-14: steps of 2^-24
    const float steps = std::bit_cast<float>(magnitude) * 16777216.0F;
    return static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(std::nearbyint(steps)));
  }
  const std::uint32_t rebiased = magnitude - (112u << 23);
  return static_cast<std::uint16_t>(sign | (rebiased + 0xfffu + (rebiased >> 13 & 1u)) >> 13);
}

}  // namespace weft
