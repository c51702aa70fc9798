// SPDX-License-Identifier: GPL-3.0-or-later
// Runs that are changed while they go on: real ones of a small model through the public interface.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <future>

#include "engine/api/engine.h"
#include "engine/core/files.h"
#include "tests/support/engine_runs.h"

namespace weft {
namespace {
namespace fs = std::filesystem;

class SteeringTest : public test::EngineRuns {
 protected:
  [[nodiscard]] TrainRequest request(std::int64_t steps, const std::string& folder = "checkpoints") const { return story_run(steps, 0, folder); }
  static RunEdit edit(const std::string& text) {
    auto parsed = parse_edit(text);
    EXPECT_TRUE(parsed.ok()) << parsed.status().message();
    return parsed.ok() ? *parsed : RunEdit();
  }
  std::string file(const std::string& folder, int step) const { return (work_ / folder / ("step-00000" + std::to_string(step) + ".safetensors")).string(); }
};

TEST_F(SteeringTest, AnEditTakesEffectBetweenTwoStepsAfterACheckpointAndSaysSo) {
  auto sink = std::make_shared<RecordingSink>();
  std::promise<Result<std::int64_t>> told;
  sink->on_each = [&](const Event& event) {
    if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == 3)
      engine_->edit(1, edit("lr=1e-3,steps=8"), [&](Result<std::int64_t> at) { told.set_value(std::move(at)); });
  };
  TrainRequest r = request(6);
  r.train["schedule"] = "constant";
  ASSERT_TRUE(engine_->train(r, sink).ok());
  ASSERT_EQ(sink->wait().outcome, "done") << sink->wait().message;
  const auto answer = told.get_future().get();
  ASSERT_TRUE(answer.ok()) << answer.status().message();
  EXPECT_EQ(*answer, 4);
  const auto edits = sink->all<EditEvent>();
  ASSERT_EQ(edits.size(), 1U);
  EXPECT_EQ(edits[0].edit.step, 4);
  EXPECT_EQ(edits[0].total_steps, 8);
  EXPECT_EQ(edits[0].text, "learning rate 0.005 to 0.001; end at step 8 instead of 6 (the learning rate stays)");
  const auto steps = sink->all<StepEvent>();
  ASSERT_EQ(steps.size(), 8U);
  EXPECT_EQ(steps[2].lr, 5e-3);
  EXPECT_EQ(steps[3].lr, 1e-3);
  EXPECT_EQ(sink->all<CheckpointEvent>().front().step, 3) << "the way back";
}

// Each kind at step 4 of 9, then stopped in the middle by going on from the checkpoint of step 6: the same run to the last bit. And "from 3" begins before the edit.
TEST_F(SteeringTest, AResumedRunWithAnEditEqualsAnUnbrokenOne) {
  const std::pair<const char*, const char*> cases[] = {{"lora", "4:lr=1e-3"},       {"lora", "4:steps=12"},     {"lora", "4:dropout=0.2"},        {"lora", "4:dropout.hidden=0.1"}, {"lora", "4:alpha=3.3"},
                                                       {"lora", "4:rank=3"},        {"lora", "4:rank.q_proj=1"}, {"lora", "4:freeze=left"},       {"loraplus", "4:freeze=right"},  {"dora", "4:rank=2,alpha=10"},
                                                       {"copra", "4:steps=11,lr=1e-2"}, {"adalora", "4:lr=2e-3,alpha=5"}, {"pissa", "4:alpha=4"}, {"geolora", "4:steps=10"}};
  int n = 0;
  for (const auto& [method, text] : cases) {
    const std::string name = "case" + std::to_string(n++);
    TrainRequest whole = request(9, name + "-whole");
    whole.train["checkpoint_every"] = 3;
    if (std::string(method) == "copra") whole.train["layers_at_first"] = 0.1;
    else if (std::string(method) == "pissa") whole.method["start"] = "pissa";
    else whole.method["name"] = method;
    if (std::string(method) == "adalora") whole.method["target_rank"] = 2;
    if (std::string(method) == "geolora") whole.method["turn_every"] = 4;
    TrainRequest plain = whole;
    plain.checkpoint_folder = (work_ / (name + "-plain")).string();
    whole.edits = {edit(text)};
    const auto sink = run(whole);
    ASSERT_EQ(sink->wait().outcome, "done") << method << ' ' << text << ": " << sink->wait().message;
    ASSERT_EQ(sink->all<EditEvent>().size(), 1U) << text;
    EXPECT_EQ(sink->all<EditEvent>()[0].edit.step, 4);
    const auto unbroken = losses(*sink), without = losses(*run(plain));
    EXPECT_EQ(std::vector<double>(unbroken.begin(), unbroken.begin() + 3), std::vector<double>(without.begin(), without.begin() + 3));
    EXPECT_NE(unbroken.at(5), without.at(5)) << method << ' ' << text << ": it changes something";
    for (const int from : {3, 6}) {
      TrainRequest part = whole;
      part.checkpoint_folder = (work_ / (name + "-part" + std::to_string(from))).string();
      part.resume_from = file(name + "-whole", from);
      const auto rest = run(part);
      ASSERT_EQ(rest->wait().outcome, "done") << rest->wait().message;
      EXPECT_EQ(rest->all<EditEvent>().size(), from == 3 ? 1U : 0U) << "what the checkpoint has is not made again";
      EXPECT_EQ(std::vector<double>(unbroken.begin() + from, unbroken.end()), losses(*rest)) << method << ' ' << text << " from " << from;
      EXPECT_EQ(*sha256_of_file(file(name + "-whole", 9)), *sha256_of_file(file(name + "-part" + std::to_string(from), 9))) << method << ' ' << text;
    }
  }
}

// An edit that somebody made, and that no checkpoint has, is not made again when the run goes on from before it.
TEST_F(SteeringTest, WhatWasChangedByHandAfterACheckpointIsNotRepeated) {
  auto sink = std::make_shared<RecordingSink>();
  sink->on_each = [&](const Event& event) {
    if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == 3) engine_->edit(1, edit("lr=0.1"), [](Result<std::int64_t>) {});
  };
  ASSERT_TRUE(engine_->train(request(6), sink).ok());
  ASSERT_EQ(sink->wait().outcome, "done");
  TrainRequest rest = request(6, "again");
  rest.resume_from = file("checkpoints", 3);
  const auto again = run(rest);
  EXPECT_TRUE(again->all<EditEvent>().empty());
  const auto plain = losses(*run(request(6, "plain")));
  EXPECT_EQ(losses(*again), std::vector<double>(plain.begin() + 3, plain.end()));
}

