// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/run_file.h"

#include <fmt/format.h>

namespace weft {
struct TomlParserLost {};  // an assertion of the parser failed: version 3.3 does so on files such as "[{"
}  // namespace weft
#define TOML_EXCEPTIONS 0
#define TOML_ASSERT(expr) (static_cast<bool>(expr) ? static_cast<void>(0) : throw ::weft::TomlParserLost{})
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wterminate"  // its accessors are noexcept; the parser, where it matters, is not
#include <toml++/toml.h>
#pragma GCC diagnostic pop

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "app/run/locations.h"
#include "engine/api/method_catalogue.h"
#include "engine/api/run_length.h"
#include "engine/core/files.h"
#include "engine/core/text_util.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxBytes = 1 << 20;  // a run file of a few kilobytes is long
constexpr std::ptrdiff_t kMaxDots = 16;       // dotted keys nest tables; the parser recurses over them

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const auto& section : run_sections()) names.push_back(section.name);
  return names;
}

// All settings that a section takes; those of [method] depend on its name ("lora" when there is none).
Result<std::vector<SettingSpec>> specs_of(const std::string& section, const Json& method) {
  for (const auto& known : run_sections()) {
    if (known.name != section) continue;
    std::vector<SettingSpec> specs = known.specs;
    if (section == "method") {
      const bool named = method.is_object() && method.contains("name") && method["name"].is_string();
      WEFT_ASSIGN_OR_RETURN(const MethodDescriptor* descriptor,
                            find_method(named ? method["name"].get<std::string>() : "lora"));
      specs.insert(specs.end(), descriptor->settings.begin(), descriptor->settings.end());
    }
    return specs;
  }
  return internal_error("no section " + section);
}

const SettingSpec* find_spec(const std::vector<SettingSpec>& specs, const std::string& key) {
  for (const auto& spec : specs)
    if (spec.key == key) return &spec;
  return nullptr;
}

std::string did_you_mean(const std::string& wrong, const std::vector<std::string>& known, bool brackets) {
  const std::string near = nearest_name(wrong, known);
  if (near.empty()) return "; it may be one of " + join(known, ", ");
  return "; did you mean " + (brackets ? "[" + near + "]" : "\"" + near + "\"") + "?";
}

Status unknown_key(const std::string& section, const std::string& key, const std::vector<SettingSpec>& specs) {
  std::vector<std::string> known;
  for (const auto& spec : specs) known.push_back(spec.key);
  return invalid_argument("[" + section + "] has no setting " + quoted_excerpt(key) + did_you_mean(key, known, false));
}

Result<Json> to_value(const toml::node& node) {
  if (const auto* text = node.as_string()) return Json(text->get());
  if (const auto* number = node.as_integer()) return Json(number->get());
  if (const auto* number = node.as_floating_point()) return Json(number->get());
  if (const auto* flag = node.as_boolean()) return Json(flag->get());
  if (const auto* list = node.as_array()) {
    Json values = Json::array();
    for (const auto& item : *list) {
      if (item.is_array()) return invalid_argument("a list inside a list has no meaning here");
      WEFT_ASSIGN_OR_RETURN(Json value, to_value(item));
      values.push_back(std::move(value));
    }
    return values;
  }
  return invalid_argument(node.is_table() ? "a table has no meaning here" : "dates and times have no meaning here");
}

// Checks one value and stores it. `betas` stands for beta1 and beta2.
Status store(TrainRequest& request, const std::string& section, const std::vector<SettingSpec>& specs,
             const std::string& key, Json value) {
  if (section == "train" && key == "betas") {
    if (!value.is_array() || value.size() != 2)
      return invalid_argument("[train] betas must be a list of two numbers, such as [0.9, 0.999]");
    WEFT_RETURN_IF_ERROR(store(request, section, specs, "beta1", value[0]));
    return store(request, section, specs, "beta2", value[1]);
  }
  const SettingSpec* spec = find_spec(specs, key);
  if (!spec) return unknown_key(section, key, specs);
  if (Status status = check_setting(*spec, value); !status.ok()) return status.with_context("[" + section + "]");
  if (spec->type == SettingType::Integer && value.is_number_float())
    value = static_cast<std::int64_t>(value.get<double>());
  if (spec->type == SettingType::Real && value.is_number_integer()) value = value.get<double>();
  request.section(section)[key] = std::move(value);
  return {};
}

Status at_line(const Status& status, const std::string& name, const toml::source_region& where) {
  return status.with_context(fmt::format("{} line {}", name, where.begin.line));
}

// As toml::parse, but a file on which the parser loses its way is an error too. Its state is thrown away, so nothing is
// left behind.
std::optional<toml::parse_result> parse_toml(std::string_view text, std::string_view name) {
  try {
    return toml::parse(text, name);
  } catch (const TomlParserLost&) {
    return std::nullopt;
  }
}

