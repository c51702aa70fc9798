// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/compare/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "app/run/compare/comparison_page.h"
#include "engine/api/events.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class ComparisonTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = Project::open(folder_.file("p.weft"), true);
    ASSERT_TRUE(opened.ok()) << opened.status().message();
    project_ = std::move(opened).value();
  }

  // `steps` steps of 100 tokens and 500 ms; loss 4 - 0.1 * step; an evaluation every second step; spectra at the last.
  RunId add_run(const std::string& model, const std::string& method, double lr, std::int64_t steps, std::int64_t planned, bool spectra = true) {
    const auto id = project_->create_run({{"model", {{"path", model}}}, {"method", {{"name", method}, {"rank", 4}}}, {"train", {{"lr", lr}, {"seed", 1}}}}, planned);
    EXPECT_TRUE(id.ok());
    project_->record_started(*id, {{"trainable", 1000 * *id}}, planned);
    for (std::int64_t step = 1; step <= steps; ++step) {
      const double loss = 4 - 0.1 * static_cast<double>(step);
      project_->record_metrics({{*id, step, "loss", loss}, {*id, step, "lr", lr}, {*id, step, "grad_norm", 1.0}, {*id, step, "tokens", 100}, {*id, step, "ms", 500}, {*id, step, "epoch", 0.25 * static_cast<double>(step)},
                                {*id, step, "tokens_per_s", 200}, {*id, step, "rss_bytes", 1e6 * static_cast<double>(step)}});
      if (step % 2 == 0) project_->record_metrics({{*id, step, "eval_loss", step == 2 ? 1.0 : loss}, {*id, step, "eval_accuracy", 0.25}});
    }
    if (spectra && steps > 0)
      for (const std::string site : {"layers.0.q_proj", "layers.1.q_proj"})
        project_->record_spectra({{.run = *id, .step = steps, .site = site, .values = {3, 4}, .effective_rank = 2, .stable_rank = 1.5, .frobenius = 5}});
    project_->record_run_state(*id, steps == planned ? "done" : "stopped", "");
    EXPECT_TRUE(project_->flush().ok());
    return *id;
  }
  Comparison compared(const std::vector<RunId>& runs) {
    auto comparison = compare_runs(*project_, runs);
    EXPECT_TRUE(comparison.ok()) << comparison.status().message();
    return comparison.ok() ? std::move(comparison).value() : Comparison{};
  }
  static const ComparedRow& figure(const Comparison& c, const std::string& key) {
    static const ComparedRow none;
    for (const auto& row : c.figures)
      if (row.key == key) return row;
    ADD_FAILURE() << "no figure " << key;
    return none;
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<Project> project_;
};

TEST_F(ComparisonTest, ShowsOnlySettingsThatDiffer) {
  const Comparison c = compared({add_run("/m/a.gguf", "lora", 1e-3, 4, 4), add_run("/m/a.gguf", "dora", 2e-3, 4, 4)});
  ASSERT_EQ(c.settings.size(), 2u);
  EXPECT_EQ(c.settings[0].key, "method.name");
  EXPECT_THAT(c.settings[0].texts, ElementsAre("lora", "dora"));
  EXPECT_EQ(c.settings[1].key, "train.lr");
  EXPECT_THAT(c.settings[1].texts, ElementsAre("0.001", "0.002"));
  EXPECT_THAT(c.notes, IsEmpty());
}

TEST_F(ComparisonTest, ASettingThatOneRunLacksDiffers) {
  const RunId first = add_run("/m/a.gguf", "lora", 1e-3, 2, 2);
  const auto second = project_->create_run({{"model", {{"path", "/m/a.gguf"}}}, {"method", {{"name", "lora"}, {"rank", 4}, {"alpha", 8}}}, {"train", {{"lr", 1e-3}, {"seed", 1}}}}, 2);
  ASSERT_TRUE(second.ok());
  const Comparison c = compared({first, *second});
  ASSERT_EQ(c.settings.size(), 1u);
  EXPECT_THAT(c.settings[0].texts, ElementsAre("–", "8"));
}

TEST_F(ComparisonTest, AnEmptyListSaysNoMoreThanAMissingOne) {
  const Json none = {{"method", {{"name", "lora"}}}}, empty = {{"method", {{"name", "dora"}, {"magnitude_only", Json::array()}}}, {"samples", {{"prompts", Json::array()}}}},
             asked = {{"method", {{"name", "lora"}}}, {"samples", {{"prompts", {"Why?"}}}}};
  const auto rows = differing_settings({&none, &empty, &asked});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].key, "method.name");
  EXPECT_THAT(rows[1].texts, ElementsAre("–", "–", R"(["Why?"])"));
  EXPECT_EQ(differences_of(rows, 1), "dora");
  EXPECT_EQ(differences_of(rows, 2), R"(lora, prompts ["Why?"])");
}

