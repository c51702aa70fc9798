// SPDX-License-Identifier: GPL-3.0-or-later
// Answers of a real model (stories260K): against a naive loop, streams of text, seeds, ends, and prompts that are wrong.
#include "engine/generate/generation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "engine/train/loaded_model.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

const std::string kFolder = WEFT_TEST_DATA "/models/stories260k/hf", kGguf = WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf";
const std::string kLora = WEFT_TEST_DATA "/parity/lora", kDora = WEFT_TEST_DATA "/parity/dora_all_linear";

GenerateRequest asking(const std::string& model, const std::string& adapter, std::int64_t tokens, double temperature = 0) {
  return {.model = model, .adapter = adapter, .messages = {{"user", "Once upon a time"}}, .chat_template = "none",
          .sampling = {.temperature = temperature, .seed = 7, .max_tokens = tokens}};
}

GenerateReply answer(const GenerateRequest& request) {
  auto reply = generate_from_files(request);
  EXPECT_TRUE(reply.ok()) << reply.status().message();
  return reply.ok() ? *std::move(reply) : GenerateReply();
}

std::vector<std::int32_t> ids_of(const GenerateReply& reply) {
  std::vector<std::int32_t> ids;
  for (const auto& token : reply.tokens) ids.push_back(token.chosen.id);
  return ids;
}

// The whole text read anew for each token.
std::vector<std::int32_t> naive(const std::string& model_path, const std::string& adapter, std::size_t tokens) {
  const at::NoGradGuard no_grad;
  const auto loaded = load_model(model_path, adapter);
  const auto writer = PromptWriter::load(model_path);
  EXPECT_TRUE(loaded.ok() && writer.ok());
  auto ids = writer->write({{"user", "Once upon a time"}}, "none")->ids;
  std::vector<std::int32_t> written;
  while (written.size() < tokens) {
    std::vector<std::int32_t> positions(ids.size());
    std::iota(positions.begin(), positions.end(), 0);
    const std::vector<std::int64_t> segments{0, static_cast<std::int64_t>(ids.size())};
    const Tensor hidden = loaded->model->hidden({ids, positions, segments});
    const Tensor logits = loaded->model->logits(hidden.narrow(0, hidden.size(0) - 1, 1));
    written.push_back(static_cast<std::int32_t>(logits.argmax().item<std::int64_t>()));
    ids.push_back(written.back());
  }
  return written;
}

TEST(Generation, GreedyTextIsThatOfANaiveLoop) {
  for (const std::string& model : {kFolder, kGguf})
    for (const std::string& adapter : {std::string(), kLora, kDora}) {
      SCOPED_TRACE(model + " " + adapter);
      const GenerateReply reply = answer(asking(model, adapter, 40));
      EXPECT_EQ(ids_of(reply), naive(model, adapter, 40));
      EXPECT_EQ(reply.end, "length");
    }
}

TEST(Generation, StreamsTheTextThatItReturns) {
  GenerateRequest request = asking(kGguf, "", 60);
  std::string streamed, prompt;
  request.on_prompt = [&](const GenerationPrompt& told) { prompt = told.text; };
  request.on_token = [&](const GeneratedToken& token) { streamed += token.added; };
  const GenerateReply reply = answer(request);
  EXPECT_EQ(prompt, "Once upon a time");
  EXPECT_EQ(streamed, reply.text);
  EXPECT_EQ(reply.text.rfind(", there was", 0), 0U) << reply.text;
  const auto writer = PromptWriter::load(kGguf);
  auto ids = writer->write({{"user", "Once upon a time"}}, "none")->ids;
  for (const auto id : ids_of(reply)) ids.push_back(id);
  EXPECT_EQ("Once upon a time" + reply.text, writer->coder().decode(ids, true));
  for (const auto& token : reply.tokens) {
    ASSERT_EQ(token.likeliest.size(), 5U);
    EXPECT_EQ(token.likeliest.front().id, token.chosen.id);
    EXPECT_GE(token.likeliest[0].probability, token.likeliest[1].probability);
    EXPECT_EQ(token.chosen.text, token.added);
  }
}

TEST(Generation, TheSameSeedGivesTheSameText) {
  GenerateRequest request = asking(kGguf, kLora, 60, 1);
  const std::string one = answer(request).text;
  EXPECT_EQ(answer(request).text, one);
  request.sampling.seed = 8;
  EXPECT_NE(answer(request).text, one);
}

TEST(Generation, StrengthZeroIsTheBase) {
  GenerateRequest request = asking(kGguf, kDora, 60, 1);
  const std::string tuned = answer(request).text, base = answer(asking(kGguf, "", 60, 1)).text;
  EXPECT_NE(tuned, base);
  request.strength = 0;
  EXPECT_EQ(answer(request).text, base);
}

