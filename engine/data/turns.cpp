// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/turns.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/core/text_util.h"

namespace weft {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kSpeakers{{
    {"human", "user"},
    {"user", "user"},
    {"gpt", "assistant"},
    {"assistant", "assistant"},
    {"chatgpt", "assistant"},
    {"bot", "assistant"},
    {"model", "assistant"},
    {"function_call", "assistant"},
    {"system", "system"},
    {"observation", "tool"},
    {"function_response", "tool"},
    {"tool", "tool"},
}};
constexpr std::array kWeightKeys{"loss_weight", "weight", "train", "training"};

const Json* member(const Json& object, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto it = object.find(name); it != object.end()) return &*it;
  return nullptr;
}

Result<std::string> content_text(const Json& content) {
  if (content.is_string()) return content.get<std::string>();
  if (content.is_null()) return std::string();
  if (!content.is_array()) return invalid_argument(std::string("content is a ") + content.type_name() + ", not text");
  std::string text;
  for (const auto& part : content) {
    if (part.is_string()) {
      text += part.get_ref<const std::string&>();
      continue;
    }
    if (!part.is_object()) return invalid_argument("a part of the content is not an object");
    const Json* type = member(part, {"type"});
    if (type && *type != "text")
      return invalid_argument("content has a part of type " + quoted_excerpt(to_json_line(*type), 30) +
                              "; only text is trained");
    const Json* words = member(part, {"text", "value"});
    if (!words || !words->is_string()) return invalid_argument("a text part of the content has no text");
    text += words->get_ref<const std::string&>();
  }
  return text;
}

Result<bool> is_masked(const Json& item) {
  for (const char* key : kWeightKeys) {
    const Json* weight = member(item, {key});
    if (!weight || weight->is_null()) continue;
    if (weight->is_boolean()) return !weight->get<bool>();
    if (weight->is_number()) return weight->get<double>() <= 0;
    return invalid_argument(std::string(key) + " is neither a number nor true or false");
  }
  return false;
}

Result<Turn> turn_from_json(const Json& item) {
  if (!item.is_object()) return invalid_argument("is not an object");
  const Json* role = member(item, {"role", "from"});
  if (!role || !role->is_string() || role->get_ref<const std::string&>().empty())
    return invalid_argument("has no role");
  const Json* content = member(item, {"content", "value"});
  if (!content && !item.contains("tool_calls")) return invalid_argument("has no content");
  WEFT_ASSIGN_OR_RETURN(std::string text, content ? content_text(*content) : Result<std::string>(std::string()));
  WEFT_ASSIGN_OR_RETURN(const bool masked, is_masked(item));
  std::string name = role->get<std::string>();
  for (const auto& [speaker, meaning] : kSpeakers)
    if (name == speaker) name = std::string(meaning);
  Turn turn = make_turn(name, std::move(text));
  turn.trained = turn.trained && !masked;
  for (const auto& [key, value] : item.items()) {  // tool_calls, name, …: templates may use them
    if (key == "role" || key == "from" || key == "content" || key == "value") continue;
    if (std::find(kWeightKeys.begin(), kWeightKeys.end(), key) == kWeightKeys.end()) turn.message[key] = value;
  }
  return turn;
}

}  // namespace

Turn make_turn(const std::string& role, std::string content) {
  Turn turn;
  turn.message = Json{{"role", role}, {"content", std::move(content)}};
  turn.trained = role == "assistant";
  return turn;
}

Result<std::vector<Turn>> turns_from_json(const Json& list) {
  if (!list.is_array()) return invalid_argument("the conversation is not a list of turns");
  if (list.size() > kMaxTurns)
    return invalid_argument("has " + std::to_string(list.size()) + " turns; at most " + std::to_string(kMaxTurns) +
                            " are read");
  std::vector<Turn> turns;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto turn = turn_from_json(list[i]);
    if (!turn.ok()) return turn.status().with_context("turn " + std::to_string(i + 1));
    turns.push_back(std::move(turn).value());
  }
  return turns;
}

Status check_turns(std::vector<Turn>& turns) {
  if (turns.empty()) return invalid_argument("the conversation has no turn");
  if (turns.size() > kMaxTurns)
    return invalid_argument("has " + std::to_string(turns.size()) + " turns; at most " + std::to_string(kMaxTurns) +
                            " are read");
  bool assistant = false, said = false;
  for (auto& turn : turns) {
    if (turn.role() != "assistant") continue;
    assistant = true;
    const bool empty =
        turn.content().find_first_not_of(" \t\r\n") == std::string::npos && !turn.message.contains("tool_calls");
    said = said || !empty;
    if (empty) turn.trained = false;
  }
  if (!assistant) return invalid_argument("the conversation has no assistant turn");
  if (!said) return invalid_argument("the answer is empty");
  return {};
}

}  // namespace weft
