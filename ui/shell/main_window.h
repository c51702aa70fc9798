// SPDX-License-Identifier: GPL-3.0-or-later
// The window: docks, menus, actions, pages and their layout. Holds no truth of its own: everything shown is in the draft,
// the run desk or the project. Main thread only.
#pragma once

#include <memory>

#include <QMainWindow>

#include "ui/models/draft.h"
#include "ui/models/queue_desk.h"
#include "ui/models/run_desk.h"
#include "ui/panels/setup_page.h"
#include "ui/shell/perspectives.h"
#include "ui/shell/run_bar.h"
#include "ui/theme/theme.h"

class QLabel;
class QButtonGroup;
class QMenuBar;
class QStackedWidget;

namespace weft::ui {

class Background;
class ComparePage;
class ExportPage;
class HelpPanel;
class InspectPage;
class Inspector;
class LayoutRecorder;
class LivePage;
class NoticeBar;
class Notifier;
class ProjectPanel;
class QueuePage;
class StatusLine;
class TryPage;

// What a first visit is offered.
struct Sample {
  QString project;                 // file to open or create
  Json config;                     // settings with whole paths; null when something is missing
  QString problem;                 // what is missing, and how to get it
};

enum class Page { Setup, Live, Compare, Inspect, Try, Export, Queue };
inline constexpr int kPageCount = 7;

class MainWindow final : public QMainWindow {
  Q_OBJECT
 public:
  MainWindow(Theme& theme, Backend& backend, Sample sample, QWidget* parent = nullptr);

  void openProject(const QString& path, bool create, std::function<void(bool ok)> done = nullptr);
  void openSample();
  // Project, model, adapter, data set or run file by what it is; anything else is refused with a sentence above the page.
  void openPath(const QString& path);
  void showPage(Page page);
  void showHelp();             // on the page that is shown
  void offerTour(bool again = false);   // four hints, once; they end when dismissed
  void choosePerspective(Perspective which);   // its page and its docks
  void train();
  void addToQueue();
  void openSweep();
  // Shows what it would change first; taken over it is one step of undo.
  void loadRunFile(const QString& path);
  void saveRunFile(const Json& config, const QString& path);
  void copyProject(const QString& to);   // and opens the copy, unless a run goes on; one at a time, with a notice that can end it
  bool saveDiagnostics(const QString& path);
  // For a signal or the end of the desktop session: stops and saves a run that goes on, then closes, and asks nothing. A run
  // that has not stopped after `boundMs` is abandoned with the checkpoint it has.
  void stopAndClose(int boundMs = kStopBoundMs);
  static constexpr int kStopBoundMs = 20000;

  [[nodiscard]] Draft& draft() { return m_draft; }
  [[nodiscard]] RunDesk& desk() { return m_desk; }
  [[nodiscard]] QueueDesk& queueDesk() { return m_queueDesk; }
  [[nodiscard]] QueuePage* queuePage() { return m_queue; }
  [[nodiscard]] SetupPage* setupPage() { return m_setup; }
  [[nodiscard]] LivePage* livePage() { return m_live; }
  [[nodiscard]] ExportPage* exportPage() { return m_export; }
  [[nodiscard]] ComparePage* comparePage() { return m_compare; }
  [[nodiscard]] InspectPage* inspectPage() { return m_inspect; }
  [[nodiscard]] TryPage* tryPage() { return m_try; }
  [[nodiscard]] Inspector* inspector() { return m_inspector; }
  [[nodiscard]] ProjectPanel* projectPanel() { return m_project; }
  [[nodiscard]] HelpPanel* help() { return m_help; }
  [[nodiscard]] NoticeBar* notices() { return m_notices; }
  [[nodiscard]] QString diagnostics();
  [[nodiscard]] Notifier* notifier() { return m_notifier; }
  [[nodiscard]] QMenuBar* menus() { return m_menus; }
  [[nodiscard]] bool inBackground() const;
  [[nodiscard]] StatusLine* statusLine() { return m_status; }
  [[nodiscard]] const RunActions& runActions() const { return m_actions; }

  void restoreLayout();
  void saveLayout() const;
  void resetLayout();
  static constexpr int kLayoutVersion = 2;

 Q_SIGNALS:
  void backgroundEnded();   // the run of a window that was closed is over, and with it the program

 protected:
  void closeEvent(QCloseEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makeActions();
  void makePages();
  void makeDocks();
  void makeMenus();
  void connectQueue();
  void openSearch();
  void makeFileMenu(QMenu* file);
  void makeEditMenu();
  void makeViewMenu();
  void makeHelpMenu();
  void showHint(int number);
  void refuse(const QString& sentence);
  void noticeProject();
  void noticeInterrupted();
  void endProgram();
  QMenu* makeThemeMenu(QMenu* view);
  void makeLanguageMenu(QMenu* view);
  void connectParts();
  void refreshActions();
  void refreshTitle();
  void refreshRecent();
  void chooseSubject(Subject subject);
  void showRunInInspector();
  void askToOpen();
  void askForNewProject();
  void askForRunFile();
  void askToSaveRunFile();
  void askToCopy();
  void askForDiagnostics();
  [[nodiscard]] QDockWidget* makeDock(const QString& name, const QString& title, Qt::DockWidgetArea area);

  Theme& m_theme;
  Backend& m_backend;
  const Sample m_sample;
  Draft m_draft;
  RunDesk m_desk;
  QueueDesk m_queueDesk;
  RunActions m_actions{};
  QAction *m_abandon, *m_exportAction, *m_openAction, *m_newAction, *m_sampleAction, *m_resetLayout, *m_quit, *m_search, *m_sweep, *m_undo, *m_redo, *m_shortcuts, *m_copyProject, *m_diagnostics;
  std::vector<QAction*> m_pageActions;
  QButtonGroup* m_pageButtons;
  QStackedWidget* m_pages;
  SetupPage* m_setup;
  LivePage* m_live;
  ComparePage* m_compare;
  ExportPage* m_export;
  InspectPage* m_inspect;
  QueuePage* m_queue;
  Notifier* m_notifier;
  TryPage* m_try;
  Inspector* m_inspector;
  ProjectPanel* m_project;
  HelpPanel* m_help;
  StatusLine* m_status;
  QLabel* m_title;
  QMenu* m_recent;
  QDockWidget *m_projectDock, *m_inspectorDock, *m_logDock, *m_helpDock;
  std::unique_ptr<Perspectives> m_perspectives;
  LayoutRecorder* m_layout;
  Background* m_background;
  NoticeBar* m_notices;
  QMenuBar* m_menus;
  bool m_closeAfterRun = false;
  std::shared_ptr<std::atomic<bool>> m_endCopy;   // of the copy in progress
  QString m_engineProblem;
  std::optional<EngineInfo> m_engineInfo;
};

}  // namespace weft::ui
