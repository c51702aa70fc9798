// SPDX-License-Identifier: GPL-3.0-or-later
// Fields, defaults and rules: formats.md 1.2 to 1.7 (PEFT 0.18, files from 0.3 on).
#include "engine/formats/peft_config.h"

#include <cmath>
#include <filesystem>
#include <map>
#include <regex>

#include "engine/core/files.h"
#include "engine/core/text_util.h"

namespace weft {
namespace {

constexpr std::uint64_t kMaxConfigBytes = 4u << 20;
constexpr std::size_t kMaxPatternBytes = 512;
constexpr std::int64_t kMaxRank = 1 << 20;
constexpr const char* kWrittenVersion = "0.18.0";

// The types beside LORA that are read. Of each field PEFT's default, and what becomes of another value: kept for the method, refused since it
// would change what the adapter computes, or of no account once the adapter is trained. All are written.
enum class Use { Kept, Fixed, Ignored };
struct OtherField {
  const char* key;
  Json standard;
  Use use;
};
struct OtherType {
  const char* name;
  bool rank, alpha;                 // "r"; "alpha" and the patterns of both
  bool layers, excludes;            // layers_to_transform and layers_pattern; exclude_modules
  std::vector<OtherField> fields;
};
const std::vector<OtherType>& other_types() {
  static const OtherField conv{"use_effective_conv2d", false, Use::Fixed}, fan{"fan_in_fan_out", false, Use::Fixed}, start{"init_weights", true, Use::Ignored},
      bias{"bias", "none", Use::Ignored}, rank_dropout{"rank_dropout", 0.0, Use::Ignored}, module_dropout{"module_dropout", 0.0, Use::Ignored};
  static const std::vector<OtherType> types{
      {"LOHA", true, true, true, true, {conv, start, rank_dropout, module_dropout}},
      {"LOKR", true, true, true, true,
       {conv, start, rank_dropout, module_dropout, {"decompose_both", false, Use::Kept}, {"decompose_factor", -1, Use::Kept}}},
      {"IA3", false, false, false, true, {fan, {"feedforward_modules", Json::array(), Use::Kept}, {"init_ia3_weights", true, Use::Ignored}}},
      {"VERA", true, false, true, false,
       {fan, start, bias, {"d_initial", 0.1, Use::Kept}, {"projection_prng_key", 0, Use::Kept}, {"save_projection", true, Use::Fixed},
        {"vera_dropout", 0.0, Use::Ignored}}},
      {"OFT", false, false, true, true,
       {fan, start, bias, module_dropout, {"r", 0, Use::Kept}, {"oft_block_size", 32, Use::Kept}, {"block_share", false, Use::Kept},
        {"coft", false, Use::Kept}, {"eps", 6e-5, Use::Kept}, {"use_cayley_neumann", true, Use::Kept}, {"num_cayley_neumann_terms", 5, Use::Kept}}},
      {"BOFT", false, false, true, true,
       {fan, start, bias, {"boft_block_size", 4, Use::Kept}, {"boft_block_num", 0, Use::Kept}, {"boft_n_butterfly_factor", 1, Use::Fixed},
        {"boft_dropout", 0.0, Use::Ignored}}},
      {"FOURIERFT", false, false, false, true,
       {fan, start, {"n_frequency", 1000, Use::Kept}, {"scaling", 150.0, Use::Kept}, {"random_loc_seed", 777, Use::Kept},
        {"n_frequency_pattern", Json::object(), Use::Fixed}}}};
  return types;
}
const OtherType* other_type(const std::string& name) {
  for (const auto& type : other_types())
    if (name == type.name) return &type;
  return nullptr;
}

bool is_finite(const Json& value) { return value.is_number() && std::isfinite(value.get<double>()); }

bool same_kind(const Json& a, const Json& b) {
  return (a.is_boolean() && b.is_boolean()) || (a.is_number_integer() && b.is_number_integer()) || (is_finite(a) && b.is_number_float()) ||
         (a.is_object() && b.is_object()) || (b.is_array() && (a.is_array() || a.is_string()));
}

// Null and absent are the same to PEFT: the default counts.
const Json* find(const Json& json, const char* key) {
  const auto found = json.find(key);
  return found == json.end() || found->is_null() ? nullptr : &*found;
}

Status wrong(const std::string& key, const char* kind, const Json& value) {
  return corrupt(key + " should be " + kind + ", but is " + quoted_excerpt(to_json_line(value), 40));
}

bool is_rank(const Json& value) {
  return value.is_number_integer() && value >= 1 && value <= kMaxRank;
}


Status read_numbers(const Json& json, PeftConfig& config) {
  const OtherType* other = other_type(config.peft_type);
  if (const Json* rank = find(json, "r"); rank && (!other || other->rank)) {
    if (!is_rank(*rank)) return wrong("r", "a whole number from 1", *rank);
    config.rank = rank->get<std::int64_t>();
  }
  const char* alpha_key = config.peft_type == "LORA" ? "lora_alpha" : "alpha";
  if (const Json* alpha = find(json, alpha_key)) {
    if (!is_finite(*alpha)) return wrong(alpha_key, "a number", *alpha);
    config.alpha = alpha->get<double>();
  }
  if (const Json* dropout = find(json, "lora_dropout")) {
    if (!is_finite(*dropout) || *dropout < 0 || *dropout >= 1) return wrong("lora_dropout", "a number from 0 to below 1", *dropout);
    config.dropout = dropout->get<double>();
  }
  for (const auto& [key, target] : {std::pair{"use_rslora", &config.use_rslora}, {"use_dora", &config.use_dora}}) {
    const Json* flag = find(json, key);
    if (flag && !flag->is_boolean()) return wrong(key, "true or false", *flag);
    if (flag) *target = flag->get<bool>();
  }
  return {};
}

Status read_patterns(const Json& json, PeftConfig& config) {
  for (const char* name : {"rank_pattern", "alpha_pattern"}) {
    const Json* patterns = find(json, name);
    if (patterns == nullptr) continue;
    if (!patterns->is_object()) return wrong(name, "an object", *patterns);
    const bool ranks = std::string_view(name) == "rank_pattern";
    for (const auto& [key, value] : patterns->items()) {
      if (key.size() > kMaxPatternBytes) return corrupt(std::string(name) + " has a key of " + std::to_string(key.size()) + " bytes");
      if (ranks ? !is_rank(value) : !is_finite(value))
        return wrong(std::string(name) + "." + quoted_excerpt(key), ranks ? "a whole number from 1" : "a number", value);
      if (ranks)
        config.rank_pattern.emplace_back(key, value.get<std::int64_t>());
      else
        config.alpha_pattern.emplace_back(key, value.get<double>());
    }
  }
  return {};
}

Status read_targets(const Json& json, PeftConfig& config) {
  if (const Json* targets = find(json, "target_modules")) {
    bool good = targets->is_string() || targets->is_array();
    if (targets->is_array())
      for (const auto& name : *targets) good = good && name.is_string();
    if (!good) return wrong("target_modules", "a text or a list of texts", *targets);
    config.target_modules = *targets;
  }
  if (const Json* start = find(json, "init_lora_weights")) {
    if (!start->is_boolean() && !start->is_string()) return wrong("init_lora_weights", "true, false or a text", *start);
    config.init_lora_weights = start->is_string() ? start->get<std::string>() : start->get<bool>() ? "true" : "false";
  }
  if (const Json* base = find(json, "base_model_name_or_path"); base && base->is_string()) config.base_model = base->get<std::string>();
  return {};
}

Status check_blocks(const Json& json, const PeftConfig& config) {
  const bool oft = config.peft_type == "OFT";
  if (oft && (!find(json, "oft_block_size") || (config.other.at("use_cayley_neumann") == true && !find(json, "peft_version"))))  // as PEFT itself
    return unsupported("the adapter was made by an OFT of PEFT before 0.18, which computes something else; train it anew");
  const char *number = oft ? "r" : "boft_block_num", *size = oft ? "oft_block_size" : "boft_block_size";
  if ((config.other.at(number) == 0) == (config.other.at(size) == 0))
    return corrupt(std::string(number) + " and " + size + " cut a matrix into blocks: one of them is 0, and not the other");
  return {};
}

Status read_other(const Json& json, const OtherType& type, PeftConfig& config) {
  for (const auto& field : type.fields) {
    if (field.use == Use::Ignored) continue;
    const Json* value = find(json, field.key);
    if (value && !same_kind(*value, field.standard)) return wrong(field.key, "of another kind", *value);
    if (value && field.use == Use::Fixed && *value != field.standard)
      return unsupported(std::string("the adapter uses ") + field.key + " = " + quoted_excerpt(to_json_line(*value), 40) + ", which cannot be honoured yet");
    if (value && value->is_array())
      for (const auto& name : *value)
        if (!name.is_string()) return wrong(field.key, "a list of texts", *value);
    if (field.use == Use::Kept) config.other[field.key] = value ? *value : field.standard;
  }
  if (!type.rank) config.rank = 1;
  if (!type.alpha) config.alpha = static_cast<double>(config.rank);
  if (config.peft_type == "OFT" || config.peft_type == "BOFT") return check_blocks(json, config);
  return {};
}

// Set to anything but "off", these change what the adapter computes, and nothing here computes it.
Status refuse_unknown_mathematics(const Json& json) {
  for (const char* key : {"target_parameters", "use_qalora", "use_bdlora", "layer_replication", "arrow_config", "monteclora_config",
                          "velora_config", "kasa_config", "megatron_config", "lora_bias", "modules_to_save", "trainable_token_indices",
                          "alora_invocation_tokens"}) {
    const Json* value = find(json, key);
    const bool off = value == nullptr || *value == false || ((value->is_array() || value->is_object()) && value->empty());
    if (!off)
      return unsupported(std::string("the adapter uses ") + key + " = " + quoted_excerpt(to_json_line(*value), 40) +
                         ", which cannot be honoured yet");
  }
  if (const Json* bias = find(json, "bias"); bias && *bias != "none")
    return unsupported("the adapter trains biases (bias = " + quoted_excerpt(to_json_line(*bias), 40) + "), which cannot be honoured yet");
  return {};
}

// These starts changed the base model; on the stock base the adapter would mean something else.
Status refuse_changed_base(const std::string& start) {
  for (const char* name : {"pissa", "olora", "corda", "loftq", "lora_ga"})
    if (start == name || start.starts_with(std::string(name) + "_"))
      return unsupported("the adapter was made on a changed base (init_lora_weights = " + quoted_excerpt(start) +
                         "); save it with PEFT's path_initial_model_for_weight_conversion, which makes a plain LoRA of it");
  return {};
}

Status parse(const std::string& text, PeftConfig& config) {
  WEFT_ASSIGN_OR_RETURN(config.raw, parse_json(text));
  const Json& json = config.raw;
  if (!json.is_object()) return corrupt("it does not hold an object");
  const Json* type = find(json, "peft_type");
  if (type == nullptr || !type->is_string()) return corrupt("peft_type is missing; this is not a PEFT adapter");
  config.peft_type = type->get<std::string>();
  const OtherType* other = other_type(config.peft_type);
  if (config.peft_type != "LORA" && !other)
    return unsupported("the adapter is of the type " + quoted_excerpt(config.peft_type) +
                       "; LORA (with rsLoRA and DoRA), LOHA, LOKR, VERA, OFT, BOFT, IA3 and FOURIERFT are supported");
  WEFT_RETURN_IF_ERROR(read_numbers(json, config));
  WEFT_RETURN_IF_ERROR(read_targets(json, config));
  WEFT_RETURN_IF_ERROR(read_patterns(json, config));
  if (other) WEFT_RETURN_IF_ERROR(read_other(json, *other, config));
  WEFT_RETURN_IF_ERROR(refuse_unknown_mathematics(json));
  return refuse_changed_base(config.init_lora_weights);
}

bool is_plain(const std::string& key) {
  return key.find_first_of("\\^$*+?()[]{}|") == std::string::npos;
}

// Python's re.match("(.*\.)?(KEY)$", path).
bool matches(const std::string& key, const std::string& path) {
  if (is_plain(key)) {  // the tail equals the key (whose dots match anything) and starts a component
    if (key.size() > path.size()) return false;
    const std::size_t at = path.size() - key.size();
    for (std::size_t i = 0; i < key.size(); ++i)
      if (key[i] != '.' && key[i] != path[at + i]) return false;
    return at == 0 || path[at - 1] == '.';
  }
  try {
    // Polynomial: a hostile pattern cannot make the search explode. A leading ^ means the start of the path, as in Python.
    const std::regex pattern("(.*\\.)?(" + key + ")$", std::regex::ECMAScript | std::regex_constants::__polynomial);
    return std::regex_match(path, pattern);
  } catch (const std::regex_error&) {
    return false;
  }
}

Json whole_if_possible(double value) {
  if (std::floor(value) == value && std::abs(value) < 1e15) return static_cast<std::int64_t>(value);
  return value;
}

}  // namespace

std::int64_t PeftConfig::rank_of(const std::string& module_path) const {
  for (const auto& [key, value] : rank_pattern)
    if (matches(key, module_path)) return value;
  return rank;
}

double PeftConfig::alpha_of(const std::string& module_path) const {
  for (const auto& [key, value] : alpha_pattern)
    if (matches(key, module_path)) return value;
  return alpha;
}

Result<PeftConfig> read_peft_config(const std::string& folder) {
  const std::filesystem::path path = std::filesystem::path(folder) / "adapter_config.json";
  auto text = read_file(path, kMaxConfigBytes);
  if (text.status().code() == ErrorCode::NotFound)
    return not_found(folder + " has no adapter_config.json; a PEFT adapter is a folder with adapter_config.json and adapter_model.safetensors");
  if (!text.ok()) return text.status();
  PeftConfig config;
  if (Status status = parse(*text, config); !status.ok()) return status.with_context(path.string());
  return config;
}

std::string write_peft_config(const PeftConfig& config) {
  // What a file that was read said of these stays; they do not change what the adapter computes.
  const auto kept = [&config](const char* key, Json fallback) {
    const Json* value = config.raw.is_object() ? find(config.raw, key) : nullptr;
    return value ? *value : fallback;
  };
  Json ranks = Json::object(), alphas = Json::object();
  for (const auto& [key, value] : config.rank_pattern) ranks[key] = value;
  for (const auto& [key, value] : config.alpha_pattern) alphas[key] = whole_if_possible(value);
  if (const OtherType* type = other_type(config.peft_type)) {
    Json json = {{"auto_mapping", nullptr},
                 {"base_model_name_or_path", config.base_model.empty() ? Json(nullptr) : Json(config.base_model)},
                 {"inference_mode", true},
                 {"modules_to_save", nullptr},
                 {"peft_type", config.peft_type},
                 {"peft_version", kWrittenVersion},
                 {"revision", kept("revision", nullptr)},
                 {"target_modules", config.target_modules},
                 {"task_type", kept("task_type", "CAUSAL_LM")}};
    if (type->rank) json["r"] = config.rank;
    if (type->alpha) json.update({{"alpha", whole_if_possible(config.alpha)}, {"rank_pattern", ranks}, {"alpha_pattern", alphas}});
    if (type->layers) json.update({{"layers_pattern", kept("layers_pattern", nullptr)}, {"layers_to_transform", kept("layers_to_transform", nullptr)}});
    if (type->excludes) json["exclude_modules"] = kept("exclude_modules", nullptr);
    for (const auto& field : type->fields) json[field.key] = field.use == Use::Kept ? config.other.value(field.key, field.standard) : field.standard;
    std::map<std::string, Json> sorted;
    for (const auto& [key, value] : json.items()) sorted[key] = value;
    return Json(sorted).dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
  }
  Json start = config.init_lora_weights;
  if (config.init_lora_weights == "true" || config.init_lora_weights == "false") start = config.init_lora_weights == "true";
  const Json json = {
      {"alora_invocation_tokens", nullptr},
      {"alpha_pattern", alphas},
      {"arrow_config", nullptr},
      {"auto_mapping", nullptr},
      {"base_model_name_or_path", config.base_model.empty() ? Json(nullptr) : Json(config.base_model)},
      {"bias", "none"},
      {"corda_config", nullptr},
      {"ensure_weight_tying", false},
      {"eva_config", nullptr},
      {"exclude_modules", kept("exclude_modules", nullptr)},
      {"fan_in_fan_out", false},
      {"inference_mode", true},
      {"init_lora_weights", start},
      {"layer_replication", nullptr},
      {"layers_pattern", kept("layers_pattern", nullptr)},
      {"layers_to_transform", kept("layers_to_transform", nullptr)},
      {"loftq_config", Json::object()},
      {"lora_alpha", whole_if_possible(config.alpha)},
      {"lora_bias", false},
      {"lora_dropout", config.dropout},
      {"megatron_config", nullptr},
      {"megatron_core", "megatron.core"},
      {"modules_to_save", nullptr},
      {"peft_type", config.peft_type},
      {"peft_version", kWrittenVersion},
      {"qalora_group_size", 16},
      {"r", config.rank},
      {"rank_pattern", ranks},
      {"revision", kept("revision", nullptr)},
      {"target_modules", config.target_modules},
      {"target_parameters", nullptr},
      {"task_type", kept("task_type", "CAUSAL_LM")},
      {"trainable_token_indices", nullptr},
      {"use_dora", config.use_dora},
      {"use_qalora", false},
      {"use_rslora", config.use_rslora},
  };
  return json.dump(2, ' ', /*ensure_ascii=*/true, Json::error_handler_t::replace);
}

}  // namespace weft
