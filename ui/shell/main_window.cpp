// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <QAction>
#include <QButtonGroup>
#include <QDir>
#include <QDockWidget>
#include <QFileInfo>
#include <QKeyEvent>
#include <QSettings>
#include <QStackedWidget>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/path_kind.h"
#include "ui/models/recent_paths.h"
#include "ui/panels/compare_page.h"
#include "ui/panels/export_page.h"
#include "ui/panels/help_panel.h"
#include "ui/panels/inspector.h"
#include "ui/panels/live_page.h"
#include "ui/panels/inspect_page.h"
#include "ui/panels/try_page.h"
#include "ui/panels/problems_panel.h"
#include "ui/panels/project_panel.h"
#include "ui/panels/queue_page.h"
#include "ui/shell/background.h"
#include "ui/shell/layout_edit.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/page_tabs.h"
#include "ui/shell/status_line.h"
#include "ui/theme/text_size.h"
#include "ui/widgets/controls.h"

namespace weft::ui {

MainWindow::MainWindow(Theme& theme, Backend& backend, Sample sample, QWidget* parent)
    : QMainWindow(parent), m_theme(theme), m_backend(backend), m_sample(std::move(sample)), m_draft(backend, this), m_desk(backend, this), m_queueDesk(m_desk, this) {
  setObjectName(QStringLiteral("weft"));
  setAcceptDrops(true);
  setMinimumSize(960, 600);
  resize(1440, 900);
  setDockNestingEnabled(false);
  m_background = new Background(theme, m_desk, *this);
  makeActions();
  makePages();
  makeDocks();
  makeMenus();
  connectParts();
  m_perspectives = std::make_unique<Perspectives>(*this, kLayoutVersion);
  m_layout = new LayoutRecorder(*this, *m_perspectives, kLayoutVersion, m_draft.undoStack());
  showPage(Page::Setup);
  refreshActions();
  refreshTitle();
  centralWidget()->setFocus();
}

void MainWindow::makePages() {
  // Every widget is made where it stays (makeScroll says why).
  auto* whole = new QWidget(this);
  setCentralWidget(whole);
  whole->setFocusPolicy(Qt::ClickFocus);
  auto* column = new QVBoxLayout(whole);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  m_notices = new NoticeBar(m_theme, whole);
  column->addWidget(m_notices);
  auto* centre = new QWidget(whole);
  column->addWidget(centre, 1);
  auto* all = new QVBoxLayout(centre);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(0);
  auto* row = new PageTabs(centre);
  auto* tabs = new QHBoxLayout(row);
  tabs->setContentsMargins(12, 10, 12, 10);
  tabs->setSpacing(4);
  all->addWidget(row);
  m_pageButtons = new QButtonGroup(this);
  const std::pair<const char*, QString> names[kPageCount] = {{"sliders-horizontal", tr("Set up")}, {"activity", tr("Live")},
                                                             {"git-compare", tr("Compare")},      {"scan-search", tr("Inspect")},
                                                             {"message-square", tr("Try")},       {"download", tr("Export")},
                                                             {"list", tr("Queue")}};
  for (int i = 0; i < kPageCount; ++i) {
    auto* button = new IconButton(m_theme, QLatin1String(names[i].first), names[i].second, IconButton::Style::Page, row);
    button->setCheckable(true);
    button->setToolTip(QStringLiteral("Ctrl+%1").arg(i + 1));
    m_pageButtons->addButton(button, i);
    tabs->addWidget(button);
  }
  tabs->addStretch();
  m_pages = new QStackedWidget(centre);
  all->addWidget(m_pages, 1);
  m_setup = new SetupPage(m_theme, m_draft, m_pages);
  m_live = new LivePage(m_theme, m_desk, m_pages);
  m_compare = new ComparePage(m_theme, m_desk, m_pages);
  m_inspect = new InspectPage(m_theme, m_draft, m_desk, m_pages);
  m_try = new TryPage(m_theme, m_draft, m_desk, m_pages);
  m_export = new ExportPage(m_theme, m_draft, m_desk, m_pages);
  m_queue = new QueuePage(m_theme, m_draft, m_queueDesk, m_pages);
  for (QWidget* page : std::initializer_list<QWidget*>{m_setup, m_live, m_compare, m_inspect, m_try, m_export, m_queue}) m_pages->addWidget(page);
  connect(m_pageButtons, &QButtonGroup::idClicked, this, [this](int id) { showPage(static_cast<Page>(id)); });
}

QDockWidget* MainWindow::makeDock(const QString& name, const QString& title, Qt::DockWidgetArea area) {
  auto* dock = new QDockWidget(title, this);
  dock->setObjectName(name);
  dock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
  addDockWidget(area, dock);
  return dock;
}

void MainWindow::makeDocks() {
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  m_projectDock = makeDock(QStringLiteral("project"), tr("Project"), Qt::LeftDockWidgetArea);
  m_inspectorDock = makeDock(QStringLiteral("inspector"), tr("Inspector"), Qt::RightDockWidgetArea);
  m_logDock = makeDock(QStringLiteral("log"), tr("LOG AND PROBLEMS"), Qt::BottomDockWidgetArea);
  m_helpDock = makeDock(QStringLiteral("help"), tr("Help"), Qt::RightDockWidgetArea);
  m_project = new ProjectPanel(m_theme, m_draft, m_desk, m_queueDesk, m_projectDock);
  m_inspector = new Inspector(m_theme, m_draft, m_inspectorDock);
  m_help = new HelpPanel(m_theme, m_helpDock);
  m_projectDock->setWidget(m_project);
  m_inspectorDock->setWidget(m_inspector);
  m_logDock->setWidget(new ProblemsPanel(m_theme, m_desk.log(), [this] { return diagnostics(); }, m_logDock));
  m_helpDock->setWidget(m_help);
  m_help->setMinimumWidth(280);
  tabifyDockWidget(m_inspectorDock, m_helpDock);
  m_helpDock->hide();
  m_project->setMinimumWidth(200);
  const auto fit = [this] { m_inspector->setMinimumWidth(304 * textPercent() / 100); };
  connect(&m_theme, &Theme::changed, this, fit);
  fit();
  resizeDocks({m_projectDock, m_inspectorDock}, {240, 316}, Qt::Horizontal);
  resizeDocks({m_logDock}, {160}, Qt::Vertical);
  m_logDock->hide();
  m_status = new StatusLine(m_theme, m_draft, m_desk, this);
  setStatusBar(m_status);
}

void MainWindow::connectParts() {
  connect(m_setup, &SetupPage::subjectChosen, this, [this](Subject subject) { m_inspector->showSubject(subject); });
  connect(m_setup, &SetupPage::sampleWanted, this, &MainWindow::openSample);
  connect(m_try, &TryPage::sampleWanted, this, &MainWindow::openSample);
  connect(m_try, &TryPage::setupWanted, this, [this] { showPage(Page::Setup); });
  connect(m_setup, &SetupPage::copyWanted, this, &MainWindow::askToCopy);
  connect(m_setup, &SetupPage::sampleDataWanted, this, [this] {
    if (m_sample.config.is_object() && m_sample.config.contains("data"))
      m_draft.set("data", "path", m_sample.config["data"].value("path", ""));
    else
      m_desk.log().add(LogEntry::Level::Warning, m_sample.problem);
  });
  connect(m_project, &ProjectPanel::subjectChosen, this, &MainWindow::chooseSubject);
  connect(m_project, &ProjectPanel::runChosen, this, [this](RunId run) {
    m_desk.show(run);
    m_inspect->chooseRun(run);
    m_try->chooseRun(run);
    const auto page = static_cast<Page>(m_pages->currentIndex());
    if (page != Page::Export && page != Page::Inspect && page != Page::Try) showPage(Page::Live);
  });
  connect(m_project, &ProjectPanel::saveWanted, this, &MainWindow::saveRunFile);
  connect(m_project, &ProjectPanel::exportWanted, this, [this](RunId run) {
    m_desk.show(run);
    m_export->chooseRun(run);
    showPage(Page::Export);
  });
  connect(m_project, &ProjectPanel::adapterChosen, this, [this](const QString& path) {
    showPage(Page::Inspect);
    m_inspect->openFolder(path);
  });
  connect(m_project, &ProjectPanel::tryWanted, this, [this](const QString& path) {
    m_try->openFolder(path);
    showPage(Page::Try);
  });
  connect(m_project, &ProjectPanel::exportAdapterWanted, this, [this](const QString& path) {
    m_export->chooseAdapter(path);
    showPage(Page::Export);
  });
  connect(m_project, &ProjectPanel::compareWanted, this, [this](RunId run) {
    m_compare->choose(run, true);
    showPage(Page::Compare);
  });
  connect(m_live, &LivePage::exportWanted, this, [this](RunId run, std::int64_t step) {
    m_export->chooseRun(run, step);
    showPage(Page::Export);
  });
  const auto exportAtRank = [this](RunId run, std::int64_t step, int rank) {
    m_export->chooseRank(run, step, rank);
    showPage(Page::Export);
  };
  connect(m_live, &LivePage::exportAtRankWanted, this, exportAtRank);
  connect(m_inspect, &InspectPage::exportAtRankWanted, this, [this, exportAtRank](const CloseUpOrder::Adapter& adapter, int rank) {
    if (adapter.path.isEmpty()) return exportAtRank(adapter.run, adapter.step, rank);
    m_export->chooseRank(adapter.path, rank);
    showPage(Page::Export);
  });
  connect(m_live, &LivePage::pauseWanted, m_actions.pause, &QAction::trigger);
  const auto useSettings = [this](const Json& config) {
    if (const Status status = m_draft.load(config, tr("take over the settings of a run")); !status.ok()) m_desk.log().add(LogEntry::Level::Error, engineText(status.message()));
    showPage(Page::Setup);
  };
  connect(m_live, &LivePage::settingsWanted, this, useSettings);
  connect(m_project, &ProjectPanel::settingsWanted, this, useSettings);
  connect(m_queue, &QueuePage::settingsWanted, this, useSettings);
  connect(m_compare, &ComparePage::settingsWanted, this, [this, useSettings](const Json& config) { config.is_null() ? showPage(Page::Setup) : useSettings(config); });
  connectQueue();
  connect(m_status, &StatusLine::problemsWanted, m_logDock, [this] { m_logDock->setVisible(!m_logDock->isVisible()); });
  connect(&m_desk, &RunDesk::failed, m_logDock, [this] { m_logDock->show(); });
  connect(&m_desk, &RunDesk::stateChanged, this, &MainWindow::refreshActions);
  connect(&m_desk, &RunDesk::finished, &m_draft, &Draft::lookAhead);   // memory is free again, and its peak is known
  connect(&m_desk, &RunDesk::shownChanged, this, &MainWindow::showRunInInspector);
  connect(&m_desk, &RunDesk::finished, this, [this] {
    showRunInInspector();
    if (m_closeAfterRun || m_background->entered()) endProgram();
  });
  connect(&m_desk, &RunDesk::projectChanged, this, &MainWindow::noticeProject);
  connect(&m_desk, &RunDesk::overviewChanged, this, &MainWindow::noticeInterrupted);
  connect(m_background, &Background::stopWanted, this, [this] { stopAndClose(); });
  m_live->setFocusPolicy(Qt::ClickFocus);
  m_live->installEventFilter(this);
  connect(&m_draft, &Draft::changed, this, &MainWindow::refreshActions);
  connect(&m_backend, &Backend::engineReady, this, [this](const EngineInfo& info) {
    m_engineInfo = info;
    refreshActions();
  });
  connect(&m_backend, &Backend::engineFailed, this, [this](const QString& why) {
    m_engineProblem = why;
    refreshActions();
  });
}

void MainWindow::openProject(const QString& path, bool create, std::function<void(bool)> done) {
  if (m_desk.isLive()) {
    refuse(tr("a run goes on; stop it before opening another project"));
    if (done) done(false);
    return;
  }
  m_draft.saveNow();
  m_desk.openProject(path, create, [this, done = std::move(done)](Result<ProjectFacts> facts) {
    if (facts.ok()) {
      m_draft.clear();
      if (!facts->draft.is_null())
        if (const Status status = m_draft.load(facts->draft); !status.ok())
          m_desk.log().add(LogEntry::Level::Warning, tr("the project's settings were left out: %1").arg(engineText(status.message())));
      RecentPaths::projects().add(facts->path);
      refreshRecent();
      refreshTitle();
      refreshActions();
    } else {
      refuse(engineText(facts.status().message()));
    }
    if (done) done(facts.ok());
  });
}

void MainWindow::openSample() {
  const auto fill = [this] {
    const Status status = m_sample.config.is_null() ? not_found(m_sample.problem.toStdString()) : m_draft.load(m_sample.config, tr("take the sample"));
    if (status.ok()) return;
    m_desk.log().add(LogEntry::Level::Warning, engineText(status.message()));
    m_logDock->show();
  };
  if (!m_desk.project().path.isEmpty()) {
    fill();
    return;
  }
  openProject(m_sample.project, /*create=*/true, [fill](bool ok) {
    if (ok) fill();
  });
}

void MainWindow::openPath(const QString& path) {
  const PathKind kind = pathKind(path);
  switch (kind.is) {
    case PathKind::Is::Project: openProject(kind.path, !QFileInfo::exists(kind.path)); return;
    case PathKind::Is::Model:
      m_draft.setModelPath(kind.path);
      chooseSubject(Subject::Model);
      return;
    case PathKind::Is::Data:
      m_draft.setDataPath(kind.path);
      chooseSubject(Subject::Data);
      return;
    case PathKind::Is::Adapter:
      if (m_pages->currentWidget() == m_try) return m_try->openFolder(kind.path);
      if (m_pages->currentWidget() == m_export) return m_export->chooseAdapter(kind.path);
      showPage(Page::Inspect);
      m_inspect->openFolder(kind.path);
      return;
    case PathKind::Is::RunFile: loadRunFile(kind.path); return;
    case PathKind::Is::Missing: refuse(tr("%1 does not exist").arg(kind.path)); return;
    case PathKind::Is::Nothing:
      refuse(tr("%1 is no project (.weft), model (GGUF file, folder with config.json), adapter (folder with adapter_config.json, safetensors), data set "
                "(JSONL, JSON, CSV, text) or run file (TOML)").arg(kind.path));
      return;
  }
}

void MainWindow::showPage(Page page) {
  const int index = static_cast<int>(page);
  m_pages->setCurrentIndex(index);
  m_pageButtons->button(index)->setChecked(true);
  if (page == Page::Live) {
    m_live->refreshNow();
    m_live->setFocus();            // Space pauses
  }
  if (page == Page::Setup)
    m_inspector->showSubject(m_setup->chosen());
  else
    showRunInInspector();
}

void MainWindow::chooseSubject(Subject subject) {
  showPage(Page::Setup);
  m_setup->choose(subject);
}

void MainWindow::showRunInInspector() {
  if (m_pages->currentIndex() == static_cast<int>(Page::Setup)) return;
  if (const auto& run = m_desk.shown())
    m_inspector->showRun(run->name, run->config, run->sites, run->totalParameters);
  else
    m_inspector->showSubject(Subject::Method);
}

void MainWindow::train() {
  if (!m_actions.train->isEnabled()) return;
  m_desk.train(m_draft.request());
  showPage(Page::Live);
}

void MainWindow::refreshActions() {
  const bool live = m_desk.isLive() || m_desk.starting();
  QString why;
  if (!m_engineProblem.isEmpty())
    why = m_engineProblem;
  else if (!m_backend.hasEngine())
    why = tr("the engine is loading");
  else if (m_desk.project().path.isEmpty())
    why = tr("open or make a project first");
  else if (m_desk.project().readOnly)
    why = tr("the project is read-only");
  else
    for (const auto& readiness : {m_draft.modelReadiness(), m_draft.dataReadiness(), m_draft.methodReadiness(), m_draft.runReadiness()})
      if (!readiness.ready() && why.isEmpty()) why = readiness.why;
  m_actions.train->setVisible(!live);
  m_actions.train->setEnabled(!live && why.isEmpty());
  m_actions.train->setToolTip(why.isEmpty() ? tr("Start the run (Ctrl+R)") : why);
  const QString word = m_desk.live() ? m_desk.live()->stateWord : QString();
  const bool paused = word == QLatin1String("paused"), running = word == QLatin1String("running");
  m_copyProject->setEnabled(!m_desk.project().path.isEmpty() && !m_endCopy);
  const bool writable = !m_desk.project().path.isEmpty() && !m_desk.project().readOnly;
  m_actions.queue->setEnabled(writable && m_draft.ready());
  m_sweep->setEnabled(m_actions.queue->isEnabled());
  m_actions.pause->setVisible(live);
  m_actions.pause->setText(paused ? tr("&Continue") : tr("&Pause"));
  m_actions.pause->setEnabled(m_desk.isLive() && (paused || running));
  m_actions.stop->setVisible(live);
  m_actions.stop->setEnabled(m_desk.isLive() && word != QLatin1String("stopping"));
  m_actions.checkpoint->setVisible(live);
  m_actions.checkpoint->setEnabled(m_desk.isLive() && (paused || running));
  const bool prompts = m_desk.live() && m_desk.live()->config.is_object() && m_desk.live()->config.contains("samples") &&
                       !sample_prompts(m_desk.live()->config["samples"]).empty();
  m_actions.sample->setVisible(live);
  m_actions.sample->setEnabled(m_desk.isLive() && (paused || running) && prompts);
  m_actions.sample->setToolTip(prompts ? tr("Answer the run's prompts after this step, base beside tuned (Ctrl+Shift+M)")
                                       : tr("This run has no prompts: name some under Samples before it starts, or ask on the page Try"));
  m_abandon->setEnabled(m_desk.isLive());
}

void MainWindow::refreshTitle() {
  const QString name = m_desk.project().path.isEmpty() ? tr("no project") : QFileInfo(m_desk.project().path).fileName();
  const QString shown = m_desk.project().readOnly ? tr("%1 (read-only)").arg(name) : name;
  m_title->setText(shown);
  setWindowTitle(QStringLiteral("%1 – WEFT").arg(shown));
  setWindowFilePath(m_desk.project().path);
}

void MainWindow::saveLayout() const {
  QSettings settings;
  settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
  m_perspectives->save(settings);
}

void MainWindow::restoreLayout() {
  const QSettings settings;
  restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
  m_perspectives->restore(settings);
}

void MainWindow::resetLayout() { m_perspectives->reset(); }

void MainWindow::choosePerspective(Perspective which) {
  static constexpr Page pages[kPerspectives] = {Page::Setup, Page::Live, Page::Compare, Page::Inspect};
  m_perspectives->choose(which);
  const Page page = pages[static_cast<int>(which)];
  showPage(page);
  m_pages->currentWidget()->setFocus();
}

bool MainWindow::eventFilter(QObject* object, QEvent* event) {
  // Space on the Live page, where no button or field has taken it
  if (object == m_live && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space && m_actions.pause->isEnabled()) {
    m_actions.pause->trigger();
    return true;
  }
  return QMainWindow::eventFilter(object, event);
}

}  // namespace weft::ui
