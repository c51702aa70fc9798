// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the built weft-cli as a user does: arguments in; exit code, output, time and memory out.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace weft::test {

struct ProcessResult {
  int code = -1;  // exit code, or 1000 + signal
  std::string out, err;
  double cpu_seconds = 0, wall_seconds = 0;
  std::uint64_t max_rss_bytes = 0;
};

struct ProcessOptions {
  std::string input;                  // standard input
  std::string folder;                 // working folder
  std::function<void()> before_exec;  // in the child: limits, another user
  double kill_after_seconds = 100;
  int pipe_bytes = 0;  // capacity of the output pipe: a child that is not read stands still soon
};

// A child whose output is read as it comes. Killed when the object dies.
class Process {
 public:
  explicit Process(std::vector<std::string> arguments, ProcessOptions options = {});
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void wait_until_output_stands_still();              // nobody reads it, and for a tenth of a second no byte was added
  [[nodiscard]] std::string read_line();              // of standard output, without its end; "" at the end of it
  bool wait_for_error_text(const std::string& text);  // reads standard error until it holds the text; false at its end
  void send(int signal) const;
  [[nodiscard]] ProcessResult finish();  // reads the rest, waits

 private:
  bool pump(bool out, bool err);  // reads what is there, waiting for some; false when both have ended

  ProcessOptions options_;
  pid_t pid_ = -1;
  int out_fd_ = -1, err_fd_ = -1;
  std::string out_, err_;
  std::size_t out_read_ = 0;
  double started_ = 0;
};

[[nodiscard]] ProcessResult run_cli(std::vector<std::string> arguments, ProcessOptions options = {});

// For before_exec: gives up the right of root to pass over file permissions; the program stays in the same account,
// which can reach it.
void obey_file_permissions();
// For before_exec: no file may grow beyond so many bytes; writing then fails as on a full disk.
void limit_file_size(std::uint64_t bytes);

}  // namespace weft::test
