// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/chat_template.h"

#include <fmt/format.h>

#include <filesystem>

#include "engine/core/files.h"
#include "engine/core/text_util.h"
#include "engine/formats/gguf.h"
#include "engine/text/bridge_text.h"
#include "engine/text/template_text.h"
#include "engine/text/tokenizer_config.h"
#include "named_templates.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxTemplateBytes = 1u << 20;
constexpr const char* kChooseOne = "choose one of chatml, alpaca, plain or a template file";

struct FreeTemplate {
  void operator()(weft_text_template* handle) const { weft_text_template_free(handle); }
};

// The text of token number `key` of a GGUF file; "" when it has none.
std::string gguf_token(const GgufFile& file, const char* key) {
  const auto id = file.get_u64(key);
  if (!id) return "";
  const auto tokens = file.get_strings("tokenizer.ggml.tokens");
  return tokens.ok() && *id < tokens->size() ? std::string((*tokens)[*id]) : "";
}

Result<std::string> named_text(const std::string& name_or_file) {
  for (const auto& known : kNamedTemplates)
    if (name_or_file == known.name) return std::string(known.source);
  std::error_code ignored;
  if (!fs::is_regular_file(name_or_file, ignored))
    return not_found(fmt::format("no chat template {}: {}", quoted_excerpt(name_or_file), kChooseOne));
  return read_file(name_or_file, kMaxTemplateBytes);
}

struct OwnTemplate {
  std::string text, bos, eos;
};

Result<OwnTemplate> own_template(const std::string& model_path) {
  std::error_code ignored;
  if (!fs::exists(model_path, ignored)) return not_found(model_path + ": no such file or folder");
  const std::string missing = fmt::format("{}: the model has no chat template; {}", model_path, kChooseOne);
  if (fs::is_directory(model_path, ignored)) {
    WEFT_ASSIGN_OR_RETURN(const TokenizerConfig config, read_tokenizer_config(model_path));
    if (!config.chat_template || config.chat_template->empty()) return not_found(missing);
    return OwnTemplate{*config.chat_template, config.bos.value_or(""), config.eos.value_or("")};
  }
  WEFT_ASSIGN_OR_RETURN(const auto file, GgufFile::open(model_path));
  const auto source = file->get_string("tokenizer.chat_template");
  if (!source || source->empty()) return not_found(missing);
  return OwnTemplate{std::string(*source), gguf_token(*file, "tokenizer.ggml.bos_token_id"), gguf_token(*file, "tokenizer.ggml.eos_token_id")};
}

}  // namespace

struct ChatTemplate::Impl {
  std::unique_ptr<weft_text_template, FreeTemplate> handle;
  std::string name, bos, eos;
};

ChatTemplate::ChatTemplate(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

Result<ChatTemplate> ChatTemplate::compile(const std::string& name, std::string_view source, const std::string& bos,
                                           const std::string& eos) {
  auto impl = std::make_shared<Impl>();
  impl->name = name;
  impl->bos = bos;
  impl->eos = eos;
  weft_text_template* handle = nullptr;
  weft_text_string error{};
  const int code = weft_text_template_compile(source.data(), source.size(), &handle, &error);
  if (code != WEFT_TEXT_OK) return bridge_failure(code, ErrorCode::Corrupt, "chat template " + name, error);
  impl->handle.reset(handle);
  return ChatTemplate(std::move(impl));
}

Result<ChatTemplate> ChatTemplate::from_source(const std::string& source, const std::string& bos, const std::string& eos) {
  return compile("given", source, bos, eos);
}

Result<ChatTemplate> ChatTemplate::named(const std::string& name_or_file, const std::string& bos, const std::string& eos) {
  WEFT_ASSIGN_OR_RETURN(const std::string source, named_text(name_or_file));
  return compile(name_or_file, source, bos, eos);
}

Result<ChatTemplate> ChatTemplate::load(const std::string& model_path) {
  WEFT_ASSIGN_OR_RETURN(const OwnTemplate own, own_template(model_path));
  return compile("of the model", own.text, own.bos, own.eos);
}

Result<std::string> template_text(const std::string& model_path, const std::string& choice) {
  if (choice != "auto") return named_text(choice);
  WEFT_ASSIGN_OR_RETURN(OwnTemplate own, own_template(model_path));
  return std::move(own.text);
}

Result<RenderedChat> ChatTemplate::render(const Json& messages, bool add_generation_prompt) const {
  return render_with(messages, add_generation_prompt, Json::object());
}

Result<RenderedChat> ChatTemplate::render_with(const Json& messages, bool add_generation_prompt, const Json& variables,
                                               const std::string& date) const {
  if (!messages.is_array()) return invalid_argument("messages must be a list of {\"role\", \"content\"} objects");
  Json context = {{"messages", messages}, {"tools", nullptr}, {"documents", nullptr},
                  {"add_generation_prompt", add_generation_prompt}};
  if (!impl_->bos.empty()) context["bos_token"] = impl_->bos;
  if (!impl_->eos.empty()) context["eos_token"] = impl_->eos;
  if (variables.is_object())
    for (const auto& [key, value] : variables.items()) context[key] = value;
  if (!date.empty()) context["_weft_date"] = date;
  const std::string text = to_json_line(context);
  weft_text_rendering rendering{};
  weft_text_string error{};
  const int code = weft_text_render(impl_->handle.get(), text.data(), text.size(), &rendering, &error);
  if (code != WEFT_TEXT_OK) return bridge_failure(code, ErrorCode::InvalidArgument, "chat template " + impl_->name, error);
  RenderedChat chat;
  chat.text.assign(rendering.text.data, rendering.text.size);
  for (std::size_t i = 0; i < rendering.range_count; ++i)
    chat.generation.emplace_back(rendering.ranges[2 * i], rendering.ranges[2 * i + 1]);
  weft_text_rendering_free(rendering);
  return chat;
}

const std::string& ChatTemplate::name() const { return impl_->name; }

}  // namespace weft
