// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/json.h"

#include <unordered_map>
#include <utility>
#include <vector>

namespace weft {
namespace {

Status error_at(std::string_view text, std::size_t byte, const std::string& what) {
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

// Builds the tree from parser events. The library's own builder looks every new key up among all keys before it, so that an
// object of 500,000 keys would take minutes; here a key costs one hash.
class TreeBuilder final : public nlohmann::json_sax<Json> {
 public:
  TreeBuilder(std::string_view text, const JsonLimits& limits) : text_(text), limits_(limits) {}

  Json root;
  Status status;

  bool null() override { return add(nullptr) != nullptr; }
  bool boolean(bool value) override { return add(value) != nullptr; }
  bool number_integer(number_integer_t value) override { return add(value) != nullptr; }
  bool number_unsigned(number_unsigned_t value) override { return add(value) != nullptr; }
  bool number_float(number_float_t value, const string_t&) override { return add(value) != nullptr; }
  bool string(string_t& value) override { return add(std::move(value)) != nullptr; }
  bool binary(binary_t&) override { return false; }  // not in text
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Level& level = levels_.back();
    auto& members = static_cast<Members&>(level.node->get_ref<Json::object_t&>());
    const auto [known, fresh] = level.index.emplace(name, members.size());
    if (!fresh && limits_.refuse_duplicate_keys) {
      status = corrupt("JSON repeats the key \"" + name.substr(0, 80) + "\"");
      return false;
    }
    if (fresh) members.emplace_back(std::move(name), nullptr);
    target_ = &members[known->second].second;  // of two equal keys the last value counts, at the place of the first
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) override {
    status = error_at(text_, position, short_reason(error.what()));
    return false;
  }

 private:
  using Members = Json::object_t::Container;
  struct Level {
    Json* node;  // stable: a parent's members do not move while its child is open
    std::unordered_map<std::string, std::size_t> index;
  };

  Json* add(Json value) {
    if (levels_.empty()) return &(root = std::move(value));
    Json& parent = *levels_.back().node;
    if (parent.is_object()) return &(*target_ = std::move(value));
    parent.get_ref<Json::array_t&>().push_back(std::move(value));
    return &parent.back();
  }

  bool open(Json container) {
    if (levels_.size() >= static_cast<std::size_t>(limits_.max_depth)) {
      status = corrupt("JSON is nested deeper than " + std::to_string(limits_.max_depth) + " levels");
      return false;
    }
    levels_.push_back({add(std::move(container)), {}});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  const std::string_view text_;
  const JsonLimits limits_;
  std::vector<Level> levels_;
  Json* target_ = nullptr;  // where the value after a key goes
};

}  // namespace

Result<Json> parse_json(std::string_view text, const JsonLimits& limits) {
  // The library takes a NUL byte for the end of the text; in JSON it is never allowed.
  if (const auto nul = text.find('\0'); nul != std::string_view::npos) return error_at(text, nul + 1, "a NUL byte");
  TreeBuilder builder(text, limits);
  if (!Json::sax_parse(text.begin(), text.end(), &builder)) return builder.status;
  return std::move(builder.root);
}

std::string to_json_line(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace weft
