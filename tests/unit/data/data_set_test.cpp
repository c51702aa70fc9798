// SPDX-License-Identifier: GPL-3.0-or-later
// Whole files with the stories260K tokenizer and real templates; the loader's own rules with a tokenizer of bytes.
#include "engine/data/data_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "data_test_support.h"

namespace weft {
namespace {

using test::data_set;
using test::TemporaryFile;
using testing::HasSubstr;

const std::string kModel = std::string(WEFT_TEST_DATA) + "/models/stories260k/hf";

SettingValues settings(const std::string& path, Json more = Json::object()) {
  SettingValues values{{"path", path}};
  for (const auto& [key, value] : more.items()) values[key] = value;
  return values;
}

Result<LoadedRows> load_bytes(const std::string& path, Json more = Json::object(), std::int64_t rows = 0) {
  return load_rows(settings(path, std::move(more)), test::byte_sources(), {.preview_rows = rows});
}

TEST(DataSet, MasksAreThoseOfTransformers) {
  const auto text = read_file(data_set("masks.json"), 1 << 20);
  ASSERT_TRUE(text.ok());
  const Json expected = *parse_json(*text);
  ASSERT_EQ(expected.size(), 13u);
  for (const auto& row : expected) {
    const std::string file = row["file"], chat = row["template"];
    SCOPED_TRACE(file + " with " + chat + ", row " + std::to_string(row["row"].get<int>()));
    const auto set =
        DataSet::load(settings(data_set(file), {{"template", data_set(chat)}, {"holdout", 0.0}}), kModel, 10);
    ASSERT_TRUE(set.ok()) << set.status().message();
    ASSERT_GT((*set)->train_rows().size(), row["row"].get<std::size_t>());
    const TokenRow& found = (*set)->train_rows()[row["row"].get<std::size_t>()];
    EXPECT_EQ((*set)->preview().preview[row["row"].get<std::size_t>()].rendered, row["text"].get<std::string>());
    EXPECT_EQ(found.ids, row["input_ids"].get<std::vector<std::int32_t>>());
    EXPECT_EQ(found.labels, row["labels"].get<std::vector<std::int32_t>>());
  }
}

TEST(DataSet, TrainOnAllTakesThePromptToo) {
  const auto set = DataSet::load(
      settings(data_set("alpaca.jsonl"), {{"template", "chatml"}, {"train_on", "all"}, {"holdout", 0.0}}), kModel);
  ASSERT_TRUE(set.ok()) << set.status().message();
  for (const auto& row : (*set)->train_rows())
    for (std::size_t i = 1; i < row.ids.size(); ++i) EXPECT_EQ(row.labels[i], row.ids[i]);
}

TEST(DataSet, PairsWithoutATemplateBecomePlainText) {
  const auto set = DataSet::load(settings(data_set("pairs.tsv"), {{"holdout", 0.0}}), kModel, 1);
  ASSERT_TRUE(set.ok()) << set.status().message();
  const DataPreview& shown = (*set)->preview();
  ASSERT_EQ(shown.warnings.size(), 1u);
  EXPECT_THAT(shown.warnings[0], HasSubstr("no chat template"));
  EXPECT_EQ(shown.template_name, "plain");
  ASSERT_EQ(shown.preview.size(), 1u);
  EXPECT_THAT(shown.preview[0].rendered, HasSubstr("Once upon a time"));
  EXPECT_THAT(shown.preview[0].rendered, HasSubstr("there was a girl."));
  std::string trained;
  for (const auto& token : shown.preview[0].tokens)
    if (token.state == TokenState::Trained) trained += token.text;
  EXPECT_THAT(trained, HasSubstr("there was a girl.</s>"));  // it also learns to stop
  EXPECT_EQ(trained.find("Once"), std::string::npos);
}

TEST(DataSet, ConversationsWithoutATemplateAreRefused) {
  const auto set = DataSet::load(settings(data_set("messages.jsonl")), kModel);
  ASSERT_FALSE(set.ok());
  EXPECT_THAT(set.status().message(), HasSubstr("the rows are conversations, but the model has no chat template"));
}

TEST(DataSet, StoriesAreOneStreamCutIntoRows) {
  const auto set = DataSet::load(settings(data_set("story.txt"), {{"max_length", 64}, {"holdout", 0.0}}), kModel, 100);
  ASSERT_TRUE(set.ok()) << set.status().message();
  const auto tokenizer = Tokenizer::load(kModel);
  ASSERT_TRUE(tokenizer.ok());
  const auto text = read_file(data_set("story.txt"), 1 << 20);
  const auto whole = tokenizer->encode(*text, true);
  ASSERT_TRUE(whole.ok());
  std::vector<std::int32_t> ids;
  std::string shown;
  for (const auto& row : (*set)->train_rows()) ids.insert(ids.end(), row.ids.begin(), row.ids.end());
  for (const auto& row : (*set)->preview().preview) shown += row.rendered;
  EXPECT_EQ(ids, whole->ids);
  EXPECT_EQ(shown, *text);
  EXPECT_EQ((*set)->preview().trained_tokens, std::int64_t(ids.size() - (*set)->train_rows().size()));
  const auto& rows = (*set)->preview().preview;
  for (std::size_t i = 1; i < rows.size(); ++i) EXPECT_GE(rows[i].line, rows[i - 1].line);
  EXPECT_GT(rows.back().line, 10);
}

TEST(DataSet, TokenFilesAreTakenAsTheyAre) {
  const auto set =
      DataSet::load(settings(data_set("tokens.jsonl"), {{"holdout", 0.0}, {"format", "tokens"}}), kModel, 3);
  ASSERT_TRUE(set.ok()) << set.status().message();
  ASSERT_EQ((*set)->train_rows().size(), 3u);
  EXPECT_EQ((*set)->train_rows()[0].labels, (std::vector<std::int32_t>{-100, -100, 407, 261, 378}));
  EXPECT_EQ((*set)->train_rows()[1].labels, (std::vector<std::int32_t>{-100, 410, 304, 281}));
  const PreviewRow shown = (*set)->preview().preview[0];
  ASSERT_EQ(shown.tokens.size(), 5u);
  EXPECT_TRUE(shown.tokens[0].special);
  EXPECT_EQ(shown.tokens[4].end, shown.rendered.size());
  EXPECT_EQ(shown.rendered, "<s> Once upon a time");

  const TemporaryFile outside("a.jsonl", "{\"input_ids\":[1,2,512]}\n{\"input_ids\":[1,2,511]}\n");
  const auto some = DataSet::load(settings(outside.path(), {{"holdout", 0.0}}), kModel);
  ASSERT_TRUE(some.ok());
  ASSERT_EQ((*some)->preview().rejected.size(), 1u);
  EXPECT_EQ((*some)->preview().rejected[0].line, 1);
  EXPECT_THAT((*some)->preview().rejected[0].reason, HasSubstr("outside the vocabulary of 512"));
}

TEST(DataSet, RejectedRowsAreNamedByLineAndReason) {
  const auto loaded = load_bytes(data_set("some_rejected.jsonl"), {{"holdout", 0.0}});
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ(loaded->train.size(), 2u);
  std::vector<std::int64_t> lines;
  for (const auto& row : loaded->preview.rejected) lines.push_back(row.line);
  EXPECT_EQ(lines, (std::vector<std::int64_t>{3, 4, 5, 6, 7, 8}));
  ASSERT_EQ(loaded->preview.warnings.size(), 1u);
  EXPECT_EQ(loaded->preview.warnings[0], "6 of 8 rows are rejected");
}

TEST(DataSet, NoTrainedTokenIsRefused) {
  const auto masked = load_bytes(data_set("masked.jsonl"));
  ASSERT_FALSE(masked.ok());
  EXPECT_EQ(masked.status().code(), ErrorCode::InvalidArgument);
  EXPECT_THAT(masked.status().message(),
              HasSubstr("no token is trained: all 3 rows are rejected; line 1: no token of the row is trained"));
  EXPECT_THAT(load_bytes(data_set("alpaca.jsonl"), {{"max_length", 8}}).status().message(),
              HasSubstr("beyond the cut at max_length = 8"));
}

TEST(DataSet, ManyRejectedRowsAreCounted) {
  std::string lines;
  for (int i = 0; i < 10500; ++i) lines += "{\"text\":\n";
  const TemporaryFile file("a.jsonl", "{\"text\":\"good\"}\n" + lines);
  const auto loaded = load_bytes(file.path());
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  EXPECT_EQ(loaded->preview.rejected.size(), 10000u);
  EXPECT_THAT(loaded->preview.warnings, testing::Contains(HasSubstr("10500 of 10501 rows are rejected")));
  EXPECT_THAT(loaded->preview.warnings, testing::Contains(HasSubstr("only the first 10000")));
}

TEST(DataSet, TheHoldOutDependsOnTheSeedAlone) {
  std::string lines;
  for (int i = 0; i < 200; ++i) lines += "{\"text\":\"row " + std::to_string(i) + "\"}\n";
  const TemporaryFile file("a.jsonl", lines);
  auto held = [&](double share, int seed) {
    const auto loaded = load_bytes(file.path(), {{"holdout", share}, {"seed", seed}});
    EXPECT_TRUE(loaded.ok());
    EXPECT_EQ(loaded->train.size() + loaded->held_out.size(), 200u);
    EXPECT_EQ(loaded->preview.held_out, std::int64_t(loaded->held_out.size()));
    std::vector<std::vector<std::int32_t>> ids;
    for (const auto& row : loaded->held_out) ids.push_back(row.ids);
    return ids;
  };
  EXPECT_EQ(held(0.0, 1).size(), 0u);
  EXPECT_EQ(held(0.05, 1).size(), 10u);
  EXPECT_EQ(held(0.05, 1), held(0.05, 1));
  EXPECT_NE(held(0.05, 1), held(0.05, 2));
  const TemporaryFile one("a.jsonl", "{\"text\":\"only\"}\n");
  const auto loaded = load_bytes(one.path(), {{"holdout", 0.9}});
  ASSERT_TRUE(loaded.ok());
  EXPECT_EQ(loaded->train.size(), 1u);
  EXPECT_THAT(loaded->preview.warnings, testing::Contains(HasSubstr("nothing is held out")));
}

TEST(DataSet, CutRowsAreCountedAndWarnedOf) {
  const auto loaded = load_bytes(data_set("alpaca.json"), {{"max_length", 48}, {"holdout", 0.0}}, 10);
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  std::int64_t kept = 0, shown = 0;
  for (const auto& row : loaded->train) kept += std::int64_t(row.ids.size());
  for (const auto& row : loaded->preview.preview) shown += std::int64_t(row.tokens.size());
  EXPECT_EQ(loaded->preview.tokens, kept);
  EXPECT_GT(loaded->preview.cut_rows, 0);
  EXPECT_EQ(shown, kept + loaded->preview.cut_tokens);
  EXPECT_THAT(loaded->preview.warnings, testing::Contains(HasSubstr("of the rows are cut at 48 tokens")));
}

TEST(DataSet, TextLinesThatAreNotUtf8AreRejected) {
  const TemporaryFile file("a.txt", "\xEF\xBB\xBFgood one\nbad \xff line\ngood two\n");
  const auto loaded = load_bytes(file.path(), {{"holdout", 0.0}}, 5);
  ASSERT_TRUE(loaded.ok()) << loaded.status().message();
  ASSERT_EQ(loaded->preview.rejected.size(), 1u);
  EXPECT_EQ(loaded->preview.rejected[0].line, 2);
  EXPECT_EQ(loaded->preview.preview[0].rendered, "good one\n\ngood two\n");
}

TEST(DataSet, WrongSettingsAreRefused) {
  EXPECT_THAT(
      load_bytes(data_set("alpaca.json"), {{"format", "tokens"}}).status().message(),
      HasSubstr("needs a column input_ids with a list of numbers; the columns found are instruction, input, output"));
  EXPECT_THAT(load_bytes(data_set("story.txt"), {{"format", "alpaca"}}).status().message(),
              HasSubstr("has no columns"));
  EXPECT_THAT(load_bytes("").status().message(), HasSubstr("[data] path is missing"));
  EXPECT_THAT(load_bytes(data_set("alpaca.json"), {{"colour", 1}}).status().message(),
              HasSubstr("no setting \"colour\""));
  EXPECT_EQ(DataSet::load(settings(data_set("alpaca.json"), {{"template", "no-such"}}), kModel).ok(), false);
}

TEST(DataSet, TheSampleIsWhole) {
  const auto set = DataSet::load(settings(std::string(WEFT_SOURCE_DIR) + "/resources/samples/dolly-300.jsonl",
                                          {{"template", "chatml"}, {"max_length", 8192}}),
                                 kModel);
  ASSERT_TRUE(set.ok()) << set.status().message();
  EXPECT_EQ((*set)->preview().format, "alpaca");
  EXPECT_EQ((*set)->preview().rows, 300);
  EXPECT_EQ((*set)->held_out_rows().size(), 15u);
  EXPECT_TRUE((*set)->preview().rejected.empty());
  EXPECT_EQ((*set)->preview().cut_rows, 0);
}

TEST(DataPreview, IsTheSameAsJson) {
  const auto preview = preview_data(settings(data_set("alpaca.jsonl"), {{"template", "chatml"}}), kModel, 2);
  ASSERT_TRUE(preview.ok()) << preview.status().message();
  const Json json = to_json(*preview);
  EXPECT_EQ(json["format"], "alpaca");
  EXPECT_EQ(json["rows"], 4);
  EXPECT_EQ(json["held_out"], 1);
  EXPECT_EQ(json["template"], "chatml");
  ASSERT_EQ(json["preview"].size(), 2u);
  const Json& row = json["preview"][1];
  EXPECT_EQ(row["messages"][0]["content"], "Add the numbers.\n\n2 and 3");
  std::string text;
  for (const auto& token : row["tokens"]) {
    const std::size_t begin = token["begin"], end = token["end"];
    if (token["text"] == "▁") continue;  // the space that the tokenizer puts before a text
    EXPECT_EQ(token["text"], row["rendered"].get<std::string>().substr(begin, end - begin));
    text += token["text"].get<std::string>();
  }
  EXPECT_EQ(text, row["rendered"]);
}

}  // namespace
}  // namespace weft
