// SPDX-License-Identifier: GPL-3.0-or-later
// Training for real on the smallest model there is: from run file to exported adapter.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include "tests/integration/cli_train_support.h"

namespace weft {
namespace {

using test::run_cli;
using ::testing::HasSubstr;
using ::testing::Not;

class CliTrain : public test::TrainingTest {};

TEST_F(CliTrain, StreamsEventsRecordsTheRunAndWritesTheAdapter) {
  const auto result =
      run_cli({"train", run_file(), "--project", project(), "--out", folder_.file("adapter"), "--json"});
  ASSERT_EQ(result.code, 0) << result.err;
  const auto events = json_lines(result.out);
  std::map<std::string, int> count;
  for (const auto& event : events) ++count[event["type"]];
  EXPECT_EQ(count["started"], 1);
  EXPECT_EQ(count["step"], 12);
  EXPECT_EQ(count["eval"], 3);  // steps 0, 6, 12
  EXPECT_EQ(count["finished"], 1);
  EXPECT_EQ(count["export"], 1);
  EXPECT_GE(count["spectrum"], 35);
  EXPECT_GE(count["checkpoint"], 3);  // steps 4, 8, 12
  EXPECT_EQ(events.back()["type"], "export");
  EXPECT_LE(events.back()["max_difference"].get<double>(), 1e-4);
  for (const auto& event : events) {
    if (event["type"] == "started") {
      EXPECT_EQ(event["run"], "r1");
    }
    if (event["type"] == "finished") {
      EXPECT_EQ(event["outcome"], "done");
    }
  }

  const auto losses = losses_of(project(), "r1");
  ASSERT_EQ(losses.size(), 12u);
  EXPECT_LT(losses.back(), losses.front());
  std::size_t at = 0;
  for (const auto& event : events) {
    if (event["type"] != "step") continue;
    EXPECT_NEAR(event["loss"].get<double>(), losses.at(at++), 1e-8);
  }
  const Json list = json_of(run_cli({"runs", project(), "--json"}));
  EXPECT_EQ(list["runs"][0]["state"], "done");
  const Json run = json_of(run_cli({"runs", project(), "r1", "--json"}));
  EXPECT_EQ(run["config"]["train"]["lr"], 1e-2);
  EXPECT_EQ(run["artifacts"][0]["format"], "peft");
  for (const auto& checkpoint : run["checkpoints"]) EXPECT_EQ(checkpoint["present"], true);
}

TEST_F(CliTrain, PrintsTheRunAndNothingElseWhenQuiet) {
  const auto result =
      run_cli({"train", run_file(), "--project", project(), "--quiet", "--set", "steps=3", "--set", "spectra_every=0"});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_EQ(result.out, "r1\n");
  EXPECT_EQ(result.err, "");
  EXPECT_EQ(
      run_cli({"train", run_file(), "--project", project(), "--quiet", "--set", "steps=3", "--set", "spectra_every=0"})
          .out,
      "r2\n");
}

TEST_F(CliTrain, WithoutAProjectOnlyTheAdapterStays) {
  const auto result =
      run_cli({"train", run_file(), "--out", folder_.file("adapter")}, {.folder = folder_.path().string()});
  EXPECT_EQ(result.code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("no --project"));
  EXPECT_TRUE(std::filesystem::exists(folder_.file("adapter/adapter_model.safetensors")));
  std::vector<std::string> left;
  for (const auto& entry : std::filesystem::directory_iterator(folder_.path()))
    left.push_back(entry.path().filename().string());
  EXPECT_THAT(left, testing::UnorderedElementsAre("run.toml", "adapter"));
}

TEST_F(CliTrain, TheSameSeedGivesTheSameRunAndASavedStartToo) {
  const auto first =
      run_cli({"train", run_file(), "--project", project(), "--quiet", "--save-init", folder_.file("init")});
  ASSERT_EQ(first.code, 0) << first.err;
  ASSERT_EQ(run_cli({"train", run_file(), "--project", project(), "--quiet"}).code, 0);
  const auto third =
      run_cli({"train", run_file(), "--project", project(), "--quiet", "--init-adapter", folder_.file("init")});
  ASSERT_EQ(third.code, 0) << third.err;
  const auto losses = losses_of(project(), "r1");
  EXPECT_EQ(losses.size(), 12u);
  EXPECT_EQ(losses_of(project(), "r2"), losses);
  EXPECT_EQ(losses_of(project(), "r3"), losses);
}

TEST_F(CliTrain, LogitsAgreeBetweenCheckpointAdapterAndMergedModel) {
  ASSERT_EQ(run_cli({"train", run_file(), "--project", project(), "--quiet", "--out", folder_.file("adapter")}).code,
            0);
  const auto merged = run_cli({"export", project() + ":r1", "--format", "merged", "--dtype", "fp32", "--out",
                               folder_.file("merged"), "--json"});
  EXPECT_EQ(merged.code, 0) << merged.err;
  const auto again =
      run_cli({"export", folder_.file("adapter"), "--base", kGguf, "--out", folder_.file("again"), "--json"});
  EXPECT_EQ(again.code, 0) << again.err;
  const auto logits = [&](std::vector<std::string> call) {
    call.insert(call.end(), {"--ids", "1,403,407,261", "--json"});
    const Json json = json_of(run_cli(call));
    EXPECT_EQ(json["top"].size(), 5u);
    EXPECT_EQ(json["last"][json["top"][0]["id"].get<std::size_t>()], json["top"][0]["logit"]);
    return json["last"].get<std::vector<double>>();
  };
  const auto expected = logits({"logits", kGguf, "--adapter", project() + ":r1"});
  ASSERT_EQ(expected.size(), 512u);
  for (const auto& call : std::vector<std::vector<std::string>>{{"logits", kGguf, "--adapter", folder_.file("adapter")},
                                                                {"logits", kFolder, "--adapter", folder_.file("again")},
                                                                {"logits", folder_.file("merged")}}) {
    const auto found = logits(call);
    for (std::size_t i = 0; i < expected.size(); ++i)
      ASSERT_NEAR(found[i], expected[i], 2e-3) << call.back() << " " << i;
  }
  const auto base = logits({"logits", kGguf});
  double difference = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) difference = std::max(difference, std::fabs(base[i] - expected[i]));
  EXPECT_GT(difference, 0.1);  // the adapter does something
}

// What the run itself measured on its held-out rows, by the same rows again; and all rows, by the model alone.
TEST_F(CliTrain, EvalIsTheLossThatTheRunMeasured) {
  const auto trained = run_cli({"train", run_file(), "--project", project(), "--json", "--set", "compute=fp32"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  std::vector<Json> measured;
  for (const auto& event : json_lines(trained.out))
    if (event["type"] == "eval") measured.push_back(event);
  ASSERT_EQ(measured.size(), 3u);
  const auto eval = [&](std::vector<std::string> more) {
    std::vector<std::string> call{"eval", kGguf, "--data", kRows, "--json", "--set", "format=text", "--set", "train_on=all", "--set", "max_length=64", "--set", "compute=fp32"};
    call.insert(call.end(), more.begin(), more.end());
    return json_of(run_cli(call));
  };
  const Json tuned = eval({"--set", "holdout=0.3", "--adapter", project() + ":r1"});
  EXPECT_NEAR(tuned["loss"].get<double>(), measured.back()["loss"].get<double>(), 1e-5);
  EXPECT_NEAR(tuned["accuracy"].get<double>(), measured.back()["accuracy"].get<double>(), 1e-6);
  EXPECT_EQ(tuned["tokens"], measured.back()["tokens"]);
  EXPECT_NEAR(tuned["perplexity"].get<double>(), std::exp(tuned["loss"].get<double>()), 1e-9);
  const Json base = eval({"--set", "holdout=0.3"}), all = eval({});
  EXPECT_NEAR(base["loss"].get<double>(), measured.front()["loss"].get<double>(), 1e-5);
  EXPECT_GT(all["tokens"].get<std::int64_t>(), 2 * base["tokens"].get<std::int64_t>());
  const auto said = run_cli({"eval", kGguf, "--data", kRows});
  EXPECT_EQ(said.code, 0) << said.err;
  EXPECT_NE(said.out.find("perplexity "), std::string::npos);
  EXPECT_NE(said.out.find("nats a token"), std::string::npos);
}

TEST_F(CliTrain, AProjectIsCopiedWithItsCheckpoints) {
  ASSERT_EQ(run_cli({"train", run_file(), "--project", project(), "--quiet"}).code, 0);
  const Json copied = json_of(run_cli({"runs", project(), "copy", folder_.file("other.weft"), "--json"}));
  EXPECT_EQ(copied["files"], 3);
  EXPECT_EQ(losses_of(folder_.file("other.weft"), "r1"), losses_of(project(), "r1"));
  EXPECT_EQ(run_cli({"export", folder_.file("other.weft") + ":r1", "--out", folder_.file("adapter")}).code, 0);
  EXPECT_EQ(run_cli({"runs", project(), "copy", folder_.file("other.weft")}).code, 1) << "it is there already";
}

TEST_F(CliTrain, LogitsAreTheReferences) {
  const auto reference = parse_json(test::content_of(kModelFolder + "/reference.json"));
  ASSERT_TRUE(reference.ok());
  std::string ids;
  for (const auto& row : (*reference)["logits"]) {
    ids += (ids.empty() ? "" : ",") + std::to_string(row["input_token_id"].get<int>());
    const auto found = json_of(run_cli({"logits", kFolder, "--ids", ids, "--json"}))["last"].get<std::vector<double>>();
    const auto expected = row["values"].get<std::vector<double>>();
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(found[i], expected[i], 1e-3) << ids;
  }
}

TEST_F(CliTrain, InspectTellsEverySite) {
  ASSERT_EQ(run_cli({"train", run_file(), "--project", project(), "--quiet", "--out", folder_.file("adapter")}).code,
            0);
  const Json run = json_of(run_cli({"inspect", project() + ":r1", "--json"}));
  ASSERT_EQ(run["sites"].size(), 35u);
  for (const auto& site : run["sites"]) {
    EXPECT_EQ(site["singular_values"].size(), 4u);
    EXPECT_GE(site["effective_rank"], 1.0);
    EXPECT_LE(site["effective_rank"], 4.0 + 1e-6);
    EXPECT_LE(site["energy_rank_90"], site["energy_rank_99"]);
    EXPECT_GT(site["direction_change"], 0.0);
  }
  const Json early = json_of(run_cli({"inspect", project() + ":r1@4", "--json"}));
  EXPECT_LT(early["sites"][0]["frobenius"], run["sites"][0]["frobenius"]);
  const Json adapter = json_of(run_cli({"inspect", folder_.file("adapter"), "--json"}));
  EXPECT_EQ(adapter["sites"].size(), 35u);
  const auto norm_of = [](const Json& reply, const std::string& name) {
    for (const auto& site : reply["sites"])
      if (site["site"] == name) return site["frobenius"].get<double>();
    return -1.0;
  };
  for (const auto& site : run["sites"])
    EXPECT_NEAR(norm_of(adapter, site["site"]), site["frobenius"].get<double>(), 1e-4) << site["site"];
  EXPECT_THAT(run_cli({"inspect", folder_.file("adapter"), "--base", kGguf}).out,
              HasSubstr("model.layers.4.mlp.down_proj"));
  const Json close = json_of(run_cli({"inspect", project() + ":r1", "--site", "model.layers.4.mlp.down_proj", "--other", project() + ":r1@4", "--json"}));
  EXPECT_EQ(close["pictures"][0]["name"], "ΔW");
  EXPECT_EQ(close["rows"]["after"].size(), close["out"].get<std::size_t>());
  EXPECT_EQ(close["changes"].size(), 35u);
  EXPECT_EQ(close["output_angles"].size(), 4u);
  EXPECT_TRUE(close["rows_regression"].contains("pearson_r"));
  const auto text = run_cli({"inspect", folder_.file("adapter"), "--site", "model.layers.4.mlp.down_proj", "--base", kGguf});
  EXPECT_THAT(text.out, HasSubstr("Pearson r"));
  EXPECT_THAT(text.out, HasSubstr("ΔW"));
  EXPECT_EQ(close["difference"]["singular_values"].size(), 8u);
  EXPECT_GT(close["noise_edge"].get<double>(), 0);
  EXPECT_FALSE(close.contains("base")) << "decomposing the weight takes seconds: only when asked";
  const Json base = json_of(run_cli({"inspect", project() + ":r1", "--site", "model.layers.4.mlp.down_proj", "--decompose", "--json"}))["base"];
  ASSERT_EQ(base["singular_values"].size(), 64u);
  EXPECT_GE(base["singular_values"][0], base["singular_values"][63]);
  double energy = 0;
  for (const auto& share : base["output_energy"]) energy += share.get<double>();
  EXPECT_NEAR(energy, 1, 1e-4) << "64 outputs: the directions are all of them";
  const auto alone = run_cli({"inspect", project() + ":r1", "--site", "model.layers.4.mlp.down_proj", "--decompose"});
  EXPECT_THAT(alone.out, HasSubstr("its top 4 directions hold"));
  EXPECT_THAT(alone.out, HasSubstr("at rank"));
  EXPECT_EQ(run_cli({"inspect", project() + ":r1", "--site", "lm_head"}).code, 1);
  const auto none = run_cli({"inspect", project() + ":r1@5", "--json"});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("it has 4, 8, 12"));
}

TEST_F(CliTrain, ReportOfARealRun) {
  ASSERT_EQ(run_cli({"train", run_file(), "--project", project(), "--quiet"}).code, 0);
  EXPECT_EQ(run_cli({"report", project(), "r1", "--out", folder_.file("report")}).code, 0);
  const std::string html = test::content_of(folder_.file("report/index.html"));
  for (const char* part : {"12 of 12", "class=\"heat\"", "down_proj", "[probe]", "stories260K"})
    EXPECT_THAT(html, HasSubstr(part));
  EXPECT_THAT(html, Not(HasSubstr("nothing was recorded")));
}

TEST_F(CliTrain, FloorOfARecordedRun) {
  ASSERT_EQ(run_cli({"train", run_file(), "--project", project(), "--quiet"}).code, 0);
  const auto call = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"floor", project(), "r1"});
    return run_cli(more, {.before_exec = [cache = folder_.file("cache")] { ::setenv("WEFT_CACHE", cache.c_str(), 1); }});
  };
  const Json measured = json_of(call({"--json"}));
  EXPECT_EQ(measured["time"]["steps"], 12);
  EXPECT_GT(measured["share_of_floor"], 0);
  EXPECT_GT(measured["phase_floor_ms"]["linears"], 0);
  EXPECT_EQ(measured["phase_floor_ms"]["optimizer"], 0);
  EXPECT_EQ(json_of(call({"--json"})), measured);   // recorded with the run: nothing is timed a second time
  const auto shown = call({});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr(" % of the floor; next limit: "));
  EXPECT_EQ(call({"--again"}).code, 0);
  EXPECT_EQ(run_cli({"floor", project(), "r2"}).code, 1);
}

