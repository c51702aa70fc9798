// SPDX-License-Identifier: GPL-3.0-or-later
// The window among other programs: undo, perspectives, shortcuts, drops, closing during a run, two windows on one project,
// what was interrupted.
#include <gtest/gtest.h>

#include <QAction>
#include <QComboBox>
#include <QDockWidget>
#include <QDropEvent>
#include <QLineEdit>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QMouseEvent>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QTableWidget>
#include <QUrl>

#include "tests/gui/window_test.h"
#include "ui/dialogs/run_file_dialog.h"
#include "ui/models/recent_paths.h"
#include "ui/models/path_kind.h"
#include "ui/panels/adapter_chooser.h"
#include "ui/panels/inspect_page.h"
#include "ui/panels/inspector.h"
#include "ui/panels/live_curves.h"
#include "ui/panels/export_page.h"
#include "ui/panels/live_page.h"
#include "ui/panels/try_page.h"
#include "ui/plots/series_plot.h"
#include "ui/shell/command_search.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/shortcut_sheet.h"
#include "ui/widgets/setting_form.h"

namespace weft::test {
namespace {

using namespace weft::ui;

QString write(const QString& path, const QByteArray& bytes) {
  QDir().mkpath(QFileInfo(path).path());
  QFile file(path);
  EXPECT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(bytes);
  return path;
}

void drop(QWidget& on, const QList<QUrl>& urls) {
  QMimeData mime;
  mime.setUrls(urls);
  QDragEnterEvent enter(on.rect().center(), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&on, &enter);
  EXPECT_TRUE(enter.isAccepted());
  QDropEvent event(QPointF(on.rect().center()), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&on, &event);
}

// Answers the next question by the button that begins with these words.
void answer(const QString& words) {
  QTimer::singleShot(0, qApp, [words] {
    auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
    ASSERT_NE(box, nullptr);
    for (auto* button : box->buttons())
      if (QString(button->text()).remove(QLatin1Char('&')).startsWith(words)) return button->click();
    ADD_FAILURE() << "no button " << text_of(words);
  });
}

TEST(Undo, NamesTheEditAndTakesItBack) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  auto& draft = desk.window.draft();
  auto& undo = draft.undoStack();
  EXPECT_FALSE(undo.canUndo());
  const Json rank = draft.value("method", "rank");
  draft.set("method", "rank", 64);
  EXPECT_EQ(text_of(undo.undoText()), "change Rank");
  draft.setMethod("dora");
  EXPECT_EQ(text_of(undo.undoText()), "choose DoRA");
  EXPECT_EQ(undo.count(), 2);
  undo.undo();
  EXPECT_EQ(draft.method().name, "lora");
  EXPECT_EQ(draft.value("method", "rank"), Json(64));
  undo.undo();
  EXPECT_EQ(draft.value("method", "rank"), rank);
  undo.redo();
  undo.redo();
  EXPECT_EQ(draft.method().name, "dora");
  draft.revert("method");
  EXPECT_EQ(draft.changedFromPreset(), 0);
  undo.undo();
  EXPECT_EQ(draft.value("method", "rank"), Json(64));
}

TEST(Undo, MergesTypingAndKeepsOtherEditsApart) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  auto& draft = desk.window.draft();
  desk.window.setupPage()->choose(Subject::Run);
  auto* lr = desk.window.inspector()->form()->field("lr");
  const Json before = draft.value("train", "lr");
  lr->lineEdit()->setFocus();
  lr->lineEdit()->selectAll();
  QTest::keyClicks(lr->lineEdit(), QStringLiteral("0.0012"));
  EXPECT_EQ(draft.value("train", "lr"), Json(0.0012));
  EXPECT_EQ(draft.undoStack().count(), 1);
  draft.set("train", "steps", 77);
  EXPECT_EQ(draft.undoStack().count(), 2);
  QTest::keyClick(lr->lineEdit(), Qt::Key_Z, Qt::ControlModifier);   // the window's, though a field has the focus
  QTest::keyClick(lr->lineEdit(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(draft.value("train", "lr"), before);
  EXPECT_NE(draft.value("train", "steps"), Json(77));
}

TEST(Undo, TakesBackDataMappingAndAWholePreset) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  auto& draft = desk.window.draft();
  const Json whole = to_json(draft.request());
  ASSERT_TRUE(draft.load(Json{{"method", {{"name", "vera"}}}, {"train", {{"steps", 9}}}, {"data", {{"max_length", 77}}}}, QStringLiteral("take the sample")).ok());
  EXPECT_EQ(draft.undoStack().count(), 1);
  draft.undoStack().undo();
  EXPECT_EQ(to_json(draft.request()), whole);
  draft.set("data", "max_length", 99);
  draft.undoStack().undo();
  EXPECT_EQ(to_json(draft.request()), whole);
  draft.set("data", "max_length", 99);
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("b.weft"))));
  EXPECT_FALSE(draft.undoStack().canUndo());   // of another project
}

