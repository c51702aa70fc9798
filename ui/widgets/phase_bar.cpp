// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/phase_bar.h"

#include <algorithm>

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include "ui/bridge/engine_text.h"
#include "ui/models/number_text.h"

namespace weft::ui {
namespace {

constexpr double kBar = 10, kTop = 2, kGap = 1, kRadius = 3;
constexpr double kPale = 0.42;   // of the full colour above the floor
constexpr double kLeastWidth = 2, kSwatch = 8, kNameGap = 12;

QString nameOf(Phase phase) { return engineText(phase_name(phase)); }

QColor mix(const QColor& a, const QColor& b, double share) {
  const auto part = [share](float x, float y) { return static_cast<float>(share) * x + static_cast<float>(1 - share) * y; };
  return QColor::fromRgbF(part(a.redF(), b.redF()), part(a.greenF(), b.greenF()), part(a.blueF(), b.blueF()));
}

}  // namespace

PhaseBar::PhaseBar(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  connect(&theme, &Theme::changed, this, [this] { update(); });
  announce();
}

QColor PhaseBar::color(Phase phase, const Palette& p) {
  switch (phase) {
    case Phase::Linears: return p.series[0];
    case Phase::Attention: return p.series[1];
    case Phase::Elementwise: return p.series[2];
    case Phase::Head: return p.series[4];
    case Phase::Adapter: return p.series[5];
    case Phase::Optimizer: return p.series[3];
    case Phase::Other: return p.frozen;
  }
  return p.frozen;
}

void PhaseBar::setTime(const StepTime& time, const std::optional<FloorShare>& share) {
  m_time = time;
  m_share = share;
  if (m_time.steps == 0) m_chosen.reset();
  announce();
  update();
}

QString PhaseBar::segmentText(Phase phase) const {
  if (m_time.steps == 0 || !(m_time.ms > 0)) return {};
  const auto steps = static_cast<double>(m_time.steps);
  const double ms = m_time.phase_ms[phase_index(phase)];
  QString text = tr("%1 %2 – %3 of %4 a step")
                     .arg(nameOf(phase), percentText(ms / m_time.ms), millisecondsText(ms / steps), millisecondsText(m_time.ms / steps));
  if (m_share && m_share->phase_floor_ms[phase_index(phase)] > 0)
    text += tr("; its floor is %1").arg(millisecondsText(m_share->phase_floor_ms[phase_index(phase)] / steps));
  return text;
}

QString PhaseBar::nameAndShare(Phase phase) const {
  return QStringLiteral("%1 %2").arg(nameOf(phase), percentText(m_time.phase_ms[phase_index(phase)] / m_time.ms));
}

void PhaseBar::announce() {
  QStringList parts;
  for (std::size_t i = 0; i < kPhases; ++i)
    if (m_time.phase_ms[i] > 0) parts.append(nameAndShare(static_cast<Phase>(i)));
  setAccessibleName(tr("Where a step's time goes: %1").arg(parts.isEmpty() ? tr("not known") : parts.join(QLatin1String(", "))));
  setAccessibleDescription(m_chosen ? segmentText(*m_chosen) : tr("Left and right go from one kind of work to the next."));
}

std::vector<PhaseBar::Segment> PhaseBar::segments() const {
  std::vector<Segment> found;
  double sum = 0;
  for (const double ms : m_time.phase_ms) sum += ms;
  if (!(sum > 0)) return found;
  double at = 0;
  for (std::size_t i = 0; i < kPhases; ++i) {
    const double left = at, wide = width() * m_time.phase_ms[i] / sum;
    at += wide;
    if (wide <= 0) continue;
    double floor = left + wide;
    if (m_share) floor = left + wide * std::clamp(m_share->phase_floor_ms[i] / m_time.phase_ms[i], 0.0, 1.0);
    found.push_back({static_cast<Phase>(i), left, at, floor});
  }
  return found;
}

std::optional<Phase> PhaseBar::phaseAt(double x) const {
  for (const auto& s : segments())
    if (x >= s.left && x < s.right) return s.phase;
  return std::nullopt;
}

void PhaseBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const Palette& p = m_theme.palette();
  const auto all = segments();
  QPainterPath shape;
  shape.addRoundedRect(QRectF(0, kTop, width(), kBar), kRadius, kRadius);
  painter.save();
  painter.setClipPath(shape);
  painter.fillRect(rect(), p.line);
  for (const auto& s : all) {
    const QColor full = color(s.phase, p);
    const double right = s.right < width() - 0.5 ? std::max(s.left + kGap, s.right - kGap) : s.right;
    painter.fillRect(QRectF(s.left, kTop, s.right - s.left, kBar), p.surface);
    painter.fillRect(QRectF(s.left, kTop, right - s.left, kBar), m_share ? mix(full, p.surface, kPale) : full);
    if (m_share) painter.fillRect(QRectF(s.left, kTop, std::min(s.floor, right) - s.left, kBar), full);
  }
  painter.restore();
  for (const auto& s : all) {
    if (m_chosen != s.phase || s.right - s.left < kLeastWidth) continue;
    painter.setPen(QPen(p.text, 1.5));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(s.left, kTop, s.right - s.left - kGap, kBar).adjusted(0.75, -1, -0.75, 1), kRadius, kRadius);
  }
  paintNames(painter);
}

