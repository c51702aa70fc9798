// SPDX-License-Identifier: GPL-3.0-or-later
// Commands whose names are fixed but that a later version brings: refused with a sentence that says what there is instead.
#include "app/cli/commands.h"
#include "app/cli/output.h"

namespace weft::cli {

void add_later(CLI::App& app, Call& call) {
  const Arguments command(app, "quantize", "(not available yet) a quantised base", "weft-cli quantize");
  command.take_anything("Not available yet");
  command.on_parsed([&call] {
    call.run = [] {
      return wrong_call(
          unsupported("quantize is not available in this version: nf4 is made when a model is loaded ([model] storage = \"nf4\"), and there is no file of it that this "
                      "program and others read; files in GGUF's blocks, which llama.cpp's llama-quantize writes, are trained as they are"));
    };
  });
}

}  // namespace weft::cli