TEST(Undo, TakesBackDocksAndTheResetOfTheLayout) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  auto& undo = desk.window.draft().undoStack();
  auto* project = desk.window.findChild<QDockWidget*>(QStringLiteral("project"));
  ASSERT_FALSE(project->isHidden());
  project->toggleViewAction()->trigger();
  EXPECT_TRUE(project->isHidden());
  EXPECT_EQ(text_of(undo.undoText()), "hide Project");
  undo.undo();
  EXPECT_FALSE(project->isHidden());
  undo.redo();
  EXPECT_TRUE(project->isHidden());
  for (const auto& [name, action] : commandsOf(*desk.window.menus(), true))
    if (name.contains(QLatin1String("Reset layout"))) action->trigger();
  EXPECT_FALSE(project->isHidden());
  EXPECT_EQ(undo.count(), 2);
  undo.undo();
  EXPECT_TRUE(project->isHidden()) << "as it was before the reset";
  undo.redo();
  EXPECT_FALSE(project->isHidden());
}

// A button of the mouse goes down on `on`, something moves, it comes up again.
void drag(QWidget& on, const std::function<void()>& moved) {
  const QPointF at(5, 5);
  QMouseEvent press(QEvent::MouseButtonPress, at, on.mapToGlobal(at), Qt::LeftButton, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&on, &press);
  moved();
  QMouseEvent release(QEvent::MouseButtonRelease, at, on.mapToGlobal(at), Qt::LeftButton, Qt::NoButton, Qt::NoModifier);
  QApplication::sendEvent(&on, &release);
  QApplication::processEvents();
}

TEST(Undo, TakesBackDocksMovedSizedAndClosedByHand) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  auto& window = desk.window;
  auto& undo = window.draft().undoStack();
  auto* log = window.findChild<QDockWidget*>(QStringLiteral("log"));
  log->show();
  QApplication::processEvents();
  ASSERT_EQ(undo.count(), 0);   // the program showed it
  drag(*log, [&] { window.addDockWidget(Qt::TopDockWidgetArea, log); });
  EXPECT_EQ(window.dockWidgetArea(log), Qt::TopDockWidgetArea);
  EXPECT_EQ(text_of(undo.undoText()), "move LOG AND PROBLEMS");
  undo.undo();
  EXPECT_EQ(window.dockWidgetArea(log), Qt::BottomDockWidgetArea);

  auto* project = window.findChild<QDockWidget*>(QStringLiteral("project"));
  const int wide = project->width();
  drag(window, [&] { window.resizeDocks({project}, {wide + 80}, Qt::Horizontal); });
  EXPECT_EQ(text_of(undo.undoText()), "resize docks");
  ASSERT_TRUE(wait_until([&] { return project->width() == wide + 80; })) << project->width();
  undo.undo();
  ASSERT_TRUE(wait_until([&] { return project->width() == wide; })) << project->width();

  log->close();   // as the button in its title bar does
  QApplication::processEvents();
  EXPECT_TRUE(log->isHidden());
  EXPECT_EQ(text_of(undo.undoText()), "hide LOG AND PROBLEMS");
  // in another perspective the step still finds its own
  window.choosePerspective(Perspective::Inspect);
  undo.undo();
  EXPECT_FALSE(log->isHidden());
  const int before = undo.count();
  drag(window, [] {});
  EXPECT_EQ(undo.count(), before) << "a click is no edit";
}

