// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/loss.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <array>
#include <utility>

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
                        double divisor, bool want_gradient, Precision precision, std::int64_t* right) {
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
      if (right) *right += tile.argmax(1).eq(labels.narrow(0, begin, n)).sum().item<std::int64_t>();
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
    return {full, Tensor(), Tensor(), Tensor(), Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

// Turns logits [n, V] of both passes into gradients where they are wanted; adds the sums over the rows.
void agreement(const Tensor& first, const Tensor& second, const Tensor& labels, const ConsistencyTerm& term, bool gradient, double& task, double& apart) {
  const Tensor losses = at::empty({labels.size(0)}, first.options()), distances = at::empty_like(losses);
  AT_DISPATCH_FLOATING_TYPES(first.scalar_type(), "agreement", [&] {
    auto *one = first.mutable_data_ptr<scalar_t>(), *other = second.mutable_data_ptr<scalar_t>();
    auto *loss = losses.mutable_data_ptr<scalar_t>(), *distance = distances.mutable_data_ptr<scalar_t>();
    const auto* wanted = labels.const_data_ptr<std::int64_t>();
    const cpu::Agreement<scalar_t> how{.jensen_shannon = term.kind == Consistency::Js, .gradient = gradient, .both = term.both,
                                       .weight = static_cast<scalar_t>(term.weight)};
    at::parallel_for(0, labels.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
      cpu::kernels().of<scalar_t>().rows.agreement(one, other, wanted, begin, end, first.size(1), how, loss, distance);
    });
  });
  task += losses.sum(at::kDouble).item<double>();
  apart += distances.sum(at::kDouble).item<double>();
}

struct TiledConsistency : torch::autograd::Function<TiledConsistency> {
  static Tensor forward(AutogradContext* ctx, const Tensor& first, const Tensor& second, const Matrix* weight, const Tensor& rows, const Tensor& labels,
                        double divisor, const ConsistencyTerm* term, bool want_gradient, Precision precision, ConsistentLoss* sums) {
    const auto count = rows.size(0);
    const std::array<Tensor, 2> picked{first.index_select(0, rows), second.index_select(0, rows)};
    std::array<Tensor, 2> gradients, logits, tiles;
    const std::int64_t tile_rows = std::min(loss_tile_rows(weight->rows()), count);
    for (std::size_t i = 0; i < 2; ++i) {
      if (want_gradient && (i == 0 || term->both)) gradients.at(i) = at::empty_like(picked.at(i));
      logits.at(i) = pooled_scratch(tile_rows, weight->rows(), first.scalar_type());
    }
    for (std::int64_t begin = 0; begin < count; begin += tile_rows) {
      const auto n = std::min(tile_rows, count - begin);
      for (std::size_t i = 0; i < 2; ++i) {
        tiles.at(i) = logits.at(i).narrow(0, 0, n);
        sum_of_products(tiles.at(i), {}, {{picked.at(i).narrow(0, begin, n), weight->t(), 1, {}, {}}}, precision);
      }
      agreement(tiles[0], tiles[1], labels.narrow(0, begin, n), *term, want_gradient, sums->task, sums->apart);
      for (std::size_t i = 0; i < 2; ++i)
        if (gradients.at(i).defined()) sum_of_products(gradients.at(i).narrow(0, begin, n), {}, {{tiles.at(i), *weight, 1 / divisor, {}, {}}}, precision);
    }
    sums->task /= divisor;
    sums->apart /= divisor;
    if (want_gradient) {
      ctx->save_for_backward({gradients[0], gradients[1], rows});
      ctx->saved_data["tokens"] = first.size(0);
    }
    return at::full({}, sums->task + term->weight * sums->apart, first.options());
  }

  static variable_list backward(AutogradContext* ctx, variable_list grads) {
    const auto saved = ctx->get_saved_variables();
    variable_list given(10);
    for (std::size_t i = 0; i < 2; ++i) {
      if (!saved[i].defined()) continue;
      given[i] = at::zeros({ctx->saved_data["tokens"].toInt(), saved[i].size(1)}, saved[i].options());
      given[i].index_copy_(0, saved[2], saved[i] * grads[0]);
    }
    return given;
  }
};

// The rows with a label, and their labels.
std::pair<Tensor, Tensor> labelled(const Tensor& hidden, const std::vector<std::int32_t>& targets) {
  TORCH_CHECK(hidden.size(0) == static_cast<std::int64_t>(targets.size()), "[train.loss] ", hidden.size(0), " rows, ", targets.size(), " targets");
  std::vector<std::int64_t> rows, labels;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    if (targets[i] == kNoLabel) continue;
    rows.push_back(static_cast<std::int64_t>(i));
    labels.push_back(targets[i]);
  }
  return {at::tensor(rows, at::kLong), at::tensor(labels, at::kLong)};
}

}  // namespace

Tensor tiled_cross_entropy(const Tensor& hidden, const Matrix& output_weight, const std::vector<std::int32_t>& targets, double divisor,
                           Precision precision, std::int64_t* right) {
  const auto [row_index, label_index] = labelled(hidden, targets);
  const bool want_gradient = at::GradMode::is_enabled() && hidden.requires_grad();
  return TiledCrossEntropy::apply(hidden, &output_weight, row_index, label_index, divisor, want_gradient, precision, right);
}

ConsistentLoss tiled_consistent_loss(const Tensor& first, const Tensor& second, const Matrix& output_weight, const std::vector<std::int32_t>& targets,
                                     double divisor, const ConsistencyTerm& term, Precision precision) {
  TORCH_CHECK(first.sizes() == second.sizes(), "[train.loss] two passes of ", first.sizes(), " and ", second.sizes());
  const auto [rows, labels] = labelled(first, targets);
  ConsistentLoss loss;
  const bool want_gradient = at::GradMode::is_enabled() && first.requires_grad();
  loss.total = TiledConsistency::apply(first, second, &output_weight, rows, labels, divisor, &term, want_gradient, precision, &loss);
  return loss;
}

}  // namespace weft
