// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/length_histogram.h"

#include <algorithm>

#include "ui/models/data_report.h"
#include "ui/models/number_text.h"
#include "ui/plots/qcustomplot.h"

namespace weft::ui {
namespace {

class CountTicker final : public QCPAxisTicker {
 public:
  CountTicker() { setTickCount(4); }

 protected:
  QString getTickLabel(double tick, const QLocale&, QChar, int) override {
    return tick == std::floor(tick) ? grouped(static_cast<std::int64_t>(tick)) : QString();
  }
};

}  // namespace

LengthHistogram::LengthHistogram(Theme& theme, QWidget* parent) : PlotFrame(theme, parent) {
  setAccessibleName(tr("Rows by length"));
  m_plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new CountTicker));
  m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new CountTicker));
  m_plot->setBackground(QBrush(theme.palette().surface));
  setEmptyText(tr("The lengths of the rows appear when they are read."));
  restyle();
}

void LengthHistogram::restyle() {
  styleAxis(m_plot->xAxis, tr("tokens a row"), false);
  styleAxis(m_plot->yAxis, tr("rows"), true);
}

void LengthHistogram::setLengths(const std::vector<LengthBin>& bins, std::int64_t maxLength) {
  m_bins = bins;
  m_maxLength = maxLength;
  setAccessibleDescription(contents());
  resetRange();
  replotSoon();
}

double LengthHistogram::widthOfBins() const { return m_bins.empty() ? 1 : static_cast<double>(m_bins.front().to - m_bins.front().from + 1); }

void LengthHistogram::resetRange() {
  if (m_bins.empty()) {
    m_plot->xAxis->setRange(0, 1);
    m_plot->yAxis->setRange(0, 1);
    return;
  }
  std::int64_t most = 1;
  for (const auto& bin : m_bins) most = std::max(most, bin.rows);
  const double end = static_cast<double>(m_bins.size()) * widthOfBins();
  m_plot->xAxis->setRange(0, m_maxLength < 1.5 * end ? std::max(end, 1.04 * static_cast<double>(m_maxLength)) : end);
  m_plot->yAxis->setRange(0, 1.15 * static_cast<double>(most));
}

void LengthHistogram::paintOver(QCPPainter& painter) {
  painter.setClipRect(plotRect());
  const Palette& p = m_theme.palette();
  const double width = widthOfBins(), base = m_plot->yAxis->coordToPixel(0);
  for (std::size_t i = 0; i < m_bins.size(); ++i) {
    const LengthBin& bin = m_bins[i];
    if (bin.rows == 0) continue;
    const double left = m_plot->xAxis->coordToPixel(static_cast<double>(i) * width), right = m_plot->xAxis->coordToPixel(static_cast<double>(i + 1) * width);
    const QRectF bar(left + 0.5, m_plot->yAxis->coordToPixel(static_cast<double>(bin.rows)), std::max(1.0, right - left - 1.5), 0);
    const QRectF whole = bar.adjusted(0, 0, 0, std::max(1.0, base - bar.top()));
    const bool cut = isCut(bin, m_maxLength);
    QColor fill = cut ? p.warning : p.accent;
    painter.setPen(Qt::NoPen);
    fill.setAlphaF(cut ? 0.35F : 0.8F);
    painter.fillRect(whole, fill);
    if (cut) painter.fillRect(whole, QBrush(p.warning, Qt::BDiagPattern));
  }
  const double at = m_plot->xAxis->coordToPixel(static_cast<double>(m_maxLength));
  const QString words = tr("cut at %1").arg(grouped(m_maxLength));
  if (at <= plotRect().right() + 1) {
    painter.setPen(QPen(p.text, 1, Qt::DashLine));
    painter.drawLine(QPointF(at, plotRect().top()), QPointF(at, plotRect().bottom()));
    paintLabel(painter, QPoint(static_cast<int>(at), plotRect().top() + 10), words, p.text, Qt::AlignLeft);
  } else {
    paintLabel(painter, QPoint(plotRect().right(), plotRect().top() + 10), words + QStringLiteral(" →"), p.secondary, Qt::AlignRight);
  }
}

QString LengthHistogram::summary() const {
  std::int64_t cut = 0, all = 0;
  for (const auto& bin : m_bins) {
    all += bin.rows;
    if (isCut(bin, m_maxLength)) cut += bin.rows;
  }
  return tr("%1 rows, %2 of them longer than %3 tokens").arg(grouped(all), grouped(cut), grouped(m_maxLength));
}

QString LengthHistogram::csv() const {
  QString text = QStringLiteral("from,to,rows,cut\n");
  for (const auto& bin : m_bins) text += QStringLiteral("%1,%2,%3,%4\n").arg(bin.from).arg(bin.to).arg(bin.rows).arg(isCut(bin, m_maxLength) ? 1 : 0);
  return text;
}

}  // namespace weft::ui