TEST_F(ComparisonTest, SaysEditsAsTheCommandLineIsGivenThem) {
  const auto lower = parse_edit("20:lr=1e-4"), freeze = parse_edit("30:freeze=left");
  ASSERT_TRUE(lower.ok() && freeze.ok());
  const Json plain = {{"method", {{"name", "lora"}}}}, edited = {{"method", {{"name", "lora"}}}, {"edits", {to_json(*lower), to_json(*freeze)}}};
  const auto rows = differing_settings({&plain, &edited});
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_THAT(rows[0].texts, ElementsAre("–", "20:lr=0.0001, then 30:freeze=left"));
}

TEST_F(ComparisonTest, WhatAMethodAloneHasIsToldByItsName) {
  const auto config = [](const char* name, Json settings) { return Json{{"method", [&] { settings["name"] = name; return settings; }()}}; };
  const Json lora = config("lora", {{"rank", 8}, {"alpha", 32}}), wide = config("lora", {{"rank", 32}, {"alpha", 32}}), dota = config("dota", {{"rank", 16}, {"cores", 4}});
  auto rows = differing_settings({&lora, &wide, &dota});
  EXPECT_EQ(differences_of(rows, 0), "rank 8, lora");
  EXPECT_EQ(differences_of(rows, 2), "rank 16, dota");
  const Json strong = config("lora", {{"rank", 8}, {"alpha", 64}});   // here alpha tells two of one method apart
  rows = differing_settings({&lora, &strong, &dota});
  EXPECT_THAT(differences_of(rows, 0), ::testing::HasSubstr("alpha 32"));
  EXPECT_THAT(differences_of(rows, 1), ::testing::HasSubstr("alpha 64"));
  EXPECT_EQ(differences_of(rows, 2), "rank 16, dota");
}

TEST_F(ComparisonTest, AlignsByStepTokensAndTime) {
  const Comparison c = compared({add_run("a", "lora", 1e-3, 4, 4), add_run("a", "lora", 1e-3, 2, 4)});
  const ComparedCurve& held = c.runs[0].held_out;
  EXPECT_THAT(held.steps, ElementsAre(2, 4));
  EXPECT_THAT(held.tokens, ElementsAre(200, 400));
  EXPECT_THAT(held.seconds, ElementsAre(1, 2));
  EXPECT_EQ(held.before(RunAxis::Step, 1.9), -1);
  EXPECT_EQ(held.before(RunAxis::Step, 3.9), 0);
  EXPECT_EQ(held.before(RunAxis::Tokens, 400), 1);
  EXPECT_EQ(held.before(RunAxis::Seconds, 1.5), 0);
}

TEST_F(ComparisonTest, TellsFinalFigures) {
  const Comparison c = compared({add_run("a", "lora", 1e-3, 4, 4), add_run("a", "lora", 1e-3, 2, 4, false)});
  EXPECT_NEAR(figure(c, "loss").values[0], 3.6, 1e-12);
  EXPECT_NEAR(figure(c, "held_out").values[0], 3.6, 1e-12);
  EXPECT_EQ(figure(c, "held_out_best").values[0], 1.0);
  EXPECT_THAT(figure(c, "accuracy").texts, ElementsAre("25.0 %", "25.0 %"));
  EXPECT_THAT(figure(c, "peak_memory").texts, ElementsAre("4.0 MB", "2.0 MB"));
  EXPECT_THAT(figure(c, "trainable").values, ElementsAre(1000, 2000));
  EXPECT_THAT(figure(c, "seconds").values, ElementsAre(2, 1));
  EXPECT_EQ(figure(c, "energy").values[0], 50);  // two matrices of norm 5
  EXPECT_EQ(figure(c, "stable_rank").values[0], 1.5);
  EXPECT_EQ(figure(c, "energy").texts[1], "–");
  EXPECT_EQ(c.runs[0].remark, "");
  EXPECT_EQ(c.runs[1].remark, "stopped at step 2 of 4; no spectra");
}

TEST_F(ComparisonTest, SaysWhatDivergedAndWhatNeverRan) {
  const RunId wild = add_run("a", "lora", 1e-3, 2, 4), empty = add_run("b", "lora", 1e-3, 0, 4), good = add_run("a", "lora", 1e-3, 4, 4);
  project_->record_metrics({{wild, 3, "loss", std::numeric_limits<double>::quiet_NaN()}});
  ASSERT_TRUE(project_->flush().ok());
  const Comparison c = compared({wild, empty, good});
  EXPECT_THAT(c.runs[0].remark, HasSubstr("loss not finite from step 3 on"));
  EXPECT_EQ(c.runs[1].remark, "no steps recorded; no spectra");
  EXPECT_THAT(figure(c, "loss").texts, ElementsAre("–", "–", "3.6"));
  ASSERT_EQ(c.notes.size(), 1u);
  EXPECT_THAT(c.notes[0], HasSubstr("different models"));
}

