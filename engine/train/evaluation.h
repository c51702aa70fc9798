// SPDX-License-Identifier: GPL-3.0-or-later
// The loss on rows that are not trained, of a run between its steps and of files alike. Engine thread only; may throw (see guard.h).
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/api/evaluation.h"
#include "engine/data/data_set.h"
#include "engine/model/decoder.h"

namespace weft {

struct RowsLoss {
  double sum = 0;                    // over the tokens
  std::int64_t tokens = 0, right = 0;  // right: ranked first
  [[nodiscard]] double loss() const { return tokens > 0 ? sum / static_cast<double>(tokens) : 0; }
  [[nodiscard]] double accuracy() const { return tokens > 0 ? static_cast<double>(right) / static_cast<double>(tokens) : 0; }
};

// With the adapters that are attached, prepared. Nothing where `cancelled` said so.
[[nodiscard]] std::optional<RowsLoss> loss_of_rows(const Decoder& model, const std::vector<PackedBatch>& batches, const std::function<bool()>& cancelled);

[[nodiscard]] Result<EvaluateReply> evaluate_files(const EvaluateRequest& request);

}  // namespace weft
