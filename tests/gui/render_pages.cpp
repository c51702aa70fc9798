// SPDX-License-Identifier: GPL-3.0-or-later
// Renders every page of a project into FOLDER/WxH@SCALE, in both themes, for looking at: render_pages PROJECT.weft FOLDER [NAME…].
// NAME: only pictures whose names begin so. The project is copied first; runs, answers and close looks are the real engine's. The one
// invented run is the one that is stuck at a loss that is no number.
#include <cmath>

#include <QApplication>
#include <QCheckBox>
#include <QDialog>
#include <QDir>
#include <QFileInfo>
#include <QLineEdit>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTextStream>

#include "app/gui/startup.h"
#include "app/gui/workbench.h"
#include "engine/api/engine_loader.h"
#include "projects/api/project_copy.h"
#include "tests/gui/gui_test.h"
#include "tests/gui/page_pictures.h"
#include "tests/gui/scripted_engine.h"
#include "ui/bridge/text.h"
#include "ui/panels/live_page.h"
#include "ui/panels/notice_strip.h"
#include "ui/panels/steer_panel.h"
#include "ui/panels/try_page.h"
#include "ui/shell/language.h"
#include "ui/shell/main_window.h"

namespace {

using weft::test::PagePicture;
using weft::test::wait_until;
using weft::ui::ThemeChoice;

constexpr int kEngineMs = 60000, kRunMs = 300000;
constexpr int kPausedAt = 14;      // steps of the run that is paused
const QSize kSizes[] = {{1440, 900}, {1280, 800}};

struct Studio {
  weft::ui::Theme& theme;
  QString folder;
  QStringList wanted;              // beginnings of names; empty: all

  [[nodiscard]] bool wants(const QString& name) const {
    return wanted.isEmpty() || std::any_of(wanted.begin(), wanted.end(), [&](const QString& w) { return name.startsWith(w); });
  }
  [[nodiscard]] bool wants(const std::vector<PagePicture>& pictures) const {
    return std::any_of(pictures.begin(), pictures.end(), [this](const PagePicture& p) { return wants(p.name); });
  }
  void save(const QPixmap& picture, const QString& into, const QString& name) const {
    const QString path = QStringLiteral("%1/%2").arg(folder, into);
    QDir().mkpath(path);
    // quality 0: the smallest file, of the same pixels
    if (!picture.toImage().convertToFormat(QImage::Format_RGB32).save(QStringLiteral("%1/%2-%3.png").arg(path, name, theme.palette().dark ? QStringLiteral("dark") : QStringLiteral("light")), "PNG", 0))
      QTextStream(stderr) << "could not write into " << path << '\n';
  }
  void shoot(weft::ui::MainWindow& window, const std::vector<PagePicture>& pictures) const {
    for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark})
      for (const QSize& size : kSizes) {
        theme.choose(choice);
        window.resize(size);
        QTest::qWait(50);
        for (const auto& picture : pictures) {
          if (!wants(picture.name)) continue;
          picture.arrange();
          QTest::qWait(250);
          window.livePage()->refreshNow();
          QTest::qWait(100);
          save(weft::test::grab_all(window), QStringLiteral("%1x%2@%3").arg(size.width()).arg(size.height()).arg(window.devicePixelRatioF()), picture.name);
        }
      }
  }
};

void ask_something(weft::ui::MainWindow& window) {
  auto* talk = window.tryPage();
  window.showPage(weft::ui::Page::Try);
  talk->chooseRun(window.desk().overview().runs.front().id);
  for (const char* prompt : {"What is a tensor?", "And in one sentence, for a child who is good at drawing?"}) {
    talk->prompt()->setPlainText(QLatin1String(prompt));
    if (!wait_until([&] { return talk->sendButton()->isEnabled(); }, kEngineMs)) return;
    talk->send();
    (void)wait_until([&] { return !talk->conversation().busy(); }, kRunMs);
  }
  for (auto* box : talk->findChildren<QCheckBox*>())
    if (box != talk->base()) box->setChecked(true);   // unsure tokens
}

bool pause_a_run(weft::ui::MainWindow& window) {
  auto& desk = window.desk();
  window.draft().setMethod("dora");
  window.draft().set("samples", "prompts", weft::Json::array({"What is a tensor?"}));
  window.draft().set("samples", "every", 10);
  if (!wait_until([&] { return window.draft().ready(); }, kEngineMs)) return false;
  window.train();
  if (!wait_until([&] { return desk.live() && desk.live()->lastStep >= kPausedAt; }, kRunMs)) return false;
  desk.control(weft::Control::Pause);
  return wait_until([&] { return desk.live()->stateWord == QLatin1String("paused"); }, kRunMs);
}

enum class Scene { NoNumber, NoRoom, NoMemory };

