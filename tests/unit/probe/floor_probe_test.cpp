// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probe/floor_probe.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>

namespace weft {
namespace {

CalibrateRequest small_model() {
  CalibrateRequest r;
  r.matrices = {{8, 8, 2}};
  r.layers = 2;
  r.width = 8;
  r.heads = 2;
  r.kv_heads = 1;
  r.head_size = 4;
  r.vocabulary = 16;
  r.segments = {0, 5};
  r.head_rows = 3;
  r.threads = 1;
  r.seconds = 0.001;
  return r;
}

TEST(FloorProbe, EndsWhereItIsToldAndLeavesTheThreadsAsTheyWere) {
  at::set_num_threads(2);
  CalibrateRequest request = small_model();
  int asked = 0;
  request.cancelled = [&] {
    ++asked;
    return false;
  };
  const auto whole = measure_floor(request);
  ASSERT_TRUE(whole.ok()) << whole.status().message();
  EXPECT_GT(whole->own.total(), 0);
  EXPECT_EQ(at::get_num_threads(), 2);
  // before it begins; five copies; two matrices, two layers and one tile of the output layer, by both libraries, four rounds at least
  EXPECT_GE(asked, 1 + 5 + (2 + 2 + 1) * 2 * 4);
  for (const int last : {1, 3, 12}) {   // before, in the copies, in the products
    int questions = 0;
    request.cancelled = [&] { return ++questions == last; };
    EXPECT_EQ(measure_floor(request).status().code(), ErrorCode::Cancelled) << last;
    EXPECT_EQ(questions, last);
    EXPECT_EQ(at::get_num_threads(), 2);
  }
}

}  // namespace
}  // namespace weft
