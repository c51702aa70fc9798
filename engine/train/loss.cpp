// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/loss.h"

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

#include "engine/data/data_set.h"
#include "engine/tensor/matmul.h"

namespace weft {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr std::int64_t kTileRows = 64;  // 64 x 49,152 floats = 12.6 MB; larger tiles measured no faster

struct TiledCrossEntropy : torch::autograd::Function<TiledCrossEntropy> {
  static Tensor forward(AutogradContext* ctx, const Tensor& hidden, const Tensor& weight, const Tensor& rows, const Tensor& labels,
                        double divisor, bool want_gradient) {
    const auto count = rows.size(0);
    const Tensor picked = hidden.index_select(0, rows);                                  // [n, C]
    Tensor gradient = want_gradient ? at::empty_like(picked) : Tensor();
    double sum = 0;
    Tensor logits = at::empty({std::min(kTileRows, count), weight.size(0)}, hidden.options());
    for (std::int64_t begin = 0; begin < count; begin += kTileRows) {
      const auto n = std::min(kTileRows, count - begin);
      Tensor tile = logits.narrow(0, 0, n);
      sum_of_products(tile, {}, {{picked.narrow(0, begin, n), weight.t(), 1, {}, {}}});
      const Tensor target = labels.narrow(0, begin, n).unsqueeze(1);
      const Tensor at_target = tile.gather(1, target).clone();
      const Tensor highest = tile.amax(1, /*keepdim=*/true);
      tile.sub_(highest).exp_();
      const Tensor total = tile.sum(1, /*keepdim=*/true);
      sum += (total.log() + highest - at_target).sum(at::kDouble).item<double>();
      if (want_gradient) {
        tile.div_(total);                                                                // softmax
        tile.scatter_add_(1, target, at::full_like(at_target, -1.0));
        Tensor out = gradient.narrow(0, begin, n);
        sum_of_products(out, {}, {{tile, weight, 1, {}, {}}});
      }
    }
    if (want_gradient) {
      gradient.mul_(1.0 / divisor);
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
    return {full, Tensor(), Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

}  // namespace

Tensor tiled_cross_entropy(const Tensor& hidden, const Tensor& output_weight, const std::vector<std::int32_t>& targets, double divisor) {
  TORCH_CHECK(hidden.size(0) == static_cast<std::int64_t>(targets.size()), "[train.loss] ", hidden.size(0), " rows, ", targets.size(), " targets");
  std::vector<std::int64_t> rows, labels;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i] == kNoLabel) continue;
    rows.push_back(static_cast<std::int64_t>(i));
    labels.push_back(targets[i]);
  }
  const Tensor row_index = at::tensor(rows, at::kLong), label_index = at::tensor(labels, at::kLong);
  const bool want_gradient = at::GradMode::is_enabled() && hidden.requires_grad();
  return TiledCrossEntropy::apply(hidden, output_weight, row_index, label_index, divisor, want_gradient);
}

}  // namespace weft
