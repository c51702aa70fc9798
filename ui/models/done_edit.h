// SPDX-License-Identifier: GPL-3.0-or-later
// A step of undo of what is done already when it is pushed: `set(true)` does it again, `set(false)` takes it back. Main thread only.
#pragma once

#include <functional>

#include <QUndoCommand>

namespace weft::ui {

class DoneEdit final : public QUndoCommand {
 public:
  DoneEdit(const QString& name, std::function<void(bool)> set) : QUndoCommand(name), m_set(std::move(set)) {}
  void undo() override { m_set(false); }
  void redo() override {
    if (!m_done) m_set(true);
    m_done = false;   // the stack redoes what it is given; from then on it is ours to do
  }

 private:
  const std::function<void(bool)> m_set;
  bool m_done = true;
};

}  // namespace weft::ui
