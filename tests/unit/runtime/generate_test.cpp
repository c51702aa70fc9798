// SPDX-License-Identifier: GPL-3.0-or-later
// Answers through the public interface: of files, of a run in progress, of a paused one; and samples, which must not change the run.
#include <gtest/gtest.h>

#include <fstream>

#include "engine/api/engine.h"
#include "engine/api/engine_loader.h"
#include "tests/support/recording_sink.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

const std::string kGguf = WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf";

class GenerateTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string text;
    for (int i = 0; i < 60; ++i) text += "Once upon a time there was a little dog number " + std::to_string(i) + ". The dog liked to play in the sun with a red ball. ";
    folder_.write("story.txt", text);
    engine_.reset(weft_create_engine());
  }
  [[nodiscard]] TrainRequest run_of(std::int64_t steps) const {
    TrainRequest r;
    r.model = {{"path", kGguf}};
    r.data = {{"path", folder_.file("story.txt")}, {"format", "text"}, {"max_length", 32}, {"holdout", 0.2}};
    r.method = {{"name", "lora"}, {"rank", 4}, {"alpha", 8.0}};
    r.train = {{"steps", steps}, {"batch_tokens", 128}, {"lr", 1e-2}, {"warmup", 0}, {"eval_every", 0}, {"checkpoint_every", 0}, {"threads", 1}};
    r.probe = {{"spectra_every", 0}};
    r.checkpoint_folder = folder_.file("checkpoints");
    return r;
  }
  static GenerateRequest asking(const std::string& model) {
    return {.model = model, .messages = {{"user", "Once upon a time"}}, .chat_template = model.empty() ? "" : "none", .sampling = {.temperature = 0, .max_tokens = 24}};
  }
  Result<GenerateReply> answer(GenerateRequest request) { return wait_for<GenerateReply>(*engine_, &Engine::generate, std::move(request)); }

  // Losses, gradient norms, and the answers, of a run on one thread.
  std::pair<std::vector<double>, std::vector<SamplesEvent>> trained(const TrainRequest& request) {
    auto sink = std::make_shared<RecordingSink>();
    EXPECT_TRUE(engine_->train(request, sink).ok());
    const FinishedEvent end = sink->wait();
    EXPECT_EQ(end.outcome, "done") << end.message;
    std::vector<double> figures;
    for (const auto& step : sink->all<StepEvent>()) figures.insert(figures.end(), {step.loss, step.grad_norm});
    return {figures, sink->all<SamplesEvent>()};
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<Engine> engine_;
};

// A long prompt takes longer than any token after it.
TEST_F(GenerateTest, AnAnswerEndsWithinItsPrompt) {
  GenerateRequest request = asking(kGguf);
  int asked = 0, told = 0;
  request.cancelled = [&] { return ++asked > 3; };   // before it begins, and before two of the five layers
  request.on_token = [&](const GeneratedToken&) { ++told; };
  const auto reply = answer(request);
  ASSERT_TRUE(reply.ok()) << reply.status().message();
  EXPECT_EQ(reply->end, "cancelled");
  EXPECT_EQ(asked, 4);
  EXPECT_EQ(told, 0);
}

TEST_F(GenerateTest, AnswersFromFilesAndRefusesWhatItCannotMean) {
  const auto reply = answer(asking(kGguf));
  ASSERT_TRUE(reply.ok()) << reply.status().message();
  EXPECT_EQ(reply->tokens.size(), 24U);
  EXPECT_EQ(answer(asking("")).status().code(), ErrorCode::NotFound);
  auto request = asking(kGguf);
  request.strength = -1;
  EXPECT_NE(answer(request).status().message().find("strength = -1"), std::string::npos);
  request = asking(folder_.file("no.gguf"));
  EXPECT_FALSE(answer(request).ok());
}

TEST_F(GenerateTest, ARunAnswersWhileItIsPausedAndGoesOnAsIfNobodyHadAsked) {
  const auto expected = trained(run_of(6)).first;
  auto sink = std::make_shared<RecordingSink>();
  sink->on_each = [&](const Event& event) {
    if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == 3) {
      EXPECT_TRUE(engine_->control(2, Control::Pause).ok());
    }
  };
  ASSERT_TRUE(engine_->train(run_of(6), sink).ok());
  ASSERT_TRUE(sink->wait_for([](const Event& e) { return std::holds_alternative<StateEvent>(e) && std::get<StateEvent>(e).state == RunState::Paused; }));
  const auto tuned = answer(asking(""));
  ASSERT_TRUE(tuned.ok()) << tuned.status().message();
  EXPECT_EQ(tuned->prompt.step, 3);
  EXPECT_EQ(tuned->prompt.text, "Once upon a time") << "as the run's rows, which are text";
  auto request = asking("");
  request.strength = 0;
  const auto base = answer(request);
  ASSERT_TRUE(base.ok()) << base.status().message();
  EXPECT_EQ(base->text, answer(asking(kGguf))->text);
  EXPECT_NE(base->text, tuned->text);
  EXPECT_TRUE(engine_->control(2, Control::Continue).ok());
  EXPECT_EQ(sink->wait().outcome, "done");
  std::vector<double> figures;
  for (const auto& step : sink->all<StepEvent>()) figures.insert(figures.end(), {step.loss, step.grad_norm});
  EXPECT_EQ(figures, expected);
}

