// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/settings.h"

#include <cmath>

#include <fmt/format.h>

#include "engine/core/text_util.h"

namespace weft {
namespace {

Status wrong_type(const SettingSpec& spec, const char* wanted, const Json& value) {
  return invalid_argument(fmt::format("{} must be {}, not {}", spec.key, wanted, quoted_excerpt(to_json_line(value))));
}

Status check_number(const SettingSpec& spec, const Json& value) {
  if (!value.is_number()) return wrong_type(spec, "a number", value);
  const double number = value.get<double>();
  if (!std::isfinite(number)) return wrong_type(spec, "a finite number", value);
  if (spec.type == SettingType::Integer && !value.is_number_integer() && number != std::floor(number))
    return wrong_type(spec, "a whole number", value);
  if (spec.min != spec.max && (number < spec.min || number > spec.max))
    return invalid_argument(fmt::format("{} = {} is outside {} to {}{}{}", spec.key, number, spec.min, spec.max,
                                        spec.unit.empty() ? "" : " ", spec.unit));
  return {};
}

}  // namespace

Status check_setting(const SettingSpec& spec, const Json& value) {
  switch (spec.type) {
    case SettingType::Integer:
    case SettingType::Real:
      return check_number(spec, value);
    case SettingType::Boolean:
      return value.is_boolean() ? Status() : wrong_type(spec, "true or false", value);
    case SettingType::Text:
    case SettingType::Path:
      return value.is_string() ? Status() : wrong_type(spec, "text", value);
    case SettingType::Choice: {
      if (!value.is_string()) return wrong_type(spec, "text", value);
      const auto& text = value.get_ref<const std::string&>();
      for (const auto& choice : spec.choices)
        if (choice == text) return {};
      return invalid_argument(
          fmt::format("{} = {} is not one of {}", spec.key, quoted_excerpt(text), join(spec.choices, ", ")));
    }
    case SettingType::TextOrList:
    case SettingType::Lines: {
      if (value.is_string()) return {};
      if (!value.is_array()) return wrong_type(spec, "text or a list of texts", value);
      for (const auto& item : value)
        if (!item.is_string()) return wrong_type(spec, "text or a list of texts", value);
      return {};
    }
  }
  return internal_error("unknown setting type of " + spec.key);
}

Result<SettingValues> complete_settings(const std::vector<SettingSpec>& specs, const SettingValues& values,
                                        const std::string& section) {
  std::vector<std::string> known;
  for (const auto& spec : specs) known.push_back(spec.key);
  if (!values.is_object() && !values.is_null()) return invalid_argument("[" + section + "] must be a table of settings");
  for (const auto& [key, value] : values.items()) {
    bool found = false;
    for (const auto& name : known) found = found || name == key;
    if (!found) {
      const std::string near = nearest_name(key, known);
      return invalid_argument(fmt::format("[{}] has no setting {}{}", section, quoted_excerpt(key),
                                          near.empty() ? "; it knows " + join(known, ", ") : "; did you mean \"" + near + "\"?"));
    }
  }
  SettingValues complete = Json::object();
  for (const auto& spec : specs) {
    const bool given = values.is_object() && values.contains(spec.key);
    const Json& value = given ? values[spec.key] : spec.initial;
    if (given) {
      if (Status status = check_setting(spec, value); !status.ok()) return status.with_context("[" + section + "]");
    }
    complete[spec.key] = value;
  }
  return complete;
}

}  // namespace weft
