// SPDX-License-Identifier: GPL-3.0-or-later
// Shared by the project tests: the content of the fixture.
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "projects/api/project.h"
#include "tests/support/test_files.h"

namespace weft::testing {

using test::TemporaryFolder;

#define EXPECT_OK(expr)                                                              \
  do {                                                                               \
    const ::weft::Status weft_test_status_ = (expr);                                 \
    EXPECT_TRUE(weft_test_status_.ok()) << #expr << ": " << weft_test_status_.message(); \
  } while (false)

// The value of a Result, or a failed test that ends here with its message.
template <typename T>
T must(Result<T> result) {
  if (!result.ok()) {
    ADD_FAILURE() << result.status().message();
    throw std::runtime_error(result.status().message());
  }
  return std::move(result).value();
}

inline std::unique_ptr<Project> open_project(const std::filesystem::path& path, bool create = true) {
  return must(Project::open(path.string(), create));
}

inline SpectrumRow make_spectrum(RunId run, std::int64_t step, const std::string& site) {
  const float scale = static_cast<float>(step + 1);
  return {.run = run, .step = step, .site = site, .values = {4.0f * scale, 2.0f * scale, 0.1f * scale, 1e-7f},
          .effective_rank = 2.25, .stable_rank = 1.3, .frobenius = 4.47 * scale, .magnitude_change = 0.01,
          .direction_change = 0.002, .energy_rank_90 = 2, .energy_rank_95 = 2, .energy_rank_99 = 3};
}

// What tests/data/projects/v1.weft holds. Never change what is written for a released version.
inline void fill_fixture(Project& project) {
  AssetRow model{.kind = "model", .name = "stories", .path = "/models/stories.gguf", .facts = {{"layers", 5}}};
  EXPECT_OK(project.save_asset(model));
  EXPECT_OK(project.save_draft({{"model", "/models/stories.gguf"}, {"rank", 8}}));
  const RunId run = must(project.create_run({{"method", "lora"}, {"rank", 4}, {"lr", 3e-4}}, 20));
  project.record_started(run, {{"trainable", 1024}, {"sites", {"layers.0.q_proj", "layers.1.q_proj"}}}, 20);
  project.record_run_state(run, "running", "");
  for (std::int64_t step = 1; step <= 20; ++step) {
    const double loss = 4.0 - 0.1 * static_cast<double>(step);
    project.record_metrics({{run, step, "loss", loss}, {run, step, "lr", 3e-4}});
    if (step % 10 == 0) {
      project.record_metrics({{run, step, "eval_loss", loss + 0.5}});
      project.record_spectra({make_spectrum(run, step, "layers.0.q_proj"), make_spectrum(run, step, "layers.1.q_proj")});
      project.record_checkpoint({.run = run, .step = step, .path = "r1/step-" + std::to_string(step) + ".weftckpt",
                                 .sha256 = std::string(64, 'a'), .bytes = 4096});
    }
  }
  project.record_event({.run = run, .step = 7, .type = "warning", .detail = {{"message", "three rows were cut"}},
                        .at = "2026-11-22T08:00:00.000Z"});
  project.record_run_state(run, "done", "");
  EXPECT_OK(project.flush());
  EXPECT_OK(project.save_artifact({.run = run, .step = 20, .format = "peft", .path = "/exports/adapter",
                                   .at = "2026-11-22T08:01:00.000Z", .bytes = 8192, .max_difference = 1e-6}));
  const RunId second = must(project.create_run({{"method", "dora"}}, 5));
  EXPECT_OK(project.rename_run(second, "with direction"));
  project.record_run_state(second, "failed", "loss is NaN at step 3");
  project.record_metrics({{second, 3, "loss", std::numeric_limits<double>::quiet_NaN()}});
  EXPECT_OK(project.flush());
}

inline void expect_fixture(Project& project) {
  const auto runs = must(project.runs());
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[0].name, "r1");
  EXPECT_EQ(runs[0].state, "done");
  EXPECT_EQ(runs[0].config, (Json{{"method", "lora"}, {"rank", 4}, {"lr", 3e-4}}));
  EXPECT_EQ(runs[0].started["trainable"], 1024);
  EXPECT_EQ(runs[0].last_step, 20);
  EXPECT_EQ(runs[0].total_steps, 20);
  EXPECT_DOUBLE_EQ(runs[0].last_loss, 2.0);
  EXPECT_DOUBLE_EQ(runs[0].last_eval_loss, 2.5);
  EXPECT_EQ(runs[1].name, "with direction");
  EXPECT_EQ(runs[1].state, "failed");
  EXPECT_EQ(runs[1].message, "loss is NaN at step 3");
  EXPECT_TRUE(std::isnan(runs[1].last_loss));
  EXPECT_EQ(runs[1].last_step, 3);

