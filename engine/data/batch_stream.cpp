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

}  // namespace

BatchStream::BatchStream(const std::vector<TokenRow>& rows, BatchPlan plan)
    : BatchStream([&rows](std::int64_t place) -> const TokenRow& { return rows[std::size_t(place)]; },
                  std::int64_t(rows.size()), std::move(plan)) {}

BatchStream::BatchStream(const DataSet& data, BatchPlan plan)
    : BatchStream([&data](std::int64_t place) -> const TokenRow& { return data.train_row(place); }, data.train_count(),
                  std::move(plan)) {}

BatchStream::BatchStream(RowAt row, std::int64_t rows, BatchPlan plan)
    : row_(std::move(row)), n_(rows), plan_(std::move(plan)) {
  assert(n_ > 0);
  start_epoch();
}

void BatchStream::start_epoch() {
  if (!plan_.shuffle) {
    if (order_.empty()) {
      order_.resize(std::size_t(n_));
      std::iota(order_.begin(), order_.end(), std::int64_t{0});
    }
    return;
  }
  auto order = shuffled_order(n_, plan_.seed, 1 + std::uint64_t(epoch_));
  if (!plan_.pack || plan_.batch_size > 0) {
    order_ = std::move(order);
    return;
  }
  shuffled_ = std::move(order);
  taken_ = 0;
  order_.clear();
  waiting_.clear();
}

// Puts rows next to each other that fill a batch: the oldest waiting row first, then the first of the next few that
// still fits. Reading order_ row by row while they fit gives the same batches again. Only the rows looked at are waited for.
void BatchStream::fill_one_batch() {
  std::int64_t room = plan_.batch_tokens;
  bool first = true;
  for (std::size_t at = 0; at < kLookAhead;) {
    while (waiting_.size() <= at && taken_ < shuffled_.size()) {
      const std::int64_t place = shuffled_[taken_++];
      (length_of(row_(place)) > 0 ? waiting_ : order_).push_back(place);
    }
    if (at >= waiting_.size()) break;
    const std::int64_t length = length_of(row_(waiting_[at]));
    if (first || length <= room) {
      order_.push_back(waiting_[at]);
      waiting_.erase(waiting_.begin() + std::ptrdiff_t(at));
      room -= length;
      first = false;
    } else {
      ++at;
    }
  }
}

// The row at cursor_ < n_.
const TokenRow& BatchStream::upcoming() {
  while (cursor_ >= std::int64_t(order_.size())) fill_one_batch();
  return row_(order_[std::size_t(cursor_)]);
}

PackedBatch BatchStream::next() {
  PackedBatch batch;
  std::int64_t taken = 0, passed = 0, empty = 0;  // empty: rows passed since the last that was taken
  std::int64_t epoch = 0, cursor = 0;            // after that one
  while (true) {
    if (cursor_ == n_) {
      // A shuffled batch ends with its epoch; in file order it goes on with the first row.
      if (taken > 0 && plan_.shuffle) break;
      cursor_ = 0;
      ++epoch_;
      start_epoch();
    }
    const TokenRow& row = upcoming();
    if (plan_.batch_size > 0) {
      if (taken == plan_.batch_size) break;
    } else if (taken > 0 && (batch.tokens() + length_of(row) > plan_.batch_tokens || passed == n_)) {
      break;  // passed == n_: a small set is not repeated within a batch
    }
    ++passed;
    ++cursor_;
    if (length_of(row) == 0) {
      ++empty;
      continue;
    }
    append(batch, row);
    ++taken;
    empty = 0;
    epoch = epoch_;
    cursor = cursor_;
  }
  if (empty > 0) {  // in file order they may belong to the next epoch
    epoch_ = epoch;
    cursor_ = cursor;
  }
  // An epoch ends with the last row that is there.
  while (cursor_ > 0 && cursor_ < n_ && length_of(upcoming()) == 0) ++cursor_;
  return batch;
}

double BatchStream::epoch() const {
  return double(epoch_) + double(cursor_) / double(n_);
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
  if (cursor > n_)
    return invalid_argument("the data position is row " + std::to_string(cursor) + ", but there are " +
                            std::to_string(n_) + " rows: the data has changed since the checkpoint");
  epoch_ = epoch;
  cursor_ = cursor;
  start_epoch();
  return {};
}

std::vector<PackedBatch> evaluation_batches(const std::vector<TokenRow>& rows, std::int64_t batch_tokens) {
  std::vector<PackedBatch> batches;
  for (const auto& row : rows) {
    if (row.ids.empty()) continue;
    if (batches.empty() || batches.back().tokens() + length_of(row) > batch_tokens) batches.emplace_back();
    append(batches.back(), row);
  }
  return batches;
}

}  // namespace weft
