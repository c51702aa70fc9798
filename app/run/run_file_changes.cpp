// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/run_file_changes.h"

#include <map>

#include "app/run/compare/comparison.h"
#include "engine/api/method_catalogue.h"

namespace weft {
namespace {

using Titles = std::map<std::string, std::string>;

Json with_defaults(const TrainRequest& request, Titles& titles) {
  Json all = Json::object();
  const auto fill = [&](const RunSection& section, const std::vector<SettingSpec>& specs) {
    const Json& given = request.section(section.name);
    for (const auto& spec : specs) {
      all[section.name][spec.key] = given.is_object() && given.contains(spec.key) ? given[spec.key] : section.initial_value(given, spec);
      titles[section.name + "." + spec.key] = spec.title;
    }
  };
  for (const auto& section : run_sections()) {
    fill(section, section.specs);
    if (section.name != "method") continue;
    const Json& name = all["method"]["name"];
    if (const auto method = find_method(name.is_string() ? name.get<std::string>() : std::string()); method.ok()) fill(section, (*method)->settings);
  }
  return all;
}

}  // namespace

std::vector<ComparedRow> changed_settings(const TrainRequest& before, const TrainRequest& after) {
  Titles titles;
  const Json old = with_defaults(before, titles), fresh = with_defaults(after, titles);
  auto rows = differing_settings({&old, &fresh});
  for (auto& row : rows)
    if (const auto title = titles.find(row.key); title != titles.end()) row.title = title->second;
  return rows;
}

}  // namespace weft
