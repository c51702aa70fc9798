// SPDX-License-Identifier: GPL-3.0-or-later
// A data set ready to train on: rows of token ids with a label for each token, split and packed into batches.
// Torch-free. A DataSet is safe from any thread; BatchStream belongs to one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/data_preview.h"
#include "engine/core/json.h"
#include "engine/core/status.h"
#include "engine/text/chat_template.h"
#include "engine/text/tokenizer.h"

namespace weft {

inline constexpr std::int32_t kNoLabel = -100;

struct TokenRow {
  std::vector<std::int32_t> ids;     // at most max_length
  std::vector<std::int32_t> labels;  // same length; label[i] == ids[i] when trained, else kNoLabel (not shifted);
                                     // labels[0] is kNoLabel: nothing predicts the first token
};

// Rows laid end to end. Segment s covers [segments[s], segments[s+1]); attention never crosses a segment.
struct PackedBatch {
  std::vector<std::int32_t> ids;        // [T]
  std::vector<std::int32_t> targets;    // [T] shifted already: label of the next token of the segment, else kNoLabel
  std::vector<std::int32_t> positions;  // [T] from 0 in each segment
  std::vector<std::int64_t> segments;   // [S+1]
  std::int64_t trained_tokens = 0;      // targets that are not kNoLabel
  [[nodiscard]] std::int64_t tokens() const { return static_cast<std::int64_t>(ids.size()); }
};

class RowFeed;

class DataSet {
 public:
  // Reads, maps, tokenises. `data` is a complete [data] section; vocabulary: rows with ids outside it are rejected.
  // Rejected rows are in preview().rejected. InvalidArgument when nothing is left or no token is trained.
  // The chat template is loaded only when the format needs one.
  // Large files without preview_rows come back before all rows are read (row_feed.h); the rest follows by itself.
  [[nodiscard]] static Result<std::shared_ptr<const DataSet>> load(const SettingValues& data,
                                                                   const std::string& model_path,
                                                                   std::int64_t preview_rows = 0);
  explicit DataSet(struct LoadedRows rows);
  ~DataSet();

  // All rows, waiting for those that are not read yet. In a large file a rejected row is an empty one.
  [[nodiscard]] const std::vector<TokenRow>& train_rows() const;
  [[nodiscard]] const std::vector<TokenRow>& held_out_rows() const;
  [[nodiscard]] std::int64_t train_count() const;  // without waiting
  [[nodiscard]] std::int64_t held_out_count() const;
  [[nodiscard]] const TokenRow& train_row(std::int64_t place) const;  // waits for that row
  [[nodiscard]] bool complete() const;                                // all rows are read
  [[nodiscard]] DataPreview preview() const;                          // of the rows read so far
  [[nodiscard]] std::vector<std::string> remarks() const;  // the first of preview().warnings: what is known at once

 private:
  std::vector<TokenRow> train_, held_out_;
  DataPreview preview_;
  std::unique_ptr<RowFeed> feed_;  // null: the rows are above
};

// Batches for ever, epoch after epoch. The order depends only on (rows, seed, epoch), so a position can be gone back to.
// A shuffled batch ends with its epoch, and with batch_tokens no row comes twice in a batch.
struct BatchPlan {
  std::int64_t batch_tokens = 1024;  // where batch_size == 0: rows while they fit; a longer row is a batch alone
  std::int64_t batch_size = 0;       // rows a batch
  bool shuffle = true;               // false: file order, wrapping around (a batch may span the end)
  bool pack = true;  // with batch_tokens and shuffle: rows change places to fill gaps. A row is a segment either way
  std::uint64_t seed = 1;
};

class BatchStream {
 public:
  // The rows must outlive it; there must be one that is not empty. Empty rows are passed over.
  BatchStream(const std::vector<TokenRow>& rows, BatchPlan plan);
  BatchStream(const DataSet& data, BatchPlan plan);  // its train_rows(), each waited for when it is needed
  [[nodiscard]] PackedBatch next();
  [[nodiscard]] double epoch() const;               // passes done, with fraction
  [[nodiscard]] Json position() const;              // {"epoch":…,"cursor":…}
  [[nodiscard]] Status seek(const Json& position);  // from position() of a stream with the same rows and plan

 private:
  using RowAt = std::function<const TokenRow&(std::int64_t place)>;
  BatchStream(RowAt row, std::int64_t rows, BatchPlan plan);
  void start_epoch();
  void fill_one_batch();
  [[nodiscard]] const TokenRow& upcoming();
  RowAt row_;
  std::int64_t n_;
  BatchPlan plan_;
  std::vector<std::int64_t> order_;  // of the epoch; with gaps filled, as far as that was needed
  std::int64_t epoch_ = 0, cursor_ = 0;
  std::vector<std::int64_t> shuffled_, waiting_;  // what order_ is made from where gaps are filled
  std::size_t taken_ = 0;                         // of shuffled_
};

// All rows once, in order, in batches of at most batch_tokens (one row at least).
[[nodiscard]] std::vector<PackedBatch> evaluation_batches(const std::vector<TokenRow>& rows, std::int64_t batch_tokens);

}  // namespace weft
