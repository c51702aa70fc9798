// SPDX-License-Identifier: GPL-3.0-or-later
// The curves of a run over its steps, its epochs, its tokens or its time: losses on the left; on the right rates, throughput and memory, or what only
// some runs have. One cursor for all of them. Main thread only.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include <QWidget>

#include "ui/models/run_history.h"
#include "ui/theme/theme.h"

class QComboBox;
class QStackedWidget;

namespace weft::ui {

class ElidedLabel;
class SeriesPlot;

class LiveCurves final : public QWidget {
  Q_OBJECT
 public:
  enum Chart { Rates, Speed, Ranks, Passes };   // of the right card

  LiveCurves(Theme& theme, QWidget* parent);
  void show(std::shared_ptr<RunHistory> run);   // another run, or none; refresh() draws it
  void chooseSite(int site);                    // whose ranks are drawn
  void refresh();                               // what is new

  [[nodiscard]] SeriesPlot* lossPlot() { return m_loss; }
  [[nodiscard]] SeriesPlot* speedPlot() { return m_speed; }
  [[nodiscard]] SeriesPlot* ranksPlot() { return m_ranks; }
  [[nodiscard]] SeriesPlot* passesPlot() { return m_passes; }
  [[nodiscard]] QComboBox* chartChoice() { return m_chart; }
  [[nodiscard]] QComboBox* axisChoice() { return m_axis; }

 private:
  QWidget* makeLossCard(Theme& theme);
  QWidget* makeOtherCard(Theme& theme);
  [[nodiscard]] RunAxis axis() const;
  void drawAlong();                             // all anew along what is chosen
  void fill(SeriesPlot& plot);                  // what is new; the charts behind the right one wait until they are chosen
  void offer();                                 // charts that not every run has
  void shareCursor(std::optional<double> x);

  std::shared_ptr<RunHistory> m_run;
  int m_site = -1;
  SeriesPlot *m_loss, *m_rates, *m_speed, *m_ranks, *m_passes;
  std::array<SeriesPlot*, 5> m_plots;           // the loss, then those of Chart
  QStackedWidget* m_charts;
  ElidedLabel* m_title;
  QComboBox *m_axis, *m_scale, *m_smoothing, *m_chart;
};

}  // namespace weft::ui
