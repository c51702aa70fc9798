// SPDX-License-Identifier: GPL-3.0-or-later
// Files that want to break a reader, offered to every command that reads files: exit 0, 1 or 2, quickly, in little
// memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/support/cli_process.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

namespace fs = std::filesystem;
using test::run_cli;

constexpr std::uint64_t kMemory = 200'000'000;  // over twice the file
constexpr double kSeconds = 5;                  // of processor time, so that a busy machine does not decide
const std::string kModel = std::string(WEFT_TEST_DATA) + "/models/stories260k/stories260K-f32.gguf";
const std::string kRows = std::string(WEFT_TEST_DATA) + "/data_sets/story.txt";

struct Worst {
  double seconds = 0;
  std::uint64_t bytes = 0;
  std::size_t calls = 0, accepted = 0;
};

void offer(const std::vector<std::string>& call, const std::string& file, Worst& worst) {
  std::error_code error;
  const auto size = static_cast<std::uint64_t>(fs::file_size(file, error));
  const auto result = run_cli(call, {.kill_after_seconds = 60});
  const std::string what = call[0] + " " + file + "\n" + result.err.substr(0, 500);
  EXPECT_TRUE(result.code == 0 || result.code == 1 || result.code == 2) << result.code << " " << what;
  EXPECT_LT(result.cpu_seconds, kSeconds) << what;
  EXPECT_LT(result.max_rss_bytes, 2 * (error ? 0 : size) + kMemory) << what;
  if (result.code != 0 && result.err.find("warning: ") == std::string::npos) {
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << what;
    EXPECT_EQ(result.err.rfind("weft-cli: ", 0), 0u) << what;
  }
  EXPECT_TRUE(std::all_of(result.err.begin(), result.err.end(), [](unsigned char c) { return c >= 0x20 || c == '\n'; }))
      << what;
  worst.seconds = std::max(worst.seconds, result.cpu_seconds);
  worst.bytes = std::max(worst.bytes, result.max_rss_bytes);
  ++worst.calls;
  worst.accepted += result.code == 0;
}

enum class Offer { Info, Preview, Inspect, RunFile, Model, Data };

std::vector<std::string> call_for(Offer offer, const std::string& file, const std::string& run_file) {
  switch (offer) {
    case Offer::Info:
      return {"info", file, "--json"};
    case Offer::Preview:
      return {"data", "preview", file, "--model", kModel, "--json"};
    case Offer::Inspect:
      return {"inspect", file, "--json"};
    case Offer::RunFile:
      return {"train", file, "--quiet"};
    case Offer::Data:
      return {"train", run_file, "--quiet", "--set", "model.path=" + kModel, "--set", "data.path=" + file};
    case Offer::Model:
      return {"train", run_file, "--quiet", "--set", "model.path=" + file};
  }
  return {};
}

class Hostile : public testing::TestWithParam<Offer> {
 protected:
  void SetUp() override {
    if (GetParam() == Offer::Data && !fs::exists(std::string(WEFT_BINARY_DIR) + "/libweft_engine.so"))
      GTEST_SKIP() << "built without the engine";
  }
  void offer_all(const std::vector<std::string>& files) {
    const test::TemporaryFolder folder;
    const std::string run_file =
        folder.write("run.toml", "[model]\npath = \"none\"\n[data]\npath = \"" + kRows + "\"\n[train]\nsteps = 1\n");
    Worst worst;
    for (const auto& file : files) offer(call_for(GetParam(), file, run_file), file, worst);
    RecordProperty("calls", static_cast<int>(worst.calls));
    RecordProperty("accepted", static_cast<int>(worst.accepted));
    RecordProperty("worst_cpu_ms", static_cast<int>(worst.seconds * 1000));
    RecordProperty("worst_rss_mb", static_cast<int>(worst.bytes / 1'000'000));
  }
};

// The committed collections: every n-th file, as a file with a fitting name.
TEST_P(Hostile, CommittedFiles) {
  const test::TemporaryFolder folder;
  std::vector<std::string> files;
  for (const auto& [pack, ending] : std::vector<std::pair<std::string, std::string>>{
           {"gguf", ".gguf"}, {"json", ".json"}, {"safetensors", ".safetensors"}}) {
    const auto packed = test::read_pack(std::string(WEFT_TEST_DATA) + "/hostile/" + pack + ".tsv");
    for (std::size_t i = 0; i < packed.size(); i += GetParam() == Offer::Data ? 24 : 6)
      files.push_back(folder.write(pack + "-" + std::to_string(i) + ending, packed[i].content));
  }
  offer_all(files);
}

// All of the larger collection, where it is there.
TEST_P(Hostile, EveryFile) {
  const fs::path root = fs::path(WEFT_SHARED_DATA) / "hostile";
  if (!fs::is_directory(root)) GTEST_SKIP() << "the larger collection of hostile files is not beside this tree";
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.is_regular_file()) files.push_back(entry.path().string());
  EXPECT_GT(files.size(), 600u);
  std::sort(files.begin(), files.end());
  if (GetParam() == Offer::Data) {  // loads the engine each time, and data preview reads every file by the same code
    std::vector<std::string> some;
    for (std::size_t i = 0; i < files.size(); i += 8) some.push_back(files[i]);
    files = some;
  }
  offer_all(files);
}

std::string offer_name(const testing::TestParamInfo<Offer>& offered) {
  static const char* names[] = {"ToInfo",           "ToDataPreview",  "ToInspect",
                                "ToTrainAsRunFile", "ToTrainAsModel", "ToTrainAsData"};
  return names[static_cast<int>(offered.param)];
}

INSTANTIATE_TEST_SUITE_P(Offered, Hostile,
                         testing::Values(Offer::Info, Offer::Preview, Offer::Inspect, Offer::RunFile, Offer::Model,
                                         Offer::Data),
                         offer_name);

}  // namespace
}  // namespace weft
