// SPDX-License-Identifier: GPL-3.0-or-later
// A fixture for runs of a real engine: a short story to train on, a small model, a folder that goes with the test.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/engine.h"
#include "tests/support/recording_sink.h"

namespace weft::test {

class EngineRuns : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    work_ = std::filesystem::temp_directory_path() / ("weft-" + std::string(test->test_suite_name()) + "-" + std::to_string(::getpid()) + "-" + test->name());
    std::filesystem::create_directories(work_);
    std::ofstream data(work_ / "story.txt");
    for (int i = 0; i < 60; ++i) data << "Once upon a time there was a little dog number " << i << ". The dog liked to play in the sun with a red ball. ";
    data.close();
    engine_.reset(weft_create_engine());
  }
  void TearDown() override {
    engine_.reset();
    std::filesystem::remove_all(work_);
  }

  // Of the story, on one thread; `every`: steps between evaluations and between checkpoints.
  [[nodiscard]] TrainRequest story_run(std::int64_t steps, std::int64_t every, const std::string& folder = "checkpoints") const {
    TrainRequest r;
    r.model = {{"path", std::string(WEFT_TEST_DATA) + "/models/stories260k/stories260K-f32.gguf"}};
    r.data = {{"path", (work_ / "story.txt").string()}, {"format", "text"}, {"max_length", 32}, {"holdout", 0.2}};
    r.method = {{"name", "lora"}, {"rank", 4}, {"alpha", 8.0}};
    r.train = {{"steps", steps}, {"batch_tokens", 128}, {"lr", 5e-3}, {"warmup", 0}, {"eval_every", every}, {"checkpoint_every", every}, {"threads", 1}};
    r.probe = {{"spectra_every", 0}, {"max_share", 0.0}};
    r.checkpoint_folder = (work_ / folder).string();
    return r;
  }
  std::shared_ptr<RecordingSink> run(const TrainRequest& r) {
    auto sink = std::make_shared<RecordingSink>();
    auto job = engine_->train(r, sink);
    EXPECT_TRUE(job.ok()) << job.status().message();
    sink->wait();
    return sink;
  }
  static std::vector<double> losses(const RecordingSink& sink) {
    std::vector<double> out;
    for (const auto& step : sink.all<StepEvent>()) out.push_back(step.loss);
    return out;
  }
  static bool warns(const RecordingSink& sink, const std::string& part) {
    for (const auto& warning : sink.all<WarningEvent>())
      if (warning.message.find(part) != std::string::npos) return true;
    return false;
  }

  std::filesystem::path work_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace weft::test
