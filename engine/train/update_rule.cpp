// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/update_rule.h"

namespace weft {

Result<std::unique_ptr<UpdateRule>> make_update_rule(const SettingValues& train, const Tensor& like, const std::vector<FactorPair>& pairs) {
  const auto name = train.at("optimizer").get<std::string>();
  if (name == "adamw") return make_adamw(train, like);
  if (name != "lora-rite" && name != "lora-pro") return unsupported("[train] optimizer \"" + name + "\" is not known");
  if (pairs.empty())  // said earlier, where the method is named in the run file: train_request.cpp
    return unsupported("[train] optimizer = \"" + name + "\" changes B and A of a matrix together, and this method does not train exactly those two; take \"adamw\"");
  return name == "lora-rite" ? make_lora_rite(train, like, pairs) : make_lora_pro(train, like, pairs);
}

std::optional<double> lr_ratio_at(const std::vector<ParameterGroup>& groups, std::int64_t place) {
  for (const auto& group : groups)
    if (place >= group.begin && place < group.end) return group.lr_ratio;
  return std::nullopt;
}

}  // namespace weft
