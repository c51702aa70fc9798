// SPDX-License-Identifier: GPL-3.0-or-later
// adapter_config.json of PEFT: what we read and write of it. Torch-free.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft {

struct PeftConfig {
  std::string peft_type = "LORA";
  std::string base_model;                       // base_model_name_or_path
  std::int64_t rank = 8;
  double alpha = 8;
  double dropout = 0;
  bool use_rslora = false, use_dora = false;
  std::string init_lora_weights = "true";       // "true", "false", "gaussian", "pissa", ...
  Json target_modules;                          // list or text
  std::vector<std::pair<std::string, std::int64_t>> rank_pattern;  // file order
  std::vector<std::pair<std::string, double>> alpha_pattern;
  // Of types other than LORA: their own fields, each with its value or PEFT's default. rank and alpha are 1 where a type has none.
  Json other = Json::object();
  Json raw;                                     // the whole object, unknown keys included

  // Per-module values by PEFT's rule: first pattern whose "(.*\.)?(key)$" matches the module path. Polynomial time in any case.
  [[nodiscard]] std::int64_t rank_of(const std::string& module_path) const;
  [[nodiscard]] double alpha_of(const std::string& module_path) const;
};

// Reads FOLDER/adapter_config.json. Settings that change the result and that we cannot honour are refused by name.
[[nodiscard]] Result<PeftConfig> read_peft_config(const std::string& folder);

// The exact key set of PEFT 0.18, sorted, indent 2, as text for adapter_config.json.
[[nodiscard]] std::string write_peft_config(const PeftConfig& config);

}  // namespace weft
