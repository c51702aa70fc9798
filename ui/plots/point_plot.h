// SPDX-License-Identifier: GPL-3.0-or-later
// Points of one or two kinds, a line through each kind with Pearson's r, a level to compare with, one point marked. A click tells the
// nearest point. Main thread only.
#pragma once

#include <optional>
#include <vector>

#include "ui/plots/plot_frame.h"

namespace weft::ui {

struct PointGroup {
  QString name;                    // "rows"
  int color = 0;                   // index of the theme's series
  std::vector<double> x, y;
  QStringList labels;              // of the points, or empty
  bool regression = false;         // draw the least-squares line and state r
};

struct PointView {
  QString xTitle, yTitle;
  std::vector<PointGroup> groups;
  std::optional<double> level;     // a horizontal line: "as before"
  int marked = -1;                 // index within the first group
};

class PointPlot final : public PlotFrame {
  Q_OBJECT
 public:
  PointPlot(Theme& theme, const QString& name, QWidget* parent);
  void setView(PointView view);
  [[nodiscard]] const PointView& view() const { return m_view; }
  [[nodiscard]] QPoint pixelOf(double x, double y) const;   // in this widget, for tests

  [[nodiscard]] QString csv() const override;
  [[nodiscard]] QString chartName() const override { return m_name; }

 Q_SIGNALS:
  void chosen(int group, int point);

 protected:
  void paintOver(QCPPainter& painter) override;
  void resetRange() override;
  void restyle() override;
  [[nodiscard]] bool isEmpty() const override;
  [[nodiscard]] QString summary() const override;
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  [[nodiscard]] std::pair<int, int> nearest(const QPointF& at) const;   // -1, -1: none within reach
  void paintLine(QCPPainter& painter, const PointGroup& group, int row);
  QString m_name;
  PointView m_view;
  QPointF m_pressed;
};

}  // namespace weft::ui
