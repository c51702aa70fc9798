// SPDX-License-Identifier: GPL-3.0-or-later
// A model's answer as text that can be read, copied and asked: the token under the pointer, or at the caret, tells its probability and what
// else was likely. As high as its text. Main thread only.
#pragma once

#include <vector>

#include <QTextEdit>

#include "engine/api/generation.h"
#include "ui/theme/theme.h"

namespace weft::ui {

class AnswerView final : public QTextEdit {
  Q_OBJECT
 public:
  AnswerView(Theme& theme, const QString& name, QWidget* parent);
  // The whole text, of which the tokens are the beginning.
  void setAnswer(const QString& text, const std::vector<GeneratedToken>& tokens);
  void addToken(const GeneratedToken& token);
  // Tokens with less than half of the probability are underlined.
  void markUnsure(bool on);
  [[nodiscard]] int tokenAt(int position) const;   // of a character; -1: none
  [[nodiscard]] const std::vector<GeneratedToken>& tokens() const { return m_tokens; }

 Q_SIGNALS:
  void tokenReached(const QString& text);          // by the caret: as tokenText() has it, on one line

 protected:
  void mouseMoveEvent(QMouseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;    // the page scrolls, not the answer

 private:
  void fitHeight();
  void showMarks();
  Theme& m_theme;
  std::vector<GeneratedToken> m_tokens;
  std::vector<int> m_ends;                         // in the text, by token
  bool m_marks = false;
};

// A token and what else was likely, a line each.
[[nodiscard]] QStringList tokenLines(const GeneratedToken& token);

}  // namespace weft::ui
