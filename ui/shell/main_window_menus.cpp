// SPDX-License-Identifier: GPL-3.0-or-later
// The actions and menus of the window.
#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QDockWidget>
#include <QFontDatabase>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>

#include "ui/panels/export_page.h"
#include "ui/panels/live_page.h"
#include "ui/shell/command_search.h"
#include "ui/shell/language.h"
#include "ui/shell/layout_edit.h"
#include "ui/shell/main_window.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/shortcut_sheet.h"
#include "ui/shell/text_size_menu.h"
#include "ui/widgets/controls.h"

namespace weft::ui {

void MainWindow::makeActions() {
  const auto action = [this](const QString& text, const QKeySequence& keys) {
    auto* a = new QAction(text, this);
    a->setShortcut(keys);
    addAction(a);   // works whatever has the focus
    return a;
  };
  m_actions.train = action(tr("&Train"), Qt::CTRL | Qt::Key_R);
  m_actions.pause = action(tr("&Pause"), Qt::CTRL | Qt::SHIFT | Qt::Key_P);
  m_actions.stop = action(tr("&Stop && save"), Qt::CTRL | Qt::Key_Period);
  m_actions.checkpoint = action(tr("&Checkpoint"), Qt::CTRL | Qt::SHIFT | Qt::Key_S);
  m_actions.stop->setToolTip(tr("Finish the step, write a checkpoint, end the run (Ctrl+.)"));
  m_actions.checkpoint->setToolTip(tr("Write a checkpoint after this step and go on"));
  m_actions.sample = action(tr("Sa&mple now"), Qt::CTRL | Qt::SHIFT | Qt::Key_M);
  m_actions.pause->setToolTip(tr("Finish the step and wait; everything stays in memory"));
  m_actions.queue = action(tr("Add to &queue"), Qt::CTRL | Qt::SHIFT | Qt::Key_R);
  m_actions.queue->setToolTip(tr("Freeze these settings as a run of the queue (Ctrl+Shift+R)"));
  m_sweep = action(tr("S&weep…"), {});
  m_sweep->setToolTip(tr("Add a grid of settings to the queue"));
  m_abandon = action(tr("Stop &without saving…"), {});
  m_exportAction = action(tr("&Export…"), Qt::CTRL | Qt::Key_E);
  m_openAction = action(tr("&Open…"), QKeySequence::Open);
  m_newAction = action(tr("&New project…"), QKeySequence::New);
  m_sampleAction = action(tr("Try the &sample"), {});
  m_copyProject = action(tr("Make a &copy of the project…"), {});
  m_diagnostics = action(tr("Save &diagnostics…"), {});
  connect(m_copyProject, &QAction::triggered, this, &MainWindow::askToCopy);
  connect(m_diagnostics, &QAction::triggered, this, &MainWindow::askForDiagnostics);
  m_resetLayout = action(tr("&Reset layout"), {});
  m_quit = action(tr("&Quit"), QKeySequence::Quit);
  m_search = action(tr("&Find anything…"), Qt::CTRL | Qt::Key_K);
  connect(m_actions.train, &QAction::triggered, this, &MainWindow::train);
  connect(m_actions.pause, &QAction::triggered, this, [this] {
    const bool paused = m_desk.live() && m_desk.live()->stateWord == QLatin1String("paused");
    m_desk.control(paused ? Control::Continue : Control::Pause);
  });
  connect(m_actions.stop, &QAction::triggered, this, [this] { m_desk.control(Control::Stop); });
  connect(m_actions.checkpoint, &QAction::triggered, this, [this] { m_desk.control(Control::Checkpoint); });
  connect(m_actions.sample, &QAction::triggered, this, [this] { m_desk.control(Control::Sample); });
  connect(m_abandon, &QAction::triggered, this, [this] {
    m_desk.show(m_desk.live()->id);
    showPage(Page::Live);
    m_live->askToStop();
  });
  connect(m_exportAction, &QAction::triggered, this, [this] {
    if (m_desk.shown()) m_export->chooseRun(m_desk.shown()->id);
    showPage(Page::Export);
  });
  connect(m_openAction, &QAction::triggered, this, &MainWindow::askToOpen);
  connect(m_newAction, &QAction::triggered, this, &MainWindow::askForNewProject);
  connect(m_sampleAction, &QAction::triggered, this, &MainWindow::openSample);
  connect(m_resetLayout, &QAction::triggered, this, [this] { m_layout->record(tr("reset the layout"), [this] { resetLayout(); }); });
  connect(m_quit, &QAction::triggered, this, &QWidget::close);
  m_undo = m_draft.undoStack().createUndoAction(this, tr("&Undo"));
  m_redo = m_draft.undoStack().createRedoAction(this, tr("&Redo"));
  m_undo->setShortcut(QKeySequence::Undo);
  m_redo->setShortcuts({QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), QKeySequence(Qt::CTRL | Qt::Key_Y)});   // desktops know one or the other
  addActions({m_undo, m_redo});
  m_shortcuts = action(tr("&Keyboard shortcuts"), Qt::CTRL | Qt::Key_Slash);
  m_actions.pause->setProperty("moreKeys", tr("Space on Live"));
  // the first four pages are also ways to lay out the docks
  const QString pages[kPageCount] = {tr("&Set up"), tr("&Live"), tr("&Compare"), tr("&Inspect"), tr("Tr&y"), tr("&Export"), tr("Queue")};
  for (int i = 0; i < kPageCount; ++i) {
    auto* page = action(pages[i], QKeySequence(QStringLiteral("Ctrl+%1").arg(i + 1)));
    connect(page, &QAction::triggered, this, [this, i] {
      if (i < kPerspectives)
        choosePerspective(static_cast<Perspective>(i));
      else
        showPage(static_cast<Page>(i));
    });
    m_pageActions.push_back(page);
  }
}

