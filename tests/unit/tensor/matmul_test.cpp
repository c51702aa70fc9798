// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/matmul.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <array>

#include "engine/kernels/cpu/kernels.h"

namespace weft {
namespace {

Tensor random(std::vector<std::int64_t> sizes, std::uint64_t seed, at::ScalarType type) {
  return at::randn(sizes, make_generator(seed), at::TensorOptions(type));
}

// Every kernel that this processor has, on odd and round shapes, over poisoned outputs, against float64.
template <typename T>
void expect_kernels_right(double bound) {
  constexpr auto type = sizeof(T) == 4 ? at::kFloat : at::kDouble;
  alignas(64) static std::byte panel[cpu::kGemmPanelBytes];
  for (const auto* kernels : cpu::all_kernels())
    for (const auto& [m, n, k] : std::vector<std::array<std::int64_t, 3>>{{1, 1, 1}, {3, 5, 7}, {8, 48, 192}, {9, 49, 193}, {17, 16, 300}, {40, 33, 64}, {64, 100, 577}, {33, 24, 31}})
      for (const bool transposed : {false, true}) {
        const Tensor a = random({m, k}, 1, type), b = transposed ? random({n, k}, 2, type).t() : random({k, n}, 2, type);
        const Tensor u = random({k, m}, 3, type).t(), v = random({k, n}, 4, type), rows = random({k}, 5, type), columns = random({n}, 6, type);
        const Tensor bias = random({n}, 7, type), out = at::full({m, n + 2}, NAN, a.options());
        const std::array<cpu::GemmTerm<T>, 2> terms{
            {{a.const_data_ptr<T>(), k, 1, b.const_data_ptr<T>(), b.stride(0), b.stride(1), k, T(0.5), rows.const_data_ptr<T>(), columns.const_data_ptr<T>()},
             {u.const_data_ptr<T>(), 1, m, v.const_data_ptr<T>(), n, 1, k, T(1), nullptr, nullptr}}};
        const cpu::GemmOutput<T> target{out.mutable_data_ptr<T>(), n + 2, bias.const_data_ptr<T>(), 0};
        kernels->of<T>().gemm(terms.data(), 2, target, {.row = 0, .row_end = m, .column = 0, .column_end = n}, panel);
        const auto wide = [](const Tensor& t) { return t.to(at::kDouble); };
        const Tensor expected = 0.5 * wide(a).matmul(wide(b) * wide(rows).unsqueeze(1) * wide(columns)) + wide(u).matmul(wide(v)) + wide(bias);
        const Tensor got = wide(out.narrow(1, 0, n));
        EXPECT_LT(((got - expected).norm() / expected.norm()).template item<double>(), bound)
            << kernels->name << ' ' << m << " x " << n << " x " << k << (transposed ? " transposed" : "");
        EXPECT_TRUE(at::isnan(out.narrow(1, n, 2)).all().template item<bool>()) << kernels->name << " wrote beyond its columns";
      }
}

TEST(Gemm, EveryKernelEqualsTheDefinitionInFloat32) { expect_kernels_right<float>(1e-6); }   // 24 bits, sums of some hundred terms
TEST(Gemm, EveryKernelEqualsTheDefinitionInFloat64) { expect_kernels_right<double>(1e-14); }

TEST(Matmul, AddsToWhatIsThereAndSplitsWithoutChangingABit) {
  const Tensor a = random({700, 130}, 1, at::kFloat), w = random({500, 130}, 2, at::kFloat), start = random({700, 500}, 3, at::kFloat);
  for (const auto& [precision, bound] : {std::pair{Precision::Full, 1e-6}, {Precision::Bf16, 4e-3}, {Precision::Bf16x3, 1e-5}}) {  // 24, 8 and twice 8 bits
    const auto compute = [&](int threads) {
      const int before = at::get_num_threads();
      at::set_num_threads(threads);
      const Tensor out = start.clone();
      sum_of_products(out, out, {{a, w.t(), 2, {}, {}}}, precision);
      at::set_num_threads(before);
      return out;
    };
    const Tensor one = compute(1);
    EXPECT_LT(((one - (start + 2 * a.matmul(w.t()))).norm() / one.norm()).item<double>(), bound);
    EXPECT_TRUE(one.equal(compute(2)));
    EXPECT_TRUE(one.equal(compute(5)));
  }
}

TEST(Matmul, RefusesShapesThatDoNotFit) {
  EXPECT_THROW((void)product(at::ones({2, 3}), at::ones({4, 2})), c10::Error);
  EXPECT_THROW((void)product(at::ones({2, 0}), at::ones({0, 2})), c10::Error);
}

}  // namespace
}  // namespace weft
