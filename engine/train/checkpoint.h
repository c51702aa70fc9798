// SPDX-License-Identifier: GPL-3.0-or-later
// A checkpoint is one safetensors file: the adapter under PEFT's names, the state of update rule and controller, the generator's state, and in its
// metadata a JSON text with method, settings and the run's position. Complete or absent. Engine thread only.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/adapter/adapter_set.h"
#include "engine/api/events.h"
#include "engine/formats/peft_config.h"
#include "engine/train/training_state.h"

namespace weft {

struct CheckpointState {
  std::string method;       // preset name
  SettingValues settings;   // complete [method] settings
  PeftConfig config;        // as adapter_config.json would say it
  Json run;                 // {"step":…, "updates":…, "data":{…}, "model":…, "spectra_every":…}
};

[[nodiscard]] bool is_checkpoint(const SafeTensorsFile& file);
[[nodiscard]] Result<CheckpointState> read_checkpoint_state(const SafeTensorsFile& file);

// What the tensors of one take of the disk, without its text.
[[nodiscard]] std::uint64_t checkpoint_bytes(const AdapterSet& adapters, const TrainingState& training);
[[nodiscard]] std::string checkpoint_path(const std::string& folder, std::int64_t step);
// Writes checkpoint_path().
[[nodiscard]] Result<CheckpointEvent> write_checkpoint(const std::string& folder, const AdapterSet& adapters, const TrainingState& training,
                                                       const at::Generator& generator, const PeftConfig& config, const Json& run);
// Steps that have one in this folder, in order.
[[nodiscard]] std::vector<std::int64_t> checkpoint_steps(const std::string& folder);
// Puts the state of update rule and controller, and the generator, back as they were; the adapter is loaded by AdapterSet::load().
[[nodiscard]] Status restore_training(const SafeTensorsFile& file, const TrainingState& training, at::Generator& generator);

}  // namespace weft
