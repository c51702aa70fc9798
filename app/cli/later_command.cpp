// SPDX-License-Identifier: GPL-3.0-or-later
// Commands whose names are fixed but that a later version brings: refused with a sentence instead of "unknown command".
#include <utility>

#include "app/cli/commands.h"
#include "app/cli/output.h"

namespace weft::cli {

void add_later(CLI::App& app, Call& call) {
  static constexpr std::pair<const char*, const char*> kLater[] = {
      {"eval", "perplexity and task metrics"},
      {"quantize", "a quantised base"}};
  for (const auto& [name, summary] : kLater) {
    const Arguments command(app, name, std::string("(not available yet) ") + summary, std::string("weft-cli ") + name);
    command.take_anything("Not available yet");
    command.on_parsed([&call, name = name] {
      call.run = [name] {
        return wrong_call(
            unsupported(std::string(name) + " is not available in this version; it comes with a later one"));
      };
    });
  }
}

}  // namespace weft::cli
