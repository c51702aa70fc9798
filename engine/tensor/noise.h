// SPDX-License-Identifier: GPL-3.0-or-later
// Normal noise on a matrix, by place (engine/core/counter_random.h): the same bits whenever it is drawn again and for any number of threads.
#pragma once

#include <cstdint>

#include "engine/tensor/tensor.h"

namespace weft {

struct RowNoise {
  Tensor deviation;           // [rows]; undefined: none
  std::uint64_t stream = 0;
  [[nodiscard]] bool active() const { return deviation.defined(); }
};

// w [rows, columns] += deviation * normal numbers; float32 or float64, contiguous, on the engine's threads. Nothing is recorded by autograd.
void add_noise(const RowNoise& noise, const Tensor& w);

}  // namespace weft
