// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/method_picture.h"

#include <algorithm>
#include <cmath>

#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"

namespace weft::ui {
namespace {

constexpr double kVectorPx = 8;

}  // namespace

MethodPicture::MethodPicture(Theme& theme, Size size, QWidget* parent) : QWidget(parent), m_theme(theme), m_size(size) {
  setMouseTracking(size == Size::Full);
  if (size == Size::Small) setAttribute(Qt::WA_TransparentForMouseEvents);
  connect(&theme, &Theme::changed, this, [this] { update(); });
}

QSize MethodPicture::sizeHint() const { return m_size == Size::Full ? QSize(272, 136) : QSize(112, 48); }

void MethodPicture::setMethod(const MethodDescriptor& method, const SettingValues& settings, const AdapterSite& site) {
  m_described = method.parts(site, settings);
  m_scale = method.scale ? method.scale(settings) : 1;
  QStringList words;
  for (const auto& part : m_described)
    words.append(tr("%1 %2 by %3, %4").arg(qs(part.symbol)).arg(part.rows).arg(part.cols).arg(part.trained ? tr("trained") : tr("frozen")));
  setAccessibleName(engineText(method.formula));
  setAccessibleDescription(words.join(QLatin1String("; ")));
  arrange();
  update();
}

void MethodPicture::highlight(const std::vector<std::string>& symbols) {
  m_highlighted = symbols;
  update();
}

void MethodPicture::resizeEvent(QResizeEvent*) { arrange(); }

void MethodPicture::arrange() {
  m_parts.clear();
  m_signs.clear();
  m_parenthesis = {};
  if (m_described.empty()) return;
  const bool full = m_size == Size::Full;
  double largest = 1;
  for (const auto& part : m_described) largest = std::max<double>(largest, static_cast<double>(std::max(part.rows, part.cols)));
  const double block = full ? 88 : 36;
  const double least = full ? 4 : 3;
  // long sides to scale, with a floor for very flat matrices; thin sides by the square root
  const auto length = [&](std::int64_t n) {
    const double share = static_cast<double>(n) / largest;
    return share > 0.2 ? std::max(block * share, block * 0.3) : std::clamp(block * std::sqrt(share) * 0.62, least, block * 0.3);
  };
  const double top = full ? 10 : 4, gap = full ? 6 : 3, sign = full ? 18 : 12;
  double x = full ? 4 : 2, middle = top + block / 2;
  double closed = 0;  // where the parenthesis ends, when a vector follows it
  bool afterBase = false, vectorBefore = false;
  for (const auto& part : m_described) {
    const bool added = afterBase && m_parts.back().part.symbol == "W" && part.before.empty();   // the first part of the update
    if (added) {
      // the sign of a sum, with the scale where it is another than one
      const QString word = !full || m_scale == 1 ? QStringLiteral("+") : QStringLiteral("+ %1 ·").arg(QString::number(m_scale, 'g', 3));
      const double wide = full ? QFontMetricsF(m_theme.mono(12)).horizontalAdvance(word) + 8 : sign;
      m_signs.push_back({{x + wide / 2 - gap / 2, middle}, word});
      x += wide;
    }
    if (part.shape == PartShape::Vector) {
      if (afterBase && !added) {
        if (closed == 0) closed = x;
        x += full && vectorBefore ? 8 : 0;
        m_signs.push_back({{x + (full ? 4 : 2), middle}, QStringLiteral("·")});
        x += full ? 14 : 7;
      }
      const bool upright = part.cols <= part.rows;
      const QRectF rect = upright ? QRectF(x, top, full ? kVectorPx : 4, length(part.rows)) : QRectF(x, top, length(part.cols), full ? kVectorPx : 4);
      m_parts.push_back({rect, part});
      x = rect.right() + gap;
      if (!afterBase) {
        m_signs.push_back({{x + (full ? 4 : 2), middle}, QStringLiteral("·")});
        x += full ? 14 : 7;
        vectorBefore = true;
      }
      continue;
    }
    const double width = length(part.cols), height = length(part.rows);
    if (!part.before.empty()) {
      const double tall = std::max(height, m_parts.empty() ? 0 : m_parts.back().rect.height());   // small parts hang from the top
      m_signs.push_back({{x + sign / 2 - gap / 2, top + tall / 2}, qs(part.before)});
      x += sign;
    }
    m_parts.push_back({QRectF(x, top, width, height), part});
    x += width + gap;
    afterBase = afterBase || part.symbol == "W";
  }
  if (closed == 0) closed = x;
  const auto blocks = std::count_if(m_described.begin(), m_described.end(), [](const MethodPart& part) { return part.shape == PartShape::Block; });
  if (vectorBefore && full && blocks > 1) m_parenthesis = QRectF(m_parts[1].rect.left() - 8, top - 4, closed - m_parts[1].rect.left() + 10, block + 8);
  // many parts: smaller, rather than cut off
  if (const double wide = std::max(x - gap, m_parenthesis.right()) + (full ? 4 : 2); wide > width() && width() > 0) {
    const double by = width() / wide;
    for (auto& part : m_parts) part.rect = QRectF(part.rect.x() * by, top + (part.rect.y() - top) * by, part.rect.width() * by, part.rect.height() * by);
    for (auto& s : m_signs) s.at = QPointF(s.at.x() * by, top + (s.at.y() - top) * by);
    if (!m_parenthesis.isEmpty())
      m_parenthesis = QRectF(m_parenthesis.x() * by, m_parenthesis.y(), m_parenthesis.width() * by, (m_parenthesis.height() - 8) * by + 8);
    x *= by;
  }
  // centred in small tiles, at the left in the inspector
  const double free = width() - x;
  const double shift = full ? std::max(0.0, free / 2 - 2) : 0;
  for (auto& part : m_parts) part.rect.translate(shift, 0);
  for (auto& s : m_signs) s.at.rx() += shift;
  m_parenthesis.translate(shift, 0);
  placeLabels();
}

// A name beats a size: many slim parts side by side keep their names, and their sizes where these lie over nothing.
void MethodPicture::placeLabels() {
  m_labels.clear();
  if (m_size == Size::Small) return;
  const QFontMetricsF metrics(m_theme.mono(11));
  const auto place = [&](const PicturePart& part, const QString& text, double down) {
    const double wide = metrics.horizontalAdvance(text);
    const double centred = std::clamp(part.rect.center().x() - wide / 2, 0.0, std::max(0.0, width() - wide));
    for (const double aside : {0.0, 4.0, -4.0, 8.0, -8.0}) {
      const QRectF at(centred + aside, part.rect.bottom() + 4 + down, wide + 1, 14);
      const auto meets = [&](const Label& other) { return other.at.adjusted(-3, 1, 3, -1).intersects(at); };
      const bool inside = at.left() >= 0 && at.right() <= width() + 1;
      const auto covers = [&](const PicturePart& other) { return other.rect.adjusted(-2, -2, 2, 2).intersects(at.adjusted(0, 3, 0, -3)); };
      if (!inside || std::any_of(m_labels.begin(), m_labels.end(), meets) || std::any_of(m_parts.begin(), m_parts.end(), covers)) continue;
      m_labels.push_back({at, text, part.part.symbol});
      return;
    }
  };
  const auto sizeOf = [](const MethodPart& part) {
    return part.shape == PartShape::Vector ? QString::number(std::max(part.rows, part.cols)) : QStringLiteral("%1×%2").arg(part.rows).arg(part.cols);
  };
  const auto wide = [](const PicturePart& part) { return part.rect.width() >= 64; };   // name and size in one line
  for (const auto& part : m_parts) place(part, wide(part) ? qs(part.part.symbol) + QLatin1Char(' ') + sizeOf(part.part) : qs(part.part.symbol), 0);
  for (const auto& part : m_parts)
    if (!wide(part)) place(part, sizeOf(part.part), 13);
}

std::vector<QRectF> MethodPicture::labelRects() const {
  std::vector<QRectF> all;
  for (const auto& label : m_labels) all.push_back(label.at);
  return all;
}

bool MethodPicture::isLit(const std::string& symbol) const {
  return symbol == m_hovered || std::find(m_highlighted.begin(), m_highlighted.end(), symbol) != m_highlighted.end();
}

void MethodPicture::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const Palette& p = m_theme.palette();
  for (const auto& part : m_parts) paintPart(painter, part);
  painter.setPen(p.secondary);
  painter.setFont(m_size == Size::Full ? m_theme.mono(12) : m_theme.mono(11));
  for (const auto& s : m_signs) painter.drawText(QRectF(s.at.x() - 40, s.at.y() - 10, 80, 20), Qt::AlignCenter, s.text);
  painter.setFont(m_theme.mono(11));
  for (const auto& label : m_labels) {
    painter.setPen(isLit(label.symbol) ? p.text : p.secondary);
    painter.drawText(label.at, Qt::AlignLeft | Qt::AlignVCenter, label.text);
  }
  if (m_parenthesis.isEmpty()) return;
  painter.setPen(QPen(p.secondary, 1.4));
  painter.setBrush(Qt::NoBrush);
  const QRectF r = m_parenthesis;
  QPainterPath left(r.topLeft() + QPointF(5, 0)), right(r.topRight() - QPointF(5, 0));
  left.quadTo(r.left() - 2, r.center().y(), r.left() + 5, r.bottom());
  right.quadTo(r.right() + 2, r.center().y(), r.right() - 5, r.bottom());
  painter.drawPath(left);
  painter.drawPath(right);
}

