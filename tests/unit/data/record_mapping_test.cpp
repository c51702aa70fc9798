// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/record_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data_test_support.h"

namespace weft {
namespace {

using test::data_set;
using testing::HasSubstr;

struct Mapped {
  RecordMapping mapping;
  std::vector<Example> examples;
  std::vector<std::string> errors;
};

Mapped map_file(const std::string& name, const std::string& format = "auto") {
  Mapped out;
  auto records = test::read_all(data_set(name), format);
  EXPECT_TRUE(records.ok()) << records.status().message();
  for (auto& record : *records) as_columns(record);
  auto mapping = find_mapping(*records, format);
  EXPECT_TRUE(mapping.ok()) << mapping.status().message();
  out.mapping = *mapping;
  for (const auto& record : *records) {
    auto examples = map_record(out.mapping, record);
    if (!examples.ok())
      out.errors.push_back(std::to_string(record.line) + ": " + examples.status().message());
    else
      out.examples.insert(out.examples.end(), examples->begin(), examples->end());
  }
  return out;
}

Result<RecordMapping> mapping_of(const char* row, const std::string& format = "auto") {
  std::vector<Record> sample{{1, *parse_json(row), ""}};
  as_columns(sample[0]);
  return find_mapping(sample, format);
}

Result<std::vector<Example>> map_row(const char* row) {
  std::vector<Record> sample{{1, *parse_json(row), ""}};
  WEFT_ASSIGN_OR_RETURN(const RecordMapping mapping, find_mapping(sample, "auto"));
  return map_record(mapping, sample[0]);
}

std::string told(const Example& example) {
  std::string text;
  for (const auto& turn : example.turns)
    text += (turn.trained ? "*" : "") + turn.role() + ": " + turn.content() + " | ";
  return text;
}

TEST(RecordMapping, Alpaca) {
  const Mapped found = map_file("alpaca.jsonl");
  EXPECT_EQ(found.mapping.format, "alpaca");
  EXPECT_EQ(found.mapping.how, "found by itself from the columns instruction, input, output; not used: category");
  ASSERT_EQ(found.examples.size(), 4u);
  EXPECT_EQ(told(found.examples[0]), "user: Name a colour. | *assistant: Blue. | ");
  EXPECT_EQ(told(found.examples[1]), "user: Add the numbers.\n\n2 and 3 | *assistant: The sum is 5. | ");
}

TEST(RecordMapping, MessagesWithPartsAndLossWeights) {
  const Mapped found = map_file("messages.jsonl");
  EXPECT_EQ(found.mapping.format, "messages");
  ASSERT_EQ(found.examples.size(), 2u);
  EXPECT_EQ(
      told(found.examples[0]),
      "system: You are brief. | user: Hi | *assistant: Hello. | user: Who are you? | *assistant: A small model. | ");
  EXPECT_EQ(told(found.examples[1]), "user: One two | assistant: three | user: and? | *assistant: four | ");
  EXPECT_FALSE(found.examples[1].turns[0].message.contains("loss_weight"));
}

TEST(RecordMapping, ShareGptSpeakersBecomeRoles) {
  const Mapped found = map_file("sharegpt.json");
  EXPECT_EQ(found.mapping.format, "sharegpt");
  ASSERT_EQ(found.examples.size(), 1u);
  EXPECT_EQ(told(found.examples[0]),
            "system: Use the tool. | user: How late is it? | *assistant: {\"name\": \"clock\"} | tool: 12:30 | "
            "*assistant: Half past twelve. | ");
  ASSERT_EQ(found.mapping.warnings.size(), 1u);
  EXPECT_THAT(found.mapping.warnings[0], HasSubstr("tools is not rendered"));
}

TEST(RecordMapping, PairsTextAndTokens) {
  const Mapped pairs = map_file("pairs.csv");
  EXPECT_EQ(pairs.mapping.format, "prompt-completion");
  EXPECT_EQ(pairs.mapping.how, "found by itself from the columns question, answer; not used: source");
  EXPECT_EQ(told(pairs.examples[1]), "user: First line\r\nSecond line | *assistant: Yes | ");
  EXPECT_EQ(map_file("pairs.tsv").examples.size(), 2u);
  const Mapped text = map_file("text_rows.jsonl");
  EXPECT_EQ(text.mapping.format, "text");
  EXPECT_EQ(text.examples[1].text, "The cat sat on the mat.");
  const Mapped tokens = map_file("tokens.jsonl");
  EXPECT_EQ(tokens.mapping.format, "tokens");
  ASSERT_EQ(tokens.examples.size(), 3u);
  EXPECT_EQ(tokens.examples[0].labels, (std::vector<std::int32_t>{-100, -100, 407, 261, 378}));
  EXPECT_EQ(tokens.examples[1].labels, tokens.examples[1].ids);
}

TEST(RecordMapping, EachRejectedRowHasItsReason) {
  const Mapped found = map_file("some_rejected.jsonl");
  EXPECT_EQ(found.examples.size(), 2u);
  ASSERT_EQ(found.errors.size(), 6u);
  const std::vector<std::string> expected{
      "3: not valid JSON",       "4: has no column \"output\"", "5: the row is a array, not an object",
      "6: not UTF-8 at byte 30", "7: the answer is empty",      "8: column \"output\" holds a array"};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_THAT(found.errors[i], HasSubstr(expected[i]));
  EXPECT_THAT(found.errors[5], HasSubstr("8: turn 1: is not an object"));
}

TEST(RecordMapping, OtherShapes) {
  EXPECT_EQ(told((*map_row(R"({"instruction":"i","context":"c","response":"r"})"))[0]),
            "user: i\n\nc | *assistant: r | ");
  EXPECT_EQ(told((*map_row(R"({"instruction":"i","input":"","output":"o","system":"s","history":[["q","a"]]})"))[0]),
            "system: s | user: q | *assistant: a | user: i | *assistant: o | ");
  const auto nested =
      map_row(R"({"instruction":"i","instances":[{"input":"1","output":"a"},{"input":"","output":"b"}]})");
  ASSERT_EQ(nested->size(), 2u);
  EXPECT_EQ(told((*nested)[0]), "user: i\n\n1 | *assistant: a | ");
  EXPECT_EQ(told((*nested)[1]), "user: i | *assistant: b | ");
  EXPECT_EQ(
      told((*map_row(
          R"({"prompt":[{"role":"user","content":"q"},{"role":"assistant","content":"x"},{"role":"user","content":"p"}],
                               "completion":[{"role":"assistant","content":"c"}]})"))[0]),
      "user: q | assistant: x | user: p | *assistant: c | ");
  EXPECT_EQ(told((*map_row(R"({"question":"2+2","answer":4})"))[0]), "user: 2+2 | *assistant: 4 | ");
}

TEST(RecordMapping, ExtraKeysOfAMessageReachTheTemplate) {
  const auto examples = map_row(
      R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]}]})");
  ASSERT_TRUE(examples.ok()) << examples.status().message();
  const Turn& call = (*examples)[0].turns[1];
  EXPECT_TRUE(call.trained);
  EXPECT_EQ(call.message["tool_calls"][0]["id"], "1");
}

