// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_frame.h"

#include <algorithm>
#include <deque>
#include <utility>

#include <QAccessible>
#include <QApplication>
#include <QMouseEvent>
#include <QPointer>
#include <QTimer>
#include <QVBoxLayout>

#include "ui/plots/chart_focus.h"
#include "ui/plots/qcustomplot.h"

namespace weft::ui {

// Calls back into the frame when QCustomPlot paints its topmost layer.
class OverlayItem final : public QCPAbstractItem {
 public:
  OverlayItem(QCustomPlot* plot, PlotFrame& frame) : QCPAbstractItem(plot), m_frame(frame) {
    setClipToAxisRect(false);
    setSelectable(false);
  }
  double selectTest(const QPointF&, bool, QVariant*) const override { return -1; }
  void draw(QCPPainter* painter) override { m_frame.paintAll(*painter); }

 private:
  PlotFrame& m_frame;
};

namespace {

// Draws one waiting chart in a turn of the event loop, so that a change of all of them holds nobody up for their sum.
class ReplotQueue final : public QObject {
 public:
  static ReplotQueue& of_application() {
    static ReplotQueue queue;
    return queue;
  }
  void add(QCustomPlot* plot) {
    if (std::find(m_waiting.begin(), m_waiting.end(), plot) != m_waiting.end()) return;
    m_waiting.emplace_back(plot);
    if (m_waiting.size() == 1) QTimer::singleShot(0, this, &ReplotQueue::draw_next);
  }

