// SPDX-License-Identifier: GPL-3.0-or-later
// What the built programs load at start: the walls between the layers as the linker sees them.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace {

// The libraries a program or library names itself (DT_NEEDED), one a line.
std::string needed(const std::string& file) {
  const std::string command = "readelf -d '" + std::string(WEFT_BINARY_DIR) + "/" + file + "' 2>&1";
  std::string out;
  std::array<char, 4096> buffer;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "readelf could not be started";
  while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), n);
  if (pclose(pipe) != 0) return "readelf failed: " + out;
  return out;
}

void expect_apart(const std::string& file, const std::vector<std::string>& never) {
  if (!std::filesystem::exists(std::string(WEFT_BINARY_DIR) + "/" + file)) GTEST_SKIP() << file << " is not part of this build";
  const std::string libraries = needed(file);
  EXPECT_NE(libraries.find("libc.so"), std::string::npos) << libraries;  // it was read at all
  for (const std::string& name : never) EXPECT_EQ(libraries.find(name), std::string::npos) << file << " loads " << name;
}

// Starts in milliseconds only as long as LibTorch is not among what it loads.
TEST(ArchLinks, PrepIsFreeOfTorch) { expect_apart("libweft_prep.so", {"libtorch", "libc10", "libQt6", "libsqlite3"}); }
TEST(ArchLinks, EngineIsFreeOfQtAndSqlite) { expect_apart("libweft_engine.so", {"libQt6", "libsqlite3", "libtorch_cuda"}); }
TEST(ArchLinks, CommandLineIsFreeOfQtAndOpensTheEngineLater) { expect_apart("weft-cli", {"libQt6", "libtorch", "libc10", "libweft_engine"}); }
TEST(ArchLinks, WindowOpensTheEngineLater) { expect_apart("weft", {"libtorch", "libc10", "libweft_engine"}); }

}  // namespace
