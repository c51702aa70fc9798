// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "engine/api/run_plan.h"
#include "engine/data/batch_plan.h"

namespace weft {
namespace {

constexpr std::int64_t kBatchesOfAFeed = 64;   // of a large file, whose rows are read for it

}  // namespace

std::int64_t steps_of_passes(double batches_a_pass, const SettingValues& train) {
  const double batches = train.at("epochs").get<double>() * batches_a_pass;
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(batches / train.at("accumulate").get<double>())));
}

Result<StepCount> count_steps(const TrainRequest& request) {
  if (const auto steps = request.train.at("steps").get<std::int64_t>(); steps > 0) return StepCount{steps, true};
  WEFT_ASSIGN_OR_RETURN(const auto data, DataSet::load(request.data, request.model.at("path").get<std::string>()));
  BatchStream stream(*data, batch_plan_of(request.data, request.train));
  const bool exact = data->complete();
  std::int64_t batches = 0, rows = 0;
  for (; stream.epoch() < 1 && (exact || batches < kBatchesOfAFeed); ++batches) rows += static_cast<std::int64_t>(stream.next().segments.size()) - 1;
  const bool whole = stream.epoch() >= 1;
  const double a_pass = whole || rows == 0 ? static_cast<double>(batches) : static_cast<double>(batches) * static_cast<double>(data->train_count()) / static_cast<double>(rows);
  return StepCount{steps_of_passes(a_pass, request.train), whole};
}

}  // namespace weft
