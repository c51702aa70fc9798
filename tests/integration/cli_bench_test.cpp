// SPDX-License-Identifier: GPL-3.0-or-later
// `plan` and `bench` as a user calls them.
#include <gmock/gmock.h>

#include <cmath>
#include <map>
#include <numeric>

#include "tests/integration/cli_train_support.h"

namespace weft {
namespace {

using test::run_cli;
using test::TrainingTest;
using ::testing::HasSubstr;

class BenchTest : public TrainingTest {};

TEST_F(BenchTest, MeasuresEveryCellOfAGrid) {
  const auto result = run_cli({"bench", "--model", kGguf, "--methods", "lora,dora", "--ranks", "2", "--batches", "2x16,1x32", "--compute", "fp32,bf16",
                               "--steps", "3", "--warmup", "1", "--rounds", "2", "--threads", "1", "--json"});
  const Json json = json_of(result);
  ASSERT_EQ(json["cells"].size(), 8U);
  EXPECT_EQ(json["data"], "random tokens");
  EXPECT_GT(json["machine"]["copy_bytes_per_s"], 1e8);
  std::map<std::string, int> cells;
  for (const auto& cell : json["cells"]) {
    EXPECT_EQ(cell["tokens"], 32);
    EXPECT_EQ(cell["trained_tokens"], 32 - cell["rows"].get<int>());   // all but the last of each row
    ++cells[cell["compute"]];
    ASSERT_EQ(cell["step_ms"].size(), 2U);
    EXPECT_EQ(cell["step_ms"][0].size(), 3U);
    const double step = cell["step_ms_p50"];
    EXPECT_GT(step, 0);
    EXPECT_GE(cell["step_ms_p95"], step);
    EXPECT_NEAR(cell["tokens_per_s"].get<double>() * step / 1000 / 32, 1, 1e-6);
    EXPECT_GT(cell["phase_ms"]["head"], 0);
    EXPECT_GT(cell["peak_bytes"], 1e7);
    EXPECT_GT(cell["start_to_first_step_s"], 0.01);
    EXPECT_TRUE(std::isfinite(cell["last_loss"].get<double>()));
    const double own = cell["own_floor"]["total_s"];
    EXPECT_GT(own, 0);
    EXPECT_GT(cell["library_floor"]["total_s"], 0);
    EXPECT_NEAR(cell["own_floor"]["share"].get<double>(), 1000 * own / step, 1e-9);
    EXPECT_GT(cell["share_of_floor"], 0);
    EXPECT_FALSE(cell["next_limit"]["phase"].get<std::string>().empty());
  }
  EXPECT_EQ(cells, (std::map<std::string, int>{{"bf16", 4}, {"fp32", 4}}));
}

TEST_F(BenchTest, TrainsOnRowsOfTheUser) {
  const std::string rows = folder_.write("rows.jsonl", R"({"input_ids":[1,5,6,7,8,9,10,11,12],"labels":[-100,-100,-100,-100,-100,-100,10,11,12]}
{"input_ids":[1,20,21,22,23,24,25,26,27],"labels":[-100,20,21,22,23,24,25,26,27]}
)");
  const auto result = run_cli({"bench", "--model", kGguf, "--data", rows, "--ranks", "2", "--batches", "2x9", "--steps", "2", "--warmup", "0", "--no-floor",
                               "--json"});
  const Json json = json_of(result);
  const Json& cell = json["cells"][0];
  EXPECT_EQ(cell["tokens"], 18);
  EXPECT_EQ(cell["trained_tokens"], 3 + 8);
  EXPECT_FALSE(cell.contains("share_of_floor"));
  const auto shown = run_cli({"bench", "--model", kGguf, "--data", rows, "--ranks", "2", "--batches", "1x9", "--steps", "1", "--threads", "1"});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("LibTorch floor"));
  EXPECT_THAT(shown.out, HasSubstr("above its floor"));
}

TEST_F(BenchTest, ComparesWhatTheLayersKeep) {
  const auto result = run_cli({"bench", "--model", kGguf, "--ranks", "2", "--batches", "1x64", "--steps", "1", "--warmup", "0", "--no-floor",
                               "--activations", "auto,keep,checkpoint", "--json"});
  const Json json = json_of(result);
  const Json& cells = json["cells"];
  ASSERT_EQ(cells.size(), 3U);
  EXPECT_EQ(cells[0]["activations"], "cheap");   // what auto settles on where everything fits
  EXPECT_EQ(cells[1]["activations"], "keep");
  EXPECT_EQ(cells[2]["activations"], "checkpoint");
  EXPECT_LT(cells[0]["planned_bytes"], cells[1]["planned_bytes"]);
  EXPECT_LT(cells[2]["planned_bytes"], cells[0]["planned_bytes"]);
  EXPECT_EQ(cells[1]["last_loss"], cells[2]["last_loss"]);   // the same numbers whatever is kept
}

TEST_F(BenchTest, GoesOnAfterACellThatFailsAndSaysWhichOne) {
  const std::string rows = folder_.write("rows.jsonl", R"({"input_ids":[1,5,6,7,8,9,10,11],"labels":[-100,5,6,7,8,9,10,11]}
)");
  const std::vector<std::string> call{"bench", "--model", kGguf, "--methods", "gelora,lora", "--ranks", "2", "--batches", "1x8", "--steps", "1", "--warmup", "0", "--no-floor", "--json"};
  auto with_one_row = call;
  with_one_row.insert(with_one_row.end(), {"--data", rows});
  const auto result = run_cli(with_one_row);
  EXPECT_EQ(result.code, 2);
  EXPECT_THAT(result.err, HasSubstr("gelora rank 2 on 1 x 8"));
  const auto json = parse_json(result.out);
  ASSERT_TRUE(json.ok()) << result.out;
  ASSERT_EQ((*json)["cells"].size(), 1U);
  EXPECT_EQ((*json)["cells"][0]["method"], "lora");
  EXPECT_EQ((*json)["cells"][0]["step_over_lora"], 1.0);
  EXPECT_EQ(json_of(run_cli(call))["cells"].size(), 2U) << "random rows are enough for every method";
}

TEST_F(BenchTest, RefusesWhatItCannotMeasure) {
  const auto refused = [&](std::vector<std::string> more, const std::string& part) {
    more.insert(more.begin(), {"bench", "--model", kGguf});
    const auto result = run_cli(more);
    EXPECT_EQ(result.code, 2) << result.err;
    EXPECT_THAT(result.err, HasSubstr(part));
    EXPECT_EQ(result.out, "");
  };
  refused({"--grid", "huge"}, "quick, figures, methods, growth");
  refused({"--batches", "4"}, "ROWSxTOKENS");
  refused({"--batches", "0x16"}, "1 to 1048576");
  refused({"--batches", "1x100000"}, "context is 512");
  refused({"--ranks", "eight"}, "--ranks");
  refused({"--methods", "loro"}, "lora");
  refused({"--compute", "fp64"}, "fp64");
  refused({"--activations", "most"}, "checkpoint");
  refused({"--ranks", ","}, "no cell");
}

TEST_F(BenchTest, PlansWithoutTheEngine) {
  const auto result = run_cli({"plan", run_file(), "--set", "rank=8", "--json"});
  const Json json = json_of(result);
  EXPECT_TRUE(json["fits"].get<bool>());
  EXPECT_EQ(json["batch"]["tokens"], 128);
  EXPECT_EQ(json["orders"].size(), 7U);
  EXPECT_LT(result.max_rss_bytes, 60U << 20) << "LibTorch was loaded for it";
  double sum = 0;
  for (const auto& [kind, bytes] : json["memory"].items())
    if (kind != "total") sum += bytes.get<double>();
  EXPECT_EQ(sum, json["memory"]["total"].get<double>());
  const Json counted = json_of(run_cli({"methods", "lora", "--model", kGguf, "--set", "rank=8", "--json"}));
  EXPECT_EQ(json["trained"], counted["on_model"]["trainable"]);

  const auto small = run_cli({"plan", run_file(), "--memory", "50"});
  EXPECT_EQ(small.code, 1);
  EXPECT_THAT(small.err, HasSubstr("50.0 MB are available"));
  EXPECT_THAT(small.err, HasSubstr("Ways out"));
}

TEST_F(BenchTest, TrainingThatCannotFitIsRefusedBeforeItBegins) {
  const auto result = run_cli({"train", run_file(), "--set", "batch_tokens=4194304", "--set", "max_length=131072", "--set", "rank=4096"});
  EXPECT_EQ(result.code, 1) << result.err;
  EXPECT_THAT(result.err, HasSubstr("activations"));
  EXPECT_THAT(result.err, HasSubstr("batch_tokens"));
}

}  // namespace
}  // namespace weft
