// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <optional>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/run/locations.h"
#include "app/run/run_file.h"
#include "engine/api/method_exports.h"
#include "engine/api/method_sizes.h"
#include "engine/api/model_info.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

struct Options {
  std::string name, model;
  std::vector<std::string> sets;
};

struct Counted {
  ModelInfo model;
  MethodCount count;
};

const char* type_name(SettingType type) {
  switch (type) {
    case SettingType::Integer:
      return "integer";
    case SettingType::Real:
      return "real";
    case SettingType::Boolean:
      return "boolean";
    case SettingType::Text:
      return "text";
    case SettingType::Choice:
      return "choice";
    case SettingType::Path:
      return "path";
    case SettingType::TextOrList:
      return "text or list";
    case SettingType::Lines:
      return "lines";
  }
  return "";
}

Json to_json(const SettingSpec& spec) {
  Json json = {{"key", spec.key},
               {"title", spec.title},
               {"type", type_name(spec.type)},
               {"default", spec.initial},
               {"help", spec.help}};
  if (spec.min != spec.max) {
    json["min"] = spec.min;
    json["max"] = spec.max;
  }
  if (!spec.unit.empty()) json["unit"] = spec.unit;
  if (!spec.choices.empty()) json["choices"] = spec.choices;
  json["changes"] = spec.parts;
  return json;
}

const AdapterSite kExampleSite{"", "", -1, 576, 576};

// Parts as drawn for one real site of the model, or for a 576 x 576 example.
Json parts_json(const MethodDescriptor& method, const SettingValues& settings, const AdapterSite& site) {
  Json parts = Json::array();
  for (const auto& part : method.parts(site, settings))
    parts.push_back({{"symbol", part.symbol},
                     {"title", part.title},
                     {"rows", part.rows},
                     {"cols", part.cols},
                     {"trained", part.trained},
                     {"stored", part.stored}});
  return parts;
}

std::vector<ExportWay> exports_of(const MethodDescriptor& method, const SettingValues& settings, const Counted* counted) {
  return export_ways(method, settings, counted ? counted->model.sites : std::vector<AdapterSite>());
}

Json to_json(const MethodDescriptor& method, const SettingValues& settings, const Counted* counted) {
  Json json = {{"name", method.name},       {"title", method.title},     {"summary", method.summary},
               {"family", method.family},   {"formula", method.formula}, {"paper", method.paper},
               {"settings", Json::array()}, {"exports", Json::array()}};
  for (const auto& spec : method.settings) json["settings"].push_back(to_json(spec));
  for (const auto& size : method_sizes(method)) json["presets"][size.name] = size.settings;
  const auto ways = exports_of(method, settings, counted);
  for (const auto& way : ways) json["exports"].push_back(to_json(way));
  json["export"] = export_verdict(ways);
  const bool real = counted && !counted->model.sites.empty();
  json["parts"] = parts_json(method, settings, real ? counted->model.sites[0] : kExampleSite);
  if (counted)
    json["on_model"] = {
        {"model", counted->model.name},
        {"sites", counted->count.sites},
        {"trainable", counted->count.trained},
        {"share", static_cast<double>(counted->count.trained) / static_cast<double>(counted->model.parameters)},
        {"stored_bytes", counted->count.stored_bytes}};
  return json;
}

std::string range_of(const SettingSpec& spec) {
  if (!spec.choices.empty()) return join(spec.choices, " | ");
  if (spec.min != spec.max) return fmt::format("{:g} to {:g}", spec.min, spec.max);
  return type_name(spec.type);
}

