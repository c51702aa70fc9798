// SPDX-License-Identifier: GPL-3.0-or-later
// The table of commands: the only place that knows all of them.
#pragma once

#include <string_view>
#include <vector>

#include "app/cli/call.h"

namespace weft::cli {

struct Command {
  std::string_view name;
  bool needs_engine;  // trains or computes: OpenMP must be quiet before the program starts
  void (*add)(CLI::App& app, Call& call);
};

[[nodiscard]] const std::vector<Command>& commands();

void add_info(CLI::App& app, Call& call);
void add_tokenize(CLI::App& app, Call& call);
void add_render(CLI::App& app, Call& call);
void add_methods(CLI::App& app, Call& call);
void add_data(CLI::App& app, Call& call);
void add_train(CLI::App& app, Call& call);
void add_resume(CLI::App& app, Call& call);
void add_runs(CLI::App& app, Call& call);
void add_inspect(CLI::App& app, Call& call);
void add_logits(CLI::App& app, Call& call);
void add_generate(CLI::App& app, Call& call);
void add_eval(CLI::App& app, Call& call);
void add_export(CLI::App& app, Call& call);
void add_report(CLI::App& app, Call& call);
void add_compare(CLI::App& app, Call& call);
void add_demo(CLI::App& app, Call& call);
void add_selftest(CLI::App& app, Call& call);
void add_plan(CLI::App& app, Call& call);
void add_bench(CLI::App& app, Call& call);
void add_floor(CLI::App& app, Call& call);
void add_queue(CLI::App& app, Call& call);
void add_quantize(CLI::App& app, Call& call);

// runs delete, rename, note and copy.
void add_run_changes(const Arguments& runs, Call& call, const std::shared_ptr<std::string>& project);

}  // namespace weft::cli