TEST(Docks, CanEachBeGrabbedAndClosed) {
  Desk desk(fake_engine());
  desk.window.findChild<QDockWidget*>(QStringLiteral("help"))->show();
  desk.window.findChild<QDockWidget*>(QStringLiteral("log"))->show();
  QApplication::processEvents();
  for (auto* dock : desk.window.findChildren<QDockWidget*>()) {
    EXPECT_GT(dock->widget()->y(), 12) << text_of(dock->objectName()) << ": a title bar to take it by";
    EXPECT_TRUE(dock->features().testFlag(QDockWidget::DockWidgetMovable) && dock->features().testFlag(QDockWidget::DockWidgetClosable));
  }
}

TEST(Undo, TakesBackHowChartsAreDrawn) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  auto& undo = desk.window.draft().undoStack();
  auto* axis = desk.window.livePage()->curves()->axisChoice();
  const auto choose = [&](int index) {   // as the pop-up list does
    axis->setCurrentIndex(index);
    Q_EMIT axis->activated(index);
  };
  axis->setCurrentIndex(1);              // as the program does
  EXPECT_EQ(undo.count(), 0);
  choose(3);
  choose(3);
  ASSERT_EQ(undo.count(), 1);
  EXPECT_EQ(text_of(undo.undoText()), "change axis of the curves");
  choose(2);
  undo.undo();
  EXPECT_EQ(axis->currentIndex(), 3);
  undo.undo();
  EXPECT_EQ(axis->currentIndex(), 1);
  undo.redo();
  EXPECT_EQ(axis->currentIndex(), 3);
  auto* loss = desk.window.livePage()->curves()->lossPlot();
  loss->setHidden(1, true);
  Q_EMIT loss->hiddenByHand(1, true);
  EXPECT_EQ(text_of(undo.undoText()), "hide hold-out");
  undo.undo();
  EXPECT_FALSE(loss->isHidden(1));
}

TEST(Perspectives, KeepEachItsDocksAndAreResetTogether) {
  Desk desk(fake_engine());
  auto* inspector = desk.window.findChild<QDockWidget*>(QStringLiteral("inspector"));
  auto* log = desk.window.findChild<QDockWidget*>(QStringLiteral("log"));
  desk.window.choosePerspective(Perspective::Live);
  EXPECT_TRUE(inspector->isHidden());
  EXPECT_FALSE(log->isHidden());
  log->hide();
  desk.window.choosePerspective(Perspective::SetUp);
  EXPECT_FALSE(inspector->isHidden());
  desk.window.choosePerspective(Perspective::Live);
  EXPECT_TRUE(log->isHidden());
  desk.window.saveLayout();
  Desk again(fake_engine());
  again.window.restoreLayout();
  log = again.window.findChild<QDockWidget*>(QStringLiteral("log"));
  EXPECT_TRUE(log->isHidden());
  EXPECT_TRUE(again.window.findChild<QDockWidget*>(QStringLiteral("inspector"))->isHidden());
  again.window.resetLayout();
  EXPECT_FALSE(log->isHidden());
  QSettings().setValue(QStringLiteral("window/version"), MainWindow::kLayoutVersion + 1);
  Desk other(fake_engine());
  other.window.restoreLayout();   // of another program version: as it comes
  EXPECT_FALSE(other.window.findChild<QDockWidget*>(QStringLiteral("inspector"))->isHidden());
  QSettings().remove(QStringLiteral("window"));
}

// A widget that moves to another parent has all that is in it styled anew: of the time to the first paint a fourth once went there.
class Moves final : public QObject {
 public:
  Moves() { qApp->installEventFilter(this); }
  bool eventFilter(QObject* object, QEvent* event) override {
    if (event->type() != QEvent::ParentChange) return false;
    const auto* widget = qobject_cast<QWidget*>(object);
    const auto inside = widget->findChildren<QWidget*>().size();
    if (inside > kFew) moved << QStringLiteral("%1 '%2' with %3 widgets in it").arg(QLatin1String(widget->metaObject()->className()), widget->objectName()).arg(inside);
    return false;
  }
  static constexpr int kFew = 30;
  QStringList moved;
};

