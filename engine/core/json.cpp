// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/json.h"

#include <set>
#include <vector>

namespace weft {
namespace {

struct TooDeep {};
struct DuplicateKey {
  std::string key;
};

Status parse_error(std::string_view text, std::size_t byte, const std::string& what) {
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i + 1 < byte && i < text.size(); ++i) {
    if (text[i] == '\n') {
      ++line;
      column = 1;
    } else {
      ++column;
    }
  }
  return corrupt("not valid JSON at line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + what);
}

// nlohmann's text is "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error ..."
std::string short_reason(const char* what) {
  std::string reason = what;
  if (auto at = reason.find("column "); at != std::string::npos)
    if (auto colon = reason.find(": ", at); colon != std::string::npos) reason = reason.substr(colon + 2);
  if (reason.size() > 160) reason = reason.substr(0, 160) + "...";
  for (char& c : reason)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return reason;
}

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  std::vector<std::set<std::string>> keys;
  auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > limits.max_depth) throw TooDeep{};
    if (limits.refuse_duplicate_keys) {
      if (event == Json::parse_event_t::object_start) keys.emplace_back();
      if (event == Json::parse_event_t::object_end && !keys.empty()) keys.pop_back();
      if (event == Json::parse_event_t::key && !keys.empty()) {
        const auto& key = parsed.get_ref<const std::string&>();
        if (!keys.back().insert(key).second) throw DuplicateKey{key};
      }
    }
    return true;
  };
  try {
    return Json::parse(text.begin(), text.end(), watch);
  } catch (const TooDeep&) {
    return corrupt("JSON is nested deeper than " + std::to_string(limits.max_depth) + " levels");
  } catch (const DuplicateKey& duplicate) {
    return corrupt("JSON repeats the key \"" + duplicate.key.substr(0, 80) + "\"");
  } catch (const Json::parse_error& error) {
    return parse_error(text, error.byte, short_reason(error.what()));
  } catch (const Json::exception& error) {
    return corrupt(std::string("not valid JSON: ") + short_reason(error.what()));
  }
}

std::string to_json_line(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace weft
