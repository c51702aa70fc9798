// SPDX-License-Identifier: GPL-3.0-or-later
// Rows of a data set as the trainer will see them. Plain values.
#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <string>
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

struct DataPreview {
  std::string path;
  std::string format;           // "alpaca", "messages", ... as found or as asked
  std::string how;              // "found by itself from the columns instruction, input, output"
  std::string template_name;    // "the model's own", "chatml", ...
  std::int64_t rows = 0;        // usable
  std::int64_t held_out = 0;    // of those
  std::int64_t cut_rows = 0;    // longer than max_length
  std::int64_t tokens = 0, trained_tokens = 0, cut_tokens = 0;
  std::vector<RejectedRow> rejected;
  std::vector<std::string> warnings;
  std::vector<PreviewRow> preview;  // the first rows asked for
};

[[nodiscard]] Json to_json(const DataPreview& preview);

// Reads and tokenises the whole data set; shows the first `rows`. `data` is a complete [data] section.
// model_path gives tokenizer and template.
[[nodiscard]] Result<DataPreview> preview_data(const SettingValues& data, const std::string& model_path, std::int64_t rows);

// The rows of a run, being read on a thread of its own: what a program can begin before the engine is loaded.
// The last copy waits for that thread.
class DataSet;
using DataAhead = std::shared_future<Result<std::shared_ptr<const DataSet>>>;
[[nodiscard]] DataAhead read_ahead(const SettingValues& data, const std::string& model_path);

}  // namespace weft
