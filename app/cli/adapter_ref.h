// SPDX-License-Identifier: GPL-3.0-or-later
// What a command line names as an adapter: a PEFT folder, an adapter file, or a run of a project ("P.weft:RUN[@STEP]", "P.weft:RUN@best").
// Plain functions; everything is checked that can be without the engine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/status.h"

namespace weft::cli {

struct RunRef {
  std::string project, run;
  std::int64_t step = 0;  // 0: the last checkpoint; kBestCheckpoint
};

// Nothing when the text does not name a run.
[[nodiscard]] Result<std::optional<RunRef>> parse_run_ref(const std::string& text);

struct AdapterRef {
  std::string adapter;  // PEFT folder, adapter file or checkpoint file
  std::string base;     // model path: as asked for, of the run, or as the adapter names it where that exists; else ""
  std::string chat_template;  // of a run: as its rows are rendered (template_of_run()); else ""
};

// `base`: what --base says, or "".
[[nodiscard]] Result<AdapterRef> find_adapter(const std::string& text, const std::string& base);
[[nodiscard]] Result<AdapterRef> find_adapter(const RunRef& ref, const std::string& base);

}  // namespace weft::cli
