// SPDX-License-Identifier: GPL-3.0-or-later
// Shows what a run file would change of the settings before it is taken over: setting, now, in the file. Accepted: take it over.
// Deletes itself when closed. Main thread only.
#pragma once

#include <QDialog>

#include "ui/bridge/backend.h"

class QTableWidget;

namespace weft::ui {

class RunFileDialog final : public QDialog {
  Q_OBJECT
 public:
  RunFileDialog(const QString& file, const RunFileLook& look, QWidget* parent);
  [[nodiscard]] QTableWidget* table() { return m_table; }

 private:
  QTableWidget* m_table;
};

}  // namespace weft::ui