void MainWindow::makeMenus() {
  auto* host = new QWidget(this);
  auto* hostColumn = new QVBoxLayout(host);
  hostColumn->setContentsMargins(0, 0, 0, 0);
  hostColumn->setSpacing(0);
  auto* bar = new QWidget(host);
  bar->setProperty("bar", true);
  bar->setAttribute(Qt::WA_StyledBackground);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(4, 1, 12, 1);
  auto* menus = m_menus = new QMenuBar(bar);
  menus->setNativeMenuBar(false);
  menus->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  row->addWidget(menus, 1);
  m_title = makeLabel("subtitle", {}, bar);
  m_title->setAlignment(Qt::AlignCenter);
  row->addWidget(m_title);
  auto* search = new IconButton(m_theme, QStringLiteral("search"), tr("Search   Ctrl K"), IconButton::Style::Page, bar);
  connect(search, &QPushButton::clicked, m_search, &QAction::trigger);
  auto* right = new QHBoxLayout;
  right->addStretch();
  right->addWidget(search);
  row->addLayout(right, 1);
  hostColumn->addWidget(bar);
  auto* runBar = new RunBar(m_theme, m_draft, m_desk, m_actions, host);
  connect(runBar, &RunBar::subjectChosen, this, &MainWindow::chooseSubject);
  hostColumn->addWidget(runBar);
  setMenuWidget(host);

  auto* file = menus->addMenu(tr("&File"));
  makeFileMenu(file);
  makeEditMenu();
  auto* run = menus->addMenu(tr("&Run"));
  for (auto* a : {m_actions.train, m_actions.pause, m_actions.checkpoint, m_actions.sample, m_actions.stop, m_abandon}) run->addAction(a);
  run->addSeparator();
  for (auto* a : {m_actions.queue, m_sweep}) run->addAction(a);
  makeViewMenu();
  makeHelpMenu();
  refreshRecent();
}

void MainWindow::makeEditMenu() {
  auto* edit = m_menus->addMenu(tr("&Edit"));
  edit->addActions({m_undo, m_redo});
}

