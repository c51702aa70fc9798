// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/noise.h"

#include <ATen/Parallel.h>

#include "engine/kernels/cpu/kernels.h"

namespace weft {
namespace {
constexpr std::int64_t kRowGrain = 16;   // rows a task, as in the other row operations
}

void add_noise(const RowNoise& noise, const Tensor& w) {
  TORCH_CHECK(w.dim() == 2 && w.is_contiguous() && noise.deviation.numel() == w.size(0), "[model.noise] ", noise.deviation.sizes(), " deviations for ", w.sizes());
  const Tensor deviation = noise.deviation.to(w.scalar_type()).contiguous();
  AT_DISPATCH_FLOATING_TYPES(w.scalar_type(), "add_noise", [&] {
    const auto* of_row = deviation.const_data_ptr<scalar_t>();
    auto* values = w.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, w.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
      cpu::kernels().of<scalar_t>().rows.add_noise(of_row, noise.stream, begin, end, w.size(1), values);
    });
  });
}

}  // namespace weft
