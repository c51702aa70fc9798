// SPDX-License-Identifier: GPL-3.0-or-later
// The engine as its users see it: whole runs of a real model (stories260K) through the public interface.
#include "engine/api/engine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "engine/api/engine_loader.h"
#include "engine/core/files.h"
#include "engine/formats/safetensors.h"
#include "tests/support/engine_runs.h"

namespace weft {
namespace {
namespace fs = std::filesystem;

class EngineTest : public test::EngineRuns {
 protected:
  [[nodiscard]] TrainRequest request(std::int64_t steps) const {
    TrainRequest r = story_run(steps, 5);
    r.probe["spectra_every"] = 2;
    return r;
  }
  // a method, or a start or an optimizer of LoRA
  static void set_method(TrainRequest& r, const std::string& name) {
    if (name == "loftq" || name == "lq") r.model["storage"] = "nf4";
    if (name == "pissa" || name == "olora" || name == "orthogonal" || name == "eva" || name == "loftq" || name == "lq")
      r.method["start"] = name;
    else if (name == "dota")
      r.method = {{"name", name}, {"rank", 4}};
    else if (name == "fourierft")
      r.method = {{"name", name}, {"n_frequency", 200}};
    else if (name == "oft" || name == "boft")
      r.method = {{"name", name}};
    else if (name == "copra")
      r.train["layers_at_first"] = 0.1;
    else if (name == "flatlora")
      r.train["weight_noise"] = 0.2;
    else if (name == "lora-rite" || name == "lora-pro")
      r.train["optimizer"] = name;
    else
      r.method["name"] = name;
    if (name == "gelora") r.method["look_rows"] = 60;
    if (name == "adalora") r.method["target_rank"] = 2;
    if (name == "beamlora") r.method["beam_every"] = 4;
    if (name == "raclora" || name == "xgblora") r.method["links"] = 3;
    if (name == "increlora") r.method.update({{"rank", 1}, {"grown_rank", 2}, {"grow_every", 2}});
    if (name == "geolora") r.method["turn_every"] = 4;
  }
};

TEST_F(EngineTest, TellsWhereTheTimeOfAStepWent) {
  auto r = request(4);
  r.probe["spectra_every"] = 0;
  const auto sink = run(r);
  for (const auto& step : sink->all<StepEvent>()) {
    double sum = 0;
    for (const double ms : step.phase_ms) {
      EXPECT_GE(ms, 0);
      sum += ms;
    }
    EXPECT_NEAR(sum, step.ms, 1e-9 * step.ms);  // one clock
    EXPECT_LT(step.phase_ms[phase_index(Phase::Other)], step.ms / 2) << "most of a step has a name";
    for (const Phase phase : {Phase::Head, Phase::Adapter, Phase::Optimizer}) EXPECT_GT(step.phase_ms[phase_index(phase)], 0) << phase_name(phase);
  }
}

TEST_F(EngineTest, LearnsAndReportsEverything) {
  const auto sink = run(request(20));
  const auto end = sink->wait();
  ASSERT_EQ(end.outcome, "done") << end.message;
  EXPECT_EQ(sink->all<StepEvent>().size(), 20U);
  const auto evals = sink->all<EvalEvent>();
  ASSERT_GE(evals.size(), 2U);
  EXPECT_EQ(evals.front().step, 0);
  EXPECT_LT(evals.back().loss, evals.front().loss - 0.3) << "the held-out text has the same phrases: it must become likelier";
  const auto spectra = sink->all<SpectraEvent>();
  ASSERT_FALSE(spectra.empty());
  EXPECT_EQ(spectra.front().step, 0);
  EXPECT_EQ(spectra.front().sites.size(), 35U);  // 5 layers of 7 matrices
  EXPECT_EQ(spectra.front().sites.front().frobenius, 0);  // B starts at zero
  EXPECT_GT(spectra.back().sites.front().frobenius, 0);
  EXPECT_EQ(spectra.back().sites.front().singular_values.size(), 4U);
  EXPECT_EQ(sink->all<CheckpointEvent>().back().step, 20);
}

TEST_F(EngineTest, TheSameSeedRepeatsARunBitForBit) {
  const auto first = losses(*run(request(6)));
  TrainRequest again = request(6);
  again.checkpoint_folder = (work_ / "second").string();
  EXPECT_EQ(first, losses(*run(again)));
  const auto a = sha256_of_file(work_ / "checkpoints/step-000006.safetensors"), b = sha256_of_file(work_ / "second/step-000006.safetensors");
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(*a, *b);
}

// The longest batch goes through once, is told, and leaves no trace in the run.
TEST_F(EngineTest, APreflightChangesNoBitOfTheRun) {
  TrainRequest with = request(6), without = request(6);
  with.train["preflight"] = "always";
  without.train["preflight"] = "never";
  for (auto* r : {&with, &without}) {
    r->method["name"] = "dora";
    r->dropout = {{"preset", "hiddenkey"}};
    r->train["weight_noise"] = 0.05;
  }
  without.checkpoint_folder = (work_ / "second").string();
  const auto tried = run(with), plain = run(without);
  ASSERT_EQ(tried->wait().outcome, "done") << tried->wait().message;
  EXPECT_EQ(losses(*tried), losses(*plain));
  const auto a = sha256_of_file(work_ / "checkpoints/step-000006.safetensors"), b = sha256_of_file(work_ / "second/step-000006.safetensors");
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(*a, *b);
  EXPECT_TRUE(plain->all<PreflightEvent>().empty());
  const auto found = tried->all<PreflightEvent>();
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].tokens, 128);
  EXPECT_EQ(found[0].longest, 32);
  EXPECT_TRUE(std::isfinite(found[0].loss) && found[0].loss > 0);
  EXPECT_GT(found[0].grad_norm, 0);
  EXPECT_GT(found[0].peak_bytes, 1U << 20);
  EXPECT_GT(found[0].planned_bytes, 1U << 20);
}

