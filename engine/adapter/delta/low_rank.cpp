// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/delta/low_rank.h"

namespace weft {

std::unique_ptr<Delta> make_low_rank_delta() { return std::make_unique<LowRank>(); }

}  // namespace weft