TEST_F(ComparisonTest, RefusesTooFewTooManyTwiceAndUnknown) {
  const RunId one = add_run("a", "lora", 1e-3, 2, 2), two = add_run("a", "lora", 1e-3, 2, 2);
  ASSERT_TRUE(project_->rename_run(two, "long warm-up").ok());
  EXPECT_THAT(std::string(compare_runs(*project_, std::vector<RunId>{one}).status().message()), HasSubstr("2 to 6 runs, 1 was given"));
  EXPECT_FALSE(compare_runs(*project_, std::vector<RunId>{1, 2, 1, 2, 1, 2, 1}).ok());
  EXPECT_THAT(std::string(compare_runs(*project_, std::vector<RunId>{one, one}).status().message()), HasSubstr("r1 is named twice"));
  EXPECT_THAT(std::string(compare_runs(*project_, std::vector<std::string>{"r1", "long warm-pu"}).status().message()), HasSubstr("did you mean"));
  EXPECT_TRUE(compare_runs(*project_, std::vector<std::string>{"r1", "long warm-up"}).ok());
}

TEST_F(ComparisonTest, TheSpectrumIsTheLatestBeforeTheStep) {
  const Comparison c = compared({add_run("a", "lora", 1e-3, 4, 4), add_run("a", "lora", 1e-3, 2, 2)});
  EXPECT_EQ(c.runs[0].spectrum("layers.1.q_proj", 3), nullptr);
  ASSERT_NE(c.runs[0].spectrum("layers.1.q_proj", 9), nullptr);
  EXPECT_EQ(c.runs[0].spectrum("layers.1.q_proj", 9)->step, 4);
  EXPECT_THAT(c.sites, ElementsAre("layers.0.q_proj", "layers.1.q_proj"));
}

TEST_F(ComparisonTest, KnowsWhereARunWasEditedAlongEveryAxis) {
  const RunId one = add_run("a", "lora", 1e-3, 4, 4), two = add_run("a", "lora", 1e-3, 4, 4);
  project_->record_event({.run = two, .step = 3, .type = "edit", .detail = edit_json({.edit = *parse_edit("3:lr=1e-4"), .text = "learning rate 0.001 to 0.0001", .total_steps = 4})});
  ASSERT_TRUE(project_->flush().ok());
  const Comparison c = compared({one, two});
  EXPECT_TRUE(c.runs[0].edits.empty());
  ASSERT_EQ(c.runs[1].edits.size(), 1u);
  const ComparedEdit& edit = c.runs[1].edits[0];
  EXPECT_EQ(edit.along(RunAxis::Step), 3);
  EXPECT_EQ(edit.along(RunAxis::Epoch), 0.5);
  EXPECT_EQ(edit.along(RunAxis::Tokens), 200);   // what the two steps before it took
  EXPECT_EQ(edit.along(RunAxis::Seconds), 1);
  EXPECT_EQ(edit.label, "lr=0.0001");
  EXPECT_THAT(comparison_page(c, project_->path()), HasSubstr("r2, step 3: learning rate 0.001 to 0.0001"));
}

TEST_F(ComparisonTest, WritesCsvWithoutInventingPoints) {
  const RunId one = add_run("a", "lora", 1e-3, 2, 2), two = add_run("a", "lora", 1e-3, 1, 1);
  ASSERT_TRUE(project_->rename_run(two, "a, \"b\"").ok());
  const std::string csv = comparison_csv(compared({one, two}));
  EXPECT_THAT(csv, HasSubstr("step,r1 loss,r1 eval_loss,r1 lr,r1 grad_norm,r1 epoch,r1 tokens,r1 seconds,\"a, \"\"b\"\" loss\""));
  EXPECT_THAT(csv, HasSubstr("\n1,3.9,,0.001,1,0.25,100,0.5,3.9,,0.001,1,0.25,100,0.5\n2,3.8,1,0.001,1,0.5,200,1,,,,,,,\n"));
}

TEST_F(ComparisonTest, ThePageIsWholeEscapedAndToldApartByDash) {
  const RunId one = add_run("/m/<img src=x>.gguf", "lora", 1e-3, 4, 4), two = add_run("a", "dora", 1e-3, 2, 4);
  const std::string html = comparison_page(compared({one, two}), project_->path());
  for (const char* part : {"Training loss", "Held-out loss", "Final figures", "Settings that differ", "Learning rate", "Gradient norm", "layers.1.q_proj",
                           "s2 d2", "&lt;img src=x&gt;", "different models", "stopped at step 2 of 4", "along-tokens", "along epoch", "along seconds", "</html>"})
    EXPECT_THAT(html, HasSubstr(part));
  for (const char* part : {"<img", "<script", "http://", "https://", "nan"}) EXPECT_THAT(html, Not(HasSubstr(part)));
}

}  // namespace
}  // namespace weft
