// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/chat_spans.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data_test_support.h"
#include "engine/data/turns.h"

namespace weft {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> spans(const Result<SpannedText>& result) {
  EXPECT_TRUE(result.ok()) << result.status().message();
  std::vector<std::string> out;
  if (result.ok())
    for (const auto& [begin, end] : result->trained) out.push_back(result->text.substr(begin, end - begin));
  return out;
}

std::vector<Turn> two_rounds() {
  return {make_turn("user", "q1"), make_turn("assistant", "a1"), make_turn("user", "q2"), make_turn("assistant", "a2")};
}

TEST(ChatSpans, AnswersWithTheirEndOfTurn) {
  EXPECT_THAT(spans(render_spans(test::tagged_chat, two_rounds(), false)),
              ElementsAre("a1</assistant>\n", "a2</assistant>\n"));
}

TEST(ChatSpans, MaskedTurnsStayMasked) {
  auto turns = two_rounds();
  turns[1].trained = false;
  EXPECT_THAT(spans(render_spans(test::tagged_chat, turns, false)), ElementsAre("a2</assistant>\n"));
}

TEST(ChatSpans, TrainAllTakesEverything) {
  EXPECT_THAT(spans(render_spans(test::tagged_chat, two_rounds(), true)),
              ElementsAre("<user>q1</user>\n<assistant>a1</assistant>\n<user>q2</user>\n<assistant>a2</assistant>\n"));
}

TEST(ChatSpans, GenerationMarksDecide) {
  const RenderChat marked = [](const Json& messages, bool ask) -> Result<RenderedChat> {
    RenderedChat out;
    for (const auto& message : messages) {
      const std::string role = message["role"], content = message["content"];
      out.text += role + ":";
      const std::size_t begin = out.text.size();
      out.text += content + ";";
      if (role == "assistant") out.generation.emplace_back(begin, out.text.size() - 1);
    }
    if (ask) out.text += "assistant:";
    return out;
  };
  auto turns = two_rounds();
  EXPECT_THAT(spans(render_spans(marked, turns, false)), ElementsAre("a1", "a2"));
  turns[3].trained = false;
  EXPECT_THAT(spans(render_spans(marked, turns, false)), ElementsAre("a1"));
}

// As reasoning models' templates do: the thoughts of earlier turns are dropped, and asking opens a thought.
Result<RenderedChat> forgetful(const Json& messages, bool ask) {
  RenderedChat out;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const std::string role = messages[i]["role"], content = messages[i]["content"];
    const bool last = i + 1 == messages.size();
    out.text += "[" + role + "]" + (role == "assistant" && last ? "<think></think>" : "") + content + "[end]";
  }
  if (ask) out.text += "[assistant]<think>now";
  return out;
}

TEST(ChatSpans, ATemplateThatRewritesEarlierTurnsIsSearched) {
  const auto found = render_spans(forgetful, two_rounds(), false);
  EXPECT_THAT(spans(found), ElementsAre("a1[end]", "a2[end]"));
  EXPECT_TRUE(found->searched);
}

TEST(ChatSpans, EqualWordsOfTheUserAreNotTakenForTheAnswer) {
  const std::vector<Turn> turns{make_turn("user", "yes"), make_turn("assistant", "yes"), make_turn("user", "yes"),
                                make_turn("assistant", "yes")};
  const auto found = render_spans(forgetful, turns, false);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->text, "[user]yes[end][assistant]yes[end][user]yes[end][assistant]<think></think>yes[end]");
  ASSERT_EQ(found->trained.size(), 2u);
  EXPECT_EQ(found->trained[0].first, found->text.find("[assistant]yes") + 11);
  EXPECT_EQ(found->trained[1].first, found->text.rfind("yes"));
}

TEST(ChatSpans, AnAnswerThatTheTemplateChangesIsRefused) {
  const RenderChat upper = [](const Json& messages, bool ask) -> Result<RenderedChat> {
    RenderedChat out{.text = ask ? "??" : "", .generation = {}};
    for (std::size_t i = 0; i < messages.size(); ++i) out.text += "X";
    return out;
  };
  const auto result = render_spans(upper, two_rounds(), false);
  ASSERT_FALSE(result.ok());
  EXPECT_THAT(result.status().message(), HasSubstr("turn 2"));
}

}  // namespace
}  // namespace weft
