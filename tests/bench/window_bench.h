// SPDX-License-Identifier: GPL-3.0-or-later
// What the parts of window_bench share. Each part measures one thing in a real window and prints a line of JSON; window_figures.py runs them all.
#pragma once

#include <string>
#include <vector>

#include <QApplication>
#include <QElapsedTimer>
#include <QObject>
#include <QStringList>

#include "engine/core/json.h"

namespace weft::bench {

// The rest of the command line in, what the program ends with out.
int measure_opening(const QStringList& arguments);    // MODEL: from the wish to open it until its card stands painted
int measure_stalls(const QStringList& arguments);     // MODEL DATA [STEPS]: the event loop while the window trains
int measure_frames(const QStringList& arguments);     // [FOLDER] [POINTS]: a chart of 4 series of 1,000 to 1,000,000 points, pictures of it into FOLDER; a Live page
int measure_map(const QStringList& arguments);        // the heat map of 1,001 matrices, alone and with all of its page
int measure_clicks(const QStringList& arguments);     // MODEL DATA: from a click until its answer stands painted
int measure_slowdown(const QStringList& arguments);   // MODEL DATA [PAIRS] [STEPS]: the window's own run with Live open and with no window, by turns
int measure_journey(const QStringList& arguments);    // [RUN_FILE]: from the start of the process to a verified export, by clicks alone

[[nodiscard]] inline double ms_of(const QElapsedTimer& clock) { return static_cast<double>(clock.nsecsElapsed()) / 1e6; }

// Notes that something was painted.
class PaintWatch final : public QObject {
 public:
  PaintWatch() { qApp->installEventFilter(this); }
  ~PaintWatch() override { qApp->removeEventFilter(this); }
  [[nodiscard]] long count() const { return count_; }
  // Turns the event loop until nothing has been painted for settle_ms. The milliseconds from the start of `clock` to the end of the first
  // turn that painted, and of the last one; 0, 0: nothing was.
  std::pair<double, double> until_still(const QElapsedTimer& clock, int settle_ms = 60);

 protected:
  bool eventFilter(QObject*, QEvent* event) override;

 private:
  long count_ = 0;
};

// {"figure": …, "median": …, "p99": …, "longest": …, "times": …} in milliseconds.
[[nodiscard]] Json spread_of(const std::string& figure, std::vector<double> ms);
void print_line(const Json& line);

}  // namespace weft::bench
