// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/row_feed.h"

#include <sys/resource.h>
#include <unistd.h>

#include <exception>

namespace weft {
namespace {

enum State : std::uint8_t { kUnread, kBeingRead, kRead };

}  // namespace

RowFeed::RowFeed(Source source, std::vector<RecordPlace> records, const std::vector<bool>& aside, RowTally tally,
                 std::vector<std::int64_t> order)
    : source_(std::move(source)),
      records_(std::move(records)),
      rows_(records_.size()),
      order_(std::move(order)),
      remarks_(tally.shown.warnings),
      states_(records_.size()),
      left_(records_.size()),
      tally_(std::move(tally)) {
  for (std::size_t i = 0; i < records_.size(); ++i) (aside[i] ? held_out_records_ : train_records_).push_back(i);
  train_.resize(train_records_.size());
  held_out_.resize(held_out_records_.size());
  for (std::size_t i = 0; i < train_.size(); ++i) rows_[train_records_[i]] = &train_[i];
  for (std::size_t i = 0; i < held_out_.size(); ++i) rows_[held_out_records_[i]] = &held_out_[i];
}

Status RowFeed::start() {
  bool found = false;
  for (std::size_t i = 0; i < order_.size() && !found; ++i) {
    need(order_[i]);
    found = !train_[std::size_t(order_[i])].ids.empty();
  }
  if (!found) {
    const std::lock_guard lock(mutex_);
    return tally_.nothing_kept();
  }
  thread_ = std::jthread([this](const std::stop_token& stop) {
    // training must not wait for a core: what it needs and does not find it reads itself
    (void)::setpriority(PRIO_PROCESS, id_t(::gettid()), 19);
    for (std::size_t i = 0; i < order_.size() && !stop.stop_requested(); ++i) need(order_[i]);
    for (std::size_t i = 0; i < held_out_records_.size() && !stop.stop_requested(); ++i) read(held_out_records_[i]);
  });
  return {};
}

void RowFeed::need(std::int64_t train_place) {
  read(train_records_[std::size_t(train_place)]);
}

// From the far end, while the thread reads from the near one.
void RowFeed::need_train() {
  for (std::size_t i = order_.size(); i-- > 0;) need(order_[i]);
}

void RowFeed::need_held_out() {
  for (const std::size_t record : held_out_records_) read(record);
}

DataPreview RowFeed::preview() const {
  const std::lock_guard lock(mutex_);
  return tally_.sum_up();
}

void RowFeed::read(std::size_t record) {
  auto& state = states_[record];
  std::uint8_t seen = kUnread;
  if (!state.compare_exchange_strong(seen, kBeingRead)) {
    for (; seen != kRead; seen = state.load()) state.wait(seen);
    return;
  }
  build(record);
  state.store(kRead);
  state.notify_all();
  if (--left_ == 0) source_.reader.reset(), source_.file.reset();
}

void RowFeed::build(std::size_t record) {
  const std::int64_t line = records_[record].line;
  Result<BuiltRow> built = internal_error("not read");
  try {
    Record value = source_.reader->read(records_[record]);
    as_columns(value);
    auto examples = map_record(source_.mapping, value);
    built = examples.ok() ? source_.builder.build(examples->front()) : Result<BuiltRow>(examples.status());
  } catch (const std::exception& error) {  // on the thread it would end the program
    built = internal_error(error.what());
  }
  {
    const std::lock_guard lock(mutex_);
    if (!built.ok()) return tally_.reject(line, built.status().message());
    tally_.keep(*built);
    tally_.shown.held_out += rows_[record] >= held_out_.data() && rows_[record] < held_out_.data() + held_out_.size();
  }
  *rows_[record] = std::move(built->row);
}

}  // namespace weft
