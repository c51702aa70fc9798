// SPDX-License-Identifier: GPL-3.0-or-later
// The products of bfloat16 of every set of kernels that this processor has, and the loops for AMX over a model of its instructions, against
// the definition in float64.
#include "engine/kernels/cpu/gemm_bf16.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "engine/kernels/cpu/kernels.h"
#include "tests/unit/kernels/tile_model.h"

namespace weft::cpu {
namespace {

struct Subject {
  std::string name;
  const Bf16Kernels* bf16;
};

std::vector<Subject> subjects() {
  std::vector<Subject> all;
  for (const auto* set : all_kernels()) {
    all.push_back({set->name, &set->bf16});
#if defined(__x86_64__)
    if (all.back().name == "avx512bf16") all.push_back({"model of tiles", &kBf16OfTileModel});
#endif
  }
  return all;
}

// To the nearest number of 8 bits, ties to even.
double rounded(double x) {
  int exponent = 0;
  const double fraction = std::frexp(x, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(fraction, 8)), exponent - 8);
}

using Values = std::vector<float>;

Values values(std::int64_t count, std::uint32_t seed) {
  Values v(static_cast<std::size_t>(count));
  std::uint32_t state = seed * 2654435761U + 1;
  for (auto& x : v) {
    state = state * 1664525U + 1013904223U;
    x = static_cast<float>(state >> 8) / 8388608.0F - 1.0F;
  }
  return v;
}
Values powers_of_two(std::int64_t count, std::uint32_t seed) {
  Values v = values(count, seed);
  for (auto& x : v) x = std::ldexp(1.0F, static_cast<int>(x * 2.99F));
  return v;
}

struct Scratch {
  std::unique_ptr<void, decltype(&std::free)> memory{std::aligned_alloc(64, kBf16ScratchBytes), &std::free};
  // full of NaN: what was not packed must not be read
  void* poisoned() const { return std::memset(memory.get(), 0xff, kBf16ScratchBytes); }
};

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// One term, held as it lies in memory.
struct Operands {
  std::int64_t m, n, k;
  bool a_transposed, b_transposed;
  Values a, b, row_scale, column_scale;
  float scale = 1;

  Operands(std::int64_t m_, std::int64_t n_, std::int64_t k_, bool a_t, bool b_t, std::uint32_t seed)
      : m(m_), n(n_), k(k_), a_transposed(a_t), b_transposed(b_t), a(values(m * k, seed)), b(values(k * n, seed + 1)) {}

