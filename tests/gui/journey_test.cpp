// SPDX-License-Identifier: GPL-3.0-or-later
// The whole journey through the window: open, set up, Train, watch, Stop & save, Export, reopen. Once with a scripted engine
// and once with the real one, on stories260K.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <thread>

#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QLineEdit>
#include <QLabel>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QSlider>
#include <QTreeView>

#include "engine/api/engine_loader.h"
#include "projects/api/project.h"
#include "tests/gui/scripted_engine.h"
#include "tests/gui/window_test.h"
#include "ui/bridge/text.h"
#include "ui/panels/adapter_chooser.h"
#include "ui/panels/export_page.h"
#include "ui/panels/export_result.h"
#include "ui/panels/inspect_page.h"
#include "ui/panels/inspector.h"
#include "ui/panels/live_curves.h"
#include "ui/panels/live_page.h"
#include "ui/panels/notice_strip.h"
#include "ui/panels/project_panel.h"
#include "ui/panels/step_time_strip.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/matrix_picture.h"
#include "ui/plots/point_plot.h"
#include "ui/plots/series_plot.h"
#include "ui/plots/spectrum_plot.h"
#include "ui/shell/main_window.h"
#include "ui/shell/status_line.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/phase_bar.h"
#include "ui/widgets/setting_form.h"

