// SPDX-License-Identifier: GPL-3.0-or-later
// What a look at a data set counts, compares and leaves out; and columns that someone names.
#include "engine/api/data_preview.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data_test_support.h"
#include "engine/data/repeats.h"
#include "engine/data/row_tally.h"

namespace weft {
namespace {

using test::TemporaryFile;
using testing::HasSubstr;

Result<DataPreview> look(const std::string& path, Json more = Json::object(), const PreviewLimits& limits = {}, std::int64_t rows = 0) {
  SettingValues values{{"path", path}};
  for (const auto& [key, value] : more.items()) values[key] = value;
  auto loaded = load_rows(values, test::byte_sources(), {.preview_rows = rows, .look = limits});
  if (!loaded.ok()) return loaded.status();
  EXPECT_TRUE(loaded->train.empty() && loaded->held_out.empty()) << "a look keeps no rows";
  return std::move(loaded->preview);
}

std::string pair_line(const std::string& question, const std::string& answer) {
  return to_json_line({{"question", question}, {"answer", answer}}) + "\n";
}

TEST(DataPreview, CountsWhatTrainingCounts) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += pair_line("question " + std::to_string(i), std::string(std::size_t(i), 'a') + "b");
  const TemporaryFile file("pairs.jsonl", text);
  const auto found = look(file.path(), {{"max_length", 60}, {"holdout", 0.2}});
  ASSERT_TRUE(found.ok()) << found.status().message();
  const auto trained = load_rows({{"path", file.path()}, {"max_length", 60}, {"holdout", 0.2}}, test::byte_sources(), {});
  ASSERT_TRUE(trained.ok());
  EXPECT_EQ(found->rows, trained->preview.rows);
  EXPECT_EQ(found->held_out, std::int64_t(trained->held_out.size()));
  EXPECT_EQ(found->tokens, trained->preview.tokens);
  EXPECT_EQ(found->trained_tokens + found->masked_tokens(), found->tokens);
  EXPECT_GT(found->cut_rows, 0);
  EXPECT_EQ(found->cut_tokens, trained->preview.cut_tokens);
  EXPECT_EQ(found->file_kind, "JSON Lines");
  EXPECT_FALSE(found->partial());
  std::int64_t rows = 0, cut = 0;
  for (const auto& bin : found->lengths) {
    rows += bin.rows;
    if (bin.to == 0 || bin.to > found->max_length) cut += bin.rows;
  }
  EXPECT_EQ(rows, found->rows);
  EXPECT_EQ(cut, found->cut_rows) << "a bin ends where rows are cut";
}

TEST(DataPreview, BinsReachTheCutAndOpenAtTheEnd) {
  const auto edges = [](std::int64_t longest, std::int64_t max_length) {
    const auto bins = length_bins({{1, 2}, {longest, 1}}, max_length);
    std::int64_t rows = 0;
    for (const auto& bin : bins) rows += bin.rows;
    EXPECT_EQ(rows, 3);
    EXPECT_LE(bins.size(), 65U);
    return std::pair(bins.front().to, bins.back().to);
  };
  EXPECT_EQ(edges(500, 512), std::pair(std::int64_t{16}, std::int64_t{512}));
  EXPECT_EQ(edges(100000, 512), std::pair(std::int64_t{16}, std::int64_t{0}));
  EXPECT_EQ(edges(30, 4096), std::pair(std::int64_t{1}, std::int64_t{30}));
  EXPECT_TRUE(length_bins({}, 512).empty());
}

TEST(Repeats, AreFoundButForWhiteSpace) {
  const TemporaryFile file("pairs.jsonl", pair_line("What is  it?", "A tree.") + pair_line("Another", "one") + pair_line("What is it?\n", " A tree.") +
                                              pair_line("what is it", "a tree") + pair_line("What is it?", "A bush."));
  const auto found = look(file.path(), {{"holdout", 0.0}});
  ASSERT_TRUE(found.ok()) << found.status().message();
  EXPECT_EQ(found->repeats.duplicates, 1);
  EXPECT_EQ(found->repeats.near_duplicates, 1);
  EXPECT_EQ(found->repeats.leaked, 0);
  ASSERT_EQ(found->repeats.duplicate_rows.size(), 2U);
  EXPECT_EQ(found->repeats.duplicate_rows[0].line, 3);
  EXPECT_EQ(found->repeats.duplicate_rows[0].first, 1);
  EXPECT_FALSE(found->repeats.duplicate_rows[0].near);
  EXPECT_EQ(found->repeats.duplicate_rows[0].excerpt, "What is it?");
  EXPECT_TRUE(found->repeats.duplicate_rows[1].near);
}

// Every text stands twice and half of the rows are held out: whichever they are, some of them are trained too.
TEST(Repeats, TellWhatOfTheHoldOutIsTrained) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += pair_line("question " + std::to_string(i / 2), "answer");
  const TemporaryFile file("pairs.jsonl", text);
  const auto found = look(file.path(), {{"holdout", 0.5}});
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->repeats.duplicates, 30);
  EXPECT_EQ(found->held_out, 30);
  const auto loaded = load_rows({{"path", file.path()}, {"holdout", 0.5}}, test::byte_sources(), {});
  std::int64_t both = 0;
  for (const auto& aside : loaded->held_out)
    both += std::any_of(loaded->train.begin(), loaded->train.end(), [&](const TokenRow& row) { return row.ids == aside.ids; });
  EXPECT_GT(both, 0);
  EXPECT_EQ(found->repeats.leaked, both);
  EXPECT_EQ(found->repeats.leaked_rows.size(), std::size_t(both));
  EXPECT_THAT(found->warnings, testing::Contains(HasSubstr("held-out rows are also trained")));
}

