// SPDX-License-Identifier: GPL-3.0-or-later
// Asks once before a run is deleted: which files go and how large they are, and what stays. Accepted: delete. Deletes itself when closed.
// Main thread only.
#pragma once

#include <QDialog>

#include "projects/api/run_removal.h"

namespace weft::ui {

class DeleteRunDialog final : public QDialog {
  Q_OBJECT
 public:
  DeleteRunDialog(const RunRemoval& removal, QWidget* parent);
  [[nodiscard]] const QString& words() const { return m_words; }  // all that it says

 private:
  QString m_words;
};

}  // namespace weft::ui