Status check_depth(std::string_view text, const std::string& name) {
  std::size_t line = 1;
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view key = text.substr(at, std::min(text.find('=', at), end) - at);
    if (std::count(key.begin(), key.end(), '.') > kMaxDots && key.find('"') == std::string_view::npos)
      return invalid_argument(fmt::format("{} line {}: a key of more than {} parts", name, line, kMaxDots));
    at = end + 1;
  }
  return {};
}

Status read_section(TrainRequest& request, const std::string& section, const toml::table& table,
                    const std::string& name) {
  if (section == "method") {  // its name decides which settings there are
    if (const auto* method = table.get("name"); method && method->is_string())
      request.method["name"] = method->as_string()->get();
  }
  auto specs = specs_of(section, request.method);
  if (!specs.ok()) {
    const auto* method = table.get("name");
    return at_line(specs.status(), name, method ? method->source() : table.source());
  }
  for (const auto& [key, node] : table) {
    Result<Json> value = to_value(node);
    Status status = value.ok() ? store(request, section, *specs, std::string(key.str()), std::move(*value))
                               : value.status().with_context("[" + section + "] " + quoted_excerpt(key.str()));
    if (!status.ok()) return at_line(status, name, key.source());
  }
  if (section != "train") return {};
  const bool steps = table.contains("steps"), epochs = table.contains("epochs");
  if (steps && epochs && request.train["steps"].get<double>() > 0 && request.train["epochs"].get<double>() > 0)
    return at_line(invalid_argument("[train] names steps and epochs; keep one"), name, table.get("epochs")->source());
  if (steps != epochs) settle_length(request.train, steps ? "steps" : "epochs");
  return {};
}

// A value on the command line: typed as the setting wants it, quotes optional.
Result<Json> parse_value(const SettingSpec* spec, const std::string& text) {
  const bool wants_text = spec && (spec->type == SettingType::Text || spec->type == SettingType::Choice ||
                                   spec->type == SettingType::Path || spec->type == SettingType::TextOrList ||
                                   spec->type == SettingType::Lines);
  const bool quoted = text.size() > 1 && (text[0] == '"' || text[0] == '\'' || text[0] == '[');
  if (!wants_text || (quoted && spec->type != SettingType::Path)) {
    const auto parsed = parse_toml("v = " + text + "\n", "--set");
    if (parsed && *parsed && parsed->table().size() == 1 && parsed->table().contains("v"))
      return to_value(*parsed->table().get("v"));
  }
  if (spec && spec->type == SettingType::TextOrList && text.find(',') != std::string::npos &&
      text.find_first_of("\\()[]{}|*+?^$") == std::string::npos) {
    Json list = Json::array();
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find(',', at), text.size());
      if (end > at) list.push_back(text.substr(at, end - at));
      at = end + 1;
    }
    return list;
  }
  return Json(text);
}

struct SettingPlace {
  std::string section, key;
};

// Of "section.key", or of a key that one section alone has.
Result<SettingPlace> place_of(const TrainRequest& request, const std::string& key) {
  const std::vector<std::string> sections = section_names();
  if (const std::size_t dot = key.find('.'); dot != std::string::npos) {
    const std::string section = key.substr(0, dot);
    if (std::find(sections.begin(), sections.end(), section) == sections.end())
      return invalid_argument("there is no section [" + section + "]" + did_you_mean(section, sections, true));
    return SettingPlace{section, key.substr(dot + 1)};
  }
  std::vector<std::string> having, all;
  for (const auto& name : sections) {
    WEFT_ASSIGN_OR_RETURN(const auto specs, specs_of(name, request.method));
    for (const auto& spec : specs) all.push_back(spec.key);
    if (find_spec(specs, key) || (name == "train" && key == "betas")) having.push_back(name);
  }
  if (having.empty())
    return invalid_argument("there is no setting " + quoted_excerpt(key) + did_you_mean(key, all, false));
  if (having.size() > 1)
    return invalid_argument(fmt::format("\"{0}\" is a setting of [{1}] and of [{2}]: write {1}.{0}= or {2}.{0}=", key,
                                        having[0], having[1]));
  return SettingPlace{having[0], key};
}

Status apply_one(TrainRequest& request, const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0)
    return invalid_argument(quoted_excerpt(assignment) + " is not key=value");
  const std::string text = assignment.substr(equals + 1);
  WEFT_ASSIGN_OR_RETURN(const SettingPlace place, place_of(request, assignment.substr(0, equals)));
  const auto& [section, key] = place;
  if (section == "method" && key == "name") request.method["name"] = text;
  WEFT_ASSIGN_OR_RETURN(const auto specs, specs_of(section, request.method));
  WEFT_ASSIGN_OR_RETURN(Json value, parse_value(find_spec(specs, key), text));
  WEFT_RETURN_IF_ERROR(store(request, section, specs, key, std::move(value)));
  if (section == "train") settle_length(request.train, key);
  return {};
}

std::string toml_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += std::string("\\") + c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      out += c;
  }
  return out + "\"";
}

