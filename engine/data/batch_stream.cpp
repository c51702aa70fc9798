// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cassert>
#include <numeric>
#include <utility>

#include "engine/data/data_set.h"
#include "engine/data/shuffle.h"

namespace weft {
namespace {

constexpr std::size_t kLookAhead = 64;  // rows looked at to fill a gap

std::int64_t length_of(const TokenRow& row) {
  return std::int64_t(row.ids.size());
}

void append(PackedBatch& batch, const TokenRow& row) {
  if (batch.segments.empty()) batch.segments.push_back(0);
  for (std::size_t i = 0; i < row.ids.size(); ++i) {
    const std::int32_t target = i + 1 < row.ids.size() ? row.labels[i + 1] : kNoLabel;
    batch.ids.push_back(row.ids[i]);
    batch.targets.push_back(target);
    batch.positions.push_back(std::int32_t(i));
    batch.trained_tokens += target != kNoLabel;
  }
  batch.segments.push_back(batch.tokens());
}

// Puts rows next to each other that fill a batch: the oldest waiting row first, then the first of the next few that
// still fits. Reading the result row by row while they fit gives the same batches again.
std::vector<std::int64_t> fill_gaps(const std::vector<TokenRow>& rows, const std::vector<std::int64_t>& order,
                                    std::int64_t batch_tokens) {
  std::vector<std::int64_t> waiting, filled;
  filled.reserve(order.size());
  std::size_t taken = 0;
  while (taken < order.size() || !waiting.empty()) {
    std::int64_t room = batch_tokens;
    bool first = true;
    for (std::size_t at = 0; at < kLookAhead;) {
      while (waiting.size() <= at && taken < order.size()) waiting.push_back(order[taken++]);
      if (at >= waiting.size()) break;
      const std::int64_t length = length_of(rows[std::size_t(waiting[at])]);
      if (first || length <= room) {
        filled.push_back(waiting[at]);
        waiting.erase(waiting.begin() + std::ptrdiff_t(at));
        room -= length;
        first = false;
      } else {
        ++at;
      }
    }
  }
  return filled;
}

}  // namespace

BatchStream::BatchStream(std::vector<TokenRow> const& rows, BatchPlan plan) : rows_(rows), plan_(std::move(plan)) {
  assert(!rows_.empty());
  start_epoch();
}

void BatchStream::start_epoch() {
  const auto n = std::int64_t(rows_.size());
  if (!plan_.shuffle) {
    if (order_.empty()) {
      order_.resize(std::size_t(n));
      std::iota(order_.begin(), order_.end(), std::int64_t{0});
    }
    return;
  }
  order_ = shuffled_order(n, plan_.seed, 1 + std::uint64_t(epoch_));
  if (plan_.pack && plan_.batch_size == 0) order_ = fill_gaps(rows_, order_, plan_.batch_tokens);
}

PackedBatch BatchStream::next() {
  PackedBatch batch;
  const auto n = std::int64_t(rows_.size());
  std::int64_t taken = 0;
  while (true) {
    if (cursor_ == n) {
      // A shuffled batch ends with its epoch; in file order it goes on with the first row.
      if (taken > 0 && plan_.shuffle) break;
      cursor_ = 0;
      ++epoch_;
      start_epoch();
    }
    const TokenRow& row = rows_[std::size_t(order_[std::size_t(cursor_)])];
    if (plan_.batch_size > 0) {
      if (taken == plan_.batch_size) break;
    } else if (taken > 0 && (batch.tokens() + length_of(row) > plan_.batch_tokens || taken == n)) {
      break;  // taken == n: a small set is not repeated within a batch
    }
    append(batch, row);
    ++taken;
    ++cursor_;
  }
  return batch;
}

double BatchStream::epoch() const {
  return double(epoch_) + double(cursor_) / double(rows_.size());
}

Json BatchStream::position() const {
  return Json{{"epoch", epoch_}, {"cursor", cursor_}};
}

Status BatchStream::seek(const Json& position) {
  const auto number = [&](const char* key) -> std::int64_t {
    const bool whole = position.is_object() && position.contains(key) && position[key].is_number_integer();
    return whole ? position[key].get<std::int64_t>() : -1;
  };
  const std::int64_t epoch = number("epoch"), cursor = number("cursor");
  if (epoch < 0 || cursor < 0)
    return corrupt("the data position " + to_json_line(position).substr(0, 80) + " is not {epoch, cursor}");
  if (cursor > std::int64_t(rows_.size()))
    return invalid_argument("the data position is row " + std::to_string(cursor) + ", but there are " +
                            std::to_string(rows_.size()) + " rows: the data has changed since the checkpoint");
  epoch_ = epoch;
  cursor_ = cursor;
  start_epoch();
  return {};
}

std::vector<PackedBatch> evaluation_batches(const std::vector<TokenRow>& rows, std::int64_t batch_tokens) {
  std::vector<PackedBatch> batches;
  for (const auto& row : rows) {
    if (batches.empty() || batches.back().tokens() + length_of(row) > batch_tokens) batches.emplace_back();
    append(batches.back(), row);
  }
  return batches;
}

}  // namespace weft
