// SPDX-License-Identifier: GPL-3.0-or-later
// Thirty-two values at a time out of blocks (layouts: quant/gguf_blocks.cpp, quant/nf4.h), as loops that become vectors. See kernels.inl.
#pragma once

#include <cstdint>
#include <cstring>

#ifdef __F16C__
#include <immintrin.h>
#endif

#include "engine/kernels/cpu/coded.h"
#include "engine/quant/nf4.h"

namespace weft::cpu {
namespace {

constexpr std::int64_t kUnit = 32;
#define WEFT_INLINE __attribute__((always_inline)) inline

// As weft::half_to_float, without branches: never through a float denormal, so right where the processor flushes them.
WEFT_INLINE float half_value(std::uint16_t bits) {
  const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16, magnitude = static_cast<std::uint32_t>(bits & 0x7fffU) << 13;
  const std::uint32_t exponent = magnitude & 0x0f800000U;
  constexpr std::uint32_t kOne = 113U << 23;
  const auto small = __builtin_bit_cast(std::uint32_t, __builtin_bit_cast(float, magnitude + kOne) - __builtin_bit_cast(float, kOne));
  const std::uint32_t normal = magnitude + (exponent == 0x0f800000U ? 224U << 23 : 112U << 23);
  return __builtin_bit_cast(float, (exponent == 0 ? small : normal) | sign);
}
template <typename Word>
WEFT_INLINE Word load(const std::byte* at) {
  Word word;
  memcpy(&word, at, sizeof word);
  return word;
}
#ifdef __F16C__
WEFT_INLINE float half(const std::byte* at) { return _cvtsh_ss(load<std::uint16_t>(at)); }
#else
WEFT_INLINE float half(const std::byte* at) { return half_value(load<std::uint16_t>(at)); }
#endif
WEFT_INLINE const std::uint8_t* bytes(const std::byte* at) { return reinterpret_cast<const std::uint8_t*>(at); }
// Sixteen values of a block at once, in as few registers as hold them. Written as vectors: GCC 12 takes __builtin_convertvector between
// widths apart, and makes scalars of loops as short as these.
#if WEFT_VECTOR_BYTES >= 32
constexpr int kLanesOfPart = WEFT_VECTOR_BYTES / 4, kParts = 16 / kLanesOfPart;
typedef std::int32_t Indices __attribute__((vector_size(WEFT_VECTOR_BYTES)));
typedef float Values __attribute__((vector_size(WEFT_VECTOR_BYTES)));
typedef float StoredValues __attribute__((vector_size(WEFT_VECTOR_BYTES), aligned(4), may_alias));
// As many bytes, wider.
WEFT_INLINE Indices widened(const std::byte* q) {
#if WEFT_VECTOR_BYTES == 64
  return reinterpret_cast<Indices>(_mm512_maskz_cvtepu8_epi32(0xffff, _mm_loadu_si128(reinterpret_cast<const __m128i*>(q))));
#else
  return reinterpret_cast<Indices>(_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(q))));
#endif
}
WEFT_INLINE Indices lanes() {
  Indices lane;
  for (int i = 0; i < kLanesOfPart; ++i) lane[i] = i;
  return lane;
}
WEFT_INLINE Values to_values(Indices q) { return __builtin_convertvector(q, Values); }
WEFT_INLINE void store(Values values, float* out) { *reinterpret_cast<StoredValues*>(out) = values; }
#else
constexpr int kLanesOfPart = 1, kParts = 16;
using Indices = std::int32_t;
using Values = float;
WEFT_INLINE Indices widened(const std::byte* q) { return *bytes(q); }
WEFT_INLINE Indices lanes() { return 0; }
WEFT_INLINE Values to_values(Indices q) { return static_cast<float>(q); }
WEFT_INLINE void store(Values values, float* out) { *out = values; }
#endif
WEFT_INLINE Indices signed_bytes(const std::byte* q) { return (widened(q) ^ 128) - 128; }
// q d + m in two roundings, as the reference has it: the compiler must not see one operation. (Its own barrier takes vectors apart.)
WEFT_INLINE Values scaled(Indices q, float d, float m) {
  Values product = to_values(q) * d;
#if WEFT_VECTOR_BYTES == 64
  asm("" : "+v"(product));
#else
  asm("" : "+x"(product));
#endif
  return product + m;
}
// value(j): the values from j on, a register of them
template <typename Value>
WEFT_INLINE void sixteen(float* out, const Value& value) {
  for (int part = 0; part < kParts; ++part) store(value(part * kLanesOfPart), out + part * kLanesOfPart);
}
template <typename Value>
WEFT_INLINE void thirty_two(float* out, const Value& value) {
  sixteen(out, value);
  sixteen(out + 16, [&](int j) { return value(j + 16); });
}
// Value j and value j + 16 of a block of 32 share a byte.
template <typename Value>
WEFT_INLINE void from_nibbles(const std::byte* at, float* out, const Value& value) {
  sixteen(out, [&](int j) { return value(widened(at + j) & 15, j); });
  sixteen(out + 16, [&](int j) { return value(widened(at + j) >> 4, j + 16); });
}
// Bit j of `high` is the fifth bit of value j.
WEFT_INLINE Indices with_fifth(Indices low, std::uint32_t high, int j) {
  return low | (((static_cast<std::int32_t>(high >> j) >> lanes()) & 1) << 4);
}

