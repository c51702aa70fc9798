// SPDX-License-Identifier: GPL-3.0-or-later
// Ticks of an axis that counts from 1: its first number, then whole strides. Main thread only.
#pragma once

#include <algorithm>
#include <cmath>

#include "ui/plots/qcustomplot.h"

namespace weft::ui {

class IndexTicker final : public QCPAxisTicker {
 protected:
  QVector<double> createTickVector(double step, const QCPRange& range) override {
    const double stride = std::max(1.0, std::ceil(step));
    QVector<double> ticks;
    for (double t = 1; t <= range.upper; t = (t == 1 && stride > 1) ? stride : t + stride)
      if (t >= range.lower) ticks.append(t);
    return ticks;
  }
  QString getTickLabel(double tick, const QLocale&, QChar, int) override { return QString::number(std::llround(tick)); }
};

}  // namespace weft::ui