void MethodPicture::paintPart(QPainter& painter, const PicturePart& picture) const {
  const Palette& p = m_theme.palette();
  const MethodPart& part = picture.part;
  const bool lit = isLit(part.symbol);
  const bool full = m_size == Size::Full;
  if (part.trained) {
    painter.setPen(lit ? QPen(p.text, 1.5) : QPen(Qt::NoPen));
    painter.setBrush(p.trained);
    painter.drawRoundedRect(picture.rect, 2, 2);
  } else {
    QColor fill = p.frozen;
    fill.setAlphaF(p.dark ? 0.22F : 0.18F);
    painter.setPen(full ? QPen(lit ? p.text : p.frozen, lit ? 1.5 : 1) : QPen(Qt::NoPen));
    painter.setBrush(fill);
    painter.drawRoundedRect(picture.rect, 2, 2);
    if (full) {
      QColor hatch = p.frozen;
      hatch.setAlphaF(0.45F);
      painter.save();
      painter.setClipRect(picture.rect.adjusted(1, 1, -1, -1));
      painter.setPen(QPen(hatch, 1));
      for (double d = picture.rect.left() - picture.rect.height(); d < picture.rect.right(); d += 7)
        painter.drawLine(QPointF(d, picture.rect.bottom()), QPointF(d + picture.rect.height(), picture.rect.top()));
      painter.restore();
    }
  }
}

std::string MethodPicture::partAt(const QPointF& at) const {
  std::string over;
  for (const auto& part : m_parts)
    if (part.rect.adjusted(-3, -3, 3, 3).contains(at)) over = part.part.symbol;
  return over;
}

void MethodPicture::mousePressEvent(QMouseEvent* event) {
  const std::string over = m_size == Size::Full && event->button() == Qt::LeftButton ? partAt(event->position()) : std::string();
  if (over.empty()) return QWidget::mousePressEvent(event);
  Q_EMIT clickedPart(over);
}

void MethodPicture::mouseMoveEvent(QMouseEvent* event) {
  const std::string over = partAt(event->position());
  if (over == m_hovered) return;
  m_hovered = over;
  for (const auto& part : m_parts)
    if (part.part.symbol == over) setToolTip(QStringLiteral("%1: %2, %3").arg(qs(over), engineText(part.part.title), part.part.trained ? tr("trained") : tr("frozen")));
  if (over.empty()) setToolTip({});
  Q_EMIT hoveredPart(over);
  update();
}

void MethodPicture::leaveEvent(QEvent*) {
  m_hovered.clear();
  Q_EMIT hoveredPart({});
  update();
}

}  // namespace weft::ui
