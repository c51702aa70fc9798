// SPDX-License-Identifier: GPL-3.0-or-later
// Models, forms, pictures and colours: what the window derives from specs, descriptors and records.
#include <gtest/gtest.h>

#include <cmath>

#include <QAbstractItemModelTester>
#include <QFile>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QTest>
#include <QVBoxLayout>

#include "engine/api/method_catalogue.h"
#include "engine/api/train_request.h"
#include "tests/gui/gui_test.h"
#include "tests/gui/scripted_engine.h"
#include "ui/bridge/text.h"
#include "ui/models/log_model.h"
#include "ui/models/number_text.h"
#include "ui/models/project_model.h"
#include "ui/models/run_history.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/series_plot.h"
#include "ui/plots/spectrum_plot.h"
#include "ui/theme/theme.h"
#include "ui/widgets/method_picture.h"
#include "ui/widgets/phase_bar.h"
#include "ui/widgets/rank_cut.h"
#include "ui/widgets/setting_form.h"
#include "ui/widgets/token_view.h"

namespace weft::test {
namespace {

using namespace weft::ui;

Theme& theme() {
  static auto* shared = new Theme(*qApp);   // lives as long as the application does
  return *shared;
}

SettingSpec spec_of(const std::string& section, const std::string& key) {
  for (const auto& known : run_sections())
    if (known.name == section)
      for (const auto& spec : known.specs)
        if (spec.key == key) return spec;
  ADD_FAILURE() << section << '.' << key;
  return {};
}

TEST(Numbers, AreReadAndShown) {
  EXPECT_EQ(readNumber(QStringLiteral("2e-4")), 2e-4);
  EXPECT_EQ(readNumber(QStringLiteral(" 0,5 ")), 0.5);
  EXPECT_EQ(readNumber(QStringLiteral("1 024")), 1024);
  EXPECT_FALSE(readNumber(QStringLiteral("fast")));
  EXPECT_FALSE(readNumber(QStringLiteral("1e999")));
  EXPECT_FALSE(readNumber(QString()));
  EXPECT_EQ(text_of(shortNumber(2e-4)), "2e-4");
  EXPECT_EQ(text_of(shortNumber(3.2e-5)), "3.2e-5");
  EXPECT_EQ(text_of(shortNumber(0.05)), "0.05");
  EXPECT_EQ(text_of(shortNumber(32)), "32");
  EXPECT_EQ(text_of(grouped(5040000)), "5,040,000");
  EXPECT_EQ(text_of(millisecondsText(0.421)), "0.42 ms");
  EXPECT_EQ(text_of(millisecondsText(4.21)), "4.2 ms");
  EXPECT_EQ(text_of(millisecondsText(1640.4)), "1,640 ms");
  EXPECT_EQ(text_of(percentText(0.714)), "71 %");
  EXPECT_EQ(text_of(percentText(0.0042)), "0.4 %");
  EXPECT_EQ(text_of(percentText(0)), "0 %");
  EXPECT_EQ(text_of(percentText(1.04)), "104 %");
  EXPECT_EQ(text_of(durationText(21)), "0:21");
  EXPECT_EQ(text_of(durationText(3723)), "1:02:03");
  EXPECT_EQ(text_of(durationText(std::nan(""))), "–");
}

TEST(Fields, StepBySensibleFactors) {
  const SettingSpec rank{.key = "rank", .title = "Rank", .type = SettingType::Integer, .initial = 16, .min = 1, .max = 4096};
  EXPECT_EQ(steppedValue(rank, 4, 1), 8);
  EXPECT_EQ(steppedValue(rank, 8, 1), 16);
  EXPECT_EQ(steppedValue(rank, 12, 1), 16);
  EXPECT_EQ(steppedValue(rank, 12, -1), 8);
  EXPECT_EQ(steppedValue(rank, 1, -1), 1);
  EXPECT_EQ(steppedValue(rank, 4096, 1), 4096);
  const auto lr = spec_of("train", "lr");
  double value = 1e-4;
  for (int i = 0; i < 4; ++i) value = steppedValue(lr, value, 1);
  EXPECT_NEAR(value, 1e-3, 1e-9);   // four quarter decades
  EXPECT_NEAR(steppedValue(lr, 1e-3, -1), 5.6e-4, 1e-9);
}

TEST(Fields, ParseByTheirSpec) {
  EXPECT_EQ(*parseSetting(spec_of("train", "lr"), QStringLiteral("2e-4")), Json(2e-4));
  EXPECT_EQ(*parseSetting(spec_of("train", "steps"), QStringLiteral("1e3")), Json(1000));
  EXPECT_FALSE(parseSetting(spec_of("train", "steps"), QStringLiteral("2.5")).ok());
  EXPECT_FALSE(parseSetting(spec_of("data", "holdout"), QStringLiteral("2")).ok());
  const SettingSpec targets{.key = "targets", .title = "Targets", .type = SettingType::TextOrList, .initial = "all-linear"};
  EXPECT_EQ(*parseSetting(targets, QStringLiteral("q_proj, v_proj")), Json::array({"q_proj", "v_proj"}));
  EXPECT_EQ(*parseSetting(targets, QStringLiteral(".*(q,v){1,2}_proj")), Json(".*(q,v){1,2}_proj"));
  EXPECT_FALSE(parseSetting(targets, QStringLiteral("  ")).ok());
  const SettingSpec in_part{.key = "magnitude_only", .title = "Magnitude alone", .type = SettingType::TextOrList, .initial = Json::array()};
  EXPECT_EQ(*parseSetting(in_part, QStringLiteral(" ")), Json::array()) << "none, as at the start";
}

TEST(Forms, HaveARowForEverySetting) {
  for (const auto& section : run_sections()) {
    SettingForm form(theme(), nullptr);
    form.setSpecs(section.specs);
    for (const auto& spec : section.specs) {
      auto* field = form.field(spec.key);
      ASSERT_NE(field, nullptr) << section.name << '.' << spec.key;
      EXPECT_EQ(field->isHidden(), spec.advanced) << spec.key;
    }
  }
  for (const auto& method : method_catalogue()) {
    SettingForm form(theme(), nullptr);
    form.setSpecs(method.settings);
    for (const auto& spec : method.settings) EXPECT_NE(form.field(spec.key), nullptr) << method.name << '.' << spec.key;
  }
}

TEST(Forms, KeepWhatIsWrongAndSayWhy) {
  SettingField field(theme(), spec_of("train", "lr"), nullptr);
  Json got;
  QString reason;
  QObject::connect(&field, &SettingField::edited, &field, [&](const Json& value) { got = value; });
  QObject::connect(&field, &SettingField::wrong, &field, [&](const QString& why) { reason = why; });
  field.show();
  field.lineEdit()->setFocus();
  field.lineEdit()->selectAll();
  QTest::keyClicks(field.lineEdit(), QStringLiteral("fast"));
  EXPECT_EQ(text_of(field.lineEdit()->text()), "fast");
  EXPECT_FALSE(reason.isEmpty());
  EXPECT_NE(text_of(field.errorText()).find("number"), std::string::npos);
  field.lineEdit()->selectAll();
  QTest::keyClicks(field.lineEdit(), QStringLiteral("3e-4"));
  EXPECT_EQ(got, Json(3e-4));
  EXPECT_TRUE(field.errorText().isEmpty());
  QTest::keyClick(field.lineEdit(), Qt::Key_Up);
  EXPECT_EQ(got, Json(3.2e-4));
}

TEST(Picture, DrawsEveryPartOfEveryMethod) {
  for (const auto& method : method_catalogue()) {
    const auto settings = complete_settings(method.settings, Json::object(), "method");
    ASSERT_TRUE(settings.ok()) << method.name;
    MethodPicture picture(theme(), MethodPicture::Size::Full, nullptr);
    picture.resize(picture.sizeHint());
    picture.setMethod(method, *settings, {.out = 576, .in = 1536});
    const auto described = method.parts({"", "", -1, 576, 1536}, *settings);
    ASSERT_EQ(picture.parts().size(), described.size()) << method.name;
    for (std::size_t i = 0; i < described.size(); ++i) {
      EXPECT_EQ(picture.parts()[i].part.symbol, described[i].symbol);
      EXPECT_TRUE(QRectF(QPointF(), QSizeF(picture.size())).contains(picture.parts()[i].rect))
          << method.name << ' ' << described[i].symbol << " is cut off";
      for (std::size_t j = 0; j < i; ++j)
        EXPECT_FALSE(picture.parts()[i].rect.intersects(picture.parts()[j].rect)) << method.name << ": parts overlap";
    }
  }
}

TEST(Picture, NoNameLiesOverAnother) {
  for (const auto& method : method_catalogue()) {
    const auto settings = complete_settings(method.settings, Json::object(), "method");
    ASSERT_TRUE(settings.ok()) << method.name;
    for (const std::int64_t out : {192, 576, 1536}) {
      MethodPicture picture(theme(), MethodPicture::Size::Full, nullptr);
      picture.resize(picture.sizeHint());
      picture.setMethod(method, *settings, {.out = out, .in = 576});
      const auto labels = picture.labelRects();
      EXPECT_FALSE(labels.empty()) << method.name;
      for (std::size_t i = 0; i < labels.size(); ++i)
        for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(labels[i].adjusted(1, 2, -1, -2).intersects(labels[j])) << method.name << ", out " << out;
    }
  }
}

TEST(Picture, DrawsWhatASettingMakesOfTheMatrix) {
  const auto dora = find_method("dora");
  ASSERT_TRUE(dora.ok());
  const auto settings = complete_settings((*dora)->settings, Json{{"magnitude_only", {"o_proj"}}}, "method");
  ASSERT_TRUE(settings.ok());
  MethodPicture picture(theme(), MethodPicture::Size::Full, nullptr);
  picture.setMethod(**dora, *settings, {.path = "model.layers.0.self_attn.q_proj", .out = 576, .in = 576});
  EXPECT_EQ(picture.parts().size(), 4u);
  picture.setMethod(**dora, *settings, {.path = "model.layers.0.self_attn.o_proj", .out = 576, .in = 576});
  EXPECT_EQ(picture.parts().size(), 2u);   // m and W
}

TEST(Themes, SixRunsDifferInColourAndDash) {
  for (int a = 0; a < 6; ++a)
    for (int b = 0; b < a; ++b) {
      EXPECT_NE(theme().runPen(a, 2).color(), theme().runPen(b, 2).color());
      EXPECT_NE(theme().runPen(a, 2).dashPattern(), theme().runPen(b, 2).dashPattern()) << a << ' ' << b;
    }
}

TEST(Picture, GrowsWithTheRank) {
  const auto method = find_method("lora");
  ASSERT_TRUE(method.ok());
  double before = 0;
  for (const int rank : {1, 4, 16, 64, 256}) {
    auto settings = complete_settings((*method)->settings, Json{{"rank", rank}}, "method");
    ASSERT_TRUE(settings.ok());
    MethodPicture picture(theme(), MethodPicture::Size::Full, nullptr);
    picture.resize(picture.sizeHint());
    picture.setMethod(**method, *settings, {.out = 2048, .in = 2048});
    for (const auto& part : picture.parts())
      if (part.part.symbol == "B") {
        EXPECT_GE(part.rect.width(), before);
        before = part.rect.width();
      }
  }
  EXPECT_GT(before, 15);
}

TEST(Palettes, AreReadable) {
  for (const auto& p : {lightPalette(), darkPalette()}) {
    for (const auto& back : {p.window, p.surface, p.raised}) {
      EXPECT_GE(contrast(p.text, back), 4.5);
      EXPECT_GE(contrast(p.secondary, back), 4.5);
      EXPECT_GE(contrast(p.good, back), 4.0);
      EXPECT_GE(contrast(p.bad, back), 4.5);
      EXPECT_GE(contrast(p.warning, back), 4.5);
      EXPECT_GE(contrast(p.accent, back), 4.5);
    }
    EXPECT_GE(contrast(p.onAccent, p.accent), 4.5);
  }
  for (double t = 0; t <= 1; t += 0.05) {
    const QColor cell = mapColor(ColorMap::Viridis, t);
    EXPECT_GE(contrast(readableOn(cell), cell), 4.0) << t;
  }
}

ProjectOverview two_runs() {
  ProjectOverview overview;
  for (const RunId id : {1, 2}) {
    RunRecord run;
    run.id = id;
    run.name = "r" + std::to_string(id);
    run.state = id == 1 ? "done" : "running";
    run.config = Json{{"method", {{"name", "lora"}, {"rank", 8}}}, {"model", {{"path", "/a/model.gguf"}}}, {"data", {{"path", "/a/rows-" + std::to_string(id) + ".jsonl"}}}};
    run.last_loss = 1.5 / static_cast<double>(id);
    overview.runs.push_back(run);
    overview.runs.back().last_step = 3;
  }
  overview.artifacts.push_back({.id = 1, .run = 1, .step = 20, .format = "peft", .path = "/tmp/x", .bytes = 9800000});
  return overview;
}

TEST(ProjectTree, ObeysTheModelTester) {
  ProjectModel model;
  QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  model.setInputs(QStringLiteral("/a/model.gguf"), QStringLiteral("/a/data.jsonl"));
  model.setOverview(two_runs());
  model.setOverview(two_runs());
  const auto first = model.index(0, 0, model.index(ProjectModel::RunSection, 0));
  EXPECT_EQ(text_of(first.data().toString()), "r2 LoRA r8");   // newest first
  EXPECT_EQ(text_of(first.data(ProjectModel::StateRole).toString()), "running");
  EXPECT_EQ(model.withoutSpark(0, 9), (std::vector<RunId>{2, 1}));
  EXPECT_EQ(model.withoutSpark(1, 1), (std::vector<RunId>{1}));
  model.setSparks({2}, {{2.0, 1.8, 1.5}});
  EXPECT_EQ(first.data(ProjectModel::SparkRole).toList().size(), 3);
  model.setOverview(two_runs());  // as many steps as before: nothing is read again
  EXPECT_EQ(model.withoutSpark(0, 9), (std::vector<RunId>{1}));
  RunHistory live;
  live.id = 2;
  live.stateWord = QStringLiteral("paused");
  live.loss.put(1, 0.5);
  model.updateRun(live);
  EXPECT_EQ(text_of(first.data(ProjectModel::StateRole).toString()), "paused");
  EXPECT_EQ(text_of(first.data(ProjectModel::ValueRole).toString()), "0.50");
  EXPECT_EQ(model.rowCount(model.index(ProjectModel::ExportSection, 0)), 1);
  const auto models = model.index(ProjectModel::ModelSection, 0), data = model.index(ProjectModel::DataSection, 0);
  ASSERT_EQ(model.rowCount(models), 1);
  EXPECT_TRUE(model.index(0, 0, models).data(ProjectModel::ValueRole).toString().startsWith(QLatin1String("2 run")));
  EXPECT_EQ(model.index(0, 0, models).data(ProjectModel::StateRole).toString(), kMissing);   // there is no such file
  ASSERT_EQ(model.rowCount(data), 3);                                                        // that of Set up first, then those of the runs
  EXPECT_EQ(text_of(model.index(1, 0, data).data().toString()), "rows-2.jsonl");
  model.setOverview({});
  EXPECT_EQ(model.rowCount(data), 1);
  EXPECT_EQ(model.rowCount(model.index(ProjectModel::RunSection, 0)), 0);
  model.setInputs({}, {});
  EXPECT_EQ(model.rowCount(data), 0);
}

TEST(ProjectTree, ListsWhatIsStillToBeRun) {
  ProjectModel model;
  QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  std::vector<QueueItem> items(3);
  const std::string_view states[] = {kQueueDone, kQueueRunning, kQueueWaiting};
  for (std::size_t i = 0; i < items.size(); ++i) items[i].entry = {.id = static_cast<QueueId>(i) + 1, .name = "sweep " + std::to_string(i), .state = std::string(states[i])};
  items[1].step = 5;
  items[1].totalSteps = 20;
  items[2].differs = QStringLiteral("rank 8");
  model.setQueue(items);
  const auto queue = model.index(ProjectModel::QueueSection, 0);
  ASSERT_EQ(model.rowCount(queue), 2);   // what is done stands among the runs
  const auto running = model.index(0, 0, queue), waiting = model.index(1, 0, queue);
  EXPECT_EQ(text_of(running.data(Qt::AccessibleTextRole).toString()), "sweep 1, running, 25 %");
  EXPECT_EQ(text_of(waiting.data(ProjectModel::IconRole).toString()), "clock");
  EXPECT_EQ(text_of(waiting.data(Qt::ToolTipRole).toString()), "waiting\nrank 8");
  items[1].entry.state = kQueueFailed;
  items[1].entry.message = "loss is NaN";
  model.setQueue(items);
  EXPECT_EQ(text_of(running.data(Qt::ToolTipRole).toString()), "failed\nloss is NaN");
}

TEST(Log, ObeysTheModelTesterAndForgetsTheOldest) {
  LogModel log;
  QAbstractItemModelTester tester(&log, QAbstractItemModelTester::FailureReportingMode::Fatal);
  log.add(LogEntry::Level::Info, QStringLiteral("a"));
  log.add(LogEntry::Level::Warning, QStringLiteral("b"), 3);
  EXPECT_EQ(log.problems(), 1);
  EXPECT_NE(text_of(log.report()).find("warning [step 3] b"), std::string::npos);
  log.clear();
  EXPECT_EQ(log.rowCount(), 0);
}

QByteArray saved(ExportableChart& chart, const QString& path) {
  EXPECT_TRUE(saveChart(chart, path)) << text_of(path);
  QFile file(path);
  EXPECT_TRUE(file.open(QIODevice::ReadOnly));
  return file.readAll();
}

TEST(Charts, AreSavedAsPictureAndNumbers) {
  QTemporaryDir folder;
  SeriesPlot loss(theme(), QStringLiteral("loss"), QStringLiteral("loss"), {}, nullptr);
  loss.addSeries({.name = QStringLiteral("train"), .smooth = true});
  Curve curve;
  for (int i = 1; i <= 50; ++i) curve.put(i, 3.0 / i);
  loss.setCurve(0, curve);
  loss.resize(400, 300);
  loss.refresh();
  SpectrumPlot spectrum(theme(), nullptr);
  spectrum.resize(400, 300);
  spectrum.setView({.site = QStringLiteral("q_proj"), .step = 5, .values = {1.0F, 0.5F}, .ghost = {0.1F, 0.1F}, .energy90 = 1, .energy95 = 2, .energy99 = 2, .top = 1});
  HeatMap map(theme(), nullptr);
  map.resize(400, 300);
  map.setData({.columns = {QStringLiteral("q_proj")}, .rows = {0, 1}, .values = {1.5, 2.5}, .low = 1, .high = 3});
  for (ExportableChart* chart : {static_cast<ExportableChart*>(&loss), static_cast<ExportableChart*>(&spectrum), static_cast<ExportableChart*>(&map)}) {
    const QString stem = folder.filePath(chart->chartName());
    EXPECT_TRUE(saved(*chart, stem + QStringLiteral(".png")).startsWith("\x89PNG"));
    EXPECT_TRUE(saved(*chart, stem + QStringLiteral(".svg")).contains("<svg"));
    EXPECT_TRUE(saved(*chart, stem + QStringLiteral(".pdf")).startsWith("%PDF"));
    EXPECT_GT(saved(*chart, stem + QStringLiteral(".csv")).count('\n'), 2);
    EXPECT_FALSE(saveChart(*chart, folder.filePath(QStringLiteral("missing/x.csv"))));
  }
  EXPECT_NE(text_of(map.csv()).find("1,q_proj,2.5"), std::string::npos);
  EXPECT_EQ(loss.pointCount(0), 50U);
  curve.cutFrom(11);   // a resume writes anew
  loss.setCurve(0, curve);
  EXPECT_EQ(loss.pointCount(0), 10U);
}

// Half of the energy in one direction, the rest in seven alike: what is kept is known, and the cut follows slider and mouse alike.
TEST(RankCut, SaysWhatARankKeepsAndExportsAtIt) {
  QWidget host;
  host.resize(640, 360);
  auto* all = new QVBoxLayout(&host);
  auto* plot = new SpectrumPlot(theme(), &host);
  auto* cut = new RankCut(theme(), *plot, RankCut::Size::Whole, &host);
  all->addWidget(plot, 1);
  all->addWidget(cut);
  host.show();
  const std::vector<SiteShape> sites{{"a", "q_proj", 0, 64, 32, 8}, {"b", "k_proj", 0, 16, 4, 8}};
  SpectrumView view{.site = QStringLiteral("a"), .step = 3, .values = {std::sqrt(7.0F), 1, 1, 1, 1, 1, 1, 1}};
  view.noise = noise_of(view.values, sites[0]);
  EXPECT_EQ(view.noise.above, 1);
  plot->setView(view);
  cut->follow(sites, 8);
  EXPECT_EQ(plot->cut(), 8);
  cut->slider()->setValue(1);
  EXPECT_EQ(plot->cut(), 1);
  EXPECT_EQ(text_of(cut->text()), "rank 1 keeps 50.0 % of the energy · 1 above the noise edge · all matrices at this rank: 116 parameters, 464 B");   // 64 + 32 + 16 + 4
  cut->follow(sites, 8);
  EXPECT_EQ(cut->rank(), 1) << "what was chosen stays";

  auto* canvas = plot->findChild<QWidget*>();
  ASSERT_NE(canvas, nullptr);
  QTest::qWait(50);
  const auto at = [&](double index) { return QPoint(static_cast<int>(plot->xOf(index)), canvas->height() / 2); };
  const double last = plot->xOf(8);
  QTest::mousePress(canvas, Qt::LeftButton, {}, at(1.5));
  QTest::mouseMove(canvas, at(3.4));
  QTest::mouseMove(canvas, at(4.6));
  QTest::mouseRelease(canvas, Qt::LeftButton, {}, at(4.6));
  EXPECT_EQ(cut->rank(), 4);
  EXPECT_EQ(plot->cut(), 4);
  EXPECT_EQ(plot->xOf(8), last) << "taking the cut does not move the chart";
  int wanted = 0;
  QObject::connect(cut, &RankCut::exportWanted, [&](int rank) { wanted = rank; });
  cut->button()->click();
  EXPECT_EQ(wanted, 4);
}

TEST(Tokens, AreVisible) {
  EXPECT_EQ(text_of(visibleToken(" the")), "·the");
  EXPECT_EQ(text_of(visibleToken("\n")), "⏎");
  EXPECT_EQ(text_of(visibleToken("\xE2\x82")), "‹E282›");
  EXPECT_EQ(text_of(visibleToken("")), "∅");
}

TEST(History, IsTheSameLiveAndForgetsWhatAResumeWritesAnew) {
  RunHistory history;
  for (const auto& event : plausible_run(40, 2, 5, 10)) history.apply(event);
  EXPECT_EQ(history.loss.steps.size(), 40U);
  EXPECT_EQ(history.evalLoss.steps.size(), 5U);
  EXPECT_EQ(history.spectra.size(), 9U);
  EXPECT_EQ(history.sites.size(), 14U);
  EXPECT_FALSE(history.running());
  EXPECT_EQ(history.spectraAt(12)->step, 10);
  StartedEvent again;
  again.first_step = 21;
  again.total_steps = 40;
  history.apply(Event(again));
  EXPECT_EQ(history.loss.steps.size(), 20U);
  EXPECT_EQ(history.spectra.back().step, 20);
  EXPECT_EQ(history.lastStep, 20);
}

TEST(Phases, AreNamedByTooltipAndKeys) {
  PhaseBar bar(theme(), nullptr);
  bar.resize(1000, PhaseBar::kHeight);
  EXPECT_EQ(text_of(bar.accessibleName()), "Where a step's time goes: not known");
  EXPECT_FALSE(bar.phaseAt(10).has_value());
  StepTime time{2, 1024, 1000, 296, {}};
  time.phase_ms[phase_index(Phase::Linears)] = 204;
  time.phase_ms[phase_index(Phase::Attention)] = 92;
  bar.setTime(time, std::nullopt);
  EXPECT_EQ(text_of(bar.segmentText(Phase::Attention)), "attention 31 % – 46 ms of 148 ms a step");
  EXPECT_EQ(text_of(bar.accessibleName()), "Where a step's time goes: linears 69 %, attention 31 %");
  EXPECT_EQ(bar.phaseAt(600), Phase::Linears);
  EXPECT_EQ(bar.phaseAt(800), Phase::Attention);
  QTest::keyClick(&bar, Qt::Key_End);
  EXPECT_EQ(bar.chosen(), Phase::Attention);
  EXPECT_EQ(bar.accessibleDescription(), bar.segmentText(Phase::Attention));
  QTest::keyClick(&bar, Qt::Key_Left);
  EXPECT_EQ(bar.chosen(), Phase::Linears);
  bar.setTime(time, floor_share(time, {512, 500, {0.08, 0.03, 0}, 0}));
  EXPECT_EQ(text_of(bar.segmentText(Phase::Attention)), "attention 31 % – 46 ms of 148 ms a step; its floor is 30 ms");
}

// What is above the floor is paler than what is not.
TEST(Phases, ArePaleAboveTheirFloor) {
  for (const auto choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
    theme().choose(choice);
    const Palette& p = theme().palette();
    PhaseBar bar(theme(), nullptr);
    bar.resize(400, PhaseBar::kHeight);
    StepTime time{1, 100, 100, 100, {}};
    time.phase_ms[phase_index(Phase::Linears)] = 100;
    bar.setTime(time, floor_share(time, {100, 100, {0.05, 0, 0}, 0}));
    const QImage image = bar.grab().toImage();
    const auto at = [&](double share) { return image.pixelColor(static_cast<int>(share * image.width()), static_cast<int>(7 * image.devicePixelRatio())); };
    EXPECT_EQ(at(0.25).name().toStdString(), p.series[0].name().toStdString());
    EXPECT_LT(contrast(at(0.75), p.surface), contrast(at(0.25), p.surface));
    EXPECT_GT(contrast(at(0.75), p.surface), 1.15);
  }
}

TEST(History, ShowsTheStepTimesThatTheProjectHolds) {
  RunHistory live;
  for (const auto& event : plausible_run(30, 2, 0, 0)) live.apply(event);
  EXPECT_EQ(live.stepTime.steps, 20);
  EXPECT_EQ(live.stepTime.ms, 20 * 1600);
  RunData data;
  data.events = {{1, 20, "step_time", to_json(StepTime{20, 1, 1, 5, {}}), ""}, {1, 30, "step_time", to_json(live.stepTime), ""},
                 {1, 30, "step_time", "nonsense", ""}, {1, 0, "floor", to_json(BatchFloor{512, 360, {0.8, 0.1, 0.1}, 1}), ""}};
  const RunHistory read = RunHistory::fromProject(data);
  EXPECT_EQ(to_json(read.stepTime), to_json(live.stepTime));
  ASSERT_TRUE(read.floor.has_value());
  EXPECT_EQ(read.floor->tokens, 512);
}

TEST(History, ReadsLayerAndModuleFromAPath) {
  EXPECT_EQ(siteFromPath("model.layers.12.self_attn.q_proj").layer, 12);
  EXPECT_EQ(siteFromPath("model.layers.12.self_attn.q_proj").module, "q_proj");
  EXPECT_EQ(siteFromPath("lm_head").layer, -1);
}

}  // namespace
}  // namespace weft::test
