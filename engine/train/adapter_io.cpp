// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/adapter_io.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "engine/adapter/stored_tensor.h"
#include "engine/formats/gguf.h"
#include "engine/train/checkpoint.h"
#include "engine/train/gguf_adapter.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

// Completes what a file says with the method's defaults; ranges of the form are checked, so a hostile rank is refused.
Result<SettingValues> settings_from(const MethodPreset& preset, const PeftConfig& config) {
  SettingValues settings = preset.from_peft(config);
  if (settings["targets"].is_null()) settings["targets"] = "all-linear";
  return complete_settings(preset.descriptor.settings, settings, "adapter_config.json");
}

// The configuration of an adapter that is written at twice its rank; the scale at every site stays.
PeftConfig at_twice_the_rank(PeftConfig config) {
  const double factor = config.use_rslora ? std::sqrt(2.0) : 2.0;
  config.rank *= 2;
  config.alpha *= factor;
  for (auto& [path, rank] : config.rank_pattern) rank *= 2;
  for (auto& [path, alpha] : config.alpha_pattern) alpha *= factor;
  return config;
}

// Of a method that is a plain LoRA to others: the ranks of its factors, which may differ from the setting's and from site to site.
void with_ranks_of_factors(const AdapterSet& adapters, PeftConfig& config) {
  config.rank_pattern.clear();
  config.alpha_pattern.clear();
  config.use_rslora = false;
  config.other = Json::object();
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    const LinearFactors& f = adapters.factors(i);
    const std::int64_t rank = f.right.size(0);
    const double alpha = f.scale * static_cast<double>(rank);
    if (i == 0) {
      config.rank = rank;
      config.alpha = alpha;
    }
    if (rank != config.rank) config.rank_pattern.emplace_back(adapters.context(i).path, rank);
    if (std::abs(alpha - config.alpha) > 1e-9 * std::abs(alpha)) config.alpha_pattern.emplace_back(adapters.context(i).path, alpha);
  }
}

Result<AdapterSource> open_gguf(const std::string& path, const ModelSource& model) {
  AdapterSource source;
  source.path = path;
  source.preset = &lora_preset();
  WEFT_ASSIGN_OR_RETURN(source.pairs, read_adapter_gguf(path, model));
  std::int64_t rank = 1;
  for (const auto& [site, factors] : source.pairs) rank = std::max(rank, factors.right.size(0));
  const SettingValues given = {{"rank", rank}, {"alpha", rank}, {"targets", "all-linear"}};
  WEFT_ASSIGN_OR_RETURN(source.settings, complete_settings(source.preset->descriptor.settings, given, path));
  return source;
}

// Each pair with its own rank and scale.
Result<std::unique_ptr<AdapterSet>> load_pairs(const std::vector<AdapterPlace>& places, const AdapterSource& source, const std::string& model_path) {
  std::vector<AdapterSet::SiteRequest> requests;
  std::vector<const LinearFactors*> factors;   // one a request
  for (const auto& [site, base] : places) {
    const auto pair = std::find_if(source.pairs.begin(), source.pairs.end(), [&path = site.path](const auto& p) { return p.first == path; });
    if (pair == source.pairs.end()) continue;
    requests.push_back({site, pair->second.right.size(0), pair->second.scale, base});
    factors.push_back(&pair->second);
  }
  for (const auto& [path, unused] : source.pairs)
    if (std::none_of(places.begin(), places.end(), [&name = path](const auto& place) { return place.site.path == name; }))
      return unsupported(fmt::format("{} adapts {}, which is none of the matrices of {} that can be adapted here", source.path, path, model_path));
  WEFT_ASSIGN_OR_RETURN(auto adapters, AdapterSet::create(*source.preset, source.settings, requests));
  const at::NoGradGuard no_grad;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    adapters->slot(i, "B").value.copy_(factors[i]->left);
    adapters->slot(i, "A").value.copy_(factors[i]->right);
  }
  return adapters;
}

}  // namespace

double scale_at(const PeftConfig& config, const std::string& path) {
  const auto rank = static_cast<double>(config.rank_of(path));
  return config.alpha_of(path) / (config.use_rslora ? std::sqrt(rank) : rank);
}