TEST_F(SteeringTest, AFrozenSideStaysAsItIs) {
  TrainRequest r = request(5);
  r.train["checkpoint_every"] = 1;
  r.edits = {edit("3:freeze=left"), edit("5:freeze=none")};
  ASSERT_EQ(run(r)->wait().outcome, "done");
  const auto inspect = [&](int step) {
    std::promise<Result<InspectReply>> reply;
    engine_->inspect({.adapter = file("checkpoints", step), .base = ""}, [&](Result<InspectReply> got) { reply.set_value(std::move(got)); });
    return reply.get_future().get();
  };
  const auto at = [&](int step) { return inspect(step)->spectra.front().singular_values; };
  EXPECT_NE(at(2), at(4)) << "the other side goes on";
  // the left factor itself, byte for byte
  const auto left = [&](int step) {
    const auto bytes = *read_file(file("checkpoints", step), 1 << 24);
    const auto header = parse_json(bytes.substr(8, *reinterpret_cast<const std::uint64_t*>(bytes.data())));
    const auto& entry = header->at("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight");
    const std::size_t begin = 8 + *reinterpret_cast<const std::uint64_t*>(bytes.data());
    const auto from = entry.at("data_offsets").at(0).get<std::size_t>(), to = entry.at("data_offsets").at(1).get<std::size_t>();
    return bytes.substr(begin + from, to - from);
  };
  EXPECT_NE(left(1), left(2));
  EXPECT_EQ(left(2), left(4));
  EXPECT_NE(left(4), left(5));
}