TEST(Start, MovesNoPageToAnotherParent) {
  Moves moves;
  gui::Workbench workbench(fake_engine());
  ui::MainWindow window(theme(), workbench, {});
  EXPECT_TRUE(moves.moved.isEmpty()) << moves.moved.join(QLatin1Char('\n')).toStdString();
}

TEST(Shortcuts, AreReadFromTheActions) {
  Desk desk(fake_engine());
  ShortcutSheet* sheet = new ShortcutSheet(*desk.window.menus(), &desk.window);
  QStringList all;
  for (int row = 0; row < sheet->table()->rowCount(); ++row) all.append(sheet->table()->item(row, 0)->text() + QLatin1Char('=') + sheet->table()->item(row, 1)->text());
  const QString text = all.join(QLatin1Char('\n'));
  for (const char* keys : {"Train=Ctrl+R", "Stop & save", "Ctrl+.", "Space on Live", "Export…=Ctrl+E", "Ctrl+K", "F11", "Ctrl+1", "Ctrl+4", "Undo=Ctrl+Z", "Redo=Ctrl+Shift+Z, Ctrl+Y"})
    EXPECT_TRUE(text.contains(QString::fromUtf8(keys))) << keys << " in\n" << text_of(text);
  delete sheet;
  // what a key opens is called as the page is
  int tabs = 0;
  for (const auto* tab : desk.window.centralWidget()->findChildren<QPushButton*>())
    if (tab->toolTip().startsWith(QLatin1String("Ctrl+"))) {
      ++tabs;
      EXPECT_TRUE(all.filter(QRegularExpression(QStringLiteral("(^|› )%1=%2$").arg(tab->text(), QRegularExpression::escape(tab->toolTip())))).size() == 1)
          << text_of(tab->text()) << " in\n" << text_of(text);
    }
  EXPECT_EQ(tabs, kPageCount);
  // no key stands for two things
  QMap<QString, QString> keys;
  for (const auto& [name, action] : commandsOf(*desk.window.menus(), true))
    for (const auto& key : action->shortcuts()) {
      EXPECT_FALSE(keys.contains(key.toString())) << text_of(name) << " and " << text_of(keys.value(key.toString()));
      keys[key.toString()] = name;
    }
}

TEST(Recent, ProjectsCanBePinnedLocatedAndCleared) {
  QTemporaryDir folder;
  for (const char* key : {"recent", "recentPinned"}) QSettings().remove(QLatin1String(key));
  Desk desk(fake_engine());
  for (char name = 'a'; name < 'g'; ++name) ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("%1.weft").arg(QLatin1Char(name)))));
  const auto recent = RecentPaths::projects();
  ASSERT_EQ(recent.list().size(), 6U);
  QFile::remove(folder.filePath(QStringLiteral("a.weft")));
  const auto entry = [&](const char* words) -> QAction* {
    Q_EMIT desk.window.menus()->actions().front()->menu()->aboutToShow();
    for (const auto& [name, action] : commandsOf(*desk.window.menus(), true))
      if (name.contains(QLatin1String(words)) && name.contains(QLatin1String("recent"))) return action;
    return nullptr;
  };
  ASSERT_TRUE(entry("/a.weft (missing)") && entry("/b.weft") && entry("Locate a.weft"));
  EXPECT_FALSE(entry("/a.weft (missing)")->isEnabled());
  EXPECT_TRUE(entry("/b.weft")->isEnabled());
  for (const auto& [name, action] : commandsOf(*desk.window.menus(), true))
    if (name.contains(QLatin1String("Keep at the top")) && name.endsWith(QLatin1String("/b.weft"))) action->trigger();
  EXPECT_TRUE(recent.list()[0].path.endsWith(QLatin1String("/b.weft")));
  ASSERT_TRUE(entry("Forget those"));
  entry("Forget those")->trigger();
  EXPECT_EQ(recent.list().size(), 5U);
  ASSERT_TRUE(entry("Clear this list"));
  entry("Clear this list")->trigger();
  ASSERT_EQ(recent.list().size(), 1U);
  EXPECT_TRUE(recent.list()[0].pinned);
}