// unit(): values [32 u, 32 u + 32) of a block.
template <Code C>
struct Block;
template <>
struct Block<Code::Q8_0> {
  static constexpr std::int64_t kElements = 32, kBytes = 34;
  static WEFT_INLINE void unit(const std::byte* block, int, float* out) {
    const float d = half(block);
    thirty_two(out, [=](int j) { return to_values(signed_bytes(block + 2 + j)) * d; });
  }
};
template <>
struct Block<Code::Q4_0> {
  static constexpr std::int64_t kElements = 32, kBytes = 18;
  static WEFT_INLINE void unit(const std::byte* block, int, float* out) {
    const float d = half(block);
    from_nibbles(block + 2, out, [d](Indices q, int) { return to_values(q - 8) * d; });
  }
};
template <>
struct Block<Code::Q4_1> {
  static constexpr std::int64_t kElements = 32, kBytes = 20;
  static WEFT_INLINE void unit(const std::byte* block, int, float* out) {
    const float d = half(block), m = half(block + 2);
    from_nibbles(block + 4, out, [d, m](Indices q, int) { return scaled(q, d, m); });
  }
};
template <>
struct Block<Code::Q5_0> {
  static constexpr std::int64_t kElements = 32, kBytes = 22;
  static WEFT_INLINE void unit(const std::byte* block, int, float* out) {
    const float d = half(block);
    const auto high = load<std::uint32_t>(block + 2);
    from_nibbles(block + 6, out, [d, high](Indices q, int j) { return to_values(with_fifth(q, high, j) - 16) * d; });
  }
};
template <>
struct Block<Code::Q5_1> {
  static constexpr std::int64_t kElements = 32, kBytes = 24;
  static WEFT_INLINE void unit(const std::byte* block, int, float* out) {
    const float d = half(block), m = half(block + 2);
    const auto high = load<std::uint32_t>(block + 4);
    from_nibbles(block + 8, out, [d, m, high](Indices q, int j) { return scaled(with_fifth(q, high, j), d, m); });
  }
};

