// SPDX-License-Identifier: GPL-3.0-or-later
// A checkpoint is one safetensors file: the adapter under PEFT's names, the update rule's state, the generator's state, and in its
// metadata a JSON text with method, settings and the run's position. Complete or absent. Engine thread only.
#pragma once

#include <string>

#include "engine/adapter/adapter_set.h"
#include "engine/api/events.h"
#include "engine/formats/peft_config.h"
#include "engine/train/update_rule.h"

namespace weft {

struct CheckpointState {
  std::string method;       // preset name
  SettingValues settings;   // complete [method] settings
  PeftConfig config;        // as adapter_config.json would say it
  Json run;                 // {"step":…, "updates":…, "data":{…}, "model":…, "spectra_every":…}
};

[[nodiscard]] bool is_checkpoint(const SafeTensorsFile& file);
[[nodiscard]] Result<CheckpointState> read_checkpoint_state(const SafeTensorsFile& file);

// Writes <folder>/step-<step>.safetensors.
[[nodiscard]] Result<CheckpointEvent> write_checkpoint(const std::string& folder, const AdapterSet& adapters, UpdateRule& rule,
                                                       const at::Generator& generator, const PeftConfig& config, const Json& run);
// Puts update rule and generator back as they were; the adapter is loaded by AdapterSet::load().
[[nodiscard]] Status restore_training(const SafeTensorsFile& file, UpdateRule& rule, at::Generator& generator);

}  // namespace weft
