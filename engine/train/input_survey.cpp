// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/input_survey.h"

#include <algorithm>
#include <cmath>

#include "engine/tensor/sketched_svd.h"

namespace weft {
namespace {

constexpr std::int64_t kIterations = 4;  // of each batch's sketch

// Tokens that are trained: those whose label the token before them is to predict.
Tensor trained_rows(const PackedBatch& batch) {
  std::vector<std::int64_t> rows;
  for (std::size_t t = 0; t + 1 < batch.targets.size(); ++t)
    if (batch.targets[t] != kNoLabel) rows.push_back(static_cast<std::int64_t>(t) + 1);
  return at::tensor(rows, at::TensorOptions(at::kLong));
}

}  // namespace

void RowComponents::add(const Tensor& x, at::Generator& generator) {
  const auto rows = static_cast<double>(x.size(0)), before = static_cast<double>(seen_);
  const Tensor mean = x.mean(0);
  Tensor stack = x - mean;
  variation_ += stack.square().sum().item<double>();
  if (seen_ > 0) {
    // the kept directions stand for what was seen, and one row for how far the means are apart
    const Tensor apart = (mean_ - mean) * std::sqrt(before * rows / (before + rows));
    variation_ += apart.square().sum().item<double>();
    stack = at::cat({values_.unsqueeze(1) * directions_, stack, apart.unsqueeze(0)});
  }
  mean_ = seen_ > 0 ? (mean_ * before + mean * rows) / (before + rows) : mean;
  const SingularTriplets t = sketched_svd(stack.contiguous(), components_, kIterations, generator);
  const Tensor directions = t.v.t().contiguous();
  const std::int64_t both = directions_.defined() ? std::min(directions.size(0), directions_.size(0)) : 0;
  steadiness_ = at::zeros({directions.size(0)}, directions.options());
  if (both > 0) steadiness_.narrow(0, 0, both).copy_((directions.narrow(0, 0, both) * directions_.narrow(0, 0, both)).sum(1).abs());
  directions_ = directions;
  values_ = t.s;
  seen_ += x.size(0);
}

Tensor RowComponents::explained() const { return values_.square() / std::max(variation_, 1e-30); }

std::vector<std::int64_t> spread_ranks(const std::vector<Tensor>& explained, std::int64_t rank, std::int64_t most) {
  struct Direction {
    double share;
    std::size_t site;
  };
  std::vector<Direction> all;
  for (std::size_t site = 0; site < explained.size(); ++site) {
    const Tensor shares = explained[site].to(at::kDouble).contiguous();
    for (std::int64_t i = 0; i < std::min(most, shares.size(0)); ++i) all.push_back({shares.const_data_ptr<double>()[i], site});
  }
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.share > b.share; });
  std::vector<std::int64_t> ranks(explained.size(), 0);
  const auto budget = std::min(all.size(), static_cast<std::size_t>(rank) * explained.size());
  for (std::size_t i = 0; i < budget; ++i) ++ranks[all[i].site];
  return ranks;
}

InputSurvey survey_inputs(Decoder& model, const std::vector<AdapterSite>& sites, const SurveyOptions& options, const std::function<PackedBatch()>& next,
                          at::Generator& generator, const std::function<bool()>& go_on) {
  const at::NoGradGuard no_grad;
  const auto most = static_cast<std::int64_t>(std::llround(static_cast<double>(options.rank) * options.spread));
  std::vector<RowComponents> inputs;                 // one for all sites that read the same
  std::vector<std::size_t> input_of(sites.size());   // of each site
  std::vector<bool> settled;
  const auto place_of = [&](const std::string& path) {
    return static_cast<std::size_t>(std::find_if(sites.begin(), sites.end(), [&](const auto& s) { return s.path == path; }) - sites.begin());
  };
  std::vector<std::int64_t> ranks(sites.size(), most);
  InputSurvey survey;
  const auto all_settled = [&] {
    settled.assign(inputs.size(), true);
    bool all = !inputs.empty();
    for (std::size_t i = 0; i < sites.size(); ++i) {
      const Tensor& steady = inputs[input_of[i]].steadiness();
      const bool good = steady.defined() && (ranks[i] == 0 || steady.narrow(0, 0, std::min(ranks[i], steady.size(0))).min().item<double>() >= options.steadiness);
      if (!good) settled[input_of[i]] = all = false;
    }
    return all;
  };
  bool done = false, looked = false;
  while (!done && survey.batches < options.most_batches && (!looked || go_on())) {
    const PackedBatch batch = next();
    ++survey.batches;
    const Tensor rows = trained_rows(batch);
    if (rows.size(0) < 1) continue;
    const bool first = !looked;
    if (rows.size(0) < most && !first) continue;   // fewer rows than directions say nothing of the last ones; PEFT leaves such a batch out too
    Tensor last;
    (void)model.hidden({batch.ids, batch.positions, batch.segments}, [&](const ModelLinear& linear, const Tensor& x, const Tensor&) {
      const std::size_t site = place_of(linear.site.path);
      if (site == sites.size()) return;
      const bool same = last.defined() && last.is_same(x);   // q, k and v; gate and up
      if (first) {
        if (!same) inputs.emplace_back(most);
        input_of[site] = inputs.size() - 1;
      }
      if (!same && (first || !settled[input_of[site]])) inputs[input_of[site]].add(x.index_select(0, rows).to(at::kFloat), generator);
      last = x;
    });
    looked = true;
    std::vector<Tensor> explained;
    for (const auto input : input_of) explained.push_back(inputs[input].explained());
    ranks = spread_ranks(explained, options.rank, most);
    done = all_settled();
  }
  if (!looked) return survey;
  (void)all_settled();
  for (std::size_t i = 0; i < sites.size(); ++i) {
    survey.sites[sites[i].path] = {ranks[i], inputs[input_of[i]].directions()};
    if (!settled[input_of[i]] && ranks[i] > 0) survey.unsteady.push_back(sites[i].path);
  }
  return survey;
}

}  // namespace weft