namespace weft::test {
namespace {

using namespace weft::ui;

struct Pictured {
  std::vector<double> steps, losses, evals;
  std::vector<std::int64_t> spectra_steps;
  std::map<std::string, std::vector<float>> last_spectra;
};

Pictured pictured(const RunHistory& run) {
  Pictured p{run.loss.steps, run.loss.values, run.evalLoss.values, {}, {}};
  for (const auto& s : run.spectra) p.spectra_steps.push_back(s.step);
  // by the path of the site: how a history lays its values out is its own affair
  if (!run.spectra.empty()) {
    const auto& last = run.spectra.back();
    for (std::size_t i = 0; i < last.sites.size(); ++i) {
      const auto first = last.values.begin() + last.sites[i].begin;
      p.last_spectra[run.sites[i].path].assign(first, first + last.sites[i].count);
    }
  }
  return p;
}

// From set-up to reopening; the engine decides what the numbers are.
void walk(const gui::EngineFactory& factory, std::int64_t steps, std::int64_t stop_after) {
  QTemporaryDir folder;
  const QString project = folder.filePath(QStringLiteral("journey.weft"));
  Pictured before;
  QString exported;
  {
    Desk desk(factory);
    ASSERT_TRUE(desk.open(project));
    set_up(desk, steps);
    ASSERT_TRUE(desk.window.runActions().train->isEnabled()) << text_of(desk.window.runActions().train->toolTip());
    const LoopWatch watch;
    desk.window.runActions().train->trigger();
    ASSERT_TRUE(wait_until([&] { return desk.window.desk().live() && desk.window.desk().live()->lastStep >= stop_after; }, 120000))
        << text_of(desk.state()) << ' ' << text_of(desk.window.desk().log().report());
    desk.window.runActions().stop->trigger();
    ASSERT_TRUE(wait_until([&] { return !desk.window.desk().isLive(); }, 120000)) << text_of(desk.state());
    watch.expect_below(50);
    const auto& run = *desk.window.desk().live();
    EXPECT_EQ(text_of(run.stateWord), "stopped") << text_of(run.message);
    EXPECT_GE(run.checkpointStep, stop_after);
    desk.window.livePage()->refreshNow();
    EXPECT_EQ(desk.window.livePage()->curves()->lossPlot()->pointCount(0), run.loss.steps.size());
    EXPECT_FALSE(desk.window.livePage()->spectrumPlot()->view().values.empty());
    EXPECT_FALSE(desk.window.livePage()->heatMap()->shownData().values.empty());
    EXPECT_NE(text_of(desk.window.statusLine()->text()).find("step"), std::string::npos);
    before = pictured(run);

    desk.window.showPage(Page::Inspect);
    auto* look = desk.window.inspectPage();
    ASSERT_TRUE(wait_until([&] { return look->sites()->count() > 1; }, 60000)) << text_of(look->sentence());
    ASSERT_FALSE(look->pictures().empty());
    EXPECT_EQ(look->pictures().front()->picture().name, "ΔW");
    const QString second = look->sites()->item(1)->data(Qt::UserRole).toString();
    look->sites()->setCurrentRow(1);
    ASSERT_TRUE(wait_until([&] { return look->changes()->view().marked == 1; }, 60000));
    EXPECT_EQ(text_of(look->changes()->view().groups.front().labels[1]), text_of(second));
    EXPECT_FALSE(look->rows()->view().groups.front().y.empty());
    look->search()->setText(QStringLiteral("v_proj"));
    EXPECT_TRUE(look->sites()->item(0)->isHidden());
    look->search()->clear();

    desk.window.showPage(Page::Export);
    auto* page = desk.window.exportPage();
    ASSERT_TRUE(wait_until([&] { return page->button()->isEnabled(); })) << text_of(page->state()->text());
    QObject::connect(page, &ExportPage::exported, page, [&](const QString& path) { exported = path; });
    page->button()->click();
    ASSERT_TRUE(wait_until([&] { return !exported.isEmpty(); }, 60000)) << text_of(desk.window.desk().log().report());
    EXPECT_TRUE(std::filesystem::exists(exported.toStdString() + "/adapter_config.json"));
    // the folder that was written, as one from elsewhere, beside the run's own step
    desk.window.showPage(Page::Inspect);
    look->openFolder(exported);
    look->chooseRun(1);
    ASSERT_TRUE(wait_until([&] { return look->second()->source()->findData(exported) > 0; }));
    look->second()->source()->setCurrentIndex(look->second()->source()->findData(exported));
    ASSERT_TRUE(wait_until([&] { return look->angles()->view().groups.size() == 2; }, 60000)) << text_of(look->sentence());
  }
  Desk again(factory);
  ASSERT_TRUE(again.open(project));
  ASSERT_TRUE(wait_until([&] { return !again.window.desk().overview().runs.empty(); }));
  EXPECT_EQ(again.window.draft().value("train", "steps"), Json(steps));   // the draft came back
  again.window.desk().show(1);
  ASSERT_TRUE(wait_until([&] { return again.window.desk().shown() != nullptr; }));
  const Pictured after = pictured(*again.window.desk().shown());
  EXPECT_EQ(after.steps, before.steps);
  EXPECT_EQ(after.losses, before.losses);
  EXPECT_EQ(after.evals, before.evals);
  EXPECT_EQ(after.spectra_steps, before.spectra_steps);
  EXPECT_EQ(after.last_spectra, before.last_spectra);
  EXPECT_FALSE(after.last_spectra.empty());
  EXPECT_EQ(again.window.desk().overview().artifacts.size(), 1U);
  EXPECT_EQ(text_of(again.window.desk().shown()->stateWord), "stopped");
}

TEST(Journey, WithAScriptedEngine) {
  // stands before step 24 until it is told to stop
  walk([] { return Result<std::unique_ptr<Engine>>(std::make_unique<FakeEngine>(FakeScript{.hold_before_step = 24})); }, 200, 20);
}

TEST(Journey, WithTheRealEngineOnStories) {
  if (!std::filesystem::exists(WEFT_BINARY_DIR "/libweft_engine.so")) GTEST_SKIP() << "this build has no engine (WEFT_WITH_TORCH=OFF)";
  walk(load_engine, 2000, 6);
}

TEST(Window, SaysWhyItCannotTrain) {
  QTemporaryDir folder;
  Desk desk([] { return Result<std::unique_ptr<Engine>>(std::make_unique<FakeEngine>()); });
  ASSERT_TRUE(wait_until([&] { return desk.workbench.hasEngine(); }));
  EXPECT_FALSE(desk.window.runActions().train->isEnabled());
  EXPECT_NE(text_of(desk.window.runActions().train->toolTip()).find("project"), std::string::npos);
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  EXPECT_NE(text_of(desk.window.runActions().train->toolTip()).find("no model"), std::string::npos);
  set_up(desk, 10);
  EXPECT_TRUE(desk.window.runActions().train->isEnabled());
  desk.window.setupPage()->choose(Subject::Run);
  auto* lr = desk.window.inspector()->form()->field("lr");
  ASSERT_NE(lr, nullptr);
  lr->lineEdit()->setFocus();
  lr->lineEdit()->selectAll();
  QTest::keyClicks(lr->lineEdit(), QStringLiteral("quick"));
  EXPECT_FALSE(desk.window.runActions().train->isEnabled());
  EXPECT_EQ(text_of(lr->lineEdit()->text()), "quick");
  lr->lineEdit()->selectAll();
  QTest::keyClicks(lr->lineEdit(), QStringLiteral("5e-4"));
  EXPECT_TRUE(desk.window.runActions().train->isEnabled());
  EXPECT_EQ(desk.window.draft().value("train", "lr"), Json(5e-4));
}

TEST(Window, RefusesWhatIsNoModelOrData) {
  QTemporaryDir folder;
  Desk desk([] { return Result<std::unique_ptr<Engine>>(std::make_unique<FakeEngine>()); });
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  desk.window.openPath(folder.path());
  EXPECT_NE(text_of(desk.window.desk().log().report()).find("no project"), std::string::npos);
  QFile broken(folder.filePath(QStringLiteral("broken.gguf")));
  ASSERT_TRUE(broken.open(QIODevice::WriteOnly));
  broken.write("GGUFnothing");
  broken.close();
  desk.window.openPath(broken.fileName());
  ASSERT_TRUE(wait_until([&] { return desk.window.draft().modelReadiness().state == Readiness::State::Wrong; }));
  EXPECT_FALSE(desk.window.draft().modelReadiness().why.isEmpty());
}

TEST(Window, ShowsCountsFromTheDescriptor) {
  QTemporaryDir folder;
  Desk desk([] { return Result<std::unique_ptr<Engine>>(std::make_unique<FakeEngine>()); });
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 10);
  desk.window.setupPage()->choose(Subject::Method);
  const auto count = desk.window.draft().count();
  ASSERT_TRUE(count.ok());
  EXPECT_GT(count->trained, 0);
  QString shown = desk.window.inspector()->trainedTile()->value();
  EXPECT_EQ(shown.remove(QLatin1Char(',')).toLongLong(), count->trained);
  desk.window.draft().set("method", "rank", 8);
  shown = desk.window.inspector()->trainedTile()->value();
  EXPECT_EQ(shown.remove(QLatin1Char(',')).toLongLong(), 2 * count->trained);   // LoRA grows with its rank
}

TEST(Window, PausesAndShowsAnotherRunWhileOneIsLive) {
  QTemporaryDir folder;
  FakeEngine* engine = nullptr;
  Desk desk([&] {
    auto made = std::make_unique<FakeEngine>(FakeScript{.hold_before_step = 24});
    engine = made.get();
    return Result<std::unique_ptr<Engine>>(std::move(made));
  });
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 22);
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); })) << text_of(desk.state());
  desk.window.draft().set("train", "steps", 60);
  ASSERT_TRUE(wait_until([&] { return desk.window.runActions().train->isEnabled(); }));
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.window.desk().isLive() && desk.window.desk().live()->lastStep == 23; })) << text_of(desk.state());
  EXPECT_FALSE(desk.window.runActions().train->isVisible());
  desk.window.desk().show(1);
  ASSERT_TRUE(wait_until([&] { return desk.window.desk().shown() && desk.window.desk().shown()->id == 1; }));
  EXPECT_EQ(desk.window.desk().shown()->loss.steps.size(), 22U);
  EXPECT_EQ(desk.window.desk().live()->id, 2);
  engine->release();
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }));
  EXPECT_EQ(desk.window.desk().shown()->id, 1);   // looking at another run is not disturbed
  desk.window.desk().show(2);
  EXPECT_EQ(desk.window.desk().shown()->loss.steps.size(), 60U);
}

