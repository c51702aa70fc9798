// SPDX-License-Identifier: GPL-3.0-or-later
// A model with an adapter on it, opened to be looked at or run, not trained. Engine thread only.
#pragma once

#include <memory>
#include <string>

#include "engine/train/adapter_io.h"

namespace weft {

struct LoadedModel {
  std::unique_ptr<Decoder> model;
  std::unique_ptr<AdapterSet> adapters;  // attached and prepared; null without an adapter
};

// adapter: PEFT folder, adapter file, checkpoint, or "".
[[nodiscard]] Result<LoadedModel> load_model(const std::string& model, const std::string& adapter, const DecoderOptions& options = {});

}  // namespace weft
