// SPDX-License-Identifier: GPL-3.0-or-later
// A newcomer's way through the window, with the real buttons: try the sample, train, export, and what was written was loaded again. For the test
// with a small model and for the benchmark with the sample itself.
#pragma once

#include <string>
#include <vector>

#include "ui/shell/main_window.h"

namespace weft::test {

struct SampleJourney {
  struct Stage {
    std::string name;
    double seconds = 0;            // since the process began
  };
  std::vector<Stage> stages;       // in order; the last one is the verified export
  int clicks = 0, keys = 0;        // what a person had to do
  std::string folder, report;      // of the export, and the page's own words on it
  std::string problem;             // where it came to an end too early; empty: it did not
};

// The window is shown and the engine is being loaded. Turns the event loop until the journey is over.
[[nodiscard]] SampleJourney walk_sample_journey(ui::MainWindow& window, int timeout_ms);

}  // namespace weft::test
