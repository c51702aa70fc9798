// SPDX-License-Identifier: GPL-3.0-or-later
// Edits of what the window shows, docks and charts alike, as steps of the undo stack that settings share. Main thread only.
#pragma once

#include <functional>

#include <QByteArray>
#include <QObject>

class QMainWindow;
class QUndoStack;

namespace weft::ui {

class Perspectives;

// Pushes an edit for each change of the layout by hand: a dock moved, sized, floated, shown or closed; how a chart is drawn; a curve hidden.
// Changes that the program makes (another perspective, a dock that a warning raises) are none.
class LayoutRecorder final : public QObject {
 public:
  // The docks and charts that are there now.
  LayoutRecorder(QMainWindow& window, Perspectives& perspectives, int layoutVersion, QUndoStack& stack);
  // Does `change`, and records what became of the docks by it.
  void record(const QString& name, const std::function<void()>& change);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  void watchDocks();
  void watchCharts();
  void push(const QString& name, const QByteArray& before);
  QMainWindow& m_window;
  Perspectives& m_perspectives;
  const int m_version;
  QUndoStack& m_stack;
  QByteArray m_pressed;   // the layout when a mouse button went down on what moves docks
};

}  // namespace weft::ui
