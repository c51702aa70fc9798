// SPDX-License-Identifier: GPL-3.0-or-later
// A note on a run: some lines of plain text. Not modal; deletes itself when closed. Main thread only.
#pragma once

#include <QDialog>

class QPlainTextEdit;

namespace weft::ui {

class NoteDialog final : public QDialog {
  Q_OBJECT
 public:
  NoteDialog(const QString& run, const QString& text, QWidget* parent);
  [[nodiscard]] QPlainTextEdit* field() { return m_text; }

 Q_SIGNALS:
  void written(const QString& text);  // "": takes the note away

 private:
  QPlainTextEdit* m_text;
};

}  // namespace weft::ui
