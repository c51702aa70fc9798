// SPDX-License-Identifier: GPL-3.0-or-later
// DoTA's update (arXiv:2412.20891): a matrix product operator, dW[(i_1 .. i_n), (j_1 .. j_n)] = sum over the bonds of T_1[1, i_1, j_1, :] T_2[:, i_2, j_2, :]
// ... T_n[:, i_n, j_n, 1]. Its cores are multiplied up to a cut and from there on, which makes it a sum of Kronecker products.
#include "engine/adapter/kronecker_sum.h"
#include "engine/adapter/parts.h"
#include "engine/adapter/presets/tensor_train.h"
#include "engine/tensor/spectrum.h"

namespace weft {
namespace {

TensorTrain train_of(const SiteContext& site) { return tensor_train(site.out, site.in, site.rank, *site.settings); }
std::string core_name(std::size_t core) { return "T" + std::to_string(core + 1); }

// joined [before, (i j of cores begin to end), after] -> [before, i_begin .. , j_begin .., after]
Tensor rows_before_columns(const Tensor& joined, const TensorTrain& train, std::size_t begin, std::size_t end, std::int64_t before, std::int64_t after) {
  std::vector<std::int64_t> shape{before}, order{0};
  for (auto k = begin; k < end; ++k) {
    shape.push_back(train.out[k]);
    shape.push_back(train.in[k]);
  }
  const auto cores = static_cast<std::int64_t>(end - begin);
  for (std::int64_t k = 0; k < cores; ++k) order.push_back(1 + 2 * k);
  for (std::int64_t k = 0; k < cores; ++k) order.push_back(2 + 2 * k);
  shape.push_back(after);
  order.push_back(2 * cores + 1);
  return joined.view(shape).permute(order);
}

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
    const std::size_t cut = train.cut(), n = train.cores();
    const auto bond = train.bonds[cut];
    const auto core = [&](std::size_t k) { return values.at(core_name(k)); };
    Tensor before = core(0).view({-1, train.bonds[1]});
    for (std::size_t k = 1; k < cut; ++k) before = before.matmul(core(k).view({train.bonds[k], -1})).view({-1, train.bonds[k + 1]});
    Tensor after = core(n - 1).view({train.bonds[n - 1], -1});
    for (std::size_t k = n - 1; k-- > cut;) after = core(k).view({-1, train.bonds[k + 1]}).matmul(after).view({train.bonds[k], -1});
    LinearFactors factors;
    factors.left = rows_before_columns(before, train, 0, cut, 1, bond).reshape({-1, bond});
    factors.right = rows_before_columns(after, train, cut, n, bond, 1).reshape({bond, -1});
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
    std::vector<Tensor> before{values.at(core_name(0)).view({-1, train.bonds[1]})}, after(n);
    for (std::size_t k = 1; k + 1 < n; ++k)
      before.push_back(before.back().matmul(values.at(core_name(k)).view({train.bonds[k], -1})).view({-1, train.bonds[k + 1]}));
    after[n - 1] = values.at(core_name(n - 1)).view({train.bonds[n - 1], -1});
    for (std::size_t k = n - 1; k-- > 1;) after[k] = values.at(core_name(k)).view({-1, train.bonds[k + 1]}).matmul(after[k + 1]).view({train.bonds[k], -1});
    std::vector<std::pair<std::string, Tensor>> all;
    for (std::size_t k = 1; k < n; ++k) all.emplace_back(core_name(k - 1) + " – " + core_name(k), product_singular_values(before[k - 1], after[k], site.scale));
    return all;
  }
  Status check(const SiteContext& site) const override { return check_factors(*site.settings); }
};

}  // namespace

std::unique_ptr<Delta> make_tensor_train_delta() { return std::make_unique<TrainedTensorTrain>(); }

}  // namespace weft
