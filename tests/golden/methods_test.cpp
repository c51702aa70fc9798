// SPDX-License-Identifier: GPL-3.0-or-later
// Adapter methods against their definitions in PyTorch: outputs, merged weights and every gradient (make_methods.py).
#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "engine/adapter/adapter_set.h"
#include "engine/model/stored_weight.h"
#include "tests/support/linear_node.h"

namespace weft {
namespace {

struct Case {
  const char* file;
  const char* method;
  Json settings;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.file; }

double distance(const Tensor& got, const Tensor& wanted) { return ((got - wanted).abs().max() / wanted.abs().max()).item<double>(); }

// A file's adapter on sites of the file's weights, prepared.
class Definition : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    const auto file = SafeTensorsFile::open(std::string(WEFT_TEST_DATA) + "/methods/" + GetParam().file + ".safetensors");
    ASSERT_TRUE(file.ok()) << file.status().message();
    for (const auto& t : (*file)->tensors())
      given[t.name] = at::from_blob(const_cast<std::byte*>(t.data), t.shape, at::TensorOptions(at::kDouble)).clone();
    file_ = *file;
  }
  // name of the weight in the file, and the site but for its shape
  void put_on(const std::vector<std::pair<std::string, AdapterSite>>& sites) {
    const MethodPreset* preset = *find_preset(GetParam().method);
    Json settings = GetParam().settings;
    std::int64_t rank = 3;
    for (const auto& spec : preset->descriptor.settings) {  // alpha 2 r: a scale of 2
      if (spec.key == "rank") rank = (settings["rank"] = settings.value("rank", rank)).get<std::int64_t>();
      if (spec.key == "alpha") settings["alpha"] = 2.0 * static_cast<double>(rank);
    }
    const auto complete = complete_settings(preset->descriptor.settings, settings, "method");
    ASSERT_TRUE(complete.ok()) << complete.status().message();
    std::vector<AdapterSet::SiteRequest> requests;
    for (auto [name, site] : sites) {
      bases.push_back(std::make_unique<Base>(given.at(name)));
      site.out = bases.back()->out();
      site.in = bases.back()->in();
      requests.push_back({site, rank, preset->descriptor.scale(*complete), bases.back().get()});
    }
    auto made = AdapterSet::create(*preset, *complete, requests, at::kDouble);
    ASSERT_TRUE(made.ok()) << made.status().message();
    adapters = std::move(*made);
    const Status loaded = adapters->load(*file_);
    ASSERT_TRUE(loaded.ok()) << loaded.message();
    adapters->zero_gradients();
    adapters->prepare();
  }
  // The flat gradient has the parameters' layout: read it back through the tensors' names without `prefix`, in float32.
  void expect_gradients(const std::string& prefix) {
    adapters->params().copy_(adapters->gradients());
    std::size_t compared = 0, wanted = 0;
    for (const auto& tensor : adapters->to_tensors()) {
      const auto expected = given.find("grad." + tensor.name.substr(prefix.size()));
      if (expected == given.end()) continue;
      Tensor mine = at::empty(tensor.shape, at::TensorOptions(at::kFloat));
      ASSERT_TRUE(tensor.fill(static_cast<std::byte*>(mine.mutable_data_ptr()), static_cast<std::uint64_t>(mine.nbytes())).ok());
      EXPECT_LT(distance(mine.to(at::kDouble), expected->second), 1e-6) << tensor.name;
      ++compared;
    }
    for (const auto& [name, tensor] : given) wanted += name.rfind("grad.", 0) == 0 && name.rfind("grad.x", 0) != 0 ? 1 : 0;
    EXPECT_EQ(compared, wanted);
  }
  std::map<std::string, Tensor> given;
  std::vector<std::unique_ptr<Base>> bases;
  std::unique_ptr<AdapterSet> adapters;

 private:
  std::shared_ptr<const SafeTensorsFile> file_;
};

class MethodDefinition : public Definition {};

