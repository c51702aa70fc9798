// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/record_reader.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "engine/core/text_util.h"
#include "engine/data/csv_reader.h"
#include "engine/data/json_scan.h"
#include "engine/data/utf8.h"

namespace weft {
namespace {

std::int64_t line_of(std::string_view text, std::size_t at) {
  return 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(std::min(at, text.size())), '\n');
}

Record too_large(std::int64_t line, std::size_t bytes) {
  return {line,
          {},
          "the row has " + human_bytes(double(bytes)) + "; at most " + human_bytes(double(kMaxRowBytes)) + " are read",
          {}};
}

// `text` is one row's value and nothing else. malformed: it is not JSON, rather than something that is not read.
Record parse_row(std::int64_t line, std::string_view text, bool* malformed = nullptr) {
  if (text.size() > kMaxRowBytes) return too_large(line, text.size());
  if (const std::size_t bad = first_invalid_utf8(text); bad != std::string_view::npos)
    return {line, {}, "not UTF-8 at byte " + std::to_string(bad + 1) + " of the row", {}};
  std::size_t members = 0;
  const auto end = json_value_end(text, 0, &members);
  if (!end.ok()) return {line, {}, "not valid JSON: " + end.status().message(), {}};
  if (members > kMaxMembers)
    return {line,
            {},
            "an object has " + std::to_string(members) + " keys; at most " + std::to_string(kMaxMembers) + " are read",
            {}};
  auto parsed = parse_json(text, {.max_depth = kMaxJsonDepth + 1, .refuse_duplicate_keys = false});
  if (malformed) *malformed = !parsed.ok();
  if (!parsed.ok()) return {line, {}, parsed.status().message(), {}};
  return {line, std::move(parsed).value(), "", {}};
}

class JsonLinesReader final : public RecordReader {
 public:
  explicit JsonLinesReader(std::string_view text) : text_(text) {}

  Result<std::optional<RecordPlace>> skip() override {
    while (at_ < text_.size()) {
      const std::size_t begin = at_, end = std::min(text_.find('\n', at_), text_.size());
      const std::string_view line = text_.substr(begin, end - begin);
      at_ = end + 1;
      ++line_;
      const std::size_t start = skip_json_space(line, 0);
      if (start == line.size()) continue;
      return std::optional(RecordPlace{line_, begin + start, line.find_last_not_of(" \t\r") + 1 - start});
    }
    return std::optional<RecordPlace>();
  }
  Record read(const RecordPlace& place) const override {
    return parse_row(place.line, text_.substr(place.begin, place.bytes));
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::int64_t line_ = 0;
};

// The elements of one array, from the byte after its '['. What follows the array is for the caller to check.
class JsonArrayReader final : public RecordReader {
 public:
  JsonArrayReader(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  Result<std::optional<RecordPlace>> skip() override {
    if (done_) return std::optional<RecordPlace>();
    at_ = skip_json_space(text_, at_);
    if (at_ < text_.size() && text_[at_] == ']' && number_ == 0) return finish();
    if (number_ > 0) {
      if (at_ >= text_.size()) return broken("the array is never closed");
      if (text_[at_] == ']') return finish();
      if (text_[at_] != ',') return broken("a ',' or ']' is missing");
      at_ = skip_json_space(text_, at_ + 1);
    }
    const auto end = json_value_end(text_, at_);
    if (!end.ok()) return broken(end.status().message());
    const RecordPlace place{++number_, at_, *end - at_};
    at_ = *end;
    return std::optional(place);
  }
  Record read(const RecordPlace& place) const override {
    return parse_row(place.line, text_.substr(place.begin, place.bytes));
  }
  Result<std::optional<Record>> next() override {
    WEFT_ASSIGN_OR_RETURN(const auto place, skip());
    if (!place) return std::optional<Record>();
    bool malformed = false;
    Record record = parse_row(place->line, text_.substr(place->begin, place->bytes), &malformed);
    if (malformed) {
      at_ = place->begin;
      --number_;
      return broken(record.error);
    }
    record.place = *place;
    return std::optional(std::move(record));
  }

 private:
  Result<std::optional<RecordPlace>> finish() {
    done_ = true;
    return std::optional<RecordPlace>();
  }
  Status broken(const std::string& why) const {
    return corrupt("record " + std::to_string(number_ + 1) + ", from line " + std::to_string(line_of(text_, at_)) +
                   ": " + why);
  }

  std::string_view text_;
  std::size_t at_;
  std::int64_t number_ = 0;
  bool done_ = false;
};

class OneRecordReader final : public RecordReader {
 public:
  explicit OneRecordReader(std::string_view value) : value_(value) {}
  Result<std::optional<RecordPlace>> skip() override {
    if (done_ || value_.empty()) return std::optional<RecordPlace>();
    done_ = true;
    return std::optional(RecordPlace{1, 0, value_.size()});
  }
  Record read(const RecordPlace& place) const override { return parse_row(place.line, value_); }

