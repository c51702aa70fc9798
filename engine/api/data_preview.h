// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a data set as the trainer will see them. Plain values.
#pragma once

#include <atomic>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/api/settings.h"

namespace weft {

enum class TokenState { Trained, Masked, Cut };
[[nodiscard]] const char* token_state_name(TokenState state);  // "trained", "masked", "cut"

struct PreviewToken {
  std::int32_t id = 0;
  std::string text;             // what the token decodes to on its own; may be a part of a character
  std::size_t begin = 0, end = 0;  // bytes in the rendered text
  TokenState state = TokenState::Masked;
  bool special = false;
};

struct PreviewMessage {
  std::string role;
  std::string content;
  bool trained = false;         // the loss counts its words
};

struct PreviewRow {
  std::int64_t line = 0;        // 1-based line (JSONL, CSV, text) or record number (JSON array)
  std::vector<PreviewMessage> messages;
  std::string rendered;         // the text that is tokenised
  std::vector<PreviewToken> tokens;
};

struct RejectedRow {
  std::int64_t line = 0;
  std::string reason;
};

// A column of the file, by its first rows.
struct DataColumn {
  std::string name;
  std::string kind;             // "text", "list", "number", "boolean", "object", "empty"
};

// Rows of `from` to `to` tokens before the cut; to 0: all that are longer.
struct LengthBin {
  std::int64_t from = 0, to = 0, rows = 0;
};

struct RepeatedRow {
  std::int64_t line = 0, first = 0;  // the same is said in line `first`
  bool near = false;            // only but for case and punctuation
  std::string excerpt;
};

// Rows that say the same twice, by their text with white space made single.
struct RepeatCheck {
  std::string why_not;          // not empty: it was not made
  std::int64_t duplicates = 0, near_duplicates = 0;  // rows beyond the first of their kind; near: not counted as duplicates
  std::int64_t leaked = 0, near_leaked = 0;          // held-out rows that are also trained
  std::vector<RepeatedRow> duplicate_rows, leaked_rows;  // the first of them
};

struct DataPreview {
  std::string path;
  std::string file_kind;        // "JSON Lines", "CSV", ...
  std::string format;           // "alpaca", "messages", ... as found or as asked
  std::string how;              // "found by itself from the columns instruction, input, output"
  std::string template_name;    // "the model's own", "chatml", ...
  std::int64_t rows = 0;        // usable
  std::int64_t held_out = 0;    // of those
  std::int64_t cut_rows = 0;    // longer than max_length
  std::int64_t tokens = 0, trained_tokens = 0, cut_tokens = 0;  // cut ones are not part of `tokens`
  [[nodiscard]] std::int64_t masked_tokens() const { return tokens - trained_tokens; }
  std::vector<DataColumn> columns;
  std::vector<std::pair<std::string, std::string>> mapping;  // [data] key to the column it stands for: "prompt_column", "instruction"
  std::int64_t median_length = 0, longest = 0, max_length = 0;  // of rows before the cut
  std::vector<LengthBin> lengths;
  RepeatCheck repeats;
  std::uint64_t bytes = 0, file_bytes = 0;  // looked at; less than the file: the figures are those of its first part
  [[nodiscard]] bool partial() const { return bytes < file_bytes; }
  std::int64_t rejected_rows = 0;
  std::vector<RejectedRow> rejected;        // the first of them
  std::vector<std::string> warnings;
  std::vector<PreviewRow> preview;  // the first rows asked for
};

[[nodiscard]] Json to_json(const DataPreview& preview);

// Shared with whoever waits for a preview: how far it has come, and a wish to end it. Any thread.
struct PreviewWatch {
  std::atomic<bool> cancelled{false};
  std::atomic<std::int64_t> rows{0};
  std::atomic<std::uint64_t> bytes{0}, of{0};
};

inline constexpr std::uint64_t kPreviewBytes = 32u << 20;  // what a preview looks at where nobody says otherwise

struct PreviewLimits {
  std::uint64_t most_bytes = kPreviewBytes;  // of the file, from its beginning; 0: all of it
  std::shared_ptr<PreviewWatch> watch;       // may be null
};

// Reads and tokenises the data set, keeping no more of it than is shown: the first `rows`. `data` is a complete [data] section.
// model_path gives tokenizer and template. Cancelled when the watch says so.
[[nodiscard]] Result<DataPreview> preview_data(const SettingValues& data, const std::string& model_path, std::int64_t rows,
                                               const PreviewLimits& limits = {});

// The columns of a file by its first rows, for those whose format is not found by itself. Plain text has none.
[[nodiscard]] Result<std::vector<DataColumn>> data_columns(const SettingValues& data);

// The rows of a run, being read on a thread of its own: what a program can begin before the engine is loaded.
// The last copy waits for that thread.
class DataSet;
using DataAhead = std::shared_future<Result<std::shared_ptr<const DataSet>>>;
[[nodiscard]] DataAhead read_ahead(const SettingValues& data, const std::string& model_path);

}  // namespace weft