TEST_P(MethodDefinition, IsWhatTheEngineComputes) {
  ASSERT_NO_FATAL_FAILURE(put_on({{"weight", {"model.layers.0.self_attn.q_proj", "q_proj", 0}}}));
  const Tensor x = given.at("x").set_requires_grad(true), anchor = at::zeros({1}, at::kDouble).set_requires_grad(true), no_bias;
  const Tensor y = linear_node(x, anchor, *bases[0], no_bias, &adapters->factors(0));
  EXPECT_LT(distance(y.detach(), given.at("y")), 1e-12);
  EXPECT_LT(distance(adapters->merged(0).to(at::kDouble), given.at("merged")), 1e-6);  // float32 by contract
  y.backward(given.at("gy"));
  adapters->collect();
  EXPECT_LT(distance(x.grad(), given.at("grad.x")), 1e-12);
  expect_gradients("base_model.model.model.layers.0.self_attn.q_proj.");
}

class SharedDefinition : public Definition {};

TEST_P(SharedDefinition, IsWhatTheEngineComputesAtThreeSites) {
  ASSERT_NO_FATAL_FAILURE(put_on({{"weight.0", {"model.layers.0.self_attn.k_proj", "k_proj", 0, 0, 0, 2}},
                                  {"weight.1", {"model.layers.0.self_attn.o_proj", "o_proj", 0, 0, 0, 2}},
                                  {"weight.2", {"model.layers.1.self_attn.k_proj", "k_proj", 1, 0, 0, 2}}}));
  const Tensor anchor = at::zeros({1}, at::kDouble).set_requires_grad(true), no_bias;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string n = "." + std::to_string(i);
    const Tensor x = given.at("x" + n).set_requires_grad(true), y = linear_node(x, anchor, *bases[i], no_bias, &adapters->factors(i));
    EXPECT_LT(distance(y.detach(), given.at("y" + n)), 1e-12) << i;
    EXPECT_LT(distance(adapters->merged(i).to(at::kDouble), given.at("merged" + n)), 1e-6) << i;
    y.backward(given.at("gy" + n));
    EXPECT_LT(distance(x.grad(), given.at("grad.x" + n)), 1e-12) << i;
  }
  adapters->collect();
  expect_gradients("");
}

// The start alone: which pair the alternation ends with, and what it loses of W beside the first pairs, nf4 alone and LoftQ.
TEST(LqDefinition, IsTheStartThatTheEngineMakes) {
  const auto file = SafeTensorsFile::open(std::string(WEFT_TEST_DATA) + "/methods/lq.safetensors");
  ASSERT_TRUE(file.ok()) << file.status().message();
  std::map<std::string, Tensor> given;
  for (const auto& t : (*file)->tensors()) given[t.name] = at::from_blob(const_cast<std::byte*>(t.data), t.shape, at::TensorOptions(at::kDouble)).clone();
  const Tensor w = given.at("weight"), distances = given.at("distances");
  const auto begun = [&](const char* start, Base& base) {
    const auto settings = complete_settings((*find_preset("lora"))->descriptor.settings, {{"rank", 6}, {"alpha", 12.0}, {"start", start}}, "method");
    auto adapters = std::move(*AdapterSet::create(**find_preset("lora"), *settings, {{{"model.layers.0.q_proj", "q_proj", 0, 14, 128}, 6, 2.0, &base}}, at::kDouble));
    auto generator = make_generator(1);
    EXPECT_TRUE(adapters->start(generator).ok());
    adapters->prepare();
    return (adapters->factors(0).left.matmul(adapters->factors(0).right) * 2.0).clone();
  };
  const auto stored = [&] {
    return Base(*rounded_matrix(w, at::kDouble, Storage::Nf4), Precision::Full,
                {[&] { return w.clone(); }, [](const Tensor& values) { return rounded_matrix(values, at::kDouble, Storage::Nf4); }});
  };
  Base lq = stored(), loftq = stored();
  EXPECT_NEAR((w - lq.dense()).norm().item<double>(), given.at("plain").item<double>(), 1e-9);
  const Tensor low = begun("lq", lq), corrected = begun("loftq", loftq);
  EXPECT_LT(distance(low, given.at("low")), 1e-6);
  EXPECT_LT(distance(lq.dense(), given.at("base")), 1e-6);
  const double lost = (w - lq.dense() - low).norm().item<double>();
  EXPECT_NEAR((w - loftq.dense() - corrected).norm().item<double>(), given.at("loftq").item<double>(), 1e-6);
  EXPECT_LT(lost, 0.9 * given.at("loftq").item<double>());
  EXPECT_LT(lost, 0.9 * given.at("plain").item<double>());
  EXPECT_LT(lost, 0.99 * distances[0].item<double>()) << "the first pair is not the best";
  EXPECT_LT(lost, 1.02 * distances.min().item<double>()) << "what the alternations that are left out would have gained";
}

