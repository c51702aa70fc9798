// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "app/run/run_file.h"
#include "app/run/run_file_changes.h"

namespace weft {
namespace {

TrainRequest read(const std::string& text) {
  auto request = parse_run_file(text, "run.toml");
  EXPECT_TRUE(request.ok()) << request.status().message();
  return request.ok() ? *request : TrainRequest{};
}

std::vector<std::string> lines(const std::string& before, const std::string& after) {
  std::vector<std::string> all;
  for (const auto& row : changed_settings(read(before), read(after))) all.push_back(row.key + ": " + row.texts.at(0) + " -> " + row.texts.at(1));
  return all;
}

TEST(RunFileChanges, NameWhatDiffersWithItsValues) {
  EXPECT_EQ(lines("[method]\nname = \"lora\"\nrank = 8\n[train]\nlr = 1e-4\n", "[method]\nname = \"lora\"\nrank = 16\n[train]\nlr = 2e-4\n"),
            (std::vector<std::string>{"method.rank: 8 -> 16", "train.lr: 0.0001 -> 0.0002"}));
}

TEST(RunFileChanges, CountWhatIsNotSetAsItsDefault) {
  const TrainRequest none;
  TrainRequest same;
  for (const auto& section : run_sections())
    for (const auto& spec : section.specs)
      if (section.name == "train") same.train[spec.key] = section.initial_value(same.train, spec);
  EXPECT_TRUE(changed_settings(none, same).empty());
  EXPECT_TRUE(lines("", "[method]\nname = \"lora\"\n").empty());
}

TEST(RunFileChanges, OfAnotherMethodNameWhatOnlyOneHas) {
  const auto rows = changed_settings(read("[method]\nname = \"lora\"\n"), read("[method]\nname = \"adalora\"\n"));
  bool name = false, own = false;
  for (const auto& row : rows) {
    EXPECT_FALSE(row.title.empty());
    name = name || row.key == "method.name";
    own = own || (row.key == "method.target_rank" && row.texts.at(0) == "–");
  }
  EXPECT_TRUE(name);
  EXPECT_TRUE(own);
}

}  // namespace
}  // namespace weft
