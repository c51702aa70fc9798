// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/layout_edit.h"

#include <QCoreApplication>
#include <QDockWidget>
#include <QMainWindow>

namespace weft::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(layout)
};

}  // namespace

DockEdit::DockEdit(QDockWidget& dock, bool shown)
    : QUndoCommand((shown ? Words::tr("show %1") : Words::tr("hide %1")).arg(dock.windowTitle())), m_dock(&dock), m_shown(shown) {}

void DockEdit::undo() {
  if (m_dock) m_dock->setVisible(!m_shown);
}

void DockEdit::redo() {
  if (m_dock && !m_done) m_dock->setVisible(m_shown);
  m_done = false;   // the stack redoes what it is given; from then on it is ours to do
}

LayoutEdit::LayoutEdit(QMainWindow& window, QByteArray before, int version, const QString& name)
    : QUndoCommand(name), m_window(window), m_before(std::move(before)), m_after(window.saveState(version)), m_version(version) {}

void LayoutEdit::undo() { m_window.restoreState(m_before, m_version); }

void LayoutEdit::redo() {
  if (!m_done) m_window.restoreState(m_after, m_version);
  m_done = false;
}

}  // namespace weft::ui