TEST_F(EngineTest, APreflightAloneTrainsNothing) {
  TrainRequest r = request(6);
  r.only_preflight = true;
  const auto sink = run(r);
  EXPECT_EQ(sink->wait().outcome, "done") << sink->wait().message;
  EXPECT_EQ(sink->wait().step, 0);
  EXPECT_EQ(sink->all<PreflightEvent>().size(), 1U);
  EXPECT_TRUE(sink->all<StepEvent>().empty());
  EXPECT_FALSE(fs::exists(work_ / "checkpoints"));
}

TEST_F(EngineTest, WhatDoesNotFitIsRefusedUnlessSomeoneInsists) {
  TrainRequest r = request(2);
  r.train["batch_size"] = 65536;   // a plan of petabytes, though the file has but a few rows
  r.data["max_length"] = 131072;
  const auto refused = run(r);
  EXPECT_EQ(refused->wait().outcome, "failed");
  EXPECT_EQ(refused->wait().code, "OutOfMemory") << refused->wait().message;
  r.insist = true;
  r.train["preflight"] = "never";
  const auto tried = run(r);
  EXPECT_EQ(tried->wait().outcome, "done") << tried->wait().message;
}

TEST_F(EngineTest, AResumedRunEqualsAnUnbrokenOne) {
  for (const char* method : {"lora", "dora", "pissa", "dota", "fourierft", "lora-rite", "lora-pro", "lorafa", "adalora", "beamlora", "raclora", "xgblora", "increlora", "geolora", "orthogonal", "eva", "gelora", "loftq", "lq", "copra", "flatlora"}) {
    TrainRequest whole = request(12);
    set_method(whole, method);
    whole.checkpoint_folder = (work_ / method / "whole").string();
    const auto unbroken = losses(*run(whole));
    TrainRequest part = whole;
    part.checkpoint_folder = (work_ / method / "part").string();
    part.resume_from = (work_ / method / "whole/step-000005.safetensors").string();
    const auto rest = losses(*run(part));
    ASSERT_EQ(rest.size(), 7U) << method;
    EXPECT_EQ(std::vector<double>(unbroken.begin() + 5, unbroken.end()), rest) << method;
    EXPECT_EQ(*sha256_of_file(work_ / method / "whole/step-000012.safetensors"), *sha256_of_file(work_ / method / "part/step-000012.safetensors")) << method;
  }
}

// [dropout] with every kind of method, also where layers rest: the same run with another number of threads, another level of activations, and after a resume.
TEST_F(EngineTest, DropoutIsTheSameRunHoweverItIsComputed) {
  for (const char* method : {"lora", "dora", "pissa", "oft", "boft", "copra", "flatlora"}) {
    TrainRequest whole = request(8);
    whole.dropout = {{"preset", "hiddenkey"}, {"key_rate", 0.3}, {"hidden_rate", 0.3}};
    set_method(whole, method);
    whole.checkpoint_folder = (work_ / method / "whole").string();
    const auto sink = run(whole);
    ASSERT_EQ(sink->wait().outcome, "done") << sink->wait().message;
    const auto unbroken = losses(*sink);
    for (const auto& step : sink->all<StepEvent>()) {
      ASSERT_TRUE(step.consistency.has_value());
      EXPECT_GE(*step.consistency, 0);
      if (step.step > 1) {
        EXPECT_GT(*step.consistency, 0) << "two masks";
      }
    }
    TrainRequest part = whole;
    part.checkpoint_folder = (work_ / method / "part").string();
    part.resume_from = (work_ / method / "whole/step-000005.safetensors").string();
    EXPECT_EQ(std::vector<double>(unbroken.begin() + 5, unbroken.end()), losses(*run(part))) << method;
    for (const char* level : {"keep", "drop", "checkpoint"}) {
      TrainRequest other = whole;
      other.checkpoint_folder.clear();
      other.train["activations"] = level;
      EXPECT_EQ(unbroken, losses(*run(other))) << method << ", " << level;
    }
    TrainRequest threads = whole;
    threads.checkpoint_folder.clear();
    threads.train["threads"] = 2;
    EXPECT_EQ(unbroken, losses(*run(threads))) << method;
  }
}

// At step 0 an adapter that starts at zero changes nothing, so that what differs is dropout: evaluation must not see it.
TEST_F(EngineTest, DropoutIsOffWhereNothingIsTrained) {
  TrainRequest plain = request(2), dropped = request(2);
  dropped.dropout = {{"preset", "custom"}, {"key_rate", 0.5}, {"attention_rate", 0.5}, {"hidden_rate", 0.5}, {"input_rate", 0.5}, {"output_rate", 0.5}};
  const auto one = run(plain), other = run(dropped);
  ASSERT_EQ(other->wait().outcome, "done") << other->wait().message;
  EXPECT_EQ(one->all<EvalEvent>().front().loss, other->all<EvalEvent>().front().loss);
  EXPECT_GT(losses(*other).front(), losses(*one).front());
  EXPECT_FALSE(other->all<StepEvent>().front().consistency.has_value());
}

