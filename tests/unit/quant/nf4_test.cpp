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

// What bitsandbytes made of the same rows: codes, scales and values without any tolerance, since each is one operation in float32.
TEST(Nf4, IsWhatBitsandbytesMakes) {
  const auto file = SafeTensorsFile::open(WEFT_TEST_DATA "/formats/nf4.safetensors");
  ASSERT_TRUE(file.ok()) << file.status().message();
  const auto floats = [&](const char* name) {
    const SafeTensor* t = (*file)->find(name);
    std::vector<float> all(t->bytes / sizeof(float));
    std::memcpy(all.data(), t->data, t->bytes);
    return all;
  };
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
