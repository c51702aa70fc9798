// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/token_view.h"

#include <algorithm>

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include "ui/bridge/text.h"

namespace weft::ui {
namespace {

constexpr int kHeight = 20, kRowGap = 4, kGap = 2, kPad = 3;
constexpr qsizetype kLongest = 40;  // characters of one chip

QString stateWord(TokenState state) {
  switch (state) {
    case TokenState::Trained: return TokenView::tr("trained");
    case TokenState::Masked: return TokenView::tr("masked");
    case TokenState::Cut: return TokenView::tr("cut");
  }
  return {};
}

}  // namespace

QString visibleToken(const std::string& text) {
  QString shown = qs(text);
  if (shown.contains(QChar::ReplacementCharacter)) {
    shown.clear();
    for (const char c : text) shown += QStringLiteral("%1").arg(static_cast<unsigned char>(c), 2, 16, QLatin1Char('0')).toUpper();
    return QStringLiteral("‹") + shown + QStringLiteral("›");
  }
  QString out;
  for (const QChar c : shown) {
    if (c == QLatin1Char('\n'))
      out += QStringLiteral("⏎");
    else if (c == QLatin1Char('\t'))
      out += QStringLiteral("→");
    else if (c == QLatin1Char(' '))
      out += QStringLiteral("·");
    else if (c.category() == QChar::Other_Control)
      out += QStringLiteral("\\x%1").arg(c.unicode(), 2, 16, QLatin1Char('0'));
    else
      out += c;
  }
  if (out.size() > kLongest) out = out.left(kLongest) + QStringLiteral("…");
  return out.isEmpty() ? QStringLiteral("∅") : out;
}

TokenView::TokenView(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setAccessibleName(tr("Tokens of the row"));
  QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
  policy.setHeightForWidth(true);
  setSizePolicy(policy);
  connect(&theme, &Theme::changed, this, [this] { update(); });
}

void TokenView::setTokens(const std::vector<PreviewToken>& tokens) {
  m_tokens = tokens;
  place(width(), &m_chips);
  updateGeometry();
  update();
}

int TokenView::place(int width, std::vector<Chip>* chips) const {
  const QFontMetrics metrics(m_theme.mono(12));
  if (chips) chips->clear();
  int x = 0, y = 0;
  for (const auto& token : m_tokens) {
    const QString text = visibleToken(token.text);
    const int wide = metrics.horizontalAdvance(text) + 2 * kPad + (token.special ? 4 : 0);
    if (x > 0 && x + wide > width) {
      x = 0;
      y += kHeight + kRowGap;
    }
    if (chips) chips->push_back({QRect(x, y, wide, kHeight), text});
    x += wide + kGap;
  }
  return y + kHeight;
}

int TokenView::heightForWidth(int width) const { return place(width, nullptr); }

void TokenView::resizeEvent(QResizeEvent*) { place(width(), &m_chips); }

void TokenView::paintEvent(QPaintEvent* event) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const Palette& p = m_theme.palette();
  QFont plain = m_theme.mono(12), struck = plain;
  struck.setStrikeOut(true);
  for (std::size_t i = 0; i < m_chips.size(); ++i) {
    const Chip& chip = m_chips[i];
    if (!chip.rect.intersects(event->rect())) continue;
    const PreviewToken& token = m_tokens[i];
    const bool trained = token.state == TokenState::Trained;
    painter.setPen(token.special ? QPen(p.disabled, 1) : QPen(Qt::NoPen));
    painter.setBrush(trained ? QBrush(p.accentTint) : QBrush(Qt::NoBrush));
    if (trained || token.special) painter.drawRoundedRect(QRectF(chip.rect).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    painter.setFont(token.state == TokenState::Cut ? struck : plain);
    painter.setPen(token.state == TokenState::Cut ? p.secondary : trained ? p.accent : p.text);
    if (trained && contrast(p.accent, p.accentTint) < 4.5) painter.setPen(p.text);
    painter.drawText(chip.rect, Qt::AlignCenter, chip.text);
  }
}

bool TokenView::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) {
    const auto* help = static_cast<QHelpEvent*>(event);
    for (std::size_t i = 0; i < m_chips.size(); ++i)
      if (m_chips[i].rect.contains(help->pos())) {
        const auto& t = m_tokens[i];
        QToolTip::showText(help->globalPos(), tr("id %1 · %2%3\nbytes %4 to %5 · %6").arg(t.id).arg(m_chips[i].text, t.special ? tr(" · special") : QString()).arg(t.begin).arg(t.end).arg(stateWord(t.state)), this);
        return true;
      }
    QToolTip::hideText();
    return true;
  }
  return QWidget::event(event);
}

}  // namespace weft::ui