TEST(Generation, EndsWhenItIsCancelled) {
  GenerateRequest request = asking(kGguf, "", 1000);
  std::size_t heard = 0;
  request.on_token = [&](const GeneratedToken&) { ++heard; };
  request.cancelled = [&] { return heard >= 5; };
  const GenerateReply reply = answer(request);
  EXPECT_EQ(reply.end, "cancelled");
  EXPECT_EQ(reply.tokens.size(), 5U);
}

TEST(Generation, EndsAtTheEndOfTheContextAndSaysSo) {
  const GenerateReply reply = answer(asking(kGguf, "", 4000));
  const auto source = ModelSource::open(kGguf);
  if (reply.end == "context")
    EXPECT_EQ(reply.prompt.tokens + static_cast<std::int64_t>(reply.tokens.size()), (*source)->config().context);
  else
    EXPECT_EQ(reply.end, "end of turn");
  std::string longer;
  for (int i = 0; i < 2000; ++i) longer += "dog ";
  GenerateRequest request = asking(kGguf, "", 4);
  request.messages = {{"user", longer}};
  const auto refused = generate_from_files(request);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.status().message().find("no room for an answer"), std::string::npos) << refused.status().message();
}

TEST(Generation, APromptIsRenderedAsRowsAreAndEndsWhereTheyEnd) {
  const auto writer = PromptWriter::load(kGguf);   // no template of its own
  ASSERT_TRUE(writer.ok()) << writer.status().message();
  const auto plain = writer->write({{"user", "Who?"}}, "auto");
  ASSERT_TRUE(plain.ok()) << plain.status().message();
  EXPECT_EQ(plain->shown.text, "Who?");
  EXPECT_EQ(plain->shown.template_name, "plain");
  EXPECT_NE(plain->shown.warning, "");
  EXPECT_NE(std::find(plain->stops.begin(), plain->stops.end(), writer->coder().eos), plain->stops.end());
  const auto alpaca = writer->write({{"user", "Who?"}}, "alpaca");
  ASSERT_TRUE(alpaca.ok());
  EXPECT_NE(alpaca->shown.text.find("### Response:"), std::string::npos) << alpaca->shown.text;
  const auto other = writer->write({{"user", "Who?"}}, "no-such-template");
  ASSERT_FALSE(other.ok());
  EXPECT_NE(other.status().message().find("no-such-template"), std::string::npos) << other.status().message();
}

TEST(Generation, TextOfManyByteCharactersComesWhole) {
  const auto writer = PromptWriter::load(kGguf);   // bytes it has no piece for are tokens of their own
  const std::string text = " caf\xC3\xA9 \xE6\x97\xA5\xE6\x9C\xAC \xF0\x9F\x98\x80!";
  const auto whole = writer->coder().encode("Hello" + text, true);
  ASSERT_TRUE(whole.ok());
  const auto start = writer->coder().encode("Hello", true);
  TextStream stream(writer->coder(), start->ids);
  std::string streamed;
  for (std::size_t i = start->ids.size(); i < whole->ids.size(); ++i) {
    const std::string added = stream.add(whole->ids[i]);
    EXPECT_EQ(added.find("\xEF\xBF\xBD"), std::string::npos);
    streamed += added;
  }
  EXPECT_EQ(streamed + stream.finish(), text);
}

TEST(Generation, RequestsThatCannotBeMeantAreRefused) {
  const auto refusal = [](const std::function<void(GenerateRequest&)>& change) {
    GenerateRequest request = asking(kGguf, "", 4);
    change(request);
    return validate(request).message();
  };
  EXPECT_EQ(refusal([](GenerateRequest&) {}), "");
  EXPECT_NE(refusal([](GenerateRequest& r) { r.strength = 2.5; }).find("2.5"), std::string::npos);
  EXPECT_NE(refusal([](GenerateRequest& r) { r.messages.clear(); }).find("no prompt"), std::string::npos);
  EXPECT_NE(refusal([](GenerateRequest& r) { r.messages.push_back({"user", "b"}); }).find("2 messages"), std::string::npos);
  EXPECT_NE(refusal([](GenerateRequest& r) { r.model.clear(), r.adapter = "a"; }).find("needs its model"), std::string::npos);
  GenerateRequest empty = asking(kGguf, "", 4);
  empty.messages = {{"user", ""}};
  empty.chat_template = "plain";
  const auto reply = generate_from_files(empty);   // begins with the token that begins a text
  EXPECT_TRUE(reply.ok()) << reply.status().message();
}

TEST(Generation, ARunsRowsSayHowItsPromptsAreRendered) {
  EXPECT_EQ(template_of_run({{"format", "auto"}, {"path", "a.jsonl"}, {"template", "chatml"}}), "chatml");
  EXPECT_EQ(template_of_run({{"format", "auto"}, {"path", "a.txt"}, {"template", "auto"}}), "none");
  EXPECT_EQ(template_of_run({{"format", "text"}, {"path", "a.jsonl"}}), "none");
  EXPECT_EQ(template_of_run(Json()), "auto");
}

}  // namespace
}  // namespace weft
