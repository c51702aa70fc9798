// SPDX-License-Identifier: GPL-3.0-or-later
// Files for tests: a folder that goes away, and the packed collections of tests/data/hostile.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

namespace weft::test {

// A fresh folder, removed with its content when the object dies.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "weft-test-XXXXXX").string();
    if (!::mkdtemp(name.data())) std::abort();
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::filesystem::remove(path_ / name);  // ext4 flushes a file that is cut and written anew: 10 ms each
    std::ofstream(path_ / name, std::ios::binary) << content;
    return file(name);
  }

 private:
  std::filesystem::path path_;
};

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), {}};
}

// The sample model that ./run fetches, or "" where it is not in the cache.
inline std::string cached_smollm2() {
  const char *cache = std::getenv("WEFT_CACHE"), *home = std::getenv("HOME");
  const std::string path = (cache ? std::string(cache) : std::string(home ? home : "") + "/.cache/weft") + "/models/SmolLM2-135M-Instruct.Q4_1.gguf";
  return std::filesystem::exists(path) ? path : "";
}

struct PackedFile {
  std::string name, verdict, content;
};

// Rows "file verdict upstream_path hex" separated by tabs, after one line of titles.
inline std::vector<PackedFile> read_pack(const std::filesystem::path& path) {
  std::vector<PackedFile> files;
  std::istringstream lines(content_of(path));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    std::istringstream columns(line);
    PackedFile file;
    std::string upstream, hex;
    std::getline(columns, file.name, '\t');
    std::getline(columns, file.verdict, '\t');
    std::getline(columns, upstream, '\t');
    std::getline(columns, hex, '\t');
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) file.content += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    files.push_back(std::move(file));
  }
  EXPECT_FALSE(files.empty()) << path;
  return files;
}

}  // namespace weft::test
