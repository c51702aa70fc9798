// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/quant/gguf_encode.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "engine/formats/safetensors.h"
#include "engine/quant/gguf_blocks.h"

namespace weft {
namespace {

TEST(GgufEncode, WritesTheBytesOfTheReference) {
  const auto file = SafeTensorsFile::open(WEFT_TEST_DATA "/formats/gguf_encoded.safetensors");
  ASSERT_TRUE(file.ok()) << file.status().message();
  const SafeTensor* values = (*file)->find("values");
  ASSERT_NE(values, nullptr);
  std::vector<float> floats(values->bytes / sizeof(float));
  std::memcpy(floats.data(), values->data, values->bytes);
  ASSERT_EQ(gguf_encoders().size(), 5U);
  for (const auto& encoder : gguf_encoders()) {
    const SafeTensor* expected = (*file)->find(encoder.name);
    const GgufBlockFormat* format = gguf_block_format(encoder.name);
    ASSERT_TRUE(expected && format) << encoder.name;
    const std::size_t blocks = floats.size() / format->block_elements;
    ASSERT_EQ(blocks * format->block_bytes, expected->bytes);
    std::vector<std::byte> got(expected->bytes + 1, std::byte{0xa5});
    encoder.encode(floats.data(), got.data(), blocks);
    for (std::size_t i = 0; i < expected->bytes; ++i)
      ASSERT_EQ(got[i], expected->data[i]) << encoder.name << " block " << i / format->block_bytes << " byte " << i % format->block_bytes;
    EXPECT_EQ(got.back(), std::byte{0xa5}) << encoder.name << " writes past its end";
  }
}

// Half a step at most, and the rounding of scale and offset to halves; for the formats without an offset the far end has no level of its own.
TEST(GgufEncode, IsNoFurtherOffThanItsSteps) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal(0.1F, 0.5F);
  const std::size_t blocks = 200;
  std::vector<float> values(32 * blocks), again(values.size());
  for (float& value : values) value = normal(random);
  for (const auto& encoder : gguf_encoders()) {
    const GgufBlockFormat* format = gguf_block_format(encoder.name);
    std::vector<std::byte> coded(blocks * format->block_bytes);
    encoder.encode(values.data(), coded.data(), blocks);
    format->decode(coded.data(), again.data(), blocks);
    const std::string name = encoder.name;
    for (std::size_t b = 0; b < blocks; ++b) {
      float least = values[32 * b], most = least, largest = 0;
      for (std::size_t j = 32 * b; j < 32 * b + 32; ++j) {
        least = std::min(least, values[j]);
        most = std::max(most, values[j]);
        largest = std::max(largest, std::abs(values[j]));
      }
      const bool offset = name.ends_with("_1");
      const float levels = name.starts_with("Q8") ? 127.0F : offset ? std::exp2(static_cast<float>(name[1] - '0')) - 1 : std::exp2(static_cast<float>(name[1] - '1'));
      const float step = (offset ? most - least : largest) / levels;
      for (std::size_t j = 32 * b; j < 32 * b + 32; ++j)
        ASSERT_LE(std::abs(values[j] - again[j]), (offset || levels == 127.0F ? 0.51F : 1.01F) * step + 2e-3F * largest) << name << " " << j;
    }
  }
}

TEST(GgufEncode, BlocksOfZerosAndOfNothingThatAHalfHoldsAreZeros) {
  for (const float value : {0.0F, 1e-40F, -1e-41F}) {
    const std::vector<float> values(32, value);
    for (const auto& encoder : gguf_encoders()) {
      const GgufBlockFormat* format = gguf_block_format(encoder.name);
      std::vector<std::byte> coded(format->block_bytes);
      float again[32];
      encoder.encode(values.data(), coded.data(), 1);
      format->decode(coded.data(), again, 1);
      for (const float decoded : again) EXPECT_EQ(decoded, 0.0F) << encoder.name << " of " << value;
    }
  }
}

TEST(GgufEncode, EncodersAreFoundByTheirNames) {
  EXPECT_EQ(gguf_encoder("q4_1"), gguf_encoder("Q4_1"));
  ASSERT_NE(gguf_encoder("q8_0"), nullptr);
  for (const char* unknown : {"", "q4", "q4_k", "q4_1 ", "f16"}) EXPECT_EQ(gguf_encoder(unknown), nullptr) << unknown;
}

TEST(FloatToHalf, IsTheInverseOfEveryHalfAndRoundsToTheNearest) {
  for (std::uint32_t bits = 0; bits < 0x7c00; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float value = half_to_float(half);
    ASSERT_EQ(float_to_half(value), half);
    ASSERT_EQ(float_to_half(-value), half | 0x8000);
    if (bits + 1 == 0x7c00) break;
    const float above = half_to_float(static_cast<std::uint16_t>(bits + 1)), middle = value + (above - value) / 2;
    ASSERT_EQ(float_to_half(middle), bits % 2 == 0 ? bits : bits + 1) << "ties go to the even one";
    ASSERT_EQ(float_to_half(std::nextafter(middle, 0.0F)), bits);
    ASSERT_EQ(float_to_half(std::nextafter(middle, above)), bits + 1);
  }
  EXPECT_EQ(float_to_half(65519.0F), 0x7bff);
  EXPECT_EQ(float_to_half(65520.0F), 0x7c00);
  EXPECT_EQ(float_to_half(-std::numeric_limits<float>::infinity()), 0xfc00);
  EXPECT_TRUE(std::isnan(half_to_float(float_to_half(std::numeric_limits<float>::quiet_NaN()))));
}

}  // namespace
}  // namespace weft