// The noise rises from none: the first step is the plain one, later ones are not, and what is evaluated is the model itself.
TEST_F(EngineTest, WeightNoiseIsOfTheStepsAlone) {
  TrainRequest plain = request(4), noisy = request(4);
  noisy.train["weight_noise"] = 0.5;
  noisy.train["lr"] = plain.train["lr"] = 0.0;
  const auto one = run(plain), other = run(noisy);
  ASSERT_EQ(other->wait().outcome, "done") << other->wait().message;
  const auto still = losses(*one), disturbed = losses(*other);
  EXPECT_EQ(still[0], disturbed[0]);
  EXPECT_NE(still[2], disturbed[2]);
  EXPECT_GT(disturbed[3], still[3] + 0.05) << "half of each row's length at random";
  EXPECT_EQ(one->all<EvalEvent>().back().loss, other->all<EvalEvent>().back().loss);
}

TEST_F(EngineTest, EveryStartOptimizerAndControllerLearns) {
  for (const char* method : {"lora-rite", "lora-pro", "lorafa", "adalora", "beamlora", "raclora", "xgblora", "increlora", "geolora", "orthogonal", "eva", "gelora", "loftq", "lq", "copra", "flatlora"}) {
    TrainRequest r = request(20);
    set_method(r, method);
    if (method == std::string("adalora") || method == std::string("increlora")) r.train["lr"] = 3e-2;  // B, E and A all begin small
    if (method == std::string("lora-pro")) r.train["lr"] = 1e-3;  // its moves are of the whole matrix
    r.checkpoint_folder.clear();
    const auto sink = run(r);
    const auto end = sink->wait();
    ASSERT_EQ(end.outcome, "done") << method << ": " << end.message;
    const auto evals = sink->all<EvalEvent>();
    EXPECT_LT(evals.back().loss, evals.front().loss - 0.2) << method;
  }
}

TEST_F(EngineTest, AMagnitudeAloneMustBeOfATarget) {
  TrainRequest r = request(2);
  r.method = {{"name", "dora"}, {"rank", 4}, {"targets", Json::array({"q_proj", "o_proj"})}, {"magnitude_only", Json::array({"o_proj", "down_proj"})}};
  const auto end = run(r)->wait();
  EXPECT_EQ(end.outcome, "failed");
  EXPECT_NE(end.message.find("no target is called \"down_proj\""), std::string::npos) << end.message;
  r.method["magnitude_only"] = "o_proj";
  const auto good = run(r);
  EXPECT_EQ(good->wait().outcome, "done") << good->wait().message;
}

TEST_F(EngineTest, AdaLoraEndsWithItsBudget) {
  TrainRequest r = request(20);
  set_method(r, "adalora");
  const auto sink = run(r);
  int left = 0;
  float largest = 0;   // of the model: a matrix that keeps no rank has nothing but rounding
  const auto sites = sink->all<SpectraEvent>().back().sites;
  for (const auto& site : sites) largest = std::max(largest, site.singular_values.front());
  for (const auto& site : sites)
    for (const float value : site.singular_values) left += value > 1e-6F * largest;
  EXPECT_EQ(left, 35 * 2) << "of 35 x 4";
  const auto ranks = sink->all<RanksEvent>();
  ASSERT_EQ(ranks.size(), sink->all<SpectraEvent>().size());
  std::int64_t before = 35 * 4;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    EXPECT_EQ(ranks[i].step, sink->all<SpectraEvent>()[i].step);
    ASSERT_EQ(ranks[i].sites.size(), 35u);
    const auto sum = ranks_json(ranks[i]).at("sum").get<std::int64_t>();
    EXPECT_TRUE(i == 0 ? sum == before : sum <= before) << ranks[i].step;
    before = sum;
  }
  EXPECT_EQ(before, 35 * 2);
  for (std::size_t i = 0; i < sites.size(); ++i) {
    EXPECT_EQ(ranks.back().sites[i].site, sites[i].site);
    EXPECT_EQ(ranks.back().sites[i].ranks, std::count_if(sites[i].singular_values.begin(), sites[i].singular_values.end(), [&](float v) { return v > 1e-6F * largest; }));
  }
  bool told = false;
  for (const auto& warning : sink->all<WarningEvent>()) told = told || warning.message.find("70 of 140 ranks") != std::string::npos;
  EXPECT_TRUE(told);
}

TEST_F(EngineTest, EvaSpreadsRanksAndKeepsTheirSum) {
  for (const double spread : {1.0, 2.0}) {
    TrainRequest r = request(2);
    set_method(r, "eva");
    r.method["rank_spread"] = spread;
    const auto sites = run(r)->all<StartedEvent>().front().sites;
    std::int64_t sum = 0, least = 99, most = 0;
    for (const auto& site : sites) {
      sum += site.rank;
      least = std::min(least, site.rank);
      most = std::max(most, site.rank);
    }
    EXPECT_EQ(sum, 35 * 4) << spread;
    EXPECT_LE(most, 4 * spread);
    EXPECT_EQ(least == 4 && most == 4, spread == 1) << least << " to " << most;
  }
}

