// SPDX-License-Identifier: GPL-3.0-or-later
// Adapter methods against their definitions in PyTorch: outputs, merged weights and every gradient (make_methods.py).
#include <gtest/gtest.h>

#include <map>

#include "engine/adapter/adapter_set.h"
#include "tests/support/linear_node.h"

namespace weft {
namespace {

struct Case {
  const char* file;
  const char* method;
  Json settings;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.file; }

class MethodDefinition : public testing::TestWithParam<Case> {};

TEST_P(MethodDefinition, IsWhatTheEngineComputes) {
  const auto file = SafeTensorsFile::open(std::string(WEFT_TEST_DATA) + "/methods/" + GetParam().file + ".safetensors");
  ASSERT_TRUE(file.ok()) << file.status().message();
  std::map<std::string, Tensor> given;
  for (const auto& t : (*file)->tensors())
    given[t.name] = at::from_blob(const_cast<std::byte*>(t.data), t.shape, at::TensorOptions(at::kDouble)).clone();
  const Base base(given.at("weight"));
  const MethodPreset* preset = *find_preset(GetParam().method);
  Json settings = GetParam().settings;
  std::int64_t rank = 3;
  for (const auto& spec : preset->descriptor.settings) {  // alpha 2 r: a scale of 2
    if (spec.key == "rank") rank = (settings["rank"] = settings.value("rank", rank)).get<std::int64_t>();
    if (spec.key == "alpha") settings["alpha"] = 2.0 * static_cast<double>(rank);
  }
  const auto complete = complete_settings(preset->descriptor.settings, settings, "method");
  ASSERT_TRUE(complete.ok()) << complete.status().message();
  const auto out = given.at("weight").size(0), in = given.at("weight").size(1);
  const AdapterSite site{"model.layers.0.self_attn.q_proj", "q_proj", 0, out, in};
  auto adapters = AdapterSet::create(*preset, *complete, {{site, rank, preset->descriptor.scale(*complete), &base}}, at::kDouble);
  ASSERT_TRUE(adapters.ok()) << adapters.status().message();
  const Status loaded = (*adapters)->load(**file);
  ASSERT_TRUE(loaded.ok()) << loaded.message();
  (*adapters)->zero_gradients();
  (*adapters)->prepare();

  const auto distance = [](const Tensor& got, const Tensor& wanted) { return ((got - wanted).abs().max() / wanted.abs().max()).item<double>(); };
  const Tensor x = given.at("x").set_requires_grad(true), anchor = at::zeros({1}, at::kDouble).set_requires_grad(true), no_bias;
  const Tensor y = linear_node(x, anchor, base, no_bias, &(*adapters)->factors(0));
  EXPECT_LT(distance(y.detach(), given.at("y")), 1e-12);
  EXPECT_LT(distance((*adapters)->merged(0).to(at::kDouble), given.at("merged")), 1e-6);  // float32 by contract
  y.backward(given.at("gy"));
  (*adapters)->collect();
  EXPECT_LT(distance(x.grad(), given.at("grad.x")), 1e-12);
  // the flat gradient has the parameters' layout: read it back through the tensors' names, in float32
  (*adapters)->params().copy_((*adapters)->gradients());
  std::size_t compared = 0, wanted = 0;
  for (const auto& tensor : (*adapters)->to_tensors()) {
    const auto expected = given.find("grad." + tensor.name.substr(tensor.name.find("q_proj.") + 7));
    if (expected == given.end()) continue;
    Tensor mine = at::empty(tensor.shape, at::TensorOptions(at::kFloat));
    ASSERT_TRUE(tensor.fill(static_cast<std::byte*>(mine.mutable_data_ptr()), static_cast<std::uint64_t>(mine.nbytes())).ok());
    EXPECT_LT(distance(mine.to(at::kDouble), expected->second), 1e-6) << tensor.name;
    ++compared;
  }
  for (const auto& [name, tensor] : given) wanted += name.rfind("grad.", 0) == 0 && name != "grad.x" ? 1 : 0;
  EXPECT_EQ(compared, wanted);
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
                                         Case{"fourierft_all", "fourierft", {{"n_frequency", 48}, {"scaling", 2.0}, {"random_loc_seed", 5}}}),
                         [](const auto& of) { return std::string(of.param.file); });

}  // namespace
}  // namespace weft
