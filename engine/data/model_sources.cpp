// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "engine/data/data_loader.h"

namespace weft {
namespace {

ChatSource source_of(const ChatTemplate& chat, std::string name) {
  return {.render = [chat](const Json& messages, bool ask) { return chat.render(messages, ask); }, .name = std::move(name), .warning = ""};
}

Result<ChatSource> named_source(const std::string& name) {
  auto chat = ChatTemplate::named(name);
  if (!chat.ok()) return chat.status().with_context("[data] template");
  return source_of(*chat, name);
}

Result<TokenCoder> coder_for(const std::string& model_path, const std::string& format) {
  auto tokenizer = Tokenizer::load(model_path);
  if (tokenizer.ok()) return coder_of(*tokenizer);
  // Token files need no tokenizer to be trained on.
  if (format == "tokens" && tokenizer.status().code() == ErrorCode::NotFound && !model_path.empty())
    return TokenCoder{.encode = {},
                      .decode = [](const std::vector<std::int32_t>&, bool) { return std::string(); },
                      .piece = [](std::int32_t) { return std::string(); },
                      .vocabulary = 0};
  return tokenizer.status();
}

Result<ChatSource> chat_for(const std::string& model_path, const std::string& setting, bool single_turn) {
  if (setting != "auto") return named_source(setting);
  auto own = ChatTemplate::load(model_path);
  if (own.ok()) return source_of(*own, "the model's own");
  if (own.status().code() != ErrorCode::NotFound) return own.status();
  if (!single_turn)
    return not_found("the model has no chat template, and these rows are conversations; set [data] template to \"chatml\", "
                     "\"alpaca\", \"plain\" or a file (" + own.status().message() + ")");
  WEFT_ASSIGN_OR_RETURN(ChatSource plain, named_source("plain"));
  plain.warning = "the model has no chat template: prompt and answer are joined as plain text (template = \"plain\")";
  return plain;
}

}  // namespace

LoaderSources sources_of_model(const std::string& model_path) {
  return {.coder = [model_path](const std::string& format) { return coder_for(model_path, format); },
          .chat = [model_path](const std::string& setting, bool single_turn) { return chat_for(model_path, setting, single_turn); }};
}

}  // namespace weft
