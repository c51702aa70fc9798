// SPDX-License-Identifier: GPL-3.0-or-later
// What the product says about an adapter method: settings, parts with shapes, the paper. Form, picture, command-line help, counts and validation
// derive from it; what it can be exported as is computed (method_exports.h).
// Plain data, no tensors; safe from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/settings.h"

namespace weft {

enum class PartShape { Block, Vector };  // how the picture draws it

// Which sites have a tensor in common: those of one module name ("q_proj" of every layer), of one layer, or all. Where their shapes differ,
// it has the largest, and each site the leading part of its own size.
enum class PartScope { Site, Module, Layer, Model };

// One tensor of the method at one site, already with real sizes.
struct MethodPart {
  std::string symbol;       // "W", "A", "B", "m"
  std::string title;        // "down projection"
  PartShape shape = PartShape::Block;
  std::int64_t rows = 0, cols = 0;
  bool trained = true;      // false: frozen (drawn grey, hatched)
  bool stored = true;       // false: part of the base model
  std::string before = {};  // drawn before it where parts are not simply multiplied: "∘", "⊗"
  PartScope scope = PartScope::Site;
};

// A weight matrix that an adapter may be put on.
struct AdapterSite {
  std::string path;         // "model.layers.0.self_attn.q_proj" (Hugging Face module path)
  std::string module;       // "q_proj"
  int layer = -1;           // -1: outside the layers
  std::int64_t out = 0, in = 0;
  std::int64_t head_size = 0;  // of q_proj, k_proj and v_proj (the heads lie along `out`) and o_proj (along `in`); 0: no heads
};

// The name of a tensor in files of adapters, up to its own: the same text for all sites that have it in common.
// "base_model.model.<path>.", "base_model.shared.q_proj.", "base_model.shared.layers.3.", "base_model."
[[nodiscard]] std::string tensor_prefix(PartScope scope, const AdapterSite& site);

struct MethodDescriptor {
  std::string name;         // "lora": the run file's word
  std::string title;        // "LoRA"
  std::string summary;      // four words at most: "the standard"
  std::string family;       // "low rank", "weight-decomposed"
  std::string formula;      // "W' = W + s·B·A"
  std::string paper;        // "Hu et al., 2021, arXiv:2106.09685"
  std::vector<SettingSpec> settings;
  // Parts at a site under complete settings, in drawing order. A site without a path stands for any of its shape.
  std::vector<MethodPart> (*parts)(const AdapterSite& site, const SettingValues& settings) = nullptr;
  // The rank of the update as the products of a step take it; null: the setting "rank". 0: none.
  std::int64_t (*width)(const AdapterSite& site, const SettingValues& settings) = nullptr;
  // The factor s under complete settings.
  double (*scale)(const SettingValues& settings) = nullptr;
  // Whether B [out, rank] and A [rank, in] with dW = s B A are trained at every site and nothing else: what optimizers of pairs need.
  bool pairs = false;
  // Whether ranks are taken away or given while training, by gradients of all sites.
  bool allots_ranks = false;
};

// All methods, in the order in which to offer them. Never empty.
[[nodiscard]] const std::vector<MethodDescriptor>& method_catalogue();
// By name; the error names the nearest known method.
[[nodiscard]] Result<const MethodDescriptor*> find_method(const std::string& name);

struct MethodCount {
  std::int64_t trained = 0;          // parameters
  std::int64_t stored_bytes = 0;     // float32 adapter file without header
  std::int64_t sites = 0;
};
// Counts over the sites that `targets` in `settings` selects.
[[nodiscard]] Result<MethodCount> count_method(const MethodDescriptor& method, const SettingValues& settings,
                                               const std::vector<AdapterSite>& sites);

// PEFT's rule for names, one or a list: the whole path, or its end after a dot.
[[nodiscard]] bool names_site(const Json& names, const std::string& path);

// The sites that a targets setting selects, by PEFT's rules: "all-linear", a list of module names (exact or last
// components), or one regular expression that must match the whole path. Selecting none is an error that says what exists.
[[nodiscard]] Result<std::vector<AdapterSite>> select_sites(const std::vector<AdapterSite>& sites, const Json& targets);

}  // namespace weft
