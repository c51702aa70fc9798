// SPDX-License-Identifier: GPL-3.0-or-later
// How OFT and BOFT cut the input of a matrix into blocks that are turned each.
#pragma once

#include <cstdint>

#include "engine/api/settings.h"

namespace weft {

struct RotationShape {
  std::int64_t blocks = 0, size = 0;
};

// PEFT's rule for a number that does not divide a side: the nearest that does, the smaller of two.
[[nodiscard]] inline std::int64_t nearest_divisor(std::int64_t side, std::int64_t wished) {
  if (wished >= side) return side;
  std::int64_t higher = wished, lower = wished;
  while (side % higher != 0) ++higher;
  while (side % lower != 0) --lower;
  return wished - lower <= higher - wished ? lower : higher;
}

// By the settings "blocks" (0: as many as there is room for) and "block_size".
[[nodiscard]] inline RotationShape rotation_shape(std::int64_t in, const SettingValues& settings) {
  const auto blocks = settings.at("blocks").get<std::int64_t>();
  RotationShape shape;
  if (blocks > 0) {
    shape.blocks = nearest_divisor(in, blocks);
    shape.size = in / shape.blocks;
  } else {
    shape.size = nearest_divisor(in, settings.at("block_size").get<std::int64_t>());
    shape.blocks = in / shape.size;
  }
  return shape;
}

}  // namespace weft
