// SPDX-License-Identifier: GPL-3.0-or-later
// What the window says above its page and asks when it is closed: read-only projects, runs that were interrupted, things
// that cannot be used, a run that goes on.
#include <algorithm>

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMessageBox>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>

#include "ui/bridge/text.h"
#include "ui/panels/help_panel.h"
#include "ui/shell/background.h"
#include "ui/shell/main_window.h"
#include "ui/shell/notice_bar.h"

namespace weft::ui {
namespace {

const QString kReadOnly = QStringLiteral("read-only"), kInterruptedRun = QStringLiteral("interrupted"), kRefused = QStringLiteral("refused"), kTourSeen = QStringLiteral("tour/seen");

// Kept as a preference of the one who looked, not in the project: the run's own record stays as it is.
QString keptStoppedKey(const QString& project, const RunRecord& run) {
  return QStringLiteral("kept-stopped/%1/%2/%3").arg(QString::number(qHash(project), 16)).arg(run.id).arg(run.last_step);
}

}  // namespace

bool MainWindow::inBackground() const { return m_background->entered(); }

void MainWindow::refuse(const QString& sentence) {
  m_desk.log().add(LogEntry::Level::Warning, sentence);
  m_notices->show({.id = kRefused, .tone = Notice::Tone::Warning, .sentence = sentence, .choices = {}, .closed = {}});
}

void MainWindow::noticeProject() {
  for (const auto& id : {kReadOnly, kInterruptedRun, kRefused}) m_notices->remove(id);
  const ProjectFacts& project = m_desk.project();
  if (!project.readOnly) return;
  const QString why = project.newerVersion > 0         ? tr("a newer WEFT made it (project version %1, this one knows up to %2), and only a newer WEFT can change it").arg(project.newerVersion).arg(project.knownVersion)
                      : project.readOnlyWhy.isEmpty() ? tr("its file or folder may not be written")
                                                      : project.readOnlyWhy;
  m_notices->show({.id = kReadOnly, .tone = Notice::Tone::Warning, .sentence = tr("%1 is open read-only: %2. Everything can be looked at; nothing is changed.").arg(QFileInfo(project.path).fileName(), why),
                   .choices = {{tr("Make a copy…"), [this] {
                     noticeProject();   // asking is no answer
                     askToCopy();
                   }}}, .closable = false, .closed = {}});
}

void MainWindow::noticeInterrupted() {
  const auto& runs = m_desk.overview().runs;
  if (m_desk.project().readOnly || m_desk.isLive() || m_desk.starting() || runs.empty()) return;
  const auto last = std::find_if(runs.rbegin(), runs.rend(), [](const RunRecord& run) { return run.state == "interrupted"; });
  if (last == runs.rend() || !m_notices->sentence(kInterruptedRun).isEmpty()) return;
  const RunRecord run = *last;
  const QString project = m_desk.project().path, key = keptStoppedKey(project, run);
  if (QSettings().value(key).toBool()) return;
  m_backend.readCheckpoints(run.id, this, [this, run, key, project](Result<std::vector<CheckpointRow>> read) {
    if (project != m_desk.project().path || m_desk.isLive()) return;
    std::int64_t saved = 0;
    if (read.ok())
      for (const auto& checkpoint : *read)
        if (checkpoint.present) saved = std::max(saved, checkpoint.step);
    const auto keep = [key] { QSettings().setValue(key, true); };
    Notice notice{.id = kInterruptedRun, .tone = Notice::Tone::Warning,
                  .sentence = saved > 0 ? tr("Run %1 was interrupted at step %2; checkpoint at %3.").arg(qs(run.name)).arg(run.last_step).arg(saved)
                                        : tr("Run %1 was interrupted at step %2, before its first checkpoint.").arg(qs(run.name)).arg(run.last_step),
                  .choices = {}, .closable = false, .closed = {}};
    if (saved > 0)
      notice.choices.push_back({tr("Resume"), [this, id = run.id] {
                                  m_desk.resume(id);
                                  showPage(Page::Live);
                                }});
    notice.choices.push_back({tr("Keep stopped"), keep});
    notice.choices.push_back({tr("Open log"), [this, id = run.id, notice] {
                                m_desk.show(id);
                                showPage(Page::Live);
                                m_logDock->show();
                                m_notices->show(notice);   // looking is no answer
                              }});
    m_notices->show(notice);
  });
}

void MainWindow::showHelp() {
  static constexpr const char* pages[kPageCount] = {"setup", "live", "compare", "inspect", "try", "export", "queue"};
  const QWidget* focus = focusWidget();
  if (focus && m_projectDock->isAncestorOf(focus))
    m_help->open(QStringLiteral("project"));
  else if (focus && m_inspectorDock->isAncestorOf(focus) && m_setup->isVisible() && m_setup->chosen() == Subject::Method)
    m_help->open(QStringLiteral("method/") + qs(m_draft.method().name));
  else
    m_help->open(QLatin1String(pages[m_pages->currentIndex()]));
  m_helpDock->show();
  m_helpDock->raise();
}

void MainWindow::offerTour(bool again) {
  if (again || !QSettings().value(kTourSeen).toBool()) showHint(0);
}

void MainWindow::showHint(int number) {
  const QString hints[] = {tr("Hint 1 of 4. Drop a model and a data file anywhere on this window, or take the sample."),
                           tr("Hint 2 of 4. Choose a method by its picture; the inspector on the right draws it with this model's shapes."),
                           tr("Hint 3 of 4. Ctrl+R trains; Live shows loss and spectra from the first step, and Ctrl+. stops and saves."),
                           tr("Hint 4 of 4. Ctrl+K finds every command, and F1 explains the page you are on.")};
  const auto seen = [] { QSettings().setValue(kTourSeen, true); };
  Notice notice{.id = QStringLiteral("hint"), .tone = Notice::Tone::Info, .sentence = hints[number], .choices = {}, .closed = seen};
  if (number + 1 < static_cast<int>(std::size(hints))) notice.choices.push_back({tr("Next"), [this, number] { showHint(number + 1); }});
  notice.choices.push_back({tr("No more hints"), seen});
  m_notices->show(notice);
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!m_desk.isLive()) {
    m_draft.saveNow();
    saveLayout();
    event->accept();
    return;
  }
  event->ignore();
  if (m_closeAfterRun || (m_background->entered() && !isVisible())) return;   // already stopping, or going on unseen
  m_background->leave();                                                       // closed from the list of windows: asked again
  QMessageBox ask(QMessageBox::Question, tr("A run goes on"),
                  tr("%1 is at step %2 of %3.").arg(m_desk.live()->name).arg(m_desk.live()->lastStep).arg(m_desk.live()->totalSteps), QMessageBox::NoButton, this);
  ask.setInformativeText(Background::wayBack());
  const auto* background = ask.addButton(tr("&Keep running in background"), QMessageBox::ActionRole);
  const auto* stop = ask.addButton(tr("&Stop && save"), QMessageBox::AcceptRole);
  auto* cancel = ask.addButton(QMessageBox::Cancel);
  ask.setDefaultButton(static_cast<QPushButton*>(cancel));
  ask.setEscapeButton(cancel);
  ask.exec();
  if (ask.clickedButton() != stop && ask.clickedButton() != background) return;
  if (!m_desk.isLive()) {   // it ended while the question stood
    close();
    return;
  }
  if (ask.clickedButton() == background) {
    saveLayout();
    m_background->enter();
    return;
  }
  stopAndClose();
}

void MainWindow::stopAndClose(int boundMs) {
  if (!m_desk.isLive()) {
    endProgram();
    return;
  }
  m_closeAfterRun = true;
  m_desk.control(Control::Stop);
  // a step that takes longer is given up: the last checkpoint stays
  QTimer::singleShot(boundMs, this, [this] {
    if (m_desk.isLive()) m_desk.control(Control::Abandon);
  });
}

void MainWindow::endProgram() {
  const bool unseen = m_background->entered();
  if (unseen) m_draft.saveNow();
  close();
  if (unseen) Q_EMIT backgroundEnded();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  for (const auto& url : event->mimeData()->urls()) {
    if (url.isLocalFile())
      openPath(url.toLocalFile());
    else
      refuse(tr("%1 is no file on this computer; download it first.").arg(url.toDisplayString()));
  }
  event->acceptProposedAction();
}

}  // namespace weft::ui