TEST(Repeats, OfLargeFilesAreThoseOfTheirOwnSplit) {
  std::string text = "not json\n";
  for (int i = 0; i < 200; ++i) text += pair_line("question " + std::to_string(i / 2), "answer");
  const TemporaryFile file("pairs.jsonl", text);
  const SettingValues values{{"path", file.path()}, {"holdout", 0.3}};
  const auto fed = load_rows(values, test::byte_sources(), {.vocabulary = 258, .whole_bytes = 0});
  ASSERT_TRUE(fed.ok() && fed->feed);
  fed->feed->need_train();
  fed->feed->need_held_out();
  const auto seen = load_rows(values, test::byte_sources(), {.whole_bytes = 0, .look = PreviewLimits{}});
  ASSERT_TRUE(seen.ok());
  std::int64_t both = 0;
  for (const auto& aside : fed->feed->held_out())
    both += !aside.ids.empty() && std::any_of(fed->feed->train().begin(), fed->feed->train().end(), [&](const TokenRow& row) { return row.ids == aside.ids; });
  EXPECT_EQ(seen->preview.repeats.leaked, both);
  EXPECT_EQ(seen->preview.held_out, fed->feed->preview().held_out);
}

TEST(DataPreview, LooksAtNoMoreThanItIsTold) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += pair_line("question " + std::to_string(i), "answer");
  const TemporaryFile file("pairs.jsonl", text);
  const auto part = look(file.path(), Json::object(), {.most_bytes = 1000});
  ASSERT_TRUE(part.ok()) << part.status().message();
  EXPECT_TRUE(part->partial());
  EXPECT_LT(part->rows, 1000);
  EXPECT_EQ(part->file_bytes, text.size());
  EXPECT_THAT(part->warnings, testing::Contains(HasSubstr("were looked at")));
  const auto all = look(file.path(), Json::object(), {.most_bytes = 0});
  EXPECT_EQ(all->rows, 5000);
  EXPECT_FALSE(all->partial());
  const TemporaryFile story("story.txt", text);
  const auto stream = look(story.path(), {{"max_length", 64}}, {.most_bytes = 1000});
  ASSERT_TRUE(stream.ok());
  EXPECT_TRUE(stream->partial());
  EXPECT_LE(stream->tokens, 1001);
  EXPECT_THAT(stream->repeats.why_not, HasSubstr("stream"));
}

