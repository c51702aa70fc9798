// SPDX-License-Identifier: GPL-3.0-or-later
// Shared by the tests that train with the built weft-cli.
#pragma once

#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "engine/core/json.h"
#include "tests/support/cli_process.h"
#include "tests/support/test_files.h"

namespace weft::test {

class TrainingTest : public testing::Test {
 protected:
  // 12 steps on a short story: losses fall, three checkpoints, three evaluations.
  std::string run_file(int steps = 12) const {
    return folder_.write("run.toml", "[model]\npath = \"" + kGguf + "\"\n[data]\npath = \"" + kRows +
                                         "\"\nformat = \"text\"\ntrain_on = \"all\"\nmax_length = 64\nholdout = 0.3\n"
                                         "[method]\nname = \"lora\"\nrank = 4\nalpha = 8\n[train]\nsteps = " +
                                         std::to_string(steps) +
                                         "\nbatch_tokens = 128\nlr = 1e-2\neval_every = 6\ncheckpoint_every = 4\n"
                                         "[probe]\nspectra_every = 4\nmax_share = 0.0\n");
  }
  std::string project() const { return folder_.file("p.weft"); }

  static Json json_of(const ProcessResult& result) {
    EXPECT_EQ(result.code, 0) << result.err;
    auto json = parse_json(result.out);
    EXPECT_TRUE(json.ok()) << json.status().message() << "\n" << result.out.substr(0, 300);
    return json.ok() ? *json : Json();
  }
  static std::vector<Json> json_lines(const std::string& text) {
    std::vector<Json> values;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      auto json = parse_json(line);
      EXPECT_TRUE(json.ok()) << line;
      if (json.ok()) values.push_back(*json);
    }
    return values;
  }
  // As recorded, in order of steps, every step once.
  static std::vector<double> losses_of(const std::string& project, const std::string& run) {
    const Json json = json_of(run_cli({"runs", project, run, "--json"}));
    std::vector<std::int64_t> steps = json["metrics"]["loss"]["step"].get<std::vector<std::int64_t>>();
    for (std::size_t i = 0; i < steps.size(); ++i) EXPECT_EQ(steps[i], static_cast<std::int64_t>(i + 1));
    return json["metrics"]["loss"]["value"].get<std::vector<double>>();
  }
  static std::string state_of(const std::string& project, const std::string& run) {
    return json_of(run_cli({"runs", project, run, "--json"}))["state"];
  }

  const std::string kModelFolder = std::string(WEFT_TEST_DATA) + "/models/stories260k";
  const std::string kGguf = kModelFolder + "/stories260K-f32.gguf", kFolder = kModelFolder + "/hf";
  const std::string kRows = std::string(WEFT_TEST_DATA) + "/data_sets/story.txt";
  TemporaryFolder folder_;
};

}  // namespace weft::test
