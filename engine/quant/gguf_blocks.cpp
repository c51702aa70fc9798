// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/quant/gguf_blocks.h"

#include <bit>
#include <cstring>

namespace weft {
namespace {

static_assert(std::endian::native == std::endian::little, "block decoding reads little-endian numbers in place");

constexpr int kHalfBlock = 16;     // the 32-element types keep elements j and j + 16 in one byte
constexpr int kBlock = 32;
constexpr int kSuperBlock = 256;

template <typename T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

float load_half(const std::byte* at) { return half_to_float(load<std::uint16_t>(at)); }
const std::uint8_t* bytes_at(const std::byte* at) { return reinterpret_cast<const std::uint8_t*>(at); }

void decode_f32(const std::byte* in, float* out, std::size_t blocks) { std::memcpy(out, in, blocks * sizeof(float)); }

void decode_f16(const std::byte* in, float* out, std::size_t blocks) {
  for (std::size_t i = 0; i < blocks; ++i) out[i] = load_half(in + 2 * i);
}

void decode_bf16(const std::byte* in, float* out, std::size_t blocks) {
  for (std::size_t i = 0; i < blocks; ++i) out[i] = bfloat16_to_float(load<std::uint16_t>(in + 2 * i));
}

void decode_q8_0(const std::byte* in, float* out, std::size_t blocks) {
  for (; blocks > 0; --blocks, in += 34, out += kBlock) {
    const float d = load_half(in);
    const auto* q = reinterpret_cast<const std::int8_t*>(in + 2);
    for (int j = 0; j < kBlock; ++j) out[j] = static_cast<float>(q[j]) * d;
  }
}

void decode_q4_0(const std::byte* in, float* out, std::size_t blocks) {
  for (; blocks > 0; --blocks, in += 18, out += kBlock) {
    const float d = load_half(in);
    const std::uint8_t* q = bytes_at(in + 2);
    for (int j = 0; j < kHalfBlock; ++j) {
      out[j] = static_cast<float>((q[j] & 15) - 8) * d;
      out[j + kHalfBlock] = static_cast<float>((q[j] >> 4) - 8) * d;
    }
  }
}

void decode_q4_1(const std::byte* in, float* out, std::size_t blocks) {
  for (; blocks > 0; --blocks, in += 20, out += kBlock) {
    const float d = load_half(in), m = load_half(in + 2);
    const std::uint8_t* q = bytes_at(in + 4);
    for (int j = 0; j < kHalfBlock; ++j) {
      out[j] = static_cast<float>(q[j] & 15) * d + m;
      out[j + kHalfBlock] = static_cast<float>(q[j] >> 4) * d + m;
    }
  }
}

void decode_q5_0(const std::byte* in, float* out, std::size_t blocks) {
  for (; blocks > 0; --blocks, in += 22, out += kBlock) {
    const float d = load_half(in);
    const auto high = load<std::uint32_t>(in + 2);
    const std::uint8_t* q = bytes_at(in + 6);
    for (int j = 0; j < kHalfBlock; ++j) {
      const int low_fifth = static_cast<int>((high >> j) << 4) & 16;
      const int high_fifth = static_cast<int>(high >> (j + 12)) & 16;
      out[j] = static_cast<float>(((q[j] & 15) | low_fifth) - 16) * d;
      out[j + kHalfBlock] = static_cast<float>(((q[j] >> 4) | high_fifth) - 16) * d;
    }
  }
}

void decode_q5_1(const std::byte* in, float* out, std::size_t blocks) {
  for (; blocks > 0; --blocks, in += 24, out += kBlock) {
    const float d = load_half(in), m = load_half(in + 2);
    const auto high = load<std::uint32_t>(in + 4);
    const std::uint8_t* q = bytes_at(in + 8);
    for (int j = 0; j < kHalfBlock; ++j) {
      const int low_fifth = static_cast<int>((high >> j) << 4) & 16;
      const int high_fifth = static_cast<int>(high >> (j + 12)) & 16;
      out[j] = static_cast<float>((q[j] & 15) | low_fifth) * d + m;
      out[j + kHalfBlock] = static_cast<float>((q[j] >> 4) | high_fifth) * d + m;
    }
  }
}

// The 12 bytes of a K block hold eight 6-bit scales S and eight 6-bit minima M.
struct KScale {
  float scale, minimum;
};
KScale k_scale(const std::uint8_t* sc, int j, float d, float dmin) {
  const int s = j < 4 ? sc[j] & 63 : (sc[j + 4] & 15) | ((sc[j - 4] >> 6) << 4);
  const int m = j < 4 ? sc[j + 4] & 63 : (sc[j + 4] >> 4) | ((sc[j] >> 6) << 4);
  return {d * static_cast<float>(s), dmin * static_cast<float>(m)};
}

void decode_q4_k(const std::byte* in, float* out, std::size_t blocks) {
  for (; blocks > 0; --blocks, in += 144) {
    const float d = load_half(in), dmin = load_half(in + 2);
    const std::uint8_t *sc = bytes_at(in + 4), *q = bytes_at(in + 16);
    for (int group = 0; group < 4; ++group, q += 32, out += 64) {
      const KScale low = k_scale(sc, 2 * group, d, dmin), high = k_scale(sc, 2 * group + 1, d, dmin);
      for (int l = 0; l < 32; ++l) {
        out[l] = low.scale * static_cast<float>(q[l] & 15) - low.minimum;
        out[l + 32] = high.scale * static_cast<float>(q[l] >> 4) - high.minimum;
      }
    }
  }
}

void decode_q5_k(const std::byte* in, float* out, std::size_t blocks) {
  for (; blocks > 0; --blocks, in += 176) {
    const float d = load_half(in), dmin = load_half(in + 2);
    const std::uint8_t *sc = bytes_at(in + 4), *qh = bytes_at(in + 16), *q = bytes_at(in + 48);
    for (int group = 0; group < 4; ++group, q += 32, out += 64) {
      const KScale low = k_scale(sc, 2 * group, d, dmin), high = k_scale(sc, 2 * group + 1, d, dmin);
      for (int l = 0; l < 32; ++l) {
        const int low_fifth = ((qh[l] >> (2 * group)) & 1) << 4;
        const int high_fifth = ((qh[l] >> (2 * group + 1)) & 1) << 4;
        out[l] = low.scale * static_cast<float>((q[l] & 15) + low_fifth) - low.minimum;
        out[l + 32] = high.scale * static_cast<float>((q[l] >> 4) + high_fifth) - high.minimum;
      }
    }
  }
}

void decode_q6_k(const std::byte* in, float* out, std::size_t blocks) {
  for (; blocks > 0; --blocks, in += 210) {
    const float d = load_half(in + 208);
    const std::uint8_t *ql = bytes_at(in), *qh = bytes_at(in + 128);
    const auto* sc = reinterpret_cast<const std::int8_t*>(in + 192);
    for (int half = 0; half < 2; ++half, ql += 64, qh += 32, sc += 8, out += kSuperBlock / 2) {
      for (int part = 0; part < 2; ++part) {  // 16 elements share a scale
        const float s0 = d * static_cast<float>(sc[part]), s1 = d * static_cast<float>(sc[part + 2]);
        const float s2 = d * static_cast<float>(sc[part + 4]), s3 = d * static_cast<float>(sc[part + 6]);
        for (int l = 16 * part; l < 16 * part + 16; ++l) {
          out[l] = s0 * static_cast<float>(((ql[l] & 15) | ((qh[l] & 3) << 4)) - 32);
          out[l + 32] = s1 * static_cast<float>(((ql[l + 32] & 15) | (((qh[l] >> 2) & 3) << 4)) - 32);
          out[l + 64] = s2 * static_cast<float>(((ql[l] >> 4) | (((qh[l] >> 4) & 3) << 4)) - 32);
          out[l + 96] = s3 * static_cast<float>(((ql[l + 32] >> 4) | ((qh[l] >> 6) << 4)) - 32);
        }
      }
    }
  }
}

constexpr GgufBlockFormat kFormats[] = {
    {0, "F32", 1, 4, decode_f32},
    {1, "F16", 1, 2, decode_f16},
    {2, "Q4_0", 32, 18, decode_q4_0},
    {3, "Q4_1", 32, 20, decode_q4_1},
    {6, "Q5_0", 32, 22, decode_q5_0},
    {7, "Q5_1", 32, 24, decode_q5_1},
    {8, "Q8_0", 32, 34, decode_q8_0},
    {9, "Q8_1", 32, 36, nullptr},
    {10, "Q2_K", 256, 84, nullptr},
    {11, "Q3_K", 256, 110, nullptr},
    {12, "Q4_K", 256, 144, decode_q4_k},
    {13, "Q5_K", 256, 176, decode_q5_k},
    {14, "Q6_K", 256, 210, decode_q6_k},
    {15, "Q8_K", 256, 292, nullptr},
    {16, "IQ2_XXS", 256, 66, nullptr},
    {17, "IQ2_XS", 256, 74, nullptr},
    {18, "IQ3_XXS", 256, 98, nullptr},
    {19, "IQ1_S", 256, 50, nullptr},
    {20, "IQ4_NL", 32, 18, nullptr},
    {21, "IQ3_S", 256, 110, nullptr},
    {22, "IQ2_S", 256, 82, nullptr},
    {23, "IQ4_XS", 256, 136, nullptr},
    {24, "I8", 1, 1, nullptr},
    {25, "I16", 1, 2, nullptr},
    {26, "I32", 1, 4, nullptr},
    {27, "I64", 1, 8, nullptr},
    {28, "F64", 1, 8, nullptr},
    {29, "IQ1_M", 256, 56, nullptr},
    {30, "BF16", 1, 2, decode_bf16},
    {34, "TQ1_0", 256, 54, nullptr},
    {35, "TQ2_0", 256, 66, nullptr},
    {39, "MXFP4", 32, 17, nullptr},
    {40, "NVFP4", 64, 36, nullptr},
    {41, "Q1_0", 128, 18, nullptr},
};

}  // namespace

const GgufBlockFormat* gguf_block_format(std::uint32_t id) {
  for (const auto& format : kFormats)
    if (format.id == id) return &format;
  return nullptr;
}

const GgufBlockFormat* gguf_block_format(const char* name) {
  for (const auto& format : kFormats)
    if (std::strcmp(format.name, name) == 0) return &format;
  return nullptr;
}

float half_to_float(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000u) << 16;
  const std::uint32_t magnitude = static_cast<std::uint32_t>(bits & 0x7fffu) << 13;
  const std::uint32_t exponent = magnitude & 0x0f800000u;
  std::uint32_t wide = magnitude + (112u << 23);  // rebias 15 -> 127
  if (exponent == 0x0f800000u) {
    wide += 112u << 23;                           // infinity or NaN
  } else if (exponent == 0) {
    // Half denormals are float normals; subtracting the implicit one never passes through a float denormal.
    constexpr std::uint32_t kOne = 113u << 23;
    wide = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude + kOne) - std::bit_cast<float>(kOne));
  }
  return std::bit_cast<float>(wide | sign);
}

float bfloat16_to_float(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

}  // namespace weft
