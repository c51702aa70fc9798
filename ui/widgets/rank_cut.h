// SPDX-License-Identifier: GPL-3.0-or-later
// Below a spectrum: what a lower rank would keep of this update, what it would cost in all matrices, and the way to export at it. The same cut is a line in
// the chart that can be dragged. Main thread only.
#pragma once

#include <vector>

#include <QWidget>

#include "engine/api/events.h"
#include "engine/api/spectrum_law.h"

class QLabel;
class QPushButton;
class QSlider;

namespace weft::ui {

class ElidedLabel;
class SpectrumPlot;
class Theme;

class RankCut final : public QWidget {
  Q_OBJECT
 public:
  enum class Size { Small, Whole };   // Small: what is said of noise and cost is the tooltip
  // plot: whose values are cut, and where the line stands.
  RankCut(Theme& theme, SpectrumPlot& plot, Size size, QWidget* parent);
  // After the plot's view changed. sites: all matrices of the adapter, for what the rank costs; wanted: the rank to begin with, until one was chosen.
  void follow(const std::vector<SiteShape>& sites, int wanted);
  void setExportable(bool on);
  [[nodiscard]] int rank() const;
  [[nodiscard]] QString text() const;
  [[nodiscard]] QPushButton* button() { return m_export; }
  [[nodiscard]] QSlider* slider() { return m_slider; }

 Q_SIGNALS:
  void exportWanted(int rank);

 private:
  void choose(int rank);
  void refresh();
  SpectrumPlot& m_plot;
  QSlider* m_slider;
  ElidedLabel* m_text;
  QLabel* m_more;
  QPushButton* m_export;
  std::vector<SiteShape> m_sites;
  bool m_chosen = false, m_exportable = true;
};

}  // namespace weft::ui
