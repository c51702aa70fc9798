// SPDX-License-Identifier: GPL-3.0-or-later
// A newcomer's way with the real engine: from the first window to an export that was loaded again, by few clicks and no typing.
#include <gtest/gtest.h>

#include <filesystem>

#include "app/gui/workbench.h"
#include "engine/api/engine_loader.h"
#include "tests/gui/gui_test.h"
#include "tests/gui/sample_journey.h"

namespace weft::test {
namespace {

TEST(SampleJourney, TakesFourClicksAndNoTypingWithTheRealEngine) {
  if (!std::filesystem::exists(WEFT_BINARY_DIR "/libweft_engine.so")) GTEST_SKIP() << "this build has no engine (WEFT_WITH_TORCH=OFF)";
  QTemporaryDir folder;
  TrainRequest request;
  request.model["path"] = WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf";
  request.data = {{"path", WEFT_TEST_DATA "/data_sets/story.txt"}, {"max_length", 64}};
  request.method = {{"name", "lora"}, {"rank", 4}};
  request.train = {{"steps", 30}, {"batch_tokens", 128}, {"eval_every", 10}, {"checkpoint_every", 10}};
  ui::Theme theme(*qApp);
  gui::Workbench workbench(load_engine);
  ui::MainWindow window(theme, workbench, {.project = folder.filePath(QStringLiteral("sample.weft")), .config = to_json(request), .problem = {}});
  window.show();
  workbench.loadEngine();
  const SampleJourney journey = walk_sample_journey(window, 200000);
  ASSERT_EQ(journey.problem, "");
  EXPECT_LE(journey.clicks, 4);
  EXPECT_EQ(journey.keys, 0);
  EXPECT_TRUE(std::filesystem::exists(journey.folder + "/adapter_model.safetensors")) << journey.folder;
  EXPECT_NE(journey.report.find("largest difference of a logit"), std::string::npos) << journey.report;
  EXPECT_EQ(window.desk().live()->loss.steps.size(), 30U);
  EXPECT_LT(window.desk().live()->loss.values.back(), window.desk().live()->loss.values.front());
}

}  // namespace
}  // namespace weft::test
