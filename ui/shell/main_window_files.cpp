// SPDX-License-Identifier: GPL-3.0-or-later
// What the window opens and saves: projects, those opened before, and run files.
#include <QAction>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>

#include "ui/bridge/text.h"
#include "ui/bridge/engine_text.h"
#include "ui/dialogs/run_file_dialog.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/recent_menu.h"

namespace weft::ui {

void MainWindow::makeFileMenu(QMenu* file) {
  file->addAction(m_newAction);
  file->addAction(m_openAction);
  m_recent = file->addMenu(tr("Open &recent"));
  connect(file, &QMenu::aboutToShow, this, &MainWindow::refreshRecent);   // files come and go
  file->addAction(m_sampleAction);
  file->addAction(m_copyProject);
  file->addSeparator();
  file->addAction(tr("&Load a run file…"), this, &MainWindow::askForRunFile)->setToolTip(tr("Settings from a TOML file; what would change is shown first"));
  file->addAction(tr("&Save the settings as a run file…"), this, &MainWindow::askToSaveRunFile)->setToolTip(tr("As TOML that people read and weft-cli runs"));
  file->addSeparator();
  file->addAction(m_exportAction);
  file->addSeparator();
  file->addAction(m_quit);
  file->setToolTipsVisible(true);
}

void MainWindow::refreshRecent() {
  fillRecentMenu(*m_recent, m_theme, RecentPaths::projects(),
                 {.open = [this](const QString& path) { openProject(path, false); },
                  .locate = [this](const RecentPath& missing) {
                    return QFileDialog::getOpenFileName(this, tr("Where is %1 now?").arg(missing.name), QFileInfo(missing.path).path(), tr("Projects (*.weft)"));
                  },
                  .current = m_desk.project().path, .wholePaths = true});
  m_recent->setEnabled(!m_recent->isEmpty());
}

void MainWindow::askToOpen() {
  const QString path = QFileDialog::getOpenFileName(this, tr("Open a project, model or data set"), QFileInfo(m_desk.project().path).path(),
                                                    tr("All that WEFT reads (*.weft *.gguf config.json *.safetensors *.jsonl *.json *.csv *.txt *.toml);;"
                                                       "Projects (*.weft);;All files (*)"));
  if (path.isEmpty()) return;
  openPath(QFileInfo(path).fileName() == QLatin1String("config.json") ? QFileInfo(path).absolutePath() : path);
}

void MainWindow::askForNewProject() {
  QString path = QFileDialog::getSaveFileName(this, tr("New project"), {}, tr("Projects (*.weft)"));
  if (path.isEmpty()) return;
  if (!path.endsWith(QLatin1String(".weft"))) path += QLatin1String(".weft");
  openProject(path, /*create=*/true);
}

void MainWindow::askForRunFile() {
  const QString path = QFileDialog::getOpenFileName(this, tr("Load a run file"), QFileInfo(m_desk.project().path).path(), tr("Run files (*.toml);;All files (*)"));
  if (!path.isEmpty()) loadRunFile(path);
}

void MainWindow::loadRunFile(const QString& path) {
  m_backend.readRunFile(path, to_json(m_draft.request()), this, [this, path](const Result<RunFileLook>& look) {
    if (!look.ok()) {
      refuse(engineText(look.status().message()));
      return;
    }
    auto* dialog = new RunFileDialog(QFileInfo(path).fileName(), *look, this);
    connect(dialog, &QDialog::accepted, this, [this, config = look->config, name = QFileInfo(path).fileName()] {
      if (const Status status = m_draft.load(config, tr("load %1").arg(name)); !status.ok()) {
        refuse(engineText(status.message()));
        return;
      }
      showPage(Page::Setup);
    });
    dialog->open();
  });
}

void MainWindow::askToSaveRunFile() {
  const QString near = QFileInfo(m_desk.project().path).absolutePath() + QLatin1Char('/') + QFileInfo(m_desk.project().path).completeBaseName() + QStringLiteral(".toml");
  QString path = QFileDialog::getSaveFileName(this, tr("Save the settings as a run file"), near, tr("Run files (*.toml)"));
  if (path.isEmpty()) return;
  if (!path.endsWith(QLatin1String(".toml"))) path += QLatin1String(".toml");
  saveRunFile(to_json(m_draft.request()), path);
}

void MainWindow::saveRunFile(const Json& config, const QString& path) {
  m_backend.writeRunFile(config, path, this, [this](const Result<QString>& written) {
    if (written.ok())
      m_desk.log().add(LogEntry::Level::Info, tr("run file written: %1").arg(*written));
    else
      refuse(engineText(written.status().message()));
  });
}

}  // namespace weft::ui
