// SPDX-License-Identifier: GPL-3.0-or-later
// What the window says and offers when something goes wrong, row by row of resources/docs/errors.md. Other rows have their tests elsewhere;
// that page names them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sqlite3.h>

#include <filesystem>
#include <fstream>

#include <QAction>
#include <QClipboard>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTableWidget>

#include "tests/gui/window_test.h"
#include "ui/bridge/text.h"
#include "ui/dialogs/batch_dialog.h"
#include "ui/models/diagnostics.h"
#include "ui/panels/data_card.h"
#include "ui/panels/live_page.h"
#include "ui/panels/memory_card.h"
#include "ui/panels/notice_strip.h"
#include "ui/panels/problems_panel.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/status_line.h"
#include "ui/widgets/advice_strip.h"

namespace weft::test {
namespace {

using namespace weft::ui;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;

// A window that trains 20 steps with a checkpoint every fifth, by a script.
struct Training {
  explicit Training(FakeScript script) : desk(fake_engine(script, &engine)) {
    EXPECT_TRUE(desk.open(folder.filePath(QStringLiteral("p.weft"))));
    set_up(desk, 20);
    desk.window.draft().set("train", "checkpoint_every", 5);
    EXPECT_TRUE(wait_until([&] { return desk.window.draft().ready(); }));
    desk.window.runActions().train->trigger();
    EXPECT_TRUE(wait_until([&] { return desk.window.desk().live() != nullptr; }));
  }
  NoticeStrip* strip() { return desk.window.livePage()->notices(); }
  std::string said() { return text_of(strip()->text()); }
  bool reaches(const char* state) {
    return wait_until([&] { return desk.state() == QLatin1String(state); }) && wait_until([&] { return strip()->isVisible(); });
  }
  QTemporaryDir folder;
  FakeEngine* engine = nullptr;
  Desk desk;
};

// Answers the next file dialog with this path.
void answer_file_dialog(const QString& path) {
  QTimer::singleShot(0, qApp, [path] {
    auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
    ASSERT_NE(dialog, nullptr);
    dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))->setText(path);
    QMetaObject::invokeMethod(dialog, "accept");
  });
}

TEST(BadDays, WillNotFitSaysTheNumbersAndTheBiggestPartAndDoesNotTrain) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("p.weft"))));
  set_up(desk, 20);
  desk.window.draft().apply({{"train", "batch_size", 65536}, {"data", "max_length", 131072}});
  ASSERT_TRUE(wait_until([&] { return desk.window.draft().outlook() && !desk.window.draft().outlook()->why_not.empty(); }));
  const auto* card = desk.window.setupPage()->findChild<MemoryCard*>();
  ASSERT_TRUE(wait_until([&] { return card->why().contains(QLatin1String("are free")); }));
  EXPECT_THAT(text_of(card->why()), HasSubstr("most of it is for work ("));
  EXPECT_FALSE(desk.window.runActions().train->isEnabled());
  for (const char* way : {"way-rows", "way-batch"}) EXPECT_NE(card->findChild<QPushButton*>(QLatin1String(way)), nullptr) << way;
}

TEST(BadDays, OutOfMemoryMidRunOffersToGoOnKeepingLess) {
  Training run({.fail_at_step = 12, .fail_code = ErrorCode::OutOfMemory});
  ASSERT_TRUE(run.reaches("failed"));
  EXPECT_THAT(run.said(), HasSubstr("fail at step 12"));
  ASSERT_TRUE(run.strip()->lessButton()->isVisible());
  EXPECT_EQ(text_of(run.strip()->lessButton()->text()), "Resume from step 10, keeping less");
  EXPECT_TRUE(run.strip()->settingsButton()->isVisible());
  run.strip()->lessButton()->click();
  ASSERT_TRUE(wait_until([&] { return run.engine->requests().size() == 2; }));
  const TrainRequest again = run.engine->requests().back();
  EXPECT_THAT(again.resume_from, HasSubstr("step-10"));
  ASSERT_EQ(again.edits.size(), 1U);
  EXPECT_EQ(to_text(again.edits[0]), "11:activations=checkpoint");
  ASSERT_TRUE(run.reaches("failed"));   // the script fails there again
  run.strip()->settingsButton()->click();
  EXPECT_TRUE(run.desk.window.setupPage()->isVisible());
}

