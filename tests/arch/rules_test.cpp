// SPDX-License-Identifier: GPL-3.0-or-later
// The tree keeps the rules, and each rule finds what it is there for.
#include "tests/arch/rules.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace weft::arch {
namespace {

using Check = std::vector<std::string> (*)(const Source&);

const std::vector<Source>& tree() {
  static const std::vector<Source> sources = read_tree(WEFT_SOURCE_DIR);
  return sources;
}

std::string violations(Check check) {
  std::string all;
  for (const Source& source : tree()) {
    for (const std::string& line : check(source)) all += line + "\n";
  }
  return all;
}

std::size_t count(Check check, const std::string& path, const std::string& text) { return check({path, text}).size(); }

TEST(ArchTree, IsReadWhole) {
  EXPECT_GT(tree().size(), 100u);
  const auto has = [](const std::string& path) {
    return std::any_of(tree().begin(), tree().end(), [&](const Source& s) { return s.path == path; });
  };
  EXPECT_TRUE(has("run"));
  EXPECT_TRUE(has("engine/core/status.h"));
  EXPECT_TRUE(has("tests/arch/rules_test.cpp"));
}

TEST(ArchTree, Includes) { EXPECT_EQ(violations(check_includes), ""); }
TEST(ArchTree, ForbiddenCalls) { EXPECT_EQ(violations(check_forbidden_calls), ""); }
TEST(ArchTree, LicenceLines) { EXPECT_EQ(violations(check_licence_line), ""); }
TEST(ArchTree, MachinePaths) { EXPECT_EQ(violations(check_machine_paths), ""); }
TEST(ArchTree, FileLengths) { EXPECT_EQ(violations(check_length), ""); }

TEST(ArchRules, IncludesAreChecked) {
  const auto bad = [](const std::string& path, const std::string& include) {
    return count(check_includes, path, "#include " + include + "\n") > 0;
  };
  EXPECT_TRUE(bad("engine/api/x.h", "<ATen/ATen.h>"));
  EXPECT_TRUE(bad("engine/formats/x.cpp", "\"engine/tensor/tensor.h\""));
  EXPECT_TRUE(bad("engine/adapter/presets/x.cpp", "\"engine/adapter/parts.h\""));
  EXPECT_TRUE(bad("engine/train/x.cpp", "<QString>"));
  EXPECT_TRUE(bad("engine/train/x.cpp", "<sqlite3.h>"));
  EXPECT_TRUE(bad("engine/train/x.cpp", "\"projects/api/project.h\""));
  EXPECT_TRUE(bad("engine/train/x.cpp", "<torch/torch.h>"));
  EXPECT_TRUE(bad("engine/train/x.cpp", "\"trainer.h\""));
  EXPECT_TRUE(bad("projects/store/x.cpp", "\"engine/api/events.h\""));
  EXPECT_TRUE(bad("projects/api/x.h", "<sqlite3.h>"));
  EXPECT_TRUE(bad("ui/panels/x.cpp", "<sqlite3.h>"));
  EXPECT_TRUE(bad("ui/panels/x.cpp", "<c10/core/Device.h>"));
  EXPECT_TRUE(bad("ui/panels/x.cpp", "\"engine/data/data_set.h\""));
  EXPECT_TRUE(bad("ui/panels/x.cpp", "\"app/run/run_service.h\""));
  EXPECT_TRUE(bad("app/cli/x.cpp", "<QtCore/QString>"));
  EXPECT_TRUE(bad("app/run/x.cpp", "\"projects/db/connection.h\""));
  EXPECT_TRUE(bad("tests/unit/x.cpp", "<torch/torch.h>"));

  EXPECT_FALSE(bad("engine/train/x.cpp", "<ATen/core/Tensor.h>"));
  EXPECT_FALSE(bad("projects/db/x.cpp", "<sqlite3.h>"));
  EXPECT_FALSE(bad("ui/panels/x.cpp", "<QWidget>"));
  EXPECT_FALSE(bad("ui/panels/x.cpp", "\"x.moc\""));
  EXPECT_FALSE(bad("app/cli/x.cpp", "\"engine/data/data_set.h\""));
}

TEST(ArchRules, CallsAreChecked) {
  EXPECT_EQ(count(check_forbidden_calls, "engine/core/x.cpp", "  std::cout << 1;\n"), 1u);
  EXPECT_EQ(count(check_forbidden_calls, "ui/x.cpp", "  qDebug() << 1;\n"), 1u);
  EXPECT_EQ(count(check_forbidden_calls, "engine/train/x.cpp", "  torch::" "manual_seed(1);\n"), 1u);
  EXPECT_EQ(count(check_forbidden_calls, "tests/unit/x.cpp", "  std::this_thread::sleep" "_for(1s);\n"), 1u);
  EXPECT_EQ(count(check_forbidden_calls, "app/cli/x.cpp", "  std::cout << 1;\n"), 0u);
  EXPECT_EQ(count(check_forbidden_calls, "engine/core/x.cpp", "  // never std::cout\n"), 0u);
}

TEST(ArchRules, LicencePathsAndLengthAreChecked) {
  EXPECT_EQ(count(check_licence_line, "engine/x.cpp", "#pragma once\n"), 1u);
  EXPECT_EQ(count(check_licence_line, "x.py", "#!/bin/python\n# SPDX-License-Identifier: GPL-3.0-or-later\n"), 0u);
  EXPECT_EQ(count(check_machine_paths, "README.md", "see /ro" "ot/x\n"), 1u);
  EXPECT_EQ(count(check_machine_paths, "README.md", "see \"/home/" "anna/x\"\n"), 1u);
  EXPECT_EQ(count(check_machine_paths, "README.md", "see framework/x and ../wo" "rk/x\n"), 0u);
  EXPECT_EQ(count(check_length, "x.cpp", std::string(801, '\n')), 1u);
  EXPECT_EQ(count(check_length, "x.cpp", std::string(800, '\n')), 0u);
}

}  // namespace
}  // namespace weft::arch
