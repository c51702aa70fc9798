// SPDX-License-Identifier: GPL-3.0-or-later
// Renders the pages of a project that holds a scripted run, for looking at: render_pages FOLDER THEME [WIDTH HEIGHT].
// The numbers of the run are invented; pictures for the documents come from `weft PROJECT --screenshot`.
#include <QApplication>
#include <QDir>
#include <QPushButton>
#include <QTemporaryDir>
#include <QTextStream>

#include "app/gui/startup.h"
#include "app/gui/workbench.h"
#include "tests/gui/gui_test.h"
#include "tests/gui/scripted_engine.h"
#include "ui/panels/data_card.h"
#include "ui/panels/live_page.h"
#include "ui/panels/step_time_strip.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/phase_bar.h"

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
  return 0;
}
