// SPDX-License-Identifier: GPL-3.0-or-later
// The real sample model against Python PEFT: losses and norms from adapters given by a formula.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numeric>

#include "engine/core/files.h"
#include "engine/data/data_set.h"
#include "engine/train/adapter_io.h"
#include "engine/train/loss.h"
#include "engine/train/update_rule.h"

namespace weft {
namespace {

std::string sample_model() {
  const char* cache = std::getenv("WEFT_CACHE");
  const char* home = std::getenv("HOME");
  const std::string root = cache ? cache : std::string(home ? home : "") + "/.cache/weft";
  return root + "/models/SmolLM2-135M-Instruct.Q4_1.gguf";
}

// Row b of a batch is a segment of its own; labels are shifted by one.
PackedBatch batch_of(const Json& traces, std::size_t first, std::size_t rows) {
  PackedBatch batch;
  batch.segments.push_back(0);
  for (std::size_t r = first; r < first + rows; ++r) {
    const auto ids = traces["input_ids"][r].get<std::vector<std::int32_t>>();
    auto labels = traces["labels"][r].get<std::vector<std::int32_t>>();
    labels.erase(labels.begin());
    labels.push_back(kNoLabel);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      batch.ids.push_back(ids[i]);
      batch.targets.push_back(labels[i]);
      batch.positions.push_back(static_cast<std::int32_t>(i));
      batch.trained_tokens += labels[i] != kNoLabel;
    }
    batch.segments.push_back(batch.tokens());
  }
  return batch;
}

void set_by_formula(AdapterSet& adapters, double a, double b) {
  for (std::size_t m = 0; m < adapters.size(); ++m) {
    const LinearFactors& f = adapters.factors(m);  // views of the parameters for LoRA
    const auto fill = [m](const Tensor& t, double row, double column, double scale, bool cosine) {
      const Tensor i = at::arange(t.size(0), at::kDouble).unsqueeze(1), j = at::arange(t.size(1), at::kDouble).unsqueeze(0);
      const Tensor angle = i * row + j * column + static_cast<double>(m);
      Tensor target = t;
      target.copy_((cosine ? angle.cos() : angle.sin()) * scale);
    };
    fill(f.right, 0.37, 0.11, a, false);
    fill(f.left, 0.23, 0.71, b, true);
  }
}

// loss: absolute; norm: relative. float32: what the order of additions leaves after 30 layers. bfloat16: eight bits of every operand,
// averaged over a batch's tokens in the loss; the prototype of this engine on other arithmetic stayed within 3e-3.
struct Bounds {
  double loss, norm;
};

class SmolLm2 : public testing::TestWithParam<int> {
 protected:
  void follow_trace(const DecoderOptions& options, const Bounds& bounds);
};

void SmolLm2::follow_trace(const DecoderOptions& options, const Bounds& bounds) {
  if (!std::filesystem::exists(sample_model())) GTEST_SKIP() << "the sample model is fetched by ./run; it is not at " << sample_model();
  auto text = read_file(std::string(WEFT_TEST_DATA) + "/parity/smollm2_traces.json", 1 << 22);
  ASSERT_TRUE(text.ok());
  const Json traces = *parse_json(*text);
  ASSERT_LT(static_cast<std::size_t>(GetParam()), traces["runs"].size());
  const Json& run = traces["runs"][static_cast<std::size_t>(GetParam())];
  auto source = ModelSource::open(sample_model());
  ASSERT_TRUE(source.ok()) << source.status().message();
  auto model = Decoder::load(*source, options);
  ASSERT_TRUE(model.ok()) << model.status().message();

  auto preset = find_preset(run["method"].get<std::string>());
  ASSERT_TRUE(preset.ok()) << preset.status().message();
  Json targets = Json::array();
  std::string list = run["targets"];
  for (std::size_t at = 0; at <= list.size();) {
    const auto comma = std::min(list.find(',', at), list.size());
    targets.push_back(list.substr(at, comma - at));
    at = comma + 1;
  }
  auto settings = complete_settings((*preset)->descriptor.settings, {{"rank", run["rank"]}, {"alpha", run["alpha"]}, {"targets", targets}}, "method");
  ASSERT_TRUE(settings.ok()) << settings.status().message();
  auto adapters = create_adapters(**model, **preset, *settings);
  ASSERT_TRUE(adapters.ok()) << adapters.status().message();
  EXPECT_EQ((*adapters)->size(), run["matrices"].get<std::size_t>());
  auto generator = make_generator(1);
  ASSERT_TRUE((*adapters)->start(generator).ok());
  (*adapters)->prepare();
  set_by_formula(**adapters, run["a"].get<double>(), run["b"].get<double>());
  // DoRA: the magnitude stays that of the untouched weight, as start() set it
  auto rule = make_update_rule({{"optimizer", "adamw"}, {"beta1", 0.9}, {"beta2", 0.999}, {"eps", 1e-8}, {"weight_decay", traces["weight_decay"]}},
                               (*adapters)->params());
  ASSERT_TRUE(rule.ok());
  attach_adapters(**model, **adapters);
  const auto rows = traces["batch"].get<std::size_t>();
  for (std::size_t step = 0; step < run["losses"].size(); ++step) {
    const PackedBatch batch = batch_of(traces, step * rows, rows);
    (*adapters)->zero_gradients();
    (*adapters)->prepare();
    const Tensor loss = tiled_cross_entropy((*model)->hidden({batch.ids, batch.positions, batch.segments}), (*model)->output_weight(), batch.targets,
                                            static_cast<double>(batch.trained_tokens), options.precision);
    loss.backward();
    (*adapters)->collect();
    EXPECT_NEAR(loss.item<double>(), run["losses"][step].get<double>(), bounds.loss) << "step " << step;
    EXPECT_NEAR((*adapters)->gradients().norm().item<double>() / run["grad_norms"][step].get<double>(), 1.0, bounds.norm) << "step " << step;
    (*rule)->step((*adapters)->params(), (*adapters)->gradients(), (*adapters)->groups(), traces["lr"].get<double>(), static_cast<std::int64_t>(step) + 1);
  }
}

TEST_P(SmolLm2, TrainingTraceEqualsPeft) { follow_trace({}, {1e-4, 1e-3}); }

TEST_P(SmolLm2, TrainingTraceInBfloat16StaysWithinItsRounding) { follow_trace({.precision = Precision::Bf16}, {1e-2, 3e-2}); }

INSTANTIATE_TEST_SUITE_P(Runs, SmolLm2, testing::Range(0, 4));

}  // namespace
}  // namespace weft