  EXPECT_EQ(must(project.metrics(1, "loss")).size(), 20u);
  EXPECT_EQ(must(project.metrics(1, "")).size(), 42u);
  const auto spectra = must(project.spectra(1, "layers.1.q_proj"));
  ASSERT_EQ(spectra.size(), 2u);
  const SpectrumRow expected = make_spectrum(1, 20, "layers.1.q_proj");
  EXPECT_EQ(spectra[1].step, 20);
  EXPECT_EQ(spectra[1].values, expected.values);
  EXPECT_DOUBLE_EQ(spectra[1].frobenius, expected.frobenius);
  EXPECT_EQ(spectra[1].energy_rank_99, 3);
  const auto events = must(project.events(1));
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].detail["message"], "three rows were cut");
  const auto checkpoints = must(project.checkpoints(1));
  ASSERT_EQ(checkpoints.size(), 2u);
  EXPECT_EQ(checkpoints[1].path, "r1/step-20.weftckpt");
  EXPECT_FALSE(checkpoints[1].present);
  const auto artifacts = must(project.artifacts(0));
  ASSERT_EQ(artifacts.size(), 1u);
  EXPECT_EQ(artifacts[0].path, "/exports/adapter");
  EXPECT_EQ(artifacts[0].bytes, 8192u);
  const auto assets = must(project.assets());
  ASSERT_EQ(assets.size(), 1u);
  EXPECT_EQ(assets[0].facts["layers"], 5);
  EXPECT_EQ(must(project.draft())["rank"], 8);
}

// "1 waiting a", "2 done b -> r1 (message)" and so on, one line an entry.
inline std::string queue_text(Project& project) {
  std::string text;
  for (const auto& e : must(project.queue().entries())) {
    text += std::to_string(e.id) + " " + e.state + " " + e.name;
    if (e.run != 0) text += " -> r" + std::to_string(e.run);
    if (!e.message.empty()) text += " (" + e.message + ")";
    text += "\n";
  }
  return text;
}

// What v2.weft holds beside that. Never change what is written for a released version.
inline void fill_queue(Project& project) {
  RunQueue& queue = project.queue();
  EXPECT_EQ(must(queue.add({{"base", {{"rank", 4}}}, {"rank=8", {{"rank", 8}}}, {"rank=16", {{"rank", 16}}}, {"gone", {{"rank", 32}}}})).size(), 4u);
  EXPECT_EQ(must(queue.claim()).value().name, "base");
  EXPECT_OK(queue.set_run(1, 1));
  EXPECT_OK(queue.settle(1, "done", ""));
  EXPECT_EQ(must(queue.claim()).value().name, "rank=8");
  EXPECT_OK(queue.set_run(2, 2));
  EXPECT_OK(queue.settle(2, "failed", "loss is NaN at step 3"));
  EXPECT_OK(queue.remove(4));
  EXPECT_OK(project.set_run_note(1, "the first that learnt anything"));
}

inline void expect_queue(Project& project) {
  EXPECT_EQ(queue_text(project), "1 done base -> r1\n2 failed rank=8 -> r2 (loss is NaN at step 3)\n3 waiting rank=16\n");
  EXPECT_EQ(must(project.queue().entries()).at(2).config, (Json{{"rank", 16}}));
  EXPECT_EQ(must(project.run(1)).note, "the first that learnt anything");
  EXPECT_EQ(must(project.run(2)).note, "");
}

}  // namespace weft::testing
