// SPDX-License-Identifier: GPL-3.0-or-later
// What the factors are before step 1, and what is taken off the base for them.
#include <ATen/Parallel.h>
#include <gtest/gtest.h>

#include <map>

#include "engine/adapter/adapter_set.h"
#include "tests/support/test_files.h"
#include "tests/unit/adapter/method_fixture.h"

namespace weft {
namespace {

TEST(Starts, PissaTakesTheLargestSingularValues) {
  for (const char* name : {"lora:start=pissa", "lora:start=pissa-exact", "rslora:start=pissa"}) {
    const Fixture f(name);
    const Tensor before = at::linalg_svdvals(f.base.dense()), after = at::linalg_svdvals(f.base.dense() - f.taken_off);
    EXPECT_LT((after.narrow(0, 0, kIn - 3) - before.narrow(0, 3, kIn - 3)).abs().max().item<double>(), 1e-12) << name;
    EXPECT_LT(after.narrow(0, kIn - 3, 3).abs().max().item<double>(), 1e-12) << name;
    const Tensor b = f.part("left", {kOut, 3}), a = f.part("right", {3, kIn});
    EXPECT_LT((b.square().sum(0) - a.square().sum(1)).abs().max().item<double>(), 1e-12) << name << ": shared evenly";
  }
}

TEST(Starts, OrthogonalFactorsHaveNoProduct) {
  for (const char* name : {"lora:start=orthogonal", "lorafa:start=orthogonal"}) {
    const Fixture f(name);
    const LinearFactors& now = f.adapters->factors(0);
    EXPECT_LT(now.left.matmul(now.right).abs().max().item<double>(), 1e-15) << name;
    EXPECT_GT(now.left.norm().item<double>(), 0.05) << name;
    EXPECT_GT(now.right.norm().item<double>(), 0.05) << name;
  }
  // PEFT's sizes: each entry of A is a sum over half the rank's rows of a rotation, a tenth of it
  Base base(random_double({400, 300}, 1));
  const auto settings = complete_settings((*find_preset("lora"))->descriptor.settings, {{"rank", 8}, {"start", "orthogonal"}}, "method");
  auto adapters = AdapterSet::create(**find_preset("lora"), *settings, {{{"q_proj", "q_proj", 0, 400, 300}, 8, 2.0, &base}}, at::kDouble);
  auto generator = make_generator(1);
  ASSERT_TRUE((*adapters)->start(generator).ok());
  for (const char* slot : {"A", "B"}) {
    const Tensor value = (*adapters)->slot(0, slot).value;
    EXPECT_NEAR(value.square().mean().item<double>(), 0.01 * 4 / 8, 5e-4) << slot;
    const Tensor kept = at::linalg_svdvals(value);
    EXPECT_LT(kept[4].item<double>(), 1e-12) << slot << ": of rank 4";
    EXPECT_GT(kept[3].item<double>(), 1) << slot;
  }
}

TEST(Starts, LoftqGivesBackWhatRoundingTook) {
  for (const char* name : {"lora:start=loftq", "rslora:start=loftq", "lorafa:start=loftq"}) {
    Fixture f(name);
    const Tensor gone = Fixture::original_weight() - f.base.dense(), before = at::linalg_svdvals(gone);
    const LinearFactors& now = f.adapters->factors(0);
    ASSERT_EQ(now.right.size(0), 3) << name << ": nothing is taken off a rounded base";
    const Tensor left = gone - now.left.matmul(now.right) * now.scale, after = at::linalg_svdvals(left);
    EXPECT_LT(left.norm().item<double>(), 0.7 * gone.norm().item<double>()) << name;
    EXPECT_LT((after.narrow(0, 0, kIn - 3) - before.narrow(0, 3, kIn - 3)).abs().max().item<double>(), 1e-12) << name;
  }
}

TEST(Starts, LqRoundsWhatItLeaves) {
  for (const char* name : {"lora:start=lq", "rslora:start=lq", "lorafa:start=lq", "dora:start=lq", "reallm:start=lq"}) {
    Fixture f(name);
    const Tensor begun = f.adapters->factors(0).left.matmul(f.adapters->factors(0).right) * f.adapters->factors(0).scale;
    const Tensor stored = (*Fixture::to_halves(Fixture::original_weight() - begun)).dense();
    EXPECT_TRUE(f.base.dense().equal(stored)) << name;
    EXPECT_EQ(f.adapters->factors(0).right.size(0), 3) << name << ": nothing is taken off a rounded base";
    if (f.adapters->factors(0).row_scale.defined()) {
      EXPECT_LT((f.adapters->merged(0).to(at::kDouble) - stored - begun).abs().max().item<double>(), 1e-6) << name;
    }
    const test::TemporaryFolder folder;
    f.disturb();
    ASSERT_TRUE(write_safetensors(folder.file("checkpoint"), f.adapters->to_tensors()).ok());
    Base again(Fixture::original_weight(), Precision::Full, {Fixture::original_weight, Fixture::to_halves});
    auto loaded = AdapterSet::create(*f.preset, f.settings, {{{kSite, "q_proj", 0, kOut, kIn}, 3, f.preset->descriptor.scale(f.settings), &again}}, at::kDouble);
    const Status status = (*loaded)->load(**SafeTensorsFile::open(folder.file("checkpoint")));
    ASSERT_TRUE(status.ok()) << status.message();
    (*loaded)->prepare();
    EXPECT_TRUE(again.dense().equal(stored)) << name;
    EXPECT_LT(((*loaded)->merged(0) - f.adapters->merged(0)).abs().max().item<double>(), 1e-5) << name;
  }
}

TEST(Starts, AutoIsLqOverARoundedBaseAlone) {
  const Fixture plain("reallm");
  EXPECT_EQ(plain.adapters->settings().at("start"), "kaiming");
  Base rounded(Fixture::original_weight(), Precision::Full, {Fixture::original_weight, Fixture::to_halves});
  const auto settings = complete_settings(plain.preset->descriptor.settings, {{"rank", 3}}, "method");
  const auto adapters = AdapterSet::create(*plain.preset, *settings, {{{kSite, "q_proj", 0, kOut, kIn}, 3, 2.0, &rounded}}, at::kDouble);
  EXPECT_EQ((*adapters)->settings().at("start"), "lq") << "a checkpoint says which it was";
  EXPECT_TRUE((*adapters)->has_origin());
}

TEST(Starts, LqIsRefusedWhereNothingIsRounded) {
  Base whole(random_double({kOut, kIn}, 1));
  const auto settings = complete_settings((*find_preset("lora"))->descriptor.settings, {{"rank", 3}, {"start", "lq"}}, "method");
  auto adapters = AdapterSet::create(**find_preset("lora"), *settings, {{{kSite, "q_proj", 0, kOut, kIn}, 3, 2.0, &whole}}, at::kDouble);
  auto generator = make_generator(1);
  try {
    (void)(*adapters)->start(generator);
    FAIL() << "a storage that rounds nothing";
  } catch (const c10::Error& error) {
    EXPECT_NE(std::string(error.what()).find("the storage rounds nothing"), std::string::npos) << error.what();
  }
}

class TakenOffTheFilesWeight : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Starts, TakenOffTheFilesWeight, testing::Values("loftq", "lq"));
TEST_P(TakenOffTheFilesWeight, IsWhatARoundedBaseGotBack) {
  Fixture f(std::string("lora:start=") + GetParam());
  const test::TemporaryFolder folder;
  ASSERT_TRUE(write_safetensors(folder.file("checkpoint"), f.adapters->to_tensors()).ok());
  for (const bool changed : {false, true}) {
    if (changed) f.disturb();
    std::map<std::string, Tensor> plain;
    for (const auto& t : f.adapters->to_plain_tensors()) {
      Tensor value = at::empty(t.shape, at::TensorOptions(at::kFloat));
      ASSERT_TRUE(t.fill(static_cast<std::byte*>(value.mutable_data_ptr()), static_cast<std::uint64_t>(value.nbytes())).ok());
      plain[t.name.substr(t.name.find("q_proj.") + 7)] = value.to(at::kDouble);
    }
    ASSERT_EQ(plain.at("lora_A.weight").size(0), 6);
    const LinearFactors& now = f.adapters->factors(0);
    const Tensor update = plain.at("lora_B.weight").matmul(plain.at("lora_A.weight")) * now.scale, learnt = now.left.matmul(now.right) * now.scale - f.taken_off;
    EXPECT_LT((update - learnt).abs().max().item<double>(), 1e-5);
    if (!changed) {
      EXPECT_LT(update.abs().max().item<double>(), 1e-6);
    }
  }
  Base whole(Fixture::original_weight());
  auto loaded = AdapterSet::create(*f.preset, f.settings, {{{kSite, "q_proj", 0, kOut, kIn}, 3, f.preset->descriptor.scale(f.settings), &whole}}, at::kDouble);
  const auto file = SafeTensorsFile::open(folder.file("checkpoint"));
  ASSERT_TRUE(file.ok() && (*loaded)->load(**file).ok());
  (*loaded)->prepare();
  EXPECT_LT(((*loaded)->merged(0).to(at::kDouble) - whole.dense()).abs().max().item<double>(), 1e-6) << "nothing was learnt";
}

TEST(Starts, EvaTakesTheDirectionsOfTheInputs) {
  const Fixture f("lora:start=eva");
  EXPECT_TRUE(f.part("right", {3, kIn}).equal(f.inputs.narrow(0, 0, 3)));
  EXPECT_EQ(f.part("left", {kOut, 3}).abs().max().item<double>(), 0);
}

TEST(Starts, OloraTakesTheQrFactors) {
  const Fixture f("lora:start=olora");
  const auto [q, r] = at::linalg_qr(f.base.dense(), "reduced");
  EXPECT_LT((f.part("left", {kOut, 3}) - q.narrow(1, 0, 3)).abs().max().item<double>(), 1e-13);
  EXPECT_LT((f.part("right", {3, kIn}) - r.narrow(0, 0, 3)).abs().max().item<double>(), 1e-13);
}

TEST(Starts, ThePlainFormOfTwiceTheRankIsTheSameUpdate) {
  for (const char* name : {"lora:start=pissa", "lora:start=olora", "dora:start=pissa"}) {
    Fixture f(name);
    f.disturb();
    const auto tensors = f.adapters->to_plain_tensors();
    std::map<std::string, Tensor> plain;
    for (const auto& t : tensors) {
      Tensor value = at::empty(t.shape, at::TensorOptions(at::kFloat));
      ASSERT_TRUE(t.fill(static_cast<std::byte*>(value.mutable_data_ptr()), static_cast<std::uint64_t>(value.nbytes())).ok());
      plain[t.name.substr(t.name.find("q_proj.") + 7)] = value.to(at::kDouble);
    }
    ASSERT_EQ(plain.size(), std::string(name) == "dora:start=pissa" ? 3u : 2u);
    EXPECT_EQ(plain["lora_A.weight"].sizes(), at::IntArrayRef({6, kIn}));
    EXPECT_EQ(plain["lora_B.weight"].sizes(), at::IntArrayRef({kOut, 6}));
    const LinearFactors& now = f.adapters->factors(0);
    Tensor merged = f.base.dense() + plain["lora_B.weight"].matmul(plain["lora_A.weight"]) * now.scale;
    if (now.row_scale.defined()) merged = merged / merged.norm(2, 1, true) * plain["lora_magnitude_vector"].unsqueeze(1);
    EXPECT_LT((merged - f.adapters->merged(0).to(at::kDouble)).abs().max().item<double>(), 1e-5) << name;  // float32 by contract
  }
}

TEST(Starts, TheSeedDecidesAndTheThreadsDoNot) {
  std::vector<std::unique_ptr<Base>> bases;
  std::vector<AdapterSet::SiteRequest> sites;
  for (int i = 0; i < 5; ++i) {
    const std::string path = "layers." + std::to_string(i) + ".q_proj";
    bases.push_back(std::make_unique<Base>(random_double({96, 80 + i}, static_cast<std::uint64_t>(i)).to(at::kFloat)));
    sites.push_back({{path, "q_proj", i, 96, 80 + i}, 4, 2.0, bases.back().get()});
  }
  const auto settings = complete_settings((*find_preset("lora"))->descriptor.settings, {{"rank", 4}, {"start", "pissa"}}, "method");
  const int threads = at::get_num_threads();
  std::vector<Tensor> begun;
  for (const auto& [count, seed] : {std::pair{1, 7}, {2, 7}, {2, 8}}) {
    at::set_num_threads(count);
    auto adapters = AdapterSet::create(**find_preset("lora"), *settings, sites);
    auto generator = make_generator(static_cast<std::uint64_t>(seed));
    ASSERT_TRUE((*adapters)->start(generator).ok());
    begun.push_back((*adapters)->params().clone());
  }
  at::set_num_threads(threads);
  EXPECT_TRUE(begun[0].equal(begun[1]));
  EXPECT_FALSE(begun[0].equal(begun[2]));
}

TEST(Starts, ARankAboveTheMatrixLeavesTheRestZero) {
  Base base(random_double({4, 6}, 1));
  for (const char* start : {"pissa", "pissa-exact", "olora"}) {
    const auto settings = complete_settings((*find_preset("lora"))->descriptor.settings, {{"rank", 9}, {"start", start}}, "method");
    auto adapters = AdapterSet::create(**find_preset("lora"), *settings, {{{"layers.0.q_proj", "q_proj", 0, 4, 6}, 9, 2.0, &base}}, at::kDouble);
    auto generator = make_generator(1);
    ASSERT_TRUE((*adapters)->start(generator).ok());
    const Tensor a = (*adapters)->params().narrow(0, 0, 54).view({9, 6}), b = (*adapters)->params().narrow(0, 54, 36).view({4, 9});
    const double scale = start == std::string("olora") ? 1 : 2;  // OLoRA's factors are those of W, not of W / s
    EXPECT_LT((b.matmul(a) * scale - base.dense()).abs().max().item<double>(), 1e-12) << start;
    EXPECT_EQ(a.narrow(0, 4, 5).abs().max().item<double>(), 0) << start;
  }
}

}  // namespace
}  // namespace weft