void print_method(const MethodDescriptor& method, const SettingValues& settings, const Counted* counted) {
  print(fmt::format("{}  ({})\n{}\n{}\n\n", method.title, method.name, method.formula, method.paper));
  Table table({"setting", "default", "range", "effect"});
  for (const auto& spec : method.settings)
    table.add({spec.key, spec.initial.is_string() ? spec.initial.get<std::string>() : to_json_line(spec.initial),
               range_of(spec), spec.help});
  print(table.text());
  print("\npresets:\n");
  for (const auto& size : method_sizes(method)) {
    std::string sets;
    for (const auto& [key, value] : size.settings.items()) sets += fmt::format(" --set {}={}", key, to_json_line(value));
    print(fmt::format("  {:<9}{}  {}\n", size.name, sets, size.help));
  }
  const bool real = counted && !counted->model.sites.empty();
  print(real ? "\nparts at " + counted->model.sites[0].path + ":\n" : "\nparts at a matrix of 576 x 576:\n");
  Table parts({"  part", "shape", "", "what"});
  for (const auto& part :
       method.parts(real ? counted->model.sites[0] : kExampleSite, settings))
    parts.add({"  " + part.symbol, fmt::format("{} x {}", part.rows, part.cols), part.trained ? "trained" : "frozen",
               part.title});
  print(parts.text());
  print_exports(exports_of(method, settings, counted));
  if (counted)
    print(fmt::format(
        "\non {}: {} trainable parameters in {} matrices ({:.3g} % of {}), {} as a file\n",
        printable(counted->model.name), grouped(counted->count.trained), counted->count.sites,
        100.0 * static_cast<double>(counted->count.trained) / static_cast<double>(counted->model.parameters),
        grouped(counted->model.parameters), human_bytes(static_cast<double>(counted->count.stored_bytes))));
}

// Settings of one method: defaults and what --set says.
Result<SettingValues> settings_of(const MethodDescriptor& method, const std::vector<std::string>& sets) {
  TrainRequest request;
  request.method["name"] = method.name;
  std::vector<std::string> in_method;
  for (const auto& set : sets) in_method.push_back(set.rfind("method.", 0) == 0 ? set : "method." + set);
  WEFT_RETURN_IF_ERROR(apply_settings(request, in_method));
  SettingValues given = request.method;
  given.erase("name");
  return complete_settings(method.settings, given, "method");
}

int print_all(const std::vector<const MethodDescriptor*>& methods, const Options& options, const ModelInfo* model,
              const Call& call) {
  Json all = Json::array();
  Table table(model ? std::vector<std::string>{"name", "method", "", "trainable", "export", "formula"}
                    : std::vector<std::string>{"name", "method", "", "family", "export", "formula"},
              {false, false, false, model != nullptr, false, false});
  for (const auto* method : methods) {
    const auto settings = settings_of(*method, options.sets);
    if (!settings.ok()) return wrong_call(settings.status());
    std::optional<Counted> counted;
    if (model) {
      const auto count = count_method(*method, *settings, model->sites);
      if (!count.ok()) return wrong_call(count.status());
      counted = Counted{*model, *count};
    }
    if (call.json)
      all.push_back(to_json(*method, *settings, counted ? &*counted : nullptr));
    else if (!options.name.empty())
      print_method(*method, *settings, counted ? &*counted : nullptr);
    else
      table.add({method->name, method->title, method->summary,
                 counted ? grouped(counted->count.trained) : method->family,
                 export_verdict(exports_of(*method, *settings, counted ? &*counted : nullptr)), method->formula});
  }
  if (call.json)
    print_document(options.name.empty() ? Json{{"methods", all}} : all[0]);
  else if (options.name.empty())
    print(table.text());
  return kDone;
}

int work(const Options& options, const Call& call) {
  std::vector<const MethodDescriptor*> methods;
  if (options.name.empty()) {
    for (const auto& method : method_catalogue()) methods.push_back(&method);
  } else {
    const auto method = find_method(options.name);
    if (!method.ok()) return wrong_call(method.status());
    methods.push_back(*method);
  }
  if (options.model.empty()) return print_all(methods, options, nullptr, call);
  const auto path = find_model(options.model, "");
  if (!path.ok()) return failed(path.status());
  const auto model = inspect_model(*path);
  if (!model.ok()) return failed(model.status());
  return print_all(methods, options, &*model, call);
}

}  // namespace

void add_methods(CLI::App& app, Call& call) {
  const Arguments command(app, "methods", "the adapter methods: settings, parts, counts, exports, paper",
                          "weft-cli methods dora --model model.gguf --set rank=8");
  auto options = set_work<Options>(command, call, work);
  command.text("NAME", options->name, "one method");
  command.text("--model", options->model, "count trainable parameters on this model");
  command.texts("--set", options->sets, "count with key=value instead of the default (repeatable)");
  command.json_flag(call);
}

}  // namespace weft::cli
