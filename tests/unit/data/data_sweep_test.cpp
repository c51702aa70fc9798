// SPDX-License-Identifier: GPL-3.0-or-later
// Real data sets and hostile files from the folder beside the project, where it exists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <map>

#include "engine/data/data_set.h"

namespace weft {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::string kModel = std::string(WEFT_TEST_DATA) + "/models/stories260k/hf";
const std::string kShared = WEFT_SHARED_DATA;

struct Known {
  const char* file;
  const char* format;
  std::int64_t records;   // rows and rejected rows together
  std::int64_t rejected;  // at most
};

// Counts as the folders' READMEs state them. max_length is generous: the stories260K tokenizer makes three times as
// many tokens.
TEST(DataSweep, KnownSetsLoadWithTheirCounts) {
  if (!fs::is_directory(kShared + "/instruct")) GTEST_SKIP() << "no data sets beside the project";
  const std::vector<Known> known{
      {"instruct/dolly_3k.json", "alpaca", 2996, 0},
      {"instruct/alpaca_random_9k.json", "alpaca", 9229, 30},
      {"instruct/alpaca_en_demo.json", "alpaca", 999, 0},
      {"instruct/identity.json", "alpaca", 91, 0},
      {"instruct/glaive_toolcall_en_demo.json", "sharegpt", 300, 0},
      {"instruct/v1_sft_demo.jsonl", "messages", 500, 0},
      {"instruct/self_instruct_user_oriented.jsonl", "alpaca", 252, 0},
      {"math/gsm8k/train.jsonl", "prompt-completion", 7473, 0},
      {"math/gsm8k/test.jsonl", "prompt-completion", 1319, 0},
      {"math/AddSub/test.json", "alpaca", 395, 0},
      {"math/MultiArith/test.json", "alpaca", 600, 0},
      {"math/SingleEq/test.json", "alpaca", 508, 0},
      {"math/aqua/dev.jsonl", "prompt-completion", 254, 0},
      {"nlg/e2e_devset.csv", "prompt-completion", 4672, 0},
      {"commonsense/train/ARC-Challenge.json", "alpaca", 1119, 0},
      {"commonsense/train/ARC-Easy.json", "alpaca", 2251, 0},
      {"commonsense/train/boolq.json", "alpaca", 9427, 0},
      {"commonsense/train/openbookqa.json", "alpaca", 4957, 0},
      {"commonsense/test/piqa.json", "alpaca", 1838, 0},
      {"commonsense/test/social_i_qa.json", "alpaca", 1954, 0},
  };
  for (const auto& set : known) {
    SCOPED_TRACE(set.file);
    const auto preview =
        preview_data({{"path", kShared + "/" + set.file}, {"template", "chatml"}, {"max_length", 32768}}, kModel, 2);
    ASSERT_TRUE(preview.ok()) << preview.status().message();
    EXPECT_EQ(preview->format, set.format);
    EXPECT_EQ(preview->rows + std::int64_t(preview->rejected.size()), set.records);
    EXPECT_LE(std::int64_t(preview->rejected.size()), set.rejected)
        << (preview->rejected.empty() ? ""
                                      : std::to_string(preview->rejected[0].line) + ": " + preview->rejected[0].reason);
    EXPECT_EQ(preview->cut_rows, 0);
    EXPECT_GT(preview->trained_tokens, 0);
    EXPECT_LT(preview->trained_tokens, preview->tokens);
    EXPECT_EQ(preview->preview.size(), 2u);
  }
}

TEST(DataSweep, SetsThatDoNotFitSayWhy) {
  if (!fs::is_directory(kShared + "/math")) GTEST_SKIP() << "no data sets beside the project";
  const std::map<std::string, std::string> expected{
      {"math/mawps/train.json", "the columns found are id, original_text, segmented_text, equation, ans"},
      {"math/mawps/test_instruction_format.json", "all 238 rows are rejected; line 1: the answer is empty"},
      {"nlg/dart_dev.json.gz", "compressed with gzip"},
  };
  for (const auto& [file, message] : expected) {
    const auto preview = preview_data({{"path", kShared + "/" + file}, {"template", "chatml"}}, kModel, 0);
    ASSERT_FALSE(preview.ok()) << file;
    EXPECT_THAT(preview.status().message(), HasSubstr(message)) << file;
  }
}

TEST(DataSweep, PlainTextIsReadAsAStream) {
  if (!fs::is_directory(kShared + "/text")) GTEST_SKIP() << "no texts beside the project";
  for (const char* file : {"tinyshakespeare.txt", "wikitext2_valid.txt"}) {
    const auto preview = preview_data({{"path", kShared + "/text/" + file}, {"max_length", 256}}, kModel, 1);
    ASSERT_TRUE(preview.ok()) << preview.status().message();
    EXPECT_EQ(preview->rows, (preview->tokens + 255) / 256);
    EXPECT_EQ(preview->trained_tokens, preview->tokens - preview->rows);
    EXPECT_TRUE(preview->rejected.empty());
  }
}

std::int64_t peak_resident_kb() {
  std::int64_t value = 0;
  if (FILE* status = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (std::fgets(line, sizeof line, status))
      if (std::sscanf(line, "VmHWM: %ld", &value) == 1) break;
    std::fclose(status);
  }
  return value;
}

// The job of the first look: the model that ./run fetches, three thousand rows.
TEST(DataSweep, DollyWithTheSampleModelIsQuick) {
  const char* model = std::getenv("WEFT_SAMPLE_MODEL");
  if (!model || !fs::is_regular_file(model))
    GTEST_SKIP() << "WEFT_SAMPLE_MODEL names no file; ./run fetches the sample model";
  const std::string sample = std::string(WEFT_SOURCE_DIR) + "/resources/samples/dolly-300.jsonl";
  const auto shown = DataSet::load({{"path", sample}, {"holdout", 0.0}}, model);
  ASSERT_TRUE(shown.ok()) << shown.status().message();
  EXPECT_EQ((*shown)->preview().cut_rows, 0);
  int usual = 0;
  for (const auto& row : (*shown)->train_rows()) usual += row.ids.size() >= 40 && row.ids.size() <= 300;
  EXPECT_GE(usual, 285);
  EXPECT_EQ((*shown)->train_rows().size(), 300u);

  const std::string dolly = kShared + "/instruct/dolly_3k.json";
  if (!fs::exists(dolly)) GTEST_SKIP() << "no data sets beside the project";
  const auto start = std::chrono::steady_clock::now();
  const std::clock_t cpu = std::clock();
  const auto preview = preview_data({{"path", dolly}}, model, 20);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double cpu_seconds = double(std::clock() - cpu) / CLOCKS_PER_SEC;
  ASSERT_TRUE(preview.ok()) << preview.status().message();
  EXPECT_EQ(preview->rows + std::int64_t(preview->rejected.size()), 2996);
  EXPECT_LT(preview->rejected.size(), 100u);  // questions longer than max_length
  EXPECT_EQ(preview->template_name, "the model's own");
  RecordProperty("seconds", std::to_string(seconds));
  std::printf("2,996 rows, %lld tokens: %.2f s, %.2f s of processor time\n", static_cast<long long>(preview->tokens),
              seconds, cpu_seconds);
  EXPECT_LT(cpu_seconds, 4.0);  // two cores: two seconds
}

TEST(DataSweep, HostileFilesAreAnsweredQuickly) {
  if (!fs::is_directory(kShared + "/hostile")) GTEST_SKIP() << "no hostile files beside the project";
  int files = 0, accepted = 0;
  std::vector<std::string> formats{"auto", "text", "tokens", "messages"};
  for (const auto& entry : fs::recursive_directory_iterator(kShared + "/hostile")) {
    if (!entry.is_regular_file()) continue;
    for (const auto& format : formats) {
      const auto start = std::chrono::steady_clock::now();
      const auto preview =
          preview_data({{"path", entry.path().string()}, {"format", format}, {"template", "chatml"}}, kModel, 3);
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      EXPECT_LT(seconds, 5.0) << entry.path();
      if (preview.ok()) {
        ++accepted;
        EXPECT_FALSE(to_json_line(to_json(*preview)).empty());
      } else {
        EXPECT_FALSE(preview.status().message().empty()) << entry.path();
        EXPECT_EQ(preview.status().message().find('\n'), std::string::npos) << preview.status().message();
        EXPECT_LT(preview.status().message().size(), 1200u) << preview.status().message();
      }
    }
    ++files;
  }
  EXPECT_GT(files, 600);
  EXPECT_GT(accepted, 0);
  EXPECT_LT(peak_resident_kb(), 700 * 1024);
  // Rows cannot come out of documents that a JSON reader must refuse.
  for (const auto& entry : fs::directory_iterator(kShared + "/hostile/json")) {
    if (entry.path().filename().string().rfind("n_", 0) != 0) continue;
    EXPECT_FALSE(preview_data({{"path", entry.path().string()}, {"template", "chatml"}}, kModel, 0).ok())
        << entry.path();
  }
}

}  // namespace
}  // namespace weft
