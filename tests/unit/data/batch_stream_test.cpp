// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "engine/data/data_set.h"
#include "engine/data/shuffle.h"

namespace weft {
namespace {

// Row r has tokens r*1000 + i, so that every token of a batch tells where it comes from; every third is masked.
std::vector<TokenRow> make_rows(std::int64_t count, std::uint64_t seed = 7) {
  SplitMix64 random(seed);
  std::vector<TokenRow> rows;
  for (std::int64_t r = 0; r < count; ++r) {
    TokenRow row;
    const auto length = std::int32_t(2 + random.below(60));
    for (std::int32_t i = 0; i < length; ++i) {
      row.ids.push_back(std::int32_t(r) * 1000 + i);
      row.labels.push_back(i == 0 || i % 3 == 0 ? kNoLabel : row.ids.back());
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void expect_well_formed(const PackedBatch& batch) {
  ASSERT_GE(batch.segments.size(), 2u);
  EXPECT_EQ(batch.segments.front(), 0);
  EXPECT_EQ(batch.segments.back(), batch.tokens());
  ASSERT_EQ(batch.targets.size(), batch.ids.size());
  ASSERT_EQ(batch.positions.size(), batch.ids.size());
  std::int64_t trained = 0;
  for (std::size_t s = 0; s + 1 < batch.segments.size(); ++s) {
    const auto begin = std::size_t(batch.segments[s]), end = std::size_t(batch.segments[s + 1]);
    ASSERT_LT(begin, end);
    EXPECT_EQ(batch.targets[end - 1], kNoLabel) << "the last token of a segment must not look into the next";
    for (std::size_t i = begin; i < end; ++i) {
      EXPECT_EQ(batch.positions[i], std::int32_t(i - begin));
      EXPECT_EQ(batch.ids[i] / 1000, batch.ids[begin] / 1000) << "one row a segment";
      if (batch.targets[i] == kNoLabel) continue;
      EXPECT_EQ(batch.targets[i], batch.ids[i + 1]);
      ++trained;
    }
  }
  EXPECT_EQ(batch.trained_tokens, trained);
}

std::vector<std::int32_t> row_numbers(const PackedBatch& batch) {
  std::vector<std::int32_t> rows;
  for (std::size_t s = 0; s + 1 < batch.segments.size(); ++s)
    rows.push_back(batch.ids[std::size_t(batch.segments[s])] / 1000);
  return rows;
}

bool same(const PackedBatch& a, const PackedBatch& b) {
  return a.ids == b.ids && a.targets == b.targets && a.positions == b.positions && a.segments == b.segments &&
         a.trained_tokens == b.trained_tokens;
}

TEST(BatchStream, EveryTokenOnceAnEpoch) {
  const auto rows = make_rows(100);
  std::int64_t tokens = 0, labels = 0;
  for (const auto& row : rows) {
    tokens += std::int64_t(row.ids.size());
    labels += std::count_if(row.labels.begin(), row.labels.end(), [](auto label) { return label != kNoLabel; });
  }
  for (const bool pack : {true, false}) {
    BatchStream stream(rows, {.batch_tokens = 128, .shuffle = true, .pack = pack, .seed = 3});
    for (int epoch = 0; epoch < 3; ++epoch) {
      std::map<std::int32_t, int> seen;
      std::int64_t seen_tokens = 0, trained = 0;
      while (stream.epoch() < epoch + 1) {
        const PackedBatch batch = stream.next();
        expect_well_formed(batch);
        EXPECT_LE(batch.tokens(), 128);
        for (const auto row : row_numbers(batch)) ++seen[row];
        seen_tokens += batch.tokens();
        trained += batch.trained_tokens;
      }
      EXPECT_EQ(seen.size(), rows.size());
      for (const auto& [row, times] : seen) EXPECT_EQ(times, 1) << row;
      EXPECT_EQ(seen_tokens, tokens);
      EXPECT_EQ(trained, labels);
    }
  }
}

TEST(BatchStream, PackingFillsBatches) {
  const auto rows = make_rows(400);
  std::int64_t tokens = 0;
  for (const auto& row : rows) tokens += std::int64_t(row.ids.size());
  auto batches = [&](bool pack) {
    BatchStream stream(rows, {.batch_tokens = 128, .shuffle = true, .pack = pack, .seed = 3});
    int count = 0;
    for (; stream.epoch() < 1; ++count) (void)stream.next();
    return count;
  };
  const int packed = batches(true), plain = batches(false), least = int((tokens + 127) / 128);
  EXPECT_LT(packed, plain);
  EXPECT_LE(packed, least + least / 20 + 1);
}

TEST(BatchStream, SeedAndEpochDecideTheOrder) {
  const auto rows = make_rows(50);
  auto first_epoch = [&](std::uint64_t seed) {
    BatchStream stream(rows, {.batch_tokens = 100, .seed = seed});
    std::vector<std::int32_t> order;
    while (stream.epoch() < 1) {
      const auto numbers = row_numbers(stream.next());
      order.insert(order.end(), numbers.begin(), numbers.end());
    }
    return order;
  };
  EXPECT_EQ(first_epoch(1), first_epoch(1));
  EXPECT_NE(first_epoch(1), first_epoch(2));
  EXPECT_NE(shuffled_order(50, 1, 1), shuffled_order(50, 1, 2));
}

TEST(BatchStream, TheShuffleIsTheSameEverywhere) {
  SplitMix64 random(1234567);  // first values of the published reference generator for this seed
  EXPECT_EQ(random.next(), 6457827717110365317ULL);
  EXPECT_EQ(random.next(), 3203168211198807973ULL);
  EXPECT_EQ(random.next(), 9817491932198370423ULL);
  const auto order = shuffled_order(10, 1, 1);
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (std::int64_t i = 0; i < 10; ++i) EXPECT_EQ(sorted[std::size_t(i)], i);
}

TEST(BatchStream, FileOrderTakesRowsModuloTheirNumber) {
  const auto rows = make_rows(10);
  for (const std::int64_t k : {3, 4, 10, 13}) {
    BatchStream stream(rows, {.batch_size = k, .shuffle = false});
    for (std::int64_t step = 0; step < 25; ++step) {
      const PackedBatch batch = stream.next();
      expect_well_formed(batch);
      std::vector<std::int32_t> expected;
      for (std::int64_t i = 0; i < k; ++i) expected.push_back(std::int32_t((step * k + i) % 10));
      EXPECT_EQ(row_numbers(batch), expected) << "step " << step << ", " << k << " rows";
    }
  }
}

TEST(BatchStream, ALongRowIsABatchAlone) {
  const auto rows = make_rows(20);
  BatchStream stream(rows, {.batch_tokens = 8, .seed = 1});
  while (stream.epoch() < 1) {
    const PackedBatch batch = stream.next();
    if (batch.tokens() > 8) {
      EXPECT_EQ(batch.segments.size(), 2u);
    }
  }
}

TEST(BatchStream, ASmallSetIsNotRepeatedWithinABatch) {
  const auto rows = make_rows(3);
  for (const bool shuffle : {true, false}) {
    BatchStream stream(rows, {.batch_tokens = 100000, .shuffle = shuffle});
    for (int i = 0; i < 4; ++i) {
      EXPECT_EQ(stream.next().segments.size(), 4u);
      EXPECT_DOUBLE_EQ(stream.epoch(), i + 1);
    }
  }
}

TEST(BatchStream, SeekGoesOnAsIfUninterrupted) {
  const auto rows = make_rows(40);
  for (const BatchPlan plan :
       {BatchPlan{.batch_tokens = 100, .seed = 5}, BatchPlan{.batch_tokens = 100, .pack = false, .seed = 5},
        BatchPlan{.batch_size = 7, .seed = 5}, BatchPlan{.batch_size = 7, .shuffle = false},
        BatchPlan{.batch_tokens = 90, .shuffle = false}}) {
    BatchStream whole(rows, plan);
    for (int step = 0; step < 60; ++step) {
      BatchStream resumed(rows, plan);
      ASSERT_TRUE(resumed.seek(whole.position()).ok());
      EXPECT_DOUBLE_EQ(resumed.epoch(), whole.epoch());
      const PackedBatch expected = whole.next();
      EXPECT_TRUE(same(resumed.next(), expected)) << "step " << step;
      EXPECT_EQ(resumed.position(), whole.position());
    }
  }
}

TEST(BatchStream, BadPositionsAreRefused) {
  const auto rows = make_rows(5);
  BatchStream stream(rows, {.batch_size = 2});
  for (const char* text :
       {"null", "[]", "{}", R"({"epoch":-1,"cursor":0})", R"({"epoch":0,"cursor":"1"})", R"({"epoch":0,"cursor":6})"}) {
    EXPECT_FALSE(stream.seek(*parse_json(text)).ok()) << text;
  }
  EXPECT_EQ(stream.seek(*parse_json(R"({"epoch":0,"cursor":6})")).message(),
            "the data position is row 6, but there are 5 rows: the data has changed since the checkpoint");
}

TEST(EvaluationBatches, AllRowsOnceInOrder) {
  const auto rows = make_rows(30);
  std::vector<std::int32_t> order;
  for (const auto& batch : evaluation_batches(rows, 100)) {
    expect_well_formed(batch);
    EXPECT_LE(batch.tokens(), 100);
    const auto numbers = row_numbers(batch);
    order.insert(order.end(), numbers.begin(), numbers.end());
  }
  ASSERT_EQ(order.size(), 30u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(evaluation_batches(rows, 1).size(), 30u);
  EXPECT_TRUE(evaluation_batches({}, 100).empty());
}

}  // namespace
}  // namespace weft
