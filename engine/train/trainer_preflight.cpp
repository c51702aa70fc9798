// SPDX-License-Identifier: GPL-3.0-or-later
// One pass forward and backward on the longest batch before step 1: whether the run fits and its loss is a number, while there is nothing to lose.
// What it computes is thrown away; the steps after it are the same bits as without.
#include <cmath>

#include <fmt/format.h>

#include "engine/core/non_finite.h"
#include "engine/tensor/phase_clock.h"
#include "engine/train/objective.h"
#include "engine/train/trainer.h"

namespace weft {
namespace {

constexpr std::int64_t kBatches = 1024, kBatchesOfAFeed = 32;   // looked through for the longest; rows of a large file have to be read first

struct Found {
  PackedBatch batch;
  std::int64_t longest = 0, of = 0;
};

double squared_lengths(const PackedBatch& batch, std::int64_t& longest) {
  double sum = 0;
  longest = 0;
  for (std::size_t i = 1; i < batch.segments.size(); ++i) {
    const std::int64_t length = batch.segments[i] - batch.segments[i - 1];
    sum += static_cast<double>(length) * static_cast<double>(length);
    longest = std::max(longest, length);
  }
  return sum;
}

}  // namespace

bool Trainer::wants_preflight() const {
  if (request_.only_preflight) return true;
  const auto& when = request_.train.at("preflight").get_ref<const std::string&>();
  return !resumed_ && (when == "always" || (when == "auto" && tight_));
}

Status Trainer::preflight() {
  if (!wants_preflight()) return {};
  const auto begin = std::chrono::steady_clock::now();
  Found found;
  BatchStream rows(*data_, batch_plan());
  double squares = 0;
  for (const std::int64_t most = data_->complete() ? kBatches : kBatchesOfAFeed; found.of < most && rows.epoch() < 1 && !control_.stopped(); ++found.of) {
    PackedBatch next = rows.next();
    std::int64_t longest = 0;
    const double sum = squared_lengths(next, longest);
    if (next.trained_tokens == 0 || next.tokens() < found.batch.tokens() || (next.tokens() == found.batch.tokens() && sum <= squares)) continue;
    squares = sum;
    found.longest = longest;
    found.batch = std::move(next);
  }
  if (found.batch.trained_tokens == 0) return {};   // the loop says what is wrong with the rows
  adapters_->zero_gradients();
  adapters_->rest({});
  adapters_->disturb(noise_->at(step_));
  adapters_->prepare();
  at_work_ = {found.batch.tokens(), found.longest};
  const at::AutoGradMode grad_on(true);
  const DropPass pass{.dropout = dropout_, .seed = request_.train.at("seed").get<std::uint64_t>(), .step = step_, .batch = 0};
  const BatchLoss loss = batch_loss(*model_, found.batch, static_cast<double>(found.batch.trained_tokens), pass);
  const std::string where = fmt::format("on the longest batch of the first {} ({} tokens, rows of up to {})", found.of, found.batch.tokens(), found.longest);
  if (!std::isfinite(loss.value())) {
    const std::string site = model_->find_non_finite(view_of(found.batch));
    return {ErrorCode::EngineFailure, fmt::format("[train.preflight] loss is {} {}, first at {}; nothing was trained. Take another precision ([model] compute), shorter rows or another start",
                                                  non_finite_name(loss.value()), where, site.empty() ? "the output layer" : site)};
  }
  loss.total.backward();
  adapters_->collect();
  at_work_ = {};
  PreflightEvent event{.tokens = found.batch.tokens(), .longest = found.longest, .batches = found.of, .loss = loss.task, .grad_norm = adapters_->gradients().norm().item<double>()};
  if (!std::isfinite(event.grad_norm))
    return {ErrorCode::EngineFailure, fmt::format("[train.preflight] gradient norm is {} {}, first at {}; nothing was trained. Take another precision ([model] compute) or shorter rows",
                                                  non_finite_name(event.grad_norm), where, adapters_->first_bad_site())};
  adapters_->zero_gradients();
  adapters_->disturb({});
  event.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  event.peak_bytes = peak_resident_bytes();
  event.planned_bytes = planned_bytes_;
  sink_.on_event(event);
  return {};
}

}  // namespace weft