// What a run has that others have not: how many ranks its matrices have, how far its two passes are apart. Live, and from the project.
TEST(Window, DrawsRanksAndTwoPassesOfRunsThatHaveThem) {
  QTemporaryDir folder;
  bool first = true;
  const auto factory = [&] { return Result<std::unique_ptr<Engine>>(std::make_unique<FakeEngine>(FakeScript{.ranks = first, .two_passes = first})); };
  const auto expect_drawn = [](Desk& desk) {
    auto* page = desk.window.livePage();
    page->refreshNow();
    auto* charts = page->curves()->chartChoice();
    EXPECT_EQ(charts->count(), 4);
    charts->setCurrentIndex(charts->findData(LiveCurves::Passes));
    EXPECT_EQ(page->curves()->passesPlot()->pointCount(0), 22U);
    page->chooseSite(2);
    charts->setCurrentIndex(charts->findData(LiveCurves::Ranks));
    EXPECT_EQ(page->curves()->ranksPlot()->pointCount(0), desk.window.desk().shown()->spectra.size());
    EXPECT_TRUE(page->curves()->ranksPlot()->isVisibleTo(page));
    const QString csv = page->curves()->ranksPlot()->csv();   // of 3 matrices that begin with 4
    EXPECT_NE(text_of(csv).find("all,0,12"), std::string::npos) << text_of(csv);
    EXPECT_NE(text_of(csv).find("all,5,10"), std::string::npos) << text_of(csv);
    EXPECT_NE(text_of(csv).find("chosen,5,3"), std::string::npos) << text_of(csv);
    EXPECT_NE(text_of(csv).find("chosen,10,2"), std::string::npos) << text_of(csv);
    page->chooseSite(1);
    EXPECT_NE(text_of(page->curves()->ranksPlot()->csv()).find("chosen,10,3"), std::string::npos);
    page->figureChoice()->setCurrentIndex(page->figureChoice()->count() - 1);
    EXPECT_EQ(text_of(page->figureChoice()->currentText()), "ranks in use");
    EXPECT_EQ(page->heatMap()->shownData().values, (std::vector<double>{4, 3, 2}));
    EXPECT_EQ(page->heatMap()->shownData().low, 0);
    EXPECT_EQ(page->heatMap()->shownData().high, 4);
  };
  {
    Desk desk(factory);
    ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
    set_up(desk, 22);
    desk.window.draft().set("probe", "spectra_every", 5);
    desk.window.train();
    ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); })) << text_of(desk.state());
    expect_drawn(desk);
  }
  first = false;
  Desk again(factory);
  ASSERT_TRUE(again.open(folder.filePath(QStringLiteral("a.weft"))));
  ASSERT_TRUE(wait_until([&] { return !again.window.desk().overview().runs.empty() && again.workbench.hasEngine(); }));
  again.window.desk().show(1);
  ASSERT_TRUE(wait_until([&] { return again.window.desk().shown() != nullptr; }));
  expect_drawn(again);
  ASSERT_TRUE(wait_until([&] { return again.window.draft().ready(); }));
  again.window.train();
  ASSERT_TRUE(wait_until([&] { return again.state() == QLatin1String("done") && again.window.desk().shown()->id == 2; }));
  auto* page = again.window.livePage();
  page->refreshNow();
  EXPECT_EQ(page->curves()->chartChoice()->count(), 2);   // rates and speed, which every run has
  EXPECT_EQ(page->figureChoice()->count(), 6);
  EXPECT_FALSE(page->curves()->ranksPlot()->isVisibleTo(page));
}

