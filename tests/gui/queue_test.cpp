// SPDX-License-Identifier: GPL-3.0-or-later
// The queue in the window: its rows, its page over a scripted engine, the sweep dialog, and what is done with runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QListWidget>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTableWidget>
#include <QTreeView>
#include <QUndoStack>

#include "app/gui/workbench.h"
#include "tests/gui/gui_test.h"
#include "tests/support/fake_engine.h"
#include "ui/bridge/text.h"
#include "ui/dialogs/delete_run_dialog.h"
#include "ui/dialogs/note_dialog.h"
#include "ui/dialogs/sweep_dialog.h"
#include "ui/models/project_model.h"
#include "ui/panels/project_panel.h"
#include "ui/panels/queue_page.h"
#include "ui/panels/run_menu.h"
#include "ui/shell/command_search.h"
#include "ui/shell/main_window.h"
#include "ui/shell/status_line.h"

namespace weft::test {
namespace {

using namespace weft::ui;
using ::testing::HasSubstr;

// One line a row, columns parted by " | ".
std::string table_text(const QAbstractItemModel& model) {
  std::string text;
  for (int row = 0; row < model.rowCount(); ++row) {
    for (int column = 0; column < model.columnCount(); ++column)
      text += (column > 0 ? " | " : "") + text_of(model.index(row, column).data().toString());
    text += "\n";
  }
  return text;
}

QueueItem item(QueueId id, const char* name, std::string_view state, RunId run = 0) {
  QueueItem made;
  made.entry.id = id;
  made.entry.name = name;
  made.entry.state = state;
  made.entry.run = run;
  made.differs = QStringLiteral("rank %1").arg(4 * id);
  made.expected = {60, 90.0, QStringLiteral("as fast as r1")};
  return made;
}

TEST(QueueModel, ShowsEachEntryAndObeysTheModelTester) {
  QueueModel model;
  QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
  auto done = item(1, "a", kQueueDone, 1);
  done.step = done.totalSteps = 60;
  auto running = item(2, "b", kQueueRunning, 2);
  running.totalSteps = 60;
  auto unknown = item(4, "d", kQueueWaiting);
  unknown.expected = {0, std::nullopt, QStringLiteral("not timed yet")};
  model.setItems({done, running, item(3, "c", kQueueInterrupted, 3)});
  EXPECT_DOUBLE_EQ(model.pendingSeconds().value(), 90);
  model.setItems({done, running, item(3, "c", kQueueInterrupted, 3), unknown});
  model.setProgress(2, 12, 60);
  model.setProgress(9, 1, 2);
  EXPECT_EQ(table_text(model),
            "1 | a | rank 4 | done | 60 / 60 | \n"
            "2 | b | rank 8 | running | 12 / 60 | \n"
            "3 | c | rank 12 | interrupted | 60 | 1:30\n"
            "4 | d | rank 16 | waiting |  | not known\n");
  EXPECT_EQ(text_of(model.index(3, QueueModel::Time).data(Qt::ToolTipRole).toString()), "not timed yet");
  EXPECT_DOUBLE_EQ(model.index(1, 0).data(QueueModel::ShareRole).toDouble(), 0.2);
  EXPECT_EQ(model.pendingCount(), 2);
  EXPECT_FALSE(model.pendingSeconds());
  model.setItems({});
}

TEST(QueueModel, ADropAsksForThePlaceWhereItFell) {
  QueueModel model;
  model.setItems({item(1, "a", kQueueWaiting), item(2, "b", kQueueWaiting), item(3, "c", kQueueWaiting)});
  std::string asked;
  QObject::connect(&model, &QueueModel::moveWanted, &model, [&](QueueId entry, std::int64_t position) { asked += std::to_string(entry) + "to" + std::to_string(position) + " "; });
  const auto drop = [&](int from, int before) {
    const std::unique_ptr<QMimeData> data(model.mimeData({model.index(from, 0)}));
    EXPECT_FALSE(model.dropMimeData(data.get(), Qt::MoveAction, before, 0, {}));
  };
  drop(2, 0);
  drop(0, 3);
  drop(0, -1);  // below the last row
  drop(1, 1);   // where it is
  drop(1, 2);
  drop(0, 2);
  EXPECT_EQ(asked, "3to1 1to3 1to3 1to2 ");
  EXPECT_EQ(model.items()[0].entry.id, 1);  // the project decides
}

class QueueWindow : public ::testing::Test {
 protected:
  explicit QueueWindow(FakeScript script = {}) : m_script(script) {}
  void SetUp() override {
    m_window.resize(1440, 900);
    m_window.show();
    m_workbench.loadEngine();
    bool answered = false;
    m_window.openProject(m_home.filePath(QStringLiteral("q.weft")), true, [&](bool) { answered = true; });
    ASSERT_TRUE(wait_until([&] { return answered && m_workbench.hasEngine(); }));
    m_window.openPath(QStringLiteral(WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf"));
    m_window.openPath(QStringLiteral(WEFT_TEST_DATA "/data_sets/story.txt"));
    auto& draft = m_window.draft();
    draft.set("train", "steps", 8);
    draft.set("train", "batch_tokens", 128);
    draft.set("train", "checkpoint_every", 2);
    draft.set("data", "max_length", 64);
    draft.set("method", "rank", 4);
    ASSERT_TRUE(wait_until([&] { return draft.ready(); }));
  }
  QueuePage* page() { return m_window.queuePage(); }
  QueueModel& model() { return m_window.queueDesk().model(); }
  std::string states() {
    std::string text;
    for (const auto& i : model().items()) text += i.entry.name + " " + i.entry.state + "\n";
    return text;
  }
  void add(int rank) {
    const int before = model().rowCount();
    m_window.draft().set("method", "rank", rank);
    m_window.runActions().queue->trigger();
    ASSERT_TRUE(wait_until([&] { return model().rowCount() == before + 1; }));
  }

  FakeScript m_script;
  QTemporaryDir m_home;
  Theme m_theme{*qApp};
  FakeEngine* m_engine = nullptr;
  gui::Workbench m_workbench{[this]() -> Result<std::unique_ptr<Engine>> {
    auto engine = std::make_unique<FakeEngine>(m_script);
    m_engine = engine.get();
    return std::unique_ptr<Engine>(std::move(engine));
  }};
  MainWindow m_window{m_theme, m_workbench, {}};
};

TEST_F(QueueWindow, EntriesAreFrozenOrderedRunAndTold) {
  m_window.showPage(Page::Queue);
  EXPECT_TRUE(page()->emptyButton()->isVisible());
  page()->emptyButton()->click();
  ASSERT_TRUE(wait_until([&] { return model().rowCount() == 1; }));
  EXPECT_FALSE(page()->emptyButton()->isVisible());
  add(8);
  add(16);
  m_window.draft().set("train", "steps", 3);  // later changes of the form touch no entry
  EXPECT_EQ(table_text(model()).substr(0, 16), "1 | story | rank");
  EXPECT_EQ(text_of(model().index(2, QueueModel::Differs).data().toString()), "rank 16");
  EXPECT_EQ(text_of(page()->sentence()), "3 waiting, time not known");

  page()->table()->selectRow(2);
  page()->upButton()->click();
  ASSERT_TRUE(wait_until([&] { return model().rowOf(3) == 1; }));
  EXPECT_EQ(page()->table()->currentIndex().row(), 1);
  page()->table()->selectRow(2);
  page()->removeButton()->click();
  ASSERT_TRUE(wait_until([&] { return model().rowCount() == 2; }));

  page()->runButton()->click();
  ASSERT_TRUE(wait_until([&] { return states() == "story done\nstory done\n" && !m_window.queueDesk().runs(); })) << states();
  EXPECT_EQ(m_engine->requests().size(), 2u);
  EXPECT_EQ(m_engine->requests()[0].train["steps"], 8);
  EXPECT_EQ(m_engine->requests()[1].method["rank"], 16);
  EXPECT_EQ(m_window.desk().live()->lastStep, 8);
  EXPECT_THAT(text_of(m_window.statusLine()->text()), HasSubstr("The queue is over: 2 run, 0 failed"));
  EXPECT_FALSE(page()->runButton()->isEnabled());
  EXPECT_EQ(m_window.desk().overview().runs.at(0).name, "story");
}

TEST_F(QueueWindow, ASweepIsPreviewedBeforeItIsAdded) {
  auto* dialog = new SweepDialog(m_theme, m_window.draft(), m_window.queueDesk(), &m_window);
  dialog->QWidget::show();
  EXPECT_FALSE(dialog->addButton()->isEnabled());
  for (auto* edit : dialog->findChildren<QLineEdit*>()) EXPECT_FALSE(edit->acceptDrops());   // a file is no value
  dialog->set(0, QStringLiteral("train.lr"), QStringLiteral("1e-4, 2e-4"));
  dialog->set(1, QStringLiteral("method.rank"), QStringLiteral("4, 8, 16"));
  ASSERT_TRUE(wait_until([&] { return dialog->preview()->rowCount() == 6; }));
  EXPECT_EQ(text_of(dialog->preview()->item(1, 0)->text()), "lr=1e-4 rank=8");
  EXPECT_THAT(text_of(dialog->sentence()), HasSubstr("6 runs; together time not known: no run of this model"));
  dialog->set(1, QStringLiteral("method.rank"), QStringLiteral("4, 0"));
  ASSERT_TRUE(wait_until([&] { return dialog->preview()->rowCount() == 0; }));
  EXPECT_THAT(text_of(dialog->sentence()), HasSubstr("rank"));
  EXPECT_FALSE(dialog->addButton()->isEnabled());
  dialog->set(1, QStringLiteral("method.rank"), QStringLiteral("4, 8"));
  ASSERT_TRUE(wait_until([&] { return dialog->addButton()->isEnabled(); }));
  dialog->addButton()->click();
  ASSERT_TRUE(wait_until([&] { return model().rowCount() == 4; }));
  EXPECT_EQ(states(), "lr=1e-4 rank=4 waiting\nlr=1e-4 rank=8 waiting\nlr=2e-4 rank=4 waiting\nlr=2e-4 rank=8 waiting\n");
}

class QueueHeld : public QueueWindow {
 protected:
  QueueHeld() : QueueWindow({.hold_before_step = 5}) {}
};

TEST_F(QueueHeld, StopsAfterThisOneAndGoesOnAfterAStopByHand) {
  add(4);
  add(8);
  add(16);
  m_window.showPage(Page::Queue);
  page()->runButton()->click();
  ASSERT_TRUE(wait_until([&] { return m_window.desk().isLive() && m_window.desk().live()->lastStep == 4; }));
  ASSERT_TRUE(wait_until([&] { return text_of(model().index(0, QueueModel::Progress).data().toString()) == "4 / 8"; }));
  m_window.runActions().stop->trigger();
  ASSERT_TRUE(wait_until([&] { return states() == "story stopped\nstory waiting\nstory waiting\n" && !m_window.queueDesk().runs(); })) << states();
  EXPECT_EQ(m_engine->requests().size(), 1u);

  m_engine->release();
  page()->runButton()->click();
  page()->stopButton()->click();
  ASSERT_TRUE(wait_until([&] { return states() == "story done\nstory waiting\nstory waiting\n" && !m_window.queueDesk().runs(); })) << states();
  EXPECT_EQ(m_window.desk().live()->loss.steps.size(), 8u);  // resumed: every step once
  EXPECT_FALSE(m_engine->requests()[1].resume_from.empty());
}

class QueueFails : public QueueWindow {
 protected:
  QueueFails() : QueueWindow({.pause_at_step = 3}) {}
};

TEST_F(QueueFails, ARunThatPausesByItselfIsAFailureAndTheNextGoesOn) {
  add(4);
  add(8);
  m_window.showPage(Page::Queue);
  page()->runButton()->click();
  ASSERT_TRUE(wait_until([&] { return states() == "story failed\nstory failed\n" && !m_window.queueDesk().runs(); })) << states();
  EXPECT_FALSE(model().items()[0].entry.message.empty());
  EXPECT_THAT(text_of(m_window.statusLine()->text()), HasSubstr("2 run, 2 failed"));
}

TEST_F(QueueWindow, TheTreeListsEntriesAndOpensThem) {
  add(4);
  add(8);
  ASSERT_TRUE(wait_until([&] { return model().rowCount() == 2; }));
  auto* tree = m_window.projectPanel();
  const auto queue = tree->model()->index(ProjectModel::QueueSection, 0);
  ASSERT_TRUE(wait_until([&] { return tree->model()->rowCount(queue) == 2; }));
  m_window.showPage(Page::Setup);
  const auto second = tree->model()->index(1, 0, queue);
  tree->view()->scrollTo(second);
  QTest::mouseClick(tree->view()->viewport(), Qt::LeftButton, {}, tree->view()->visualRect(second).center());
  EXPECT_TRUE(page()->isVisible());
  EXPECT_EQ(page()->table()->currentIndex().row(), 1);
  page()->upButton()->click();   // of the one that was chosen
  ASSERT_TRUE(wait_until([&] { return tree->model()->index(0, 0, queue).data(ProjectModel::IdRole).toLongLong() == 2; }));
  page()->removeButton()->click();
  ASSERT_TRUE(wait_until([&] { return tree->model()->rowCount(queue) == 1; }));
}

TEST_F(QueueWindow, RunsAreFoundNotedAndDeleted) {
  add(4);
  m_window.showPage(Page::Queue);
  page()->runButton()->click();
  ASSERT_TRUE(wait_until([&] { return states() == "story done\n" && m_window.desk().overview().runs.size() == 1; }));
  auto& desk = m_window.desk();
  ASSERT_TRUE(wait_until([&] { return desk.overview().runs[0].state == "done"; }));

  // its line in the tree is read because its row is seen
  auto* tree = m_window.projectPanel();
  const auto row = [&] { return tree->model()->runIndex(1); };
  ASSERT_TRUE(wait_until([&] { return row().data(ProjectModel::SparkRole).toList().size() == 8; }));

  desk.backend().keeper().noteRun(1, QStringLiteral("the best one"), &m_window, [&](const Status& status) {
    EXPECT_TRUE(status.ok());
    desk.refresh();
  });
  ASSERT_TRUE(wait_until([&] { return desk.overview().runs[0].note == "the best one"; }));

  // a note is a step of undo
  RunMenu first(desk, m_window.draft().undoStack(), desk.overview().runs[0], &m_window);
  for (auto* action : first.actions())
    if (action->text() == QStringLiteral("Notes…")) action->trigger();
  auto* written = m_window.findChild<NoteDialog*>();
  ASSERT_NE(written, nullptr);
  written->findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("another"));
  written->findChild<QDialogButtonBox*>()->button(QDialogButtonBox::Save)->click();
  ASSERT_TRUE(wait_until([&] { return desk.overview().runs[0].note == "another"; }));
  EXPECT_EQ(text_of(m_window.draft().undoStack().undoText()), "note on story");
  m_window.draft().undoStack().undo();
  ASSERT_TRUE(wait_until([&] { return desk.overview().runs[0].note == "the best one"; }));
  m_window.draft().undoStack().redo();
  ASSERT_TRUE(wait_until([&] { return desk.overview().runs[0].note == "another"; }));
  m_window.draft().undoStack().undo();
  ASSERT_TRUE(wait_until([&] { return desk.overview().runs[0].note == "the best one"; }));

  for (auto* action : m_window.actions())
    if (action->shortcut() == QKeySequence(Qt::CTRL | Qt::Key_K)) action->trigger();
  auto* search = m_window.findChild<CommandSearch*>();
  ASSERT_NE(search, nullptr);
  search->findChild<QLineEdit*>()->setText(QStringLiteral("best story"));
  auto* found = search->findChild<QListWidget*>();
  ASSERT_EQ(found->count(), 1);
  EXPECT_EQ(text_of(found->item(0)->text()), "Run story LoRA r4 (done) – the best one");
  search->findChild<QLineEdit*>()->setText(QStringLiteral("learning rate setting"));
  EXPECT_GE(found->count(), 1);
  for (const char* what : {"model: stories260k", "data: "}) {
    search->findChild<QLineEdit*>()->setText(QLatin1String(what));
    EXPECT_EQ(found->count(), 1) << what;
  }
  search->close();

  RunMenu menu(desk, m_window.draft().undoStack(), desk.overview().runs[0], &m_window);
  for (auto* action : menu.actions())
    if (action->text() == QStringLiteral("Delete…")) action->trigger();
  ASSERT_TRUE(wait_until([&] { return m_window.findChild<DeleteRunDialog*>() != nullptr; }));
  auto* ask = m_window.findChild<DeleteRunDialog*>();
  EXPECT_THAT(text_of(ask->words()), HasSubstr("4 files with"));
  EXPECT_THAT(text_of(ask->words()), HasSubstr("checkpoints/r1/"));
  ask->reject();
  EXPECT_EQ(desk.overview().runs.size(), 1u);
  for (auto* action : menu.actions())
    if (action->text() == QStringLiteral("Delete…")) action->trigger();
  DeleteRunDialog* again = nullptr;
  ASSERT_TRUE(wait_until([&] {
    again = m_window.findChild<DeleteRunDialog*>();
    return again != nullptr && again != ask && again->isVisible();
  }));
  again->accept();
  ASSERT_TRUE(wait_until([&] { return desk.overview().runs.empty(); }));
  EXPECT_FALSE(std::filesystem::exists(ss(m_home.filePath(QStringLiteral("q.files/checkpoints/r1")))));
  EXPECT_EQ(desk.shown(), nullptr);
}

}  // namespace
}  // namespace weft::test
