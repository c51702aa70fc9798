// SPDX-License-Identifier: GPL-3.0-or-later
// The window's part in the queue, and what its search finds.
#include <QAction>
#include <QFileInfo>
#include <QMenuBar>

#include "engine/api/method_catalogue.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/dialogs/sweep_dialog.h"
#include "ui/models/path_kind.h"
#include "ui/models/project_model.h"
#include "ui/panels/project_panel.h"
#include "ui/panels/inspect_page.h"
#include "ui/panels/inspector.h"
#include "ui/panels/queue_page.h"
#include "ui/shell/command_search.h"
#include "ui/shell/main_window.h"
#include "ui/shell/notifier.h"
#include "ui/shell/status_line.h"
#include "ui/widgets/setting_form.h"

namespace weft::ui {
namespace {

constexpr int kNoticeMs = 5000;

}  // namespace

void MainWindow::connectQueue() {
  m_notifier = new Notifier(m_theme, *m_status, this);
  connect(m_actions.queue, &QAction::triggered, this, &MainWindow::addToQueue);
  connect(m_sweep, &QAction::triggered, this, &MainWindow::openSweep);
  connect(m_queue, &QueuePage::addWanted, this, &MainWindow::addToQueue);
  connect(m_queue, &QueuePage::sweepWanted, this, &MainWindow::openSweep);
  connect(m_queue, &QueuePage::runChosen, this, [this](RunId run) {
    m_desk.show(run);
    showPage(Page::Live);
  });
  connect(m_project, &ProjectPanel::queuedChosen, this, [this](QueueId entry) {
    m_queue->choose(entry);
    showPage(Page::Queue);
  });
  connect(&m_backend, &Backend::engineReady, m_queue, [this] { m_queueDesk.refresh(); });
  connect(&m_queueDesk, &QueueDesk::added, this, [this](int count) {
    m_status->tell(count == 1 ? tr("One run added to the queue") : tr("%1 runs added to the queue").arg(count), kNoticeMs);
  });
  connect(&m_queueDesk, &QueueDesk::ended, this, [this](const QString& sentence, bool bad) { m_notifier->tell(tr("WEFT"), sentence, bad); });
  connect(m_notifier, &Notifier::clicked, this, [this] {
    showNormal();
    raise();
    activateWindow();
    showPage(Page::Queue);
  });
}

void MainWindow::addToQueue() {
  if (!m_actions.queue->isEnabled()) return;
  const Json rows = m_draft.value("data", "path");
  const QString name = rows.is_string() ? QFileInfo(qs(rows.get<std::string>())).completeBaseName() : QString();
  m_queueDesk.add({m_draft.request(), name.isEmpty() ? tr("run") : name, {}});
}

void MainWindow::openSweep() {
  if (m_sweep->isEnabled()) (new SweepDialog(m_theme, m_draft, m_queueDesk, this))->QWidget::show();
}

void MainWindow::openSearch() {
  std::vector<FoundThing> things;
  const auto& overview = m_desk.overview();
  for (auto run = overview.runs.rbegin(); run != overview.runs.rend(); ++run) {
    QString text = tr("Run %1 %2 (%3)").arg(qs(run->name), methodText(run->config), engineText(run->state));
    if (!run->note.empty()) text += QStringLiteral(" – ") + qs(run->note).simplified();
    things.push_back({text, stateIcon(qs(run->state)), [this, id = run->id] {
                        m_desk.show(id);
                        showPage(Page::Live);
                      }});
  }
  const ProjectModel& tree = *m_project->model();
  const auto inputs = [&](ProjectModel::Section section, const QString& text, const char* icon, void (Draft::*take)(const QString&), Subject subject) {
    const QModelIndex top = tree.index(section, 0);
    for (int row = 0; row < tree.rowCount(top); ++row) {
      const QString path = tree.index(row, 0, top).data(ProjectModel::PathRole).toString();
      things.push_back({text.arg(path), QLatin1String(icon), [this, path, take, subject] {
                          (m_draft.*take)(path);
                          chooseSubject(subject);
                        }});
    }
  };
  inputs(ProjectModel::ModelSection, tr("Model: %1"), "box", &Draft::setModelPath, Subject::Model);
  inputs(ProjectModel::DataSection, tr("Data: %1"), "database", &Draft::setDataPath, Subject::Data);
  for (const auto& item : m_queueDesk.model().items())
    things.push_back({tr("Queue: %1 (%2)").arg(qs(item.entry.name), queueStateWord(item.entry.state)), QStringLiteral("list"),
                      [this, entry = item.entry.id] { Q_EMIT m_project->queuedChosen(entry); }});
  for (const auto& artifact : overview.artifacts)
    things.push_back({tr("Export of r%1: %2").arg(artifact.run).arg(qs(artifact.path)), QStringLiteral("download"), [this, path = qs(artifact.path)] {
                        if (pathKind(path).is == PathKind::Is::Adapter) return openPath(path);
                        showPage(Page::Export);
                      }});
  for (const auto& method : method_catalogue())
    things.push_back({tr("Method: %1 (%2)").arg(qs(method.title), qs(method.name)), QStringLiteral("layers"), [this, name = method.name] {
                        m_draft.setMethod(name);
                        chooseSubject(Subject::Method);
                      }});
  const std::pair<const char*, Subject> subjects[] = {{"model", Subject::Model}, {"data", Subject::Data}, {"method", Subject::Method}, {"train", Subject::Run}, {"dropout", Subject::Run}, {"probe", Subject::Run}, {"samples", Subject::Run}};
  for (const auto& [section, subject] : subjects)
    for (const auto& spec : m_draft.specs(section))
      things.push_back({tr("Setting: %1 (%2.%3)").arg(engineText(spec.title), QLatin1String(section), qs(spec.key)), QStringLiteral("settings-2"), [this, section = std::string(section), subject = subject, key = spec.key] {
                          chooseSubject(subject);
                          m_inspector->focusSetting(section, key);
                        }});
  if (const auto& run = m_desk.shown())
    for (const auto& site : run->sites)
      things.push_back({tr("Matrix of %1: %2").arg(run->name, qs(site.path)), QStringLiteral("scan-search"), [this, id = run->id, path = qs(site.path)] {
                          m_inspect->chooseRun(id);
                          showPage(Page::Inspect);
                          m_inspect->chooseSite(path);
                        }});
  CommandSearch::open(m_theme, *m_menus, *this, std::move(things));
}

}  // namespace weft::ui
