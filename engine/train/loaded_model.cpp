// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/loaded_model.h"

namespace weft {

Result<LoadedModel> load_model(const std::string& model, const std::string& adapter, const DecoderOptions& options) {
  LoadedModel loaded;
  WEFT_ASSIGN_OR_RETURN(const auto source, ModelSource::open(model));
  WEFT_ASSIGN_OR_RETURN(loaded.model, Decoder::load(source, options));
  if (adapter.empty()) return loaded;
  WEFT_ASSIGN_OR_RETURN(const AdapterSource file, open_adapter(adapter, source.get()));
  WEFT_ASSIGN_OR_RETURN(loaded.adapters, load_adapters(*loaded.model, file));
  attach_adapters(*loaded.model, *loaded.adapters);
  return loaded;
}

}  // namespace weft