INSTANTIATE_TEST_SUITE_P(Methods, MethodDefinition,
                         testing::Values(Case{"dora", "dora", Json::object()}, Case{"bora", "bora", Json::object()},
                                         Case{"bora_columns_rows", "bora", {{"order", "columns-rows"}}},
                                         Case{"bora_norms_in_graph", "bora", {{"detach_norms", false}}},
                                         Case{"bora_columns_rows_norms_in_graph", "bora", {{"order", "columns-rows"}, {"detach_norms", false}}},
                                         Case{"edora", "edora", Json::object()}, Case{"melora", "melora", Json::object()},
                                         Case{"sbora", "sbora", Json::object()}, Case{"tlora", "tlora", Json::object()}, Case{"loha", "loha", Json::object()},
                                         Case{"lokr_rank_1", "lokr", {{"rank", 1}}}, Case{"lokr_whole", "lokr", Json::object()},
                                         Case{"lokr_wide_first", "lokr", {{"rank", 1}, {"decompose_factor", 3}}},
                                         Case{"lokr_both", "lokr", {{"rank", 1}, {"decompose_both", true}, {"decompose_factor", 4}}},
                                         Case{"ia3", "ia3", Json::object()}, Case{"lorafa", "lorafa", Json::object()},
                                         Case{"adalora", "adalora", {{"target_rank", 1}}}, Case{"beamlora", "beamlora", Json::object()},
                                         Case{"dota_random", "dota", {{"start", "mpo-random"}, {"cores", 3}, {"factors", {"2x2x2", "1x2x3"}}}},
                                         Case{"dota", "dota", {{"cores", 3}, {"factors", "2x2x2,1x2x3"}}},
                                         Case{"dota_two_cores", "dota", {{"cores", 2}, {"factors", {"2x4", "3x2"}}}},
                                         Case{"dota_central", "dota", {{"cores", 3}, {"factors", {"2x2x2", "1x2x3"}}, {"train_cores", "central"}}},
                                         Case{"fourierft", "fourierft", {{"n_frequency", 20}, {"scaling", 2.0}}},
                                         Case{"fourierft_all", "fourierft", {{"n_frequency", 48}, {"scaling", 2.0}, {"random_loc_seed", 5}}},
                                         Case{"oft", "oft", {{"block_size", 3}}},
                                         Case{"oft_cayley", "oft", {{"blocks", 3}, {"rotation", "cayley"}}},
                                         Case{"oft_block_share", "oft", {{"block_size", 3}, {"rotation", "cayley"}, {"block_share", true}}},
                                         Case{"boft", "boft", {{"block_size", 3}}},
                                         Case{"raclora", "raclora", {{"links", 3}}}, Case{"raclora_up", "raclora", {{"links", 3}, {"sketch", "up"}}},
                                         Case{"xgblora", "xgblora", {{"links", 3}}}, Case{"increlora", "increlora", {{"grown_rank", 6}, {"most_rank", 9}}},
                                         Case{"geolora", "geolora", Json::object()}),
                         [](const auto& of) { return std::string(of.param.file); });

INSTANTIATE_TEST_SUITE_P(Methods, SharedDefinition,
                         testing::Values(Case{"vera", "vera", Json::object()}, Case{"tiedlora", "tiedlora", Json::object()},
                                         Case{"lorta", "lorta", Json::object()}, Case{"mos", "mos", Json::object()}),
                         [](const auto& of) { return std::string(of.param.file); });

}  // namespace
}  // namespace weft