TEST(RunFiles, SayWhatTheyChangeAndAreOneStepOfUndo) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 30);
  auto& draft = desk.window.draft();
  const QString file = folder.filePath(QStringLiteral("first.toml"));
  desk.window.saveRunFile(to_json(draft.request()), file);
  ASSERT_TRUE(wait_until([&] { return QFileInfo::exists(file); }));
  draft.set("train", "steps", 99);
  draft.setMethod("adalora");
  const Json before = to_json(draft.request());
  const int steps = draft.undoStack().count();
  const auto dialog = [&] { return desk.window.findChild<RunFileDialog*>(); };
  drop(desk.window, {QUrl::fromLocalFile(file)});
  ASSERT_TRUE(wait_until([&] { return dialog() != nullptr; }));
  EXPECT_EQ(to_json(draft.request()), before) << "nothing changes before it is taken over";
  QStringList rows;
  auto* table = dialog()->table();
  for (int row = 0; row < table->rowCount(); ++row) rows += QStringList{table->item(row, 0)->text(), table->item(row, 1)->text(), table->item(row, 2)->text()}.join(QLatin1Char('|'));
  EXPECT_TRUE(rows.contains(QLatin1String("Method|adalora|lora"))) << text_of(rows.join(QLatin1Char('\n')));
  EXPECT_TRUE(rows.contains(QLatin1String("Steps|99|30"))) << text_of(rows.join(QLatin1Char('\n')));
  for (const auto& row : rows) EXPECT_FALSE(row.startsWith(QLatin1String("Model"))) << text_of(row);
  dialog()->accept();
  EXPECT_EQ(draft.value("train", "steps"), Json(30));
  EXPECT_EQ(draft.method().name, "lora");
  EXPECT_EQ(draft.undoStack().count(), steps + 1);
  EXPECT_EQ(text_of(draft.undoStack().undoText()), "load first.toml");
  draft.undoStack().undo();
  EXPECT_EQ(to_json(draft.request()), before);
}

TEST(RunFiles, WithoutModelOrDataLeaveThoseThatAreThere) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 30);
  desk.window.openPath(write(folder.filePath(QStringLiteral("few.toml")), "[train]\nsteps = 12\n"));
  const auto dialog = [&] { return desk.window.findChild<RunFileDialog*>(); };
  ASSERT_TRUE(wait_until([&] { return dialog() != nullptr; }));
  dialog()->accept();
  EXPECT_EQ(desk.window.draft().value("model", "path"), Json(text_of(kModel)));
  EXPECT_EQ(desk.window.draft().value("data", "path"), Json(text_of(kData)));
  EXPECT_EQ(desk.window.draft().value("train", "steps"), Json(12));
}

TEST(RunFiles, ThatAreNoneAreRefusedWithTheLine) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  const Json before = to_json(desk.window.draft().request());
  desk.window.openPath(write(folder.filePath(QStringLiteral("odd.toml")), "[train]\nspeed = 3\n"));
  const auto said = [&] { return desk.window.notices()->sentence(QStringLiteral("refused")); };
  ASSERT_TRUE(wait_until([&] { return !said().isEmpty(); }));
  EXPECT_TRUE(said().contains(QLatin1String("line 2"))) << text_of(said());
  EXPECT_EQ(to_json(desk.window.draft().request()), before);
  EXPECT_EQ(desk.window.findChild<RunFileDialog*>(), nullptr);
}

