// SPDX-License-Identifier: GPL-3.0-or-later
// What spectra cost: MODEL [RANK] [ROUNDS]. Prints milliseconds for all sites with and without magnitude and direction.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "engine/probe/spectra_probe.h"
#include "engine/train/adapter_io.h"

int main(int argc, char** argv) {
  using namespace weft;
  if (argc < 2) return 2;
  auto source = ModelSource::open(argv[1]);
  auto model = source.ok() ? Decoder::load(*source) : Result<std::unique_ptr<Decoder>>(source.status());
  if (!model.ok()) {
    std::fprintf(stderr, "%s\n", model.status().message().c_str());
    return 1;
  }
  const MethodPreset* preset = *find_preset("lora");
  const auto settings = complete_settings(preset->descriptor.settings, {{"rank", argc > 2 ? std::atoi(argv[2]) : 16}}, "method");
  auto adapters = create_adapters(**model, *preset, *settings);
  auto generator = make_generator(1);
  if (!adapters.ok() || !(*adapters)->start(generator).ok()) return 1;
  (*adapters)->params().add_(at::randn((*adapters)->params().sizes(), generator), 0.01);
  (*adapters)->prepare();
  SpectraProbe probe(**adapters, 1, 0);
  std::vector<double> all, spectra;
  for (int round = 0; round < (argc > 3 ? std::atoi(argv[3]) : 7); ++round) {
    bool changed = false;
    all.push_back(probe.take(round + 1, changed).ms);
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < (*adapters)->size(); ++i) (void)site_spectrum((*adapters)->context(i), (*adapters)->factors(i), Tensor());
    spectra.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  std::sort(all.begin(), all.end());
  std::sort(spectra.begin(), spectra.end());
  std::printf("%zu sites: all figures %.1f ms (median), singular values alone on one thread %.1f ms\n", (*adapters)->size(), all[all.size() / 2],
              spectra[spectra.size() / 2]);
  return 0;
}