Result<AdapterSource> open_adapter(const std::string& path, const ModelSource* model) {
  std::error_code ignored;
  AdapterSource source;
  source.path = path;
  const bool folder = fs::is_directory(path, ignored);
  const fs::path tensors = folder ? fs::path(path) / "adapter_model.safetensors" : fs::path(path);
  if (folder && !fs::exists(tensors, ignored) && fs::exists(fs::path(path) / "adapter_model.bin", ignored))
    return unsupported(path + " holds adapter_model.bin (pickle); save it again as safetensors, which PEFT does by default since 0.7");
  if (!folder && begins_as_gguf(path)) {
    if (!model) return unsupported(path + " is an adapter for llama.cpp; here its PEFT folder or checkpoint is needed");
    return open_gguf(path, *model);
  }
  WEFT_ASSIGN_OR_RETURN(source.file, SafeTensorsFile::open(tensors.string()));
  WEFT_RETURN_IF_ERROR(check_finite(*source.file, is_checkpoint(*source.file) ? kPeftPrefix : ""));
  if (is_checkpoint(*source.file)) {
    WEFT_ASSIGN_OR_RETURN(CheckpointState state, read_checkpoint_state(*source.file));
    WEFT_ASSIGN_OR_RETURN(source.preset, find_preset(state.method));
    source.settings = state.settings;
    source.config = state.config;
    source.checkpoint = state.run;
    return source;
  }
  WEFT_ASSIGN_OR_RETURN(source.config, read_peft_config(folder ? path : fs::path(path).parent_path().string()));
  WEFT_ASSIGN_OR_RETURN(source.preset, find_preset(source.config));
  WEFT_ASSIGN_OR_RETURN(source.settings, settings_from(*source.preset, source.config));
  return source;
}

Result<std::vector<AdapterSite>> chosen_sites(Decoder& model, const SettingValues& settings) {
  std::vector<AdapterSite> all;
  for (const auto* linear : model.linears()) all.push_back(linear->site);
  return select_sites(all, settings.at("targets"));
}

Result<std::unique_ptr<AdapterSet>> create_adapters(Decoder& model, const MethodPreset& preset, const SettingValues& settings,
                                                    const std::map<std::string, SiteStart>& starts) {
  WEFT_ASSIGN_OR_RETURN(const auto chosen, chosen_sites(model, settings));
  const Json in_part = settings.value("magnitude_only", Json::array());
  for (const Json& name : in_part.is_array() ? in_part : Json::array({in_part}))
    if (std::none_of(chosen.begin(), chosen.end(), [&](const auto& site) { return names_site(name, site.path); }))
      return invalid_argument(fmt::format("[method] magnitude_only: no target is called {}; targets = {}", name.dump(), settings.at("targets").dump()));
  std::vector<AdapterSet::SiteRequest> requests;
  for (const auto* linear : model.linears()) {
    const bool wanted = std::any_of(chosen.begin(), chosen.end(), [&](const auto& site) { return site.path == linear->site.path; });
    if (!wanted) continue;
    SiteStart start{settings.value("rank", std::int64_t{1}), {}};
    if (const auto own = starts.find(linear->site.path); own != starts.end()) start = own->second;
    // the scale is that of the setting's rank, whatever a site gets: alpha / r stays, as PEFT adjusts it
    if (start.rank > 0) requests.push_back({linear->site, start.rank, preset.descriptor.scale(settings), linear->base.get(), start.directions});
  }
  return AdapterSet::create(preset, settings, requests);
}

Result<std::unique_ptr<AdapterSet>> load_adapters(Decoder& model, const AdapterSource& source) {
  std::vector<AdapterPlace> places;
  for (const auto* linear : model.linears()) places.push_back({linear->site, linear->base.get()});
  return load_adapters(places, source, model.source().path());
}

Result<std::unique_ptr<AdapterSet>> load_adapters(const std::vector<AdapterPlace>& places, const AdapterSource& source,
                                                  const std::string& model_path) {
  if (!source.pairs.empty()) return load_pairs(places, source, model_path);
  std::vector<AdapterSet::SiteRequest> requests;
  for (const auto& [site, base] : places) {
    const std::string prefix = peft_tensor_name(site.path, "");
    const auto& tensors = source.file->tensors();
    const bool present = std::any_of(tensors.begin(), tensors.end(), [&](const auto& t) { return t.name.rfind(prefix, 0) == 0; });
    if (present) requests.push_back({site, source.config.rank_of(site.path), scale_at(source.config, site.path), base});
  }
  if (requests.empty() && !source.checkpoint.is_null()) {  // a method all of whose tensors belong to several sites names none of them
    std::vector<AdapterSite> sites;
    for (const auto& place : places) sites.push_back(place.site);
    WEFT_ASSIGN_OR_RETURN(const auto chosen, select_sites(sites, source.settings.at("targets")));
    for (const auto& [site, base] : places)
      if (std::any_of(chosen.begin(), chosen.end(), [&](const auto& c) { return c.path == site.path; }))
        requests.push_back({site, source.config.rank_of(site.path), scale_at(source.config, site.path), base});
  }
  if (requests.empty())
    return invalid_argument(source.path + " adapts no matrix of " + model_path + ": it was made for another model");
  WEFT_ASSIGN_OR_RETURN(auto adapters, AdapterSet::create(*source.preset, source.settings, requests));
  WEFT_RETURN_IF_ERROR(adapters->load(*source.file));
  return adapters;
}

