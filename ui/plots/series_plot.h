// SPDX-License-Identifier: GPL-3.0-or-later
// Curves over steps, or over what setX() says: raw line faint behind the smoothed one, evaluation points, event flags on the x axis, a shared cursor
// with a read-out, names at the lines' ends. Data is appended, so that long runs stay cheap. Main thread only.
#pragma once

#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <vector>

#include "ui/models/run_history.h"
#include "ui/plots/plot_frame.h"
#include "ui/plots/value_pyramid.h"

namespace weft::ui {

class CurveLine;

struct SeriesStyle {
  QString name;
  int color = 0;                 // index of the theme's series
  Qt::PenStyle dash = Qt::SolidLine;
  bool run = false;              // colour and dash of the n-th run, n being `color`
  bool smooth = false;           // a raw line and a smoothed one
  bool points = false;           // circles on the values
  bool rightAxis = false;
  bool scientific = false;       // numbers as 2e-4
  int digits = 2;
};

class SeriesPlot final : public PlotFrame {
  Q_OBJECT
 public:
  using Along = std::function<double(double step)>;

  SeriesPlot(Theme& theme, const QString& name, const QString& yTitle, const QString& rightTitle, QWidget* parent);

  int addSeries(const SeriesStyle& style);
  void setCurve(int series, const Curve& curve);
  void setFlags(const std::vector<Flag>& flags);
  void setTotalSteps(std::int64_t steps);
  // reading: what stands beside the name at the line's end; empty: its last value.
  void setName(int series, const QString& name, const QString& reading = {});
  // What x is: "step", "tokens", … ; whole numbers or not; where it begins.
  void setX(const QString& title, bool whole, int first = 0);
  // Where x ends until it is zoomed or panned, however far a curve goes on; nothing: where the longest ends.
  void setLastX(std::optional<double> x) { m_lastX = x; }
  // Where a step of the curves and flags lies along x; nothing: at itself. clear() first: what is drawn is not moved.
  void setAlong(Along along) { m_along = std::move(along); }
  void setSmoothing(double factor);          // 0: none; 0.85 by default
  void setLogY(bool on);
  // The cursor is always there: what the curves are at it stands beside their names, not beside the cursor.
  void readAtNames() { m_readAtNames = true; }
  void setHidden(int series, bool hidden);   // its name stays, greyed, and brings it back
  void clear();
  void refresh();                            // after setCurve and setFlags: ranges and one queued replot

  [[nodiscard]] QString csv() const override;
  void addActions(QMenu& menu) override;
  [[nodiscard]] QString seriesName(int series) const { return m_series[static_cast<std::size_t>(series)].style.name; }
  [[nodiscard]] bool isHidden(int series) const { return m_series[static_cast<std::size_t>(series)].hidden; }
  // Where its name was drawn last, in pixels; a click there hides the series or brings it back.
  [[nodiscard]] QRect nameRect(int series) const { return m_series[static_cast<std::size_t>(series)].nameRect; }
  [[nodiscard]] QString chartName() const override { return m_name; }
  [[nodiscard]] std::size_t pointCount(int series) const { return m_series[static_cast<std::size_t>(series)].steps.size(); }

 Q_SIGNALS:
  void hiddenByHand(int series, bool hidden);

 protected:
  void paintOver(QCPPainter& painter) override;
  void resetRange() override;
  void restyle() override;
  void clicked(const QPoint& at) override;
  [[nodiscard]] bool isClickable(const QPoint& at) const override { return seriesAt(at) >= 0; }
  [[nodiscard]] bool isEmpty() const override;
  [[nodiscard]] QString summary() const override;

 private:
  struct Series {
    SeriesStyle style;
    QString reading;
    CurveLine* raw = nullptr;
    CurveLine* line = nullptr;               // the smoothed one, or the only one
    std::vector<double> steps;               // where they lie along x
    double firstStep = 0, lastStep = 0;      // of the curve they came from
    bool hidden = false;
    QRect nameRect;
    ValuePyramid values, smoothed;           // smoothed: where the style asks for it
    double ema = 0, weight = 0;              // of the exponential mean, bias-corrected
    double lowPositive = std::numeric_limits<double>::infinity();   // for a logarithmic axis
    [[nodiscard]] const ValuePyramid& shown() const { return style.smooth ? smoothed : values; }
  };
  [[nodiscard]] double xOf(double step) const { return m_along ? m_along(step) : step; }
  [[nodiscard]] double placeOf(const Flag& flag) const { return flag.x.value_or(xOf(static_cast<double>(flag.step))); }
  [[nodiscard]] int seriesAt(const QPoint& at) const;   // by its name; -1: none
  [[nodiscard]] QColor colorOf(const Series& series) const;   // of its words
  void toggle(int series);
  void append(Series& series, const Curve& curve);
  void smoothOn(Series& series);             // what of it is not smoothed yet
  static void empty(Series& series);
  [[nodiscard]] int wordRows() const;        // above the curves, for the words of flags
  [[nodiscard]] bool hasRightAxis() const { return !m_rightTitle.isEmpty(); }
  [[nodiscard]] QColor toneOf(const Flag& flag) const;
  [[nodiscard]] QString nameOf(const Series& series) const;
  [[nodiscard]] static std::size_t countTo(const Series& series, double x);   // of its points
  void makeRoom();                           // for names and words, so that they lie over no curve
  void paintFlags(QCPPainter& painter);
  void paintFlagWords(QCPPainter& painter);
  void paintCursor(QCPPainter& painter);
  void paintNames(QCPPainter& painter);
  void paintLegend(QCPPainter& painter);     // where a second axis stands at the lines' ends
  [[nodiscard]] QString number(const Series& series, double value) const;
  [[nodiscard]] double cursorAt() const;     // on a whole number where x is one
  Along m_along;
  QString m_name, m_xTitle, m_yTitle, m_rightTitle;
  bool m_wholeX = true, m_readAtNames = false;
  int m_firstX = 0;
  std::optional<double> m_lastX;
  std::deque<Series> m_series;               // their lines point into them
  std::vector<Flag> m_flags;                 // but evaluations, which are points
  std::size_t m_knownFlags = 0;              // with evaluations
  std::int64_t m_totalSteps = 0;
  double m_smoothing = 0.85;
  bool m_logY = false;
};

}  // namespace weft::ui