struct KScale {
  float scale, minimum;
};
WEFT_INLINE KScale k_scale(const std::byte* block, int j) {
  const auto* sc = bytes(block + 4);
  const int s = j < 4 ? sc[j] & 63 : (sc[j + 4] & 15) | ((sc[j - 4] >> 6) << 4);
  const int m = j < 4 ? sc[j + 4] & 63 : (sc[j + 4] >> 4) | ((sc[j] >> 6) << 4);
  return {half(block) * static_cast<float>(s), half(block + 2) * static_cast<float>(m)};
}
template <>
struct Block<Code::Q4_K> {
  static constexpr std::int64_t kElements = 256, kBytes = 144;
  static WEFT_INLINE void unit(const std::byte* block, int u, float* out) {
    const KScale k = k_scale(block, u);
    const std::byte* q = block + 16 + 32 * (u / 2);
    const int shift = 4 * (u % 2);
    thirty_two(out, [=](int j) { return scaled((widened(q + j) >> shift) & 15, k.scale, -k.minimum); });
  }
};
template <>
struct Block<Code::Q5_K> {
  static constexpr std::int64_t kElements = 256, kBytes = 176;
  static WEFT_INLINE void unit(const std::byte* block, int u, float* out) {
    const KScale k = k_scale(block, u);
    const std::byte *high = block + 16, *q = block + 48 + 32 * (u / 2);
    const int shift = 4 * (u % 2);
    thirty_two(out, [=](int j) {
      return scaled(((widened(q + j) >> shift) & 15) | (((widened(high + j) >> u) & 1) << 4), k.scale, -k.minimum);
    });
  }
};
template <>
struct Block<Code::Q6_K> {
  static constexpr std::int64_t kElements = 256, kBytes = 210;
  static WEFT_INLINE void unit(const std::byte* block, int u, float* out) {
    const int upper = u / 4, quarter = u % 4, shift = quarter >= 2 ? 4 : 0;
    const std::byte *low = block + 64 * upper + 32 * (quarter % 2), *high = block + 128 + 32 * upper;
    const auto* sc = reinterpret_cast<const std::int8_t*>(block + 192 + 8 * upper + 2 * quarter);
    const float d = half(block + 208), first = d * static_cast<float>(sc[0]), second = d * static_cast<float>(sc[1]);  // of 16 values each
    thirty_two(out, [=](int j) {
      const Indices q = ((widened(low + j) >> shift) & 15) | (((widened(high + j) >> (2 * quarter)) & 3) << 4);
      return (j < 16 ? first : second) * to_values(q - 32);
    });
  }
};

// d times the levels of sixteen codes, the low (shift 0) or high (shift 4) halves of q: shuffled where registers hold all levels.
WEFT_INLINE void levels_times(const std::byte* q, int shift, float d, float* out) {
#if WEFT_VECTOR_BYTES >= 32
  const auto low = load<Values>(reinterpret_cast<const std::byte*>(kNf4Levels));
  const auto high = load<Values>(reinterpret_cast<const std::byte*>(kNf4Levels + 16 - kLanesOfPart));
  sixteen(out, [=](int j) {
    const Indices index = (widened(q + j) >> shift) & 15;
    return (kLanesOfPart == 16 ? __builtin_shuffle(low, index) : __builtin_shuffle(low, high, index)) * d;
  });
#else
  sixteen(out, [=](int j) { return kNf4Levels[(widened(q + j) >> shift) & 15] * d; });
#endif
}
template <>
struct Block<Code::NF4> {
  static constexpr std::int64_t kElements = kNf4Block, kBytes = kNf4BlockBytes;
  static WEFT_INLINE void unit(const std::byte* block, int u, float* out) { codes(block + 4, u, load<float>(block), out); }
  static WEFT_INLINE void codes(const std::byte* at, int u, float d, float* out) {
    levels_times(at + 16 * u, 0, d, out);
    levels_times(at + 16 * u, 4, d, out + 16);
  }
};
// Its scale is found by the number of the block in the matrix.
template <>
struct Block<Code::NestedNF4> {
  static constexpr std::int64_t kElements = kNf4Block, kBytes = kNestedNf4BlockBytes;
};

// unit(block, its number in the row, u, out): 32 values
template <Code C, typename Unit>
WEFT_INLINE void decode_units(const std::byte* row, std::int64_t begin, std::int64_t count, float* out, const Unit& unit) {
  using B = Block<C>;
  constexpr std::int64_t kUnits = B::kElements / kUnit;
  const std::int64_t end = begin + count;
  for (std::int64_t u = begin / kUnit; u * kUnit < end; ++u) {
    const std::byte* block = row + u / kUnits * B::kBytes;
    const std::int64_t first = u * kUnit;
    if (first >= begin && first + kUnit <= end) {
      unit(block, u / kUnits, static_cast<int>(u % kUnits), out + first - begin);
      continue;
    }
    float values[kUnit];
    unit(block, u / kUnits, static_cast<int>(u % kUnits), values);
    const std::int64_t from = first > begin ? first : begin, to = first + kUnit < end ? first + kUnit : end;
    memcpy(out + from - begin, values + from - first, static_cast<std::size_t>(to - from) * sizeof(float));
  }
}

template <Code C>
void decode_blocks(const std::byte* row, std::int64_t begin, std::int64_t count, float* out) {
  decode_units<C>(row, begin, count, out, [](const std::byte* block, std::int64_t, int u, float* to) { Block<C>::unit(block, u, to); });
}