TEST(Window, AFigureChosenBeforeTheFirstSpectraAreDrawnWaitsForThem) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 22);
  desk.window.train();
  desk.window.showPage(Page::Setup);   // a page that is not seen draws nothing
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }));
  auto* page = desk.window.livePage();
  page->figureChoice()->setCurrentIndex(1);
  desk.window.showPage(Page::Live);
  page->refreshNow();
  EXPECT_EQ(text_of(page->figureChoice()->currentText()), "stable rank");
  EXPECT_FALSE(page->heatMap()->shownData().values.empty());
}

TEST(Window, AnExportSaysHowFarItIsAndCanBeCancelled) {
  QTemporaryDir folder;
  Desk desk(fake_engine({.hold_export = true}));
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 12);
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }));
  desk.window.showPage(Page::Export);
  auto* page = desk.window.exportPage();
  ASSERT_TRUE(wait_until([&] { return page->button()->isEnabled(); })) << text_of(page->state()->text());
  EXPECT_FALSE(page->cancelButton()->isVisible());
  page->button()->click();
  EXPECT_TRUE(page->cancelButton()->isVisible());
  auto* bar = page->findChild<QProgressBar*>();
  ASSERT_TRUE(wait_until([&] { return bar->value() == 300; }));
  EXPECT_EQ(bar->maximum(), 400);
  page->cancelButton()->click();
  ASSERT_TRUE(wait_until([&] { return page->button()->isEnabled(); }));
  EXPECT_FALSE(page->cancelButton()->isVisible());
  EXPECT_FALSE(bar->isVisible());
  EXPECT_EQ(text_of(page->result()->report()->text()), "Cancelled; nothing was kept.");
  EXPECT_FALSE(desk.window.desk().log().report().contains(QLatin1String("kept")));   // no error
}

