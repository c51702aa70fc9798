// SPDX-License-Identifier: GPL-3.0-or-later
// Runs of a project beside one another: their curves on four axes, the settings that differ, final figures, spectra. Values only, made by
// app/run/compare, shown by window and command line. Nothing is resampled: every point is a recorded one. Any thread.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "projects/api/project.h"
#include "projects/api/run_progress.h"

namespace weft {

inline constexpr std::size_t kFewestCompared = 2, kMostCompared = 6;  // as many as there are colours to tell apart

// One metric of one run, by step; epochs, tokens and seconds are those of all steps up to there.
struct ComparedCurve {
  std::vector<double> steps, epochs, tokens, seconds, values;  // same length, ascending but for the values

  [[nodiscard]] const std::vector<double>& along(RunAxis axis) const {
    return axis == RunAxis::Step ? steps : axis == RunAxis::Epoch ? epochs : axis == RunAxis::Tokens ? tokens : seconds;
  }
  // Index of the last point at or before x, -1 when the first lies behind it.
  [[nodiscard]] std::ptrdiff_t before(RunAxis axis, double x) const {
    const auto& at = along(axis);
    return std::upper_bound(at.begin(), at.end(), x) - at.begin() - 1;
  }
};

// What was changed while a run went on, where it took effect: its first step, and what was spent before it.
struct ComparedEdit {
  double step = 0, epoch = 0, tokens = 0, seconds = 0;
  std::string label, text;         // "lr=0.0001"; the whole sentence

  [[nodiscard]] double along(RunAxis axis) const { return axis == RunAxis::Step ? step : axis == RunAxis::Epoch ? epoch : axis == RunAxis::Tokens ? tokens : seconds; }
};

struct ComparedRun {
  RunRecord run;
  std::string method;              // "lora"; empty where the snapshot does not say
  std::string remark;              // what a reader must know of it: stopped early, not finite, no spectra; empty: nothing
  ComparedCurve loss, held_out, lr, grad_norm;
  std::vector<ComparedEdit> edits;   // by step
  std::vector<SpectrumRow> spectra;  // by step

  // The matrix's latest spectrum at or before `step`; nullptr when there is none.
  [[nodiscard]] const SpectrumRow* spectrum(const std::string& site, double step) const {
    const SpectrumRow* found = nullptr;
    for (const auto& row : spectra) {
      if (static_cast<double>(row.step) > step) break;
      if (row.site == site) found = &row;
    }
    return found;
  }
};

// One line of a table with a column a run.
struct ComparedRow {
  std::string key, title;
  std::vector<std::string> texts;  // "–": the run has none
  std::vector<double> values;      // of figures; NaN: the run has none
};

struct Comparison {
  std::vector<ComparedRun> runs;   // in the order asked for
  std::vector<ComparedRow> settings;  // only those that differ; key "train.lr"
  std::vector<ComparedRow> figures;   // only those that some run has
  std::vector<std::string> sites;  // matrices with spectra in any of the runs
  std::vector<std::string> notes;  // of the comparison as a whole: other models, other data
};

}  // namespace weft
