// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "engine/api/run_plan.h"
#include "engine/data/data_set.h"

namespace weft {
namespace {

constexpr int kMostBatches = 64;

}  // namespace

Result<TypicalBatch> typical_batch(const TrainRequest& request) {
  WEFT_ASSIGN_OR_RETURN(const auto rows, DataSet::load(request.data, request.model.at("path").get<std::string>()));
  // in the order of the file: the first rows of a large one are there at once, and every seed has the same batch
  BatchStream stream(*rows, {.batch_tokens = request.train.at("batch_tokens").get<std::int64_t>(),
                             .batch_size = request.train.at("batch_size").get<std::int64_t>(),
                             .shuffle = false,
                             .pack = false});
  std::vector<PackedBatch> batches;
  do batches.push_back(stream.next());
  while (stream.epoch() < 1 && static_cast<int>(batches.size()) < kMostBatches);
  const auto middle = batches.begin() + static_cast<std::ptrdiff_t>(batches.size() / 2);
  std::nth_element(batches.begin(), middle, batches.end(), [](const auto& a, const auto& b) { return a.tokens() < b.tokens(); });
  TypicalBatch typical;
  typical.segments = middle->segments;
  typical.shape.tokens = middle->tokens();
  typical.shape.trained_tokens = middle->trained_tokens;
  for (std::size_t i = 1; i < typical.segments.size(); ++i) {
    const auto length = typical.segments[i] - typical.segments[i - 1];
    typical.shape.sum_squared_lengths += static_cast<double>(length) * static_cast<double>(length);
    typical.shape.longest = std::max(typical.shape.longest, length);
  }
  return typical;
}

}  // namespace weft
