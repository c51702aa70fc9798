// SPDX-License-Identifier: GPL-3.0-or-later
// What a method can be written as, from its parts and settings: no preset declares any of it.
#include <algorithm>

#include <fmt/format.h>

#include "engine/adapter/presets/preset.h"
#include "engine/api/export_offer.h"
#include "engine/api/method_exports.h"
#include "engine/api/sentences.h"

namespace weft {
namespace {

// The class of PEFT that reads a configuration, where that is not the one of a plain LoRA.
std::string peft_class(const PeftConfig& config) {
  static constexpr std::pair<const char*, const char*> kClasses[] = {{"LOHA", "LoHaConfig"}, {"LOKR", "LoKrConfig"}, {"OFT", "OFTConfig"},
                                                                     {"BOFT", "BOFTConfig"}, {"IA3", "IA3Config"},   {"VERA", "VeraConfig"},
                                                                     {"FOURIERFT", "FourierFTConfig"}};
  for (const auto& [type, name] : kClasses)
    if (config.peft_type == type) return name;
  return config.use_dora ? sentences::kLoraConfigWithDora : "";
}

// Starts that are taken off W (Start::starts_at_zero() is false): others need twice the rank.
bool start_is_taken_off(const SettingValues& settings) {
  const std::string start = settings.value("start", "");
  return start == "pissa" || start == "pissa-exact" || start == "olora" || start == "loftq" || start == "lq";
}

const char* kind_name(ExportKind kind) {
  switch (kind) {
    case ExportKind::Exact: return "exact";
    case ExportKind::Merged: return "merged";
    case ExportKind::Approximate: return "approximate";
    case ExportKind::Impossible: return "impossible";
  }
  return "";
}

// "@16", "@8 to 24" where matrices differ, "@8 in the mean" where data will say which gets how many.
std::string exact_lora(const MethodDescriptor& method, const SettingValues& settings, const std::vector<AdapterSite>& sites) {
  const std::int64_t times = start_is_taken_off(settings) ? 2 : 1;
  std::vector<AdapterSite> chosen{{.out = 576, .in = 576}};   // the example where there is no model
  if (const auto selected = select_sites(sites, settings.value("targets", Json("all-linear"))); selected.ok() && !selected->empty()) chosen = *selected;
  std::int64_t least = update_width(method, chosen.front(), settings) * times, most = least;
  for (const auto& site : chosen) {
    const std::int64_t width = update_width(method, site, settings) * times;
    least = std::min(least, width);
    most = std::max(most, width);
  }
  if (settings.value("start", "") == "eva" && settings.value("rank_spread", 1.0) > 1) return fmt::format(sentences::kExactLoraInTheMean, most);
  return least == most ? fmt::format(sentences::kExactLora, most) : fmt::format(sentences::kExactLoraFromTo, least, most);
}

std::int64_t whole_at(const Json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_number_integer() ? object[key].get<std::int64_t>() : 0;
}

// The adapted matrices as the run recorded them.
std::vector<AdapterSite> recorded_sites(const Json& started) {
  std::vector<AdapterSite> sites;
  if (!started.is_object() || !started.contains("sites") || !started["sites"].is_array()) return sites;
  for (const auto& site : started["sites"]) {
    const std::int64_t out = whole_at(site, "out"), in = whole_at(site, "in");
    if (out < 1 || in < 1 || !site.contains("path") || !site["path"].is_string()) continue;
    const auto path = site["path"].get<std::string>();
    sites.push_back({.path = path, .module = path.substr(path.rfind('.') + 1), .out = out, .in = in});
  }
  return sites;
}

}  // namespace

std::int64_t update_width(const MethodDescriptor& method, const AdapterSite& site, const SettingValues& settings) {
  return method.width ? method.width(site, settings) : settings.at("rank").get<std::int64_t>();
}

std::vector<ExportWay> export_ways(const MethodDescriptor& method, const SettingValues& settings, const std::vector<AdapterSite>& sites) {
  const auto preset = find_preset(method.name);
  if (!preset.ok()) return {};
  const bool low_rank = (*preset)->wraps.empty() && !(*preset)->dense && (*preset)->delta != "none";
  PeftConfig config;
  if ((*preset)->to_peft) (*preset)->to_peft(settings, config);
  // what data decide is no number yet
  const bool found = (*preset)->plans_ranks || (method.allots_ranks && method.width);
  const std::string own_class = (*preset)->to_peft ? peft_class(config) : "";
  const std::string plain = !low_rank ? "" : found ? sentences::kExactLoraFound : exact_lora(method, settings, sites);
  std::vector<ExportWay> all;
  if (!own_class.empty())
    all.push_back({"peft", ExportKind::Exact, fmt::format(sentences::kExactVia, own_class), sentences::kPeftFolder});
  else if (low_rank)
    all.push_back({"peft", ExportKind::Exact, plain, sentences::kPeftFolder});
  else
    all.push_back({"peft", ExportKind::Impossible, "", fmt::format(sentences::kPeftHasNone, method.title)});
  const bool exact = all.front().kind == ExportKind::Exact;
  all.push_back({"merged", ExportKind::Merged, exact ? sentences::kExactMerged : sentences::kMergedOnly, sentences::kWholeModel});
  if (low_rank)
    all.push_back({"gguf-adapter", ExportKind::Exact, plain, sentences::kGgufAdapter});
  else
    all.push_back({"gguf-adapter", ExportKind::Impossible, "", sentences::kGgufAdapterNeedsFactors});
  all.push_back({"gguf", ExportKind::Merged, all[1].term, sentences::kWholeModelOneFile});
  all.push_back({"peft-rank", ExportKind::Approximate, sentences::kApproximateSvd, sentences::kPeftFolderOfRank});
  return all;
}

std::vector<ExportOffer> export_offers(const Json& section, const Json& started, std::int64_t rank, const std::string& dtype) {
  const bool named = section.is_object() && section.contains("name") && section["name"].is_string();
  const auto method = find_method(named ? section["name"].get<std::string>() : std::string());
  if (!method.ok()) return {};
  SettingValues given = section;
  given.erase("name");
  const auto settings = complete_settings((*method)->settings, given, "method");
  if (!settings.ok()) return {};
  const auto sites = recorded_sites(started);
  // numbers of two thin factors at every matrix
  const auto of_width = [&](const auto& width) {
    std::uint64_t numbers = 0;
    for (const auto& site : sites) numbers += static_cast<std::uint64_t>(std::min({width(site), site.in, site.out}) * (site.in + site.out));
    return numbers;
  };
  const std::int64_t times = start_is_taken_off(*settings) ? 2 : 1;
  const std::uint64_t of_update = of_width([&](const AdapterSite& site) { return update_width(**method, site, *settings) * times; });
  std::vector<ExportOffer> offers;
  for (auto& way : export_ways(**method, *settings, sites)) {
    ExportOffer offer{std::move(way), 0};
    const std::string& format = offer.way.format;
    const bool own_class = offer.way.term.starts_with("EXACT via");
    if (offer.way.kind == ExportKind::Impossible)
      offer.bytes = 0;
    else if (format == "merged" || format == "gguf")
      offer.bytes = static_cast<std::uint64_t>(whole_at(started, "total_parameters")) * (dtype == "fp32" ? 4 : 2);
    else if (format == "gguf-adapter")
      offer.bytes = of_update * (dtype == "fp32" ? 4 : 2);
    else if (format == "peft-rank")
      offer.bytes = rank < 1 ? 0 : 4 * of_width([&](const AdapterSite&) { return rank; });
    else
      offer.bytes = 4 * (own_class ? static_cast<std::uint64_t>(whole_at(started, "trainable")) : of_update);
    offers.push_back(std::move(offer));
  }
  return offers;
}

Json to_json(const ExportWay& way) {
  return {{"format", way.format}, {"ability", kind_name(way.kind)}, {"term", way.term}, {"note", way.note}};
}

std::string export_verdict(const std::vector<ExportWay>& ways) {
  for (const auto& way : ways)
    if (way.kind == ExportKind::Exact || way.kind == ExportKind::Merged) return way.term;
  return sentences::kProjectOnly;
}

}  // namespace weft
