// SPDX-License-Identifier: GPL-3.0-or-later
// What every command shares: how it joins the program, its arguments, its exit codes.
// A command is one file with one add_… function, listed in commands.h. CLI11 stays behind this header: it is slow to
// compile. Single-threaded; values bound to arguments live in the options that set_work() keeps.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/status.h"

namespace CLI {
class App;
}

namespace weft::cli {

inline constexpr int kDone = 0, kFailed = 1, kWrongCall = 2, kInterrupted = 130;

struct Call {
  bool json = false;
  bool quiet = false;
  std::function<int()> run;  // set when a command was parsed; returns the exit code
};

// A subcommand and its arguments. Names with dashes are options, the others positional; *_required must be given.
class Arguments {
 public:
  // `example` stands under --help.
  Arguments(CLI::App& parent, const std::string& name, const std::string& summary, const std::string& example);

  [[nodiscard]] CLI::App& app() const { return *app_; }
  void on_parsed(std::function<void()> then) const;

  void need_subcommand() const;

  void text(const std::string& name, std::string& value, const std::string& help) const;
  void text_required(const std::string& name, std::string& value, const std::string& help) const;
  void text_if_given(const std::string& name, std::optional<std::string>& value, const std::string& help) const;
  void texts(const std::string& name, std::vector<std::string>& values, const std::string& help) const;  // repeatable
  void numbers_required(const std::string& name, std::vector<std::int32_t>& values,
                        const std::string& help) const;  // 1,2,3
  void number(const std::string& name, std::int64_t& value, std::int64_t min, std::int64_t max,
              const std::string& help) const;
  void flag(const std::string& name, bool& value, const std::string& help) const;
  void json_flag(Call& call, const std::string& help = "print one JSON document") const;
  void quiet_flag(Call& call) const;

 private:
  CLI::App* app_;
};

// Keeps OPTIONS for the program's life and makes WORK the thing to do when this command is called.
template <typename Options>
std::shared_ptr<Options> set_work(const Arguments& arguments, Call& call, int (*work)(const Options&, const Call&)) {
  auto options = std::make_shared<Options>();
  arguments.on_parsed([&call, options, work] {
    if (!call.run) call.run = [&call, options, work] { return work(*options, call); };  // a subcommand of its own was here first
  });
  return options;
}

}  // namespace weft::cli
