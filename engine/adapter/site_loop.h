// SPDX-License-Identifier: GPL-3.0-or-later
// Work on the sites of an adapter, a site a thread: hundreds of small problems.
#pragma once

#include <ATen/Parallel.h>

#include "engine/tensor/tensor.h"

namespace weft {

// work(site), not recorded, for every site of `count`; sites are spread over the threads, so it may write what is of its own site alone.
template <typename Work>
void each_site(std::size_t count, const Work& work) {
  at::parallel_for(0, static_cast<std::int64_t>(count), 1, [&](std::int64_t first, std::int64_t last) {
    const at::NoGradGuard no_grad;  // a property of the thread
    for (std::int64_t i = first; i < last; ++i) work(static_cast<std::size_t>(i));
  });
}

}  // namespace weft