// One rank a block, as the log says it; alpha goes with it, in the files too.
TEST_F(EngineTest, GeLoraGivesTheMatricesOfABlockOneRankAndKeepsTheScale) {
  TrainRequest r = request(2);
  set_method(r, "gelora");
  r.train["checkpoint_every"] = 2;
  const auto sink = run(r);
  ASSERT_EQ(sink->wait().outcome, "done") << sink->wait().message;
  std::map<int, std::set<std::int64_t>> ranks;
  const auto sites = sink->all<StartedEvent>().front().sites;
  for (const auto& site : sites) ranks[site.layer].insert(site.rank);
  ASSERT_EQ(ranks.size(), 5U);
  std::string said = "ranks by block: ";
  for (const auto& [layer, some] : ranks) {
    ASSERT_EQ(some.size(), 1U) << layer;
    EXPECT_GE(*some.begin(), 1);
    said += std::to_string(*some.begin()) + (layer < 4 ? ", " : ". ");
  }
  bool told = false;
  for (const auto& warning : sink->all<WarningEvent>()) told = told || (warning.message.find(said) != std::string::npos && warning.message.find(" ± ") != std::string::npos);
  EXPECT_TRUE(told) << said;
  const auto checkpoint = (work_ / "checkpoints/step-000002.safetensors").string(), folder = (work_ / "peft").string();
  const auto report = wait_for<ExportReport>(*engine_, &Engine::export_adapter, ExportRequest{.model = r.model["path"], .adapter = checkpoint, .format = "peft", .out = folder});
  ASSERT_TRUE(report.ok()) << report.status().message();
  const auto config = parse_json(*read_file(work_ / "peft/adapter_config.json", 1 << 20));
  ASSERT_TRUE(config.ok());
  const Json& pattern = config->at("rank_pattern");
  for (const auto& [layer, some] : ranks) {
    const std::string path = "model.layers." + std::to_string(layer) + ".mlp.up_proj";
    const auto rank = pattern.value(path, config->at("r").get<std::int64_t>());
    EXPECT_EQ(rank, *some.begin()) << path;
    EXPECT_DOUBLE_EQ(config->at("alpha_pattern").value(path, config->at("lora_alpha").get<double>()) / static_cast<double>(rank), 2) << path;
  }
}

TEST_F(EngineTest, GeLoraSaysHowManyRowsItIsShortOf) {
  TrainRequest r = request(2);
  set_method(r, "gelora");
  for (int i = 0; i < 200; ++i) std::ofstream(work_ / "rows.jsonl", std::ios::app) << R"({"text": "Once upon a time there was a dog number )" << i % 8 << "\"}\n";
  r.data["path"] = (work_ / "rows.jsonl").string();
  const auto end = run(r)->wait();
  EXPECT_EQ(end.outcome, "failed");
  EXPECT_NE(end.message.find("give more rows that differ"), std::string::npos) << end.message;
  EXPECT_NE(end.message.find("at least 50 are needed"), std::string::npos) << end.message;
}

// With a rank that holds all that rounding took, the model of the file itself.
TEST_F(EngineTest, LoftqAndLqBeginAtTheFilesModelWhereTheRankIsFull) {
  const auto first_loss = [&](const char* storage, const char* start) {
    TrainRequest r = request(1);
    r.model["storage"] = storage;
    r.method["start"] = start;
    r.model["compute"] = "fp32";
    r.method["rank"] = 64;
    return run(r)->all<EvalEvent>().front().loss;
  };
  const double whole = first_loss("as-is", "kaiming"), rounded = first_loss("nf4", "kaiming");
  EXPECT_NEAR(first_loss("nf4", "loftq"), whole, 2e-4);
  EXPECT_NEAR(first_loss("nf4", "lq"), whole, 2e-4);
  EXPECT_NEAR(first_loss("nf4-double", "lq"), whole, 2e-4);
  EXPECT_GT(std::abs(rounded - whole), 1e-2);
}

// Quantised anew at each start: the same codes, so the same run.
TEST_F(EngineTest, LearnsOverNf4AndGoesOnFromACheckpoint) {
  // QLoRA, with double quantisation, QDoTA, and ReALLM's second stage
  for (const auto& [storage, method] : {std::pair("nf4", "lora"), std::pair("nf4-double", "lora"), std::pair("nf4-double", "dota"), std::pair("nf4", "reallm")}) {
    TrainRequest whole = request(30);
    whole.model["storage"] = storage;
    whole.method = {{"name", method}, {"rank", 4}};
    whole.checkpoint_folder = (work_ / storage / method).string();
    const auto sink = run(whole);
    ASSERT_EQ(sink->wait().outcome, "done") << sink->wait().message;
    EXPECT_EQ(sink->all<StartedEvent>().at(0).storage, storage);
    const auto unbroken = losses(*sink);
    EXPECT_LT(unbroken.back(), 0.8 * unbroken.front()) << storage << ' ' << method;
    TrainRequest as_is = whole;
    as_is.model["storage"] = "as-is";
    as_is.train["steps"] = 1;
    as_is.checkpoint_folder = (work_ / "as-is").string();
    EXPECT_NE(losses(*run(as_is)).front(), unbroken.front());
    TrainRequest part = whole;
    part.resume_from = (work_ / storage / method / "step-000015.safetensors").string();
    part.checkpoint_folder = (work_ / "part").string();
    const auto rest = losses(*run(part));
    EXPECT_EQ(std::vector<double>(unbroken.begin() + 15, unbroken.end()), rest) << storage << ' ' << method;
  }
}