TEST(BadDays, OutOfMemoryIsStillOfferedWhenTheProjectIsOpenedAgain) {
  QTemporaryDir folder;
  const QString project = folder.filePath(QStringLiteral("p.weft"));
  {
    Desk desk(fake_engine({.fail_at_step = 12, .fail_code = ErrorCode::OutOfMemory}));
    ASSERT_TRUE(desk.open(project));
    set_up(desk, 20);
    desk.window.runActions().train->trigger();
    ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("failed"); }));
  }
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(project));
  desk.window.showPage(Page::Live);
  desk.window.desk().show(1);
  EXPECT_TRUE(wait_until([&] { return desk.window.livePage()->notices()->lessButton()->isVisible(); }));
}

TEST(BadDays, NonFiniteLossOpensItsBatch) {
  Training run({.pause_at_step = 8, .bad_loss = true});
  ASSERT_TRUE(run.reaches("paused"));
  EXPECT_TRUE(run.strip()->backButton()->isVisible());
  EXPECT_TRUE(run.strip()->skipButton()->isVisible());
  ASSERT_TRUE(run.strip()->batchButton()->isVisible());
  run.strip()->batchButton()->click();
  auto* dialog = run.strip()->findChild<BatchDialog*>();
  ASSERT_NE(dialog, nullptr);
  EXPECT_THAT(text_of(dialog->words()), HasSubstr("first at model.layers.0.mlp"));
  EXPECT_THAT(text_of(dialog->words()), HasSubstr("gradient norm of the step before 0.5"));
  EXPECT_THAT(text_of(dialog->words()), HasSubstr("1 more rows"));
  ASSERT_EQ(dialog->rows()->rowCount(), 2);
  EXPECT_EQ(text_of(dialog->rows()->item(0, 2)->text()), "Once upon a time");
  EXPECT_THAT(text_of(dialog->asText()), HasSubstr("The end"));
  dialog->close();
  run.strip()->skipButton()->click();
  run.engine->release();
  EXPECT_TRUE(wait_until([&] { return run.desk.state() == QLatin1String("done"); }));
}

TEST(BadDays, TokenizerMissingIsSaidOnTheDataCardWithTheFilesThatWouldBeOne) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("p.weft"))));
  const std::filesystem::path model = folder.filePath(QStringLiteral("hf")).toStdString();
  std::filesystem::copy(WEFT_TEST_DATA "/models/stories260k/hf", model, std::filesystem::copy_options::recursive);
  for (const auto& entry : std::filesystem::directory_iterator(model))
    if (const auto name = entry.path().filename().string(); name.find("tokenizer") != std::string::npos || name.find("vocab") != std::string::npos || name.find("merges") != std::string::npos)
      std::filesystem::remove(entry.path());
  desk.window.openPath(folder.filePath(QStringLiteral("hf")));
  desk.window.openPath(kData);
  ASSERT_TRUE(wait_until([&] { return !desk.window.draft().dataProblem().isEmpty(); }));
  EXPECT_THAT(text_of(desk.window.draft().dataProblem()), HasSubstr("tokenizer.json"));
  EXPECT_THAT(text_of(desk.window.draft().dataProblem()), HasSubstr(model.string()));
  EXPECT_FALSE(desk.window.runActions().train->isEnabled());
}

