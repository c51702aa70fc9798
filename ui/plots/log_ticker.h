// SPDX-License-Identifier: GPL-3.0-or-later
// Ticks of a logarithmic axis, also of one that spans less than two decades: then 1-2-5 marks instead of powers of ten. Main thread only.
#pragma once

#include <cmath>

#include "ui/models/number_text.h"
#include "ui/plots/qcustomplot.h"

namespace weft::ui {

class LogTicker final : public QCPAxisTickerLog {
 protected:
  QString getTickLabel(double tick, const QLocale&, QChar, int) override { return shortNumber(tick); }
  QVector<double> createTickVector(double step, const QCPRange& range) override {
    if (range.lower <= 0 || range.upper / range.lower > 2000) return QCPAxisTickerLog::createTickVector(step, range);
    const double span = range.upper / range.lower;
    if (span < 3) return QCPAxisTicker::createTickVector(step, range);   // no two of them would be left
    const bool dense = span < 30;
    QVector<double> ticks;
    for (double decade = std::pow(10, std::floor(std::log10(range.lower))); decade <= range.upper; decade *= 10)
      for (const double m : {1.0, 2.0, 5.0})
        if ((dense || m != 5.0) && (dense || m == 1.0 || span < 200)) ticks.append(decade * m);
    return ticks;
  }
};

}  // namespace weft::ui
