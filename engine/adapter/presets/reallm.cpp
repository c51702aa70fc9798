// SPDX-License-Identifier: GPL-3.0-or-later
// ReALLM's fine-tuning stage: low rank and magnitude over a base of few bits, with the authors' numbers. Its codecs (permuted vector quantisation, an
// autoencoder of weight patches) and its block-wise stage are not here: the base is NF4, or a quantised file as it lies. Its start is LQ-LoRA's alternation,
// over NF4 in place of its own codec.
#include "engine/adapter/presets/low_rank_common.h"

namespace weft {
namespace {

std::vector<SettingSpec> settings() {
  auto all = low_rank_settings(/*stabilized=*/false);
  setting_named(all, "rank").initial = 64;
  setting_named(all, "alpha").initial = 16.0;
  SettingSpec& start = setting_named(all, "start");
  start.choices.insert(start.choices.begin(), "auto");
  start.initial = "auto";
  start.help = "auto is the paper's where [model] storage rounds the weights (lq), else kaiming. " + start.help;
  setting_named(all, "targets").help += " The base Q is [model] storage = nf4, or a quantised file as it lies.";
  return all;
}

}  // namespace

const MethodPreset& reallm_preset() {
  static const MethodPreset preset{
      .descriptor = {.name = "reallm", .title = "ReALLM", .summary = "DoRA over few bits", .family = "weight-decomposed",
                     .formula = "W' = m · (Q + s·B·A) / ‖Q + s·B·A‖, by rows; Q of few bits, the second stage alone",
                     .paper = "Leconte et al., ReALLM, 2024, arXiv:2405.13155", .settings = settings(),
                     .parts = decomposed_parts, .scale = low_rank_scale},
      .delta = "low-rank",
      .wraps = {"dora"},
      .to_peft = decomposed_to_peft};
  return preset;
}

}  // namespace weft
