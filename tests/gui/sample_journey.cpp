// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/sample_journey.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QWindow>

#include "engine/core/process.h"
#include "tests/gui/gui_test.h"
#include "ui/panels/export_page.h"

namespace weft::test {
namespace {

using namespace weft::ui;

class KeyCount final : public QObject {
 public:
  KeyCount() { qApp->installEventFilter(this); }
  ~KeyCount() override { qApp->removeEventFilter(this); }
  int count = 0;

 protected:
  bool eventFilter(QObject*, QEvent* event) override {
    count += event->type() == QEvent::KeyPress;
    return false;
  }
};

QPushButton* button_of(QWidget& within, const QString& text, const QString& tip = {}) {
  for (auto* button : within.findChildren<QPushButton*>())
    if (button->isVisible() && button->text().remove(QLatin1Char('&')) == text && (tip.isEmpty() || button->toolTip() == tip)) return button;
  return nullptr;
}

}  // namespace

SampleJourney walk_sample_journey(MainWindow& window, int timeout_ms) {
  SampleJourney journey;
  const KeyCount keys;
  QElapsedTimer clock;
  clock.start();
  const auto stage = [&](const char* name) { journey.stages.push_back({name, process_seconds()}); };
  // Waits for a button that can be pressed, and presses it.
  const auto press = [&](const char* name, const std::function<QPushButton*()>& find) {
    const auto ready = [&] {
      auto* button = find();
      return button && button->isEnabled();
    };
    if (!journey.problem.empty()) return;
    if (!wait_until(ready, timeout_ms - static_cast<int>(clock.elapsed()))) {
      journey.problem = std::string(name) + " cannot be pressed: " + window.runActions().train->toolTip().toStdString() + " / " + window.desk().log().report().toStdString();
      return;
    }
    stage((std::string("press ") + name).c_str());
    QTest::mouseClick(find(), Qt::LeftButton);
    ++journey.clicks;
  };
  const auto await = [&](const char* name, const std::function<bool()>& condition) {
    if (!journey.problem.empty()) return;
    if (wait_until(condition, timeout_ms - static_cast<int>(clock.elapsed()))) return stage(name);
    journey.problem = std::string(name) + " did not come: " + window.desk().log().report().toStdString();
  };
  await("window", [&] { return window.isVisible() && window.windowHandle() && window.windowHandle()->isExposed(); });
  press("Try the sample", [&] { return button_of(*window.setupPage(), QStringLiteral("Try the sample")); });
  await("model and data read", [&] { return window.draft().ready(); });
  press("Train", [&] { return button_of(window, QStringLiteral("Train")); });
  const auto live = [&] { return window.desk().live(); };
  await("first step", [&] { return live() && live()->lastStep > 0; });
  await("run over", [&] { return live() && !live()->running(); });
  press("Export, the page", [&] { return button_of(window, QStringLiteral("Export"), QStringLiteral("Ctrl+6")); });
  auto* page = window.exportPage();
  QObject::connect(page, &ExportPage::exported, page, [&](const QString& path) { journey.folder = path.toStdString(); });
  press("Export", [&] { return page->button(); });
  await("export verified", [&] { return !journey.folder.empty(); });
  QObject::disconnect(page, &ExportPage::exported, page, nullptr);
  for (auto* label : page->findChildren<QLabel*>())
    if (label->text().contains(QLatin1String("loaded again"))) journey.report = label->text().toStdString();
  if (journey.problem.empty() && live()->stateWord != QLatin1String("done")) journey.problem = "the run ended as " + live()->stateWord.toStdString();
  journey.keys = keys.count;
  return journey;
}

}  // namespace weft::test
