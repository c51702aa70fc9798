// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/model_info.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <regex>
#include <tuple>

#include "engine/core/files.h"
#include "engine/core/text_util.h"
#include "engine/formats/model_parts.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxTokenizerConfigBytes = 32u << 20;
constexpr std::size_t kMaxFrontMatterBytes = 16384;

// --- tokenizer, from metadata alone ---------------------------------------------------------------------------------

std::string gguf_tokenizer(const GgufFile& file) {
  const auto kind = file.get_string("tokenizer.ggml.model");
  if (!kind) return "";
  const auto pre = file.get_string("tokenizer.ggml.pre");
  std::string text = *kind == "gpt2"    ? "byte-level BPE (" + valid_utf8(pre.value_or("default")) + ")"
                     : *kind == "llama" ? "SentencePiece BPE"
                     : *kind == "bert"  ? "WordPiece"
                     : *kind == "t5"    ? "Unigram"
                                        : quoted_excerpt(valid_utf8(*kind));
  const GgufValue* tokens = file.find("tokenizer.ggml.tokens");
  if (tokens && tokens->is_array()) text += ", " + std::to_string(tokens->count()) + " tokens";
  return text;
}

// tokenizer.json may have 20 MB, nearly all of it vocabulary; what says its kind stands before that.
std::string hf_tokenizer(const fs::path& folder) {
  const auto file = MappedFile::open(folder / "tokenizer.json");
  if (!file.ok()) {
    std::error_code unreadable;
    return fs::exists(folder / "tokenizer.model", unreadable) ? "SentencePiece (tokenizer.model)" : "";
  }
  const std::string_view all(reinterpret_cast<const char*>(file->bytes().data()), file->bytes().size());
  const auto model = all.rfind("\"model\"", all.find("\"vocab\""));
  if (model == std::string_view::npos) return "tokenizer.json";
  const std::string_view before = all.substr(0, all.find("\"vocab\"", model));
  const std::string_view head = before.substr(model);
  const bool bytes = before.find("\"ByteLevel\"") != std::string_view::npos;
  for (const char* kind : {"BPE", "WordPiece", "Unigram", "WordLevel"})
    if (head.find("\"" + std::string(kind) + "\"") != std::string_view::npos)
      return (bytes && std::string_view(kind) == "BPE" ? "byte-level " : "") + std::string(kind) + " (tokenizer.json)";
  return "tokenizer.json";
}

bool hf_has_template(const fs::path& folder) {
  std::error_code unreadable;
  if (fs::exists(folder / "chat_template.jinja", unreadable)) return true;
  const auto text = read_file(folder / "tokenizer_config.json", kMaxTokenizerConfigBytes);
  if (!text.ok()) return false;
  const auto json = parse_json(*text);
  return json.ok() && json->is_object() && json->contains("chat_template") && !(*json)["chat_template"].is_null();
}

// The line "license: apache-2.0" of the model card's front matter.
std::string hf_licence(const fs::path& folder) {
  const auto file = MappedFile::open(folder / "README.md");
  if (!file.ok()) return "";
  const std::string_view all(reinterpret_cast<const char*>(file->bytes().data()), std::min(file->bytes().size(), kMaxFrontMatterBytes));
  if (!all.starts_with("---")) return "";
  const std::string_view front = all.substr(0, all.find("\n---", 3));
  const std::string_view key = "\nlicense:";
  const auto at = front.find(key);
  if (at == std::string_view::npos) return "";
  std::string_view value = front.substr(at + key.size());
  value = value.substr(0, value.find('\n'));
  const auto first = value.find_first_not_of(" \t\"'\r"), last = value.find_last_not_of(" \t\"'\r");
  return first == std::string_view::npos ? "" : valid_utf8(value.substr(first, last - first + 1));
}

// --- the rest -------------------------------------------------------------------------------------------------------

bool rope_is_known(const std::string& type) { return type == "default" || type == "linear" || type == "llama3"; }

std::uint64_t file_bytes(const ModelParts& parts) {
  if (parts.gguf) return parts.gguf->file_bytes();
  std::uint64_t bytes = 0;
  std::error_code unreadable;
  for (const auto& file : parts.files) {
    const auto size = fs::file_size(file->path(), unreadable);
    if (!unreadable) bytes += size;
  }
  return bytes;
}

std::vector<AdapterSite> sites_of(const ModelParts& parts) {
  std::vector<AdapterSite> sites;
  constexpr std::string_view kSuffix = ".weight";
  for (std::int64_t layer = 0; layer < parts.config.layers; ++layer) {
    for (const auto& kind : parts.family->weights) {
      if (!kind.site) continue;
      AdapterSite site;
      site.path = layer_name(kind.hf, layer);
      site.path.resize(site.path.size() - kSuffix.size());
      site.module = site.path.substr(site.path.rfind('.') + 1);
      site.layer = static_cast<int>(layer);
      site.out = dim_size(kind.rows, parts.config);
      site.in = dim_size(kind.cols, parts.config);
      if (kind.rows == Dim::Query || kind.rows == Dim::KeyValue || kind.cols == Dim::Query) site.head_size = parts.config.head_size;
      sites.push_back(std::move(site));
    }
  }
  return sites;
}

