// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/answer_view.h"

#include <algorithm>
#include <cmath>

#include <QAbstractTextDocumentLayout>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTextBlock>
#include <QToolTip>

#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/widgets/token_view.h"

namespace weft::ui {
namespace {

constexpr double kUnsure = 0.5;

}  // namespace

QStringList tokenLines(const GeneratedToken& token) {
  const auto line = [&token](const TokenChance& chance) {
    const QString percent = percentText(chance.probability).rightJustified(6);
    return QStringLiteral("%1 %2  %3").arg(chance.id == token.chosen.id ? QStringLiteral("▸") : QStringLiteral(" "), percent, visibleToken(chance.text));
  };
  QStringList lines;
  bool listed = false;
  for (const auto& chance : token.likeliest) {
    listed = listed || chance.id == token.chosen.id;
    lines.append(line(chance));
  }
  if (!listed) lines.prepend(line(token.chosen));
  return lines;
}

AnswerView::AnswerView(Theme& theme, const QString& name, QWidget* parent) : QTextEdit(parent), m_theme(theme) {
  setReadOnly(true);
  setProperty("answer", true);
  setAccessibleName(name);
  setFrameShape(QFrame::NoFrame);
  setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
  setTabChangesFocus(true);
  document()->setDocumentMargin(0);
  viewport()->setMouseTracking(true);
  viewport()->setAutoFillBackground(false);
  connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this, &AnswerView::fitHeight);
  connect(this, &QTextEdit::cursorPositionChanged, this, [this] {
    const int token = hasFocus() ? tokenAt(textCursor().position()) : -1;
    Q_EMIT tokenReached(token < 0 ? QString() : tokenLines(m_tokens[static_cast<std::size_t>(token)]).join(QLatin1String("   ")).simplified());
  });
  connect(&theme, &Theme::changed, this, &AnswerView::showMarks);
  fitHeight();
}

void AnswerView::setAnswer(const QString& text, const std::vector<GeneratedToken>& tokens) {
  m_tokens = tokens;
  m_ends.clear();
  int end = 0;
  for (const auto& token : m_tokens) m_ends.push_back(end += static_cast<int>(qs(token.added).size()));
  if (toPlainText() != text) setPlainText(text);
  showMarks();
}

void AnswerView::addToken(const GeneratedToken& token) {
  const QString added = qs(token.added);
  m_tokens.push_back(token);
  m_ends.push_back((m_ends.empty() ? 0 : m_ends.back()) + static_cast<int>(added.size()));
  QTextCursor at(document());
  at.movePosition(QTextCursor::End);
  at.insertText(added);
  if (m_marks && token.chosen.probability < kUnsure) showMarks();
}

int AnswerView::tokenAt(int position) const {
  const auto after = std::upper_bound(m_ends.begin(), m_ends.end(), position);
  return after == m_ends.end() ? -1 : static_cast<int>(after - m_ends.begin());
}

void AnswerView::markUnsure(bool on) {
  m_marks = on;
  showMarks();
}

void AnswerView::showMarks() {
  QList<ExtraSelection> marks;
  for (std::size_t i = 0; m_marks && i < m_tokens.size(); ++i) {
    if (m_tokens[i].chosen.probability >= kUnsure) continue;
    ExtraSelection mark;
    mark.cursor = QTextCursor(document());
    mark.cursor.setPosition(i == 0 ? 0 : m_ends[i - 1]);
    mark.cursor.setPosition(std::min(m_ends[i], document()->characterCount() - 1), QTextCursor::KeepAnchor);
    mark.format.setUnderlineStyle(QTextCharFormat::DashUnderline);
    mark.format.setUnderlineColor(m_theme.palette().warning);
    marks.append(mark);
  }
  setExtraSelections(marks);
}

void AnswerView::fitHeight() {
  const int height = std::max(fontMetrics().lineSpacing(), static_cast<int>(std::ceil(document()->size().height())));
  setFixedHeight(height + 4);
}

void AnswerView::mouseMoveEvent(QMouseEvent* event) {
  QTextEdit::mouseMoveEvent(event);
  const int at = document()->documentLayout()->hitTest(event->position(), Qt::ExactHit);
  const int token = at < 0 ? -1 : tokenAt(at);
  if (token < 0) {
    QToolTip::hideText();
    return;
  }
  const QString table = tokenLines(m_tokens[static_cast<std::size_t>(token)]).join(QLatin1Char('\n')).toHtmlEscaped();
  QToolTip::showText(event->globalPosition().toPoint(), QStringLiteral("<pre style=\"font-family:'JetBrains Mono'; font-size:12px\">%1</pre>").arg(table), viewport());
}

void AnswerView::resizeEvent(QResizeEvent* event) {
  QTextEdit::resizeEvent(event);
  fitHeight();
}

void AnswerView::wheelEvent(QWheelEvent* event) { event->ignore(); }

}  // namespace weft::ui
