// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/batch_plan.h"

namespace weft {

BatchPlan batch_plan_of(const SettingValues& data, const SettingValues& train) {
  return {.batch_tokens = train.at("batch_tokens").get<std::int64_t>(), .batch_size = train.at("batch_size").get<std::int64_t>(),
          .shuffle = data.at("shuffle").get<bool>(), .pack = data.at("pack").get<bool>(),
          .seed = data.at("seed").get<std::uint64_t>()};
}

}  // namespace weft
