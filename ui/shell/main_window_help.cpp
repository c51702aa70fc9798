// SPDX-License-Identifier: GPL-3.0-or-later
// What the window gives out when something is wrong: a copy of a project that cannot be written here, and a report without anything personal.
#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QSaveFile>

#include "engine/api/run_plan.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/diagnostics.h"
#include "ui/models/number_text.h"
#include "ui/shell/main_window.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/status_line.h"

namespace weft::ui {
namespace {

constexpr int kToldMs = 8000;
const QString kCopying = QStringLiteral("copying");

}  // namespace

void MainWindow::askToCopy() {
  const QFileInfo now(m_desk.project().path);
  QString path = QFileDialog::getSaveFileName(this, tr("Make a copy of the project"), now.path() + QLatin1Char('/') + tr("%1 copy.weft").arg(now.completeBaseName()),
                                              tr("Projects (*.weft)"));
  if (!path.isEmpty()) copyProject(path);
}

void MainWindow::copyProject(const QString& to) {
  if (m_endCopy) return;
  m_draft.saveNow();
  m_endCopy = std::make_shared<std::atomic<bool>>(false);
  const QString from = m_desk.project().path, name = QFileInfo(to).fileName();
  m_notices->show({.id = kCopying, .sentence = tr("Copying the project to %1…").arg(name), .choices = {{tr("Cancel"), [end = m_endCopy] { *end = true; }}}, .closable = false, .closed = {}});
  refreshActions();
  const LongWork work{m_endCopy, [this, name](std::uint64_t done, std::uint64_t all) {
    m_notices->say(kCopying, tr("Copying the project to %1: %2 of %3").arg(name, bytesText(static_cast<double>(done)), bytesText(static_cast<double>(all))));
  }};
  m_backend.keeper().copyProject(to, work, this, [this, from](const Result<QString>& copy) {
    m_endCopy.reset();
    m_notices->remove(kCopying);
    refreshActions();
    if (copy.status().code() == ErrorCode::Cancelled) return m_status->tell(tr("Cancelled; nothing was kept."), kToldMs);
    if (!copy.ok()) return refuse(engineText(copy.status().message()));
    m_status->tell(tr("Copied to %1").arg(*copy), kToldMs);
    m_desk.log().add(LogEntry::Level::Info, tr("the project was copied to %1").arg(*copy));
    if (!m_desk.isLive() && !m_desk.starting() && m_desk.project().path == from) openProject(*copy, /*create=*/false);
  });
}

QString MainWindow::diagnostics() {
  QStringList names = {m_desk.project().path, m_desk.project().filesFolder, QFileInfo(m_desk.project().path).completeBaseName()};
  for (const char* section : {"model", "data"})
    if (const Json path = m_draft.value(section, "path"); path.is_string()) names << qs(path.get<std::string>()) << QFileInfo(qs(path.get<std::string>())).completeBaseName();
  for (const auto& run : m_desk.overview().runs)
    if (run.name != "r" + std::to_string(run.id)) names << qs(run.name);
  DiagnosticFacts facts;
  facts.version = QCoreApplication::applicationVersion();
  facts.engine = m_engineInfo;
  facts.memoryFree = available_memory_bytes();
  facts.project = m_desk.project().path.isEmpty() ? QStringLiteral("none")
                                                  : QStringLiteral("%1 runs%2").arg(m_desk.overview().runs.size()).arg(m_desk.project().readOnly ? QStringLiteral(", read-only") : QString());
  facts.config = m_desk.shown() && m_desk.shown()->config.is_object() ? m_desk.shown()->config : to_json(m_draft.request());
  return diagnosticsText(facts, m_desk.log(), Anonymous(names));
}

bool MainWindow::saveDiagnostics(const QString& path) {
  QSaveFile file(path);
  const QByteArray text = diagnostics().toUtf8();
  if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit()) {
    m_status->tell(tr("Saved without paths, names or texts of yours: %1").arg(path), kToldMs);
    return true;
  }
  refuse(tr("%1 could not be written: %2").arg(path, file.errorString()));
  return false;
}

void MainWindow::askForDiagnostics() {
  const QString path = QFileDialog::getSaveFileName(this, tr("Save diagnostics"), QStringLiteral("weft-diagnostics.txt"), tr("Text (*.txt)"));
  if (!path.isEmpty()) saveDiagnostics(path);
}

}  // namespace weft::ui
