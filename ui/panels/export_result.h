// SPDX-License-Identifier: GPL-3.0-or-later
// What an export wrote, how near it came, and the lines that load it. Main thread only.
#pragma once

#include <QFrame>

#include "engine/api/engine.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;

namespace weft::ui {

class ExportResult final : public QFrame {
  Q_OBJECT
 public:
  ExportResult(Theme& theme, QWidget* parent);
  // format as ExportWay has it; base: the model's path.
  void show(const ExportReport& report, const QString& format, const QString& base);
  void showFailure(const QString& why);
  [[nodiscard]] QLabel* report() { return m_report; }
  [[nodiscard]] QLabel* lines(int snippet) { return m_snippets[snippet].lines; }        // 0 Python, 1 llama.cpp
  [[nodiscard]] QPushButton* copy(int snippet) { return m_snippets[snippet].copy; }

 private:
  struct Snippet {
    QFrame* frame = nullptr;
    QLabel *title = nullptr, *lines = nullptr;
    QPushButton* copy = nullptr;
  };
  QLabel *m_report, *m_files;
  Snippet m_snippets[2];
};

}  // namespace weft::ui
