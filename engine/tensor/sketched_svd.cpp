// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/sketched_svd.h"

#include <algorithm>
#include <utility>

#include "engine/tensor/matmul.h"

namespace weft {
namespace {

struct Orthogonal {
  Tensor q;  // [n, k]
  Tensor r;  // [k, k] upper triangle: q r is the matrix
};

Orthogonal orthogonalised(const Tensor& y) {
  auto [q, r] = at::linalg_qr(y, "reduced");
  return {q.contiguous(), r};
}

void check(const Tensor& w, std::int64_t rank) {
  TORCH_CHECK(w.dim() == 2 && rank >= 1, "[engine.svd] ", rank, " singular values of ", w.sizes(), " were asked for");
  TORCH_CHECK(at::isfinite(w.sum()).item<bool>(), "[engine.svd] a matrix of ", w.sizes(), " holds values that are not finite");
}

SingularTriplets leading(const Tensor& u, const Tensor& s, const Tensor& vh, std::int64_t k) {
  return {u.narrow(1, 0, k).contiguous(), s.narrow(0, 0, k).contiguous(), vh.narrow(0, 0, k).t().contiguous()};
}

}  // namespace

SingularTriplets exact_svd(const Tensor& w, std::int64_t rank) {
  const at::NoGradGuard no_grad;
  check(w, rank);
  const auto [u, s, vh] = at::linalg_svd(w, /*full_matrices=*/false);
  return leading(u, s, vh, std::min(rank, s.numel()));
}

SingularTriplets stepwise_svd(const Tensor& w, const std::function<bool()>& cancelled) {
  const at::NoGradGuard no_grad;
  const std::int64_t directions = std::min(w.size(0), w.size(1));
  check(w, directions);
  const auto ended = [&] { return cancelled && cancelled(); };
  const bool tall = w.size(0) >= w.size(1);
  if (ended()) return {};
  const Orthogonal square = orthogonalised(tall ? w : w.t());   // w = q r, or (q r)'
  if (ended()) return {};
  SingularTriplets t = exact_svd(square.r, directions);
  if (ended()) return {};
  t.u = square.q.matmul(t.u);
  if (!tall) std::swap(t.u, t.v);
  return t;
}

SingularTriplets sketched_svd(const Tensor& w, std::int64_t rank, std::int64_t iterations, at::Generator& generator, const Tensor& near,
                              const std::function<bool()>& cancelled) {
  const at::NoGradGuard no_grad;
  check(w, rank);
  const std::int64_t m = w.size(0), n = w.size(1), columns = rank + kSketchOversampling;
  if (columns >= std::min(m, n)) return exact_svd(w, rank);
  const std::int64_t known = near.defined() ? near.size(1) : 0;
  Tensor sketch = at::empty({n, columns - known}, w.options()).normal_(0, 1, generator);
  if (known > 0) sketch = at::cat({near, sketch}, 1);
  Tensor left = orthogonalised(product(w, sketch)).q;
  Orthogonal right = orthogonalised(product(w.t(), left));
  for (std::int64_t i = 0; i < iterations; ++i) {
    if (cancelled && cancelled()) return {};
    left = orthogonalised(product(w, right.q)).q;
    right = orthogonalised(product(w.t(), left));
  }
  // left' w = (w' left)' = right.r' right.q'
  const auto [u, s, vh] = at::linalg_svd(right.r.t(), /*full_matrices=*/false);
  return leading(left.matmul(u), s, vh.matmul(right.q.t()), rank);
}

}  // namespace weft
