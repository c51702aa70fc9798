// SPDX-License-Identifier: GPL-3.0-or-later
// Adapters on disk: PEFT folders, and checkpoints of ours (the same tensors plus what resuming needs). Engine thread only.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/adapter/adapter_set.h"
#include "engine/formats/peft_config.h"
#include "engine/model/decoder.h"
#include "engine/train/input_survey.h"

namespace weft {

// An adapter file that was opened and understood, not yet put on a model.
struct AdapterSource {
  const MethodPreset* preset = nullptr;
  SettingValues settings;                              // complete
  PeftConfig config;
  std::shared_ptr<const SafeTensorsFile> file;
  Json checkpoint;                                     // state of the run; null for a PEFT folder
  std::string path;
  std::vector<std::pair<std::string, LinearFactors>> pairs;  // by site: of an adapter for llama.cpp, which has no `file`
};

// PEFT folder, its adapter_model.safetensors, or a checkpoint. With the model it is for also an adapter for llama.cpp, whose names and rows are its model's: a LoRA.
[[nodiscard]] Result<AdapterSource> open_adapter(const std::string& path, const ModelSource* model = nullptr);

// Fresh adapters on the sites that settings["targets"] selects; zero until AdapterSet::start(). Not attached. `starts`, where there are any: rank and
// directions by site.
[[nodiscard]] Result<std::unique_ptr<AdapterSet>> create_adapters(Decoder& model, const MethodPreset& preset, const SettingValues& settings,
                                                                  const std::map<std::string, SiteStart>& starts = {});
// The sites of the model that settings["targets"] selects.
[[nodiscard]] Result<std::vector<AdapterSite>> chosen_sites(Decoder& model, const SettingValues& settings);
// Adapters with the file's values, on the sites that have tensors in it. Not attached.
[[nodiscard]] Result<std::unique_ptr<AdapterSet>> load_adapters(Decoder& model, const AdapterSource& source);
// The same on matrices without a decoder around them. `model_path` is for messages; bases must outlive the adapters.
struct AdapterPlace {
  AdapterSite site;
  Base* base = nullptr;
};
[[nodiscard]] Result<std::unique_ptr<AdapterSet>> load_adapters(const std::vector<AdapterPlace>& places, const AdapterSource& source,
                                                                const std::string& model_path);
// prepare() and hand the factors to the model's linear layers; adapters must outlive their use there.
void attach_adapters(Decoder& model, AdapterSet& adapters);

// s at a site by PEFT's patterns: alpha / r, or alpha / sqrt(r).
[[nodiscard]] double scale_at(const PeftConfig& config, const std::string& path);

// What adapter_config.json says of these adapters, at their own rank.
[[nodiscard]] PeftConfig peft_config_of(const AdapterSet& adapters, const std::string& base_model);

// adapter_config.json, adapter_model.safetensors, README.md into an existing folder, for the base model as it is: at twice the rank
// where the start was taken off the base. adapters must be prepared.
struct PeftNotes {                       // sentences for the README
  std::string origin = {}, base = {};    // what the adapter was made from, and which file exactly the base is
};
[[nodiscard]] Status write_peft_files(const std::string& folder, const AdapterSet& adapters, const std::string& base_model, const PeftNotes& notes = {});

// Name of the base to write into files: general.name / the folder's name / the file's stem.
[[nodiscard]] std::string base_model_name(const ModelSource& source);

}  // namespace weft