TEST(BadDays, DiskLowBeforeTheRunNamesTheBytesAndWhatMendsIt) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("p.weft"))));
  set_up(desk, 20);
  auto* strip = desk.window.setupPage()->findChild<MemoryCard*>()->disk();
  ASSERT_TRUE(wait_until([&] { return desk.window.draft().outlook() && desk.window.draft().outlook()->disk; }));
  EXPECT_TRUE(strip->advice().empty());
  desk.window.draft().apply({{"method", "rank", 64}, {"train", "steps", 10000000}, {"train", "checkpoint_every", 1}});   // more than any disk has
  ASSERT_TRUE(wait_until([&] { return !strip->advice().empty(); }));
  EXPECT_THAT(text_of(strip->advice()[0].text), HasSubstr("10000000 checkpoints of "));
  EXPECT_THAT(text_of(strip->advice()[0].text), HasSubstr(" are free"));
  QStringList ways;
  for (auto* button : strip->findChildren<QPushButton*>()) ways << button->text();
  EXPECT_EQ(text_of(ways.join(QLatin1String(", "))), "Keep the last 2, Only at the end, Copy the project elsewhere…");
  strip->findChildren<QPushButton*>()[0]->click();
  EXPECT_EQ(desk.window.draft().value("train", "keep_checkpoints"), Json(2));
  EXPECT_TRUE(wait_until([&] { return strip->advice().empty(); }));
}

TEST(BadDays, DiskLowDuringTheRunKeepsFewerCheckpointsAndGoesOn) {
  Training run({.pause_at_step = 8, .disk_full = true});
  ASSERT_TRUE(run.reaches("paused"));
  EXPECT_THAT(run.said(), HasSubstr("a checkpoint takes 3 MB and 1 MB are free"));
  EXPECT_EQ(text_of(run.strip()->skipButton()->text()), "Try again");
  EXPECT_FALSE(run.strip()->batchButton()->isVisible());
  EXPECT_FALSE(run.strip()->backButton()->isVisible());
  ASSERT_TRUE(run.strip()->fewerButton()->isVisible());
  run.engine->release();   // there is room from now on
  run.strip()->fewerButton()->click();
  ASSERT_TRUE(wait_until([&] { return run.desk.state() == QLatin1String("done"); })) << text_of(run.desk.state());
  ASSERT_EQ(run.engine->edits().size(), 1U);
  EXPECT_EQ(to_text(run.engine->edits()[0]), "keep=2");
}

TEST(BadDays, DiskLowDuringTheRunMovesTheFilesToAnotherDiskAndGoesOn) {
  Training run({.pause_at_step = 8, .disk_full = true});
  ASSERT_TRUE(run.reaches("paused"));
  ASSERT_TRUE(run.strip()->moveButton()->isVisible());
  EXPECT_EQ(text_of(run.strip()->moveButton()->text()), "Move its files…");
  const QString disk = run.folder.filePath(QStringLiteral("disk")), files = run.folder.filePath(QStringLiteral("p.files"));
  ASSERT_TRUE(QDir().mkpath(disk + QStringLiteral("/p.files")));
  answer_file_dialog(disk);
  run.strip()->moveButton()->click();   // there is one of that name already
  ASSERT_TRUE(wait_until([&] { return run.strip()->text().contains(QLatin1String("already exists")); })) << run.said();
  EXPECT_FALSE(QFileInfo(files).isSymLink());
  EXPECT_EQ(text_of(run.desk.state()), "paused");
  ASSERT_TRUE(QDir().rmdir(disk + QStringLiteral("/p.files")));
  answer_file_dialog(disk);
  run.strip()->moveButton()->click();
  ASSERT_TRUE(wait_until([&] { return QFileInfo(files).isSymLink(); })) << run.said();
  run.engine->release();   // there is room where they came to
  ASSERT_TRUE(wait_until([&] { return run.desk.state() == QLatin1String("done"); })) << text_of(run.desk.state()) << run.said();
  EXPECT_EQ(text_of(QFileInfo(files).symLinkTarget()), text_of(disk + QStringLiteral("/p.files")));
  EXPECT_FALSE(QDir(disk + QStringLiteral("/p.files/checkpoints/r1")).isEmpty());
}

