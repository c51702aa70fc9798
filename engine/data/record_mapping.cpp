// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/record_mapping.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "engine/api/sentences.h"
#include "engine/core/text_util.h"
#include "engine/data/json_scan.h"
#include "engine/data/turns.h"

namespace weft {
namespace {

using Names = std::vector<std::string>;

// A column counts as present when at least half of the sampled rows have it.
class Columns {
 public:
  explicit Columns(const std::vector<Record>& sample) {
    for (const auto& record : sample) {
      if (!record.error.empty()) continue;
      ++rows_;
      for (const auto& [key, value] : record.value.items()) {
        auto it = std::find_if(counts_.begin(), counts_.end(), [&](const auto& entry) { return entry.name == key; });
        if (it == counts_.end()) {
          if (counts_.size() >= kMaxMembers) continue;
          it = counts_.insert(counts_.end(), {key, 0, nullptr});
        }
        ++it->count;
        if (!it->first && !value.is_null()) it->first = &value;
      }
    }
  }

  [[nodiscard]] bool has(const std::string& name) const { return find(name) != nullptr; }
  [[nodiscard]] const Json* first(const std::string& name) const {
    const auto* entry = find(name);
    return entry ? entry->first : nullptr;
  }
  // The same of a column that few rows have.
  [[nodiscard]] const Json* any(const std::string& name) const {
    for (const auto& entry : counts_)
      if (entry.name == name) return entry.first;
    return nullptr;
  }
  [[nodiscard]] std::string first_of(const Names& names) const {
    for (const auto& name : names)
      if (has(name)) return name;
    return "";
  }
  [[nodiscard]] Names names() const {
    Names all;
    for (const auto& entry : counts_) all.push_back(entry.name);
    return all;
  }
  [[nodiscard]] std::string listed(const Names& without = {}) const {
    Names shown;
    std::size_t left_out = 0;
    for (const auto& entry : counts_) {
      if (std::find(without.begin(), without.end(), entry.name) != without.end()) continue;
      if (shown.size() < 12)
        shown.push_back(quoted_excerpt(entry.name, 40).substr(1));
      else
        ++left_out;
    }
    for (auto& name : shown) name.pop_back();  // the quotes of quoted_excerpt
    return join(shown, ", ") + (left_out ? " and " + std::to_string(left_out) + " more" : "");
  }

