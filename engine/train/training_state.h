// SPDX-License-Identifier: GPL-3.0-or-later
// What training keeps beside the parameters, by name, as a checkpoint writes it (float32). The tensors are live: copying into them restores.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/tensor/tensor.h"

namespace weft {

using TrainingState = std::vector<std::pair<std::string, Tensor>>;

}  // namespace weft
