// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <optional>
#include <utility>

#include "engine/data/data_loader.h"

namespace weft {
namespace {

// What strftime_now says in a template: a data set must be the same tomorrow, when a run is gone on with.
constexpr const char* kTemplateDate = "2024-07-26";

// The model's tokenizer, read once for ids and for the templates' special tokens.
struct ModelText {
  std::string path;
  std::optional<Tokenizer> tokenizer;

  Status need_tokenizer() {
    if (tokenizer) return {};
    WEFT_ASSIGN_OR_RETURN(tokenizer, Tokenizer::load(path));
    return {};
  }
  [[nodiscard]] std::string special(std::int32_t id) const { return id < 0 ? "" : tokenizer->piece(id); }
};

ChatSource source_of(const ChatTemplate& chat, std::string name) {
  ChatSource source{.name = std::move(name)};
  source.render = [chat](const Json& messages, bool ask) {
    return chat.render_with(messages, ask, Json::object(), kTemplateDate);
  };
  return source;
}

Result<ChatSource> named_source(ModelText& model, const std::string& name) {
  WEFT_RETURN_IF_ERROR(model.need_tokenizer());
  const auto chat =
      ChatTemplate::named(name, model.special(model.tokenizer->bos_id()), model.special(model.tokenizer->eos_id()));
  if (!chat.ok()) return chat.status().with_context("[data] template");
  ChatSource source = source_of(*chat, name);
  source.add_special = name == "plain" || name == "alpaca";  // text like any other: the tokenizer adds what begins it
  return source;
}

Result<TokenCoder> coder_for(ModelText& model, const std::string& format) {
  const Status status = model.need_tokenizer();
  if (status.ok()) return coder_of(*model.tokenizer);
  // Token files need no tokenizer to be trained on.
  if (format != "tokens" || status.code() != ErrorCode::NotFound || model.path.empty()) return status;
  TokenCoder none;
  none.decode = [](const std::vector<std::int32_t>&, bool) { return std::string(); };
  none.piece = [](std::int32_t) { return std::string(); };
  return none;
}

Result<ChatSource> chat_for(ModelText& model, const std::string& setting, bool single_turn) {
  if (setting != "auto") return named_source(model, setting);
  const auto own = ChatTemplate::load(model.path);
  if (own.ok()) return source_of(*own, "the model's own");
  if (own.status().code() != ErrorCode::NotFound) return own.status();
  if (!single_turn)
    return not_found(
        "the rows are conversations, but the model has no chat template; set [data] template to chatml, alpaca, plain "
        "or a "
        "template file");
  WEFT_ASSIGN_OR_RETURN(ChatSource plain, named_source(model, "plain"));
  plain.warning = "the model has no chat template: prompt and answer are joined as plain text (template = \"plain\")";
  return plain;
}

}  // namespace

LoaderSources sources_of_model(const std::string& model_path) {
  auto model = std::make_shared<ModelText>(ModelText{.path = model_path, .tokenizer = std::nullopt});
  return {
      .coder = [model](const std::string& format) { return coder_for(*model, format); },
      .chat = [model](const std::string& setting, bool single_turn) { return chat_for(*model, setting, single_turn); }};
}

}  // namespace weft