TEST_F(GenerateTest, StoppingARunEndsTheAnswerThatItWrites) {
  auto sink = std::make_shared<RecordingSink>();
  ASSERT_TRUE(engine_->train(run_of(100000), sink).ok());
  ASSERT_TRUE(sink->wait_for([](const Event& e) { return std::holds_alternative<StepEvent>(e); }));
  auto request = asking("");
  request.sampling.max_tokens = 400;
  request.on_token = [&](const GeneratedToken&) { (void)engine_->control(1, Control::Stop); };
  const auto reply = answer(request);
  ASSERT_TRUE(reply.ok()) << reply.status().message();
  EXPECT_EQ(reply->end, "cancelled");
  EXPECT_EQ(reply->tokens.size(), 1U);
  EXPECT_EQ(sink->wait().outcome, "stopped");
}

TEST_F(GenerateTest, SamplesAreDrawnByStepAndLeaveTheRunAsItIs) {
  for (const Json& method : {Json{{"name", "lora"}, {"rank", 4}}, Json{{"name", "dora"}, {"rank", 4}}, Json{{"name", "adalora"}, {"rank", 4}, {"target_rank", 2}}}) {
    SCOPED_TRACE(method.dump());
    TrainRequest plain = run_of(7);
    plain.method = method;
    plain.train["layers_at_first"] = method["name"] == "adalora" ? 1.0 : 0.5;   // layers rest, and come back for the samples
    TrainRequest sampled = plain;
    sampled.samples = {{"prompts", {"Once upon a time", "The dog"}}, {"every", 3}, {"max_tokens", 12}};
    const auto [figures, none] = trained(plain);
    EXPECT_TRUE(none.empty());
    const auto [same, samples] = trained(sampled);
    EXPECT_EQ(same, figures) << "bit for bit";
    ASSERT_EQ(samples.size(), 3U);
    EXPECT_EQ(samples[0].step, 3);
    EXPECT_EQ(samples[1].step, 6);
    EXPECT_EQ(samples[2].step, 7) << "and at the end";
    for (const auto& event : samples) {
      ASSERT_EQ(event.answers.size(), 2U);
      EXPECT_EQ(event.answers[0].prompt, "Once upon a time");
      EXPECT_EQ(event.answers[0].base, samples[0].answers[0].base);
      EXPECT_FALSE(event.answers[1].tuned.empty());
      EXPECT_GT(event.ms, 0);
    }
    if (method["name"] != "adalora") {   // which hardly moves in so few steps
      EXPECT_NE(samples[2].answers[0].tuned, samples[2].answers[0].base);
    }
  }
}

TEST_F(GenerateTest, SampleNowAnswersWhilePausedAndWithoutPromptsSaysSo) {
  for (const bool prompts : {true, false}) {
    TrainRequest request = run_of(4);
    if (prompts) request.samples = {{"prompts", {"The dog"}}, {"every", 0}, {"max_tokens", 6}};
    auto sink = std::make_shared<RecordingSink>();
    const JobId job = prompts ? 1 : 2;
    sink->on_each = [&](const Event& event) {
      if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == 2) {
        EXPECT_TRUE(engine_->control(job, Control::Pause).ok());
      }
    };
    ASSERT_TRUE(engine_->train(request, sink).ok());
    ASSERT_TRUE(sink->wait_for([](const Event& e) { return std::holds_alternative<StateEvent>(e) && std::get<StateEvent>(e).state == RunState::Paused; }));
    EXPECT_TRUE(engine_->control(job, Control::Sample).ok());
    ASSERT_TRUE(sink->wait_for([&](const Event& e) { return prompts ? std::holds_alternative<SamplesEvent>(e) : std::holds_alternative<WarningEvent>(e); }));
    if (prompts) {
      EXPECT_EQ(sink->all<SamplesEvent>().front().step, 2);
    }
    EXPECT_TRUE(engine_->control(job, Control::Continue).ok());
    EXPECT_EQ(sink->wait().outcome, "done");
    EXPECT_EQ(sink->all<SamplesEvent>().size(), prompts ? 2U : 0U);
    if (!prompts) {
      EXPECT_NE(sink->all<WarningEvent>().back().message.find("[samples] prompts is empty"), std::string::npos);
    }
  }
}

TEST_F(GenerateTest, SampleSettingsAreChecked) {
  TrainRequest request = run_of(2);
  request.samples = {{"prompts", Json::array()}, {"every", -1}};
  EXPECT_NE(validate(request).status().message().find("[samples]"), std::string::npos);
  request.samples = {{"prompts", std::string("a\n\n b \n")}};
  const auto complete = validate(request);
  ASSERT_TRUE(complete.ok()) << complete.status().message();
  EXPECT_EQ(sample_prompts(complete->samples), (std::vector<std::string>{"a", "b"}));
  Json many = Json::array();
  for (int i = 0; i < 17; ++i) many.push_back("prompt");
  request.samples = {{"prompts", many}};
  EXPECT_NE(validate(request).status().message().find("17 prompts"), std::string::npos);
  const SamplesEvent event{5, {{"p", "b", "t", "length", "end of turn"}}, 12.5};
  const SamplesEvent read = samples_from_json(5, samples_json(event));
  ASSERT_EQ(read.answers.size(), 1U);
  EXPECT_EQ(read.answers[0].tuned, "t");
  EXPECT_EQ(read.answers[0].base_end, "length");
  EXPECT_EQ(read.ms, 12.5);
  EXPECT_TRUE(samples_from_json(1, Json::parse(R"({"answers": [1, {"base": "x"}, {"tuned": 3}]})")).answers.empty());
}

}  // namespace
}  // namespace weft
