// SPDX-License-Identifier: GPL-3.0-or-later
// The rows of a large file, read when they are needed: a thread of low priority reads ahead in the order in which training
// will ask, and whoever asks for a row that it has not come to reads it at once. Safe from any thread.
//
// The number of rows is the number of records in the file, which is known from its line ends or brackets alone. A record
// that turns out to be bad leaves an empty row, which batches pass over: which rows come when does not depend on how far
// reading has come.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/data/data_file.h"
#include "engine/data/data_set.h"
#include "engine/data/record_mapping.h"
#include "engine/data/row_builder.h"
#include "engine/data/row_tally.h"

namespace weft {

class RowFeed {
 public:
  struct Source {
    std::unique_ptr<const DataFile> file;       // with a copy of its text
    std::unique_ptr<const RecordReader> reader;  // of that file
    RecordMapping mapping;                       // one example a record: no nested instances
    RowBuilder builder;
  };

  // aside[i]: record i is held out. order: the training rows in the order in which they will be asked for.
  RowFeed(Source source, std::vector<RecordPlace> records, const std::vector<bool>& aside, RowTally tally,
          std::vector<std::int64_t> order);
  RowFeed(const RowFeed&) = delete;
  RowFeed& operator=(const RowFeed&) = delete;

  // Reads until there is a row to train on; the thread starts then. The reason when there is none.
  [[nodiscard]] Status start();

  // Rows by place, empty while need() was not called and where the record was rejected. Never moved.
  [[nodiscard]] const std::vector<TokenRow>& train() const { return train_; }
  [[nodiscard]] const std::vector<TokenRow>& held_out() const { return held_out_; }
  void need(std::int64_t train_place);
  void need_train();     // all of them
  void need_held_out();  // all of them
  [[nodiscard]] bool complete() const { return left_ == 0; }
  [[nodiscard]] DataPreview preview() const;  // of the rows read so far
  [[nodiscard]] const std::vector<std::string>& remarks() const { return remarks_; }  // its first warnings, on the file

 private:
  void read(std::size_t record);
  void build(std::size_t record);

  Source source_;                          // gone once all is read
  const std::vector<RecordPlace> records_;  // constant, as are the next two
  std::vector<std::size_t> train_records_, held_out_records_;
  std::vector<TokenRow*> rows_;  // of each record
  std::vector<TokenRow> train_, held_out_;
  const std::vector<std::int64_t> order_;
  const std::vector<std::string> remarks_;
  std::vector<std::atomic<std::uint8_t>> states_;  // who may write a row, and whether it is there
  std::atomic<std::size_t> left_;                  // records still to be read
  mutable std::mutex mutex_;
  RowTally tally_;           // guarded by mutex_
  std::jthread thread_;      // last: uses all of the above
};

}  // namespace weft