 private:
  struct Entry {
    std::string name;
    std::size_t count;
    const Json* first;
  };
  [[nodiscard]] const Entry* find(const std::string& name) const {
    for (const auto& entry : counts_)
      if (entry.name == name) return entry.count * 2 >= rows_ ? &entry : nullptr;
    return nullptr;
  }
  std::vector<Entry> counts_;
  std::size_t rows_ = 0;
};

const Names kTurnColumns{"messages", "conversations", "conversation", "dialogue", "dialog", "chat"};
const Names kInputs{"input", "context"};
const Names kAnswers{"output", "response", "answer", "completion"};
const Names kTexts{"text", "content", "document", "story", "passage"};
const std::vector<std::pair<std::string, std::string>> kPairs{
    {"prompt", "completion"},      {"prompt", "response"}, {"prompt", "answer"},     {"prompt", "output"},
    {"prompt", "chosen"},          {"question", "answer"}, {"question", "response"}, {"question", "output"},
    {"question", "rationale"},     {"query", "response"},  {"query", "answer"},      {"query", "output"},
    {"input", "output"},           {"input", "target"},    {"inputs", "targets"},    {"source", "target"},
    {"instruction", "completion"}, {"mr", "ref"},
};

bool fit_tokens(const Columns& columns, RecordMapping& mapping) {
  const Json* ids = columns.first("input_ids");
  if (!ids || !ids->is_array()) return false;
  mapping = {.format = "tokens", .how = columns.has("labels") ? "input_ids, labels" : "input_ids"};
  return true;
}

bool fit_turns(const Columns& columns, RecordMapping& mapping, const std::string& asked, const Names& candidates = kTurnColumns) {
  for (const auto& name : candidates) {
    const Json* turns = columns.first(name);
    if (!turns || !turns->is_array()) continue;
    const bool from_value = !turns->empty() && (*turns)[0].is_object() && (*turns)[0].contains("from");
    mapping = {.format = asked != "auto" ? asked : from_value ? "sharegpt" : "messages", .how = name};
    mapping.turns = name;
    return true;
  }
  return false;
}

bool fit_alpaca(const Columns& columns, RecordMapping& mapping) {
  if (!columns.has("instruction")) return false;
  mapping = {.format = "alpaca", .single_turn = true};
  mapping.prompt = "instruction";
  const Json* nested = columns.first("instances");
  if (nested && nested->is_array()) {
    mapping.nested = "instances";
    mapping.input = "input";
    mapping.answer = "output";
    mapping.how = "instruction, instances";
    return true;
  }
  mapping.input = columns.first_of(kInputs);
  mapping.answer = columns.first_of(kAnswers);
  mapping.how = "instruction, " + (mapping.input.empty() ? "" : mapping.input + ", ") + mapping.answer;
  return !mapping.answer.empty();
}

bool fit_pair(const Columns& columns, RecordMapping& mapping) {
  for (const auto& [prompt, answer] : kPairs) {
    if (!columns.has(prompt) || !columns.has(answer)) continue;
    mapping = {.format = "prompt-completion", .how = prompt + ", " + answer, .single_turn = true};
    mapping.prompt = prompt;
    mapping.answer = answer;
    return true;
  }
  return false;
}

bool fit_text(const Columns& columns, RecordMapping& mapping) {
  mapping = {.format = "text"};
  mapping.text = columns.first_of(kTexts);
  if (mapping.text.empty() && columns.names().size() == 1) {
    const Json* only = columns.first(columns.names()[0]);
    if (only && only->is_string()) mapping.text = columns.names()[0];
  }
  mapping.how = mapping.text;
  return !mapping.text.empty();
}

bool fit(const std::string& format, const Columns& columns, RecordMapping& mapping, const std::string& asked) {
  if (format == "tokens") return fit_tokens(columns, mapping);
  if (format == "messages" || format == "sharegpt") return fit_turns(columns, mapping, asked);
  if (format == "alpaca") return fit_alpaca(columns, mapping);
  if (format == "prompt-completion") return fit_pair(columns, mapping);
  return fit_text(columns, mapping);
}

// With columns that someone chose; what was not chosen is found as always.
Result<RecordMapping> fit_choice(const Columns& columns, const std::string& asked, const ColumnChoice& choice) {
  const auto of_format = [&](const char* key, bool reads) -> Status {
    return reads ? Status() : invalid_argument("format = \"" + asked + "\" reads no " + key + "; leave one of them out");
  };
  const bool turns = asked == "messages" || asked == "sharegpt", pairs = asked == "alpaca" || asked == "prompt-completion";
  const bool chosen_pair = !(choice.prompt + choice.input + choice.answer).empty();
  if (asked != "auto") {
    if (!choice.turns.empty()) WEFT_RETURN_IF_ERROR(of_format("messages_column", turns));
    if (!choice.text.empty()) WEFT_RETURN_IF_ERROR(of_format("text_column", asked == "text"));
    if (chosen_pair) WEFT_RETURN_IF_ERROR(of_format("prompt_column or answer_column", pairs));
  }
  if (int(!choice.turns.empty()) + int(!choice.text.empty()) + int(chosen_pair) > 1)
    return invalid_argument("prompt and answer, messages and text are three ways to read a row: name the columns of one of them");
  const Names known = columns.names();
  for (const auto& [key, name] : {std::pair("prompt_column", &choice.prompt), std::pair("input_column", &choice.input), std::pair("answer_column", &choice.answer),
                                  std::pair("messages_column", &choice.turns), std::pair("text_column", &choice.text)})
    if (!name->empty() && std::find(known.begin(), known.end(), *name) == known.end())
      return invalid_argument(std::string(key) + " = " + quoted_excerpt(*name, 40) + ": there is no such column; the columns found are " + columns.listed());
  RecordMapping mapping;
  if (!choice.turns.empty()) {
    if (!fit_turns(columns, mapping, asked, {choice.turns}))
      return invalid_argument("messages_column = " + quoted_excerpt(choice.turns, 40) + " holds no list of messages");
    return mapping;
  }
  if (!choice.text.empty()) {
    mapping = {.format = "text", .how = choice.text};
    mapping.text = choice.text;
    return mapping;
  }
  if (!fit_alpaca(columns, mapping) && !fit_pair(columns, mapping)) mapping = {.single_turn = true};
  if (!mapping.nested.empty()) mapping = {.single_turn = true};
  mapping.format = asked == "auto" ? "prompt-completion" : asked;
  if (!choice.prompt.empty()) mapping.prompt = choice.prompt;
  if (!choice.answer.empty()) mapping.answer = choice.answer;
  mapping.input = choice.input;
  if (mapping.prompt.empty()) return invalid_argument("prompt_column is missing: name the column with the question; the columns found are " + columns.listed());
  if (mapping.answer.empty()) return invalid_argument("answer_column is missing: name the column with the answer; the columns found are " + columns.listed());
  if (mapping.prompt == mapping.answer || (!mapping.input.empty() && (mapping.input == mapping.prompt || mapping.input == mapping.answer)))
    return invalid_argument("prompt, input and answer must be different columns; the columns found are " + columns.listed());
  mapping.how = mapping.prompt + ", " + (mapping.input.empty() ? "" : mapping.input + ", ") + mapping.answer;
  return mapping;
}

std::string needs(const std::string& format) {
  if (format == "tokens") return "a column input_ids with a list of numbers";
  if (format == "messages") return "a column messages with a list of {role, content}";
  if (format == "sharegpt") return "a column conversations with a list of {from, value}";
  if (format == "alpaca") return "the columns instruction and output";
  if (format == "prompt-completion") return "a pair of columns such as prompt and completion, or question and answer";
  return "a column text";
}

// Text of a cell that holds one value.
Result<std::string> cell_text(const Json& row, const std::string& column) {
  if (column.empty() || !row.contains(column) || row[column].is_null()) return std::string();
  const Json& value = row[column];
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number() || value.is_boolean()) return to_json_line(value);
  return invalid_argument("column " + quoted_excerpt(column) + " holds a " + value.type_name() + ", not text");
}

// A list of numbers that are whole and fit a token id; -100 (no label) allowed where `labels`.
Result<std::vector<std::int32_t>> token_list(const Json& value, const std::string& column) {
  if (!value.is_array()) return invalid_argument(column + " is not a list");
  std::vector<std::int32_t> ids;
  ids.reserve(value.size());
  for (const auto& item : value) {
    const bool fits = item.is_number_integer() &&
                      (!item.is_number_unsigned() || item.get<std::uint64_t>() <= INT32_MAX) &&
                      item.get<std::int64_t>() >= INT32_MIN && item.get<std::int64_t>() <= INT32_MAX;
    if (!fits)
      return invalid_argument(column + " holds " + quoted_excerpt(to_json_line(item), 30) + ", which is no token id");
    ids.push_back(item.get<std::int32_t>());
  }
  return ids;
}

Result<Example> map_tokens(const Json& row) {
  if (!row.contains("input_ids")) return invalid_argument("has no column \"input_ids\"");
  Example example;
  WEFT_ASSIGN_OR_RETURN(example.ids, token_list(row["input_ids"], "input_ids"));
  if (!row.contains("labels")) {
    example.labels = example.ids;
    return example;
  }
  WEFT_ASSIGN_OR_RETURN(example.labels, token_list(row["labels"], "labels"));
  if (example.labels.size() != example.ids.size())
    return invalid_argument("has " + std::to_string(example.ids.size()) + " input_ids but " +
                            std::to_string(example.labels.size()) + " labels");
  return example;
}

// LlamaFactory's optional columns: a system text and earlier rounds [[question, answer], …].
Status add_lead(const Json& row, std::vector<Turn>& turns) {
  WEFT_ASSIGN_OR_RETURN(const std::string system, cell_text(row, "system"));
  if (!system.empty()) turns.push_back(make_turn("system", system));
  if (!row.contains("history") || !row["history"].is_array()) return {};
  for (const auto& round : row["history"]) {
    if (!round.is_array() || round.size() != 2 || !round[0].is_string() || !round[1].is_string())
      return invalid_argument("history is not a list of [question, answer]");
    turns.push_back(make_turn("user", round[0]));
    turns.push_back(make_turn("assistant", round[1]));
  }
  return {};
}

Result<Example> map_pair(const RecordMapping& mapping, const Json& row, const Json& answer_row) {
  Example example;
  WEFT_RETURN_IF_ERROR(add_lead(row, example.turns));
  for (const auto& [column, source] : {std::pair(mapping.prompt, &row), std::pair(mapping.answer, &answer_row)})
    if (!source->contains(column)) return invalid_argument("has no column " + quoted_excerpt(column));
  // Conversational pairs: both sides are lists of messages, only the answer's are trained.
  if (row[mapping.prompt].is_array()) {
    WEFT_ASSIGN_OR_RETURN(auto turns, turns_from_json(row[mapping.prompt]));
    for (auto& turn : turns) {
      turn.trained = false;
      example.turns.push_back(std::move(turn));
    }
  } else {
    WEFT_ASSIGN_OR_RETURN(std::string prompt, cell_text(row, mapping.prompt));
    WEFT_ASSIGN_OR_RETURN(const std::string input, cell_text(answer_row, mapping.input));
    if (!input.empty()) prompt += "\n\n" + input;
    example.turns.push_back(make_turn("user", std::move(prompt)));
  }
  if (answer_row[mapping.answer].is_array()) {
    WEFT_ASSIGN_OR_RETURN(auto turns, turns_from_json(answer_row[mapping.answer]));
    for (auto& turn : turns) example.turns.push_back(std::move(turn));
  } else {
    WEFT_ASSIGN_OR_RETURN(std::string answer, cell_text(answer_row, mapping.answer));
    example.turns.push_back(make_turn("assistant", std::move(answer)));
  }
  return example;
}

Result<Example> map_turns(const RecordMapping& mapping, const Json& row) {
  if (!row.contains(mapping.turns)) return invalid_argument("has no column " + quoted_excerpt(mapping.turns));
  Example example;
  WEFT_RETURN_IF_ERROR(add_lead(row, example.turns));
  WEFT_ASSIGN_OR_RETURN(auto turns, turns_from_json(row[mapping.turns]));
  for (auto& turn : turns) example.turns.push_back(std::move(turn));
  return example;
}

Result<Example> map_one(const RecordMapping& mapping, const Json& row, const Json& answer_row) {
  if (mapping.format == "tokens") return map_tokens(row);
  if (mapping.format == "text") {
    Example example;
    WEFT_ASSIGN_OR_RETURN(example.text, cell_text(row, mapping.text));
    if (example.text.empty()) return invalid_argument("the column " + quoted_excerpt(mapping.text) + " is empty");
    return example;
  }
  WEFT_ASSIGN_OR_RETURN(Example example,
                        mapping.turns.empty() ? map_pair(mapping, row, answer_row) : map_turns(mapping, row));
  WEFT_RETURN_IF_ERROR(check_turns(example.turns));
  return example;
}

}  // namespace

