// SPDX-License-Identifier: GPL-3.0-or-later
// The singular values of one site's update: a stem each on a log axis, step 0 as ghost, marks where 90, 95 and 99 % of the
// energy are reached, the band where noise would lie, and a cut that can be dragged. Main thread only.
#pragma once

#include <vector>

#include "engine/api/spectrum_law.h"
#include "ui/plots/plot_frame.h"

namespace weft::ui {

struct SpectrumView {
  QString site;
  std::int64_t step = 0;
  std::vector<float> values;       // descending
  std::vector<float> ghost;        // of step 0; empty when it was not measured
  int energy90 = 0, energy95 = 0, energy99 = 0;
  NoiseBand noise;                 // not drawn while zero
  double top = 0;                  // largest value over all steps, so that the axis holds still while scrubbing
};

class SpectrumPlot final : public PlotFrame {
  Q_OBJECT
 public:
  SpectrumPlot(Theme& theme, QWidget* parent);
  void setView(SpectrumView view);
  void clear();
  void setCut(int rank);           // a line after so many values; 0: none
  [[nodiscard]] int cut() const { return m_cut; }
  [[nodiscard]] double xOf(double index) const;    // widget pixels
  [[nodiscard]] const SpectrumView& view() const { return m_view; }

  [[nodiscard]] QString csv() const override;
  [[nodiscard]] QString chartName() const override { return QStringLiteral("spectrum"); }

 Q_SIGNALS:
  void cutMoved(int rank);         // dragged

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;
  void paintOver(QCPPainter& painter) override;
  void resetRange() override;
  void restyle() override;
  [[nodiscard]] bool isEmpty() const override { return m_view.values.empty(); }
  [[nodiscard]] QString summary() const override;

 private:
  void paintGhost(QCPPainter& painter);
  void paintStems(QCPPainter& painter);
  void paintMarks(QCPPainter& painter);
  void paintNoise(QCPPainter& painter);
  void paintWords(QCPPainter& painter);
  void paintCut(QCPPainter& painter);
  [[nodiscard]] bool isNearCut(double x) const;   // widget pixels
  SpectrumView m_view;
  int m_cut = 0;
  bool m_drags = false;
};

}  // namespace weft::ui
