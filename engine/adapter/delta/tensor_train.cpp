// SPDX-License-Identifier: GPL-3.0-or-later
// DoTA's update (arXiv:2412.20891): a matrix product operator, dW[(i_1 .. i_n), (j_1 .. j_n)] = sum over the bonds of T_1[1, i_1, j_1, :] T_2[:, i_2, j_2, :]
// ... T_n[:, i_n, j_n, 1]. Its cores are multiplied up to a cut and from there on, which makes it a sum of Kronecker products.
#include <torch/csrc/autograd/custom_function.h>

#include "engine/adapter/kronecker_sum.h"
#include "engine/adapter/parts.h"
#include "engine/adapter/presets/tensor_train.h"
#include "engine/tensor/matmul.h"
#include "engine/tensor/spectrum.h"

namespace weft {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

TensorTrain train_of(const SiteContext& site) { return tensor_train(site.out, site.in, site.rank, *site.settings); }
std::string core_name(std::size_t core) { return "T" + std::to_string(core + 1); }

std::vector<Tensor> cores_of(const TensorTrain& train, const SlotValues& values) {
  std::vector<Tensor> cores;
  for (std::size_t k = 0; k < train.cores(); ++k) cores.push_back(values.at(core_name(k)));
  return cores;
}

// P_k of a stretch of cores [r, i, j, r']: P_1 = T_1, P_k = P_k-1 T_k as [what lies before the last r', r']
std::vector<Tensor> products(at::TensorList cores) {
  std::vector<Tensor> all{cores[0].view({-1, cores[0].size(3)})};
  for (const auto& core : cores.slice(1)) all.push_back(product(all.back(), core.view({core.size(0), -1})).view({-1, core.size(3)}));
  return all;
}

// A stretch of cores as one tensor [r, i_1 .. j_1 .., r']. One node of the graph, whose products are those of the token path: a node for each product and
// each view would take longer than what they compute.
struct Contraction : torch::autograd::Function<Contraction> {
  static Tensor forward(AutogradContext* ctx, at::TensorList cores) {
    ctx->save_for_backward(cores.vec());
    std::vector<std::int64_t> sizes{cores.front().size(0)};
    for (const auto& core : cores) sizes.insert(sizes.end(), {core.size(1), core.size(2)});
    sizes.push_back(cores.back().size(3));
    return products(cores).back().view(sizes).permute(rows_first(cores.size())).reshape({sizes.front(), -1, sizes.back()});
  }
  static variable_list backward(AutogradContext* ctx, const variable_list& gradients) {
    const variable_list cores = ctx->get_saved_variables();
    const std::size_t n = cores.size();
    const std::vector<Tensor> before = products(cores);
    std::vector<std::int64_t> sizes{cores.front().size(0)}, back(2 * n + 2);
    for (const std::int64_t side : {1, 2})
      for (const auto& core : cores) sizes.push_back(core.size(side));
    sizes.push_back(cores.back().size(3));
    const auto order = rows_first(n);
    for (std::size_t d = 0; d < order.size(); ++d) back[static_cast<std::size_t>(order[d])] = static_cast<std::int64_t>(d);
    Tensor g = gradients[0].reshape(sizes).permute(back).contiguous();
    variable_list of_cores(n);
    for (std::size_t k = n; k-- > 1;) {
      const Tensor core = cores[k].view({cores[k].size(0), -1});
      g = g.view({-1, core.size(1)});
      if (ctx->needs_input_grad(k)) of_cores[k] = product(before[k - 1].t(), g).view(cores[k].sizes());
      g = product(g, core.t());
    }
    of_cores[0] = g.view(cores[0].sizes());
    return of_cores;
  }

 private:
  // [r, i_1, j_1, i_2, j_2 .., r'] -> [r, i_1 .., j_1 .., r']
  static std::vector<std::int64_t> rows_first(std::size_t cores) {
    std::vector<std::int64_t> order{0};
    for (const std::int64_t first : {1, 2})
      for (std::size_t k = 0; k < cores; ++k) order.push_back(first + 2 * static_cast<std::int64_t>(k));
    order.push_back(1 + 2 * static_cast<std::int64_t>(cores));
    return order;
  }
};

Tensor contracted(at::TensorList cores) { return cores.size() == 1 ? cores.front().flatten(1, 2) : Contraction::apply(cores); }

class TrainedTensorTrain final : public Delta {
 public:
  std::vector<Slot> slots(const SiteContext& site) const override {
    const TensorTrain train = train_of(site);
    const auto trained = site.settings->at("train_cores").get<std::string>();
    std::vector<Slot> slots;
    for (std::size_t k = 0; k < train.cores(); ++k)
      slots.push_back({core_name(k), SlotRole::Core, {train.bonds[k], train.out[k], train.in[k], train.bonds[k + 1]}, "core",
                       "dota_core_" + std::to_string(k + 1), train.trains(k, trained)});
    return slots;
  }
  LinearFactors factors(const SiteContext& site, const SlotValues& values) const override {
    const TensorTrain train = train_of(site);
    const std::vector<Tensor> all = cores_of(train, values);
    const at::TensorList cores(all);
    LinearFactors factors;
    factors.left = contracted(cores.slice(0, train.cut())).squeeze(0);
    factors.right = contracted(cores.slice(train.cut())).squeeze(2);
    factors.scale = site.scale;
    return factors;
  }
  std::shared_ptr<const DenseForm> form(const SiteContext& site) const override {
    const TensorTrain train = train_of(site);
    const std::size_t cut = train.cut(), n = train.cores();
    return std::make_shared<KroneckerSum>(train.rows(0, cut), train.columns(0, cut), train.rows(cut, n), train.columns(cut, n), train.bonds[cut]);
  }
  // Of each bond, what it would be cut at: the unfolding of the whole train there.
  std::vector<std::pair<std::string, Tensor>> bonds(const SiteContext& site, const SlotValues& values) const override {
    const TensorTrain train = train_of(site);
    const std::size_t n = train.cores();
    const std::vector<Tensor> cores = cores_of(train, values), before = products(at::TensorList(cores).slice(0, n - 1));
    std::vector<Tensor> after(n);
    after[n - 1] = cores[n - 1].view({train.bonds[n - 1], -1});
    for (std::size_t k = n - 1; k-- > 1;) after[k] = product(cores[k].view({-1, train.bonds[k + 1]}), after[k + 1]).view({train.bonds[k], -1});
    std::vector<std::pair<std::string, Tensor>> all;
    for (std::size_t k = 1; k < n; ++k) all.emplace_back(core_name(k - 1) + " – " + core_name(k), product_singular_values(before[k - 1], after[k], site.scale));
    return all;
  }
  Status check(const SiteContext& site) const override { return check_factors(*site.settings); }
};

}  // namespace

std::unique_ptr<Delta> make_tensor_train_delta() { return std::make_unique<TrainedTensorTrain>(); }

}  // namespace weft
