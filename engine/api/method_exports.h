// SPDX-License-Identifier: GPL-3.0-or-later
// What adapters of a method can be written as under its present settings, before anything is trained. Computed from the method's parts, in the terms that
// form, command line, plan and export page all use. Plain data; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/api/method_catalogue.h"

namespace weft {

enum class ExportKind {
  Exact,        // the trained update itself
  Merged,       // exact as well, but the model's weights with it, not the update alone
  Approximate,  // the nearest update of a chosen rank
  Impossible,
};

struct ExportWay {
  std::string format;       // "peft", "merged", "gguf-adapter", "gguf"; "peft-rank": "peft" of a chosen rank
  ExportKind kind = ExportKind::Exact;
  // "EXACT LoRA @16", "EXACT via LoHaConfig", "EXACT merged weights", "MERGED ONLY", "APPROX SVD @k, energy e"; "" where it is impossible
  std::string term;
  std::string note;         // "PEFT folder" or why it is impossible
};

// settings: complete. sites: those to choose from by "targets"; none: an example. What can be loaded without a copy of the model comes first.
[[nodiscard]] std::vector<ExportWay> export_ways(const MethodDescriptor& method, const SettingValues& settings, const std::vector<AdapterSite>& sites);
// In one term: that of the first exact way, "MERGED ONLY", or "PROJECT ONLY" where nothing but a checkpoint holds the adapter.
[[nodiscard]] std::string export_verdict(const std::vector<ExportWay>& ways);
[[nodiscard]] Json to_json(const ExportWay& way);

// The rank of the update at a site, as the products of a step take it: MethodDescriptor::width, or the setting "rank".
[[nodiscard]] std::int64_t update_width(const MethodDescriptor& method, const AdapterSite& site, const SettingValues& settings);

}  // namespace weft
