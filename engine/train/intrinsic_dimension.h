// SPDX-License-Identifier: GPL-3.0-or-later
// Ranks by how many dimensions the hidden states lie in (GeLoRA, Ed-dib et al. 2024, arXiv:2412.09250): where a block raises the intrinsic dimension from
// d_i to d_{i+1}, its update has to be of rank max(d_{i+1} - d_i, 0) at least. Dimensions by TwoNN (Facco et al. 2017, "Estimating the intrinsic dimension
// of datasets by a minimal neighborhood information"). Choices of ours, where the paper could not be read: a row of data is one point, the mean of its
// tokens' states; differences are rounded and 1 is added, so that no block is left without; all matrices of a block get the same. Engine thread only.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/data/data_set.h"
#include "engine/model/decoder.h"

namespace weft {

struct Dimension {
  double value = 0, spread = 0;  // spread: standard error, by leaving out a tenth of the points in turn
  std::int64_t points = 0;       // that were used: of those that lie on each other one
};

// points [N, C]. Needs kLeastPoints that do not lie on each other: the error says how many there are.
inline constexpr std::int64_t kLeastPoints = 50;
[[nodiscard]] Result<Dimension> two_nn_dimension(const Tensor& points);

// Of blocks, from the dimensions before the first and after each.
[[nodiscard]] std::vector<std::int64_t> ranks_of(const std::vector<double>& dimensions);

struct DimensionSurvey {
  std::vector<Dimension> dimensions;   // of the embeddings, then after each block
  std::vector<std::int64_t> ranks;     // by block
  std::int64_t rows = 0, repeated = 0; // that were looked at, and that had been seen before
};

// Runs batches of next() through the model, which has no adapters, until `rows` different rows were seen or it has no more; those that come again are
// passed over. False of go_on() ends it after a batch that was looked at.
[[nodiscard]] Result<DimensionSurvey> survey_dimensions(const Decoder& model, std::int64_t rows, const std::function<std::optional<PackedBatch>()>& next,
                                                        const std::function<bool()>& go_on);

}  // namespace weft
