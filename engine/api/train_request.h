// SPDX-License-Identifier: GPL-3.0-or-later
// A run, complete in itself: what the run file says, and what the window edits. Sections hold setting values by key;
// the specs below are the only place where defaults, ranges, units and help live.
#pragma once

#include <string>
#include <vector>

#include "engine/api/data_preview.h"
#include "engine/api/run_edit.h"
#include "engine/api/settings.h"

namespace weft {

struct RunSection {
  std::string name;   // "model", "data", "method", "train", "dropout", "probe", "samples"
  std::string title;
  std::vector<SettingSpec> specs;   // [method]: only the keys common to all methods; the rest come from its descriptor
  // The default of a setting where others are given (a preset's); null: SettingSpec::initial.
  Json (*initial)(const SettingValues& given, const SettingSpec& spec) = nullptr;
  [[nodiscard]] Json initial_value(const SettingValues& given, const SettingSpec& spec) const { return initial ? initial(given, spec) : spec.initial; }
};

// The sections of a run file in order.
[[nodiscard]] const std::vector<RunSection>& run_sections();

struct TrainRequest {
  // Objects by section, complete after validate(). Keys: see run_sections() and MethodDescriptor::settings.
  SettingValues model = Json::object();
  SettingValues data = Json::object();
  SettingValues method = Json::object();
  SettingValues train = Json::object();
  SettingValues dropout = Json::object();
  SettingValues probe = Json::object();
  SettingValues samples = Json::object();

  // Where it starts from and leaves things; not part of the run file.
  std::string init_adapter;       // PEFT folder to go on from, or ""
  std::string save_init;          // PEFT folder to write the untrained adapter to, or ""
  std::string checkpoint_folder;  // folder for checkpoints; "" writes none
  std::string resume_from;        // checkpoint file to go on from, or ""
  std::vector<RunEdit> edits;     // planned changes, by the first step that they hold for; those that a checkpoint has are not repeated
  bool only_preflight = false;    // ends after the preflight, which is made in any case: done at step 0
  bool insist = false;            // tries it although the plan says that it will not fit
  DataAhead data_ahead;           // rows of these settings that are being read already; not valid: the engine begins

  [[nodiscard]] SettingValues& section(const std::string& name);
  [[nodiscard]] const SettingValues& section(const std::string& name) const;
};

// The prompts of a [samples] section, trimmed and without empty ones: of a list its items, of a text its lines.
[[nodiscard]] std::vector<std::string> sample_prompts(const SettingValues& samples);

// Fills in defaults and checks everything that needs no file: unknown keys, types, ranges, combinations.
// An unsupported value is an error, never ignored. With init_adapter, [method] name may be empty.
[[nodiscard]] Result<TrainRequest> validate(const TrainRequest& request);

// {"model":{...},"data":{...},...}: the immutable snapshot kept with a run; from_json checks it.
[[nodiscard]] Json to_json(const TrainRequest& request);
[[nodiscard]] Result<TrainRequest> train_request_from_json(const Json& json);

}  // namespace weft
