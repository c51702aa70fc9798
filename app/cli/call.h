// SPDX-License-Identifier: GPL-3.0-or-later
// What every command shares: how it joins the program, its exit codes, its output flags.
// A command is one file with one add_… function, listed in commands.h. Single-threaded.
#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>

#include "engine/core/status.h"

namespace weft::cli {

inline constexpr int kDone = 0, kFailed = 1, kWrongCall = 2, kInterrupted = 130;

struct Call {
  bool json = false;
  bool quiet = false;
  std::function<int()> run;  // set when a command was parsed; returns the exit code
};

// A subcommand with its example under --help.
CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& summary, const std::string& example);
void add_json_flag(CLI::App& command, Call& call, const std::string& help = "print one JSON document");
void add_quiet_flag(CLI::App& command, Call& call);

// What `run` is made of: options live as long as the program. OPTIONS must be a struct; WORK takes it and the call.
template <typename Options>
std::shared_ptr<Options> set_work(CLI::App& command, Call& call, int (*work)(const Options&, const Call&)) {
  auto options = std::make_shared<Options>();
  command.callback([&call, options, work] { call.run = [&call, options, work] { return work(*options, call); }; });
  return options;
}

}  // namespace weft::cli
