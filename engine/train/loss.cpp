// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/loss.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

#include "engine/data/data_set.h"
#include "engine/kernels/cpu/kernels.h"
#include "engine/plan/compute.h"
#include "engine/tensor/buffer_pool.h"
#include "engine/tensor/matmul.h"

namespace weft {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Turns logits [n, V] into the gradient of the loss by them where it is wanted; the sum of the rows' losses.
double cross_entropy(const Tensor& logits, const Tensor& labels, bool gradient) {
  Tensor losses = at::empty({logits.size(0)}, logits.options());
  AT_DISPATCH_FLOATING_TYPES(logits.scalar_type(), "cross_entropy", [&] {
    auto *values = logits.mutable_data_ptr<scalar_t>(), *loss = losses.mutable_data_ptr<scalar_t>();
    const auto* wanted = labels.const_data_ptr<std::int64_t>();
    at::parallel_for(0, logits.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
      cpu::kernels().of<scalar_t>().rows.cross_entropy(values, wanted, begin, end, logits.size(1), gradient, loss);
    });
  });
  return losses.sum(at::kDouble).item<double>();
}

struct TiledCrossEntropy : torch::autograd::Function<TiledCrossEntropy> {
  static Tensor forward(AutogradContext* ctx, const Tensor& hidden, const Matrix* weight, const Tensor& rows, const Tensor& labels,
                        double divisor, bool want_gradient, Precision precision) {
    const auto count = rows.size(0);
    const Tensor picked = hidden.index_select(0, rows);                                  // [n, C]
    Tensor gradient = want_gradient ? at::empty_like(picked) : Tensor();
    double sum = 0;
    const std::int64_t tile_rows = std::min(loss_tile_rows(weight->rows()), count);
    const Tensor logits = pooled_scratch(tile_rows, weight->rows(), hidden.scalar_type());
    for (std::int64_t begin = 0; begin < count; begin += tile_rows) {
      const auto n = std::min(tile_rows, count - begin);
      const Tensor tile = logits.narrow(0, 0, n);
      sum_of_products(tile, {}, {{picked.narrow(0, begin, n), weight->t(), 1, {}, {}}}, precision);
      sum += cross_entropy(tile, labels.narrow(0, begin, n), want_gradient);
      if (want_gradient) sum_of_products(gradient.narrow(0, begin, n), {}, {{tile, *weight, 1 / divisor, {}, {}}}, precision);
    }
    if (want_gradient) {
      ctx->save_for_backward({gradient, rows});
      ctx->saved_data["tokens"] = hidden.size(0);
    }
    return at::full({}, sum / divisor, hidden.options());
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    const Tensor &gradient = saved[0], &rows = saved[1];
    Tensor full = at::zeros({ctx->saved_data["tokens"].toInt(), gradient.size(1)}, gradient.options());
    full.index_copy_(0, rows, gradient * grads[0]);
    return {full, Tensor(), Tensor(), Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor tiled_cross_entropy(const Tensor& hidden, const Matrix& output_weight, const std::vector<std::int32_t>& targets, double divisor,
                           Precision precision) {
  TORCH_CHECK(hidden.size(0) == static_cast<std::int64_t>(targets.size()), "[train.loss] ", hidden.size(0), " rows, ", targets.size(), " targets");
  std::vector<std::int64_t> rows, labels;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i] == kNoLabel) continue;
    rows.push_back(static_cast<std::int64_t>(i));
    labels.push_back(targets[i]);
  }
  const Tensor row_index = at::tensor(rows, at::kLong), label_index = at::tensor(labels, at::kLong);
  const bool want_gradient = at::GradMode::is_enabled() && hidden.requires_grad();
  return TiledCrossEntropy::apply(hidden, &output_weight, row_index, label_index, divisor, want_gradient, precision);
}

}  // namespace weft
