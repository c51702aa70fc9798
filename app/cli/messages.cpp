// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/messages.h"

#include <fmt/format.h>

#include "engine/core/files.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

constexpr std::uint64_t kMaxMessages = std::uint64_t{64} << 20;

}  // namespace

Result<Json> load_messages(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(const std::string text, read_file(path, kMaxMessages));
  auto json = parse_json(text);
  if (!json.ok()) return json.status().with_context(path);
  if (json->is_object() && json->contains("messages")) return Json((*json)["messages"]);
  if (!json->is_array())
    return invalid_argument(
        path + " must hold a list of messages [{\"role\":...,\"content\":...}], or an object with \"messages\"");
  return json;
}

Result<std::vector<ChatMessage>> load_conversation(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(const Json messages, load_messages(path));
  if (!messages.is_array()) return invalid_argument(path + ": \"messages\" is no list");
  std::vector<ChatMessage> conversation;
  for (const auto& message : messages) {
    const auto text = [&](const char* key) { return message.is_object() && message.contains(key) && message[key].is_string(); };
    if (!text("role") || !text("content"))
      return invalid_argument(fmt::format("{}: message {} has no \"role\" and \"content\", both texts", path, conversation.size() + 1));
    conversation.push_back({message["role"].get<std::string>(), message["content"].get<std::string>()});
  }
  if (conversation.empty() || conversation.back().role != "user")
    return invalid_argument(fmt::format("{}: the last message is {}, and only one of \"user\" can be answered", path,
                                        conversation.empty() ? "missing" : "of " + quoted_excerpt(conversation.back().role)));
  return conversation;
}

}  // namespace weft::cli
