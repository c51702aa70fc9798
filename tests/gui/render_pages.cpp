// SPDX-License-Identifier: GPL-3.0-or-later
// Renders the pages of a project that holds a scripted run, for looking at: render_pages FOLDER THEME [WIDTH HEIGHT].
// The numbers of the run are invented; pictures for the documents come from `weft PROJECT --screenshot`.
#include <cmath>

#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTextStream>

#include "app/gui/startup.h"
#include "app/gui/workbench.h"
#include "tests/gui/gui_test.h"
#include "tests/gui/scripted_engine.h"
#include "ui/panels/data_card.h"
#include "ui/panels/live_page.h"
#include "ui/panels/notice_strip.h"
#include "ui/panels/steer_panel.h"
#include "ui/panels/adapter_chooser.h"
#include "ui/panels/try_page.h"
#include "ui/panels/step_time_strip.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/phase_bar.h"
#include "ui/widgets/setting_field.h"

namespace {

enum class Scene { Steered, NoNumber, NoRoom, NoMemory };

// A run that is still going on at step 44 of 80, changed twice; or what ended it there.
std::vector<weft::Event> steered_run(Scene scene) {
  using namespace weft;
  std::vector<Event> events;
  for (const auto& event : test::plausible_run(80, 30, 4, 10)) {
    const auto* step = std::get_if<StepEvent>(&event);
    if (step && step->step == 45) break;
    if (step && step->step == 22) events.emplace_back(EditEvent{*parse_edit("22:lr=1e-4"), "learning rate 0.0002 to 0.0001", 80});
    if (step && step->step == 36) events.emplace_back(EditEvent{*parse_edit("36:steps=90,dropout=0.1"), "end at step 90 instead of 80 (the learning rate now falls to zero there); dropout (adapter_rate) 0 to 0.1", 90});
    events.push_back(event);
    if (const auto* eval = std::get_if<EvalEvent>(&event); eval && eval->step > 0) events.emplace_back(BestEvent{eval->step, eval->loss, 0});
  }
  if (scene == Scene::Steered) return events;
  if (scene == Scene::NoRoom) {
    events.emplace_back(StateEvent{RunState::Paused, 44, "[train.checkpoint] step 44: a checkpoint takes 58.7 MB and 21.3 MB are free at /home/me/support-bot.files/checkpoints/r1; it is not "
                                                         "written yet, and nothing is lost. Free some space, or keep fewer checkpoints (keep=1), and continue", "disk"});
    return events;
  }
  if (scene == Scene::NoMemory) {
    events.emplace_back(FinishedEvent{.outcome = "failed", .step = 44, .seconds = 70, .peak_rss_bytes = 3900000000, .code = weft::error_code_name(weft::ErrorCode::OutOfMemory)});
    std::get<FinishedEvent>(events.back()).message = "[train] not enough memory; use shorter rows, fewer tokens a batch or a smaller model (at step 45, a batch of 4096 tokens with rows of up to "
                                                     "1988; at most 3.9 GB were taken. The checkpoint of step 40 is whole)";
    return events;
  }
  events.emplace_back(StepEvent{.step = 45, .loss = std::nan(""), .grad_norm = std::nan(""), .lr = 1e-4, .ms = 1600});
  events.emplace_back(StateEvent{RunState::Paused, 45, "[train.step] loss is nan at step 45 (learning rate 0.0001, gradient norm 3.1 just before), first at model.layers.17.mlp.down_proj; the update was not applied. "
                                                       "Lower the learning rate, or continue to skip this batch of 2 rows", "loss"});
  events.emplace_back(BadStepEvent{.step = 45, .what = "loss", .site = "model.layers.17.mlp.down_proj", .lr = 1e-4, .grad_norm_before = 3.1,
                                   .rows = {{412, 233, "<|im_start|>user\nHow do I reset my password?<|im_end|>\n<|im_start|>assistant\nOpen Settings, then Account.<|im_end|>"},
                                            {377, 190, "<|im_start|>user\n0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0<|im_end|>\n<|im_start|>assistant\n0 0 0 0 0 0<|im_end|>"}}, .more_rows = 0});
  return events;
}

// Pictures of a run that goes on: the same window, another engine.
void shoot_steering(weft::ui::Theme& theme, const weft::ui::Sample& sample, const QString& folder, const QString& stem, Scene scene, const QSize& size) {
  QTemporaryDir home;
  weft::gui::Workbench workbench([scene] { return weft::Result<std::unique_ptr<weft::Engine>>(std::make_unique<weft::test::ScriptedEngine>(steered_run(scene))); });
  weft::ui::MainWindow window(theme, workbench, sample);
  window.resize(size);
  window.show();
  workbench.loadEngine();
  bool open = false;
  window.openProject(home.filePath(QStringLiteral("support-bot.weft")), true, [&](bool) { open = true; });
  if (!weft::test::wait_until([&] { return open && workbench.hasEngine(); })) return;
  window.openPath(QStringLiteral(WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf"));
  window.openPath(QStringLiteral(WEFT_TEST_DATA "/data_sets/story.txt"));
  if (!weft::test::wait_until([&] { return window.draft().ready(); }, 60000)) return;
  window.train();
  (void)weft::test::wait_until([&] { return window.desk().live() && window.desk().live()->lastStep >= 44; }, 60000);
  window.showPage(weft::ui::Page::Live);
  window.livePage()->notices()->refresh();
  if (scene == Scene::Steered) {
    window.livePage()->steerButton()->click();
    auto* rate = window.livePage()->steerPanel()->field(QStringLiteral("lr"))->lineEdit();
    rate->setFocus();
    rate->selectAll();
    QTest::keyClicks(rate, QStringLiteral("5e-5"));
    QTest::keyClick(rate, Qt::Key_Return);
  }
  QTest::qWait(400);
  window.livePage()->refreshNow();
  QTest::qWait(100);
  window.grab().save(QStringLiteral("%1/%2.png").arg(folder, stem));
  if (scene != Scene::NoNumber) return;
  window.livePage()->notices()->batchButton()->click();
  QTest::qWait(200);
  if (auto* batch = window.livePage()->notices()->findChild<QDialog*>()) batch->grab().save(QStringLiteral("%1/%2-batch.png").arg(folder, stem));
}

}  // namespace

int main(int argc, char** argv) {
  QTemporaryDir home;
  qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
  QApplication application(argc, argv);
  const QStringList arguments = QApplication::arguments();
  if (arguments.size() < 3) {
    QTextStream(stderr) << "render_pages FOLDER light|dark [WIDTH HEIGHT]\n";
    return 2;
  }
  weft::ui::Theme theme(application);
  const bool dark = arguments[2] == QLatin1String("dark");
  theme.choose(dark ? weft::ui::ThemeChoice::Dark : weft::ui::ThemeChoice::Light);
  const auto sample = weft::gui::findSample();
  qputenv("WEFT_CACHE", home.path().toUtf8());   // an invented floor is not kept
  weft::gui::Workbench workbench([] {
    return weft::Result<std::unique_ptr<weft::Engine>>(std::make_unique<weft::test::ScriptedEngine>(weft::test::plausible_run(60, 30, 5, 20)));
  });
  weft::ui::MainWindow window(theme, workbench, sample);
  window.resize(arguments.value(3, QStringLiteral("1440")).toInt(), arguments.value(4, QStringLiteral("900")).toInt());
  window.show();
  workbench.loadEngine();
  bool open = false;
  window.openProject(home.filePath(QStringLiteral("support-bot.weft")), true, [&](bool) { open = true; });
  if (!weft::test::wait_until([&] { return open && workbench.hasEngine(); })) return 1;
  if (!sample.config.is_null())
    window.openSample();
  else {
    window.openPath(QStringLiteral(WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf"));
    window.openPath(QStringLiteral(WEFT_TEST_DATA "/data_sets/story.txt"));
  }
  (void)weft::test::wait_until([&] { return window.draft().ready(); }, 60000);
  QDir().mkpath(arguments[1]);
  const auto shoot = [&](const char* name, weft::ui::Page page) {
    window.showPage(page);
    QTest::qWait(200);
    window.livePage()->refreshNow();
    QTest::qWait(100);
    window.grab().save(QStringLiteral("%1/%2-%3.png").arg(arguments[1], QLatin1String(name), arguments[2]));
  };
  shoot("setup", weft::ui::Page::Setup);
  window.draft().setMethod("dora");
  shoot("setup-dora", weft::ui::Page::Setup);
  window.draft().setMethod("lora");
  window.train();
  (void)weft::test::wait_until([&] { return window.desk().live() && !window.desk().isLive(); }, 60000);
  QTest::qWait(500);
  shoot("live", weft::ui::Page::Live);
  auto* strip = window.livePage()->stepTime();
  strip->measureButton()->click();
  (void)weft::test::wait_until([&] { return strip->text().contains(QLatin1String("of the floor")); }, 10000);
  strip->bar()->setFocus();
  shoot("live-floor", weft::ui::Page::Live);
  shoot("inspect", weft::ui::Page::Inspect);
  shoot("compare", weft::ui::Page::Compare);
  shoot("export", weft::ui::Page::Export);
  shoot("try-empty", weft::ui::Page::Try);
  auto* talk = window.tryPage();
  for (const char* prompt : {"What is a tensor?", "And in one sentence, for a child who is good at drawing?"}) {
    talk->conversation().setSpeakers({{.name = QStringLiteral("base"), .strength = 0}, {.name = QStringLiteral("r1, step 60"), .strength = 0.8}});
    (void)talk->conversation().ask(QLatin1String(prompt));
    (void)weft::test::wait_until([&] { return !talk->conversation().busy(); }, 10000);
  }
  talk->turns().front()->markUnsure(true);
  talk->turns().back()->sentButton(1)->click();
  shoot("try", weft::ui::Page::Try);
  window.showPage(weft::ui::Page::Setup);
  window.setupPage()->choose(weft::ui::Subject::Run);
  shoot("setup-run", weft::ui::Page::Setup);
  using View = weft::ui::DataCard::View;
  for (const auto& [name, view] : {std::pair("setup-chat", View::Chat), {"setup-lengths", View::Lengths}, {"setup-findings", View::Findings}}) {
    window.setupPage()->dataCard()->showView(view);
    shoot(name, weft::ui::Page::Setup);
  }
  window.setupPage()->choose(weft::ui::Subject::Model);
  shoot("setup-model", weft::ui::Page::Setup);
  shoot_steering(theme, sample, arguments[1], QStringLiteral("live-steer-") + arguments[2], Scene::Steered, window.size());
  shoot_steering(theme, sample, arguments[1], QStringLiteral("live-stuck-") + arguments[2], Scene::NoNumber, window.size());
  shoot_steering(theme, sample, arguments[1], QStringLiteral("live-disk-") + arguments[2], Scene::NoRoom, window.size());
  shoot_steering(theme, sample, arguments[1], QStringLiteral("live-memory-") + arguments[2], Scene::NoMemory, window.size());
  return 0;
}