// Beside the checkpoints: so large that it takes several pieces.
void put_large_file(const QString& folder) {
  ASSERT_TRUE(QDir().mkpath(folder));
  QFile large(folder + QStringLiteral("/large.bin"));
  ASSERT_TRUE(large.open(QIODevice::WriteOnly) && large.resize(256 << 20));
}

TEST(BadDays, TheFilesThatAreMovedSayHowManyTheyAreAndStayWhereTheMoveIsCancelled) {
  Training run({.pause_at_step = 8, .disk_full = true});
  ASSERT_TRUE(run.reaches("paused"));
  const QString disk = run.folder.filePath(QStringLiteral("disk")), files = run.folder.filePath(QStringLiteral("p.files"));
  ASSERT_TRUE(QDir().mkpath(disk));
  put_large_file(files);
  answer_file_dialog(disk);
  run.strip()->moveButton()->click();
  ASSERT_TRUE(run.strip()->endMoveButton()->isVisible());
  EXPECT_FALSE(run.strip()->moveButton()->isVisible());
  EXPECT_FALSE(run.strip()->fewerButton()->isVisible()) << "nothing else while they are moved";
  QStringList heard;
  ASSERT_TRUE(wait_until([&] {
    heard << run.strip()->text();
    return heard.last().contains(QLatin1String(" MB of 268 MB of the project's files copied"));
  })) << text_of(heard.join(QLatin1Char('\n')));
  run.strip()->endMoveButton()->click();
  EXPECT_EQ(run.said(), "Being cancelled…");
  ASSERT_TRUE(wait_until([&] { return run.strip()->moveButton()->isVisible(); }));
  EXPECT_THAT(run.said(), HasSubstr("the files are where they were"));
  EXPECT_FALSE(QFileInfo(files).isSymLink());
  EXPECT_TRUE(QDir(disk).isEmpty());
  EXPECT_EQ(text_of(run.desk.state()), "paused");
}

TEST(BadDays, ACopyOfTheProjectSaysHowFarItIsAndCanBeCancelled) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("p.weft"))));
  put_large_file(folder.filePath(QStringLiteral("p.files")));
  const QString copy = folder.filePath(QStringLiteral("q.weft")), id = QStringLiteral("copying");
  auto* notices = desk.window.notices();
  desk.window.copyProject(copy);
  EXPECT_EQ(text_of(notices->sentence(id)), "Copying the project to q.weft…");
  QString last;
  ASSERT_TRUE(wait_until([&] {
    last = notices->sentence(id);
    return last.contains(QLatin1String(" MB of 26"));
  })) << text_of(last);
  ASSERT_TRUE(notices->choose(id, QStringLiteral("Cancel")));
  ASSERT_TRUE(wait_until([&] { return desk.window.findChild<StatusLine*>()->text().contains(QLatin1String("Cancelled; nothing was kept.")); }));
  EXPECT_TRUE(notices->sentence(id).isEmpty());
  EXPECT_EQ(QDir(folder.path()).entryList({QStringLiteral("q*")}), QStringList());
  EXPECT_TRUE(desk.window.desk().project().path.endsWith(QLatin1String("p.weft")));
  desk.window.copyProject(copy);   // once more, to its end
  ASSERT_TRUE(wait_until([&] { return desk.window.desk().project().path == copy; })) << text_of(desk.window.desk().log().report());
  EXPECT_TRUE(notices->sentence(id).isEmpty());
  EXPECT_EQ(QFileInfo(folder.filePath(QStringLiteral("q.files/large.bin"))).size(), 256 << 20);
}