inline void decode_nested(const CodedMatrix& matrix, std::int64_t row, std::int64_t begin, std::int64_t count, float* out) {
  const std::int64_t before = row * (matrix.row_bytes / kNestedNf4BlockBytes);
  const float* scales = matrix.scales;
  decode_units<Code::NestedNF4>(matrix.row(row), begin, count, out, [=](const std::byte* block, std::int64_t number, int u, float* to) {
    Block<Code::NF4>::codes(block + 1, u, nested_nf4_scale(block, before + number, scales), to);
  });
}

inline void decode_halves(const std::byte* row, std::int64_t begin, std::int64_t count, float* out) {
  std::int64_t j = 0;
#ifdef __F16C__
  for (; j + 8 <= count; j += 8)
    _mm256_storeu_ps(out + j, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(row + 2 * (begin + j)))));
#endif
  for (; j < count; ++j) out[j] = half(row + 2 * (begin + j));
}

inline void decode_brain_floats(const std::byte* row, std::int64_t begin, std::int64_t count, float* out) {
  for (std::int64_t j = 0; j < count; ++j)
    out[j] = __builtin_bit_cast(float, static_cast<std::uint32_t>(load<std::uint16_t>(row + 2 * (begin + j))) << 16);
}

inline void decode(const CodedMatrix& matrix, std::int64_t row, std::int64_t begin, std::int64_t count, float* out) {
  const std::byte* at = matrix.row(row);
  switch (matrix.code) {
    case Code::F32: memcpy(out, at + 4 * begin, static_cast<std::size_t>(count) * 4); return;
    case Code::F16: decode_halves(at, begin, count, out); return;
    case Code::BF16: decode_brain_floats(at, begin, count, out); return;
    case Code::Q8_0: decode_blocks<Code::Q8_0>(at, begin, count, out); return;
    case Code::Q4_0: decode_blocks<Code::Q4_0>(at, begin, count, out); return;
    case Code::Q4_1: decode_blocks<Code::Q4_1>(at, begin, count, out); return;
    case Code::Q5_0: decode_blocks<Code::Q5_0>(at, begin, count, out); return;
    case Code::Q5_1: decode_blocks<Code::Q5_1>(at, begin, count, out); return;
    case Code::Q4_K: decode_blocks<Code::Q4_K>(at, begin, count, out); return;
    case Code::Q5_K: decode_blocks<Code::Q5_K>(at, begin, count, out); return;
    case Code::Q6_K: decode_blocks<Code::Q6_K>(at, begin, count, out); return;
    case Code::NF4: decode_blocks<Code::NF4>(at, begin, count, out); return;
    case Code::NestedNF4: decode_nested(matrix, row, begin, count, out); return;
  }
}

template <Code C>
constexpr std::int64_t block_byte(std::int64_t column) { return column / Block<C>::kElements * Block<C>::kBytes; }
// Where the block that holds a column begins in its row.
inline std::int64_t byte_of_column(Code code, std::int64_t column) {
  switch (code) {
    case Code::F32: return 4 * column;
    case Code::F16:
    case Code::BF16: return 2 * column;
    case Code::Q8_0: return block_byte<Code::Q8_0>(column);
    case Code::Q4_0: return block_byte<Code::Q4_0>(column);
    case Code::Q4_1: return block_byte<Code::Q4_1>(column);
    case Code::Q5_0: return block_byte<Code::Q5_0>(column);
    case Code::Q5_1: return block_byte<Code::Q5_1>(column);
    case Code::Q4_K: return block_byte<Code::Q4_K>(column);
    case Code::Q5_K: return block_byte<Code::Q5_K>(column);
    case Code::Q6_K: return block_byte<Code::Q6_K>(column);
    case Code::NF4: return block_byte<Code::NF4>(column);
    case Code::NestedNF4: return block_byte<Code::NestedNF4>(column);
  }
  return 0;
}

inline void decode(const CodedMatrix& matrix, std::int64_t row, std::int64_t begin, std::int64_t count, double* out) {
  constexpr std::int64_t kPart = 64;
  float part[kPart];
  for (std::int64_t j = 0; j < count; j += kPart) {
    const std::int64_t n = count - j < kPart ? count - j : kPart;
    decode(matrix, row, begin + j, n, part);
    for (std::int64_t i = 0; i < n; ++i) out[j + i] = part[i];
  }
}

}  // namespace
}  // namespace weft::cpu
