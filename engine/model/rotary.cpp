// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/rotary.h"

#include <cmath>
#include <numbers>

namespace weft {
namespace {

// Llama 3.1: long wavelengths are stretched by `factor`, short ones kept, those between blended.
float llama3_frequency(float frequency, const RopeScaling& rope) {
  const double wavelength = 2 * std::numbers::pi / frequency;
  const auto original = static_cast<double>(rope.original_context);
  const double longest = original / rope.low_freq_factor, shortest = original / rope.high_freq_factor;
  if (wavelength > longest) return static_cast<float>(frequency / rope.factor);
  if (wavelength < shortest) return frequency;
  const double t = (original / wavelength - rope.low_freq_factor) / (rope.high_freq_factor - rope.low_freq_factor);
  return static_cast<float>((1 - t) * frequency / rope.factor + t * frequency);
}

}  // namespace

Result<Tensor> inverse_frequencies(const ModelConfig& config) {
  const RopeScaling& rope = config.rope;
  const bool linear = rope.type == "linear", llama3 = rope.type == "llama3";
  if (rope.type != "default" && !linear && !llama3)
    return unsupported("[model] rotary scaling \"" + rope.type + "\" is not supported yet; default, linear and llama3 are");
  const auto half = config.head_size / 2;
  Tensor frequencies = at::empty({half}, at::kFloat);
  float* out = frequencies.mutable_data_ptr<float>();
  for (std::int64_t i = 0; i < half; ++i) {
    const auto exponent = static_cast<float>(2 * i) / static_cast<float>(config.head_size);
    const float frequency = 1.0F / static_cast<float>(std::pow(config.rope_theta, static_cast<double>(exponent)));
    out[i] = llama3 ? llama3_frequency(frequency, rope) : linear ? static_cast<float>(frequency / rope.factor) : frequency;
  }
  return frequencies;
}

}  // namespace weft
