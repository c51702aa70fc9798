// SPDX-License-Identifier: GPL-3.0-or-later
// Text for people on a terminal, JSON for programs. Results go to stdout, everything said on the way to stderr.
// Text from files is made harmless before a terminal sees it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/method_exports.h"
#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft::cli {

void print(std::string_view text);          // stdout, as it is
void flush_output();                        // stdout, for text that comes bit by bit
void print_document(const Json& document);  // stdout, indented
void print_json_line(const Json& value);    // stdout, one line, flushed
void say(const std::string& message);       // stderr, one line, after what was printed
// The same for the thread of the signals: waits for no reader of stdout, whose lock a blocked print holds.
void say_at_once(const std::string& message);

int failed(const Status& status);           // says why; the exit code of work that failed, or was interrupted
int wrong_call(const Status& status);       // says why; the exit code of a wrong call
int failed_or_wrong(const Status& status);  // InvalidArgument and Unsupported are the caller's

// Control characters, terminal escapes and invalid UTF-8 shown as \n, \x1b, ...
[[nodiscard]] std::string printable(std::string_view text);
[[nodiscard]] std::string grouped(std::int64_t number);                // 134,515,008
[[nodiscard]] std::string significant(double number, int digits = 4);  // "-" for NaN
[[nodiscard]] std::string duration(double seconds);                    // "2:05", "1:02:05"
[[nodiscard]] bool is_terminal(int descriptor);

// Columns as wide as their content; numbers to the right. The first row is the heading.
class Table {
 public:
  explicit Table(std::vector<std::string> heading, std::vector<bool> right = {});
  void add(std::vector<std::string> row);
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<bool> right_;
};

void print_exports(const std::vector<ExportWay>& ways);

}  // namespace weft::cli
