// SPDX-License-Identifier: GPL-3.0-or-later
// One description of a setting, from which window, command line, run file and project all derive:
// its key, type, default, range, unit and help live here and nowhere else.
#pragma once

#include <string>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft {

enum class SettingType { Integer, Real, Boolean, Text, Choice, Path, TextOrList, Lines };  // Lines: a list of texts, each a line of a form

struct SettingSpec {
  std::string key;                   // "rank": unique in its section
  std::string title;                 // "Rank": what a form shows
  SettingType type = SettingType::Text;
  Json initial;                      // default value
  double min = 0, max = 0;           // inclusive, for numbers; min == max means no limit
  std::string unit;                  // "tokens", "" when it has none
  std::vector<std::string> choices;  // for Choice
  std::string help;                  // one sentence: effect and when to change it
  bool advanced = false;             // hidden by a form's simple view
  bool highlights(const std::string& part) const;
  std::vector<std::string> parts;    // symbols of the parts of the method picture that it changes ("A", "B", "m")
};

inline bool SettingSpec::highlights(const std::string& part) const {
  for (const auto& p : parts)
    if (p == part) return true;
  return false;
}

// Checks type, range and choices. The message names the key, the value and what is allowed.
[[nodiscard]] Status check_setting(const SettingSpec& spec, const Json& value);

// Values by key, complete (defaults filled in) or not; order kept.
using SettingValues = Json;  // an object

// Checks every value against its spec and fills in defaults. Unknown keys are errors that name the nearest known key.
[[nodiscard]] Result<SettingValues> complete_settings(const std::vector<SettingSpec>& specs, const SettingValues& values,
                                                      const std::string& section);

}  // namespace weft