  [[nodiscard]] GemmTerm<float> term() const {
    GemmTerm<float> t;
    t.a = a.data(), t.a_row = a_transposed ? 1 : k, t.a_column = a_transposed ? m : 1;
    t.b = b.data(), t.b_row = b_transposed ? 1 : n, t.b_column = b_transposed ? k : 1;
    t.k = k, t.scale = scale;
    t.row_scale = row_scale.empty() ? nullptr : row_scale.data();
    t.column_scale = column_scale.empty() ? nullptr : column_scale.data();
    return t;
  }
};

double at(const GemmTerm<float>& t, std::int64_t i, std::int64_t p) { return t.a[i * t.a_row + p * t.a_column]; }
double scaled_b(const GemmTerm<float>& t, const float* b, std::int64_t p, std::int64_t j) {
  return double{b[p * t.b_row + j * t.b_column]} * t.scale * (t.row_scale ? t.row_scale[p] : 1.0F) * (t.column_scale ? t.column_scale[j] : 1.0F);
}

struct Sums {
  std::vector<double> sum, absolute;   // and of the magnitudes, what errors are measured in
  Sums(std::int64_t m, std::int64_t n) : sum(static_cast<std::size_t>(m * n)), absolute(sum) {}
  // b: what term.b is, or the values of what term.coded holds
  void add(const GemmTerm<float>& t, const float* b, std::int64_t m, std::int64_t n, bool split) {
    const auto value = [&](double x) { return split ? x : rounded(x); };
    std::vector<double> row(static_cast<std::size_t>(n));
    for (std::int64_t p = 0; p < t.k; ++p) {
      for (std::int64_t j = 0; j < n; ++j) row[static_cast<std::size_t>(j)] = value(scaled_b(t, b, p, j));
      for (std::int64_t i = 0; i < m; ++i) {
        const double x = value(at(t, i, p));
        for (std::int64_t j = 0; j < n; ++j) add(i * n + j, x * row[static_cast<std::size_t>(j)]);
      }
    }
  }
  void add(std::int64_t element, double value) {
    sum[static_cast<std::size_t>(element)] += value;
    absolute[static_cast<std::size_t>(element)] += std::abs(value);
  }
};

// The largest error of an element, in parts of the sum of the magnitudes of its terms.
double largest_error(const Values& got, std::int64_t row, const Sums& expected, std::int64_t m, std::int64_t n) {
  double largest = 0;
  for (std::int64_t i = 0; i < m; ++i)
    for (std::int64_t j = 0; j < n; ++j) {
      const auto e = static_cast<std::size_t>(i * n + j);
      const double error = std::abs(got[static_cast<std::size_t>(i * row + j)] - expected.sum[e]) / (expected.absolute[e] + 1e-30);
      if (!(error <= largest)) largest = error;  // keeps a NaN
      if (std::isnan(largest)) return largest;
    }
  return largest;
}

struct Shape {
  std::int64_t m, n, k;
};
constexpr Shape kShapes[] = {{1, 1, 1},    {1, 48, 64},   {64, 1, 33},   {3, 5, 7},     {16, 16, 32},   {8, 48, 192},  {9, 49, 193}, {17, 16, 300},
                             {33, 17, 64}, {32, 32, 384}, {48, 64, 385}, {40, 33, 191}, {64, 100, 801}, {31, 96, 129}, {512, 20, 40}};

// Sums in float32, in any order: each addition is right to 2^-24 of what is added so far. 2^-20 leaves room for sixteen such errors in a
// row, which random signs do not reach in a thousand terms.
constexpr double kFloat32Sum = 0x1p-20;
// Of one product of split operands: lo lo, and the rounding of each lo, are 2^-18 of it each.
constexpr double kThreeProducts = 3 * 0x1p-18 + kFloat32Sum;

constexpr double bound_of(bool split) { return split ? kThreeProducts : kFloat32Sum; }
GemmBf16 gemm_of(const Subject& subject, bool split) { return (split ? subject.bf16->split : subject.bf16->rounded).run; }

// Both products of every subject, from nothing, from a row and added to what is there.
void check(const std::vector<GemmTerm<float>>& terms, const std::vector<const float*>& b, const Shape& s, const std::string& what) {
  static const Scratch scratch;
  const auto& [m, n, k] = s;
  const std::int64_t row = n + 3;
  const Values bias = values(n, 90), start = values(m * row, 91);
  for (const bool split : {false, true}) {
    Sums products(m, n);
    for (std::size_t i = 0; i < terms.size(); ++i) products.add(terms[i], b[i], m, n, split);
    enum { Nothing, Row, Itself };
    for (const int init : {Nothing, Row, Itself}) {
      Sums expected = products;
      for (std::int64_t i = 0; i < m * n && init != Nothing; ++i)
        expected.add(i, init == Row ? bias[static_cast<std::size_t>(i % n)] : start[static_cast<std::size_t>(i / n * row + i % n)]);
      for (const auto& subject : subjects()) {
        Values out = init == Itself ? start : Values(start.size(), kNan);
        for (std::int64_t i = 0; i < m * row; ++i)
          if (i % row >= n) out[static_cast<std::size_t>(i)] = kNan;
        const float* from = init == Nothing ? nullptr : init == Row ? bias.data() : out.data();
        gemm_of(subject, split)(terms.data(), static_cast<int>(terms.size()), {.c = out.data(), .c_row = row, .init = from, .init_row = init == Itself ? row : 0},
                                {.row = 0, .row_end = m, .column = 0, .column_end = n}, scratch.poisoned());
        EXPECT_LE(largest_error(out, row, expected, m, n), bound_of(split))
            << subject.name << (split ? ", split " : " ") << m << " x " << n << " x " << k << ' ' << what << ", init " << init;
        for (std::int64_t i = 0; i < m * row; ++i)
          ASSERT_TRUE(i % row < n || std::isnan(out[static_cast<std::size_t>(i)])) << subject.name << " wrote beyond its columns";
      }
    }
  }
}

// Scales are powers of two, so that it does not matter whether they come before or after the rounding.
TEST(GemmBf16, SumOfTwoTermsEqualsTheDefinition) {
  for (const auto& shape : kShapes)
    for (const bool a_transposed : {false, true})
      for (const bool b_transposed : {false, true}) {
        Operands first(shape.m, shape.n, shape.k, a_transposed, b_transposed, 1), second(shape.m, shape.n, 3, false, false, 5);
        first.row_scale = powers_of_two(shape.k, 11), first.column_scale = powers_of_two(shape.n, 12), first.scale = 0.5F;
        check({first.term(), second.term()}, {first.b.data(), second.b.data()}, shape,
              std::string(a_transposed ? "a transposed " : "") + (b_transposed ? "b transposed" : ""));
      }
}

TEST(GemmBf16, OneTermWithoutScalesEqualsTheDefinition) {
  for (const auto& shape : kShapes)
    for (const bool b_transposed : {false, true}) {
      const Operands only(shape.m, shape.n, shape.k, false, b_transposed, 3);
      check({only.term()}, {only.b.data()}, shape, b_transposed ? "b transposed" : "");
    }
}

// Weights as they lie in a file: 2 bytes a value, and blocks of 32 with a scale.
TEST(GemmBf16, StoredWeightEqualsItsValues) {
  constexpr std::int64_t kRows = 96, kColumns = 160;
  const Scratch scratch;
  struct Stored {
    Code code;
    std::int64_t row_bytes;
  };
  for (const auto& [code, row_bytes] : {Stored{Code::BF16, 2 * kColumns}, Stored{Code::F16, 2 * kColumns}, Stored{Code::Q8_0, kColumns / 32 * 34}}) {
    std::vector<std::byte> data(static_cast<std::size_t>(kRows * row_bytes));
    for (std::size_t i = 0; i < data.size(); ++i) data[i] = static_cast<std::byte>(i * 37 % 251);
    const std::size_t step = code == Code::Q8_0 ? 34 : 2;  // of what must not be NaN or infinite: the high byte of a value or of a block's scale
    for (std::size_t i = 1; i < data.size(); i += step) data[i] = static_cast<std::byte>(code == Code::BF16 ? 0x3e + i % 3 : 0x20 + i % 16);
    const CodedMatrix matrix{.code = code, .data = data.data(), .row_bytes = row_bytes};
    Values plain(static_cast<std::size_t>(kRows * kColumns));
    for (std::int64_t r = 0; r < kRows; ++r) kPlain.f32.decode(matrix, r, 0, kColumns, plain.data() + r * kColumns);
    for (const bool transposed : {false, true}) {
      const Shape shape{21, transposed ? kRows : kColumns, transposed ? kColumns : kRows};
      Operands o(shape.m, shape.n, shape.k, false, transposed, 7);
      o.row_scale = powers_of_two(shape.k, 13);
      GemmTerm<float> term = o.term(), coded = term;
      coded.b = nullptr, coded.coded = &matrix, coded.b_row = transposed ? 1 : 0, coded.b_column = transposed ? 0 : 1;
      for (const bool split : {false, true}) {
        Sums expected(shape.m, shape.n);
        expected.add(term, plain.data(), shape.m, shape.n, split);
        for (const auto& subject : subjects()) {
          Values out(static_cast<std::size_t>(shape.m * shape.n), kNan);
          gemm_of(subject, split)(&coded, 1, {.c = out.data(), .c_row = shape.n}, {0, shape.m, 0, shape.n}, scratch.poisoned());
          EXPECT_LE(largest_error(out, shape.n, expected, shape.m, shape.n), bound_of(split))
              << subject.name << (split ? ", split" : "") << ", code " << static_cast<int>(code) << (transposed ? " transposed" : "");
        }
      }
    }
  }
}

TEST(GemmBf16, PartsOfCHaveTheBitsOfTheWhole) {
  const std::int64_t m = 75, n = 400, k = 450;
  const Operands o(m, n, k, false, true, 9);
  const GemmTerm<float> term = o.term();
  const Scratch scratch;
  for (const auto& subject : subjects())
    for (const Bf16Product* product : {&subject.bf16->rounded, &subject.bf16->split}) {
      Values whole(static_cast<std::size_t>(m * n), kNan), parts = whole, shared = whole;
      product->run(&term, 1, {.c = whole.data(), .c_row = n}, {0, m, 0, n}, scratch.poisoned());
      const std::int64_t rows[] = {0, 5, 37, 69, m};
      const auto in_parts = [&](const GemmTerm<float>& of, Values& c) {
        for (int r = 0; r < 4; ++r)
          for (std::int64_t column = 0; column < n; column += subject.bf16->columns)
            product->run(&of, 1, {.c = c.data(), .c_row = n}, {rows[r], rows[r + 1], column, std::min(n, column + subject.bf16->columns)}, scratch.poisoned());
      };
      in_parts(term, parts);
      EXPECT_EQ(std::memcmp(whole.data(), parts.data(), whole.size() * sizeof(float)), 0) << subject.name;
      if (!product->pack) continue;
      // rows packed once for all parts, a few at a time
      const std::unique_ptr<void, decltype(&std::free)> packed(std::aligned_alloc(64, static_cast<std::size_t>(product->packed_bytes(m, k))), &std::free);
      GemmTerm<float> ready = term;
      ready.packed_a = packed.get();
      ready.packed_rows = m;
      for (std::int64_t row = 0; row < m; row += 32) product->pack(ready, row, std::min(m, row + 32), packed.get());
      in_parts(ready, shared);
      EXPECT_EQ(std::memcmp(whole.data(), shared.data(), whole.size() * sizeof(float)), 0) << subject.name << ", packed before";
    }
}

TEST(GemmBf16, NanStaysInItsRow) {
  const std::int64_t m = 40, n = 50, k = 70;
  Operands o(m, n, k, false, false, 15);
  o.a[20 * k + 69] = kNan;
  const GemmTerm<float> term = o.term();
  const Scratch scratch;
  for (const auto& subject : subjects())
    for (const GemmBf16 gemm : {subject.bf16->rounded.run, subject.bf16->split.run}) {
      Values out(static_cast<std::size_t>(m * n));
      gemm(&term, 1, {.c = out.data(), .c_row = n}, {0, m, 0, n}, scratch.poisoned());
      for (std::int64_t i = 0; i < m * n; ++i) ASSERT_EQ(std::isnan(out[static_cast<std::size_t>(i)]), i / n == 20) << subject.name << ' ' << i;
    }
}

// By the norm of the whole, as errors of float32 products (3e-7) and of bfloat16 ones (2e-3) are stated.
TEST(GemmBf16, ThreeProductsAreRightToFivePartsInAMillion) {
  const Shape s{64, 96, 576};
  const Operands o(s.m, s.n, s.k, false, true, 21);
  const GemmTerm<float> term = o.term();
  Sums expected(s.m, s.n);
  expected.add(term, o.b.data(), s.m, s.n, true);
  const Scratch scratch;
  for (const auto& subject : subjects()) {
    const auto distance = [&](GemmBf16 gemm) {
      Values out(static_cast<std::size_t>(s.m * s.n));
      gemm(&term, 1, {.c = out.data(), .c_row = s.n}, {0, s.m, 0, s.n}, scratch.poisoned());
      double error = 0, norm = 0;
      for (std::size_t i = 0; i < out.size(); ++i) error += std::pow(out[i] - expected.sum[i], 2), norm += std::pow(expected.sum[i], 2);
      return std::sqrt(error / norm);
    };
    const double three = distance(subject.bf16->split.run), one = distance(subject.bf16->rounded.run);
    EXPECT_LT(three, 6e-6) << subject.name;
    EXPECT_GT(one, 1e-3) << subject.name;
    RecordProperty("error of " + subject.name, std::to_string(three * 1e6) + "e-6");
  }
}

// One head, by the definition in double; window 0: all keys up to the query's own.
struct PlainHead {
  PlainHead(std::int64_t length, std::int64_t size, std::int64_t window, const Values& q, const Values& k, const Values& v, const Values& gy)
      : y(length * size), gq(length * size), gk(length * size), gv(length * size), log_sum(length) {
    const double scale = 1 / std::sqrt(static_cast<double>(size));
    const auto at = [&](const Values& x, std::int64_t row, std::int64_t d) { return static_cast<double>(x[static_cast<std::size_t>(row * size + d)]); };
    for (std::int64_t i = 0; i < length; ++i) {
      const std::int64_t first = window > 0 && i >= window ? i - window + 1 : 0;
      std::vector<double> p, gp;
      double sum = 0, dot = 0;
      for (std::int64_t j = first; j <= i; ++j) {
        double s = 0;
        for (std::int64_t d = 0; d < size; ++d) s += at(q, i, d) * at(k, j, d);
        p.push_back(std::exp(s * scale));
        sum += p.back();
      }
      log_sum[static_cast<std::size_t>(i)] = std::log(sum);
      for (auto& x : p) x /= sum;
      for (std::int64_t j = first; j <= i; ++j) {
        const double weight = p[static_cast<std::size_t>(j - first)];
        double g = 0;
        for (std::int64_t d = 0; d < size; ++d) {
          y[static_cast<std::size_t>(i * size + d)] += weight * at(v, j, d);
          gv[static_cast<std::size_t>(j * size + d)] += weight * at(gy, i, d);
          g += at(gy, i, d) * at(v, j, d);
        }
        gp.push_back(g);
        dot += g * weight;
      }
      for (std::int64_t j = first; j <= i; ++j) {
        const double gs = p[static_cast<std::size_t>(j - first)] * (gp[static_cast<std::size_t>(j - first)] - dot) * scale;
        for (std::int64_t d = 0; d < size; ++d) {
          gq[static_cast<std::size_t>(i * size + d)] += gs * at(k, j, d);
          gk[static_cast<std::size_t>(j * size + d)] += gs * at(q, i, d);
        }
      }
    }
  }
  std::vector<double> y, gq, gk, gv, log_sum;
};

double farthest(const Values& got, const std::vector<double>& wanted) {
  double most = 0, size = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    most = std::max(most, std::abs(static_cast<double>(got[i]) - wanted[i]));
    size = std::max(size, std::abs(wanted[i]));
  }
  return most / size;
}

