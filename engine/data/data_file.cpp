// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

#include "engine/data/json_scan.h"
#include "engine/data/utf8.h"

namespace weft {
namespace {

struct Signature {
  std::string_view bytes;
  const char* what;
  const char* advice;
};
using namespace std::string_view_literals;
constexpr std::array kRefused{
    Signature{"PAR1"sv, "a Parquet file", "convert it to JSONL or CSV"},
    Signature{"ARROW1"sv, "an Arrow file", "convert it to JSONL or CSV"},
    Signature{"\x1f\x8b"sv, "compressed with gzip", "unpack it first"},
    Signature{"PK\x03\x04"sv, "a zip archive", "unpack it first"},
    Signature{"\x28\xb5\x2f\xfd"sv, "compressed with Zstandard", "unpack it first"},
    Signature{"BZh"sv, "compressed with bzip2", "unpack it first"},
    Signature{"\xfd"
              "7zXZ"sv,
              "compressed with xz", "unpack it first"},
    Signature{"GGUF"sv, "a GGUF model", "name it as the model and choose a data file here"},
    Signature{"SQLite format 3"sv, "an SQLite database", "export the rows as JSONL or CSV"},
    Signature{"\xff\xfe"sv, "UTF-16 text", "save it as UTF-8"},
    Signature{"\xfe\xff"sv, "UTF-16 text", "save it as UTF-8"},
};

std::string lower_ending(const std::string& path) {
  std::string ending = std::filesystem::path(path).extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
  return ending;
}

bool is_text_ending(const std::string& ending) {
  static constexpr std::array kText{"", ".txt", ".text", ".md", ".rst", ".tex", ".log"};
  return std::find(kText.begin(), kText.end(), ending) != kText.end();
}

// '{' begins a JSON Lines file when its first line is a value by itself and not a wrapper {"data": [...]} alone in the
// file.
DataFileKind json_kind(std::string_view text) {
  const std::size_t start = skip_json_space(text, 0);
  if (start >= text.size() || text[start] != '{') return DataFileKind::JsonDocument;
  const std::size_t line_end = std::min(text.find('\n', start), text.size());
  const auto end = json_value_end(text.substr(0, line_end), start);
  if (!end.ok()) return DataFileKind::JsonDocument;
  return skip_json_space(text, *end) < text.size() ? DataFileKind::JsonLines : DataFileKind::JsonDocument;
}

bool looks_like_json(std::string_view text) {
  const std::size_t start = skip_json_space(text, 0);
  return start < text.size() && (text[start] == '{' || text[start] == '[');
}

}  // namespace

const char* data_file_kind_name(DataFileKind kind) {
  switch (kind) {
    case DataFileKind::JsonLines:
      return "JSON Lines";
    case DataFileKind::JsonDocument:
      return "JSON";
    case DataFileKind::Csv:
      return "CSV";
    case DataFileKind::Tsv:
      return "TSV";
    case DataFileKind::Text:
      return "plain text";
  }
  return "";
}

std::string_view DataFile::text() const {
  if (copy_) return *copy_;
  const auto bytes = file_->bytes();
  return without_bom({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

void DataFile::keep_copy() {
  if (copy_) return;
  copy_ = std::make_unique<const std::string>(text());
  file_.reset();
}

Result<DataFile> DataFile::open(const std::string& path, const std::string& format) {
  const std::string ending = lower_ending(path);
  if (ending == ".parquet")
    return unsupported(path + " is a Parquet file, which this version does not read; convert it to JSONL or CSV");
  WEFT_ASSIGN_OR_RETURN(MappedFile mapped, MappedFile::open(path));
  DataFile file(std::move(mapped), std::filesystem::path(path).filename().string());
  const std::string_view text = file.text();
  if (skip_json_space(text, 0) == text.size()) return invalid_argument(path + " is empty: no row to train on");
  for (const auto& signature : kRefused)
    if (text.substr(0, signature.bytes.size()) == signature.bytes)
      return unsupported(path + " is " + signature.what + ", which is not read as data; " + signature.advice);
  if (text.substr(0, 4096).find('\0') != std::string_view::npos)
    return unsupported(path +
                       " is a binary file (it holds zero bytes); data is JSONL, JSON, CSV or plain text in UTF-8");

  file.kind_reason_ = "from its ending " + ending;
  if (ending == ".jsonl" || ending == ".ndjson") {
    const bool array = text[skip_json_space(text, 0)] == '[';  // a JSON document under the wrong name
    file.kind_ = array ? json_kind(text) : DataFileKind::JsonLines;
  } else if (ending == ".csv") {
    file.kind_ = DataFileKind::Csv;
  } else if (ending == ".tsv" || ending == ".tab") {
    file.kind_ = DataFileKind::Tsv;
  } else if (ending == ".json") {
    file.kind_ = json_kind(text);
  } else if (format == "text" || (format == "auto" && is_text_ending(ending))) {
    file.kind_ = DataFileKind::Text;
    if (!is_text_ending(ending) || ending.empty())
      file.kind_reason_ = format == "text" ? "as asked" : "it has no ending";
  } else if (looks_like_json(text)) {
    file.kind_ = json_kind(text);
    file.kind_reason_ = "from its first character";
  } else if (is_text_ending(ending)) {
    return invalid_argument(path + " is plain text and has no columns, so format = \"" + format +
                            "\" does not fit; use \"text\" or \"auto\"");
  } else {
    return unsupported(
        path + ": the ending " + ending +
        " says nothing about the rows; known are .jsonl, .json, .csv, .tsv and .txt, or set [data] format = \"text\"");
  }
  return file;
}

}  // namespace weft
