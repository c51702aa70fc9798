// SPDX-License-Identifier: GPL-3.0-or-later
// Training beside another program: OpenMP threads that spin while they wait cut it to a tenth, so they must not.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/cli_process.h"

namespace weft {
namespace {
namespace fs = std::filesystem;

// Every core kept busy for as long as the object lives.
class BusyMachine {
 public:
  BusyMachine() {
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
      threads_.emplace_back([this] {
        while (!over_.load(std::memory_order_relaxed)) {
        }
      });
  }
  ~BusyMachine() {
    over_ = true;
    for (auto& thread : threads_) thread.join();
  }

 private:
  std::atomic<bool> over_{false};
  std::vector<std::thread> threads_;
};

TEST(OpenMp, TrainingBesideABusyMachineKeepsItsShare) {
  const fs::path work = fs::temp_directory_path() / ("weft-openmp-" + std::to_string(::getpid()));
  fs::create_directories(work);
  std::ofstream(work / "run.toml")
      << "[model]\npath = \"" WEFT_TEST_DATA
         "/models/stories260k/stories260K-f32.gguf\"\n[data]\npath = \"" WEFT_TEST_DATA
         "/data_sets/story.txt\"\nmax_length = 64\nholdout = 0.0\n[method]\nname = \"lora\"\nrank = 4\n[train]\nsteps "
         "= 60\n"
         "batch_tokens = 256\neval_every = 0\ncheckpoint_every = 0\n[probe]\nspectra_every = 0\n";
  const auto train = [&] {
    const auto result = test::run_cli({"train", (work / "run.toml").string(), "--quiet"});
    EXPECT_EQ(result.code, 0) << result.err;
    return result.wall_seconds;
  };
  train();  // warms the disk cache
  const double alone = train();
  double beside = 0;
  {
    const BusyMachine busy;
    beside = train();
  }
  fs::remove_all(work);
  // a fair share is half the processors, so twice the time; barriers of two threads that take turns cost some more.
  // Spinning threads wait out whole time slices at every barrier: ten times and beyond.
  EXPECT_LT(beside, 6 * alone + 1) << "alone " << alone << " s, beside other load " << beside << " s";
  std::printf("alone %.2f s, beside other load %.2f s\n", alone, beside);
}

}  // namespace
}  // namespace weft