TEST(Window, OffersToExportWhatTheMethodOfTheRunAllows) {
  QTemporaryDir folder;
  Desk desk([] { return Result<std::unique_ptr<Engine>>(std::make_unique<FakeEngine>()); });
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 22);
  auto* formats = desk.window.exportPage()->formats();
  const auto allowed = [&](const char* format) {
    const int at = formats->findData(QLatin1String(format));
    return (formats->model()->flags(formats->model()->index(at, 0)) & Qt::ItemIsEnabled) != 0;
  };
  RunId run = 0;
  const auto train = [&](const char* method) {
    desk.window.draft().setMethod(method);
    EXPECT_TRUE(wait_until([&] { return desk.window.runActions().train->isEnabled(); }));
    desk.window.train();
    ++run;
    EXPECT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done") && desk.window.desk().live()->id == run; }));
    desk.window.exportPage()->chooseRun(run);
  };
  train("bora");
  EXPECT_TRUE(wait_until([&] { return formats->currentData().toString() == QLatin1String("merged"); })) << text_of(formats->currentText());
  EXPECT_FALSE(allowed("peft"));
  EXPECT_FALSE(allowed("gguf-adapter"));
  EXPECT_TRUE(allowed("peft-rank"));
  EXPECT_NE(text_of(formats->itemData(formats->findData(QStringLiteral("peft")), Qt::ToolTipRole).toString()).find("BoRA"), std::string::npos);
  desk.window.exportPage()->chooseFormat(QStringLiteral("peft-rank"));
  ASSERT_TRUE(wait_until([&] { return desk.window.exportPage()->button()->isEnabled(); })) << text_of(desk.window.exportPage()->state()->text());
  EXPECT_TRUE(desk.window.exportPage()->rankField()->isVisibleTo(desk.window.exportPage()));
  desk.window.exportPage()->rankField()->setText(QStringLiteral("0"));
  EXPECT_FALSE(desk.window.exportPage()->button()->isEnabled());
  EXPECT_NE(text_of(desk.window.exportPage()->state()->text()).find("whole number"), std::string::npos);
  for (const char* share : {"99 %", "99.5%"}) {   // in place of a rank, of which each matrix then gets the least
    desk.window.exportPage()->rankField()->setText(QLatin1String(share));
    EXPECT_TRUE(desk.window.exportPage()->button()->isEnabled()) << share << ": " << text_of(desk.window.exportPage()->state()->text());
    EXPECT_NE(text_of(desk.window.exportPage()->folder()->text()).find("-energy99"), std::string::npos) << text_of(desk.window.exportPage()->folder()->text());
  }
  for (const char* none : {"0 %", "101 %", "-1 %", "%", "many %"}) {
    desk.window.exportPage()->rankField()->setText(QLatin1String(none));
    EXPECT_FALSE(desk.window.exportPage()->button()->isEnabled()) << none;
  }
  EXPECT_TRUE(allowed("gguf"));
  train("lora");
  EXPECT_TRUE(wait_until([&] { return formats->currentData().toString() == QLatin1String("peft"); })) << text_of(formats->currentText());
  EXPECT_TRUE(allowed("gguf-adapter"));
  EXPECT_TRUE(wait_until([&] { return !desk.window.exportPage()->rankField()->isVisibleTo(desk.window.exportPage()); }));
}