TEST(RecordMapping, AFormatThatDoesNotFitNamesTheColumnsFound) {
  const auto asked = mapping_of(R"({"question":"q","answer":"a"})", "alpaca");
  ASSERT_FALSE(asked.ok());
  EXPECT_EQ(asked.status().message(),
            "format = \"alpaca\" needs the columns instruction and output; the columns found are question, answer");
  const auto none = mapping_of(R"({"foo":1,"bar":2})");
  ASSERT_FALSE(none.ok());
  EXPECT_THAT(none.status().message(), HasSubstr("the columns found are foo, bar"));
}

TEST(RecordMapping, BadTurnsAreNamedByNumber) {
  EXPECT_THAT(map_row(R"({"messages":[{"role":"user","content":"q"},{"content":"a"}]})").status().message(),
              HasSubstr("turn 2: has no role"));
  EXPECT_THAT(map_row(R"({"messages":[{"role":"user","content":[{"type":"image"}]}]})").status().message(),
              HasSubstr("type \"\"image\"\""));
  EXPECT_THAT(map_row(R"({"messages":[{"role":"user","content":"q"}]})").status().message(),
              HasSubstr("no assistant turn"));
  EXPECT_THAT(map_row(R"({"input_ids":[1,2.5]})").status().message(), HasSubstr("no token id"));
  EXPECT_THAT(map_row(R"({"input_ids":[1,99999999999]})").status().message(), HasSubstr("no token id"));
  EXPECT_THAT(map_row(R"({"input_ids":[1,2],"labels":[1]})").status().message(), HasSubstr("2 input_ids but 1 labels"));
}

}  // namespace
}  // namespace weft
