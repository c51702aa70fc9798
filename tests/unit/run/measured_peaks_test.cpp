// SPDX-License-Identifier: GPL-3.0-or-later
// Peaks of a project's runs, found again for a request of the same shape.
#include "app/run/measured_peaks.h"

#include <gtest/gtest.h>

#include "app/run/run_service.h"
#include "tests/support/fake_engine.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

class MeasuredPeaksTest : public testing::Test {
 protected:
  void SetUp() override {
    auto project = Project::open(folder_.file("p.weft"), true);
    ASSERT_TRUE(project.ok()) << project.status().message();
    project_ = std::move(*project);
  }
  TrainRequest request(std::int64_t rank) const {
    TrainRequest r;
    r.model["path"] = folder_.write("model.gguf", "x");
    r.data["path"] = folder_.write("rows.jsonl", "{}");
    r.method = {{"name", "lora"}, {"rank", rank}};
    r.train = {{"steps", 5}};
    return *validate(r);
  }
  test::TemporaryFolder folder_;
  std::unique_ptr<Project> project_;
};

TEST_F(MeasuredPeaksTest, AreThoseOfRunsOfTheSameShape) {
  EXPECT_FALSE(measured_peak(*project_, request(4))->has_value());
  test::FakeEngine engine;
  RunService service(engine, *project_);
  ASSERT_TRUE(service.start(request(4)).ok());
  (void)service.wait();
  TrainRequest slower = request(4);
  slower.train["lr"] = 1e-5;
  const auto found = measured_peak(*project_, slower);
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->bytes, 123456789U);   // as the engine said at the end
  EXPECT_EQ((*found)->where, "r1");
  EXPECT_FALSE(measured_peak(*project_, request(8))->has_value());
}

TEST_F(MeasuredPeaksTest, APreflightCountsWhereNoRunWentFurther) {
  test::FakeEngine engine({.fail_at_step = 1});
  RunService service(engine, *project_);
  const auto run = service.start(request(4));
  ASSERT_TRUE(run.ok());
  (void)service.wait();
  EXPECT_FALSE(measured_peak(*project_, request(4))->has_value()) << "it ended before it had met what it takes";
  project_->record_event({*run, 0, "preflight", preflight_json({.tokens = 64, .peak_bytes = 777}), ""});
  ASSERT_TRUE(project_->flush().ok());
  const auto found = measured_peak(*project_, request(4));
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->bytes, 777U);
  EXPECT_EQ((*found)->where, "the preflight of r1");
}

TEST(MemoryForARun, CountsWhatTheProcessHolds) {
  EXPECT_GT(memory_for_a_run(false), 0U);
  EXPECT_GE(memory_for_a_run(true), available_memory_bytes() / 2);
}

}  // namespace
}  // namespace weft