TEST(Window, MeasuringTheFloorCanBeCancelled) {
  QTemporaryDir folder;
  Desk desk(fake_engine({.hold_floor = true}));
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 30);
  desk.window.train();
  auto* button = desk.window.livePage()->stepTime()->measureButton();
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done") && button->isEnabled(); })) << text_of(button->toolTip());
  const QString offered = button->text();
  for (int i = 0; i < 2; ++i) {
    button->click();
    EXPECT_EQ(text_of(button->text()), "Cancel");
    EXPECT_TRUE(button->isEnabled());
    button->click();
    ASSERT_TRUE(wait_until([&] { return button->text() == offered; })) << text_of(button->text());
    EXPECT_TRUE(button->isEnabled());
  }
  EXPECT_FALSE(desk.window.desk().shown()->floor.has_value());
  EXPECT_FALSE(desk.window.desk().log().report().contains(QLatin1String("measuring")));   // no error
}

TEST(Window, MeasuresTheFloorWhenNoRunGoesOn) {
  QTemporaryDir folder;
  FakeEngine* engine = nullptr;
  const auto factory = [&] {
    auto made = std::make_unique<FakeEngine>(FakeScript{.hold_before_step = 24});
    engine = made.get();
    return Result<std::unique_ptr<Engine>>(std::move(made));
  };
  QString read;
  {
    Desk desk(factory);
    auto* strip = desk.window.livePage()->stepTime();
    EXPECT_EQ(text_of(strip->text()), "");
    ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
    set_up(desk, 30);
    desk.window.train();
    ASSERT_TRUE(wait_until([&] { return desk.window.desk().isLive() && desk.window.desk().live()->lastStep == 23; }));
    ASSERT_TRUE(wait_until([&] { return strip->text() == QLatin1String("100 ms a step"); })) << text_of(strip->text());
    EXPECT_EQ(text_of(strip->bar()->segmentText(Phase::Attention)), "attention 25 % – 25 ms of 100 ms a step");
    EXPECT_FALSE(strip->measureButton()->isEnabled());   // the run has the machine
    engine->release();
    ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }));
    ASSERT_TRUE(wait_until([&] { return strip->measureButton()->isEnabled(); })) << text_of(strip->measureButton()->toolTip());
    strip->measureButton()->click();
    ASSERT_TRUE(wait_until([&] { return strip->text().contains(QLatin1String("of the floor")); })) << text_of(desk.window.desk().log().report());
    EXPECT_FALSE(strip->measureButton()->isVisibleTo(strip));
    EXPECT_TRUE(strip->measureAgain()->isEnabled());
    read = strip->text();
    // the scripted floor of a batch, for the steps' 100 tokens of which 60 are trained
    const auto& run = *desk.window.desk().shown();
    ASSERT_TRUE(run.floor.has_value());
    const double floor_ms = 70.0 * 100 / static_cast<double>(run.floor->tokens) + 30.0 * 60 / static_cast<double>(run.floor->trained_tokens);
    EXPECT_EQ(text_of(read.section(QLatin1Char(' '), 0, 0)), text_of(QString::number(std::llround(floor_ms))));
    // a run of the same shapes knows it from its first steps on
    desk.window.train();
    ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done") && desk.window.desk().live()->id == 2; }));
    EXPECT_TRUE(wait_until([&] { return strip->text() == read; })) << text_of(strip->text());
  }
  Desk again(factory);
  auto* strip = again.window.livePage()->stepTime();
  ASSERT_TRUE(again.open(folder.filePath(QStringLiteral("a.weft"))));
  for (const RunId run : {2, 1}) {
    again.window.desk().show(run);
    EXPECT_TRUE(wait_until([&] { return again.window.desk().shown() && again.window.desk().shown()->id == run && strip->text() == read; })) << text_of(strip->text());
  }
}

TEST(Window, StopsAndSavesBeforeItClosesOnASignal) {
  QTemporaryDir folder;
  Desk desk([] { return Result<std::unique_ptr<Engine>>(std::make_unique<FakeEngine>(FakeScript{.hold_before_step = 12})); });
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 50);
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.window.desk().isLive() && desk.window.desk().live()->lastStep == 11; }));
  desk.window.stopAndClose();
  ASSERT_TRUE(wait_until([&] { return !desk.window.isVisible(); }));
  EXPECT_EQ(text_of(desk.state()), "stopped");
  EXPECT_EQ(desk.window.desk().live()->checkpointStep, 11);
}