TEST_F(EngineTest, RefusesAnOrderOfThinProductsForAnUpdateOfFullRank) {
  for (const char* method : {"dota", "fourierft"}) {
    TrainRequest r = request(1);
    set_method(r, method);
    r.train["evaluation"] = "F1+B1";
    const auto end = run(r)->wait();
    EXPECT_EQ(end.outcome, "failed") << method;
    EXPECT_NE(end.message.find("choose \"auto\""), std::string::npos) << end.message;
  }
}

TEST_F(EngineTest, StopFinishesTheStepAndSaves) {
  auto sink = std::make_shared<RecordingSink>();
  JobId job = 0;
  sink->on_each = [&](const Event& event) {
    if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == 3) {
      EXPECT_TRUE(engine_->control(job, Control::Stop).ok());
    }
  };
  TrainRequest r = request(1000);
  r.train["checkpoint_every"] = 0;
  job = 1;  // the first job of an engine
  ASSERT_EQ(*engine_->train(r, sink), job);
  const auto end = sink->wait();
  EXPECT_EQ(end.outcome, "stopped");
  EXPECT_EQ(end.step, 3);
  ASSERT_EQ(sink->all<CheckpointEvent>().size(), 1U);
  EXPECT_EQ(sink->all<CheckpointEvent>().front().step, 3);
}

TEST_F(EngineTest, PausedRunAnswersOtherRequestsThenGoesOn) {
  auto sink = std::make_shared<RecordingSink>();
  sink->on_each = [&](const Event& event) {
    if (const auto* step = std::get_if<StepEvent>(&event); step && step->step == 2) {
      EXPECT_TRUE(engine_->control(1, Control::Pause).ok());
    }
  };
  ASSERT_TRUE(engine_->train(request(4), sink).ok());
  ASSERT_TRUE(sink->wait_for([](const Event& e) { return is_state(e, RunState::Paused); }));
  const auto reply = wait_for<LogitsReply>(*engine_, &Engine::logits, LogitsRequest{request(1).model["path"], "", {1, 2, 3}});
  ASSERT_TRUE(reply.ok()) << reply.status().message();
  EXPECT_EQ(reply->last.size(), 512U);
  EXPECT_EQ(sink->all<StepEvent>().size(), 2U) << "a paused run does not step";
  EXPECT_TRUE(engine_->control(1, Control::Checkpoint).ok());
  ASSERT_TRUE(sink->wait_for([](const Event& e) { return std::holds_alternative<CheckpointEvent>(e); }));
  EXPECT_TRUE(engine_->control(1, Control::Continue).ok());
  EXPECT_EQ(sink->wait().outcome, "done");
  EXPECT_EQ(sink->all<StepEvent>().size(), 4U);
}

TEST_F(EngineTest, AbandonEndsWithoutACheckpoint) {
  auto sink = std::make_shared<RecordingSink>();
  sink->on_each = [&](const Event& event) {
    if (std::holds_alternative<StepEvent>(event)) {
      EXPECT_TRUE(engine_->control(1, Control::Abandon).ok());
    }
  };
  ASSERT_TRUE(engine_->train(request(100), sink).ok());
  EXPECT_EQ(sink->wait().outcome, "abandoned");
  EXPECT_TRUE(sink->all<CheckpointEvent>().empty());
}

TEST_F(EngineTest, ASecondRunIsRefusedWhileOneGoesOn) {
  auto sink = std::make_shared<RecordingSink>();
  ASSERT_TRUE(engine_->train(request(50), sink).ok());
  const auto second = engine_->train(request(1), std::make_shared<RecordingSink>());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.status().code(), ErrorCode::Busy);
  EXPECT_TRUE(engine_->control(1, Control::Abandon).ok());
  sink->wait();
}

TEST_F(EngineTest, NonFiniteLossPausesAndNamesStepAndSite) {
  TrainRequest r = request(50);
  r.train["lr"] = 10.0;
  r.train["grad_clip"] = 0.0;
  r.train["schedule"] = "constant";
  r.method["alpha"] = 1e6;
  auto sink = std::make_shared<RecordingSink>();
  ASSERT_TRUE(engine_->train(r, sink).ok());
  ASSERT_TRUE(sink->wait_for([](const Event& e) { return is_state(e, RunState::Paused); }));
  std::string message;
  for (const auto& state : sink->all<StateEvent>())
    if (state.state == RunState::Paused) message = state.message;
  EXPECT_NE(message.find("[train.step]"), std::string::npos) << message;
  EXPECT_NE(message.find("at step "), std::string::npos) << message;
  EXPECT_NE(message.find("model.layers."), std::string::npos) << message;
  EXPECT_TRUE(engine_->control(1, Control::Stop).ok());
  EXPECT_EQ(sink->wait().outcome, "stopped");
}

