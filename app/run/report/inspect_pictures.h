// SPDX-License-Identifier: GPL-3.0-or-later
// What an adapter's inspection shows, as pictures: effective rank and norm by layer and module, and the singular values of each module's layers. Any thread.
#pragma once

#include <vector>

#include "app/run/report/pictures.h"
#include "engine/api/engine.h"

namespace weft {

[[nodiscard]] std::vector<Picture> inspect_pictures(const InspectReply& reply);
// Of one matrix closely: its singular values, and those of its difference to a second adapter.
[[nodiscard]] std::vector<Picture> inspect_pictures(const CloseUpReply& reply);

}  // namespace weft
