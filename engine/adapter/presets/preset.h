// SPDX-License-Identifier: GPL-3.0-or-later
// A method is a named choice of parts plus its description. Adding one: write a file beside this one that defines a
// MethodPreset, and add it to the list in method_catalogue.cpp. Torch-free; constant after start.
#pragma once

#include <string>
#include <vector>

#include "engine/api/dropout.h"
#include "engine/api/method_catalogue.h"
#include "engine/formats/peft_config.h"

namespace weft {

struct MethodPreset {
  MethodDescriptor descriptor;
  std::string delta;               // part that turns parameters into factors: "low-rank"
  std::vector<std::string> wraps;  // shells around base + delta, innermost first: "dora"
  bool dense = false;              // the update has a form of its own (DenseForm): W + dW is formed while a layer is at work
  std::string controller;          // what works on its parameters while they are trained (engine/train/controller.h), or ""
  bool plans_ranks = false;        // by a look at the model before step 1 (engine/train/intrinsic_dimension.h)
  // Learning-rate multiplier of a slot's group ("left", "right", "vector"); null: 1 for all.
  double (*lr_ratio)(const std::string& group, const SettingValues& settings) = nullptr;
  // adapter_config.json <-> settings; all three null where PEFT has no such method. matches(): does a configuration of PEFT describe this
  // method? The first match wins.
  void (*to_peft)(const SettingValues& settings, PeftConfig& config) = nullptr;
  bool (*matches)(const PeftConfig& config) = nullptr;   // null: never found from a file (LoRA+ saves a plain LoRA)
  SettingValues (*from_peft)(const PeftConfig& config) = nullptr;
};

[[nodiscard]] const std::vector<const MethodPreset*>& method_presets();
[[nodiscard]] Result<const MethodPreset*> find_preset(const std::string& name);
[[nodiscard]] Result<const MethodPreset*> find_preset(const PeftConfig& config);
// Whether the method has what is to be dropped.
[[nodiscard]] Status check_dropout(const MethodPreset& preset, const Dropout& dropout);

// One a file in this folder.
[[nodiscard]] const MethodPreset& lora_preset();
[[nodiscard]] const MethodPreset& rslora_preset();
[[nodiscard]] const MethodPreset& loraplus_preset();
[[nodiscard]] const MethodPreset& lorafa_preset();
[[nodiscard]] const MethodPreset& gelora_preset();
[[nodiscard]] const MethodPreset& adalora_preset();
[[nodiscard]] const MethodPreset& increlora_preset();
[[nodiscard]] const MethodPreset& geolora_preset();
[[nodiscard]] const MethodPreset& beamlora_preset();
[[nodiscard]] const MethodPreset& raclora_preset();
[[nodiscard]] const MethodPreset& xgblora_preset();
[[nodiscard]] const MethodPreset& dora_preset();
[[nodiscard]] const MethodPreset& bora_preset();
[[nodiscard]] const MethodPreset& edora_preset();
[[nodiscard]] const MethodPreset& melora_preset();
[[nodiscard]] const MethodPreset& sbora_preset();
[[nodiscard]] const MethodPreset& tlora_preset();
[[nodiscard]] const MethodPreset& loha_preset();
[[nodiscard]] const MethodPreset& lokr_preset();
[[nodiscard]] const MethodPreset& ia3_preset();
[[nodiscard]] const MethodPreset& dota_preset();
[[nodiscard]] const MethodPreset& fourierft_preset();
[[nodiscard]] const MethodPreset& reallm_preset();
[[nodiscard]] const MethodPreset& vera_preset();
[[nodiscard]] const MethodPreset& tiedlora_preset();
[[nodiscard]] const MethodPreset& lorta_preset();
[[nodiscard]] const MethodPreset& mos_preset();
[[nodiscard]] const MethodPreset& oft_preset();
[[nodiscard]] const MethodPreset& boft_preset();

}  // namespace weft
