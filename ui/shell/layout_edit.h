// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of the window's layout as steps of the undo stack that settings share. Main thread only.
#pragma once

#include <QByteArray>
#include <QPointer>
#include <QUndoCommand>

class QDockWidget;
class QMainWindow;

namespace weft::ui {

// A dock that was shown or hidden; push it when that has happened.
class DockEdit final : public QUndoCommand {
 public:
  DockEdit(QDockWidget& dock, bool shown);
  void undo() override;
  void redo() override;

 private:
  QPointer<QDockWidget> m_dock;
  bool m_shown, m_done = true;
};

// All docks at once, such as by a reset; push it when that has happened.
class LayoutEdit final : public QUndoCommand {
 public:
  LayoutEdit(QMainWindow& window, QByteArray before, int version, const QString& name);
  void undo() override;
  void redo() override;

 private:
  QMainWindow& m_window;
  const QByteArray m_before, m_after;
  const int m_version;
  bool m_done = true;
};

}  // namespace weft::ui
