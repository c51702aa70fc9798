// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/report/inspect_pictures.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace weft {
namespace {

constexpr std::size_t kMostLayers = 6;   // as many as there are colours to tell apart

ChartSeries spectrum_of(const std::vector<float>& values, const std::string& name, int colour) {
  ChartSeries series{.name = name, .x = {}, .y = {}, .colour = colour, .style = ChartSeries::Style::Points, .dash = colour};
  for (std::size_t i = 0; i < values.size(); ++i) {
    series.x.push_back(static_cast<double>(i + 1));
    series.y.push_back(static_cast<double>(values[i]));
  }
  return series;
}

struct Place {
  std::string module;
  int layer = -1;
  const SpectrumEvent* spectrum = nullptr;
};

std::vector<Place> places_of(const InspectReply& reply) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < std::min(reply.sites.size(), reply.spectra.size()); ++i)
    places.push_back({reply.sites[i].module, reply.sites[i].layer, &reply.spectra[i]});
  return places;
}

std::vector<std::string> modules_of(const std::vector<Place>& places) {
  std::vector<std::string> modules;
  for (const auto& place : places)
    if (std::find(modules.begin(), modules.end(), place.module) == modules.end()) modules.push_back(place.module);
  return modules;
}

HeatMap map_of(const std::vector<Place>& places, const std::string& title, const std::string& scale, double SpectrumEvent::* figure) {
  HeatMap map{.title = title, .scale_title = scale, .rows = {}, .columns = modules_of(places), .values = {}};
  std::set<int> layers;
  std::map<std::pair<int, std::string>, double> values;
  for (const auto& place : places) {
    layers.insert(place.layer);
    values[{place.layer, place.module}] = place.spectrum->*figure;
  }
  for (const int layer : layers) {
    map.rows.push_back(layer < 0 ? "-" : std::to_string(layer));
    for (const auto& module : map.columns) {
      const auto at = values.find({layer, module});
      map.values.push_back(at == values.end() ? std::nan("") : at->second);
    }
  }
  return map;
}

}  // namespace

std::vector<Picture> inspect_pictures(const InspectReply& reply) {
  const std::vector<Place> places = places_of(reply);
  std::vector<Picture> pictures;
  pictures.push_back(heat_picture("effective-rank", map_of(places, "Effective rank of the update, layers by modules", "effective rank", &SpectrumEvent::effective_rank)));
  pictures.push_back(heat_picture("norm", map_of(places, "Norm of the update, layers by modules", "Frobenius norm", &SpectrumEvent::frobenius)));
  for (const auto& module : modules_of(places)) {
    std::vector<const Place*> layers;
    for (const auto& place : places)
      if (place.module == module) layers.push_back(&place);
    std::stable_sort(layers.begin(), layers.end(), [](const Place* a, const Place* b) { return a->layer < b->layer; });
    const std::size_t shown = std::min(layers.size(), kMostLayers);
    std::vector<ChartSeries> series;
    for (std::size_t i = 0; i < shown; ++i) {  // spread over the depth of the model
      const Place& place = *layers[shown == 1 ? 0 : i * (layers.size() - 1) / (shown - 1)];
      const std::string name = place.layer < 0 ? place.spectrum->site : fmt::format("layer {}", place.layer);
      series.push_back(spectrum_of(place.spectrum->singular_values, name, static_cast<int>(i) + 1));
    }
    const std::string of = layers.size() > shown ? fmt::format(", {} of {} layers", shown, layers.size()) : "";
    pictures.push_back(line_picture("spectra-" + module, series,
                                    {.title = "Singular values of the update, " + module + of, .x_title = "index", .y_title = "singular value", .log_y = true, .height = 320}));
  }
  return pictures;
}

std::vector<Picture> inspect_pictures(const CloseUpReply& reply) {
  std::vector<ChartSeries> series{spectrum_of(reply.spectrum.singular_values, "update", 1)};
  if (!reply.difference.singular_values.empty()) series.push_back(spectrum_of(reply.difference.singular_values, "less the other", 2));
  return {line_picture("spectrum-" + reply.shown.path, series,
                       {.title = "Singular values of " + reply.shown.path, .x_title = "index", .y_title = "singular value", .log_y = true, .height = 320})};
}

}  // namespace weft