TEST_F(SteeringTest, PruningKeepsTheLargestDirectionsAndTellsTheRanks) {
  TrainRequest r = request(8);
  r.probe["spectra_every"] = 1;
  r.edits = {edit("6:rank=2,lr=0")};
  const auto sink = run(r);
  ASSERT_EQ(sink->wait().outcome, "done") << sink->wait().message;
  const auto spectra = sink->all<SpectraEvent>();
  const auto of = [&](std::int64_t step) { return std::find_if(spectra.begin(), spectra.end(), [&](const auto& s) { return s.step == step; })->sites; };
  const auto before = of(5), after = of(7);
  for (std::size_t i = 0; i < before.size(); ++i) {
    ASSERT_EQ(after[i].singular_values.size(), 2U);
    for (std::size_t k = 0; k < 2; ++k) EXPECT_NEAR(after[i].singular_values[k], before[i].singular_values[k], 1e-5F * before[i].singular_values[0]) << before[i].site;
  }
  ASSERT_FALSE(sink->all<RanksEvent>().empty());
  EXPECT_EQ(ranks_json(sink->all<RanksEvent>().front()).at("sum"), 35 * 2);
  EXPECT_NE(sink->all<EditEvent>()[0].text.find("140 ranks to 70 in 35 matrices"), std::string::npos) << sink->all<EditEvent>()[0].text;
  std::promise<Result<ExportReport>> reply;   // others can read it
  engine_->export_adapter({.model = r.model["path"], .adapter = file("checkpoints", 8), .format = "peft", .out = (work_ / "peft").string()},
                          [&](Result<ExportReport> got) { reply.set_value(std::move(got)); });
  const auto report = reply.get_future().get();
  ASSERT_TRUE(report.ok()) << report.status().message();
}

// A run of zero updates has nothing to keep but the room: it must still be able to learn.
TEST_F(SteeringTest, AnAdapterThatIsStillZeroLearnsAfterPruning) {
  TrainRequest r = request(12);
  r.edits = {edit("1:rank=2")};
  r.train["eval_every"] = 12;
  const auto sink = run(r);
  ASSERT_EQ(sink->wait().outcome, "done") << sink->wait().message;
  EXPECT_LT(sink->all<EvalEvent>().back().loss, sink->all<EvalEvent>().front().loss - 0.2);
}

TEST_F(SteeringTest, RefusesWhatAMethodCannotWithItsReason) {
  const auto refused = [&](const SettingValues& method, const std::string& text, const std::string& why, const char* optimizer = "adamw") {
    TrainRequest r = request(6);
    r.method = method;
    r.train["optimizer"] = optimizer;
    r.edits = {edit(text)};
    const auto end = run(r)->wait();
    EXPECT_EQ(end.outcome, "failed") << text;
    EXPECT_NE(end.message.find(why), std::string::npos) << end.message;
  };
  refused({{"name", "ia3"}}, "3:alpha=4", "has no scale that alpha sets");
  refused({{"name", "adalora"}, {"rank", 4}, {"target_rank", 2}}, "3:rank=2", "decides by itself");
  refused({{"name", "adalora"}, {"rank", 4}, {"target_rank", 2}}, "3:steps=20", "over the steps it was started with");
  refused({{"name", "lorafa"}, {"rank", 4}}, "3:freeze=right", "decides by itself");
  refused({{"name", "lora"}, {"rank", 4}, {"start", "pissa"}}, "3:rank=2", "taken off the weights");
  refused({{"name", "dota"}, {"rank", 4}}, "3:rank=2", "no pair of factors");
  refused({{"name", "lora"}, {"rank", 4}}, "3:alpha=4", "the scale it was started with", "lora-pro");
  refused({{"name", "lora"}, {"rank", 4}}, "3:steps=2", "cannot end before it");
  refused({{"name", "lora"}, {"rank", 4}}, "3:dropout.nose=0.1", "places are key");
}

TEST_F(SteeringTest, RefusesWhatTheRunItselfCannot) {
  auto sink = std::make_shared<RecordingSink>();
  std::vector<std::string> answers;
  sink->on_each = [&](const Event& event) {
    const auto* step = std::get_if<StepEvent>(&event);
    if (!step || step->step != 3) return;
    for (const char* text : {"2:lr=1e-3", "rank=8", "rank.nose=2"})
      engine_->edit(1, edit(text), [&](Result<std::int64_t> at) { answers.push_back(at.ok() ? "made" : at.status().message()); });
    engine_->edit(7, edit("lr=1"), [&](Result<std::int64_t> at) { answers.push_back(at.ok() ? "made" : at.status().message()); });
  };
  ASSERT_TRUE(engine_->train(request(5), sink).ok());
  ASSERT_EQ(sink->wait().outcome, "done");
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_NE(answers[0].find("not in progress"), std::string::npos) << answers[0];
  EXPECT_NE(answers[1].find("step 2 is over: the next one is 4"), std::string::npos) << answers[1];
  EXPECT_NE(answers[2].find("at most 4 already"), std::string::npos) << answers[2];
  EXPECT_NE(answers[3].find("no adapted matrix"), std::string::npos) << answers[3];
  EXPECT_TRUE(sink->all<EditEvent>().empty());
}