void attach_adapters(Decoder& model, AdapterSet& adapters) {
  adapters.prepare();
  for (std::size_t i = 0; i < adapters.size(); ++i) model.attach(adapters.context(i).path, &adapters.factors(i));
}

PeftConfig peft_config_of(const AdapterSet& adapters, const std::string& base_model) {
  PeftConfig config;
  config.base_model = base_model;
  if (adapters.preset().to_peft) {
    adapters.preset().to_peft(adapters.settings(), config);
  } else {  // a checkpoint keeps ranks and scales in this form, whatever the method
    config.rank = adapters.settings().value("rank", std::int64_t{1});
    config.alpha = adapters.preset().descriptor.scale(adapters.settings()) * static_cast<double>(config.rank);
  }
  const auto shapes = adapters.shapes();
  std::set<std::string> modules;
  for (const auto& site : shapes) modules.insert(site.module);
  config.target_modules = Json::array();
  const Json& targets = adapters.settings().at("targets");
  if (targets == "all-linear") {
    for (const auto& module : modules) config.target_modules.push_back(module);
  } else {
    config.target_modules = targets;
    if (targets.is_string() && targets.get<std::string>().find_first_of("*+?[](){}|^$\\.") == std::string::npos)
      config.target_modules = Json::array({targets});
  }
  // sites that differ from the common rank or scale, by full path so that patterns never overlap
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    const auto& site = adapters.context(i);
    if (site.rank != config.rank) config.rank_pattern.emplace_back(site.path, site.rank);
    const auto rank = static_cast<double>(site.rank);
    const double alpha = site.scale * (config.use_rslora ? std::sqrt(rank) : rank);
    if (std::abs(alpha - config.alpha) > 1e-9 * std::abs(alpha)) config.alpha_pattern.emplace_back(site.path, alpha);
  }
  return config;
}

Status write_peft_files(const std::string& folder, const AdapterSet& adapters, const std::string& base_model, const PeftNotes& notes) {
  const fs::path at = folder;
  const MethodDescriptor& method = adapters.preset().descriptor;
  if (!adapters.preset().to_peft && !adapters.is_low_rank_alone())
    return unsupported("[export] PEFT has no " + method.title +
                       ": export merged weights, or the nearest adapter of a rank (--rank); the adapter itself stays in the project");
  PeftConfig config = peft_config_of(adapters, base_model);
  if (!adapters.preset().to_peft)
    with_ranks_of_factors(adapters, config);
  else if (adapters.has_origin())
    config = at_twice_the_rank(std::move(config));
  WEFT_RETURN_IF_ERROR(write_file_atomically(at / "adapter_config.json", write_peft_config(config)));
  const std::string readme =
      fmt::format("---\nlibrary_name: peft\nbase_model: {0}\n---\n\n# {1} adapter for {0}\n\n{2} parameters on {3} matrices. Method: {4}.{5}\n\n{6}"
                  "```python\nfrom peft import PeftModel\nmodel = PeftModel.from_pretrained(base_model, \"path/to/this/folder\")\n```\n",
                  base_model, method.title, adapters.parameters(), adapters.size(), method.paper, notes.origin.empty() ? "" : " " + notes.origin,
                  notes.base.empty() ? "" : notes.base + "\n\n");
  WEFT_RETURN_IF_ERROR(write_file_atomically(at / "README.md", readme));
  return write_safetensors((at / "adapter_model.safetensors").string(), adapters.to_plain_tensors());
}

std::string base_model_name(const ModelSource& source) {
  if (!source.config().name.empty()) return source.config().name;
  const fs::path path = fs::path(source.path()).lexically_normal();
  return source.folder().empty() ? path.stem().string() : (path.has_filename() ? path.filename() : path.parent_path().filename()).string();
}

}  // namespace weft