TEST(BadDays, ALockedProjectIsReadOnlyAndACopyOfItCanBeWritten) {
  QTemporaryDir folder;
  const QString project = folder.filePath(QStringLiteral("shared.weft")), copy = folder.filePath(QStringLiteral("mine.weft"));
  Desk first(fake_engine());
  ASSERT_TRUE(first.open(project));
  set_up(first, 20);
  first.window.runActions().train->trigger();
  ASSERT_TRUE(wait_until([&] { return first.state() == QLatin1String("done"); }));
  first.window.draft().saveNow();
  Desk second(fake_engine());
  ASSERT_TRUE(second.open(project));
  ASSERT_TRUE(second.window.desk().project().readOnly);
  EXPECT_THAT(text_of(second.window.notices()->sentence(QStringLiteral("read-only"))), HasSubstr("process "));
  answer_file_dialog(copy);
  ASSERT_TRUE(second.window.notices()->choose(QStringLiteral("read-only"), QStringLiteral("Make a copy…")));
  ASSERT_TRUE(wait_until([&] { return second.window.desk().project().path == copy; })) << text_of(second.window.desk().log().report());
  EXPECT_FALSE(second.window.desk().project().readOnly);
  EXPECT_TRUE(second.window.notices()->sentence(QStringLiteral("read-only")).isEmpty());
  ASSERT_TRUE(wait_until([&] { return second.window.desk().overview().runs.size() == 1; }));
  std::vector<CheckpointRow> checkpoints;
  second.workbench.readCheckpoints(1, &second.window, [&](Result<std::vector<CheckpointRow>> read) { checkpoints = *read; });
  ASSERT_TRUE(wait_until([&] { return !checkpoints.empty(); }));
  for (const auto& row : checkpoints) EXPECT_TRUE(row.present) << row.path;
  EXPECT_FALSE(first.window.desk().project().readOnly);
}

void runSql(const QString& project, const char* sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(project.toUtf8().constData(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
}

TEST(BadDays, AProjectOfANewerVersionIsReadOnlySaysBothVersionsAndCanBeCopied) {
  QTemporaryDir folder;
  const QString project = folder.filePath(QStringLiteral("new.weft")), copy = folder.filePath(QStringLiteral("mine.weft"));
  {
    Desk desk(fake_engine());
    ASSERT_TRUE(desk.open(project));
    set_up(desk, 20);
    desk.window.runActions().train->trigger();
    ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }));
  }
  runSql(project, "PRAGMA user_version = 907; ALTER TABLE run ADD COLUMN mood TEXT");
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(project));
  EXPECT_TRUE(desk.window.desk().project().readOnly);
  const std::string said = text_of(desk.window.notices()->sentence(QStringLiteral("read-only")));
  EXPECT_THAT(said, HasSubstr("project version 907, this one knows up to 2"));
  EXPECT_THAT(said, HasSubstr("newer WEFT"));
  ASSERT_TRUE(wait_until([&] { return desk.window.desk().overview().runs.size() == 1; })) << "what it holds is there to look at";
  EXPECT_FALSE(desk.window.runActions().train->isEnabled());
  answer_file_dialog(copy);
  ASSERT_TRUE(desk.window.notices()->choose(QStringLiteral("read-only"), QStringLiteral("Make a copy…")));
  ASSERT_TRUE(wait_until([&] { return desk.window.desk().project().path == copy; })) << text_of(desk.window.desk().log().report());
  EXPECT_TRUE(desk.window.desk().project().readOnly) << "a copy is of the same version";
}

TEST(BadDays, AProjectOfANewerVersionThatCannotBeReadIsRefusedWithWhatIsMissing) {
  QTemporaryDir folder;
  const QString project = folder.filePath(QStringLiteral("new.weft"));
  {
    Desk desk(fake_engine());
    ASSERT_TRUE(desk.open(project));
  }
  runSql(project, "PRAGMA user_version = 907; ALTER TABLE metric RENAME COLUMN value TO amount");
  Desk desk(fake_engine());
  EXPECT_FALSE(desk.open(project));
  const std::string said = text_of(desk.window.notices()->sentence(QStringLiteral("refused")));
  EXPECT_THAT(said, HasSubstr("907"));
  EXPECT_THAT(said, HasSubstr("its table metric has no column value"));
}

