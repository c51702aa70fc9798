// SPDX-License-Identifier: GPL-3.0-or-later
// What in the recorded values of a run is worth a look: it says what was seen, with the numbers, and never whether a run is good.
// One function over plain values, for window and report alike; any thread. The thresholds and their reasons stand in health.cpp alone.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weft {

struct HealthSeries {
  struct Values {
    std::vector<double> steps, values;   // steps ascending
  };
  struct Site {
    std::string path;
    std::vector<float> values;           // singular values of the update, descending; empty: not measured
  };
  struct Spectra {
    std::int64_t step = 0;
    std::vector<Site> sites;             // in the same order at every step
  };
  Values loss, held_out, lr;
  std::vector<Spectra> spectra;          // by step
  bool ranks_are_taken_away = false;     // by the method itself: then a direction without size is no news
};

struct HealthNotice {
  enum class Kind { RankOneSpike, DeadDirections, NormRunaway, Plateau, OverfitGap };
  Kind kind = Kind::Plateau;
  std::int64_t step = 0;                 // at which it was seen
  std::string title, text;               // "overfit gap", a sentence with the numbers
};

[[nodiscard]] std::vector<HealthNotice> health_notices(const HealthSeries& series);

}  // namespace weft