 private:
  void draw_next() {
    const QPointer<QCustomPlot> plot = m_waiting.front();
    m_waiting.pop_front();
    if (!m_waiting.empty()) QTimer::singleShot(0, this, &ReplotQueue::draw_next);
    if (plot) plot->replot(QCustomPlot::rpQueuedRefresh);
  }
  std::deque<QPointer<QCustomPlot>> m_waiting;
};

}  // namespace

PlotFrame::PlotFrame(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme), m_plot(new QCustomPlot(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(m_plot);
  setMinimumSize(180, 120);
  m_plot->setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
  m_plot->setNoAntialiasingOnDrag(true);
  m_plot->setMouseTracking(true);
  m_plot->setSelectionRectMode(QCP::srmNone);
  m_plot->installEventFilter(this);
  m_plot->axisRect()->setMinimumMargins(QMargins(8, 8, 12, 8));
  m_plot->setFocusProxy(this);
  (new OverlayItem(m_plot, *this))->setLayer(QStringLiteral("legend"));   // over all curves, also those that are added later
  new ChartFocus(theme, *this, *this);
  const auto touched = [this] { m_follows = false; };
  connect(m_plot, &QCustomPlot::mouseWheel, this, touched);
  connect(m_plot, &QCustomPlot::mousePress, this, [this](QMouseEvent* event) {
    m_plot->setSelectionRectMode(event->modifiers() & Qt::ShiftModifier ? QCP::srmZoom : QCP::srmNone);
    m_pressed = event->pos();
  });
  connect(m_plot, &QCustomPlot::mouseRelease, this, [this](QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && (event->pos() - m_pressed).manhattanLength() < QApplication::startDragDistance()) clicked(event->pos());
  });
  connect(m_plot, &QCustomPlot::mouseMove, this, [this](QMouseEvent* event) {
    if (event->buttons() & Qt::LeftButton) m_follows = false;
    if (const auto shape = isClickable(event->pos()) ? Qt::PointingHandCursor : Qt::ArrowCursor; !event->buttons() && m_plot->cursor().shape() != shape)
      m_plot->setCursor(shape);
    if (plotRect().contains(event->pos()))
      Q_EMIT cursorMoved(m_plot->xAxis->pixelToCoord(event->position().x()));
    else
      Q_EMIT cursorMoved(std::nullopt);
  });
  connect(m_plot, &QCustomPlot::mouseDoubleClick, this, [this] {
    m_follows = true;
    resetRange();
    replotSoon();
  });
  connect(&theme, &Theme::changed, this, [this] { applyTheme(); });
}

void PlotFrame::setEmptyText(const QString& text) {
  m_emptyText = text;
  setAccessibleDescription(text);
}

void PlotFrame::setCursor(std::optional<double> x) {
  if (m_cursor == x) return;
  m_cursor = x;
  replotSoon();
}

void PlotFrame::replotSoon() {
  if (m_plot->isVisible())
    ReplotQueue::of_application().add(m_plot);
  else
    m_stale = true;
  if (QAccessible::isActive()) setAccessibleDescription(contents());
}

QRect PlotFrame::plotRect() const { return m_plot->axisRect()->rect(); }

void PlotFrame::styleAxis(QCPAxis* axis, const QString& title, bool grid) {
  const Palette& p = m_theme.palette();
  const bool horizontal = axis->orientation() == Qt::Horizontal;
  axis->setLabel(title);
  axis->setLabelFont(m_theme.text(11));
  axis->setLabelColor(p.secondary);
  axis->setTickLabelFont(m_theme.mono(11));
  axis->setTickLabelColor(p.secondary);
  axis->setBasePen(horizontal ? QPen(p.line, 1) : QPen(Qt::NoPen));
  axis->setTickPen(Qt::NoPen);
  axis->setSubTickPen(Qt::NoPen);
  axis->setTickLength(0, 0);
  axis->setNumberFormat(QStringLiteral("g"));  // keeps 2e-4 as it is written
  axis->setSubTicks(false);
  axis->setTickLabelPadding(6);
  axis->setLabelPadding(4);
  axis->grid()->setVisible(grid);
  axis->grid()->setPen(QPen(p.grid, 1));
  axis->grid()->setZeroLinePen(QPen(p.grid, 1));
  axis->grid()->setSubGridVisible(false);
}

void PlotFrame::applyTheme() {
  m_plot->setBackground(QBrush(m_theme.palette().surface));
  restyle();
  replotSoon();
}

void PlotFrame::paintAll(QCPPainter& painter) {
  painter.save();
  painter.setAntialiasing(true);
  if (isEmpty() && !m_emptyText.isEmpty()) {
    painter.setPen(m_theme.palette().secondary);
    painter.setFont(m_theme.text(12));
    painter.drawText(plotRect().adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
  } else {
    paintOver(painter);
  }
  painter.restore();
}

void PlotFrame::paintLabel(QCPPainter& painter, const QPoint& at, const QString& text, const QColor& color, Qt::Alignment side, std::vector<QRect>* taken) const {
  const QFontMetrics metrics(painter.font());
  QRect box(0, 0, metrics.horizontalAdvance(text) + 8, metrics.height() + 2);
  box.moveCenter(at);
  if (side & Qt::AlignRight) box.moveLeft(at.x());
  if (side & Qt::AlignLeft) box.moveRight(at.x());
  const QRect limits = plotRect();
  if (box.right() > limits.right()) box.moveRight(limits.right());
  if (box.left() < limits.left()) box.moveLeft(limits.left());
  if (box.top() < limits.top()) box.moveTop(limits.top());
  if (box.bottom() > limits.bottom()) box.moveBottom(limits.bottom());
  if (taken) {
    const auto meets = [&box](const QRect& other) { return other.intersects(box); };
    for (auto other = taken->begin(); (other = std::find_if(taken->begin(), taken->end(), meets)) != taken->end() && other->bottom() + box.height() < limits.bottom();)
      box.moveTop(other->bottom() + 1);
    taken->push_back(box);
  }
  QColor back = m_theme.palette().surface;
  back.setAlpha(215);
  painter.fillRect(box, back);
  painter.setPen(color);
  painter.drawText(box, Qt::AlignCenter, text);
}

void PlotFrame::paintChart(QPaintDevice& device, const QSize& size) {
  QCPPainter painter;
  if (painter.begin(&device)) m_plot->toPainter(&painter, size.width(), size.height());
}

bool PlotFrame::eventFilter(QObject* object, QEvent* event) {
  if (object == m_plot) {
    if (event->type() == QEvent::Leave) Q_EMIT cursorMoved(std::nullopt);
    if (event->type() == QEvent::Show && std::exchange(m_stale, false)) replotSoon();
    if (event->type() == QEvent::Resize) {  // its own handler would draw at once, for every chart that one change of a layout moves
      m_plot->setViewport(m_plot->rect());
      replotSoon();
      return true;
    }
  }
  return QWidget::eventFilter(object, event);
}

}  // namespace weft::ui
