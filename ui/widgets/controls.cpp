// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/controls.h"

#include <algorithm>
#include <cmath>

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>
#include <QStyle>

namespace weft::ui {

QLabel* makeLabel(const char* role, const QString& text, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setProperty("role", QLatin1String(role));
  label->setTextFormat(Qt::PlainText);
  return label;
}

QScrollArea* makeScroll(QWidget* parent) {
  auto* scroll = new QScrollArea(parent);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  return scroll;
}

QFrame* makeRule(QWidget* parent) {
  auto* rule = new QFrame(parent);
  rule->setProperty("rule", true);
  return rule;
}

ElidedLabel::ElidedLabel(const char* role, Qt::TextElideMode mode, QWidget* parent) : QLabel(parent), m_mode(mode) {
  setProperty("role", QLatin1String(role));
  setTextFormat(Qt::PlainText);
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

void ElidedLabel::setWholeText(const QString& text) {
  setText(text);
  setToolTip(text);
}

void ElidedLabel::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setPen(palette().color(foregroundRole()));
  painter.drawText(contentsRect(), static_cast<int>(alignment() | Qt::TextSingleLine), fontMetrics().elidedText(text(), m_mode, contentsRect().width()));
}

void repolish(QWidget* widget) {
  widget->style()->unpolish(widget);
  widget->style()->polish(widget);
  widget->update();
}

StateLabel::StateLabel(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
  connect(&theme, &Theme::changed, this, [this] { update(); });
}

void StateLabel::setState(Tone tone, const QString& text) {
  if (tone == m_tone && text == m_text) return;
  m_tone = tone;
  m_text = text;
  setToolTip(text);
  setAccessibleName(text);
  updateGeometry();
  update();
}

void StateLabel::setReadiness(const Readiness& readiness, const QString& readyWord) {
  switch (readiness.state) {
    case Readiness::State::Ready: setState(Tone::Good, readyWord); break;
    case Readiness::State::Doubtful: setState(Tone::Warning, readiness.why); break;
    case Readiness::State::Busy: setState(Tone::Busy, readiness.why); break;
    case Readiness::State::Missing: setState(Tone::Missing, readiness.why); break;
    case Readiness::State::Wrong: setState(Tone::Bad, readiness.why); break;
  }
}

QSize StateLabel::sizeHint() const {
  return {22 + std::min(QFontMetrics(m_theme.text(13)).horizontalAdvance(m_text) + 4, 420), 20};
}

void StateLabel::paintEvent(QPaintEvent*) {
  if (m_text.isEmpty()) return;
  const Palette& p = m_theme.palette();
  QColor color;
  QString icon;
  switch (m_tone) {
    case Tone::Good: color = p.good; icon = QStringLiteral("circle-check"); break;
    case Tone::Warning: color = p.warning; icon = QStringLiteral("triangle-alert"); break;
    case Tone::Busy: color = p.secondary; icon = QStringLiteral("clock"); break;
    case Tone::Missing: color = p.secondary; icon = QStringLiteral("circle-dashed"); break;
    case Tone::Bad: color = p.bad; icon = QStringLiteral("circle-alert"); break;
  }
  QPainter painter(this);
  painter.setFont(m_theme.text(13));
  const QString shown = QFontMetrics(painter.font()).elidedText(m_text, Qt::ElideRight, width() - 22);
  const int left = std::max(0, width() - 22 - QFontMetrics(painter.font()).horizontalAdvance(shown));
  painter.drawPixmap(QPointF(left, (height() - 16) / 2.0), m_theme.pixmap(icon, color, 16, devicePixelRatioF()));
  painter.setPen(color);
  painter.drawText(QRect(left + 22, 0, width() - left - 22, height()), Qt::AlignVCenter | Qt::AlignLeft, shown);
}

Card::Card(Theme& theme, const QString& title, QWidget* parent) : QFrame(parent) {
  setProperty("card", true);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(16, 12, 16, 16);
  all->setSpacing(8);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  m_title = makeLabel("title", title, this);
  row->addWidget(m_title);
  m_subtitle = new ElidedLabel("caption", Qt::ElideRight, this);
  row->addWidget(m_subtitle, 1);
  m_header = new QHBoxLayout;
  m_header->setSpacing(8);
  row->addLayout(m_header);
  m_state = new StateLabel(theme, this);
  row->addWidget(m_state);
  all->addLayout(row);
  m_body = new QVBoxLayout;
  m_body->setSpacing(8);
  all->addLayout(m_body, 1);
}

void Card::setSubtitle(const QString& text) { m_subtitle->setWholeText(text); }

void Card::explain(const QString& sentence) {
  if (!m_sentence) {
    m_sentence = makeLabel("caption", {}, this);
    m_sentence->setWordWrap(true);
    static_cast<QVBoxLayout*>(layout())->insertWidget(1, m_sentence);
  }
  m_sentence->setText(sentence);
  placeSentence();
}

void Card::placeSentence() {
  int taken = m_title->sizeHint().width() + m_header->sizeHint().width() + 3 * layout()->spacing();
  if (!m_state->isHidden()) taken += m_state->sizeHint().width();
  const bool beside = m_sentence->fontMetrics().horizontalAdvance(m_sentence->text()) <= layout()->contentsRect().width() - taken;
  m_subtitle->setWholeText(beside ? m_sentence->text() : QString());
  m_sentence->setVisible(!beside);
}

void Card::resizeEvent(QResizeEvent* event) {
  QFrame::resizeEvent(event);
  if (m_sentence) placeSentence();
}

void Card::setChosen(bool on) {
  if (property("chosen").toBool() == on) return;
  setProperty("chosen", on);
  repolish(this);
}

void Card::mousePressEvent(QMouseEvent* event) {
  if (event->button() == Qt::LeftButton) Q_EMIT clicked();
  QFrame::mousePressEvent(event);
}

StatTile::StatTile(const QString& caption, QWidget* parent) : QFrame(parent) {
  setProperty("tile", true);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(8, 6, 8, 6);
  all->setSpacing(2);
  all->addWidget(makeLabel("caption", caption, this));
  m_value = makeLabel("mono", QStringLiteral("–"), this);
  all->addWidget(m_value);
}

void StatTile::setValue(const QString& text) { m_value->setText(text); }

IconButton::IconButton(Theme& theme, const QString& icon, const QString& text, Style style, QWidget* parent)
    : QPushButton(text, parent), m_theme(theme), m_icon(icon), m_style(style) {
  if (style == Style::Primary) setProperty("primary", true);
  if (style == Style::Page) setProperty("page", true);
  if (style == Style::Chip) setProperty("chip", true);
  if (style == Style::Link) setProperty("link", true);
  setIconSize({text.isEmpty() && style != Style::Chip ? 16 : 20, 16});
  setCursor(style == Style::Link ? Qt::PointingHandCursor : Qt::ArrowCursor);
  retheme();
  connect(&theme, &Theme::changed, this, &IconButton::retheme);
  if (style == Style::Page) connect(this, &QPushButton::toggled, this, &IconButton::retheme);
}

void IconButton::retheme() {
  const Palette& p = m_theme.palette();
  QColor color = p.text;
  if (m_style == Style::Primary) color = p.onAccent;
  if (m_style == Style::Link) color = p.accent;
  if (m_style == Style::Page && !isChecked()) color = p.secondary;
  if (!m_icon.isEmpty()) setIcon(m_theme.icon(m_icon, color));
}

void paintSparkline(QPainter& painter, const QRectF& rect, const QVariantList& values, const QColor& color) {
  double low = INFINITY, high = -INFINITY;
  for (const auto& v : values) {
    if (!std::isfinite(v.toDouble())) continue;
    low = std::min(low, v.toDouble());
    high = std::max(high, v.toDouble());
  }
  if (values.size() < 2 || low > high) return;
  QPainterPath path;
  bool open = false;
  for (qsizetype i = 0; i < values.size(); ++i) {
    const double v = values[i].toDouble();
    if (!std::isfinite(v)) continue;
    const QPointF at(rect.left() + rect.width() * static_cast<double>(i) / static_cast<double>(values.size() - 1),
                     rect.bottom() - rect.height() * (high > low ? (v - low) / (high - low) : 0.5));
    open ? path.lineTo(at) : path.moveTo(at);
    open = true;
  }
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(color, 1.4));
  painter.setBrush(Qt::NoBrush);
  painter.drawPath(path);
  painter.restore();
}

}  // namespace weft::ui
