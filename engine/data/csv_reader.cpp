// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/csv_reader.h"

#include <algorithm>
#include <set>
#include <vector>

#include "engine/core/text_util.h"
#include "engine/data/utf8.h"

namespace weft {
namespace {

constexpr std::size_t kMaxColumns = 1024;

struct Fields {
  std::vector<std::string> values;  // empty when they were gone past
  std::size_t count = 0;
  std::string error;  // the row cannot be used, and why
  bool blank = true;  // nothing but a line end
};

// Goes through records field by field.
struct CsvCursor {
  std::string_view text;
  char delimiter;
  std::size_t at = 0;
  std::int64_t line = 1;

  // One record. `at` moves past its line end, `line` counts the lines it spans. keep: values are wanted.
  Result<Fields> read_fields(bool keep) {
    const std::size_t start = at;
    const std::int64_t first_line = line;
    Fields fields;
    while (true) {
      std::string value;
      if (at < text.size() && text[at] == '"') {
        if (!read_quoted(keep ? &value : nullptr))
          return corrupt("line " + std::to_string(first_line) + ": a quote opened in this row is never closed");
        if (at < text.size() && text[at] != delimiter && !at_line_end()) {
          fields.error = "text follows a closing quote";
          skip_plain();
        }
      } else {
        const std::size_t from = at;
        skip_plain();
        if (keep) value = text.substr(from, at - from);
      }
      if (++fields.count > kMaxColumns)
        fields.error = "has more than " + std::to_string(kMaxColumns) + " fields";
      else if (keep)
        fields.values.push_back(std::move(value));
      if (at >= text.size() || text[at] != delimiter) break;
      ++at;
    }
    fields.blank = at == start;
    if (keep) check_row(text.substr(start, at - start), fields);
    if (at < text.size() && text[at] == '\r') ++at;
    if (at < text.size() && text[at] == '\n') ++at;
    ++line;
    return fields;
  }

 private:
  static void check_row(std::string_view row, Fields& fields) {
    if (row.size() > kMaxRowBytes)
      fields.error = "the row has " + human_bytes(double(row.size())) + "; at most " +
                     human_bytes(double(kMaxRowBytes)) + " are read";
    if (const std::size_t bad = first_invalid_utf8(row); bad != std::string_view::npos)
      fields.error = "not UTF-8 at byte " + std::to_string(bad + 1) + " of the row";
  }

  bool read_quoted(std::string* value) {
    for (++at; at < text.size(); ++at) {
      if (text[at] == '\n') ++line;
      if (text[at] != '"') {
        if (value) *value += text[at];
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        if (value) *value += '"';
        ++at;
      } else {
        ++at;
        return true;
      }
    }
    return false;
  }

  bool at_line_end() const {
    return text[at] == '\n' || (text[at] == '\r' && (at + 1 >= text.size() || text[at + 1] == '\n'));
  }
  void skip_plain() {
    while (at < text.size() && text[at] != delimiter && !at_line_end()) ++at;
  }
};

class CsvReader final : public RecordReader {
 public:
  CsvReader(std::string_view text, char delimiter) : cursor_{.text = text, .delimiter = delimiter} {}

  Status read_header() {
    if (cursor_.text.find_first_not_of("\r\n") == std::string_view::npos)
      return corrupt("the header line is missing");
    WEFT_ASSIGN_OR_RETURN(Fields header, cursor_.read_fields(/*keep=*/true));
    if (!header.error.empty()) return corrupt("line 1, the header: " + header.error);
    std::set<std::string> seen;
    for (std::size_t i = 0; i < header.values.size(); ++i) {
      std::string& name = header.values[i];
      if (name.empty()) name = "column " + std::to_string(i + 1);
      if (!seen.insert(name).second)
        return corrupt("line 1: the header names the column " + quoted_excerpt(name) + " twice");
    }
    columns_ = std::move(header.values);
    return {};
  }

  Result<std::optional<RecordPlace>> skip() override {
    while (cursor_.at < cursor_.text.size()) {
      RecordPlace place{cursor_.line, cursor_.at, 0};
      WEFT_ASSIGN_OR_RETURN(const Fields fields, cursor_.read_fields(/*keep=*/false));
      place.bytes = cursor_.at - place.begin;
      if (!fields.blank) return std::optional(place);
    }
    return std::optional<RecordPlace>();
  }

  Record read(const RecordPlace& place) const override {
    CsvCursor cursor{.text = cursor_.text, .delimiter = cursor_.delimiter, .at = place.begin, .line = place.line};
    Record record{.line = place.line, .value = Json::object(), .error = "", .place = {}};
    auto read = cursor.read_fields(/*keep=*/true);
    if (!read.ok()) {
      record.error = read.status().message();
      return record;
    }
    record.error = std::move(read->error);
    if (record.error.empty() && read->count != columns_.size())
      record.error =
          "has " + std::to_string(read->count) + " fields; the header has " + std::to_string(columns_.size());
    if (record.error.empty())
      for (std::size_t i = 0; i < columns_.size(); ++i) record.value[columns_[i]] = std::move(read->values[i]);
    return record;
  }

 private:
  CsvCursor cursor_;
  std::vector<std::string> columns_;
};

}  // namespace

Result<std::unique_ptr<RecordReader>> open_csv(std::string_view text, bool tabs) {
  char delimiter = tabs ? '\t' : ',';
  const std::string_view header = text.substr(0, text.find('\n'));
  if (!tabs && header.find(',') == std::string_view::npos) {
    if (header.find(';') != std::string_view::npos)
      delimiter = ';';
    else if (header.find('\t') != std::string_view::npos)
      delimiter = '\t';
  }
  auto reader = std::make_unique<CsvReader>(text, delimiter);
  WEFT_RETURN_IF_ERROR(reader->read_header());
  return std::unique_ptr<RecordReader>(std::move(reader));
}

}  // namespace weft
