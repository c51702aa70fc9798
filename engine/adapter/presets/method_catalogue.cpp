// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/method_catalogue.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <memory>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "engine/adapter/presets/preset.h"
#include "engine/core/text_util.h"

namespace weft {
namespace {

// Embedding and output layer by the names that files and users have for them.
constexpr const char* kOfVocabulary[] = {"lm_head", "embed_tokens", "wte", "output", "token_embd", "embed_out", "word_embeddings"};

// "LoRA+", "lora-plus" and "lora_plus" are the same name.
std::string plain_name(const std::string& name) {
  std::string plain;
  for (const char c : name) {
    if (c == '+') plain += "plus";
    else if (std::isalnum(static_cast<unsigned char>(c))) plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return plain;
}

std::string last_component(const std::string& path) { return path.substr(path.rfind('.') + 1); }

struct FreePattern {
  void operator()(pcre2_code* code) const { pcre2_code_free(code); }
  void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
  void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};

Result<std::vector<AdapterSite>> select_by_pattern(const std::vector<AdapterSite>& sites, const std::string& pattern) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  std::unique_ptr<pcre2_code, FreePattern> code(pcre2_compile(reinterpret_cast<PCRE2_SPTR>(pattern.data()), pattern.size(),
                                                              PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_UTF, &error, &offset, nullptr));
  if (!code) {
    PCRE2_UCHAR text[128] = {};
    pcre2_get_error_message(error, text, sizeof text);
    return invalid_argument("targets is not a regular expression: " + std::string(reinterpret_cast<char*>(text)) + " at character " +
                            std::to_string(offset + 1));
  }
  std::unique_ptr<pcre2_match_data, FreePattern> match(pcre2_match_data_create_from_pattern(code.get(), nullptr));
  std::unique_ptr<pcre2_match_context, FreePattern> limits(pcre2_match_context_create(nullptr));
  pcre2_set_match_limit(limits.get(), 100000);  // a hostile pattern ends instead of running for ever
  std::vector<AdapterSite> chosen;
  for (const auto& site : sites) {
    const int hits = pcre2_match(code.get(), reinterpret_cast<PCRE2_SPTR>(site.path.data()), site.path.size(), 0, 0, match.get(), limits.get());
    if (hits == PCRE2_ERROR_MATCHLIMIT) return invalid_argument("targets: this regular expression takes too long; simplify it");
    if (hits >= 0) chosen.push_back(site);
  }
  return chosen;
}

Status nothing_selected(const std::vector<AdapterSite>& sites, const Json& targets) {
  std::vector<std::string> modules;
  for (const auto& site : sites)
    if (std::find(modules.begin(), modules.end(), site.module) == modules.end()) modules.push_back(site.module);
  return invalid_argument("targets " + quoted_excerpt(to_json_line(targets)) + " selects no matrix; the model has " + join(modules, ", "));
}

}  // namespace

const std::vector<const MethodPreset*>& method_presets() {
  static const std::vector<const MethodPreset*> presets{&lora_preset(), &rslora_preset(), &loraplus_preset(), &lorafa_preset(), &gelora_preset(), &adalora_preset(), &increlora_preset(), &geolora_preset(),
                                                         &beamlora_preset(), &raclora_preset(), &xgblora_preset(), &dora_preset(),
                                                         &bora_preset(), &edora_preset(), &melora_preset(), &sbora_preset(),
                                                         &tlora_preset(), &loha_preset(), &lokr_preset(), &vera_preset(),
                                                         &tiedlora_preset(), &lorta_preset(), &mos_preset(), &oft_preset(),
                                                         &boft_preset(), &ia3_preset(), &dota_preset(), &fourierft_preset(),
                                                         &reallm_preset()};
  return presets;
}

const std::vector<MethodDescriptor>& method_catalogue() {
  static const std::vector<MethodDescriptor> catalogue = [] {
    std::vector<MethodDescriptor> all;
    for (const auto* preset : method_presets()) all.push_back(preset->descriptor);
    return all;
  }();
  return catalogue;
}

Result<const MethodPreset*> find_preset(const std::string& name) {
  std::vector<std::string> names;
  for (const auto* preset : method_presets()) {
    if (plain_name(preset->descriptor.name) == plain_name(name)) return preset;
    names.push_back(preset->descriptor.name);
  }
  const std::string near = nearest_name(plain_name(name), names);
  return not_found("no adapter method " + quoted_excerpt(name) +
                   (near.empty() ? "; there are " + join(names, ", ") : "; did you mean \"" + near + "\"?"));
}

Status check_dropout(const MethodPreset& preset, const Dropout& dropout) {
  if (!dropout.adapter.active() || (preset.delta != "none" && !preset.dense)) return {};
  return invalid_argument("[dropout] adapter_rate leaves out what an adapter reads beside its matrix, and the update of " + preset.descriptor.title +
                          " is applied with the matrix in one product: take hidden_rate or key_rate");
}

Result<const MethodPreset*> find_preset(const PeftConfig& config) {
  for (const auto* preset : method_presets())
    if (preset->matches && preset->matches(config)) return preset;
  return unsupported("adapters of type " + config.peft_type + " cannot be read by this version");
}

Result<const MethodDescriptor*> find_method(const std::string& name) {
  WEFT_ASSIGN_OR_RETURN(const MethodPreset* preset, find_preset(name));
  for (const auto& method : method_catalogue())
    if (method.name == preset->descriptor.name) return &method;
  return internal_error("method catalogue is incomplete");
}

Result<MethodCount> count_method(const MethodDescriptor& method, const SettingValues& settings, const std::vector<AdapterSite>& sites) {
  WEFT_ASSIGN_OR_RETURN(const SettingValues complete, complete_settings(method.settings, settings, "method"));
  WEFT_ASSIGN_OR_RETURN(const auto chosen, select_sites(sites, complete.at("targets")));
  MethodCount count;
  const auto add = [&count](const MethodPart& part) {
    if (part.trained) count.trained += part.rows * part.cols;
    if (part.stored) count.stored_bytes += 4 * part.rows * part.cols;
  };
  std::map<std::string, MethodPart> in_common;
  for (const auto& site : chosen) {
    for (const auto& part : method.parts(site, complete)) {
      if (part.scope == PartScope::Site) {
        add(part);
        continue;
      }
      MethodPart& whole = in_common.emplace(tensor_prefix(part.scope, site) + part.symbol, part).first->second;
      whole.rows = std::max(whole.rows, part.rows);
      whole.cols = std::max(whole.cols, part.cols);
    }
    ++count.sites;
  }
  for (const auto& [name, part] : in_common) add(part);
  return count;
}

std::string tensor_prefix(PartScope scope, const AdapterSite& site) {
  switch (scope) {
    case PartScope::Site: return "base_model.model." + site.path + ".";
    case PartScope::Module: return "base_model.shared." + site.module + ".";
    case PartScope::Layer: return "base_model.shared.layers." + std::to_string(site.layer) + ".";
    case PartScope::Model: break;
  }
  return "base_model.";
}

bool names_site(const Json& names, const std::string& path) {
  if (names.is_array()) return std::any_of(names.begin(), names.end(), [&](const Json& name) { return names_site(name, path); });
  const auto& name = names.get_ref<const std::string&>();
  return path == name || (path.size() > name.size() && path.ends_with(name) && path[path.size() - name.size() - 1] == '.');
}

Result<std::vector<AdapterSite>> select_sites(const std::vector<AdapterSite>& sites, const Json& targets) {
  std::vector<AdapterSite> chosen;
  if (targets.is_string()) {
    const auto text = targets.get<std::string>();
    if (plain_name(text) == "alllinear") return sites;
    // a single plain name is meant as a list of one, as people write it
    if (text.find_first_of("*+?[](){}|^$\\") == std::string::npos && text.find('.') == std::string::npos)
      return select_sites(sites, Json::array({text}));
    WEFT_ASSIGN_OR_RETURN(chosen, select_by_pattern(sites, text));
    if (chosen.empty()) return nothing_selected(sites, targets);
    return chosen;
  }
  std::vector<std::string> modules;
  for (const auto& site : sites) modules.push_back(site.path);
  for (const auto& name : targets) {
    const bool used = std::any_of(sites.begin(), sites.end(), [&](const auto& s) { return names_site(name, s.path); });
    if (!used) {
      std::vector<std::string> known;
      for (const auto& path : modules) known.push_back(last_component(path));
      std::sort(known.begin(), known.end());
      known.erase(std::unique(known.begin(), known.end()), known.end());
      const std::string asked = name.get<std::string>(), there = "the others are " + join(known, ", ");
      if (std::any_of(std::begin(kOfVocabulary), std::end(kOfVocabulary), [&](const char* n) { return last_component(asked) == n; }))
        return invalid_argument("targets: " + quoted_excerpt(asked) + " carries no adapter: it is as large as the vocabulary, and embedding and output layer are often one matrix; " + there);
      return invalid_argument("targets: the model has no matrix " + quoted_excerpt(asked) + "; it has " + join(known, ", "));
    }
  }
  for (const auto& site : sites)
    if (names_site(targets, site.path)) chosen.push_back(site);
  if (chosen.empty()) return nothing_selected(sites, targets);
  return chosen;
}

}  // namespace weft
