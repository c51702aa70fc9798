// SPDX-License-Identifier: GPL-3.0-or-later
// The matrices of an adapter as its file alone tells them, without its model: pairs of factors of a PEFT folder, a checkpoint or llama.cpp's GGUF.
// Engine thread only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/adapter/linear_factors.h"
#include "engine/api/events.h"
#include "engine/core/status.h"

namespace weft {

struct FileSite {
  SiteShape shape;
  LinearFactors factors;
  std::int64_t trained = 0;   // parameters of the two
};
struct FileSites {
  std::shared_ptr<const void> file;   // whose bytes the factors may refer to
  std::string method;         // its title
  std::int64_t step = 0;      // of a checkpoint
  std::int64_t parameters = 0;
  std::vector<FileSite> sites;  // layer 2 before layer 10; not empty
};

// In a GGUF file matrices have llama.cpp's names (blk.0.attn_q), and the rows of q and k its order.
[[nodiscard]] Result<FileSites> sites_of_file(const std::string& path);

}  // namespace weft
