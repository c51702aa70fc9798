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
  std::vector<std::string> values;
  std::string error;  // the row cannot be used, and why
  bool any_quotes = false;
};

class CsvReader final : public RecordReader {
 public:
  CsvReader(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

  Status read_header() {
    if (text_.find_first_not_of("\r\n") == std::string_view::npos) return corrupt("the header line is missing");
    WEFT_ASSIGN_OR_RETURN(Fields header, read_fields());
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

  Result<std::optional<Record>> next() override {
    while (at_ < text_.size()) {
      Record record{.line = line_, .value = Json::object()};
      const std::size_t start = at_;
      WEFT_ASSIGN_OR_RETURN(Fields fields, read_fields());
      if (fields.values.size() == 1 && fields.values[0].empty() && !fields.any_quotes && fields.error.empty()) continue;
      record.error = std::move(fields.error);
      record.bytes = at_ - start;
      if (record.error.empty() && fields.values.size() != columns_.size())
        record.error = "has " + std::to_string(fields.values.size()) + " fields; the header has " +
                       std::to_string(columns_.size());
      if (record.error.empty())
        for (std::size_t i = 0; i < columns_.size(); ++i) record.value[columns_[i]] = std::move(fields.values[i]);
      return std::optional(std::move(record));
    }
    return std::optional<Record>();
  }

 private:
  // One record. at_ moves past its line end, line_ counts the lines it spans.
  Result<Fields> read_fields() {
    const std::size_t start = at_;
    const std::int64_t first_line = line_;
    Fields fields;
    while (true) {
      std::string value;
      if (at_ < text_.size() && text_[at_] == '"') {
        fields.any_quotes = true;
        if (!read_quoted(value))
          return corrupt("line " + std::to_string(first_line) + ": a quote opened in this row is never closed");
        if (at_ < text_.size() && text_[at_] != delimiter_ && !at_line_end()) {
          fields.error = "text follows a closing quote";
          skip_plain();
        }
      } else {
        const std::size_t from = at_;
        skip_plain();
        value = text_.substr(from, at_ - from);
      }
      if (fields.values.size() < kMaxColumns)
        fields.values.push_back(std::move(value));
      else
        fields.error = "has more than " + std::to_string(kMaxColumns) + " fields";
      if (at_ >= text_.size() || text_[at_] != delimiter_) break;
      ++at_;
    }
    const std::string_view row = text_.substr(start, at_ - start);
    if (row.size() > kMaxRowBytes)
      fields = {{},
                "the row has " + human_bytes(double(row.size())) + "; at most " + human_bytes(double(kMaxRowBytes)) +
                    " are read",
                false};
    if (const std::size_t bad = first_invalid_utf8(row); bad != std::string_view::npos)
      fields.error = "not UTF-8 at byte " + std::to_string(bad + 1) + " of the row";
    if (at_ < text_.size() && text_[at_] == '\r') ++at_;
    if (at_ < text_.size() && text_[at_] == '\n') ++at_;
    ++line_;
    return fields;
  }

  bool read_quoted(std::string& value) {
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '\n') ++line_;
      if (text_[at_] != '"') {
        value += text_[at_];
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
        value += '"';
        ++at_;
      } else {
        ++at_;
        return true;
      }
    }
    return false;
  }

  bool at_line_end() const {
    return text_[at_] == '\n' || (text_[at_] == '\r' && (at_ + 1 >= text_.size() || text_[at_ + 1] == '\n'));
  }
  void skip_plain() {
    while (at_ < text_.size() && text_[at_] != delimiter_ && !at_line_end()) ++at_;
  }

  std::string_view text_;
  char delimiter_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
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
