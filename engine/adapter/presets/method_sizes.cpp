// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/method_sizes.h"

#include <cmath>

namespace weft {
namespace {

// What grows together: alpha as well, so that the factor alpha / rank stays.
constexpr const char* kSizes[] = {"rank", "alpha", "target_rank", "grown_rank", "most_rank", "budget", "n_frequency"};

// A matrix that takes any of the sizes, to ask the method whether it does.
const AdapterSite kSite{.path = "model.layers.0.self_attn.q_proj", .module = "q_proj", .layer = 0, .out = 4096, .in = 4096, .head_size = 64};

SettingValues scaled(const MethodDescriptor& method, double factor) {
  SettingValues settings = Json::object();
  for (const auto& spec : method.settings)
    for (const char* key : kSizes) {
      if (spec.key != key || !spec.initial.is_number()) continue;
      const double value = spec.initial.get<double>() * factor;
      if (spec.type == SettingType::Integer)
        settings[spec.key] = static_cast<std::int64_t>(std::llround(value));
      else
        settings[spec.key] = value;
    }
  return settings;
}

// Parameters at that matrix; 0: the method does not accept the settings.
std::int64_t trained(const MethodDescriptor& method, const SettingValues& settings) {
  const auto complete = complete_settings(method.settings, settings, "method");
  if (!complete.ok()) return 0;
  const auto count = count_method(method, *complete, {kSite});
  return count.ok() ? count->trained : 0;
}

}  // namespace

std::vector<MethodSize> method_sizes(const MethodDescriptor& method) {
  std::vector<MethodSize> sizes{{"balanced", "Balanced", "The method's defaults.", Json::object()}};
  const std::int64_t balanced = trained(method, Json::object());
  if (SettingValues light = scaled(method, 0.25); trained(method, light) > 0 && trained(method, light) < balanced)
    sizes.insert(sizes.begin(), {"light", "Light", "A quarter of the size: less memory, and enough where the answers are short or alike.", std::move(light)});
  if (SettingValues thorough = scaled(method, 4); trained(method, thorough) > balanced)
    sizes.push_back({"thorough", "Thorough", "Four times the size: for much data that teaches something new.", std::move(thorough)});
  return sizes;
}

}  // namespace weft
