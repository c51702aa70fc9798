// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/generate/prompt.h"

#include <algorithm>
#include <filesystem>

#include "engine/core/files.h"

namespace weft {
namespace {

constexpr std::size_t kContext = 6;         // tokens before a text that decide how it begins
constexpr std::size_t kMostWaiting = 8;     // no character has more tokens than bytes, and few of them
constexpr std::uint64_t kMaxConfig = std::uint64_t{1} << 20;
constexpr const char* kReplacement = "\xEF\xBF\xBD";

bool ends_incomplete(const std::string& text) { return text.size() >= 3 && text.compare(text.size() - 3, 3, kReplacement) == 0; }

// What generation_config.json beside a model names: one id or several. A folder without one, or a broken one, names none.
std::vector<std::int32_t> named_ends(const std::string& model_path) {
  std::vector<std::int32_t> ids;
  std::error_code error;
  const auto file = std::filesystem::path(model_path) / "generation_config.json";
  if (!std::filesystem::is_regular_file(file, error)) return ids;
  const auto text = read_file(file.string(), kMaxConfig);
  if (!text.ok()) return ids;
  const auto json = parse_json(*text);
  if (!json.ok() || !json->is_object() || !json->contains("eos_token_id")) return ids;
  const Json& named = (*json)["eos_token_id"];
  const auto add = [&](const Json& id) {
    if (id.is_number_integer() && id.get<std::int64_t>() >= 0 && id.get<std::int64_t>() <= INT32_MAX) ids.push_back(id.get<std::int32_t>());
  };
  if (named.is_array())
    for (const auto& id : named) add(id);
  else
    add(named);
  return ids;
}

}  // namespace

Result<PromptWriter> PromptWriter::load(const std::string& model_path) {
  LoaderSources sources = sources_of_model(model_path);
  WEFT_ASSIGN_OR_RETURN(TokenCoder coder, sources.coder("messages"));
  std::vector<std::int32_t> stops = named_ends(model_path);
  if (coder.eos >= 0) stops.push_back(coder.eos);
  return PromptWriter(std::move(sources), std::move(coder), std::move(stops));
}

// The special token that the template writes right after an answer, -1 where it writes none.
std::int32_t PromptWriter::end_of_turn(const ChatSource& chat, const Json& messages) const {
  static const std::string kAnswer = "answered";
  Json answered = messages;
  answered.push_back({{"role", "assistant"}, {"content", kAnswer}});
  const auto whole = chat.render(answered, false);
  if (!whole.ok()) return -1;
  const auto at = whole->text.rfind(kAnswer);
  if (at == std::string::npos) return -1;
  const auto after = coder_.encode(std::string_view(whole->text).substr(at + kAnswer.size()), false);
  return after.ok() && !after->ids.empty() && after->special.front() != 0 ? after->ids.front() : -1;
}

Result<PromptTokens> PromptWriter::write(const std::vector<ChatMessage>& messages, const std::string& chat_template) const {
  PromptTokens prompt;
  prompt.stops = stops_;
  bool special = true;
  if (chat_template == "none") {
    prompt.shown.text = messages.back().content;
  } else {
    WEFT_ASSIGN_OR_RETURN(const ChatSource chat, sources_.chat(chat_template.empty() ? "auto" : chat_template, /*single_turn=*/true));
    Json list = Json::array();
    for (const auto& message : messages) list.push_back({{"role", message.role}, {"content", message.content}});
    auto rendered = chat.render(list, true);
    if (!rendered.ok()) return rendered.status().with_context("[generate] template");
    prompt.shown.text = std::move(rendered->text);
    prompt.shown.template_name = chat.name;
    prompt.shown.warning = chat.warning;
    special = chat.add_special;
    if (const auto end = end_of_turn(chat, list); end >= 0) prompt.stops.push_back(end);
  }
  WEFT_ASSIGN_OR_RETURN(Encoding encoding, coder_.encode(prompt.shown.text, special));
  // some tokenizers end a text as they begin it; an answer goes on from there
  if (special && encoding.ids.size() > 1 && encoding.ids.back() == coder_.eos) encoding.ids.pop_back();
  if (encoding.ids.empty()) return invalid_argument("[generate] the prompt is empty: there is no token to go on from");
  prompt.ids = std::move(encoding.ids);
  prompt.shown.tokens = static_cast<std::int64_t>(prompt.ids.size());
  return prompt;
}

TextStream::TextStream(const TokenCoder& coder, const std::vector<std::int32_t>& before) : coder_(coder) {
  context_.assign(before.end() - static_cast<std::ptrdiff_t>(std::min(before.size(), kContext)), before.end());
  out_ = context_.size();
  settled_ = coder_.decode(context_, false);
}

std::string TextStream::add(std::int32_t id) {
  context_.push_back(id);
  std::string whole = coder_.decode(context_, false);
  const bool grows = whole.size() >= settled_.size() && whole.compare(0, settled_.size(), settled_) == 0;
  if (ends_incomplete(whole) && context_.size() - out_ < kMostWaiting) return {};
  std::string added = grows ? whole.substr(settled_.size()) : coder_.decode({context_.begin() + static_cast<std::ptrdiff_t>(out_), context_.end()}, false);
  if (context_.size() > 2 * kContext) {
    context_.erase(context_.begin(), context_.end() - static_cast<std::ptrdiff_t>(kContext));
    whole = coder_.decode(context_, false);
  }
  out_ = context_.size();
  settled_ = std::move(whole);
  return added;
}

std::string TextStream::preview(std::int32_t id) const {
  auto with = context_;
  with.push_back(id);
  const std::string before = out_ == context_.size() ? settled_ : coder_.decode(context_, false), whole = coder_.decode(with, false);
  const bool grows = whole.size() > before.size() && whole.compare(0, before.size(), before) == 0;
  return grows && !ends_incomplete(whole) ? whole.substr(before.size()) : coder_.piece(id);
}

std::string TextStream::finish() {
  if (out_ == context_.size()) return {};
  const std::string whole = coder_.decode(context_, false);
  const bool grows = whole.size() >= settled_.size() && whole.compare(0, settled_.size(), settled_) == 0;
  out_ = context_.size();
  return grows ? whole.substr(settled_.size()) : std::string();
}

}  // namespace weft
