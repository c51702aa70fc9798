// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/tokenizer_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "engine/core/files.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxConfigBytes = 16u << 20;
constexpr std::uint64_t kMaxTemplateBytes = 1u << 20;

// Null when the file is absent.
Result<Json> read_object(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return Json();
  WEFT_ASSIGN_OR_RETURN(const std::string text, read_file(path, kMaxConfigBytes));
  auto parsed = parse_json(text);
  if (!parsed.ok()) return parsed.status().with_context(path.string());
  if (!parsed->is_object()) return corrupt(path.string() + ": not a JSON object");
  return parsed;
}

// A token is a text or an AddedToken object with its text in "content".
std::optional<std::string> token_text(const Json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return std::nullopt;
  if (at->is_string()) return at->get<std::string>();
  if (at->is_object() && at->contains("content") && (*at)["content"].is_string()) return (*at)["content"].get<std::string>();
  return std::nullopt;
}

std::int64_t token_id(const Json& object, const char* key) {
  const auto at = object.find(key);
  if (at == object.end()) return -1;
  const Json& value = at->is_array() && !at->empty() ? at->front() : *at;  // several ends: the first
  return value.is_number_integer() ? value.get<std::int64_t>() : -1;
}

// A text, or a list of {"name", "template"} of which "default" (else the first) counts.
std::optional<std::string> template_text(const Json& object) {
  const auto at = object.find("chat_template");
  if (at == object.end()) return std::nullopt;
  if (at->is_string()) return at->get<std::string>();
  if (!at->is_array()) return std::nullopt;
  std::optional<std::string> first;
  for (const Json& entry : *at) {
    if (!entry.is_object() || !entry.contains("template") || !entry["template"].is_string()) continue;
    const std::string text = entry["template"].get<std::string>();
    if (entry.value("name", Json()) == Json("default")) return text;
    if (!first) first = text;
  }
  return first;
}

void read_added_tokens(const Json& object, std::vector<AddedToken>& added) {
  const auto at = object.find("added_tokens_decoder");
  if (at == object.end() || !at->is_object()) return;
  for (const auto& [key, token] : at->items()) {
    AddedToken entry;
    const auto end = key.data() + key.size();
    if (std::from_chars(key.data(), end, entry.id).ptr != end || entry.id < 0 || !token.is_object()) continue;
    if (!token.contains("content") || !token["content"].is_string()) continue;
    entry.content = token["content"].get<std::string>();
    const auto special = token.find("special");
    entry.special = special != token.end() && special->is_boolean() && special->get<bool>();
    added.push_back(std::move(entry));
  }
  std::sort(added.begin(), added.end(), [](const AddedToken& a, const AddedToken& b) { return a.id < b.id; });
}

}  // namespace

Result<TokenizerConfig> read_tokenizer_config(const std::string& folder) {
  const fs::path root(folder);
  TokenizerConfig config;
  WEFT_ASSIGN_OR_RETURN(const Json own, read_object(root / "tokenizer_config.json"));
  WEFT_ASSIGN_OR_RETURN(const Json map, read_object(root / "special_tokens_map.json"));
  WEFT_ASSIGN_OR_RETURN(const Json model, read_object(root / "config.json"));
  const auto token = [&](const char* key) {
    if (own.is_object() && own.contains(key)) return token_text(own, key);  // null there means none
    return map.is_object() ? token_text(map, key) : std::nullopt;
  };
  config.bos = token("bos_token");
  config.eos = token("eos_token");
  if (model.is_object()) {
    const bool unsaid_bos = !(own.is_object() && own.contains("bos_token"));
    const bool unsaid_eos = !(own.is_object() && own.contains("eos_token"));
    if (unsaid_bos) config.bos_id = token_id(model, "bos_token_id");
    if (unsaid_eos) config.eos_id = token_id(model, "eos_token_id");
  }
  if (own.is_object()) {
    if (const auto name = token_text(own, "tokenizer_class")) config.tokenizer_class = *name;
    read_added_tokens(own, config.added);
    const auto lower = own.find("do_lower_case");
    if (lower != own.end() && lower->is_boolean()) config.lowercase = lower->get<bool>();
    config.chat_template = template_text(own);
  }
  std::error_code ignored;
  if (const auto file = root / "chat_template.jinja"; fs::exists(file, ignored)) {
    WEFT_ASSIGN_OR_RETURN(config.chat_template, read_file(file, kMaxTemplateBytes));
  }
  return config;
}

}  // namespace weft
