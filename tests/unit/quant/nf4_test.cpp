// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/quant/nf4.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "engine/formats/safetensors.h"

namespace weft {
namespace {

std::vector<std::byte> encoded(const std::vector<float>& row) {
  std::vector<std::byte> out(static_cast<std::size_t>(nf4_row_bytes(static_cast<std::int64_t>(row.size()))));
  EXPECT_EQ(encode_nf4_row(row.data(), static_cast<std::int64_t>(row.size()), out.data()), -1);
  return out;
}
std::vector<float> decoded(const std::vector<std::byte>& bytes) {
  std::vector<float> out(bytes.size() / kNf4BlockBytes * kNf4Block);
  decode_nf4(bytes.data(), out.data(), bytes.size() / kNf4BlockBytes);
  return out;
}
float absmax_of(const std::vector<std::byte>& bytes, std::size_t block) {
  float value = 0;
  std::memcpy(&value, bytes.data() + block * kNf4BlockBytes, sizeof value);
  return value;
}
int code_of(const std::vector<std::byte>& bytes, std::size_t i) {
  const std::size_t j = i % kNf4Block, at = i / kNf4Block * kNf4BlockBytes + 4 + j / 32 * 16 + j % 16;
  return std::to_integer<int>(bytes[at]) >> (j % 32 < 16 ? 0 : 4) & 15;
}

std::vector<float> floats_of(const SafeTensorsFile& file, const char* name) {
  const SafeTensor* t = file.find(name);
  std::vector<float> all(t->bytes / sizeof(float));
  std::memcpy(all.data(), t->data, t->bytes);
  return all;
}

// What bitsandbytes made of the same rows: codes, scales and values without any tolerance, since each is one operation in float32.
TEST(Nf4, IsWhatBitsandbytesMakes) {
  const auto file = SafeTensorsFile::open(WEFT_TEST_DATA "/formats/nf4.safetensors");
  ASSERT_TRUE(file.ok()) << file.status().message();
  const auto floats = [&](const char* name) { return floats_of(**file, name); };
  const auto levels = floats("levels"), values = floats("values"), absmax = floats("absmax"), dequantised = floats("dequantised");
  const SafeTensor* codes = (*file)->find("codes");
  ASSERT_EQ(levels.size(), 16U);
  for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(kNf4Levels[i], levels[i]) << i;
  constexpr std::size_t kColumns = 192;
  for (std::size_t row = 0; row < values.size() / kColumns; ++row) {
    const auto bytes = encoded({values.begin() + static_cast<std::ptrdiff_t>(row * kColumns), values.begin() + static_cast<std::ptrdiff_t>((row + 1) * kColumns)});
    const auto back = decoded(bytes);
    for (std::size_t block = 0; block < 3; ++block) EXPECT_EQ(absmax_of(bytes, block), absmax[3 * row + block]) << row << ' ' << block;
    for (std::size_t i = 0; i < kColumns; ++i) {
      const std::size_t at = row * kColumns + i;
      EXPECT_EQ(code_of(bytes, i), std::to_integer<int>(codes->data[at])) << "row " << row << " column " << i << ": " << values[at];
      EXPECT_EQ(back[i], dequantised[at]) << "row " << row << " column " << i;
    }
  }
}

// Of 300 blocks: the scales, their codes and sizes, and the values, as bitsandbytes has them with double quantisation.
TEST(Nf4, NestedIsWhatBitsandbytesMakes) {
  const auto file = SafeTensorsFile::open(WEFT_TEST_DATA "/formats/nf4_nested.safetensors");
  ASSERT_TRUE(file.ok()) << file.status().message();
  const auto floats = [&](const char* name) { return floats_of(**file, name); };
  const auto levels = floats("levels"), values = floats("values"), wanted_absmax = floats("absmax"), largest = floats("scale_absmax"), wanted = floats("dequantised");
  for (std::size_t i = 0; i < 256; ++i) EXPECT_EQ(kScaleLevels[i], levels[i]) << i;
  constexpr std::int64_t kColumns = 960, kRows = 20, kBlocks = 300;
  ASSERT_EQ(nested_nf4_row_bytes(kColumns), 15 * 33);
  ASSERT_EQ(nested_scale_count(kBlocks), 3);
  std::vector<std::byte> bytes(static_cast<std::size_t>(kRows * nested_nf4_row_bytes(kColumns)));
  std::vector<float> absmax(kBlocks), scales(3), back(values.size());
  for (std::int64_t r = 0; r < kRows; ++r)
    ASSERT_EQ(encode_nested_nf4_row(values.data() + r * kColumns, kColumns, bytes.data() + r * nested_nf4_row_bytes(kColumns), absmax.data() + r * 15), -1);
  EXPECT_EQ(absmax, wanted_absmax);
  nest_nf4_scales(absmax.data(), kBlocks, bytes.data(), scales.data());
  EXPECT_NEAR(scales[0], floats("offset")[0], 1e-7 * scales[0]);
  for (std::size_t group = 0; group < 2; ++group) EXPECT_NEAR(scales[1 + group], largest[group], 2e-7 * largest[group]);
  const SafeTensor *nearest = (*file)->find("nearest"), *theirs = (*file)->find("scale_codes"), *codes = (*file)->find("codes");
  decode_nested_nf4(bytes.data(), 0, scales.data(), back.data(), kBlocks);
  std::size_t compared = 0;
  for (std::size_t block = 0; block < kBlocks; ++block) {
    EXPECT_EQ(bytes[block * 33], nearest->data[block]) << "the scale of block " << block;
    if (nearest->data[block] != theirs->data[block]) continue;   // bitsandbytes took a neighbour
    for (std::size_t i = 64 * block; i < 64 * (block + 1); ++i, ++compared) {
      const auto pair = std::to_integer<int>(bytes[block * 33 + 1 + i % 64 / 32 * 16 + i % 16]);
      EXPECT_EQ(i % 32 < 16 ? pair & 15 : pair >> 4, std::to_integer<int>(codes->data[i])) << i;
      EXPECT_NEAR(back[i], wanted[i], 2e-7 * (scales[0] + largest[block / 256])) << i;  // a rounding of their sum
    }
  }
  EXPECT_GE(compared, 64U * 295U);
  std::vector<float> part(64);
  decode_nested_nf4(bytes.data() + 270 * 33, 270, scales.data(), part.data(), 1);
  EXPECT_EQ(std::memcmp(part.data(), back.data() + 270 * 64, 64 * sizeof(float)), 0) << "a block by its number";
}

TEST(Nf4, NestedTakes4Point127BitsAndMatricesOfZeros) {
  const std::int64_t blocks = 4096 * 64;
  EXPECT_EQ(8.0 * static_cast<double>(4096 * nested_nf4_row_bytes(4096) + 4 * (nested_scale_count(blocks) - 1)) / (4096.0 * 4096.0), 4.126953125);
  std::vector<std::byte> bytes(2 * 33);
  const std::vector<float> zeros(100);
  float absmax[2] = {}, scales[2] = {}, back[128];
  ASSERT_EQ(encode_nested_nf4_row(zeros.data(), 100, bytes.data(), absmax), -1);
  nest_nf4_scales(absmax, 2, bytes.data(), scales);
  decode_nested_nf4(bytes.data(), 0, scales, back, 2);
  for (const float value : back) EXPECT_EQ(value, 0.0F);
  std::vector<float> bad(100);
  bad[77] = std::numeric_limits<float>::infinity();
  EXPECT_EQ(encode_nested_nf4_row(bad.data(), 100, bytes.data(), absmax), 77);
}

// Half of the widest gap between two levels, of the block's largest magnitude; 1e-6 of it for the roundings.
TEST(Nf4, ErrsByLessThanHalfAGapAndOnceOnly) {
  const double bound = (1 - 0.6961928009986877) / 2;
  std::mt19937 random(3);
  std::student_t_distribution<float> tails(2);
  for (const std::size_t columns : {1, 17, 63, 64, 65, 172, 576}) {
    std::vector<float> row(columns);
    for (auto& value : row) value = tails(random);
    const auto bytes = encoded(row);
    auto back = decoded(bytes);
    for (std::size_t i = 0; i < columns; ++i)
      EXPECT_LE(std::abs(back[i] - row[i]), (bound + 1e-6) * absmax_of(bytes, i / kNf4Block)) << columns << ' ' << i;
    for (std::size_t i = columns; i < back.size(); ++i) EXPECT_EQ(back[i], 0) << "beyond the row";
    back.resize(columns);
    EXPECT_EQ(encoded(back), bytes) << columns << ": what was decoded has the same codes";
  }
}

TEST(Nf4, KeepsEachLevelZerosAndExtremes) {
  for (const float scale : {1.0F, 0.03F, 1e-20F, 3e38F}) {
    std::vector<float> row;
    for (const float level : kNf4Levels) row.push_back(level * scale);
    const auto bytes = encoded(row);
    for (std::size_t i = 0; i < 16; ++i) EXPECT_EQ(code_of(bytes, i), static_cast<int>(i)) << scale;
    EXPECT_EQ(decoded(bytes)[15], scale);
    EXPECT_EQ(decoded(bytes)[0], -scale);
  }
  const auto zeros = encoded(std::vector<float>(64, -0.0F));
  for (const float value : decoded(zeros)) EXPECT_TRUE(value == 0 && !std::signbit(value));
  const float tiny = std::numeric_limits<float>::denorm_min();
  for (const float value : decoded(encoded({tiny, -tiny, 0}))) EXPECT_LE(std::abs(value), tiny);
}

TEST(Nf4, NamesTheFirstValueThatIsNotFinite) {
  std::byte out[3 * kNf4BlockBytes];
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity()}) {
    std::vector<float> row(150, 0.5F);
    row[149] = bad;
    EXPECT_EQ(encode_nf4_row(row.data(), 150, out), 149);
    row[66] = bad;
    EXPECT_EQ(encode_nf4_row(row.data(), 150, out), 66);
  }
}

}  // namespace
}  // namespace weft