// What stopped a run at step 44 of 80.
std::vector<weft::Event> stopped_run(Scene scene) {
  using namespace weft;
  std::vector<Event> events;
  for (const auto& event : test::plausible_run(80, 30, 4, 10)) {
    const auto* step = std::get_if<StepEvent>(&event);
    if (step && step->step == 45) break;
    events.push_back(event);
    if (const auto* eval = std::get_if<EvalEvent>(&event); eval && eval->step > 0) events.emplace_back(BestEvent{eval->step, eval->loss, 0});
  }
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
  events.emplace_back(StateEvent{RunState::Paused, 45, "[train.step] loss is NaN at step 45 (learning rate 0.0001, gradient norm 3.1 just before), first at model.layers.17.mlp.down_proj; the update was not applied. "
                                                       "Lower the learning rate, or continue to skip this batch of 2 rows", "loss"});
  events.emplace_back(BadStepEvent{.step = 45, .what = "loss", .site = "model.layers.17.mlp.down_proj", .lr = 1e-4, .grad_norm_before = 3.1,
                                   .rows = {{412, 233, "<|im_start|>user\nHow do I reset my password?<|im_end|>\n<|im_start|>assistant\nOpen Settings, then Account.<|im_end|>"},
                                            {377, 190, "<|im_start|>user\n0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0<|im_end|>\n<|im_start|>assistant\n0 0 0 0 0 0<|im_end|>"}}, .more_rows = 0});
  return events;
}

void shoot_stopped(const Studio& studio, const QString& name, Scene scene) {
  QTemporaryDir home;
  weft::gui::Workbench workbench([scene] { return weft::Result<std::unique_ptr<weft::Engine>>(std::make_unique<weft::test::ScriptedEngine>(stopped_run(scene))); });
  weft::ui::MainWindow window(studio.theme, workbench, {});
  window.show();
  workbench.loadEngine();
  bool open = false;
  window.openProject(home.filePath(QStringLiteral("support-bot.weft")), true, [&](bool) { open = true; });
  if (!wait_until([&] { return open && workbench.hasEngine(); })) return;
  window.openPath(QStringLiteral(WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf"));
  window.openPath(QStringLiteral(WEFT_TEST_DATA "/data_sets/story.txt"));
  if (!wait_until([&] { return window.draft().ready(); }, kEngineMs)) return;
  window.train();
  (void)wait_until([&] { return window.desk().live() && window.desk().live()->lastStep >= 44; }, kEngineMs);
  studio.shoot(window, {{name, [&] {
                           window.showPage(weft::ui::Page::Live);
                           window.livePage()->notices()->refresh();
                         }}});
  if (scene != Scene::NoNumber) return;
  window.livePage()->notices()->batchButton()->click();
  QTest::qWait(200);
  if (auto* batch = window.livePage()->notices()->findChild<QDialog*>()) studio.save(batch->grab(), QStringLiteral("sheets"), name + QStringLiteral("-batch"));
}

int render(const Studio& studio, const QString& project) {
  QTemporaryDir home;
  const QString copy = home.filePath(QFileInfo(project).fileName());
  if (const auto copied = weft::copy_project(weft::ui::ss(project), weft::ui::ss(copy)); !copied.ok()) {
    QTextStream(stderr) << weft::ui::qs(copied.status().message()) << '\n';
    return 1;
  }
  weft::gui::Workbench workbench(weft::load_engine);
  weft::ui::MainWindow window(studio.theme, workbench, weft::gui::findSample());
  window.resize(kSizes[0]);
  window.show();
  workbench.loadEngine();
  bool open = false;
  window.openProject(copy, false, [&](bool) { open = true; });
  if (!wait_until([&] { return open && workbench.hasEngine() && !window.desk().overview().runs.empty(); }, kEngineMs)) return 1;
  const auto finished = weft::test::finished_pictures(window), paused = weft::test::paused_pictures(window);
  if (const auto status = window.draft().load(window.desk().overview().runs.front().config); !status.ok()) QTextStream(stderr) << weft::ui::qs(status.message()) << '\n';
  (void)wait_until([&] { return window.draft().ready(); }, kEngineMs);
  if (studio.wants(QStringLiteral("try"))) ask_something(window);
  studio.shoot(window, finished);
  if (studio.wants(paused)) {
    if (!pause_a_run(window)) return 1;
    studio.shoot(window, paused);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  weft::ensure_quiet_openmp(argv);
  QTemporaryDir home;
  qputenv("XDG_CONFIG_HOME", home.path().toUtf8());
  QApplication application(argc, argv);
  const QStringList arguments = QApplication::arguments();
  if (arguments.size() < 3) {
    QTextStream(stderr) << "render_pages PROJECT.weft FOLDER [NAME…]\n";
    return 2;
  }
  weft::ui::installLanguage(application, weft::ui::Language::English);
  weft::ui::Theme theme(application);
  const Studio studio{theme, arguments[2], arguments.mid(3)};
  if (studio.wants(QStringLiteral("methods")))
    for (const ThemeChoice choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
      theme.choose(choice);
      studio.save(weft::test::method_sheet(theme), QStringLiteral("sheets"), QStringLiteral("methods@%1").arg(application.devicePixelRatio()));
    }
  {
    weft::gui::Workbench nothing([] { return weft::Result<std::unique_ptr<weft::Engine>>(std::make_unique<weft::test::ScriptedEngine>(std::vector<weft::Event>())); });
    weft::ui::MainWindow window(theme, nothing, {});
    window.show();
    studio.shoot(window, weft::test::empty_pictures(window));
  }
  for (const auto& [name, scene] : {std::pair("live-stuck", Scene::NoNumber), {"live-disk", Scene::NoRoom}, {"live-memory", Scene::NoMemory}})
    if (studio.wants(QLatin1String(name))) shoot_stopped(studio, QLatin1String(name), scene);
  return render(studio, arguments[1]);
}