void as_columns(Record& record) {
  if (!record.error.empty() || record.value.is_object()) return;
  if (record.value.is_string())
    record.value = Json{{"text", record.value}};
  else
    record.error = std::string("the row is a ") + record.value.type_name() + ", not an object with columns";
}

ColumnChoice column_choice(const SettingValues& data) {
  const auto of = [&](const char* key) { return data.contains(key) && data[key].is_string() ? data[key].get<std::string>() : std::string(); };
  return {.prompt = of("prompt_column"), .input = of("input_column"), .answer = of("answer_column"), .turns = of("messages_column"), .text = of("text_column")};
}

std::vector<std::pair<std::string, std::string>> named_columns(const RecordMapping& mapping) {
  std::vector<std::pair<std::string, std::string>> named;
  const bool inside = !mapping.nested.empty();  // input and answer lie in the rows' lists
  for (const auto& [key, name] : {std::pair("prompt_column", mapping.prompt), std::pair("input_column", inside ? std::string() : mapping.input),
                                  std::pair("answer_column", inside ? std::string() : mapping.answer), std::pair("messages_column", mapping.turns),
                                  std::pair("text_column", mapping.text)})
    if (!name.empty()) named.emplace_back(key, name);
  return named;
}

std::vector<DataColumn> columns_of(const std::vector<Record>& sample) {
  const Columns columns(sample);
  std::vector<DataColumn> all;
  for (const auto& name : columns.names()) {
    const Json* value = columns.any(name);
    all.push_back({name, !value ? "empty" : value->is_string() ? "text" : value->is_array() ? "list" : value->is_number() ? "number"
                                : value->is_boolean() ? "boolean" : "object"});
  }
  return all;
}

