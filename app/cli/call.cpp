// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/call.h"

namespace weft::cli {

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& summary, const std::string& example) {
  CLI::App* command = parent.add_subcommand(name, summary);
  command->footer("Example:\n  " + example);
  return command;
}

void add_json_flag(CLI::App& command, Call& call, const std::string& help) { command.add_flag("--json", call.json, help); }

void add_quiet_flag(CLI::App& command, Call& call) { command.add_flag("--quiet", call.quiet, "no progress, only warnings and results"); }

}  // namespace weft::cli