// In the order of the bar; where there is no room for all, the smallest are left to the tooltip.
void PhaseBar::paintNames(QPainter& painter) const {
  const Palette& p = m_theme.palette();
  painter.setLayoutDirection(Qt::LeftToRight);   // as the bar, which like all charts begins at the left
  painter.setFont(m_theme.text(11));
  const QFontMetricsF metrics(painter.font());
  std::vector<Segment> left = segments();
  const auto wide = [&](const Segment& s) { return kSwatch + 4 + metrics.horizontalAdvance(nameAndShare(s.phase)) + kNameGap; };
  const auto narrower = [](const Segment& a, const Segment& b) { return a.right - a.left < b.right - b.left; };
  double needed = -kNameGap;
  for (const auto& s : left) needed += wide(s);
  while (!left.empty() && needed > width()) {
    const auto smallest = std::min_element(left.begin(), left.end(), narrower);
    needed -= wide(*smallest);
    left.erase(smallest);
  }
  double at = 0;
  const double top = kTop + kBar + 4, high = height() - top;
  for (const auto& s : left) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(color(s.phase, p));
    painter.drawRoundedRect(QRectF(at, top + (high - kSwatch) / 2, kSwatch, kSwatch), 2, 2);
    painter.setPen(m_chosen == s.phase ? p.text : p.secondary);
    painter.drawText(QRectF(at + kSwatch + 4, top, wide(s), high), Qt::AlignLeft | Qt::AlignVCenter, nameAndShare(s.phase));
    at += wide(s);
  }
}

void PhaseBar::choose(std::optional<Phase> phase) {
  if (phase == m_chosen) return;
  m_chosen = phase;
  announce();
  update();
}

bool PhaseBar::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  const auto phase = phaseAt(help->pos().x());
  phase ? QToolTip::showText(help->globalPos(), segmentText(*phase), this) : QToolTip::hideText();
  return true;
}

void PhaseBar::mouseMoveEvent(QMouseEvent* event) { choose(phaseAt(event->position().x())); }

void PhaseBar::leaveEvent(QEvent*) {
  if (!hasFocus()) choose(std::nullopt);
}

void PhaseBar::focusInEvent(QFocusEvent* event) {
  QWidget::focusInEvent(event);
  const auto all = segments();
  if (!m_chosen && !all.empty()) choose(all.front().phase);
}

void PhaseBar::focusOutEvent(QFocusEvent* event) {
  QWidget::focusOutEvent(event);
  choose(std::nullopt);
}

void PhaseBar::keyPressEvent(QKeyEvent* event) {
  const auto all = segments();
  const int key = event->key();
  const bool ours = key == Qt::Key_Left || key == Qt::Key_Right || key == Qt::Key_Home || key == Qt::Key_End;
  if (all.empty() || !ours) return QWidget::keyPressEvent(event);
  const auto at = std::find_if(all.begin(), all.end(), [this](const Segment& s) { return m_chosen == s.phase; });
  auto next = static_cast<int>(at == all.end() ? 0 : at - all.begin());
  const int last = static_cast<int>(all.size()) - 1;
  if (key == Qt::Key_Left) next = std::max(0, next - 1);
  if (key == Qt::Key_Right) next = std::min(last, next + 1);
  if (key == Qt::Key_Home) next = 0;
  if (key == Qt::Key_End) next = last;
  const Segment& s = all[static_cast<std::size_t>(next)];
  choose(s.phase);
  QToolTip::showText(mapToGlobal(QPoint(static_cast<int>((s.left + s.right) / 2), height())), segmentText(s.phase), this);
}

}  // namespace weft::ui