void MainWindow::makeViewMenu() {
  auto* view = m_menus->addMenu(tr("&View"));
  for (auto* page : m_pageActions) view->addAction(page);
  view->addSeparator();
  for (auto* dock : {m_projectDock, m_inspectorDock, m_logDock, m_helpDock}) view->addAction(dock->toggleViewAction());
  view->addAction(m_resetLayout);
  view->addSeparator();
  makeThemeMenu(view);
  addTextSizeMenu(*view, m_theme);
  makeLanguageMenu(view);
  auto* full = view->addAction(tr("F&ull screen"));
  full->setCheckable(true);
  full->setShortcut(Qt::Key_F11);
  connect(full, &QAction::toggled, this, [this](bool on) {
    setWindowState(on ? windowState() | Qt::WindowFullScreen : windowState() & ~Qt::WindowFullScreen);   // back to maximised where it was
  });
}

void MainWindow::makeHelpMenu() {
  auto* help = m_menus->addMenu(tr("&Help"));
  auto* page = help->addAction(tr("&Help on this page"), this, &MainWindow::showHelp);
  page->setShortcut(QKeySequence::HelpContents);
  help->addAction(m_search);
  connect(m_search, &QAction::triggered, this, [this] { openSearch(); });
  help->addAction(m_shortcuts);
  connect(m_shortcuts, &QAction::triggered, this, [this] { (new ShortcutSheet(*m_menus, this))->show(); });
  help->addAction(tr("&Show the hints again"), this, [this] { offerTour(/*again=*/true); });
  help->addAction(m_diagnostics);
  auto* about = help->addAction(tr("&About WEFT"));
  connect(about, &QAction::triggered, this, [this] {
    QMessageBox::about(this, tr("About WEFT"),
                       tr("WEFT fine-tunes language models with adapters, on this computer.\n\nGPL-3.0-or-later. With Qt %1, QCustomPlot, SQLite, LibTorch; "
                          "fonts Inter and JetBrains Mono (OFL 1.1), icons Lucide (ISC).").arg(QLatin1String(qVersion())));
  });
}

QMenu* MainWindow::makeThemeMenu(QMenu* view) {
  auto* menu = view->addMenu(tr("&Theme"));
  auto* group = new QActionGroup(menu);
  const std::pair<ThemeChoice, QString> choices[] = {{ThemeChoice::System, tr("&Follow system")}, {ThemeChoice::Light, tr("&Light")}, {ThemeChoice::Dark, tr("&Dark")}};
  for (const auto& [choice, text] : choices) {
    auto* a = menu->addAction(text);
    a->setCheckable(true);
    a->setChecked(m_theme.choice() == choice);
    group->addAction(a);
    connect(a, &QAction::triggered, this, [this, choice = choice] {
      m_theme.choose(choice);
      QSettings().setValue(QStringLiteral("theme"), static_cast<int>(choice));
    });
  }
  return menu;
}

void MainWindow::makeLanguageMenu(QMenu* view) {
  auto* menu = view->addMenu(tr("&Language"));
  auto* group = new QActionGroup(menu);
  const std::pair<Language, QString> choices[] = {{Language::System, tr("&System language")}, {Language::English, tr("&English")}, {Language::Japanese, tr("&Japanese")}};
  for (const auto& [choice, text] : choices) {
    auto* a = menu->addAction(text);
    a->setCheckable(true);
    a->setChecked(keptLanguage() == choice);
    group->addAction(a);
    connect(a, &QAction::triggered, this, [this, choice = choice] {
      keepLanguage(choice);
      QString sentence = tr("The language changes when WEFT is started again.");
      const bool letters = choice != Language::Japanese || !QFontDatabase::families(QFontDatabase::Japanese).isEmpty();
      if (!letters) sentence += QLatin1Char(' ') + tr("No font on this computer has Japanese letters: install one first, on Debian the package fonts-vlgothic.");
      m_notices->show({.id = QStringLiteral("language"), .tone = letters ? Notice::Tone::Info : Notice::Tone::Warning, .sentence = sentence, .choices = {}, .closed = {}});
    });
  }
}

}  // namespace weft::ui
