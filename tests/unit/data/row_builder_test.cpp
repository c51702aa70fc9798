// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/row_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data_test_support.h"
#include "engine/data/turns.h"

namespace weft {
namespace {

using testing::HasSubstr;

Example chat(std::vector<Turn> turns) {
  return {.line = 1, .turns = std::move(turns)};
}
RowBuilder builder(std::int64_t max_length = 64) {
  return {test::byte_coder(), test::tagged_chat, false, false, max_length};
}

TEST(RowBuilder, LabelsFollowTheSpans) {
  const auto built = builder().build(chat({make_turn("user", "q"), make_turn("assistant", "ab")}));
  ASSERT_TRUE(built.ok());
  EXPECT_EQ(test::trained_text(built->row), "·ab</assistant>\n");
  EXPECT_EQ(built->trained, 15);
}

TEST(RowBuilder, ATokenThatOverlapsATrainedSpanIsTrained) {
  TokenCoder coder = test::byte_coder();
  coder.encode = [](std::string_view text, bool) -> Result<Encoding> {  // tokens of three bytes
    Encoding out;
    for (std::uint32_t i = 0; i < text.size(); i += 3) {
      out.ids.push_back(std::int32_t(out.ids.size()));
      out.begin.push_back(i);
      out.end.push_back(std::min<std::uint32_t>(i + 3, std::uint32_t(text.size())));
      out.special.push_back(0);
    }
    return out;
  };
  const RenderChat plain = [](const Json& messages, bool) -> Result<RenderedChat> {
    RenderedChat out;
    for (const auto& message : messages) out.text += message["content"];
    return out;
  };
  // "aaaabbbbcc": the answer is bytes 4..8, tokens are 0-3, 3-6, 6-9, 9-10
  const RowBuilder rows(coder, plain, false, false, 64);
  const auto built =
      rows.build(chat({make_turn("user", "aaaa"), make_turn("assistant", "bbbb"), make_turn("user", "cc")}));
  ASSERT_TRUE(built.ok()) << built.status().message();
  EXPECT_EQ(built->row.labels, (std::vector<std::int32_t>{kNoLabel, 1, 2, kNoLabel}));
}

TEST(RowBuilder, LongRowsAreCutAndShown) {
  PreviewRow preview;
  const auto built = builder(32).build(chat({make_turn("user", "q"), make_turn("assistant", "abcdef")}), &preview);
  ASSERT_TRUE(built.ok());
  EXPECT_EQ(built->row.ids.size(), 32u);
  EXPECT_EQ(built->cut, 13);
  ASSERT_EQ(preview.tokens.size(), 45u);
  EXPECT_EQ(preview.tokens[25].state, TokenState::Masked);
  EXPECT_EQ(preview.tokens[26].state, TokenState::Trained);
  EXPECT_EQ(preview.tokens[31].state, TokenState::Trained);
  EXPECT_EQ(preview.tokens[32].state, TokenState::Cut);
  EXPECT_EQ(preview.tokens[26].text, "a");
  EXPECT_EQ(preview.tokens[26].begin, 26u);
  EXPECT_EQ(preview.rendered.size(), 45u);
  ASSERT_EQ(preview.messages.size(), 2u);
  EXPECT_EQ(preview.messages[1].content, "abcdef");
}

TEST(RowBuilder, RowsWithoutATrainedTokenSayWhy) {
  const auto beyond = builder(16).build(chat({make_turn("user", "question"), make_turn("assistant", "a")}));
  ASSERT_FALSE(beyond.ok());
  EXPECT_THAT(beyond.status().message(), HasSubstr("all 14 trained tokens lie beyond the cut at max_length = 16"));
  auto turns = std::vector<Turn>{make_turn("user", "q"), make_turn("assistant", "a")};
  turns[1].trained = false;
  EXPECT_THAT(builder().build(chat(turns)).status().message(), HasSubstr("no token of the row is trained"));
  EXPECT_THAT(builder().build({.line = 1, .ids = {5}, .labels = {5}}).status().message(),
              HasSubstr("no token of the row is trained"));
  EXPECT_THAT(builder().build({.line = 1}).status().message(), HasSubstr("has no token"));
}

TEST(RowBuilder, TokenIdsOutsideTheVocabularyAreRefused) {
  EXPECT_THAT(builder().build({.line = 1, .ids = {1, 258}, .labels = {1, 258}}).status().message(),
              HasSubstr("token id 258 at position 1 is outside the vocabulary of 258"));
  EXPECT_THAT(builder().build({.line = 1, .ids = {1, -3}, .labels = {1, 3}}).status().message(),
              HasSubstr("-3 at position 1 is negative"));
  EXPECT_THAT(builder().build({.line = 1, .ids = {1, 2}, .labels = {-100, 999}}).status().message(),
              HasSubstr("label 999"));
}

TEST(RowBuilder, TextIsTrainedWholeButForItsFirstToken) {
  const auto built = builder().build({.line = 1, .text = "abc"});
  ASSERT_TRUE(built.ok());
  EXPECT_EQ(built->row.ids, (std::vector<std::int32_t>{256, 'a', 'b', 'c'}));
  EXPECT_EQ(built->row.labels, (std::vector<std::int32_t>{kNoLabel, 'a', 'b', 'c'}));
}

TEST(RowBuilder, AStreamIsCutWithoutLoss) {
  const std::string text = "0123456789";
  const auto rows = builder(4).build_stream(text, 2);
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 3u);  // 11 tokens: 4 + 4 + 3
  std::vector<std::int32_t> ids;
  for (const auto& row : *rows) ids.insert(ids.end(), row.row.ids.begin(), row.row.ids.end());
  std::vector<std::int32_t> expected{256};
  expected.insert(expected.end(), text.begin(), text.end());
  EXPECT_EQ(ids, expected);
  EXPECT_EQ((*rows)[0].preview.rendered, "012");
  EXPECT_TRUE((*rows)[0].preview.tokens[0].special);
  EXPECT_EQ((*rows)[1].preview.rendered, "3456");
  EXPECT_EQ((*rows)[1].preview.tokens[0].begin, 0u);
  EXPECT_EQ((*rows)[1].from, 3u);
  EXPECT_TRUE((*rows)[2].preview.tokens.empty());
}

TEST(RowBuilder, LongStreamsAreEncodedInPiecesCutAtLineEnds) {
  std::string text;
  while (text.size() < (9u << 20)) text += "a line of text, somewhat long \xC3\xA9\n";
  int pieces = 0;
  TokenCoder coder = test::byte_coder();
  const auto encode = coder.encode;
  coder.encode = [&](std::string_view piece, bool special) {
    EXPECT_EQ(special, pieces == 0);
    EXPECT_EQ(piece.back(), '\n');
    ++pieces;
    return encode(piece, special);
  };
  const auto rows = RowBuilder(coder, {}, false, false, 1000).build_stream(text, 0);
  ASSERT_TRUE(rows.ok());
  std::size_t tokens = 0;
  for (const auto& row : *rows) tokens += row.row.ids.size();
  EXPECT_EQ(pieces, 3);
  EXPECT_GE(tokens + 3, text.size() + 1);
}

}  // namespace
}  // namespace weft
