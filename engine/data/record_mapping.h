// SPDX-License-Identifier: GPL-3.0-or-later
// From rows with columns to examples: which format a file has, and what each row says. Plain values, safe from any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/api/data_preview.h"
#include "engine/core/json.h"
#include "engine/core/status.h"
#include "engine/data/record_reader.h"

namespace weft {

struct Turn {
  Json message;          // {"role":…,"content": text, …}: what the chat template gets
  bool trained = false;  // an assistant's turn whose loss counts
  [[nodiscard]] const std::string& role() const { return message["role"].get_ref<const std::string&>(); }
  [[nodiscard]] const std::string& content() const { return message["content"].get_ref<const std::string&>(); }
};

// What one row asks to be trained on; exactly one of turns, text and ids is filled.
struct Example {
  std::int64_t line = 0;
  std::vector<Turn> turns;
  std::string text;
  std::vector<std::int32_t> ids, labels;
};

// How the rows of one file are read.
struct RecordMapping {
  std::string format;        // "alpaca", "messages", "sharegpt", "prompt-completion", "text", "tokens"
  std::string how;           // one sentence: what was found and why
  bool single_turn = false;  // prompt and answer: makes sense without a chat template
  std::vector<std::string> warnings;
  // Columns; "" where the format has none.
  std::string prompt, input, answer, turns, text, nested;
};

// Columns that someone names instead of finding them; "" where it is left to find_mapping().
struct ColumnChoice {
  std::string prompt, input, answer, turns, text;
  [[nodiscard]] bool any() const { return !(prompt + input + answer + turns + text).empty(); }
};
// The `*_column` settings of a complete [data] section.
[[nodiscard]] ColumnChoice column_choice(const SettingValues& data);
// The other way round: the columns of a mapping by the setting that names them.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> named_columns(const RecordMapping& mapping);
[[nodiscard]] std::vector<DataColumn> columns_of(const std::vector<Record>& sample);

inline constexpr std::size_t kMaxTurns = 512;

// Makes a row an object: a bare text becomes {"text": …}; anything else is left with an error.
void as_columns(Record& record);

// Finds the mapping from the first rows (after as_columns). asked: a [data] format, "auto" included.
// InvalidArgument names the columns found when nothing fits, what the format asked for needs, or a column chosen that there is not.
[[nodiscard]] Result<RecordMapping> find_mapping(const std::vector<Record>& sample, const std::string& asked, const ColumnChoice& choice = {});

// The examples of one row (several only for nested instances). An error is the reason to reject the row.
[[nodiscard]] Result<std::vector<Example>> map_record(const RecordMapping& mapping, const Record& record);

}  // namespace weft
