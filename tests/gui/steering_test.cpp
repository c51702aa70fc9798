// SPDX-License-Identifier: GPL-3.0-or-later
// Steering in the window: values, forecasts and notices as text, and the panel over a scripted engine.
#include <gtest/gtest.h>

#include <cmath>

#include <QAction>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>

#include "app/gui/workbench.h"
#include "tests/gui/gui_test.h"
#include "tests/support/fake_engine.h"
#include "ui/bridge/text.h"
#include "ui/models/steering.h"
#include "ui/panels/live_page.h"
#include "ui/panels/notice_strip.h"
#include "ui/panels/steer_panel.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/setting_field.h"

namespace weft::test {
namespace {

using namespace weft::ui;

Theme& theme() {
  static auto* shared = new Theme(*qApp);
  return *shared;
}

RunHistory history(const std::string& method = "lora") {
  RunHistory run;
  TrainRequest request;
  request.model = {{"path", "m.gguf"}};
  request.data = {{"path", "d.jsonl"}};
  request.method = {{"name", method}};
  run.config = to_json(*validate(request));
  run.stateWord = QStringLiteral("running");
  run.apply(Event(StartedEvent{.total_steps = 60, .sites = {{"model.layers.0.self_attn.q_proj", "q_proj", 0, 64, 64, 16}}}));
  run.apply(StepEvent{.step = 12, .loss = 2, .grad_norm = 1, .lr = 2e-4, .ms = 100});
  return run;
}
void make(RunHistory& run, const char* text, std::int64_t total = 60) { run.apply(Event(EditEvent{*parse_edit(text), "what changed", total})); }

TEST(SteerValues, AreTheSettingsAndTheEditsSince) {
  RunHistory run = history();
  const auto line = [&] {
    const SteerValues v = steerValues(run);
    return text_of(QStringLiteral("%1 %2 %3 %4 %5 ").arg(v.lr).arg(v.steps).arg(v.dropout).arg(v.alpha.value_or(-1)).arg(v.rank)) + frozen_side_name(v.freeze);
  };
  EXPECT_EQ(line(), "0.0002 60 0 32 16 none");
  make(run, "13:lr=1e-4,rank=8,freeze=left");
  make(run, "20:steps=90,dropout=0.1,alpha=64", 90);
  EXPECT_EQ(line(), "0.0001 90 0.1 64 8 left");
  run.apply(Event(StartedEvent{.total_steps = 60, .first_step = 20, .sites = run.sites}));   // it goes on from step 19: the second never was
  EXPECT_EQ(line(), "0.0001 60 0 32 8 left");
}

TEST(SteerValues, ADifferenceIsAnEditAndASentence) {
  RunHistory run = history();
  const SteerValues now = steerValues(run);
  SteerValues wanted = now;
  EXPECT_TRUE(editBetween(now, wanted).empty());
  EXPECT_NE(text_of(steerForecast(run, {})).find("Change a value"), std::string::npos);
  wanted.lr = 1e-4;
  wanted.rank = 4;
  wanted.freeze = FrozenSide::Right;
  const RunEdit edit = editBetween(now, wanted);
  EXPECT_EQ(to_text(edit), "lr=0.0001,rank=4,freeze=right");
  EXPECT_EQ(text_of(steerForecast(run, edit)),
            "After the step in progress: a checkpoint, then from about step 14 on learning rate 2e-4 to 1e-4; at most 4 ranks a matrix instead of 16, the smallest directions "
            "go for good; the right factors (A) are frozen.");
  run.stateWord = QStringLiteral("paused");
  EXPECT_EQ(text_of(steerForecast(run, *parse_edit("lr=1e-4"))), "When the run continues: a checkpoint, then from step 13 on learning rate 2e-4 to 1e-4.");
}

TEST(SteerValues, AnEditIsAFlagAndTheBestCheckpointHasItsName) {
  RunHistory run = history();
  make(run, "13:lr=1e-4");
  for (const std::int64_t step : {20, 40}) run.apply(CheckpointEvent{step, "c", "", 1});
  run.apply(BestEvent{20, 2.5, 0});
  run.apply(BestEvent{40, 2.25, 0});
  std::string flags;
  for (const auto& flag : run.flags) flags += std::to_string(flag.step) + ' ' + text_of(flag.label) + ';';
  EXPECT_EQ(flags, "13 lr=0.0001;20 ;40 best;");
  run.apply(BestEvent{60, 2.0, 40});
  EXPECT_EQ(run.flags.size(), 2U) << "the one before is gone";
}

TEST(SteerValues, TheWayBackIsTheLastCheckpointWithAThirdOfTheRate) {
  RunHistory run = history();
  run.apply(CheckpointEvent{8, "c", "", 1});
  EXPECT_FALSE(wayBack(run));
  run.apply(StepEvent{.step = 13, .loss = std::nan(""), .lr = 2e-4});
  run.apply(StateEvent{RunState::Paused, 13, "loss is NaN"});
  ASSERT_TRUE(wayBack(run));
  EXPECT_EQ(wayBack(run)->step, 8);
  EXPECT_DOUBLE_EQ(wayBack(run)->lr, 2e-4 / 3);
}

struct Desk {
  explicit Desk(FakeScript script)
      : workbench([this, script] {
          auto made = std::make_unique<FakeEngine>(script);
          engine = made.get();
          return Result<std::unique_ptr<Engine>>(std::move(made));
        }),
        window(theme(), workbench, {}) {
    window.resize(1440, 900);
    window.show();
    workbench.loadEngine();
    bool open = false;
    window.openProject(folder.filePath(QStringLiteral("p.weft")), true, [&](bool ok) { open = ok; });
    EXPECT_TRUE(wait_until([&] { return open && workbench.hasEngine(); }));
    window.openPath(QStringLiteral(WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf"));
    window.openPath(QStringLiteral(WEFT_TEST_DATA "/data_sets/story.txt"));
    window.draft().set("train", "steps", 20);
    window.draft().set("train", "checkpoint_every", 5);
    window.draft().set("method", "rank", 4);
    EXPECT_TRUE(wait_until([&] { return window.draft().ready(); }));
    window.runActions().train->trigger();
    EXPECT_TRUE(wait_until([&] { return window.desk().live() && window.desk().isLive() && window.desk().live()->totalSteps == 20; }));
    engine->wait_until_held();
    window.showPage(Page::Live);
  }
  LivePage* live() { return window.livePage(); }
  const RunHistory& run() { return *window.desk().live(); }
  static void type(SettingField* field, const char* text) {
    field->lineEdit()->setFocus();
    field->lineEdit()->selectAll();
    QTest::keyClicks(field->lineEdit(), QString::fromLatin1(text));
    QTest::keyClick(field->lineEdit(), Qt::Key_Return);
  }
  QTemporaryDir folder;
  FakeEngine* engine = nullptr;
  gui::Workbench workbench;
  MainWindow window;
};

TEST(SteerPanel, AppliesSaysWhenItTookEffectAndFlagsTheCharts) {
  Desk desk({.hold_before_step = 7});
  ASSERT_TRUE(wait_until([&] { return desk.run().lastStep == 6; }));
  EXPECT_TRUE(desk.live()->steerButton()->isVisible());
  EXPECT_FALSE(desk.live()->steerPanel()->isVisible()) << "nothing in the way before it is wanted";
  desk.live()->steerButton()->click();
  SteerPanel* panel = desk.live()->steerPanel();
  ASSERT_TRUE(panel->isVisible());
  EXPECT_FALSE(panel->applyButton()->isEnabled()) << "nothing differs";
  Desk::type(panel->field(QStringLiteral("rank")), "8");
  EXPECT_FALSE(panel->applyButton()->isEnabled());
  EXPECT_NE(text_of(panel->forecast()).find("Ranks can only be taken away"), std::string::npos) << text_of(panel->forecast());
  Desk::type(panel->field(QStringLiteral("rank")), "4");
  Desk::type(panel->field(QStringLiteral("lr")), "5e-5");
  EXPECT_NE(text_of(panel->forecast()).find("2e-4 to 5e-5"), std::string::npos) << text_of(panel->forecast());
  panel->applyButton()->click();
  ASSERT_TRUE(wait_until([&] { return desk.engine->edits().size() == 1; }));
  EXPECT_EQ(to_text(desk.engine->edits()[0]), "lr=5e-05");
  ASSERT_TRUE(wait_until([&] { return panel->outcome().contains(QLatin1String("Will take effect at step 7")); })) << text_of(panel->outcome());
  desk.engine->release();
  ASSERT_TRUE(wait_until([&] { return !desk.window.desk().isLive(); }));
  EXPECT_NE(text_of(panel->outcome()).find("Took effect at step 7"), std::string::npos) << text_of(panel->outcome());
  ASSERT_EQ(desk.run().edits.size(), 1U);
  const auto& flags = desk.run().flags;
  EXPECT_EQ(std::count_if(flags.begin(), flags.end(), [](const Flag& f) { return f.kind == Flag::Kind::Edit && f.step == 7; }), 1);
  EXPECT_FALSE(desk.live()->steerButton()->isVisible()) << "the run is over";
  // and the same from the project
  RunData data;
  bool read = false;
  desk.workbench.readRun(desk.run().id, &desk.window, [&](Result<RunData> got) {
    if (got.ok()) data = *std::move(got);
    read = true;
  });
  ASSERT_TRUE(wait_until([&] { return read; }));
  const RunHistory again = RunHistory::fromProject(data);
  ASSERT_EQ(again.edits.size(), 1U);
  EXPECT_EQ(to_text(again.edits[0].edit), "7:lr=5e-05");
}

TEST(SteerPanel, SaysWhatIsRefusedAndWhy) {
  Desk desk({.hold_before_step = 3});
  desk.live()->steerButton()->click();
  SteerPanel* panel = desk.live()->steerPanel();
  Desk::type(panel->field(QStringLiteral("alpha")), "8");
  panel->applyButton()->click();
  ASSERT_TRUE(wait_until([&] { return panel->outcome().startsWith(QLatin1String("Refused")); }));
  EXPECT_NE(text_of(panel->outcome()).find("learning rates alone"), std::string::npos);
  desk.engine->release();
  ASSERT_TRUE(wait_until([&] { return !desk.window.desk().isLive(); }));
}

TEST(LivePage, SpacePausesAndGoesOnAndTheWordIsExact) {
  Desk desk({.pause_at_step = 4});
  ASSERT_TRUE(wait_until([&] { return desk.run().stateWord == QLatin1String("paused"); }));
  QSignalSpy asked(desk.window.runActions().pause, &QAction::triggered);
  EXPECT_TRUE(desk.live()->hasFocus()) << "as the page was shown";
  QTest::keyClick(desk.live(), Qt::Key_Space);
  EXPECT_EQ(asked.count(), 1);
  EXPECT_EQ(text_of(desk.run().stateWord), "paused") << "until the engine says otherwise";
  EXPECT_TRUE(wait_until([&] { return !desk.window.desk().isLive(); }));
  EXPECT_EQ(text_of(desk.run().stateWord), "done");
}

TEST(Notices, StoppingWithoutSavingIsAskedInThePageAndCanBeTakenBack) {
  Desk desk({.hold_before_step = 8});
  ASSERT_TRUE(wait_until([&] { return desk.run().checkpointStep == 5; }));
  NoticeStrip* strip = desk.live()->notices();
  desk.live()->askToStop();
  ASSERT_TRUE(strip->stopButton()->isVisible());
  EXPECT_NE(text_of(strip->text()).find("since the checkpoint of step 5 is lost"), std::string::npos) << text_of(strip->text());
  QTest::keyClick(desk.window.focusWidget(), Qt::Key_Space);   // what has the focus is the way out
  EXPECT_FALSE(strip->stopButton()->isVisible());
  EXPECT_TRUE(desk.window.desk().isLive());
  desk.live()->askToStop();
  strip->stopButton()->click();
  ASSERT_TRUE(wait_until([&] { return !desk.window.desk().isLive(); }));
  EXPECT_EQ(text_of(desk.run().stateWord), "abandoned");
}

TEST(Notices, ALossThatIsNoNumberOffersTheWayBack) {
  Desk desk({.pause_at_step = 8, .bad_loss = true});
  ASSERT_TRUE(wait_until([&] { return desk.run().stateWord == QLatin1String("paused"); }));
  NoticeStrip* strip = desk.live()->notices();
  ASSERT_TRUE(wait_until([&] { return strip->isVisible(); }));
  EXPECT_NE(text_of(strip->text()).find("loss is NaN at step 8"), std::string::npos) << text_of(strip->text());
  ASSERT_TRUE(strip->backButton()->isVisible());
  EXPECT_TRUE(strip->skipButton()->isVisible());
  EXPECT_NE(text_of(strip->backButton()->text()).find("Back to step 5"), std::string::npos) << text_of(strip->backButton()->text());
  strip->backButton()->click();
  ASSERT_TRUE(wait_until([&] { return desk.engine->requests().size() == 2; }));
  const TrainRequest again = desk.engine->requests().back();
  EXPECT_NE(again.resume_from.find("step-5"), std::string::npos);
  ASSERT_EQ(again.edits.size(), 1U);
  EXPECT_EQ(again.edits[0].step, 6);
  EXPECT_NEAR(*again.edits[0].lr, 2e-4 / 3, 1e-12);
  EXPECT_TRUE(wait_until([&] { return desk.run().stateWord == QLatin1String("paused") || !desk.window.desk().isLive(); }));
  desk.engine->release();
  EXPECT_TRUE(wait_until([&] { return !desk.window.desk().isLive(); }));
}

}  // namespace
}  // namespace weft::test
