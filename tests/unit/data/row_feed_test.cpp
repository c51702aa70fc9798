// SPDX-License-Identifier: GPL-3.0-or-later
// Rows read while training goes on: the same as when all are read first, however far reading has come.
#include "engine/data/row_feed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data_test_support.h"
#include "engine/data/shuffle.h"

namespace weft {
namespace {

using test::TemporaryFile;
using testing::HasSubstr;

constexpr std::int64_t kBytes = 258;  // the vocabulary of the coder whose tokens are bytes

Result<LoadedRows> load(const std::string& path, bool feed, Json more = Json::object()) {
  SettingValues values{{"path", path}};
  for (const auto& [key, value] : more.items()) values[key] = value;
  return load_rows(values, test::byte_sources(), {.vocabulary = feed ? kBytes : 0, .whole_bytes = 0});
}

// `bad`: every seventh row is not JSON, has no answer, or only an answer that is cut off.
std::string json_lines(int rows, bool bad) {
  SplitMix64 random(11);
  std::string text;
  for (int i = 0; i < rows; ++i) {
    std::string answer(1 + random.below(40), static_cast<char>('a' + i % 26));
    std::string prompt = "row " + std::to_string(i);
    if (bad && i % 7 == 3) {
      const int kind = i / 7 % 3;
      if (kind == 0) text += "{\"prompt\": \n";
      if (kind == 1) text += "{\"prompt\":\"no answer\"}\n";
      if (kind == 2) text += "{\"prompt\":\"" + std::string(200, 'x') + "\",\"completion\":\"late\"}\n";
      continue;
    }
    text += "{\"prompt\":\"" + prompt + "\",\"completion\":\"" + answer + "\"}\n" + (i % 5 == 0 ? "\n" : "");
  }
  return text;
}

std::vector<BatchPlan> plans() {
  return {BatchPlan{.batch_tokens = 150, .seed = 5}, BatchPlan{.batch_tokens = 150, .pack = false, .seed = 5},
          BatchPlan{.batch_size = 7, .seed = 5},     BatchPlan{.batch_size = 7, .shuffle = false},
          BatchPlan{.batch_tokens = 90, .shuffle = false}};
}

TokenRow row_at(RowFeed& feed, std::int64_t place) {
  feed.need(place);
  return feed.train()[std::size_t(place)];
}

TEST(RowFeed, GivesTheRowsOfAFileReadAtOnce) {
  const TemporaryFile lines("rows.jsonl", json_lines(300, false));
  std::string csv = "prompt,completion\r\n", array = "[";
  for (int i = 0; i < 100; ++i) {
    csv += "\"say \"\"" + std::to_string(i) + "\"\"\nplease\",answer " + std::to_string(i) + "\r\n" + (i % 9 ? "" : "\r\n");
    array += (i ? " ,\n" : "") + std::string("{\"prompt\":\"[") + std::to_string(i) + "\",\"completion\":\"}\"}";
  }
  const TemporaryFile table("rows.csv", csv), document("rows.json", array + "]");
  for (const auto* file : {&lines, &table, &document}) {
    auto whole = load(file->path(), false), fed = load(file->path(), true);
    ASSERT_TRUE(whole.ok()) << whole.status().message();
    ASSERT_TRUE(fed.ok()) << fed.status().message();
    ASSERT_FALSE(whole->feed);
    ASSERT_TRUE(fed->feed);
    ASSERT_EQ(fed->feed->train().size(), whole->train.size());
    for (std::size_t i = whole->train.size(); i-- > 0;) {
      EXPECT_EQ(row_at(*fed->feed, std::int64_t(i)).ids, whole->train[i].ids);
      EXPECT_EQ(fed->feed->train()[i].labels, whole->train[i].labels);
    }
    fed->feed->need_held_out();
    ASSERT_EQ(fed->feed->held_out().size(), whole->held_out.size());
    for (std::size_t i = 0; i < whole->held_out.size(); ++i)
      EXPECT_EQ(fed->feed->held_out()[i].ids, whole->held_out[i].ids);
    while (!fed->feed->complete()) std::this_thread::yield();
    EXPECT_EQ(to_json(fed->feed->preview()), to_json(whole->preview));
  }
}

TEST(RowFeed, SaysWhatIsWrongWithBadRowsAsAFileReadAtOnce) {
  const TemporaryFile file("rows.jsonl", json_lines(300, true));
  const Json options{{"max_length", 150}};
  auto whole = load(file.path(), false, options), fed = load(file.path(), true, options);
  ASSERT_TRUE(whole.ok() && fed.ok());
  fed->feed->need_train();
  fed->feed->need_held_out();
  const DataPreview a = whole->preview, b = fed->feed->preview();
  ASSERT_EQ(a.rejected.size(), 43u);
  ASSERT_EQ(b.rejected.size(), a.rejected.size());
  for (std::size_t i = 0; i < a.rejected.size(); ++i) {
    EXPECT_EQ(b.rejected[i].line, a.rejected[i].line);
    EXPECT_EQ(b.rejected[i].reason, a.rejected[i].reason);
  }
  EXPECT_EQ(b.rows, a.rows);
  EXPECT_EQ(b.tokens, a.tokens);
  EXPECT_EQ(b.trained_tokens, a.trained_tokens);
  EXPECT_EQ(b.warnings, a.warnings);
  EXPECT_TRUE(fed->feed->remarks().empty()) << "counted, so not known at once";
  EXPECT_EQ(fed->feed->train().size() + fed->feed->held_out().size(), 300u);
}

TEST(RowFeed, NoFileWithoutAGoodRow) {
  std::string text;
  for (int i = 0; i < 100; ++i) text += "{\"prompt\":\"a\",\"completion\":\"\"}\n";
  const TemporaryFile file("rows.jsonl", text);
  const auto whole = load(file.path(), false), fed = load(file.path(), true, {{"holdout", 0.0}});
  ASSERT_FALSE(whole.ok());
  ASSERT_FALSE(fed.ok());
  EXPECT_EQ(fed.status().message(), whole.status().message());
  EXPECT_THAT(fed.status().message(), HasSubstr("all 100 rows are rejected; line 1: "));
}

TEST(RowFeed, OnlyWhereRowsCanBeCountedAndIdsAreInRange) {
  const TemporaryFile file("rows.jsonl", json_lines(20, false)), text("rows.txt", std::string(3000, 'x'));
  const TemporaryFile nested("n.jsonl",
                             R"({"instruction":"i","instances":[{"input":"","output":"a"},{"input":"","output":"b"}]})"
                             "\n");
  SettingValues values{{"path", file.path()}};
  EXPECT_FALSE(load_rows(values, test::byte_sources(), {.vocabulary = kBytes - 1, .whole_bytes = 0})->feed);
  EXPECT_FALSE(load_rows(values, test::byte_sources(), {.vocabulary = kBytes})->feed) << "small";
  EXPECT_TRUE(load_rows(values, test::byte_sources(), {.vocabulary = kBytes, .whole_bytes = 0})->feed);
  EXPECT_FALSE(load(text.path(), true)->feed);
  EXPECT_FALSE(load(nested.path(), true)->feed);
}

// Batches of a feed, each row waited for, against those of all its rows read before.
TEST(RowFeed, BatchesDoNotDependOnHowFarReadingHasCome) {
  const TemporaryFile file("rows.jsonl", json_lines(200, true));
  for (const BatchPlan& plan : plans()) {
    auto fed = load(file.path(), true, {{"max_length", 150}, {"holdout", 0.1}});
    auto done = load(file.path(), true, {{"max_length", 150}, {"holdout", 0.1}, {"seed", 1}});
    ASSERT_TRUE(fed.ok() && done.ok());
    done->feed->need_train();
    BatchStream known(done->feed->train(), plan);
    const DataSet set(std::move(*fed));
    BatchStream coming(set, plan);
    std::map<std::vector<std::int32_t>, int> seen;
    for (int step = 0; step < 200; ++step) {
      BatchStream resumed(done->feed->train(), plan);
      ASSERT_TRUE(resumed.seek(coming.position()).ok());
      const PackedBatch a = coming.next(), b = known.next();
      ASSERT_EQ(a.ids, b.ids) << "step " << step;
      ASSERT_EQ(a.segments, b.segments);
      ASSERT_EQ(resumed.next().ids, a.ids) << "resumed at step " << step;
      ASSERT_EQ(coming.position(), known.position());
      ASSERT_GT(a.trained_tokens, 0);
      for (std::size_t s = 0; s + 1 < a.segments.size(); ++s) {
        ASSERT_LT(a.segments[s], a.segments[s + 1]) << "no empty segment";
        ++seen[{a.ids.begin() + a.segments[s], a.ids.begin() + a.segments[s + 1]}];
      }
    }
    std::size_t good = 0;
    for (const auto& row : done->feed->train()) good += !row.ids.empty();
    EXPECT_EQ(seen.size(), good) << "every good row, no other";
  }
}

TEST(RowFeed, AnEpochEndsWithItsLastGoodRow) {
  const auto rows = [] {
    std::vector<TokenRow> made(12);
    for (const std::size_t good : {1u, 4u, 5u, 8u}) made[good] = {{1, 2, std::int32_t(good)}, {kNoLabel, 2, std::int32_t(good)}};
    return made;
  }();
  for (const BatchPlan& plan : {BatchPlan{.batch_tokens = 6}, BatchPlan{.batch_tokens = 6, .pack = false},
                                BatchPlan{.batch_size = 2}, BatchPlan{.batch_size = 2, .shuffle = false},
                                BatchPlan{.batch_tokens = 6, .shuffle = false}}) {
    BatchStream stream(rows, plan);
    for (int epoch = 0; epoch < 3; ++epoch) {
      EXPECT_EQ(stream.next().segments.size(), 3u);
      EXPECT_LT(stream.epoch(), epoch + 1);
      EXPECT_EQ(stream.next().segments.size(), 3u);
      EXPECT_DOUBLE_EQ(stream.epoch(), epoch + 1);
    }
  }
  BatchStream small(rows, {.batch_tokens = 1000, .shuffle = false});
  EXPECT_EQ(small.next().tokens(), 12) << "no row twice";
  EXPECT_EQ(small.next().tokens(), 12);
  EXPECT_EQ(evaluation_batches(rows, 6).size(), 2u);
}

TEST(RecordReader, PlacesAreReadLaterInAnyOrder) {
  const TemporaryFile csv("rows.csv", "a,b\n1,\"x\ny\"\n\n2,\"\"\"q\"\"\"\n3\n\"\",4\n");
  const TemporaryFile lines("rows.jsonl", "\n{\"a\":1}\r\n  \n[2]\nnot json\n{\"a\":\"\xff\"}");
  const TemporaryFile array("rows.json", " [ {\"a\":1} , 2,\n\"three\", {\"b\":[{}]}]");
  for (const auto* file : {&csv, &lines, &array}) {
    const auto expected = test::read_all(file->path());
    ASSERT_TRUE(expected.ok()) << expected.status().message();
    const auto opened = DataFile::open(file->path(), "auto");
    ASSERT_TRUE(opened.ok());
    const auto reader = RecordReader::open(*opened);
    ASSERT_TRUE(reader.ok());
    std::vector<RecordPlace> places;
    for (auto place = (*reader)->skip(); place.ok() && *place; place = (*reader)->skip()) places.push_back(**place);
    ASSERT_EQ(places.size(), expected->size());
    ASSERT_GE(places.size(), 4u);
    for (std::size_t i = places.size(); i-- > 0;) {
      const Record record = (*reader)->read(places[i]);
      EXPECT_EQ(record.line, (*expected)[i].line);
      EXPECT_EQ(record.value, (*expected)[i].value);
      EXPECT_EQ(record.error, (*expected)[i].error);
    }
  }
}

}  // namespace
}  // namespace weft
