// SPDX-License-Identifier: GPL-3.0-or-later
// Dropout against its definitions in PyTorch, masks included: outputs, losses and every gradient (make_dropout.py).
#include <gtest/gtest.h>

#include <map>

#include "engine/formats/safetensors.h"
#include "engine/model/ops.h"
#include "engine/tensor/drop.h"
#include "engine/train/loss.h"

namespace weft {
namespace {

constexpr double kRate = 0.4;
const std::vector<std::int64_t> kSegments{0, 4, 13};

std::map<std::string, Tensor> read(const std::string& name) {
  std::map<std::string, Tensor> tensors;
  const auto file = SafeTensorsFile::open(std::string(WEFT_TEST_DATA) + "/dropout/" + name + ".safetensors");
  EXPECT_TRUE(file.ok()) << file.status().message();
  if (file.ok())
    for (const auto& t : (*file)->tensors())
      tensors[t.name] = at::from_blob(const_cast<std::byte*>(t.data), t.shape, at::TensorOptions(at::kDouble)).clone();
  return tensors;
}
double distance(const Tensor& got, const Tensor& wanted) { return ((got - wanted).abs().max() / wanted.abs().max()).item<double>(); }

DropPlace place_of(DropPosition position, DropPattern pattern) {
  DropPass pass{.seed = 7, .step = 3, .batch = 1};
  const DropRule rule{kRate, pattern, pattern == DropPattern::Element ? 1 / (1 - kRate) : 1};
  pass.dropout.key = pass.dropout.attention = pass.dropout.hidden = rule;
  return pass.place(position, 1, 2);
}
const std::pair<const char*, DropPattern> kPatterns[] = {{"element", DropPattern::Element}, {"column", DropPattern::Column}, {"span", DropPattern::Span}};

TEST(DropoutDefinition, IsWhatAttentionComputes) {
  for (const auto& [pattern_name, pattern] : kPatterns)
    for (const std::string position : {"key", "attention", "both"}) {
      auto t = read(position + "_" + pattern_name);
      const AttentionShape shape{kSegments, 2, 1, 0, position != "attention" ? place_of(DropPosition::Key, pattern) : DropPlace(),
                                 position != "key" ? place_of(DropPosition::Attention, pattern) : DropPlace()};
      const Tensor y = at::empty_like(t["q"]), log_sum = at::empty({2, 13}, y.options()), gq = at::empty_like(t["q"]), gk = at::empty_like(t["k"]), gv = at::empty_like(t["v"]);
      attention_forward(shape, t["q"], t["k"], t["v"], y, log_sum);
      attention_backward(shape, {t["q"], t["k"], t["v"], y, log_sum}, t["gy"], gq, gk, gv);
      for (const auto& [name, got] : {std::pair("y", y), std::pair("gq", gq), std::pair("gk", gk), std::pair("gv", gv)})
        EXPECT_LT(distance(got, t[name]), 1e-12) << position << ' ' << pattern_name << ' ' << name;
    }
}

TEST(DropoutDefinition, IsWhatHiddenValuesLose) {
  for (const auto& [name, pattern] : kPatterns) {
    auto t = read(std::string("hidden_") + name);
    const Tensor y = at::empty_like(t["x"]);
    drop_values(t["x"], {}, kSegments, place_of(DropPosition::Hidden, pattern), y);
    EXPECT_LT(distance(y, t["y"]), 1e-15) << name;
  }
}

TEST(DropoutDefinition, IsTheLossOfTwoPasses) {
  for (const auto& [name, kind] : {std::pair("loss_kl", Consistency::Kl), std::pair("loss_js", Consistency::Js)}) {
    auto t = read(name);
    std::vector<std::int32_t> targets;
    for (int i = 0; i < 13; ++i) targets.push_back(static_cast<std::int32_t>(t["labels"][i].item<double>()));
    const Tensor first = t["first"].set_requires_grad(true);
    const ConsistentLoss loss = tiled_consistent_loss(first, t["second"], t["weight"], targets, 13, {kind, 0.5, false});
    loss.total.backward();
    EXPECT_NEAR(loss.task, t["task"].item<double>(), 1e-13) << name;
    EXPECT_NEAR(loss.apart, t["apart"].item<double>(), 1e-13) << name;
    EXPECT_LT(distance(first.grad(), t["grad"]), 1e-12) << name;
  }
}

}  // namespace
}  // namespace weft
