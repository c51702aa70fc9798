// SPDX-License-Identifier: GPL-3.0-or-later
// Weights as they lie in files: decoded as the file's own codec has it, and multiplied without a decoded copy.
#include "engine/tensor/matrix.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

#include "engine/kernels/cpu/kernels.h"
#include "engine/quant/gguf_blocks.h"
#include "engine/quant/nf4.h"
#include "engine/tensor/buffer_pool.h"
#include "engine/tensor/matmul.h"

namespace weft {
namespace {

constexpr const char* kCodes[] = {"F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K", "NF4"};
const GgufBlockFormat kNf4Format{0, "NF4", kNf4Block, kNf4BlockBytes, decode_nf4};

// Rows of random bytes: every pattern of scales, infinities and NaNs among them.
struct Stored {
  Stored(int code, std::int64_t rows, std::int64_t columns, bool finite) {
    const auto* format = code == static_cast<int>(cpu::Code::NF4) ? &kNf4Format : gguf_block_format(kCodes[code]);
    const auto blocks = columns / format->block_elements;
    bytes.resize(static_cast<std::size_t>(rows * blocks * format->block_bytes));
    std::mt19937 random(static_cast<unsigned>(code) + 1);
    for (auto& byte : bytes) byte = static_cast<std::byte>(random());
    values = at::empty({rows, columns});
    if (finite) {  // small halves and floats: exponents below that of 1
      const auto step = static_cast<std::size_t>(format->block_bytes);
      const std::size_t scale_at = std::string(format->name) == "Q6_K" ? 208 : 0, scales = format->block_elements == 1 ? step / 2 : 2;
      for (std::size_t b = 0; b < bytes.size(); b += step)
        for (std::size_t s = 0; s < scales && (scale_at == 0 || s == 0); ++s) {
          const std::size_t high = b + (format->block_elements == 1 ? step - 1 : scale_at + 2 * s + 1);
          bytes[high] = (bytes[high] & std::byte{0x80}) | std::byte{0x2a};
        }
    }
    format->decode(bytes.data(), values.mutable_data_ptr<float>(), static_cast<std::size_t>(rows * blocks));
    coded = {.code = static_cast<cpu::Code>(code), .data = bytes.data(), .row_bytes = blocks * format->block_bytes};
  }
  std::vector<std::byte> bytes;
  Tensor values;
  cpu::CodedMatrix coded;
};

TEST(Coded, EveryKernelDecodesBitForBitWhatTheCodecDoes) {
  std::mt19937 random(7);
  for (int code = 0; code < static_cast<int>(std::size(kCodes)); ++code) {
    const Stored stored(code, 3, 1024, /*finite=*/false);
    const auto* expected = stored.values.const_data_ptr<float>();
    for (const auto* set : cpu::all_kernels())
      for (int i = 0; i < 100; ++i) {
        const auto row = static_cast<std::int64_t>(random() % 3), begin = i == 0 ? 0 : static_cast<std::int64_t>(random() % 1024);
        const auto count = i == 0 ? 1024 : std::min<std::int64_t>(1024 - begin, static_cast<std::int64_t>(random() % 100));
        std::vector<float> out(static_cast<std::size_t>(count) + 1, 7.F);
        set->f32.decode(stored.coded, row, begin, count, out.data());
        for (std::int64_t j = 0; j < count; ++j) {
          const float got = out[static_cast<std::size_t>(j)], wanted = expected[row * 1024 + begin + j];
          ASSERT_TRUE(std::memcmp(&got, &wanted, 4) == 0 || (std::isnan(got) && std::isnan(wanted)))
              << kCodes[code] << ' ' << set->name << " row " << row << " value " << begin + j << ": " << got << " for " << wanted;
        }
        EXPECT_EQ(out.back(), 7.F) << kCodes[code] << " wrote beyond the stretch";
      }
  }
}

TEST(Matrix, ProductsWithStoredBlocksEqualThoseWithTheirValuesBitForBit) {
  const Tensor x = at::randn({70, 512}, make_generator(1)), gy = at::randn({70, 100}, make_generator(2));
  for (int code = 0; code < static_cast<int>(std::size(kCodes)); ++code) {
    const Stored stored(code, 100, 512, /*finite=*/true);
    const Matrix matrix(stored.coded, 100, 512);
    ASSERT_TRUE(at::isfinite(stored.values).all().item<bool>()) << kCodes[code];
    EXPECT_TRUE(product(x, matrix.t()).equal(product(x, stored.values.t()))) << kCodes[code];
    EXPECT_TRUE(product(gy, matrix).equal(product(gy, stored.values))) << kCodes[code];
    EXPECT_TRUE(matrix.dense().equal(stored.values)) << kCodes[code];
    const Tensor norms = stored.values.to(at::kDouble).square().sum(1);
    EXPECT_LT(((matrix.row_norms_squared().to(at::kDouble) - norms).abs() / norms).max().item<double>(), 1e-6) << kCodes[code];
  }
}

// Rows that end within a block: nothing is read or written beyond them, and products see the values alone.
TEST(Matrix, RowsOfNf4MayEndWithinABlock) {
  for (const std::int64_t columns : {1, 33, 63, 65, 172}) {
    const Tensor weight = at::randn({37, columns}, make_generator(3)), x = at::randn({9, columns}, make_generator(4)), gy = at::randn({9, 37}, make_generator(5));
    std::vector<std::byte> bytes(static_cast<std::size_t>(37 * nf4_row_bytes(columns)));
    Tensor values = at::empty({37, columns});
    for (std::int64_t r = 0; r < 37; ++r) {
      std::byte* row = bytes.data() + r * nf4_row_bytes(columns);
      ASSERT_EQ(encode_nf4_row(weight.const_data_ptr<float>() + r * columns, columns, row), -1);
      std::vector<float> decoded(static_cast<std::size_t>(nf4_row_bytes(columns) / kNf4BlockBytes * kNf4Block));
      decode_nf4(row, decoded.data(), decoded.size() / kNf4Block);
      std::memcpy(values.mutable_data_ptr<float>() + r * columns, decoded.data(), static_cast<std::size_t>(columns) * sizeof(float));
    }
    for (const auto* set : cpu::all_kernels()) {
      const cpu::CodedMatrix coded{.code = cpu::Code::NF4, .data = bytes.data(), .row_bytes = nf4_row_bytes(columns)};
      std::vector<float> row(static_cast<std::size_t>(columns) + 1, 7.F);
      set->f32.decode(coded, 36, 0, columns, row.data());
      EXPECT_EQ(std::memcmp(row.data(), values.const_data_ptr<float>() + 36 * columns, static_cast<std::size_t>(columns) * sizeof(float)), 0) << set->name;
      EXPECT_EQ(row.back(), 7.F) << set->name;
    }
    const Matrix matrix({.code = cpu::Code::NF4, .data = bytes.data(), .row_bytes = nf4_row_bytes(columns)}, 37, columns);
    EXPECT_TRUE(product(x, matrix.t()).equal(product(x, values.t()))) << columns;
    EXPECT_TRUE(product(gy, matrix).equal(product(gy, values))) << columns;
  }
}

// Scales are found by the number of a block in the whole matrix: groups of 256 end at a row's end, or within a row.
TEST(Matrix, NestedNf4FindsTheScalesOfEveryRow) {
  for (const std::int64_t columns : {63, 300, 1100}) {
    const std::int64_t rows = 80, row_bytes = nested_nf4_row_bytes(columns), row_blocks = row_bytes / kNestedNf4BlockBytes, blocks = rows * row_blocks;
    const Tensor weight = at::randn({rows, columns}, make_generator(3)) * at::rand({rows, 1}, make_generator(6)), x = at::randn({9, columns}, make_generator(4));
    std::vector<std::byte> bytes(static_cast<std::size_t>(rows * row_bytes));
    std::vector<float> absmax(static_cast<std::size_t>(blocks)), scales(static_cast<std::size_t>(nested_scale_count(blocks)));
    for (std::int64_t r = 0; r < rows; ++r)
      ASSERT_EQ(encode_nested_nf4_row(weight.const_data_ptr<float>() + r * columns, columns, bytes.data() + r * row_bytes, absmax.data() + r * row_blocks), -1);
    nest_nf4_scales(absmax.data(), blocks, bytes.data(), scales.data());
    Tensor decoded = at::empty({rows, row_blocks * kNf4Block});
    decode_nested_nf4(bytes.data(), 0, scales.data(), decoded.mutable_data_ptr<float>(), static_cast<std::size_t>(blocks));
    const Tensor values = decoded.narrow(1, 0, columns).contiguous();
    const cpu::CodedMatrix coded{.code = cpu::Code::NestedNF4, .data = bytes.data(), .row_bytes = row_bytes, .scales = scales.data()};
    for (const auto* set : cpu::all_kernels())
      for (std::int64_t r = 0; r < rows; ++r) {
        const std::int64_t begin = r * 7 % columns, count = columns - begin;
        std::vector<float> row(static_cast<std::size_t>(count) + 1, 7.F);
        set->f32.decode(coded, r, begin, count, row.data());
        EXPECT_EQ(std::memcmp(row.data(), values.const_data_ptr<float>() + r * columns + begin, static_cast<std::size_t>(count) * sizeof(float)), 0) << set->name << ' ' << r;
        EXPECT_EQ(row.back(), 7.F) << set->name;
      }
    const Matrix matrix(coded, rows, columns);
    EXPECT_TRUE(product(x, matrix.t()).equal(product(x, values.t()))) << columns;
    EXPECT_TRUE(matrix.dense().equal(values)) << columns;
  }
}

TEST(Matrix, RowsOfInterleavedHeadsComeInTheirOrder) {
  const Stored stored(0, 24, 32, /*finite=*/true);
  cpu::CodedMatrix coded = stored.coded;
  coded.rope_half = 3;  // heads of 6 rows: row (half, i) is stored as (i, half)
  const Tensor expected = stored.values.view({4, 3, 2, 32}).transpose(1, 2).reshape({24, 32});
  EXPECT_TRUE(Matrix(coded, 24, 32).dense().equal(expected));
  const Tensor index = at::tensor({23, 0, 7}, at::kInt);
  EXPECT_TRUE(Matrix(coded, 24, 32).select_rows(index).equal(expected.index_select(0, index)));
  EXPECT_THROW((void)Matrix(coded, 24, 32).select_rows(at::tensor({24})), c10::Error);
}

TEST(BufferPool, UsesMemoryAgainAndGrowsWithTheLongestBatch) {
  release_pool();
  const void* first = nullptr;
  {
    const Tensor a = pooled(10, 64, at::kFloat), b = pooled(10, 64, at::kFloat);
    first = a.data_ptr();
    EXPECT_NE(first, b.data_ptr());
  }
  Tensor kept = pooled(7, 64, at::kFloat);  // shorter: fits what is there
  const Tensor other = pooled(3, 64, at::kFloat);
  EXPECT_TRUE(kept.data_ptr() == first || other.data_ptr() == first);
  kept.fill_(3);
  const Tensor longer = pooled(100, 64, at::kFloat);
  EXPECT_TRUE(kept.eq(3).all().item<bool>());  // a tensor keeps its memory when the pool grows
  release_pool();
  EXPECT_TRUE(kept.eq(3).all().item<bool>());
}

}  // namespace
}  // namespace weft
