// SPDX-License-Identifier: GPL-3.0-or-later
// Every set of kernels that this processor has against the plain definitions in float64.
#include "engine/kernels/cpu/kernels.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "engine/tensor/tensor.h"

namespace weft {
namespace {

Tensor random(std::vector<std::int64_t> sizes, std::uint64_t seed) { return at::randn(sizes, make_generator(seed), at::TensorOptions(at::kFloat)); }
double distance(const Tensor& got, const Tensor& expected) { return ((got.to(at::kDouble) - expected).norm() / expected.norm()).item<double>(); }

TEST(Kernels, SwigluEqualsItsDefinitionOverTheWholeRangeOfFloat) {
  const Tensor gate = at::cat({at::linspace(-120, 120, 4001), at::full({3}, NAN), at::full({2}, INFINITY)}).to(at::kFloat), up = at::ones_like(gate);
  const Tensor wide = gate.to(at::kDouble), expected = wide * at::sigmoid(wide), slope = at::sigmoid(wide) * (1 + wide * (1 - at::sigmoid(wide)));
  const auto n = gate.numel();
  for (const auto* set : cpu::all_kernels()) {
    Tensor y = at::full_like(gate, 7), g_gate = at::full_like(gate, 7), g_up = at::full_like(gate, 7);
    set->f32.rows.swiglu(gate.const_data_ptr<float>(), up.const_data_ptr<float>(), 0, n, y.mutable_data_ptr<float>());
    set->f32.rows.swiglu_backward(gate.const_data_ptr<float>(), up.const_data_ptr<float>(), up.const_data_ptr<float>(), 0, n,
                                  g_gate.mutable_data_ptr<float>(), g_up.mutable_data_ptr<float>());
    const auto finite = [](const Tensor& t) { return t.narrow(0, 0, 4001); };
    const Tensor far = (finite(y).to(at::kDouble) - finite(expected)).abs() - 1e-6 * finite(expected).abs();
    EXPECT_LT(far.max().item<double>(), 1e-35) << set->name;  // relative 1e-6, and 0 for what float cannot hold
    EXPECT_LT(distance(finite(g_gate), finite(slope)), 1e-6) << set->name;
    EXPECT_TRUE(at::isnan(y.narrow(0, 4001, 3)).all().item<bool>()) << set->name << ": a NaN was lost";
  }
}

TEST(Kernels, SwigluOfBfloat16IsThatOfTheRoundedValues) {
  constexpr std::int64_t n = 1003;  // parts of 256, the last one partial
  Tensor gate = random({n}, 5) * 4, up = random({n}, 6), gy = random({n}, 7);
  gate[3] = NAN, up[4] = INFINITY, gate[5] = 3.4e38F;  // the last rounds to infinity
  Tensor rounded_gate = gate.to(at::kBFloat16), rounded_up = up.to(at::kBFloat16);
  const auto bits = [](const Tensor& t) { return reinterpret_cast<std::uint16_t*>(t.mutable_data_ptr<at::BFloat16>()); };
  for (const auto* set : cpu::all_kernels()) {
    const auto& rows = set->f32.rows;
    Tensor kept = at::empty({n}, at::kBFloat16);
    rows.to_bf16(gate.const_data_ptr<float>(), 0, n, bits(kept));
    EXPECT_TRUE(at::equal(at::nan_to_num(kept), at::nan_to_num(rounded_gate))) << set->name;
    EXPECT_TRUE(at::isnan(kept[3]).item<bool>()) << set->name;
  }
  rounded_gate[5] = 1;  // the slope at infinity is infinity less infinity, in an order that is the compiler's
  for (const auto* set : cpu::all_kernels()) {
    const auto& rows = set->f32.rows;
    const Tensor wide_gate = rounded_gate.to(at::kFloat), wide_up = rounded_up.to(at::kFloat);
    Tensor y = at::full({n}, 7.0F), expected = y.clone(), g = y.clone(), u = y.clone(), g_expected = y.clone(), u_expected = y.clone();
    const auto *a = wide_gate.const_data_ptr<float>(), *b = wide_up.const_data_ptr<float>(), *d = gy.const_data_ptr<float>();
    rows.swiglu(a, b, 0, n, expected.mutable_data_ptr<float>());
    rows.swiglu_backward(a, b, d, 0, n, g_expected.mutable_data_ptr<float>(), u_expected.mutable_data_ptr<float>());
    rows.swiglu_bf16(bits(rounded_gate), bits(rounded_up), 0, n, y.mutable_data_ptr<float>());
    rows.swiglu_bf16_backward(bits(rounded_gate), bits(rounded_up), d, 0, n, g.mutable_data_ptr<float>(), u.mutable_data_ptr<float>());
    for (const auto& [got, wanted] : {std::pair(&y, &expected), std::pair(&g, &g_expected), std::pair(&u, &u_expected)})
      EXPECT_LT(distance(at::nan_to_num(*got, 0, 0, 0), at::nan_to_num(*wanted, 0, 0, 0).to(at::kDouble)), 1e-6) << set->name;  // the last values of a part may be summed otherwise
    EXPECT_TRUE(at::isnan(y[3]).item<bool>()) << set->name;
  }
}

TEST(Kernels, NormOfARowThatOverflowsIsNotQuietlyZero) {
  const Tensor x = at::full({1, 8}, 1e25F), w = at::ones({8});
  for (const auto* set : cpu::all_kernels()) {
    Tensor y = at::zeros_like(x), rstd = at::zeros({1});
    set->f32.rows.rms_norm(x.const_data_ptr<float>(), w.const_data_ptr<float>(), 1e-5F, 0, 1, 8, y.mutable_data_ptr<float>(), rstd.mutable_data_ptr<float>());
    EXPECT_TRUE(at::isnan(y).all().item<bool>()) << set->name;
  }
}

TEST(Kernels, NormAndRotationEqualTheirDefinitions) {
  const std::int64_t rows = 5, width = 6 * 10;
  const Tensor x = random({rows, width}, 1), w = random({width}, 2), angle = random({rows, 5}, 3);
  const Tensor wide = x.to(at::kDouble), normed = wide * (wide.square().mean(1, true) + 1e-5).rsqrt() * w.to(at::kDouble);
  const Tensor cosine = angle.cos(), sine = angle.sin();
  const Tensor heads = wide.view({rows, 6, 2, 5}), c = cosine.to(at::kDouble).unsqueeze(1), s = sine.to(at::kDouble).unsqueeze(1);
  const Tensor a = heads.select(2, 0), b = heads.select(2, 1), turned = at::stack({a * c - b * s, b * c + a * s}, 2).view({rows, width});
  for (const auto* set : cpu::all_kernels()) {
    Tensor y = at::empty_like(x), rstd = at::empty({rows}), t = at::empty_like(x);
    set->f32.rows.rms_norm(x.const_data_ptr<float>(), w.const_data_ptr<float>(), 1e-5F, 0, rows, width, y.mutable_data_ptr<float>(), rstd.mutable_data_ptr<float>());
    set->f32.rows.rotate(x.const_data_ptr<float>(), cosine.const_data_ptr<float>(), sine.const_data_ptr<float>(), 1, 0, rows, 6, 10, t.mutable_data_ptr<float>());
    EXPECT_LT(distance(y, normed), 1e-6) << set->name;
    EXPECT_LT(distance(t, turned), 1e-6) << set->name;
  }
}

TEST(Kernels, ProductsOfRowsEqualTheirDefinitionForAnySizes) {
  for (const auto& [rows, columns, k] : std::vector<std::array<std::int64_t, 3>>{{1, 1, 1}, {4, 4, 64}, {7, 3, 33}, {48, 16, 576}, {5, 9, 15}}) {
    const Tensor a = random({rows, k + 3}, 1), b = random({columns, k + 1}, 2);  // rows lie further apart than k
    const Tensor left = a.narrow(1, 0, k).to(at::kDouble), right = b.narrow(1, 0, k).to(at::kDouble);
    const Tensor wide_a = a.to(at::kDouble), wide_b = b.to(at::kDouble), expected = left.matmul(right.t());
    for (const auto* set : cpu::all_kernels()) {
      Tensor c = at::full({rows, columns}, NAN), wide = at::full({rows, columns}, NAN, at::kDouble);
      set->f32.rows.row_products(a.const_data_ptr<float>(), k + 3, rows, b.const_data_ptr<float>(), k + 1, columns, k, c.mutable_data_ptr<float>());
      set->f64.rows.row_products(wide_a.const_data_ptr<double>(), k + 3, rows, wide_b.const_data_ptr<double>(), k + 1, columns, k,
                                 wide.mutable_data_ptr<double>());
      EXPECT_LT(distance(c, expected), 1e-6) << set->name << " " << rows << "x" << columns << "x" << k;
      EXPECT_LT(distance(wide, expected), 1e-14) << set->name << " " << rows << "x" << columns << "x" << k;
      EXPECT_NEAR(set->f64.rows.dot(wide_a.const_data_ptr<double>(), wide_b.const_data_ptr<double>(), k), expected[0][0].item<double>(), 1e-12);
    }
  }
}

// q [L, 2 heads of D] in wider rows, one of k's heads; forward and gradients against autograd in float64.
TEST(Kernels, AttentionAndItsGradientsEqualTheDefinition) {
  for (const auto& [length, size, window] : std::vector<std::array<std::int64_t, 3>>{{1, 8, 0}, {31, 8, 0}, {33, 20, 0}, {100, 64, 0}, {130, 64, 40}, {70, 16, 1}, {257, 12, 300}}) {
    const Tensor q = random({length, size}, 1), k = random({length, size}, 2), v = random({length, size}, 3), gy = random({length, size}, 4);
    std::vector<Tensor> wide;
    for (const auto& t : {q, k, v}) wide.push_back(t.to(at::kDouble).set_requires_grad(true));
    const Tensor age = at::arange(length).unsqueeze(1) - at::arange(length).unsqueeze(0);
    const Tensor hidden = age.lt(0).logical_or(window > 0 ? age.ge(window) : at::zeros_like(age).to(at::kBool));
    const Tensor scores = (wide[0].matmul(wide[1].t()) / std::sqrt(static_cast<double>(size))).masked_fill(hidden, -INFINITY);
    const Tensor expected = at::softmax(scores, 1).matmul(wide[2]);
    (expected * gy.to(at::kDouble)).sum().backward();
    const Tensor k_t = k.t().contiguous(), v_t = v.t().contiguous();
    for (const auto* set : cpu::all_kernels()) {
      Tensor y = at::full_like(q, NAN), log_sum = at::full({length}, NAN), gq = at::full_like(q, NAN), gk = at::full_like(q, NAN), gv = at::full_like(q, NAN);
      Tensor scratch = at::full({2 * cpu::kAttentionRows * cpu::attention_scratch_row(length)}, NAN);
      cpu::AttentionHead<float> head;
      head.length = length, head.size = size, head.window = window;
      head.scale = static_cast<float>(1 / std::sqrt(static_cast<double>(size)));
      head.q = q.const_data_ptr<float>(), head.k = k.const_data_ptr<float>(), head.v = v.const_data_ptr<float>();
      head.k_t = k_t.const_data_ptr<float>(), head.v_t = v_t.const_data_ptr<float>();
      head.q_row = head.kv_row = size, head.t_row = length;
      head.y = y.mutable_data_ptr<float>(), head.log_sum = log_sum.mutable_data_ptr<float>();
      set->f32.attention(head, scratch.mutable_data_ptr<float>());
      set->f32.attention_backward(head, {gy.const_data_ptr<float>(), gq.mutable_data_ptr<float>(), gk.mutable_data_ptr<float>(), gv.mutable_data_ptr<float>()},
                                  scratch.mutable_data_ptr<float>());
      const auto where = ::testing::Message() << set->name << ", length " << length << ", head " << size << ", window " << window;
      EXPECT_LT(distance(y, expected.detach()), 2e-6) << where;
      EXPECT_LT(distance(log_sum, at::logsumexp(scores.detach(), 1)), 2e-6) << where;
      EXPECT_LT(distance(gv, wide[2].grad()), 2e-6) << where;
      if (length == 1 || window == 1) continue;  // a single key: the gradients of q and k are zero
      EXPECT_LT(distance(gq, wide[0].grad()), 5e-6) << where;
      EXPECT_LT(distance(gk, wide[1].grad()), 5e-6) << where;
    }
  }
}

template <typename T>
void check_blocks(const cpu::RowKernels<T>& kernels, const char* name, at::ScalarType type, double limit) {
  for (const std::int64_t width : {1, 3, 16, 17, 24, 32, 50})
    for (const std::int64_t rows : {1, 5, 8, 24})
      for (const std::int64_t k : {8, 16}) {
        const std::int64_t padded = (width + kernels.lanes - 1) / kernels.lanes * kernels.lanes;
        const Tensor left = random({rows, k}, 1).to(type), right = at::zeros({k, padded}, at::TensorOptions(type)), g = at::full({rows * width + 2 * kernels.lanes}, 3, at::TensorOptions(type));
        right.narrow(1, 0, width).copy_(random({k, width}, 2));
        const Tensor own_g = g.narrow(0, 0, rows * width).view({rows, width});
        own_g.copy_(random({rows, width}, 3));
        const Tensor wide_left = left.to(at::kDouble), wide_right = right.narrow(1, 0, width).to(at::kDouble), wide_g = own_g.to(at::kDouble);
        const Tensor y = at::full({rows * width + 1}, 5, at::TensorOptions(type)), sums = at::zeros({rows, k, kernels.lanes}, at::TensorOptions(type)), right_gradient = at::zeros_like(right);
        kernels.add_block(left.const_data_ptr<T>(), right.const_data_ptr<T>(), padded, rows, width, k, y.mutable_data_ptr<T>());
        kernels.add_block_gradients(g.const_data_ptr<T>(), left.const_data_ptr<T>(), right.const_data_ptr<T>(), padded, rows, width, k, sums.mutable_data_ptr<T>(),
                                    right_gradient.mutable_data_ptr<T>());
        const auto where = [&] { return std::string(name) + ", " + std::to_string(rows) + " x " + std::to_string(width) + ", " + std::to_string(k); };
        EXPECT_LT(distance(y.narrow(0, 0, rows * width).view({rows, width}), wide_left.matmul(wide_right) + 5), limit) << where();
        EXPECT_EQ(y[rows * width].template item<double>(), 5) << where() << ": written beyond its end";
        EXPECT_LT(distance(sums.to(at::kDouble).sum(2), wide_g.matmul(wide_right.t())), limit) << where();
        EXPECT_LT(distance(right_gradient.narrow(1, 0, width), wide_left.t().matmul(wide_g)), limit) << where();
      }
}

TEST(Kernels, SmallBlocksEqualTheirDefinitionForAnySizes) {
  for (const auto* set : cpu::all_kernels()) {
    check_blocks<float>(set->f32.rows, set->name, at::kFloat, 2e-6);
    check_blocks<double>(set->f64.rows, set->name, at::kDouble, 1e-14);
  }
}

TEST(Kernels, SquaresOfColumnsEqualTheirDefinitionForAnySizes) {
  for (const std::int64_t width : {1, 15, 16, 37, 64})
    for (const std::int64_t rows : {1, 4, 7, 48}) {
      const Tensor x = random({rows, width}, 1), scale = random({rows}, 2), onto = random({width}, 4).abs();
      const Tensor expected = onto + (x.to(at::kDouble) * scale.to(at::kDouble).unsqueeze(1)).square().sum(0);
      for (const auto* set : cpu::all_kernels()) {
        Tensor sums = onto.clone();
        set->f32.rows.add_squares(x.const_data_ptr<float>(), rows, width, scale.const_data_ptr<float>(), sums.mutable_data_ptr<float>());
        EXPECT_LT(distance(sums, expected), 2e-6) << set->name << ", " << rows << " x " << width;
      }
    }
}

TEST(Kernels, DotsOfColumnsEqualTheirDefinitionForAnySizes) {
  const std::int64_t rows = 7;
  for (const std::int64_t width : {1, 16, 37, 300, 600}) {
    const Tensor b = random({rows, width}, 1), kept = b.to(at::kBFloat16), init = random({rows, width}, 2);
    std::vector<Tensor> x, scale;
    for (const std::uint64_t seed : {3, 5, 7}) {
      x.push_back(random({rows, width}, seed));
      scale.push_back(random({width}, seed + 1));
    }
    const auto wide = [](const Tensor& t) { return t.to(at::kDouble); };
    Tensor sum = at::zeros({rows, width}, at::kDouble);
    for (std::size_t i = 0; i < x.size(); ++i) sum += wide(x[i]) * wide(scale[i]);
    for (const auto* set : cpu::all_kernels()) {
      const auto& kernels = set->f32.rows;
      const std::int64_t half = width / 2;
      const auto in_two = [&](const auto& work) { work(0, half); work(half, width); };   // as two threads would
      Tensor dots = at::empty({width}), of_kept = at::empty({width});
      in_two([&](std::int64_t begin, std::int64_t end) {
        kernels.column_dots(x[0].const_data_ptr<float>(), b.const_data_ptr<float>(), rows, width, begin, end, dots.mutable_data_ptr<float>());
        kernels.column_dots_bf16(x[0].const_data_ptr<float>(), reinterpret_cast<const std::uint16_t*>(kept.const_data_ptr<at::BFloat16>()), rows, width, begin, end,
                                 of_kept.mutable_data_ptr<float>());
      });
      EXPECT_LT(distance(dots, (wide(x[0]) * wide(b)).sum(0)), 2e-6) << set->name << ", " << width;
      EXPECT_LT(distance(of_kept, (wide(x[0]) * wide(kept)).sum(0)), 2e-6) << set->name << ", " << width;
      for (const bool onto : {false, true}) {
        std::vector<Tensor> each;
        std::vector<cpu::ScaledColumns<float>> all;
        for (std::size_t i = 0; i < x.size(); ++i) {
          each.push_back(at::empty({width}));
          all.push_back({x[i].const_data_ptr<float>(), scale[i].const_data_ptr<float>(), each[i].mutable_data_ptr<float>()});
        }
        Tensor y = init.clone();
        in_two([&](std::int64_t begin, std::int64_t end) {
          kernels.column_dots_scaled(all.data(), 3, b.const_data_ptr<float>(), onto ? y.const_data_ptr<float>() : nullptr, rows, width, begin, end,
                                     y.mutable_data_ptr<float>());
        });
        EXPECT_LT(distance(y, onto ? sum + wide(init) : sum), 2e-6) << set->name << ", " << width;
        for (std::size_t i = 0; i < x.size(); ++i) EXPECT_LT(distance(each[i], (wide(x[i]) * wide(b)).sum(0)), 2e-6) << set->name << ", " << width << ", " << i;
      }
    }
  }
}

// Moments, the whole distribution (Kolmogorov's distance: 1.95 / sqrt(n) is passed once in a thousand) and neighbours of a million numbers.
TEST(Kernels, NoiseIsNormalAndByPlace) {
  const std::int64_t rows = 1000, width = 1001, n = rows * width;
  const Tensor deviation = at::linspace(0.5, 2, rows).to(at::kFloat);
  Tensor first;
  for (const auto* set : cpu::all_kernels()) {
    Tensor w = at::zeros({rows, width}), again = at::zeros({rows, width}), other = at::zeros({rows, width});
    const auto draw = [&](std::uint64_t stream, std::int64_t begin, std::int64_t end, Tensor& onto) {
      set->f32.rows.add_noise(deviation.const_data_ptr<float>(), stream, begin, end, width, onto.mutable_data_ptr<float>());
    };
    draw(1, 0, rows, w);
    draw(1, 400, rows, again);
    draw(1, 0, 400, again);
    draw(2, 0, rows, other);
    EXPECT_TRUE(w.equal(again)) << set->name << ": who draws a row does not matter";
    const auto plain = [&](const Tensor& t) { return (t.to(at::kDouble) / deviation.to(at::kDouble).unsqueeze(1)).reshape(-1); };
    const Tensor z = plain(w);
    const double root = std::sqrt(static_cast<double>(n));
    EXPECT_LT(std::abs(z.mean().item<double>()), 4 / root) << set->name;
    EXPECT_LT(std::abs(z.square().mean().item<double>() - 1), 4 * std::sqrt(2.0) / root) << set->name;
    EXPECT_LT(std::abs(z.pow(3).mean().item<double>()), 4 * std::sqrt(15.0) / root) << set->name;
    EXPECT_LT(std::abs(z.pow(4).mean().item<double>() - 3), 4 * std::sqrt(96.0) / root) << set->name;
    const Tensor sorted = std::get<0>(z.sort()), share = (at::arange(n, at::kDouble) + 0.5) / n;
    EXPECT_LT(((1 + at::erf(sorted / std::sqrt(2.0))) / 2 - share).abs().max().item<double>(), 1.95 / root) << set->name;
    const Tensor grid = z.view({rows, width});
    for (const Tensor& product : {grid.narrow(1, 0, width - 1) * grid.narrow(1, 1, width - 1), grid.narrow(0, 0, rows - 1) * grid.narrow(0, 1, rows - 1), z * plain(other)})
      EXPECT_LT(std::abs(product.mean().item<double>()), 4 / std::sqrt(static_cast<double>(product.numel()))) << set->name;
    if (!first.defined()) first = z;
    EXPECT_LT((z - first).abs().max().item<double>(), 2e-6) << set->name << ": every kind of processor draws the same";
  }
}

}  // namespace
}  // namespace weft
