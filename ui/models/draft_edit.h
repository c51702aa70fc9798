// SPDX-License-Identifier: GPL-3.0-or-later
// One step of undo: the whole draft before and after. Edits of the same setting that follow each other quickly (typing,
// arrows, a drag) are one. Owned by the draft's undo stack; main thread only.
#pragma once

#include <QElapsedTimer>
#include <QUndoCommand>

#include "ui/models/draft.h"

namespace weft::ui {

class DraftEdit final : public QUndoCommand {
 public:
  // An empty key merges with nothing.
  DraftEdit(Draft& draft, Draft::State before, Draft::State after, const QString& text, std::string mergeKey);
  void undo() override;
  void redo() override;   // the first time the draft is there already
  [[nodiscard]] int id() const override { return m_mergeKey.empty() ? -1 : 1; }
  [[nodiscard]] bool mergeWith(const QUndoCommand* other) override;

 private:
  Draft& m_draft;
  const Draft::State m_before;
  Draft::State m_after;
  const std::string m_mergeKey;
  QElapsedTimer m_last;
  bool m_done = true;
};

}  // namespace weft::ui