 private:
  std::string_view value_;
  bool done_ = false;
};

// Where the rows of {"data": [...]} begin (the byte after '['), or npos when no such key holds an array.
Result<std::size_t> wrapped_rows(std::string_view text, std::size_t at) {
  static constexpr std::array<std::string_view, 4> kNames{"\"data\"", "\"rows\"", "\"train\"", "\"examples\""};
  at = skip_json_space(text, at + 1);
  for (std::size_t members = 0; at < text.size() && text[at] == '"' && members < kMaxMembers; ++members) {
    WEFT_ASSIGN_OR_RETURN(const std::size_t key_end, json_value_end(text, at));
    const std::string_view key = text.substr(at, key_end - at);
    at = skip_json_space(text, key_end);
    if (at >= text.size() || text[at] != ':') return corrupt("a ':' is missing after " + quoted_excerpt(key));
    at = skip_json_space(text, at + 1);
    if (std::find(kNames.begin(), kNames.end(), key) != kNames.end() && at < text.size() && text[at] == '[')
      return at + 1;
    WEFT_ASSIGN_OR_RETURN(at, json_value_end(text, at));
    at = skip_json_space(text, at);
    if (at < text.size() && text[at] == ',') at = skip_json_space(text, at + 1);
  }
  return std::string_view::npos;
}

Result<std::unique_ptr<RecordReader>> open_json(std::string_view text) {
  const std::size_t start = skip_json_space(text, 0);
  auto broken = [&](std::size_t at, const std::string& why) {
    return corrupt("not valid JSON at line " + std::to_string(line_of(text, at)) + ": " + why);
  };
  const auto end = json_value_end(text, start);
  if (!end.ok()) return broken(start, end.status().message());
  if (const std::size_t rest = skip_json_space(text, *end); rest < text.size())
    return broken(rest, "something follows the end of the document");
  if (text[start] == '[') return std::unique_ptr<RecordReader>(std::make_unique<JsonArrayReader>(text, start + 1));
  if (text[start] != '{')
    return invalid_argument("the JSON document is a single value; rows are an array of objects or one object a line");
  const auto rows = wrapped_rows(text, start);
  if (!rows.ok()) return broken(start, rows.status().message());
  if (*rows != std::string_view::npos)
    return std::unique_ptr<RecordReader>(std::make_unique<JsonArrayReader>(text, *rows));
  return std::unique_ptr<RecordReader>(std::make_unique<OneRecordReader>(text.substr(start, *end - start)));
}

}  // namespace

Result<std::optional<Record>> RecordReader::next() {
  WEFT_ASSIGN_OR_RETURN(const auto place, skip());
  if (!place) return std::optional<Record>();
  Record record = read(*place);
  record.place = *place;
  return std::optional(std::move(record));
}

Result<std::unique_ptr<RecordReader>> RecordReader::open(const DataFile& file) {
  switch (file.kind()) {
    case DataFileKind::JsonLines:
      return std::unique_ptr<RecordReader>(std::make_unique<JsonLinesReader>(file.text()));
    case DataFileKind::JsonDocument:
      return open_json(file.text());
    case DataFileKind::Csv:
    case DataFileKind::Tsv:
      return open_csv(file.text(), file.kind() == DataFileKind::Tsv);
    case DataFileKind::Text:
      break;
  }
  return invalid_argument("plain text has no rows to read one by one");
}

}  // namespace weft