TEST(Window, KeepsItsLayoutAndForgetsItWhenAsked) {
  const auto factory = [] { return Result<std::unique_ptr<Engine>>(std::make_unique<FakeEngine>()); };
  {
    Desk desk(factory);
    desk.window.findChild<QDockWidget*>(QStringLiteral("inspector"))->hide();
    desk.window.saveLayout();
  }
  Desk again(factory);
  auto* inspector = again.window.findChild<QDockWidget*>(QStringLiteral("inspector"));
  EXPECT_FALSE(inspector->isHidden());
  again.window.restoreLayout();
  EXPECT_TRUE(inspector->isHidden());
  again.window.resetLayout();
  EXPECT_FALSE(inspector->isHidden());
}

TEST(Window, GoesOnWithAStoppedRun) {
  QTemporaryDir folder;
  FakeEngine* engine = nullptr;
  Desk desk([&] {
    auto made = std::make_unique<FakeEngine>(FakeScript{.hold_before_step = 12});
    engine = made.get();
    return Result<std::unique_ptr<Engine>>(std::move(made));
  });
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 30);
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.window.desk().isLive() && desk.window.desk().live()->lastStep == 11; }));
  desk.window.runActions().stop->trigger();
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("stopped"); }));
  engine->release();
  desk.window.desk().resume(1);
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); })) << text_of(desk.window.desk().log().report());
  const auto& run = *desk.window.desk().shown();
  EXPECT_EQ(run.id, 1);
  ASSERT_EQ(run.loss.steps.size(), 30U);
  for (std::size_t i = 0; i < run.loss.steps.size(); ++i) EXPECT_EQ(run.loss.steps[i], static_cast<double>(i + 1));
}

TEST(Window, ShowsAFailedRunWithItsReason) {
  QTemporaryDir folder;
  Desk desk([] { return Result<std::unique_ptr<Engine>>(std::make_unique<FakeEngine>(FakeScript{.fail_at_step = 7})); });
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 20);
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("failed"); }));
  EXPECT_NE(text_of(desk.window.desk().log().report()).find("told to fail at step 7"), std::string::npos);
  // whole above the charts, and not cut off in the headline as well
  LivePage* page = desk.window.livePage();
  ASSERT_TRUE(wait_until([&] { return page->notices()->text().contains(QLatin1String("told to fail at step 7")); })) << text_of(page->notices()->text());
  for (const auto* label : page->findChildren<QLabel*>())
    EXPECT_TRUE(page->notices()->isAncestorOf(label) || !label->text().contains(QLatin1String("told to fail"))) << text_of(label->text());
}

// A project made on the command line has no settings that were edited in a window.
TEST(Window, BeginsWithTheSettingsOfTheLastRunWhereNoneWereKept) {
  QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("a.weft"));
  {
    auto project = Project::open(path.toStdString(), true);
    ASSERT_TRUE(project.ok());
    for (const int rank : {4, 6})
      ASSERT_TRUE((*project)->create_run({{"model", {{"path", kModel.toStdString()}}}, {"data", {{"path", kData.toStdString()}}}, {"method", {{"name", "dora"}, {"rank", rank}}}}, 10).ok());
  }
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(path));
  EXPECT_EQ(desk.window.draft().value("model", "path"), kModel.toStdString());
  EXPECT_EQ(desk.window.draft().value("method", "name"), "dora");
  EXPECT_EQ(desk.window.draft().value("method", "rank"), 6);
  EXPECT_TRUE(wait_until([&] { return desk.window.draft().dataReadiness().state == ui::Readiness::State::Ready; })) << text_of(desk.window.draft().dataReadiness().why);
}

TEST(Window, KeepsTurningUnderAFloodOfEvents) {
  QTemporaryDir folder;
  constexpr std::int64_t kSteps = 100000;
  Desk desk([] { return Result<std::unique_ptr<Engine>>(std::make_unique<ScriptedEngine>(plausible_run(kSteps, 30, 2000, 5000))); });
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, kSteps);
  desk.window.showPage(Page::Live);
  QTest::qWait(200);
  LoopWatch watch;
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }, 100000)) << text_of(desk.state());
  EXPECT_TRUE(wait_until([&] { return desk.window.desk().shown() && desk.window.desk().shown()->loss.steps.size() == kSteps; }));  // what was dropped is read again
  watch.expect_below(50);
}

}  // namespace
}  // namespace weft::test