TEST_F(EngineTest, GoesOnFromAPeftFolderThatItWrote) {
  for (const char* method : {"lora", "rslora", "dora", "pissa", "olora"}) {
    TrainRequest r = request(3);
    set_method(r, method);
    r.checkpoint_folder = (work_ / method).string();
    const auto sink = run(r);
    ASSERT_EQ(sink->wait().outcome, "done") << sink->wait().message;
    const auto checkpoint = sink->all<CheckpointEvent>().back().path;
    const auto folder = (work_ / (std::string(method) + "-peft")).string();
    const auto report =
        wait_for<ExportReport>(*engine_, &Engine::export_adapter, ExportRequest{.model = r.model["path"], .adapter = checkpoint, .format = "peft", .out = folder});
    ASSERT_TRUE(report.ok()) << report.status().message();
    EXPECT_EQ(report->max_difference, 0) << method;
    const auto inspected = wait_for<InspectReply>(*engine_, &Engine::inspect, InspectRequest{folder, r.model["path"]});
    ASSERT_TRUE(inspected.ok()) << inspected.status().message();
    const auto live = sink->all<SpectraEvent>().back().sites;
    for (std::size_t i = 0; i < live.size(); ++i) {
      EXPECT_EQ(inspected->spectra[i].site, live[i].site);
      EXPECT_NEAR(inspected->spectra[i].frobenius, live[i].frobenius, 1e-5 * (1 + live[i].frobenius));
    }
    TrainRequest more = request(1);
    more.method = Json::object();
    more.init_adapter = folder;
    const auto next = run(more);
    EXPECT_EQ(next->wait().outcome, "done") << next->wait().message;
    EXPECT_LT(next->all<EvalEvent>().front().loss, sink->all<EvalEvent>().front().loss) << method << ": starts where the first run ended";
  }
}

// From the checkpoint, from the PEFT folder with and without its model: the same matrix, seen the same way.
TEST_F(EngineTest, LooksCloselyAtOneMatrix) {
  for (const char* method : {"lora", "dora", "bora", "pissa"}) {
    TrainRequest r = request(6);
    set_method(r, method);
    r.checkpoint_folder = (work_ / method).string();
    const auto sink = run(r);
    ASSERT_EQ(sink->wait().outcome, "done") << sink->wait().message;
    const auto checkpoints = sink->all<CheckpointEvent>();
    const std::string model = r.model["path"], site = "model.layers.2.mlp.down_proj";
    const auto look = [&](const std::string& adapter, const std::string& base, const std::string& other = "") {
      return wait_for<CloseUpReply>(*engine_, &Engine::close_up, CloseUpRequest{adapter, base, other, site, 16});
    };
    const auto seen = look(checkpoints.back().path, model, checkpoints.front().path);
    ASSERT_TRUE(seen.ok()) << seen.status().message();
    EXPECT_EQ(seen->step, 6);
    EXPECT_EQ(seen->shown.path, site);
    EXPECT_EQ(seen->sites.size(), 35U);
    ASSERT_GE(seen->pictures.size(), 3U);
    EXPECT_EQ(seen->pictures[0].name, "ΔW");
    EXPECT_EQ(seen->rows.before.size(), static_cast<std::size_t>(seen->shown.out));
    EXPECT_EQ(seen->columns.after.size(), static_cast<std::size_t>(seen->shown.in));
    EXPECT_NE(seen->rows.before, seen->rows.after);
    ASSERT_EQ(seen->changes.size(), 35U);
    EXPECT_EQ(seen->columns_changed, std::string(method) == "bora");
    // the means over rows, once more from what is shown of this matrix
    double mean = 0;
    for (std::size_t i = 0; i < seen->rows.before.size(); ++i)
      mean += std::abs(seen->rows.after[i] - seen->rows.before[i]) / static_cast<double>(seen->rows.before.size());
    for (const auto& change : seen->changes) {
      if (change.site != site) continue;
      EXPECT_NEAR(change.row_magnitude, mean, 1e-5 * mean);
    }
    EXPECT_FALSE(seen->output_angles.empty());
    for (const float angle : seen->output_angles) EXPECT_TRUE(angle >= 0 && angle <= 90.001F) << angle;
    const auto same = look(checkpoints.back().path, model, checkpoints.back().path);
    ASSERT_TRUE(same.ok());
    for (const float angle : same->input_angles) EXPECT_NEAR(angle, 0, 0.01);   // degrees; of float32 factors
    if (std::string(method) == "bora") continue;   // no PEFT form
    const auto folder = (work_ / (std::string(method) + "-peft")).string();
    ASSERT_TRUE(wait_for<ExportReport>(*engine_, &Engine::export_adapter, ExportRequest{.model = model, .adapter = checkpoints.back().path, .format = "peft", .out = folder}).ok());
    const auto alone = look(folder, "");
    ASSERT_TRUE(alone.ok()) << alone.status().message();
    EXPECT_TRUE(alone->changes.empty());
    if (std::string(method) == "dora") continue;   // without the weight its update is not known
    EXPECT_NEAR(alone->pictures[0].frobenius, seen->pictures[0].frobenius, 1e-4 * seen->pictures[0].frobenius);
  }
  const auto nowhere = wait_for<CloseUpReply>(*engine_, &Engine::close_up, CloseUpRequest{});
  EXPECT_EQ(nowhere.status().code(), ErrorCode::NotFound);
}