TEST(BadDays, LateSpectraAreSaidInTheStatusBarWhereTheirCadenceIsSet) {
  Training run({.hold_before_step = 12, .late_spectra = 20});
  auto* line = run.desk.window.statusLine();
  ASSERT_TRUE(wait_until([&] { return line->text().contains(QLatin1String("not every 5")); })) << text_of(line->text());
  EXPECT_THAT(text_of(line->text()), HasSubstr("/ 20 steps"));
  EXPECT_THAT(text_of(line->spectraButton()->toolTip()), HasSubstr("larger share of the step time"));
  QStringList choices;
  for (auto* action : line->spectraButton()->menu()->actions()) {
    choices << action->text();
    if (action->text() == QLatin1String("Spectra every 10 steps")) action->trigger();
  }
  EXPECT_THAT(text_of(choices.join(QLatin1Char('|'))), HasSubstr("No more spectra in this run"));
  ASSERT_TRUE(wait_until([&] { return run.engine->edits().size() == 1; }));
  EXPECT_EQ(to_text(run.engine->edits()[0]), "spectra=10");
  EXPECT_TRUE(wait_until([&] { return line->text().contains(QLatin1String("holds from step")); })) << text_of(line->text());
  run.engine->release();
  EXPECT_TRUE(wait_until([&] { return run.desk.state() == QLatin1String("done"); }));
}

TEST(Diagnostics, TellVersionsSettingsAndLogAndNothingOfTheUser) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("secret-plans.weft"))));
  set_up(desk, 20);
  ASSERT_TRUE(wait_until([&] { return desk.workbench.hasEngine(); }));
  desk.window.draft().set("samples", "prompts", Json::array({"who is Rumpelstiltskin"}));
  for (int i = 0; i < 300; ++i) desk.window.desk().log().add(LogEntry::Level::Info, QStringLiteral("line %1").arg(i));
  desk.window.desk().log().add(LogEntry::Level::Error, QStringLiteral("row 3 of /srv/somebody/My Data/secret.jsonl: \"dear diary, today\"; storage = \"nf4\""));
  const QString file = folder.filePath(QStringLiteral("d.txt"));
  ASSERT_TRUE(desk.window.saveDiagnostics(file));
  QFile saved(file);
  ASSERT_TRUE(saved.open(QIODevice::ReadOnly));
  const std::string text = saved.readAll().toStdString();
  for (const char* wanted : {"Qt 6", "LibTorch fake", "Processor ", "\"rank\": 4", "\"steps\": 20", "the last 200 of 3", "line 299", "storage = \"nf4\"", "<path>.gguf"})
    EXPECT_THAT(text, HasSubstr(wanted));
  for (const std::string& secret : {std::string("secret"), std::string("diary"), std::string("somebody"), std::string("Rumpel"), std::string("line 99\n"),
                                    text_of(folder.path()), std::string("stories260K")})
    EXPECT_THAT(text, Not(HasSubstr(secret)));
  desk.window.findChild<ProblemsPanel*>()->copyButton()->click();
  EXPECT_THAT(text_of(QGuiApplication::clipboard()->text()), HasSubstr("line 299"));
  EXPECT_THAT(text_of(QGuiApplication::clipboard()->text()), Not(HasSubstr("diary")));
  EXPECT_FALSE(desk.window.saveDiagnostics(folder.filePath(QStringLiteral("no/such/folder.txt"))));
}

TEST(Diagnostics, TakeOutPathsQuotesAndNames) {
  const Anonymous anonymous({QStringLiteral("wedding-speech")});
  EXPECT_EQ(text_of(anonymous.text(QStringLiteral("cannot open /data/x y/rows.jsonl: gone"))), "cannot open <path> <path>.jsonl: gone");
  EXPECT_EQ(text_of(anonymous.text(QStringLiteral("wedding-speech goes on; ~/a.gguf, ./b.csv and step 3/20, 5 tokens/s"))),
            "<name> goes on; <path>.gguf, <path>.csv and step 3/20, 5 tokens/s");
  EXPECT_EQ(text_of(anonymous.text(QStringLiteral("start = \"pissa\" of \"what a day\""))), "start = \"pissa\" of \"<text>\"");
}

}  // namespace
}  // namespace weft::test
