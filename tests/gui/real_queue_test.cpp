// SPDX-License-Identifier: GPL-3.0-or-later
// The queue of the window with the real engine: two runs one after the other, the first of which fails; and the notification at its end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "engine/api/engine_loader.h"
#include "tests/gui/window_test.h"
#include "ui/bridge/text.h"
#include "ui/panels/queue_page.h"
#include "ui/shell/notifier.h"
#include "ui/shell/status_line.h"

namespace weft::test {
namespace {

using namespace weft::ui;
using ::testing::HasSubstr;

class RecordedTray final : public DesktopTray {
 public:
  using DesktopTray::DesktopTray;
  [[nodiscard]] bool canTell() const override { return can; }
  void tell(const QString& title, const QString& text, bool bad) override { told.push_back(text_of(title) + ": " + text_of(text) + (bad ? " (bad)" : "")); }
  bool can = true;
  std::vector<std::string> told;
};

std::string states(Desk& desk) {
  std::string text;
  for (const auto& item : desk.window.queueDesk().model().items()) text += item.entry.name + " " + item.entry.state + "\n";
  return text;
}

TEST(RealQueue, RunsGoOnAfterOneThatFailsAndTheDesktopIsTold) {
  if (!std::filesystem::exists(WEFT_BINARY_DIR "/libweft_engine.so")) GTEST_SKIP() << "this build has no engine (WEFT_WITH_TORCH=OFF)";
  QTemporaryDir folder;
  Desk desk(load_engine);
  auto* tray = new RecordedTray;
  desk.window.notifier()->useTray(tray);
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("q.weft"))));
  const QString gone = folder.filePath(QStringLiteral("gone.txt"));
  ASSERT_TRUE(QFile::copy(kData, gone));
  set_up(desk, 4);
  auto& draft = desk.window.draft();
  draft.setDataPath(gone);
  ASSERT_TRUE(wait_until([&] { return draft.ready(); }));
  desk.window.addToQueue();
  ASSERT_TRUE(wait_until([&] { return desk.window.queueDesk().model().items().size() == 1; }));
  draft.setDataPath(kData);
  draft.set("train", "steps", 0);
  draft.set("train", "epochs", 1.0);
  ASSERT_TRUE(wait_until([&] { return draft.ready(); })) << text_of(draft.runReadiness().why);
  desk.window.addToQueue();
  ASSERT_TRUE(wait_until([&] { return desk.window.queueDesk().model().items().size() == 2; }));
  const std::int64_t counted = desk.window.queueDesk().model().items()[1].expected.steps;
  EXPECT_GT(counted, 1) << "of a run in epochs, counted before it begins";
  QFile::remove(gone);   // when its turn comes
  ASSERT_TRUE(wait_until([&] { return desk.window.queueDesk().canRun(); }));
  desk.window.queueDesk().run();
  ASSERT_TRUE(wait_until([&] { return !tray->told.empty(); }, 120000)) << states(desk) << text_of(desk.window.desk().log().report());
  EXPECT_TRUE(wait_until([&] { return states(desk) == "gone failed\nstory done\n"; })) << states(desk);   // the rows are read again after the news
  const auto& items = desk.window.queueDesk().model().items();
  EXPECT_THAT(items[0].entry.message, HasSubstr("gone.txt"));
  ASSERT_TRUE(desk.window.desk().live());
  EXPECT_EQ(desk.window.desk().live()->lastStep, counted) << "as it was told";
  EXPECT_GT(desk.window.desk().live()->checkpointStep, 0);
  EXPECT_FALSE(desk.window.desk().live()->spectra.empty());
  ASSERT_EQ(tray->told.size(), 1U);
  EXPECT_THAT(tray->told[0], HasSubstr("WEFT: "));
  EXPECT_THAT(tray->told[0], HasSubstr("(bad)")) << "one of the two failed";
  desk.window.showPage(Page::Setup);
  Q_EMIT tray->clicked();
  EXPECT_TRUE(desk.window.queuePage()->isVisible()) << "the notification leads to the queue";
}

TEST(Notifier, TellsTheTrayWhereThereIsOneElseTheStatusBar) {
  Desk desk(fake_engine());
  auto* tray = new RecordedTray;
  desk.window.notifier()->useTray(tray);
  desk.window.notifier()->tell(QStringLiteral("WEFT"), QStringLiteral("2 runs done"), false);
  EXPECT_THAT(tray->told, ::testing::ElementsAre("WEFT: 2 runs done"));
  EXPECT_FALSE(desk.window.statusLine()->text().contains(QLatin1String("2 runs done")));
  tray->can = false;
  desk.window.notifier()->tell(QStringLiteral("WEFT"), QStringLiteral("1 of 2 runs failed"), true);
  EXPECT_EQ(tray->told.size(), 1U);
  EXPECT_TRUE(desk.window.statusLine()->text().contains(QLatin1String("1 of 2 runs failed")));
}

}  // namespace
}  // namespace weft::test