TEST(Paths, AreToldApart) {
  using Is = PathKind::Is;
  QTemporaryDir folder;
  const auto at = [&](const char* name) { return folder.filePath(QLatin1String(name)); };
  write(at("adapter/adapter_config.json"), "{}");
  write(at("adapter/adapter_model.safetensors"), "");
  write(at("model/config.json"), "{}");
  write(at("model/model.safetensors"), "");
  write(at("lora.gguf"), QByteArray("GGUF\3\0\0\0", 8) + "general.type" + QByteArray("\x08\0\0\0\x07\0\0\0\0\0\0\0adapter", 19));
  write(at("alone/lora.gguf"), QByteArray("GGUF\3\0\0\0", 8) + "general.type" + QByteArray("\x08\0\0\0\x07\0\0\0\0\0\0\0adapter", 19));
  write(at("several/a.gguf"), "GGUF");
  write(at("several/b.gguf"), "GGUF");
  write(at("rows.JSONL"), "");
  write(at("picture.png"), "");
  write(at("run.toml"), "");
  EXPECT_EQ(pathKind(at("adapter")).is, Is::Adapter);
  EXPECT_EQ(pathKind(at("adapter/adapter_model.safetensors")).path, at("adapter"));
  EXPECT_EQ(pathKind(at("model")).is, Is::Model);
  EXPECT_EQ(pathKind(at("model/model.safetensors")).path, at("model"));
  EXPECT_EQ(pathKind(at("lora.gguf")).is, Is::Adapter);
  EXPECT_EQ(pathKind(at("alone")).is, Is::Adapter);
  EXPECT_EQ(pathKind(at("alone")).path, at("alone/lora.gguf"));
  EXPECT_EQ(pathKind(at("several")).is, Is::Nothing);
  EXPECT_EQ(pathKind(kModel).is, Is::Model);
  EXPECT_EQ(pathKind(at("rows.JSONL")).is, Is::Data);
  EXPECT_EQ(pathKind(at("run.toml")).is, Is::RunFile);
  EXPECT_EQ(pathKind(at("new.weft")).is, Is::Project);
  EXPECT_EQ(pathKind(at("picture.png")).is, Is::Nothing);
  EXPECT_EQ(pathKind(at("none.gguf")).is, Is::Missing);
}

TEST(Drops, GoWhereTheyBelong) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  drop(desk.window, {QUrl::fromLocalFile(kModel), QUrl::fromLocalFile(kData)});
  EXPECT_EQ(desk.window.draft().value("model", "path"), Json(text_of(kModel)));
  EXPECT_EQ(desk.window.draft().value("data", "path"), Json(text_of(kData)));
  const QString adapter = QFileInfo(write(folder.filePath(QStringLiteral("tuned/adapter_config.json")), "{}")).path();
  drop(desk.window, {QUrl::fromLocalFile(adapter)});
  EXPECT_TRUE(desk.window.inspectPage()->isVisible());
  EXPECT_EQ(text_of(desk.window.inspectPage()->first()->source()->currentData().toString()), text_of(adapter));
  desk.window.showPage(Page::Try);   // where an adapter is of use it stays
  drop(desk.window, {QUrl::fromLocalFile(adapter)});
  EXPECT_TRUE(desk.window.tryPage()->isVisible());
  desk.window.showPage(Page::Export);
  drop(desk.window, {QUrl::fromLocalFile(adapter)});
  EXPECT_EQ(text_of(desk.window.exportPage()->runs()->currentData().toString()), text_of(adapter));
  drop(desk.window, {QUrl::fromLocalFile(write(folder.filePath(QStringLiteral("cat.png")), "x"))});
  EXPECT_TRUE(desk.window.notices()->sentence(QStringLiteral("refused")).contains(QLatin1String("cat.png is no project")));
  drop(desk.window, {QUrl(QStringLiteral("https://example.org/model.gguf"))});
  EXPECT_TRUE(desk.window.notices()->sentence(QStringLiteral("refused")).contains(QLatin1String("no file on this computer")));
  drop(desk.window, {QUrl::fromLocalFile(folder.filePath(QStringLiteral("b.weft")))});
  EXPECT_TRUE(wait_until([&] { return desk.window.desk().project().path.endsWith(QLatin1String("b.weft")); }));
}

TEST(Drops, FillAPathField) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  desk.window.setupPage()->choose(Subject::Data);
  auto* field = desk.window.inspector()->form()->field("path");
  ASSERT_NE(field, nullptr);
  drop(*field->lineEdit(), {QUrl::fromLocalFile(kData)});
  EXPECT_EQ(text_of(field->lineEdit()->text()), text_of(kData));
  EXPECT_EQ(desk.window.draft().value("data", "path"), Json(text_of(kData)));
}

// The widget that Qt gives a drag to: the first that takes drops, from the one under the pointer upwards.
QWidget* target_of(QWidget* widget) {
  while (!widget->isWindow() && !widget->acceptDrops()) widget = widget->parentWidget();
  return widget;
}

