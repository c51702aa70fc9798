// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_set.h"

#include "engine/data/data_loader.h"

namespace weft {

Result<std::shared_ptr<const DataSet>> DataSet::load(const SettingValues& data, const std::string& model_path,
                                                     std::int64_t preview_rows) {
  WEFT_ASSIGN_OR_RETURN(LoadedRows loaded, load_rows(data, sources_of_model(model_path), preview_rows));
  std::shared_ptr<DataSet> set(new DataSet());
  set->train_ = std::move(loaded.train);
  set->held_out_ = std::move(loaded.held_out);
  set->preview_ = std::move(loaded.preview);
  return std::shared_ptr<const DataSet>(std::move(set));
}

}  // namespace weft
