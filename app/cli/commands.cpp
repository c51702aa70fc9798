// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

namespace weft::cli {

const std::vector<Command>& commands() {
  static const std::vector<Command> all{
      {"info", false, add_info},       {"tokenize", false, add_tokenize}, {"render", false, add_render},
      {"methods", false, add_methods}, {"data", false, add_data},         {"train", true, add_train},
      {"resume", true, add_resume},    {"runs", false, add_runs},         {"inspect", true, add_inspect},
      {"logits", true, add_logits},    {"generate", true, add_generate}, {"eval", true, add_eval},        {"export", true, add_export},      {"report", false, add_report},
      {"compare", false, add_compare}, {"demo", true, add_demo},        {"selftest", true, add_selftest},  {"plan", false, add_plan},
      {"bench", true, add_bench},      {"floor", true, add_floor},        {"queue", true, add_queue},      {"quantize", false, add_quantize},
  };
  return all;
}

}  // namespace weft::cli