TEST(Drops, OnFieldsThatAreNoPathsAreTheWindows) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  desk.window.setupPage()->choose(Subject::Run);
  EXPECT_EQ(target_of(desk.window.inspector()->form()->field("lr")->lineEdit()), &desk.window);
  for (auto* edit : desk.window.findChildren<QLineEdit*>()) {
    if (!edit->isClearButtonEnabled()) continue;   // what is searched for
    EXPECT_EQ(target_of(edit), &desk.window) << text_of(edit->accessibleName());
  }
  for (auto* box : desk.window.tryPage()->findChildren<QPlainTextEdit*>()) EXPECT_EQ(target_of(box->viewport()), &desk.window);
  auto* place = desk.window.exportPage()->folder();
  EXPECT_EQ(target_of(place), place);
  drop(*place, {QUrl::fromLocalFile(folder.path())});
  EXPECT_EQ(text_of(place->text()), text_of(folder.path()));
}

TEST(FullScreen, GoesBackToAMaximisedWindow) {
  Desk desk(fake_engine());
  desk.window.showMaximized();
  QAction* full = nullptr;
  for (const auto& [name, action] : commandsOf(*desk.window.menus(), true))
    if (action->shortcut() == QKeySequence(Qt::Key_F11)) full = action;
  ASSERT_NE(full, nullptr);
  full->trigger();
  EXPECT_TRUE(desk.window.isFullScreen());
  full->trigger();
  EXPECT_FALSE(desk.window.isFullScreen());
  EXPECT_TRUE(desk.window.isMaximized());
}

TEST(Closing, DuringARunCancelsStopsOrGoesOnUnseen) {
  QTemporaryDir folder;
  FakeEngine* engine = nullptr;
  Desk desk(fake_engine({.hold_before_step = 12}, &engine));
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 30);
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.window.desk().isLive() && desk.window.desk().live()->lastStep == 11; }));
  answer(QStringLiteral("Cancel"));
  desk.window.close();
  EXPECT_TRUE(desk.window.isVisible());
  EXPECT_TRUE(desk.window.desk().isLive());
  answer(QStringLiteral("Keep running"));
  desk.window.close();
  EXPECT_TRUE(desk.window.isMinimized());   // there is no tray here: a hidden window could not be brought back
  EXPECT_TRUE(desk.window.desk().isLive());
  EXPECT_TRUE(desk.window.inBackground());
  desk.window.setWindowState(Qt::WindowNoState);   // as the list of windows does
  EXPECT_TRUE(wait_until([&] { return !desk.window.inBackground() && desk.window.isVisible(); }));
  answer(QStringLiteral("Keep running"));
  desk.window.close();
  EXPECT_TRUE(desk.window.inBackground());
  QSignalSpy ended(&desk.window, &MainWindow::backgroundEnded);
  engine->release();
  ASSERT_TRUE(wait_until([&] { return ended.count() == 1; }));
  EXPECT_EQ(text_of(desk.state()), "done");
}

TEST(Closing, StopsAndSaves) {
  QTemporaryDir folder;
  Desk desk(fake_engine({.hold_before_step = 12}));
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 30);
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.window.desk().isLive() && desk.window.desk().live()->lastStep == 11; }));
  answer(QStringLiteral("Stop"));
  desk.window.close();
  ASSERT_TRUE(wait_until([&] { return !desk.window.isVisible(); }));
  EXPECT_EQ(text_of(desk.state()), "stopped");
  EXPECT_EQ(desk.window.desk().live()->checkpointStep, 11);
}

TEST(Live, GoesOnWithSpace) {
  QTemporaryDir folder;
  Desk desk(fake_engine({.pause_at_step = 12}));
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 30);
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("paused"); })) << text_of(desk.state());
  desk.window.choosePerspective(Perspective::SetUp);
  QTest::keyClick(desk.window.setupPage(), Qt::Key_Space);
  QTest::qWait(20);
  EXPECT_EQ(text_of(desk.state()), "paused");   // on this page it is a key like others
  desk.window.choosePerspective(Perspective::Live);
  QTest::keyClick(desk.window.livePage(), Qt::Key_Space);
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); })) << text_of(desk.state());
}