// Two roundings to 8 bits on the way of each number: some 2^-8 of the largest. Lengths and sizes that are no whole tiles among them.
TEST(Attention, OfPairsIsTheDefinitionInEverySetThatHasIt) {
  int checked = 0;
  for (const auto& subject : subjects()) {
    const AttentionBf16& attention = subject.bf16->attention;
    if (!attention.forward) continue;
    ++checked;
    for (const auto& [length, size, window] : {std::array<std::int64_t, 3>{5, 64, 0}, {33, 64, 0}, {97, 64, 0}, {130, 40, 0}, {70, 16, 0}, {61, 10, 0}, {100, 64, 37}}) {
      const Values q = values(length * size, 1), k = values(length * size, 2), v = values(length * size, 3), gy = values(length * size, 4);
      const PlainHead plain(length, size, window, q, k, v, gy);
      const std::int64_t t_row = length, row = attention_pairs_row(size), half = (size + 1) / 2;
      const auto words = [](std::int64_t count) { return std::vector<std::uint32_t>(static_cast<std::size_t>(count)); };
      auto k_t = words(half * t_row + 16), v_t = words(half * t_row + 16), k_rows = words((length / 2 + 1) * row), v_rows = words((length / 2 + 1) * row);
      attention.pairs_along_columns(k.data(), size, length, size, k_t.data(), t_row);
      attention.pairs_along_columns(v.data(), size, length, size, v_t.data(), t_row);
      attention.pairs_along_rows(k.data(), size, length, size, k_rows.data(), row);
      attention.pairs_along_rows(v.data(), size, length, size, v_rows.data(), row);
      const AttentionPairs pairs{.k_t = k_t.data(), .v_t = v_t.data(), .k = k_rows.data(), .v = v_rows.data(), .t_row = t_row, .row = row};
      const auto bytes = static_cast<std::size_t>(attention_pairs_scratch(length, size)) * sizeof(float) / 64 * 64 + 64;
      const std::unique_ptr<float, decltype(&std::free)> scratch(static_cast<float*>(std::aligned_alloc(64, bytes)), std::free);
      std::memset(scratch.get(), 0xff, bytes);  // not a number, wherever it is read before it is written
      const auto empty = [&] { return Values(static_cast<std::size_t>(length * size)); };
      Values y = empty(), gq = empty(), gk = empty(), gv = empty(), log_sum(static_cast<std::size_t>(length));
      AttentionHead<float> head;
      head.length = length;
      head.size = size;
      head.window = window;
      head.scale = static_cast<float>(1 / std::sqrt(static_cast<double>(size)));
      head.q = q.data();
      head.q_row = head.kv_row = size;
      head.y = y.data();
      head.log_sum = log_sum.data();
      attention.forward(head, pairs, scratch.get());
      attention.backward(head, pairs, {gy.data(), gq.data(), gk.data(), gv.data()}, scratch.get());
      const std::string what = subject.name + ", " + std::to_string(length) + " x " + std::to_string(size);
      EXPECT_LT(farthest(y, plain.y), 1.2e-2) << what;
      EXPECT_LT(farthest(log_sum, plain.log_sum), 4e-3) << what;
      EXPECT_LT(farthest(gq, plain.gq), 1.2e-2) << what;
      EXPECT_LT(farthest(gk, plain.gk), 1.2e-2) << what;
      EXPECT_LT(farthest(gv, plain.gv), 1.2e-2) << what;
    }
  }
  EXPECT_TRUE(checked != 1) << "where there are pairs, there is the model of tiles too";
}

}  // namespace
}  // namespace weft::cpu