std::string toml_value(const Json& value) {
  if (value.is_string()) return toml_text(value.get<std::string>());
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_integer()) return std::to_string(value.get<std::int64_t>());
  if (value.is_number_float()) {
    std::string text = fmt::format("{}", value.get<double>());  // the shortest text that reads back as the same number
    if (text.find_first_of(".en") == std::string::npos) text += ".0";
    return text;
  }
  std::vector<std::string> items;
  for (const auto& item : value) items.push_back(toml_value(item));
  return "[" + join(items, ", ") + "]";
}

std::string relative_inside(const std::string& path, const std::string& folder) {
  if (folder.empty() || !fs::path(path).is_absolute()) return path;
  const fs::path relative = fs::path(path).lexically_relative(folder);
  return relative.empty() || *relative.begin() == ".." ? path : relative.string();
}

}  // namespace

Result<TrainRequest> parse_run_file(std::string_view text, const std::string& name) {
  WEFT_RETURN_IF_ERROR(check_depth(text, name));
  const auto result = parse_toml(text, name);
  if (!result) return invalid_argument(name + " is not a run file: it cannot be read as TOML");
  const toml::parse_result& parsed = *result;
  if (!parsed) {
    const auto& error = parsed.error();
    return invalid_argument(fmt::format("{} line {}, column {}: {}", name, error.source().begin.line,
                                        error.source().begin.column, quoted_excerpt(error.description(), 200)));
  }
  TrainRequest request;
  const std::vector<std::string> sections = section_names();
  for (const auto& [key, node] : parsed.table()) {
    const std::string section(key.str());
    if (std::find(sections.begin(), sections.end(), section) == sections.end())
      return at_line(invalid_argument("there is no section [" + quoted_excerpt(section) + "]" +
                                      did_you_mean(section, sections, true)),
                     name, key.source());
    if (!node.is_table())
      return at_line(invalid_argument("[" + section + "] must be a section, not one value"), name, key.source());
    WEFT_RETURN_IF_ERROR(read_section(request, section, *node.as_table(), name));
  }
  return request;
}

Result<TrainRequest> read_run_file(const std::string& path) {
  auto text = read_file(path, kMaxBytes);
  if (!text.ok()) return text.status().with_context("run file");
  return parse_run_file(*text, fs::path(path).filename().string());
}

Status apply_settings(TrainRequest& request, const std::vector<std::string>& assignments) {
  // the method's name first: the other settings may be its own
  const auto names_method = [](const std::string& a) {
    return a.rfind("method.name=", 0) == 0 || a.rfind("name=", 0) == 0;
  };
  for (const bool first : {true, false})
    for (const auto& assignment : assignments)
      if (names_method(assignment) == first)
        if (Status status = apply_one(request, assignment); !status.ok()) return status.with_context("--set");
  return {};
}

Result<SettingSpec> find_setting(const TrainRequest& request, const std::string& name) {
  WEFT_ASSIGN_OR_RETURN(const SettingPlace place, place_of(request, name));
  WEFT_ASSIGN_OR_RETURN(const auto specs, specs_of(place.section, request.method));
  const SettingSpec* spec = find_spec(specs, place.key);
  if (!spec) return unknown_key(place.section, place.key, specs);
  return *spec;
}

Status resolve_paths(TrainRequest& request, const std::string& folder) {
  const auto resolve = [&](Json& section, const char* name,
                           Result<std::string> (*find)(const std::string&, const std::string&)) -> Status {
    if (!section.contains("path") || !section["path"].is_string() ||
        section["path"].get_ref<const std::string&>().empty())
      return {};
    auto found = find(section["path"].get<std::string>(), folder);
    if (!found.ok()) return found.status().with_context(std::string("[") + name + "] path");
    section["path"] = *found;
    return {};
  };
  WEFT_RETURN_IF_ERROR(resolve(request.model, "model", find_model));
  return resolve(request.data, "data", find_data);
}

std::string write_run_file(const TrainRequest& request, const std::string& folder) {
  std::string text;
  for (const auto& section : run_sections()) {
    const Json& values = request.section(section.name);
    if (!values.is_object() || values.empty()) continue;
    const auto specs = specs_of(section.name, request.method);
    if (!specs.ok()) continue;  // a method this program does not know cannot have been set
    text += (text.empty() ? "[" : "\n[") + section.name + "]\n";
    for (const auto& spec : *specs) {
      if (!values.contains(spec.key)) continue;
      const Json& value = values[spec.key];
      if (section.name == "train" && value.is_number() && value.get<double>() == 0 &&
          ((spec.key == "steps" && values.value("epochs", 0.0) > 0) ||
           (spec.key == "epochs" && values.value("steps", 0.0) > 0)))
        continue;  // reading turns it off again
      const bool path = spec.type == SettingType::Path && value.is_string();
      text +=
          spec.key + " = " + (path ? toml_text(relative_inside(value.get<std::string>(), folder)) : toml_value(value));
      if (spec.choices.size() > 1) text += "  # " + join(spec.choices, " | ");
      text += "\n";
    }
  }
  return text;
}

}  // namespace weft