void describe_weights(const ModelParts& parts, ModelInfo& info) {
  std::map<std::string, std::int64_t> elements_of_type;
  for (const auto& weight : parts.weights) {
    info.tensors.push_back({weight.stored_name, weight.stored_type, weight.shape, weight.bytes});
    elements_of_type[weight.stored_type] += weight.elements();
    const bool derived = is_derived_weight(weight.stored_name);
    const bool tied_copy = parts.config.tied_embeddings && weight.name == "lm_head.weight";
    if (!derived && !tied_copy) info.parameters += weight.elements();
  }
  std::int64_t most = -1;
  for (const auto& [type, elements] : elements_of_type)
    if (elements > most) most = elements, info.dtype = type;
}

void describe_config(const ModelConfig& config, ModelInfo& info) {
  info.name = valid_utf8(config.name);
  info.architecture = config.architecture;
  info.layers = config.layers;
  info.width = config.width;
  info.heads = config.heads;
  info.kv_heads = config.kv_heads;
  info.head_size = config.head_size;
  info.feed_forward = config.feed_forward;
  info.vocabulary = config.vocabulary;
  info.context = config.context;
  info.rope_theta = config.rope_theta;
  info.norm_eps = config.norm_eps;
  info.tied_embeddings = config.tied_embeddings;
}

}  // namespace

std::vector<ModelFile> model_files(const std::string& folder) {
  constexpr std::size_t kMost = 1000;   // entries looked at
  static const std::regex part("-([0-9]{5})-of-[0-9]{5}\\.gguf$", std::regex::icase);
  std::vector<ModelFile> files;
  std::error_code error;
  std::size_t looked = 0;
  for (fs::directory_iterator at(folder, error), end; !error && at != end && looked < kMost; at.increment(error), ++looked) {
    const std::string name = at->path().filename().string();
    std::string ending = at->path().extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::error_code unreadable;
    if (ending != ".gguf" || !at->is_regular_file(unreadable)) continue;
    std::smatch found;
    if (std::regex_search(name, found, part) && found[1] != "00001") continue;
    const auto bytes = at->file_size(unreadable);
    if (!unreadable) files.push_back({at->path().string(), valid_utf8(name), bytes});
  }
  std::sort(files.begin(), files.end(), [](const ModelFile& a, const ModelFile& b) { return std::tie(a.bytes, a.name) < std::tie(b.bytes, b.name); });
  return files;
}

Result<ModelInfo> inspect_model(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(const ModelParts parts, read_model(path));
  ModelInfo info;
  info.path = path;
  info.format = parts.format;
  describe_config(parts.config, info);
  describe_weights(parts, info);
  info.file_bytes = file_bytes(parts);
  if (parts.gguf) {
    info.tokenizer = gguf_tokenizer(*parts.gguf);
    info.has_chat_template = parts.gguf->get_string("tokenizer.chat_template").has_value();
    info.licence = valid_utf8(parts.gguf->get_string("general.license").value_or(""));
    info.beside = model_files(fs::absolute(path).parent_path().string());
    if (info.beside.size() < 2) info.beside.clear();
  } else {
    info.tokenizer = hf_tokenizer(parts.folder);
    info.has_chat_template = hf_has_template(parts.folder);
    info.licence = hf_licence(parts.folder);
  }
  Status usable = parts.usable;
  if (usable.ok() && !rope_is_known(parts.config.rope.type))
    usable = unsupported("its rotary embedding is scaled by " + quoted_excerpt(parts.config.rope.type) +
                         "; default, linear and llama3 are supported");
  info.trainable = usable.ok();
  info.why_not = usable.message();
  if (info.trainable) info.sites = sites_of(parts);
  return info;
}

Json to_json(const ModelInfo& info) {
  Json json = {{"path", info.path},
               {"format", info.format},
               {"name", info.name},
               {"architecture", info.architecture},
               {"trainable", info.trainable}};
  if (!info.trainable) json["why_not"] = info.why_not;
  json["layers"] = info.layers;
  json["width"] = info.width;
  json["heads"] = info.heads;
  json["kv_heads"] = info.kv_heads;
  json["head_size"] = info.head_size;
  json["feed_forward"] = info.feed_forward;
  json["vocabulary"] = info.vocabulary;
  json["context"] = info.context;
  json["rope_theta"] = info.rope_theta;
  json["norm_eps"] = info.norm_eps;
  json["tied_embeddings"] = info.tied_embeddings;
  json["parameters"] = info.parameters;
  json["file_bytes"] = info.file_bytes;
  json["dtype"] = info.dtype;
  json["tokenizer"] = info.tokenizer;
  json["has_chat_template"] = info.has_chat_template;
  json["licence"] = info.licence;
  json["sites"] = Json::array();
  for (const auto& site : info.sites)
    json["sites"].push_back({{"path", site.path}, {"module", site.module}, {"layer", site.layer}, {"out", site.out}, {"in", site.in}});
  if (!info.beside.empty()) json["beside"] = Json::array();
  for (const auto& file : info.beside) json["beside"].push_back({{"path", file.path}, {"bytes", file.bytes}});
  json["tensors"] = Json::array();
  for (const auto& tensor : info.tensors)
    json["tensors"].push_back({{"name", tensor.name}, {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"bytes", tensor.bytes}});
  return json;
}

}  // namespace weft
