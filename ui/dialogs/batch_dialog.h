// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a batch whose loss or gradient was no number: lengths and text, to look at and to copy. Not modal; deletes itself when closed.
// Main thread only.
#pragma once

#include <QDialog>
#include <QString>

#include "engine/api/events.h"

class QTableWidget;

namespace weft::ui {

class BatchDialog final : public QDialog {
  Q_OBJECT
 public:
  BatchDialog(const QString& run, const BadStepEvent& bad, QWidget* parent);
  [[nodiscard]] QString words() const { return m_words; }
  [[nodiscard]] QTableWidget* rows() { return m_rows; }
  [[nodiscard]] QString asText() const;     // what Copy puts on the clipboard

 private:
  const BadStepEvent m_bad;
  QString m_words;
  QTableWidget* m_rows;
};

}  // namespace weft::ui
