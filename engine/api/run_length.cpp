// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/run_length.h"

namespace weft {

void settle_length(SettingValues& train, const std::string& given) {
  const std::string other = given == "steps" ? "epochs" : given == "epochs" ? "steps" : "";
  if (!other.empty() && train[given].is_number() && train[given].get<double>() > 0)
    train[other] = other == "steps" ? Json(0) : Json(0.0);
}

}  // namespace weft
