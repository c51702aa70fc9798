// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/run_estimate.h"

#include <algorithm>
#include <cmath>

#include "engine/api/run_plan.h"
#include "engine/core/processor.h"

namespace weft {
namespace {

constexpr int kSamples = 33;           // step times that are looked at
constexpr std::int64_t kFewest = 5;    // steps before a run's speed counts
constexpr int kMostAsked = 8;          // runs whose plan is made to find one

// What a speed holds for: the model and how its products are computed.
std::string kind_of(const TrainRequest& request) {
  return request.model.value("path", "") + "\n" + request.model.value("compute", "") + "\n" + request.model.value("storage", "");
}

bool of_this_machine(const RunRecord& run) {
  return run.started.is_object() && run.started.contains("machine") && run.started["machine"].is_string() &&
         run.started["machine"].get_ref<const std::string&>() == machine_name();
}

}  // namespace

std::optional<RunEstimator::Speed> RunEstimator::measure(const RunRecord& run) {
  const auto times = project_.thinned_metrics(run.id, "ms", kSamples);
  const auto request = train_request_from_json(run.config);
  if (!times.ok() || !request.ok() || times->empty()) return std::nullopt;
  std::vector<double> ms;
  for (const auto& row : *times)
    if (std::isfinite(row.value) && row.value > 0) ms.push_back(row.value);
  if (ms.empty()) return std::nullopt;
  std::nth_element(ms.begin(), ms.begin() + static_cast<std::ptrdiff_t>(ms.size() / 2), ms.end());
  const auto plan = make_plan(*request);
  if (!plan.ok()) return std::nullopt;
  return Speed{plan->flops.total() / (ms[ms.size() / 2] / 1000), run.name};
}

std::optional<RunEstimator::Speed> RunEstimator::speed_of(const TrainRequest& request) {
  const std::string kind = kind_of(request);
  if (const auto known = speeds_.find(kind); known != speeds_.end()) return known->second;
  if (!runs_) {
    auto runs = project_.runs();
    runs_ = runs.ok() ? std::move(*runs) : std::vector<RunRecord>();
  }
  std::optional<Speed> speed;
  int asked = 0;
  for (auto run = runs_->rbegin(); run != runs_->rend() && !speed && asked < kMostAsked; ++run) {
    if (run->last_step < kFewest || !of_this_machine(*run)) continue;
    const auto earlier = train_request_from_json(run->config);
    if (!earlier.ok() || kind_of(*earlier) != kind) continue;
    ++asked;
    speed = measure(*run);
  }
  return speeds_[kind] = speed;
}

// Entries of a sweep mostly have the same rows and batches.
Result<StepCount> RunEstimator::steps_of(const TrainRequest& request) {
  if (request.train.value("steps", std::int64_t{0}) > 0) return count_steps(request);
  Json key = {request.model.value("path", ""), request.data};
  for (const char* name : {"epochs", "accumulate", "batch_tokens", "batch_size"}) key.push_back(request.train.value(name, Json()));
  const auto [known, fresh] = steps_.try_emplace(to_json_line(key), Status(ErrorCode::Internal, ""));
  if (fresh) known->second = count_steps(request);
  return known->second;
}

RunEstimate RunEstimator::estimate(const TrainRequest& request) {
  RunEstimate estimate;
  const auto counted = steps_of(request);
  if (!counted.ok()) {
    estimate.basis = counted.status().message();
    return estimate;
  }
  estimate.steps = counted->steps;
  const auto speed = speed_of(request);
  if (!speed) {
    estimate.basis = "no run of this model has been timed on this machine yet";
    return estimate;
  }
  const auto plan = make_plan(request);
  if (!plan.ok()) {
    estimate.basis = plan.status().message();
    return estimate;
  }
  estimate.seconds = static_cast<double>(estimate.steps) * plan->flops.total() / speed->flops_per_s;
  estimate.basis = "as fast as " + speed->run + (counted->exact ? "" : "; steps by the number of rows");
  return estimate;
}

}  // namespace weft
