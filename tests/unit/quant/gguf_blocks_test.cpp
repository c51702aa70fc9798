// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/quant/gguf_blocks.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "engine/formats/safetensors.h"

namespace weft {
namespace {

// What gguf-py 0.19.0 made of the same bytes; exact up to the order of multiplications.
TEST(GgufBlocks, DecodeAsTheReferenceDoes) {
  const auto file = SafeTensorsFile::open(WEFT_TEST_DATA "/formats/gguf_blocks.safetensors");
  ASSERT_TRUE(file.ok()) << file.status().message();
  for (const char* name : {"F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K"}) {
    const SafeTensor* raw = (*file)->find(std::string(name) + ".raw");
    const SafeTensor* expected = (*file)->find(std::string(name) + ".dequantised");
    const GgufBlockFormat* format = gguf_block_format(name);
    ASSERT_TRUE(raw && expected && format && format->decode) << name;
    const std::size_t elements = expected->bytes / sizeof(float);
    const std::size_t blocks = elements / format->block_elements;
    ASSERT_EQ(blocks * format->block_bytes, raw->bytes) << name;
    std::vector<float> got(elements + 1, -12345.0F), want(elements);
    std::memcpy(want.data(), expected->data, expected->bytes);
    format->decode(raw->data, got.data(), blocks);
    float largest = 0;
    for (const float value : want) largest = std::max(largest, std::abs(value));
    ASSERT_GT(largest, 0) << name;
    for (std::size_t i = 0; i < elements; ++i)
      ASSERT_NEAR(got[i], want[i], 1e-6 * std::abs(want[i]) + 1e-7 * largest) << name << " element " << i;
    EXPECT_EQ(got[elements], -12345.0F) << name << " writes past its end";
  }
}

TEST(GgufBlocks, F32IsCopied) {
  const float values[] = {1.5F, -0.0F, std::numeric_limits<float>::infinity(), 1e-45F};
  float out[4] = {};
  gguf_block_format("F32")->decode(reinterpret_cast<const std::byte*>(values), out, 4);
  EXPECT_EQ(std::memcmp(values, out, sizeof out), 0);
}

TEST(GgufBlocks, EveryHalfIsExact) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const int exponent = static_cast<int>(bits >> 10 & 31), mantissa = static_cast<int>(bits & 1023);
    const float sign = bits & 0x8000 ? -1.0F : 1.0F;
    const float got = half_to_float(static_cast<std::uint16_t>(bits));
    if (exponent == 31) {
      EXPECT_EQ(std::isnan(got), mantissa != 0) << bits;
      EXPECT_EQ(std::isinf(got), mantissa == 0) << bits;
    } else {
      const double value = exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024 + mantissa, exponent - 25);
      EXPECT_EQ(got, sign * static_cast<float>(value)) << bits;
    }
    EXPECT_EQ(std::signbit(got), (bits & 0x8000) != 0) << bits;
  }
  EXPECT_EQ(bfloat16_to_float(0x3fc0), 1.5F);
}

TEST(GgufBlocks, TypesOutsideTheTableAreNull) {
  EXPECT_EQ(gguf_block_format(4u), nullptr);  // removed from ggml
  EXPECT_EQ(gguf_block_format(1000u), nullptr);
  EXPECT_EQ(gguf_block_format("Q9"), nullptr);
  ASSERT_NE(gguf_block_format("IQ4_XS"), nullptr);
  EXPECT_EQ(gguf_block_format("IQ4_XS")->decode, nullptr);
}

}  // namespace
}  // namespace weft