TEST_F(EngineTest, LooksAtTheAdapterOfARunBetweenItsSteps) {
  TrainRequest r = request(10000);
  r.train["eval_every"] = 0;
  auto sink = std::make_shared<RecordingSink>();
  const auto job = engine_->train(r, sink);
  ASSERT_TRUE(job.ok());
  std::int64_t last = -1;
  for (int i = 0; i < 3; ++i) {
    const auto seen = wait_for<CloseUpReply>(*engine_, &Engine::close_up, CloseUpRequest{.site = "model.layers.0.self_attn.q_proj"});
    ASSERT_TRUE(seen.ok()) << seen.status().message();
    EXPECT_GE(seen->step, last);
    last = seen->step;
    EXPECT_GT(seen->pictures[0].frobenius, 0);
  }
  const auto wrong = wait_for<CloseUpReply>(*engine_, &Engine::close_up, CloseUpRequest{.site = "lm_head"});
  EXPECT_NE(wrong.status().message().find("none of the 35 matrices"), std::string::npos) << wrong.status().message();
  ASSERT_TRUE(engine_->control(*job, Control::Abandon).ok());
  EXPECT_EQ(sink->wait().outcome, "abandoned");
}

TEST_F(EngineTest, FailuresAreSentences) {
  TrainRequest r = request(1);
  r.model["path"] = "/nowhere/model.gguf";
  auto end = run(r)->wait();
  EXPECT_EQ(end.outcome, "failed");
  EXPECT_NE(end.message.find("/nowhere/model.gguf"), std::string::npos) << end.message;

  r = request(1);
  r.method["targets"] = Json::array({"w_proj"});
  end = run(r)->wait();
  EXPECT_NE(end.message.find("w_proj"), std::string::npos) << end.message;

  std::ofstream(work_ / "ids.jsonl") << R"({"input_ids":[1,2,9999],"labels":[1,2,9999]})" << "\n" << R"({"input_ids":[1,2,3],"labels":[1,2,3]})" << "\n";
  r = request(1);
  r.data = {{"path", (work_ / "ids.jsonl").string()}, {"format", "tokens"}, {"holdout", 0.0}};
  const auto sink = run(r);
  end = sink->wait();
  if (end.outcome == "failed") {
    EXPECT_NE(end.message.find("9999"), std::string::npos) << end.message;
  } else {
    std::string warnings;
    for (const auto& warning : sink->all<WarningEvent>()) warnings += warning.message + "\n";
    EXPECT_NE(warnings.find("9999"), std::string::npos) << "a rejected row must be named: " << warnings;
  }
}

TEST_F(EngineTest, ACheckpointThatCannotBeWrittenFailsTheRunWithTheReason) {
  // a file where the folder should be: nothing can be written there
  std::ofstream(work_ / "checkpoints") << "x";
  const auto end = run(request(5))->wait();
  EXPECT_EQ(end.outcome, "failed");
  EXPECT_NE(end.message.find("checkpoint"), std::string::npos) << end.message;
}

TEST_F(EngineTest, AccumulationEqualsOneLargeBatch) {
  std::ofstream out(work_ / "rows.jsonl");
  for (int i = 0; i < 8; ++i) {  // rows with different numbers of trained tokens
    Json ids = Json::array(), labels = Json::array();
    for (int t = 0; t < 10; ++t) {
      ids.push_back(3 + (i * 31 + t * 7) % 500);
      labels.push_back(t < i ? Json(-100) : ids.back());
    }
    out << to_json_line({{"input_ids", ids}, {"labels", labels}}) << "\n";
  }
  out.close();
  TrainRequest r = request(3);
  r.data = {{"path", (work_ / "rows.jsonl").string()}, {"format", "tokens"}, {"holdout", 0.0}, {"shuffle", false}};
  r.train["eval_every"] = 0;
  r.train["batch_size"] = 8;
  const auto large = run(r)->all<StepEvent>();
  r.train["batch_size"] = 2;
  r.train["accumulate"] = 4;
  const auto small = run(r)->all<StepEvent>();
  ASSERT_EQ(large.size(), small.size());
  for (std::size_t i = 0; i < large.size(); ++i) {
    EXPECT_NEAR(large[i].loss, small[i].loss, 1e-5);  // float32 sums in another order
    EXPECT_NEAR(large[i].grad_norm / small[i].grad_norm, 1, 1e-4);
  }
}

// More bytes than are read before the first step: rows are tokenised while training goes on.
TEST_F(EngineTest, ALargeFileIsReadWhileTrainingAndSaysWhatWasBad) {
  {
    std::ofstream rows(work_ / "rows.jsonl");
    for (int i = 0; i < 4000; ++i)
      rows << (i % 1000 == 999 ? "{\"text\":[]}\n" : "{\"text\":\"Once upon a time there was a dog with the number " + std::to_string(i) + " on its red ball.\"}\n");
  }
  ASSERT_GT(fs::file_size(work_ / "rows.jsonl"), 256u << 10);
  TrainRequest unbroken = request(8);
  unbroken.data = {{"path", (work_ / "rows.jsonl").string()}, {"max_length", 64}, {"holdout", 0.001}};
  unbroken.train["eval_every"] = 4;
  const auto whole = run(unbroken);
  ASSERT_EQ(whole->wait().outcome, "done") << whole->wait().message;
  EXPECT_EQ(whole->all<StartedEvent>().at(0).rows, 3996);
  EXPECT_EQ(whole->all<StartedEvent>().at(0).held_out_rows, 4);
  EXPECT_GT(whole->wait().process_seconds_to_first_step, 0);
  TrainRequest resumed = unbroken;
  resumed.resume_from = (work_ / "checkpoints/step-000005.safetensors").string();
  const auto after = losses(*run(resumed)), all = losses(*whole);
  EXPECT_EQ(after, std::vector<double>(all.begin() + 5, all.end()));

  TrainRequest epoch = unbroken;  // one pass: every batch of it, and all bad rows named
  epoch.train["steps"] = 0;
  epoch.train["epochs"] = 1.0;
  epoch.train["batch_tokens"] = 8192;
  epoch.data["max_length"] = 8;
  epoch.train["eval_every"] = 0;
  const auto pass = run(epoch);
  ASSERT_EQ(pass->wait().outcome, "done") << pass->wait().message;
  std::int64_t trained = 0;
  for (const auto& step : pass->all<StepEvent>()) trained += step.tokens;
  EXPECT_EQ(static_cast<std::int64_t>(pass->all<StepEvent>().size()), pass->all<StartedEvent>().at(0).total_steps);
  EXPECT_DOUBLE_EQ(pass->all<StepEvent>().back().epoch, 1.0);
  EXPECT_GE(trained, 8 * 3992);  // every good row, be the bad ones held out or not
  EXPECT_LE(trained, 8 * 3996);
  std::string said;
  for (const auto& warning : pass->all<WarningEvent>()) said += warning.message + "\n";
  EXPECT_NE(said.find("4 of 4000 rows are rejected"), std::string::npos) << said;
  EXPECT_NE(said.find("line 1000: "), std::string::npos) << said;
}

