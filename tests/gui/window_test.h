// SPDX-License-Identifier: GPL-3.0-or-later
// A whole window over a Workbench with an engine that plays a script, for tests of what people do with it.
#pragma once

#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QSignalSpy>

#include "app/gui/workbench.h"
#include "tests/gui/gui_test.h"
#include "tests/support/fake_engine.h"
#include "ui/shell/main_window.h"

namespace weft::test {

inline const QString kModel = QStringLiteral(WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf");
inline const QString kData = QStringLiteral(WEFT_TEST_DATA "/data_sets/story.txt");

inline ui::Theme& theme() {
  static auto* shared = new ui::Theme(*qApp);
  return *shared;
}

// `made`, where given, is the engine once the window has loaded it.
inline gui::EngineFactory fake_engine(FakeScript script = {}, FakeEngine** made = nullptr) {
  return [script, made] {
    auto engine = std::make_unique<FakeEngine>(script);
    if (made) *made = engine.get();
    return Result<std::unique_ptr<Engine>>(std::move(engine));
  };
}

struct Desk {
  explicit Desk(gui::EngineFactory factory, const ui::Sample& sample = {}) : workbench(std::move(factory)), window(theme(), workbench, sample) {
    window.resize(1440, 900);
    window.show();
    workbench.loadEngine();
  }
  bool open(const QString& project) {
    bool answered = false, opened = false;
    window.openProject(project, true, [&](bool ok) {
      answered = true;
      opened = ok;
    });
    return wait_until([&] { return answered; }) && opened;
  }
  QString state() { return window.desk().live() ? window.desk().live()->stateWord : QString(); }
  gui::Workbench workbench;
  ui::MainWindow window;
};

inline void set_up(Desk& desk, std::int64_t steps) {
  desk.window.openPath(kModel);
  desk.window.openPath(kData);
  auto& draft = desk.window.draft();
  draft.set("train", "steps", steps);
  draft.set("train", "eval_every", 10);
  draft.set("train", "batch_tokens", 128);
  draft.set("data", "max_length", 64);
  draft.set("method", "rank", 4);
  ASSERT_TRUE(wait_until([&] { return draft.ready() && desk.workbench.hasEngine(); }))
      << text_of(draft.modelReadiness().why) << " / " << text_of(draft.dataReadiness().why) << " / " << text_of(draft.methodReadiness().why);
}

// Leaves the last run as it stands in a project whose program died.
void interrupt_last_run(const QString& project);

}  // namespace weft::test