TEST(DataPreview, EndsWhenItIsTold) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += pair_line("question " + std::to_string(i), "answer");
  const TemporaryFile file("pairs.jsonl", text);
  const auto watch = std::make_shared<PreviewWatch>();
  ASSERT_TRUE(look(file.path(), Json::object(), {.watch = watch}).ok());
  EXPECT_EQ(watch->of.load(), text.size());
  EXPECT_GT(watch->rows.load(), 4000);
  watch->cancelled = true;
  EXPECT_EQ(look(file.path(), Json::object(), {.watch = watch}).status().code(), ErrorCode::Cancelled);
}

TEST(Columns, AreReadAsNamed) {
  const TemporaryFile file("odd.csv", "frage,zusatz,antwort,nummer\nWas?,dies,Das,1\nWer?,,Er,2\n");
  const auto lost = look(file.path());
  ASSERT_FALSE(lost.ok());
  EXPECT_THAT(lost.status().message(), HasSubstr("prompt_column"));
  const auto columns = data_columns({{"path", file.path()}});
  ASSERT_TRUE(columns.ok());
  ASSERT_EQ(columns->size(), 4U);
  EXPECT_EQ((*columns)[2].name, "antwort");
  const auto found = look(file.path(), {{"prompt_column", "frage"}, {"input_column", "zusatz"}, {"answer_column", "antwort"}, {"holdout", 0.0}}, {}, 2);
  ASSERT_TRUE(found.ok()) << found.status().message();
  EXPECT_EQ(found->format, "prompt-completion");
  ASSERT_EQ(found->preview.size(), 2U);
  EXPECT_EQ(found->preview[0].messages[0].content, "Was?\n\ndies");
  EXPECT_EQ(found->preview[0].messages[1].content, "Das");
  EXPECT_EQ(found->mapping, (std::vector<std::pair<std::string, std::string>>{{"prompt_column", "frage"}, {"input_column", "zusatz"}, {"answer_column", "antwort"}}));
  const auto text = look(file.path(), {{"text_column", "antwort"}, {"holdout", 0.0}});
  ASSERT_TRUE(text.ok()) << text.status().message();
  EXPECT_EQ(text->format, "text");
}

TEST(Columns, ThatDoNotFitAreRefused) {
  const TemporaryFile file("odd.csv", "frage,antwort\nWas?,Das\n");
  const auto message = [&](const Json& more) { return look(file.path(), more).status().message(); };
  EXPECT_THAT(message({{"prompt_column", "fragen"}, {"answer_column", "antwort"}}), HasSubstr("prompt_column = \"fragen\": there is no such column; the columns found are frage, antwort"));
  EXPECT_THAT(message({{"prompt_column", "frage"}}), HasSubstr("answer_column is missing"));
  EXPECT_THAT(message({{"prompt_column", "frage"}, {"answer_column", "frage"}}), HasSubstr("must be different"));
  EXPECT_THAT(message({{"prompt_column", "frage"}, {"text_column", "antwort"}}), HasSubstr("three ways"));
  EXPECT_THAT(message({{"format", "text"}, {"prompt_column", "frage"}}), HasSubstr("reads no prompt_column"));
  EXPECT_THAT(message({{"messages_column", "frage"}}), HasSubstr("holds no list"));
}

// One named column is enough where the other is found as always.
TEST(Columns, AreCompletedByThoseFound) {
  const TemporaryFile file("pairs.jsonl", to_json_line({{"question", "Why?"}, {"answer", "So."}, {"rationale", "Because."}}) + "\n");
  const auto found = look(file.path(), {{"answer_column", "rationale"}, {"holdout", 0.0}}, {}, 1);
  ASSERT_TRUE(found.ok()) << found.status().message();
  EXPECT_EQ(found->preview[0].messages[0].content, "Why?");
  EXPECT_EQ(found->preview[0].messages[1].content, "Because.");
}

}  // namespace
}  // namespace weft