TEST_F(CliTrain, DemoWithOtherModelAndData) {
  const auto result = run_cli({"demo", "--model", kGguf, "--data", kRows, "--steps", "4", "--project", project(),
                               "--out", folder_.file("out")});
  EXPECT_EQ(result.code, 0) << result.err;
  for (const char* part : {"project  ", "adapter  ", "report   "}) EXPECT_THAT(result.out, HasSubstr(part));
  EXPECT_TRUE(std::filesystem::exists(folder_.file("out/adapter/adapter_config.json")));
  EXPECT_TRUE(std::filesystem::exists(folder_.file("out/report/index.html")));
}

TEST_F(CliTrain, SelfTestPasses) {
  const Json result = json_of(run_cli({"selftest", "--json"}));
  EXPECT_EQ(result["ok"], true);
  EXPECT_EQ(result["checks"].size(), 6u);
}

TEST_F(CliTrain, ComparesRunsAndRefusesWhatIsNotThere) {
  const std::string file = run_file(4);
  for (int i = 0; i < 2; ++i) ASSERT_EQ(run_cli({"train", file, "--project", project(), "--quiet"}).code, 0);
  const Json json = json_of(run_cli({"compare", project(), "r1", "2", "--json", "--csv", folder_.file("c.csv"), "--html", folder_.file("c.html")}));
  EXPECT_EQ(json["runs"].size(), 2u);
  EXPECT_EQ(json["settings"].size(), 0u) << json["settings"];
  EXPECT_EQ(json["runs"][0]["loss"]["value"], json["runs"][1]["loss"]["value"]);
  EXPECT_EQ(json["runs"][0]["loss"]["value"].get<std::vector<double>>(), losses_of(project(), "r1"));
  EXPECT_EQ(json["figures"]["loss"][0], json["runs"][0]["loss"]["value"].back());
  EXPECT_EQ(json["figures"]["trainable"][0], json["figures"]["trainable"][1]);
  EXPECT_GT(json["figures"]["energy"][0].get<double>(), 0);
  EXPECT_EQ(test::content_of(folder_.file("c.csv")).rfind("step,r1 loss,", 0), 0u);
  EXPECT_NE(test::content_of(folder_.file("c.html")).find("Settings that differ"), std::string::npos);
  EXPECT_NE(run_cli({"compare", project(), "r1", "r2"}).out.find("the runs have the same settings"), std::string::npos);
  const auto lone = run_cli({"compare", project(), "r1"});
  EXPECT_EQ(lone.code, 2);
  EXPECT_NE(lone.err.find("2 to 6 runs"), std::string::npos) << lone.err;
  const auto unknown = run_cli({"compare", project(), "r1", "r7"});
  EXPECT_EQ(unknown.code, 1);
  EXPECT_NE(unknown.err.find("r7"), std::string::npos) << unknown.err;
}

}  // namespace
}  // namespace weft
