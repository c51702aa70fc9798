// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/input_survey.h"

#include <gtest/gtest.h>

#include "tests/support/gradient_check.h"

namespace weft {
namespace {

// Rows in batches of several sizes, less and more than the directions: the components of all of them at once, about their mean.
TEST(RowComponents, OfBatchesAreThoseOfAllRows) {
  const Tensor rows = random_double({60, 5}, 1).matmul(random_double({5, 12}, 2)) + random_double({12}, 3) * 4;
  RowComponents components(5);
  auto generator = make_generator(1);
  std::int64_t at = 0;
  for (const std::int64_t count : {20, 1, 4, 35}) {
    components.add(rows.narrow(0, at, count), generator);
    at += count;
  }
  const Tensor centred = rows - rows.mean(0);
  const auto [u, s, vh] = at::linalg_svd(centred, false);
  EXPECT_LT((components.explained() - s.narrow(0, 0, 5).square() / centred.square().sum()).abs().max().item<double>(), 1e-10);
  EXPECT_LT(((components.directions() * vh.narrow(0, 0, 5)).sum(1).abs() - 1).abs().max().item<double>(), 1e-8);
}

TEST(RowComponents, SettleWhereTheRowsGoOnAsBefore) {
  const Tensor rows = random_double({40, 6}, 4) * at::tensor({9.0, 7.0, 5.0, 1.0, 0.5, 0.1}, at::kDouble);
  RowComponents components(3);
  auto generator = make_generator(1);
  components.add(rows, generator);
  EXPECT_EQ(components.steadiness().max().item<double>(), 0) << "nothing to compare with";
  components.add(rows.flip(0), generator);
  EXPECT_GT(components.steadiness().min().item<double>(), 0.999);
  components.add(random_double({400, 6}, 5).flip(1) * at::tensor({0.1, 0.1, 0.1, 5.0, 7.0, 90.0}, at::kDouble), generator);
  EXPECT_LT(components.steadiness().min().item<double>(), 0.9);
}

TEST(SpreadRanks, GoToTheDirectionsThatExplainMost) {
  const std::vector<Tensor> explained{at::tensor({0.9, 0.05, 0.01}, at::kDouble), at::tensor({0.4, 0.3, 0.2}, at::kDouble), at::tensor({0.03, 0.02, 0.015}, at::kDouble)};
  EXPECT_EQ(spread_ranks(explained, 1, 3), (std::vector<std::int64_t>{1, 2, 0}));
  EXPECT_EQ(spread_ranks(explained, 2, 3), (std::vector<std::int64_t>{2, 3, 1}));
  EXPECT_EQ(spread_ranks(explained, 2, 2), (std::vector<std::int64_t>{2, 2, 2})) << "no more than the most allowed";
  EXPECT_EQ(spread_ranks(explained, 1, 1), (std::vector<std::int64_t>{1, 1, 1}));
}

// A real model: the components of what a matrix reads, from all tokens that are trained, and one set for those that read the same.
TEST(InputSurvey, FindsWhatTheMatricesRead) {
  auto source = ModelSource::open(std::string(WEFT_TEST_DATA) + "/models/stories260k/stories260K-f32.gguf");
  ASSERT_TRUE(source.ok()) << source.status().message();
  auto model = Decoder::load(std::move(*source));
  ASSERT_TRUE(model.ok()) << model.status().message();
  std::vector<AdapterSite> sites;
  for (const auto* linear : (*model)->linears())
    if (linear->site.layer == 2 && linear->site.module != "k_proj") sites.push_back(linear->site);
  std::vector<PackedBatch> batches;
  for (std::int32_t b = 0; b < 6; ++b) {
    PackedBatch batch;
    for (std::int32_t t = 0; t < 64; ++t) {
      batch.ids.push_back((t * 37 + b * 91 + t * t) % 500 + 3);
      batch.positions.push_back(t);
      batch.targets.push_back(t % 3 == 0 ? kNoLabel : 1);
    }
    batch.segments = {0, 64};
    batches.push_back(batch);
  }
  std::map<std::string, std::vector<Tensor>> read;
  std::vector<std::int64_t> rows;
  for (std::int64_t t = 0; t + 1 < 64; ++t)
    if (t % 3 != 0) rows.push_back(t + 1);
  const at::NoGradGuard no_grad;
  for (const auto& batch : batches)
    (void)(*model)->hidden({batch.ids, batch.positions, batch.segments}, [&](const ModelLinear& linear, const Tensor& x, const Tensor&) {
      read[linear.site.path].push_back(x.index_select(0, at::tensor(rows, at::kLong)).to(at::kDouble));
    });
  std::size_t next = 0;
  auto generator = make_generator(1);
  const InputSurvey survey = survey_inputs(**model, sites, {.rank = 40, .spread = 1, .steadiness = 2, .most_batches = 6},
                                           [&] { return batches[next++]; }, generator, [] { return true; });
  EXPECT_EQ(survey.batches, 6) << "a cosine of 2 is never reached";
  ASSERT_EQ(survey.sites.size(), 6U);
  EXPECT_EQ(survey.unsteady.size(), 6U);
  for (const auto& site : sites) {
    const Tensor all = at::cat(read.at(site.path)), directions = survey.sites.at(site.path).directions.to(at::kDouble);
    const Tensor vh = std::get<2>(at::linalg_svd(all - all.mean(0), false));
    EXPECT_LT((directions.matmul(directions.t()) - at::eye(40, at::kDouble)).abs().max().item<double>(), 1e-5) << site.path;
    EXPECT_LT(((directions.narrow(0, 0, 3) * vh.narrow(0, 0, 3)).sum(1).abs() - 1).abs().max().item<double>(), 1e-3) << site.path;
  }
  const auto directions = [&](const char* module) { return survey.sites.at(std::string("model.layers.2.") + module).directions; };
  EXPECT_TRUE(directions("self_attn.q_proj").is_same(directions("self_attn.v_proj")));
  EXPECT_TRUE(directions("mlp.gate_proj").is_same(directions("mlp.up_proj")));
  EXPECT_FALSE(directions("mlp.gate_proj").is_same(directions("self_attn.q_proj")));
}

TEST(InputSurvey, EndsWhenTheDirectionsHaveSettled) {
  auto source = ModelSource::open(std::string(WEFT_TEST_DATA) + "/models/stories260k/stories260K-f32.gguf");
  auto model = Decoder::load(std::move(*source));
  ASSERT_TRUE(model.ok());
  PackedBatch same;
  for (std::int32_t t = 0; t < 64; ++t) {
    same.ids.push_back((t * 37) % 500 + 3);
    same.positions.push_back(t);
    same.targets.push_back(1);
  }
  same.segments = {0, 64};
  auto generator = make_generator(1);
  const std::vector<AdapterSite> sites{(*model)->linears()[0]->site};
  const InputSurvey survey = survey_inputs(**model, sites, {.rank = 2, .spread = 1}, [&] { return same; }, generator, [] { return true; });
  EXPECT_EQ(survey.batches, 2);
  EXPECT_TRUE(survey.unsteady.empty());
}

}  // namespace
}  // namespace weft
