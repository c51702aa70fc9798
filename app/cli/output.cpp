// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/cli/call.h"

namespace weft::cli {
namespace {

// Bytes of the UTF-8 character at `at`, 0 when there is none: overlong forms, surrogates and stray bytes are none.
std::size_t utf8_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u; };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return tail(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (!tail(1) || !tail(2) || (first == 0xE0 && byte(1) < 0xA0) || (first == 0xED && byte(1) > 0x9F)) return 0;
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3) || (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) > 0x8F))
      return 0;
    return 4;
  }
  return 0;
}

// Characters that move the cursor or reorder the line although they are valid text: C1 controls and bidirectional
// marks.
bool is_treacherous(std::string_view c) {
  if (c.size() == 2) return c[0] == '\xC2' && static_cast<unsigned char>(c[1]) < 0xA0;
  if (c.size() != 3 || c[0] != '\xE2') return false;
  const auto second = static_cast<unsigned char>(c[1]), third = static_cast<unsigned char>(c[2]);
  return (second == 0x80 && ((third >= 0xA8 && third <= 0xAE) || third == 0x8E || third == 0x8F)) ||
         (second == 0x81 && third >= 0xA6 && third <= 0xA9);
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

}  // namespace

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void flush_output() { std::fflush(stdout); }

void print_document(const Json& document) {
  print(document.dump(2, ' ', false, Json::error_handler_t::replace));
  print("\n");
}

void print_json_line(const Json& value) {
  print(to_json_line(value) + "\n");
  std::fflush(stdout);
}

void say(const std::string& message) {
  std::fflush(stdout);
  say_at_once(message);
}

void say_at_once(const std::string& message) {
  const std::string line = "weft-cli: " + printable(message) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

int failed(const Status& status) {
  say(status.message());
  return status.code() == ErrorCode::Cancelled ? kInterrupted : kFailed;
}

int wrong_call(const Status& status) {
  say(status.message());
  return kWrongCall;
}

int failed_or_wrong(const Status& status) {
  const bool callers = status.code() == ErrorCode::InvalidArgument || status.code() == ErrorCode::Unsupported;
  return callers ? wrong_call(status) : failed(status);
}

std::string printable(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    const std::string_view character = text.substr(at, std::max<std::size_t>(length, 1));
    const auto first = static_cast<unsigned char>(character[0]);
    if (character == "\n")
      out += "\\n";
    else if (character == "\t")
      out += "\\t";
    else if (character == "\r")
      out += "\\r";
    else if (length == 0 || first < 0x20 || first == 0x7f || is_treacherous(character))
      for (const char c : character)
        out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      out += character;
    at += character.size();
  }
  return out;
}

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > (number < 0 ? 1 : 0); at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

std::string significant(double number, int digits) {
  return std::isfinite(number) ? fmt::format("{:.{}g}", number, digits) : std::isnan(number) ? "-" : "inf";
}

std::string duration(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0 || seconds > 1e9) return "-";
  const auto all = static_cast<std::int64_t>(std::llround(seconds));
  if (all >= 3600) return fmt::format("{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60);
  return fmt::format("{}:{:02}", all / 60, all % 60);
}

bool is_terminal(int descriptor) {
  return ::isatty(descriptor) == 1;
}

Table::Table(std::vector<std::string> heading, std::vector<bool> right) : right_(std::move(right)) {
  right_.resize(heading.size(), false);
  rows_.push_back(std::move(heading));
}

void Table::add(std::vector<std::string> row) {
  for (auto& cell : row) cell = printable(cell);
  row.resize(right_.size());
  rows_.push_back(std::move(row));
}

std::string Table::text() const {
  std::vector<std::size_t> widths(right_.size(), 0);
  for (const auto& row : rows_)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - width_of(row[i]), ' ');
      line += (i ? "  " : "") + (right_[i] ? space + row[i] : row[i] + space);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

void print_exports(const std::vector<ExportWay>& ways) {
  Table table({"export", "", ""});
  for (const auto& way : ways) table.add({way.format == "peft-rank" ? "lora --rank k" : way.format, way.term.empty() ? "not possible" : way.term, way.note});
  print("\n" + table.text());
}

}  // namespace weft::cli