TEST_F(EngineTest, WarnsOfRowsBeyondTheContextAndOfThreadsBeyondTheProcessors) {
  {
    std::ofstream rows(work_ / "long.jsonl");
    for (const int length : {40, 701}) {
      rows << "{\"input_ids\":[1";
      for (int i = 1; i < length; ++i) rows << "," << 3 + i * 7 % 400;
      rows << "]}\n";
    }
  }
  TrainRequest r = request(1);
  r.data = {{"path", (work_ / "long.jsonl").string()}, {"max_length", 1024}, {"holdout", 0.0}};
  r.train["threads"] = 64;
  const auto sink = run(r);
  EXPECT_EQ(sink->wait().outcome, "done") << sink->wait().message;
  std::string said;
  for (const auto& warning : sink->all<WarningEvent>()) said += warning.message + "\n";
  EXPECT_NE(said.find("1 rows are longer than the model's context of 512 tokens, the longest has 701"), std::string::npos) << said;
  EXPECT_NE(said.find("[train] threads = 64, but this machine runs "), std::string::npos) << said;
}

TEST_F(EngineTest, AnAdapterWithAValueThatIsNotFiniteIsRefusedByName) {
  TrainRequest r = request(1);
  r.checkpoint_folder = (work_ / "c").string();
  const auto sink = run(r);
  ASSERT_EQ(sink->wait().outcome, "done") << sink->wait().message;
  const auto damaged = work_ / "damaged.safetensors";
  std::filesystem::copy_file(sink->all<CheckpointEvent>().back().path, damaged);
  std::string name;
  {
    const auto file = SafeTensorsFile::open(damaged.string());
    ASSERT_TRUE(file.ok());
    const auto tensor = std::find_if((*file)->tensors().begin(), (*file)->tensors().end(), [](const auto& t) { return t.name.ends_with("lora_A.weight"); });
    ASSERT_NE(tensor, (*file)->tensors().end());
    name = tensor->name;
    const auto bytes = read_file(damaged.string(), 1 << 24);
    ASSERT_TRUE(bytes.ok());
    const auto at = bytes->find(std::string(reinterpret_cast<const char*>(tensor->data), 64));
    ASSERT_NE(at, std::string::npos);
    std::fstream out(damaged, std::ios::in | std::ios::out | std::ios::binary);
    const float bad = std::numeric_limits<float>::quiet_NaN();
    out.seekp(static_cast<std::streamoff>(at + 8));
    out.write(reinterpret_cast<const char*>(&bad), sizeof(bad));
  }
  const std::string expected = name + " are not finite (the first is number 3)";
  TrainRequest more = request(1);
  more.method = Json::object();
  more.init_adapter = damaged.string();
  const auto refused = run(more);
  EXPECT_EQ(refused->wait().outcome, "failed");
  EXPECT_NE(refused->wait().message.find(expected), std::string::npos) << refused->wait().message;
  EXPECT_TRUE(refused->all<StepEvent>().empty());
  const auto seen = wait_for<InspectReply>(*engine_, &Engine::inspect, InspectRequest{damaged.string(), ""});
  ASSERT_FALSE(seen.ok());
  EXPECT_NE(seen.status().message().find(expected), std::string::npos) << seen.status().message();
}

TEST_F(EngineTest, WarnsOfARankThatNoMatrixCanHave) {
  TrainRequest r = request(1);
  r.method = {{"name", "lora"}, {"rank", 40}, {"targets", Json::array({"q_proj", "k_proj"})}};   // 64 x 64 and 32 x 64
  const auto sink = run(r);
  EXPECT_EQ(sink->wait().outcome, "done") << sink->wait().message;
  std::string said;
  for (const auto& warning : sink->all<WarningEvent>()) said += warning.message + "\n";
  EXPECT_NE(said.find("rank 40 is more than 5 of 10 matrices can have: model.layers.0.self_attn.k_proj is 32 x 64, so 8 of its directions can add nothing"), std::string::npos) << said;
}

}  // namespace
}  // namespace weft
