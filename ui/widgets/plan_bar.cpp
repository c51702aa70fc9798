// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/plan_bar.h"

#include <algorithm>

#include <QHelpEvent>
#include <QPainter>
#include <QPainterPath>
#include <QResizeEvent>
#include <QToolTip>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"

namespace weft::ui {
namespace {

constexpr double kBar = 14, kTop = 3, kRadius = 3, kSwatch = 8, kGap = 14, kLegendTop = kTop + kBar + 5;
constexpr int kRow = 18;
constexpr double kMostOfThePlan = 3;   // the bar is at most so many times the plan

QColor colorOf(const std::string& kind, const Palette& p) {
  if (kind == "weights") return p.frozen;
  if (kind == "adapter" || kind == "factors") return p.trained;
  if (kind == "activations") return p.series[1];
  if (kind == "work") return p.series[2];
  if (kind == "output layer") return p.series[4];
  if (kind == "data") return p.series[5];
  return p.disabled;   // program
}

}  // namespace

PlanBar::PlanBar(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  connect(&theme, &Theme::changed, this, [this] {
    fit();
    update();
  });
}

QString PlanBar::partName(const std::string& kind) {
  if (kind == "program") return tr("program");
  if (kind == "weights") return tr("weights");
  if (kind == "adapter") return tr("adapter and optimizer");
  if (kind == "factors") return tr("factors");
  if (kind == "activations") return tr("activations");
  if (kind == "work") return tr("work");
  if (kind == "output layer") return tr("loss");
  if (kind == "data") return tr("data");
  return qs(kind);
}

void PlanBar::setOutlook(const std::optional<MemoryOutlook>& outlook) {
  m_outlook = outlook;
  setAccessibleName(tr("Memory of the run"));
  setAccessibleDescription(text());
  fit();
  update();
}

QString PlanBar::text() const {
  if (!m_outlook) return {};
  QStringList parts;
  for (const auto& part : m_outlook->plan.memory)
    if (part.bytes > 0) parts.append(QStringLiteral("%1 %2").arg(partName(part.kind), bytesText(static_cast<double>(part.bytes))));
  return tr("%1; %2 are free").arg(parts.join(QStringLiteral(", ")), bytesText(static_cast<double>(m_outlook->available)));
}

// To scale where the plan comes near what is free or goes beyond it; a plan that is small beside the machine takes a third of the bar.
double PlanBar::scale() const {
  const auto needed = static_cast<double>(std::max(m_outlook->plan.memory_bytes(), m_outlook->needed())), free = static_cast<double>(m_outlook->available);
  return width() / std::max(1.0, std::max(needed, std::min(free, kMostOfThePlan * needed)));
}

std::vector<PlanBar::Segment> PlanBar::segments() const {
  std::vector<Segment> all;
  if (!m_outlook) return all;
  const double per = scale();
  double at = 0;
  for (std::size_t i = 0; i < m_outlook->plan.memory.size(); ++i) {
    const auto& part = m_outlook->plan.memory[i];
    if (part.bytes == 0) continue;
    const double wide = per * static_cast<double>(part.bytes);
    all.push_back({i, at, at + wide, colorOf(part.kind, m_theme.palette())});
    at += wide;
  }
  return all;
}

void PlanBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const Palette& p = m_theme.palette();
  QPainterPath shape;
  shape.addRoundedRect(QRectF(0, kTop, width(), kBar), kRadius, kRadius);
  painter.save();
  painter.setClipPath(shape);
  painter.fillRect(QRectF(0, kTop, width(), kBar), p.line);
  const auto all = segments();
  for (const auto& s : all) painter.fillRect(QRectF(s.left, kTop, std::max(1.0, s.right - s.left - 1), kBar), s.color);
  painter.restore();
  if (!m_outlook) return;
  const double per = scale();
  if (m_outlook->measured) {
    const double at = std::min(width() - 1.5, per * static_cast<double>(m_outlook->measured->bytes));
    painter.setPen(QPen(p.text, 2));
    painter.drawLine(QPointF(at, kTop - 3), QPointF(at, kTop + kBar + 3));
  }
  if (m_outlook->available > 0 && per * static_cast<double>(m_outlook->available) < width() - 1) {
    const double at = per * static_cast<double>(m_outlook->available);
    QColor veil = p.surface;
    veil.setAlphaF(0.55F);   // what is not there is pale and hatched
    painter.fillRect(QRectF(at, kTop, width() - at, kBar), veil);
    painter.fillRect(QRectF(at, kTop, width() - at, kBar), QBrush(p.bad, Qt::BDiagPattern));
    painter.setPen(QPen(p.bad, 2));
    painter.drawLine(QPointF(at, kTop - 3), QPointF(at, kTop + kBar + 3));
  }
  painter.setFont(m_theme.text(11));
  for (const auto& name : legend()) {
    painter.setPen(Qt::NoPen);
    painter.setBrush(name.color);
    painter.drawRoundedRect(QRectF(name.place.left(), name.place.center().y() - kSwatch / 2, kSwatch, kSwatch), 2, 2);
    painter.setPen(p.secondary);
    painter.drawText(name.place.adjusted(kSwatch + 4, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, name.words);
  }
}

int PlanBar::heightOf(int rows) const { return static_cast<int>(kLegendTop) + rows * std::max(kRow, QFontMetrics(m_theme.text(11)).height()); }

std::vector<PlanBar::Name> PlanBar::legend() const {
  std::vector<Name> names;
  const QFontMetricsF metrics(m_theme.text(11));
  const double row = heightOf(1) - heightOf(0);
  QPointF at(0, kLegendTop);
  for (const auto& s : segments()) {
    const auto& part = m_outlook->plan.memory[s.part];
    const QString words = QStringLiteral("%1 %2").arg(partName(part.kind), bytesText(static_cast<double>(part.bytes)));
    const double wide = kSwatch + 4 + metrics.horizontalAdvance(words) + 1;
    if (at.x() > 0 && at.x() + wide > width()) at = {0, at.y() + row};
    names.push_back({QRectF(at, QSizeF(wide, row)), words, s.color});
    at.rx() += wide + kGap;
  }
  return names;
}

void PlanBar::fit() {
  const auto names = legend();
  m_rows = names.empty() ? 1 : 1 + static_cast<int>((names.back().place.top() - kLegendTop) / (heightOf(1) - heightOf(0)) + 0.5);
  updateGeometry();
}

void PlanBar::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  if (event->size().width() != event->oldSize().width()) fit();
}

bool PlanBar::event(QEvent* event) {
  if (event->type() != QEvent::ToolTip) return QWidget::event(event);
  const auto* help = static_cast<QHelpEvent*>(event);
  for (const auto& s : segments())
    if (help->pos().x() >= s.left && help->pos().x() < s.right) {
      const auto& part = m_outlook->plan.memory[s.part];
      QToolTip::showText(help->globalPos(), tr("%1 %2: %3").arg(partName(part.kind), bytesText(static_cast<double>(part.bytes)), engineText(part.what)), this);
      return true;
    }
  QToolTip::hideText();
  return true;
}

}  // namespace weft::ui
