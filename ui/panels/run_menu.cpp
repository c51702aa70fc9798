// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/run_menu.h"

#include <QDesktopServices>
#include <QFileDialog>
#include <QFileInfo>
#include <QInputDialog>
#include <QLineEdit>
#include <QUndoStack>
#include <QUrl>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/dialogs/delete_run_dialog.h"
#include "ui/dialogs/note_dialog.h"
#include "ui/models/done_edit.h"

namespace weft::ui {
namespace {

// Says in the log what was refused; the lists of the project are read again either way.
std::function<void(Status)> logged(RunDesk& desk) {
  return [&desk](const Status& status) {
    if (!status.ok()) desk.log().add(LogEntry::Level::Error, engineText(status.message()));
    desk.refresh();
  };
}

using SetText = std::function<void(const QString& text, std::function<void(Status)> done)>;

// Writes a text of a run; where that could be done, it is a step of undo.
void write(RunDesk& desk, QUndoStack& undo, const QString& name, const QString& before, const QString& after, const SetText& set) {
  if (after == before) return;
  set(after, [&desk, &undo, name, before, after, set, told = logged(desk)](const Status& status) {
    told(status);
    if (status.ok()) undo.push(new DoneEdit(name, [&desk, before, after, set](bool again) { set(again ? after : before, logged(desk)); }));
  });
}

}  // namespace

RunMenu::RunMenu(RunDesk& desk, QUndoStack& undo, const RunRecord& run, QWidget* parent) : QMenu(parent), m_desk(desk), m_undo(undo), m_over(parent) {
  const RunId id = run.id;
  const bool writable = !desk.project().readOnly;
  const bool active = desk.isLive() && desk.live()->id == id;
  addAction(tr("Show"), this, [this, id] { Q_EMIT showWanted(id); });
  addAction(tr("Resume from the last checkpoint"), this, [this, id] { m_desk.resume(id); })->setEnabled(writable && !desk.isLive() && !desk.starting() && run.state != "done");
  addAction(tr("Duplicate with changes"), this, [this, config = run.config] { Q_EMIT settingsWanted(config); });
  addAction(tr("Compare"), this, [this, id] { Q_EMIT compareWanted(id); });
  addSeparator();
  addAction(tr("Report page…"), this, [this, run] { report(run); });
  addAction(tr("Save as a run file…"), this, [this, run] { saveAs(run); });
  addAction(tr("Export…"), this, [this, id] { Q_EMIT exportWanted(id); });
  addSeparator();
  addAction(tr("Rename…"), this, [this, run] { rename(run); })->setEnabled(writable);
  addAction(run.note.empty() ? tr("Write a note…") : tr("Notes…"), this, [this, run] { note(run); })->setEnabled(writable);
  addAction(tr("Delete…"), this, [this, run] { remove(run); })->setEnabled(writable && !active);
}

void RunMenu::rename(const RunRecord& run) {
  bool ok = false;
  const QString name = QInputDialog::getText(m_over, tr("Rename run"), tr("Name"), QLineEdit::Normal, qs(run.name), &ok).trimmed();
  if (!ok || name.isEmpty()) return;
  write(m_desk, m_undo, tr("rename %1").arg(qs(run.name)), qs(run.name), name,
        [&desk = m_desk, id = run.id](const QString& text, std::function<void(Status)> done) { desk.backend().renameRun(id, text, &desk, std::move(done)); });
}

void RunMenu::note(const RunRecord& run) {
  auto* dialog = new NoteDialog(qs(run.name), qs(run.note), m_over);
  connect(dialog, &NoteDialog::written, &m_desk, [&desk = m_desk, &undo = m_undo, run](const QString& text) {
    write(desk, undo, tr("note on %1").arg(qs(run.name)), qs(run.note), text,
          [&desk, id = run.id](const QString& words, std::function<void(Status)> done) { desk.backend().keeper().noteRun(id, words, &desk, std::move(done)); });
  });
  dialog->show();
}

void RunMenu::saveAs(const RunRecord& run) {
  const QString near = QFileInfo(m_desk.project().path).absolutePath() + QLatin1Char('/') + qs(run.name) + QStringLiteral(".toml");
  QString path = QFileDialog::getSaveFileName(m_over, tr("Save the settings of %1").arg(qs(run.name)), near, tr("Run files (*.toml)"));
  if (path.isEmpty()) return;
  if (!path.endsWith(QLatin1String(".toml"))) path += QLatin1String(".toml");
  Q_EMIT saveWanted(run.config, path);
}

void RunMenu::report(const RunRecord& run) {
  const QString near = QFileInfo(m_desk.project().path).absolutePath() + QLatin1Char('/') + qs(run.name) + QStringLiteral(".html");
  const QString path = QFileDialog::getSaveFileName(m_over, tr("Report page of %1").arg(qs(run.name)), near, tr("Pages (*.html)"));
  if (path.isEmpty()) return;
  m_desk.backend().keeper().writeReport(run.id, path, &m_desk, [&desk = m_desk](Result<QString> written) {
    desk.log().add(written.ok() ? LogEntry::Level::Info : LogEntry::Level::Error, written.ok() ? tr("report written: %1").arg(*written) : engineText(written.status().message()));
    if (written.ok()) QDesktopServices::openUrl(QUrl::fromLocalFile(*written));
  });
}

void RunMenu::remove(const RunRecord& run) {
  m_desk.backend().keeper().planRemoval(run.id, m_over, [&desk = m_desk, over = m_over](Result<RunRemoval> removal) {
    if (!removal.ok()) {
      desk.log().add(LogEntry::Level::Error, engineText(removal.status().message()));
      return;
    }
    auto* dialog = new DeleteRunDialog(*removal, over);
    QObject::connect(dialog, &QDialog::accepted, &desk, [&desk, gone = *removal] {
      desk.backend().keeper().removeRun(gone, &desk, [&desk, gone](const Status& status) {
        desk.log().add(status.ok() ? LogEntry::Level::Info : LogEntry::Level::Error, status.ok() ? tr("run %1 deleted").arg(qs(gone.name)) : engineText(status.message()));
        desk.forget(gone.run);
        desk.refresh();
      });
    });
    dialog->open();
  });
}

}  // namespace weft::ui
