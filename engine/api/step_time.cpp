// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/step_time.h"

#include <cmath>

namespace weft {
namespace {

bool read_ms(const Json& object, const char* key, double& value) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_number()) return false;
  value = at->get<double>();
  return std::isfinite(value) && value >= 0;
}

bool read_count(const Json& object, const char* key, std::int64_t& value) {
  const auto at = object.find(key);
  if (at == object.end() || !at->is_number_integer()) return false;
  value = at->get<std::int64_t>();
  return value >= 0;
}

}  // namespace

void RecentSteps::add(const StepEvent& step) {
  double looked = 0;
  for (const double ms : step.phase_ms) looked += ms;
  if (!(looked > 0) || !std::isfinite(looked) || !std::isfinite(step.ms)) return;
  steps_.push_back({1, step.tokens, step.trained_tokens, step.ms, step.phase_ms});
  if (steps_.size() > kMost) steps_.pop_front();
}

StepTime RecentSteps::sum() const {
  StepTime sum;
  for (const auto& step : steps_) {
    sum.steps += step.steps;
    sum.tokens += step.tokens;
    sum.trained_tokens += step.trained_tokens;
    sum.ms += step.ms;
    for (std::size_t i = 0; i < kPhases; ++i) sum.phase_ms[i] += step.phase_ms[i];
  }
  return sum;
}

Json to_json(const StepTime& time) {
  Json phases = Json::object();
  for (std::size_t i = 0; i < kPhases; ++i) phases[phase_name(static_cast<Phase>(i))] = time.phase_ms[i];
  return {{"steps", time.steps}, {"tokens", time.tokens}, {"trained_tokens", time.trained_tokens}, {"ms", time.ms}, {"phase_ms", phases}};
}

std::optional<StepTime> step_time_from_json(const Json& json) {
  StepTime time;
  if (!json.is_object() || !read_count(json, "steps", time.steps) || time.steps < 1 || !read_count(json, "tokens", time.tokens) ||
      !read_count(json, "trained_tokens", time.trained_tokens) || !read_ms(json, "ms", time.ms))
    return std::nullopt;
  const auto phases = json.find("phase_ms");
  if (phases == json.end() || !phases->is_object()) return std::nullopt;
  for (std::size_t i = 0; i < kPhases; ++i)
    if (!read_ms(*phases, phase_name(static_cast<Phase>(i)), time.phase_ms[i])) return std::nullopt;
  return time;
}

}  // namespace weft
