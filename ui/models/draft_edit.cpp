// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/draft_edit.h"

namespace weft::ui {

DraftEdit::DraftEdit(Draft& draft, Draft::State before, Draft::State after, const QString& text, std::string mergeKey)
    : QUndoCommand(text), m_draft(draft), m_before(std::move(before)), m_after(std::move(after)), m_mergeKey(std::move(mergeKey)) {
  m_last.start();
}

void DraftEdit::undo() { m_draft.restore(m_before); }

void DraftEdit::redo() {
  if (!m_done) m_draft.restore(m_after);
  m_done = false;
}

bool DraftEdit::mergeWith(const QUndoCommand* other) {
  const auto& next = static_cast<const DraftEdit&>(*other);   // the only kind on this stack
  if (next.m_mergeKey != m_mergeKey || m_last.hasExpired(Draft::kMergeMs)) return false;
  m_after = next.m_after;
  m_last.restart();
  setObsolete(m_after == m_before);
  return true;
}

}  // namespace weft::ui
