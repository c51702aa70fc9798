// SPDX-License-Identifier: GPL-3.0-or-later
// weft-cli: every capability of the window without a window.
#include <CLI/CLI.hpp>

#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "engine/api/engine_loader.h"

namespace {

using namespace weft::cli;

bool needs_engine(int argc, char** argv) {
  for (const auto& command : commands())
    if (argc > 2 && command.needs_engine && command.name == argv[1]) return true;
  return argc == 2 && (std::strcmp(argv[1], "demo") == 0 || std::strcmp(argv[1], "selftest") == 0 || std::strcmp(argv[1], "bench") == 0);
}

int parse_and_run(int argc, char** argv) {
  Call call;
  CLI::App app{"WEFT on the command line: fine-tune language models and see what happens inside.", "weft-cli"};
  app.footer(
      "Example:\n  weft-cli train run.toml --project my.weft\nExit codes: 0 done, 1 the work failed, 2 the call was "
      "wrong, 130 interrupted.");
  app.set_version_flag("--version", "weft-cli " WEFT_VERSION);
  app.require_subcommand(1);
  app.get_formatter()->column_width(38);
  for (const auto& command : commands()) command.add(app, call);
  // one line, as every other refusal
  app.failure_message([](const CLI::App*, const CLI::Error& error) { return std::string("weft-cli: ") + error.what() + "; --help says what there is\n"; });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kDone : kWrongCall;
  }
  int code = call.run ? call.run() : kWrongCall;
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    say("the output could not be written; is the disk full, or the reader gone?");
    if (code == kDone) code = kFailed;
  }
  return code;
}

}  // namespace

int main(int argc, char** argv) {
  if (needs_engine(argc, argv)) weft::ensure_quiet_openmp(argv);
  try {
    return parse_and_run(argc, argv);
  } catch (const std::bad_alloc&) {
    say("out of memory");
  } catch (const std::exception& error) {
    say(std::string("internal error: ") + error.what());
  }
  return kFailed;
}