Result<RecordMapping> find_mapping(const std::vector<Record>& sample, const std::string& asked, const ColumnChoice& choice) {
  const Columns columns(sample);
  const std::string found =
      columns.names().empty() ? "no row with columns was found" : "the columns found are " + columns.listed();
  RecordMapping mapping;
  bool fits = false;
  if (choice.any()) {
    WEFT_ASSIGN_OR_RETURN(mapping, fit_choice(columns, asked, choice));
  } else if (asked != "auto") {
    fits = fit(asked, columns, mapping, asked);
    if (!fits) return invalid_argument("format = \"" + asked + "\" needs " + needs(asked) + "; " + found);
  } else {
    for (const char* format : {"tokens", "messages", "alpaca", "prompt-completion", "text"})
      if ((fits = fit(format, columns, mapping, asked))) break;
    if (!fits)
      return invalid_argument("no known format: " + found +
                              "; name the one with the question and the one with the answer (prompt_column, answer_column), or rename them to "
                              "instruction and output, prompt and completion, messages, or text");
  }
  Names used{mapping.prompt, mapping.input, mapping.answer, mapping.turns, mapping.text, mapping.nested};
  if (mapping.format == "tokens") used = {"input_ids", "labels"};
  if (mapping.format != "tokens" && mapping.format != "text") used.insert(used.end(), {"system", "history"});
  const std::string unused = columns.listed(used);
  const bool several = mapping.how.find(',') != std::string::npos;
  if (asked == "auto" && !choice.any())
    mapping.how = several ? fmt::format(sentences::kFoundFromColumns, mapping.how) : fmt::format(sentences::kFoundFromColumn, mapping.how);
  else
    mapping.how = several ? fmt::format(sentences::kAskedColumns, mapping.how) : fmt::format(sentences::kAskedColumn, mapping.how);
  if (!unused.empty()) mapping.how += "; " + fmt::format(sentences::kNotUsed, unused);
  if (!mapping.turns.empty() && columns.has("tools"))
    mapping.warnings.emplace_back("the column tools is not rendered: the template gets the messages alone");
  return mapping;
}

Result<std::vector<Example>> map_record(const RecordMapping& mapping, const Record& record) {
  if (!record.error.empty()) return invalid_argument(record.error);
  std::vector<Example> examples;
  auto add = [&](const Json& answer_row) -> Status {
    WEFT_ASSIGN_OR_RETURN(Example example, map_one(mapping, record.value, answer_row));
    example.line = record.line;
    examples.push_back(std::move(example));
    return {};
  };
  if (mapping.nested.empty()) {
    WEFT_RETURN_IF_ERROR(add(record.value));
    return examples;
  }
  if (!record.value.contains(mapping.nested) || !record.value[mapping.nested].is_array())
    return invalid_argument("has no list " + quoted_excerpt(mapping.nested));
  for (const auto& instance : record.value[mapping.nested]) {
    if (!instance.is_object())
      return invalid_argument(quoted_excerpt(mapping.nested) + " holds something other than objects");
    WEFT_RETURN_IF_ERROR(add(instance));
  }
  if (examples.empty()) return invalid_argument(quoted_excerpt(mapping.nested) + " is empty");
  return examples;
}

}  // namespace weft
