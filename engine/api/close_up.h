// SPDX-License-Identifier: GPL-3.0-or-later
// One matrix of an adapter looked at closely, as plain values: its tensors and its update as pictures, the lengths of the rows and columns
// of the weight before and after, the angles between two adapters. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/api/events.h"

namespace weft {

struct CloseUpRequest {
  std::string adapter;             // PEFT folder, adapter file or checkpoint; "": of the run in progress, answered between two steps
  std::string base;                // its model, or "": then what two factors in the file say (PEFT LoRA) and nothing of the weight. Not with adapter ""
  std::string other;               // a second adapter (or step) to take angles to, or ""
  std::string site;                // path; "": the first
  int cells = 96;                  // of a picture along each side, at most
  bool decompose_base = false;     // W's own singular values, and which of its directions the update uses; takes seconds. Needs the base
  // Asked between pieces of the work, from any thread; the answer is Cancelled then. A piece takes as long as decomposing a square of 2,048 at most.
  std::function<bool()> cancelled;
};

// A matrix brought down to few cells: of each cell the entry of greatest magnitude, with its sign, so that no outlier gets lost.
struct MatrixPicture {
  std::string name;                // "A", "B", "ΔW", or the tensor's own
  std::int64_t rows = 0, columns = 0;            // of the matrix; more than two dimensions are folded into rows
  std::int64_t cell_rows = 0, cell_columns = 0;  // of the picture
  std::vector<float> cells;        // row-major
  float largest = 0;               // |entry|
  double frobenius = 0;
};

// 2-norms of the rows (or columns) of W and of W'.
struct LengthChange {
  std::vector<float> before, after;
};

// Change of magnitude and direction of a whole matrix, after DoRA (arXiv 2402.09353, section 3.2): dM = mean | |w'| - |w| |,
// dD = mean (1 - cos(w', w)), over rows; over columns too where the method scales those.
struct MatrixChange {
  std::string site, module;
  int layer = -1;
  double row_magnitude = 0, row_direction = 0;
  double column_magnitude = 0, column_direction = 0;
};

// Singular values of something within the method, such as the bond between two cores of a tensor train.
struct NamedSpectrum {
  std::string name;
  std::vector<float> values;       // descending
};

// W = U S V' and what of the update's energy |dW|^2 lies along each of its directions: |u_i' dW|^2 and |dW v_i|^2 over |dW|^2. By chance each of the
// `out` directions of the outputs would hold 1 / out of it, each of the inputs' 1 / in.
struct BaseDecomposition {
  std::vector<float> values;       // descending; empty: not asked for
  bool leading = false;            // only the largest: the matrix is too large to decompose whole while somebody waits
  std::vector<float> output_energy, input_energy;   // one a value; empty where the update is zero
  double ms = 0;
};

struct CloseUpReply {
  std::string method;
  std::int64_t step = 0;           // of the run in progress or the checkpoint
  double ms = 0;                   // what it cost: of a run in progress, what its next step waited
  std::vector<SiteShape> sites;    // all of the adapter
  SiteShape shown;                 // the one that the rest is about
  std::vector<MatrixPicture> pictures;     // the update first, then the method's tensors
  LengthChange rows, columns;      // empty without a base
  std::vector<MatrixChange> changes;       // of all sites; empty without a base
  bool columns_changed = false;    // the method scales columns: their figures in `changes` are filled
  std::vector<NamedSpectrum> bonds;
  SpectrumEvent spectrum;          // of the update
  SpectrumEvent difference;        // of the update less the second adapter's; without values when there is none
  BaseDecomposition base;
  // Principal angles in degrees, ascending, between what the two updates write to (outputs) and read from (inputs). Empty without a second
  // adapter, or where an update is zero.
  std::vector<float> output_angles, input_angles;
};

// What of the update's energy lies along as many of the weight's first and last directions as the adapter has ranks.
struct EndShares {
  std::int64_t count = 0;          // of directions at each end; 0: W was not decomposed, or the update is zero
  double top_outputs = 0, top_inputs = 0, bottom_outputs = 0, bottom_inputs = 0;   // of 1; those of the bottom only where W was decomposed whole
  double chance_outputs = 0, chance_inputs = 0;
};
[[nodiscard]] EndShares end_shares(const CloseUpReply& reply);

// y = intercept + slope x by least squares, and Pearson's r. Zero where x or y do not vary.
struct Regression {
  double slope = 0, intercept = 0, r = 0;
};
[[nodiscard]] Regression regression_of(std::span<const double> x, std::span<const double> y);

}  // namespace weft
