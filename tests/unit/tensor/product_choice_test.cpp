// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/product_choice.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <vector>

#include "engine/core/files.h"
#include "engine/tensor/matmul.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

using Maker = ProductChoice::Maker;
using Seconds = ProductChoice::Seconds;

const ProductShape kShape{512, 576, 1536, true};

class InUse {
 public:
  explicit InUse(ProductChoice& choice) { choose_products_by(&choice); }
  ~InUse() { choose_products_by(nullptr); }
};

Tensor random(std::vector<std::int64_t> sizes, std::uint64_t seed) { return at::randn(sizes, make_generator(seed), at::TensorOptions(at::kFloat)); }

TEST(ProductChoice, TheClearlyFasterOneIsTakenAndAskedForOnce) {
  ProductChoice choice(Maker::Measured);
  int trials = 0;
  const auto trial = [&](double own, double library) { return [&trials, own, library] { return ++trials, Seconds{own, library}; }; };
  EXPECT_TRUE(choice.library(kShape, trial(2, 1)));
  EXPECT_TRUE(choice.library(kShape, trial(1, 2)));           // known
  EXPECT_FALSE(choice.library({512, 576, 1536, false}, trial(1, 2)));
  EXPECT_FALSE(choice.library({256, 576, 1536, true}, trial(1, 0.97)));  // not clearly
  EXPECT_EQ(trials, 3);
  const auto news = choice.take_news();
  ASSERT_TRUE(news.ok());
  ASSERT_EQ(news->size(), 3U);
  EXPECT_NE(news->front().find("512 x 576 x 1536 transposed: the library (1000.00 ms, own kernels 2000.00 ms)"), std::string::npos) << news->front();
  EXPECT_TRUE(choice.take_news()->empty());
}

TEST(ProductChoice, WhatWasMeasuredIsKeptAndABrokenFileIsAsGoodAsNone) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "products" / "machine.json";
  ProductChoice first(Maker::Measured, file);
  EXPECT_TRUE(first.library(kShape, [] { return Seconds{2, 1}; }));
  ASSERT_TRUE(first.take_news().ok());
  ProductChoice second(Maker::Measured, file);
  EXPECT_TRUE(second.library(kShape, []() -> Seconds { ADD_FAILURE() << "tried again"; return {1, 2}; }));
  for (const char* text : {"", "[[1]]", "{}", "[[512,576,1536,true,-2,1]]", "[[512,576,1536,\"x\",2,1]]"}) {
    std::ofstream(file) << text;
    ProductChoice broken(Maker::Measured, file);
    EXPECT_FALSE(broken.library(kShape, [] { return Seconds{1, 2}; })) << text;
  }
}

TEST(ProductChoice, AFolderThatCannotBeWrittenIsSaid) {
  const test::TemporaryFolder folder;
  std::ofstream(folder.path() / "file") << "x";
  ProductChoice choice(Maker::Measured, folder.path() / "file" / "machine.json");
  (void)choice.library(kShape, [] { return Seconds{2, 1}; });
  EXPECT_FALSE(choice.take_news().ok());
}

// Whoever makes it: forms that the library takes (over nothing, a row, a matrix, itself; scaled; both layouts; with a low-rank term) and
// forms that it does not.
TEST(ProductChoice, TheLibraryGivesTheSameProducts) {
  const Tensor a = random({300, 256}, 1), w = random({320, 256}, 2), v = random({256, 320}, 3), u = random({300, 8}, 4), l = random({320, 8}, 5);
  const Tensor row = random({320}, 6), matrix = random({300, 320}, 7), scale = random({320}, 8);
  const auto all = [&] {
    std::vector<Tensor> results;
    const auto add = [&](const Tensor& init, std::initializer_list<Product> products) {
      const Tensor out = at::full({300, 340}, 7.0).narrow(1, 0, 320);   // rows wider than the product
      sum_of_products(out, init, products);
      results.push_back(out.contiguous());
    };
    add({}, {{a, w.t(), 1, {}, {}}});
    add({}, {{a, v, 1, {}, {}}});
    add(row, {{a, w.t(), 2, {}, {}}, {u, l.t(), 0.5, {}, {}}});
    add(matrix, {{u, l.t(), 0.5, {}, {}}, {a, v, 1, {}, {}}});
    add({}, {{a, w.t(), 3, {}, {}}});
    add({}, {{a, w.t(), 1, {}, scale}});
    const Tensor onto = matrix.clone(), other = at::empty({300, 320});
    sums_of_products(std::array{SumOfProducts{onto, onto, {{a, v, 1, {}, {}}}}, SumOfProducts{other, {}, {{u, l.t(), 1, {}, {}}}}});
    results.insert(results.end(), {onto, other});
    return results;
  };
  const auto own = all();
  ProductChoice choice(Maker::Library);
  const InUse in_use(choice);
  const auto library = all();
  for (std::size_t i = 0; i < own.size(); ++i)
    EXPECT_LT(((library[i] - own[i]).norm() / own[i].norm()).item<double>(), 1e-6) << i;  // 24 bits, sums of 256 terms in another order
}

TEST(ProductChoice, MeasuresOnlyLargeFloat32ProductsOfPlainWeights) {
  ProductChoice choice(Maker::Measured);
  const InUse in_use(choice);
  const Tensor a = random({300, 256}, 1), w = random({320, 256}, 2), scale = random({320}, 3), out = at::empty({300, 320});
  sum_of_products(out, {}, {{a, w.t(), 1, {}, scale}});
  sum_of_products(out, {}, {{a, w.t(), 1, {}, {}}}, Precision::Bf16);
  (void)product(a.narrow(0, 0, 8), w.t());
  (void)product(a.to(at::kDouble), w.to(at::kDouble).t());
  EXPECT_TRUE(choice.take_news()->empty());
  sum_of_products(out, {}, {{a, w.t(), 1, {}, {}}});
  EXPECT_EQ(choice.take_news()->size(), 1U);
}

// A start works on a matrix a thread: none of them may ask, or be timed.
TEST(ProductChoice, IsNotAskedByThreadsThatMakeProductsOfTheirOwn) {
  const int threads = at::get_num_threads();
  at::set_num_threads(2);
  const Tensor a = random({256, 256}, 1), b = random({256, 512}, 2), wanted = product(a, b);
  ProductChoice choice(Maker::Measured);
  const InUse in_use(choice);
  std::array<Tensor, 4> made;
  at::parallel_for(0, 4, 1, [&](std::int64_t begin, std::int64_t end) {
    for (auto i = begin; i < end; ++i) made.at(static_cast<std::size_t>(i)) = product(a, b);
  });
  at::set_num_threads(threads);
  EXPECT_TRUE(choice.take_news()->empty());
  for (const auto& one : made) EXPECT_TRUE(one.equal(wanted));
}

}  // namespace
}  // namespace weft
