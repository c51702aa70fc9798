// SPDX-License-Identifier: GPL-3.0-or-later
// The leading singular triplets of a matrix, without its whole decomposition: a Gaussian sketch of its range, sharpened by power
// iterations that are orthogonalised at every half step (Halko, Martinsson & Tropp 2011, algorithms 4.4 and 5.1).
#pragma once

#include <functional>

#include "engine/tensor/tensor.h"

namespace weft {

struct SingularTriplets {
  Tensor u;  // [m, k], orthonormal columns
  Tensor s;  // [k], descending
  Tensor v;  // [n, k], orthonormal columns
};

constexpr std::int64_t kSketchOversampling = 8;

// w [m, n] float32 or float64, finite. k = min(rank, m, n). The sketch has rank + 8 columns; where that is no less than m or n, the
// result is exact. iterations >= 0: each costs two products with w and makes the error of a direction fall by (s_q / s_i)^2.
// The generator decides the sketch and nothing else does: the same state gives the same bits, whatever the number of threads.
// cancelled: asked before each iteration; then the triplets are undefined.
// near: [n, no more than rank] right singular vectors of a matrix near to w, of which the sketch is made then, so that few iterations do; or undefined.
[[nodiscard]] SingularTriplets sketched_svd(const Tensor& w, std::int64_t rank, std::int64_t iterations, at::Generator& generator, const Tensor& near = {},
                                            const std::function<bool()>& cancelled = {});

// The same triplets from the whole decomposition.
[[nodiscard]] SingularTriplets exact_svd(const Tensor& w, std::int64_t rank);

// All triplets, in pieces: a long matrix is brought to a square by its QR first (Chan 1982), which is also the faster way. cancelled: asked between them; then
// the triplets are undefined.
[[nodiscard]] SingularTriplets stepwise_svd(const Tensor& w, const std::function<bool()>& cancelled);

}  // namespace weft