// Paused, changed, and stopped before it went on: nothing took effect, and that is said.
TEST_F(SteeringTest, AnEditThatNoStepCameToIsDroppedWithAWord) {
  auto sink = std::make_shared<RecordingSink>();
  sink->on_each = [&](const Event& event) {
    if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == 2) {
      EXPECT_TRUE(engine_->control(1, Control::Pause).ok());
    }
  };
  ASSERT_TRUE(engine_->train(request(6), sink).ok());
  ASSERT_TRUE(sink->wait_for([](const Event& e) { return is_state(e, RunState::Paused); }));
  std::promise<Result<std::int64_t>> told;
  engine_->edit(1, edit("alpha=1"), [&](Result<std::int64_t> at) { told.set_value(std::move(at)); });
  EXPECT_EQ(*told.get_future().get(), 3);
  EXPECT_TRUE(engine_->control(1, Control::Stop).ok());
  EXPECT_EQ(sink->wait().outcome, "stopped");
  EXPECT_TRUE(sink->all<EditEvent>().empty());
  EXPECT_TRUE(warns(*sink, "alpha=1 was not made"));
}

TEST_F(SteeringTest, EndsEarlyWhenTheHeldOutLossNoLongerFallsAndKeepsTheBest) {
  TrainRequest r = request(60);
  r.train.update({{"lr", 1.0}, {"schedule", "constant"}, {"eval_every", 2}, {"patience", 3}});   // it gets worse and worse
  const auto sink = run(r);
  const auto end = sink->wait();
  ASSERT_EQ(end.outcome, "done") << end.message;
  EXPECT_LT(end.step, 60);
  EXPECT_NE(end.message.find("has not fallen in 3 evaluations"), std::string::npos) << end.message;
  const auto evals = sink->all<EvalEvent>();
  const auto best = sink->all<BestEvent>();
  ASSERT_FALSE(best.empty());
  const auto lowest = std::min_element(evals.begin() + 1, evals.end(), [](const auto& a, const auto& b) { return a.loss < b.loss; });
  EXPECT_EQ(best.back().step, lowest->step);
  EXPECT_EQ(best.back().loss, lowest->loss);
  EXPECT_TRUE(fs::exists(file("checkpoints", static_cast<int>(best.back().step)))) << "kept";
  EXPECT_EQ(sink->all<CheckpointEvent>().back().step, end.step) << "the end is saved too";
}

// Only the best of those that nothing else asked for stays.
TEST_F(SteeringTest, ABetterCheckpointTakesThePlaceOfTheBestBefore) {
  TrainRequest r = request(8);
  r.train.update({{"eval_every", 1}, {"checkpoint_every", 4}});
  const auto sink = run(r);
  ASSERT_EQ(sink->wait().outcome, "done");
  const auto best = sink->all<BestEvent>();
  ASSERT_GE(best.size(), 6U) << "this loss falls at nearly every step";
  std::vector<std::int64_t> there;
  for (int step = 1; step <= 8; ++step)
    if (fs::exists(file("checkpoints", step))) there.push_back(step);
  std::vector<std::int64_t> expected{4, 8};
  if (best.back().step != 4 && best.back().step != 8) expected.insert(expected.begin() + (best.back().step > 4), best.back().step);
  EXPECT_EQ(there, expected);
}

TEST_F(SteeringTest, PatienceWithoutEvaluationIsRefused) {
  TrainRequest r = request(4);
  r.train["patience"] = 2;
  EXPECT_NE(run(r)->wait().message.find("eval_every = 0 turns evaluation off"), std::string::npos);
  r.train["eval_every"] = 1;
  r.data["holdout"] = 0.0;
  EXPECT_NE(run(r)->wait().message.find("holdout = 0 turns evaluation off"), std::string::npos);
}

TEST_F(SteeringTest, AResumedRunWaitsAsLongAsAnUnbrokenOne) {
  TrainRequest whole = request(60, "whole");
  whole.train.update({{"lr", 1.0}, {"schedule", "constant"}, {"eval_every", 1}, {"checkpoint_every", 1}, {"patience", 3}});
  const auto end = run(whole)->wait();
  ASSERT_GE(end.step, 3);
  TrainRequest part = whole;
  part.checkpoint_folder = (work_ / "part").string();
  part.resume_from = file("whole", static_cast<int>(end.step) - 1);
  const auto rest = run(part)->wait();
  EXPECT_EQ(rest.step, end.step);
  EXPECT_EQ(rest.message, end.message);
}

}  // namespace
}  // namespace weft
