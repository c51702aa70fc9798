// SPDX-License-Identifier: GPL-3.0-or-later
// How the heads of attention lie in a matrix: along the output of q, k and v, along the input of o.
#pragma once

#include <algorithm>

#include "engine/api/method_catalogue.h"

namespace weft {

struct HeadShape {
  std::int64_t heads = 0, head_size = 0, width = 0;   // width: the other side
  bool along_input = false;
};
// A site without heads stands for any of its shape: heads of 64, as the catalogue draws it.
[[nodiscard]] inline HeadShape head_shape(const AdapterSite& site) {
  HeadShape shape;
  shape.along_input = site.module == "o_proj";
  const std::int64_t side = shape.along_input ? site.in : site.out;
  shape.width = shape.along_input ? site.out : site.in;
  shape.head_size = site.head_size > 0 ? site.head_size : std::min<std::int64_t>(64, side);
  shape.heads = side / shape.head_size;
  return shape;
}

}  // namespace weft