TEST(Projects, ASecondWindowOnlyReadsAndSaysSo) {
  QTemporaryDir folder;
  const QString project = folder.filePath(QStringLiteral("shared.weft"));
  {
    Desk first(fake_engine());
    ASSERT_TRUE(first.open(project));
    set_up(first, 20);
    Desk second(fake_engine());
    ASSERT_TRUE(second.open(project));
    EXPECT_TRUE(second.window.desk().project().readOnly);
    EXPECT_TRUE(second.window.windowTitle().contains(QLatin1String("read-only")));
    EXPECT_TRUE(second.window.notices()->sentence(QStringLiteral("read-only")).contains(QLatin1String("another WEFT window has it open")))
        << text_of(second.window.notices()->sentence(QStringLiteral("read-only")));
    EXPECT_FALSE(second.window.runActions().train->isEnabled());
    second.window.draft().set("train", "steps", 5);
    second.window.draft().saveNow();
    bool refused = false;
    second.workbench.startRun(first.window.draft().request(), &second.window, [&](Result<RunId> run) { refused = !run.ok(); });
    EXPECT_TRUE(wait_until([&] { return refused; }));
    EXPECT_FALSE(first.window.desk().project().readOnly);
  }
  Desk third(fake_engine());
  ASSERT_TRUE(third.open(project));   // the first has given it back
  EXPECT_FALSE(third.window.desk().project().readOnly);
  EXPECT_EQ(third.window.draft().value("train", "steps"), Json(20));
}

TEST(Projects, OffersToResumeWhatWasInterrupted) {
  QTemporaryDir folder;
  const QString project = folder.filePath(QStringLiteral("a.weft"));
  {
    Desk desk(fake_engine({.hold_before_step = 12}));
    ASSERT_TRUE(desk.open(project));
    set_up(desk, 30);
    desk.window.train();
    ASSERT_TRUE(wait_until([&] { return desk.window.desk().isLive() && desk.window.desk().live()->lastStep == 11; }));
    desk.window.runActions().checkpoint->trigger();
    desk.window.runActions().stop->trigger();
    ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("stopped"); }));
  }
  interrupt_last_run(project);
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(project));
  auto* notices = desk.window.notices();
  const QString id = QStringLiteral("interrupted");
  ASSERT_TRUE(wait_until([&] { return !notices->sentence(id).isEmpty(); }));
  EXPECT_EQ(text_of(notices->sentence(id)), "Run r1 was interrupted at step 11; checkpoint at 11.");
  EXPECT_TRUE(notices->choose(id, QStringLiteral("Open log")));
  EXPECT_FALSE(desk.window.findChild<QDockWidget*>(QStringLiteral("log"))->isHidden());
  EXPECT_FALSE(notices->sentence(id).isEmpty());
  ASSERT_TRUE(wait_until([&] { return desk.workbench.hasEngine(); }));
  EXPECT_TRUE(notices->choose(id, QStringLiteral("Resume")));
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); })) << text_of(desk.window.desk().log().report());
  EXPECT_EQ(desk.window.desk().live()->lastStep, 30);
  EXPECT_TRUE(notices->sentence(id).isEmpty());
}

TEST(Projects, KeepStoppedIsNotAskedAgain) {
  QTemporaryDir folder;
  const QString project = folder.filePath(QStringLiteral("a.weft")), id = QStringLiteral("interrupted");
  {
    Desk desk(fake_engine());
    ASSERT_TRUE(desk.open(project));
    set_up(desk, 12);
    desk.window.train();
    ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }));
  }
  interrupt_last_run(project);
  {
    Desk desk(fake_engine());
    ASSERT_TRUE(desk.open(project));
    ASSERT_TRUE(wait_until([&] { return desk.window.notices()->choose(id, QStringLiteral("Keep stopped")); }));
  }
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(project));
  ASSERT_TRUE(wait_until([&] { return !desk.window.desk().overview().runs.empty(); }));
  QTest::qWait(50);
  EXPECT_TRUE(desk.window.notices()->sentence(id).isEmpty());
}

}  // namespace
}  // namespace weft::test
