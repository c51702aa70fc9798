// SPDX-License-Identifier: GPL-3.0-or-later
// A text read token by token against the same text read at once: every family, every kind of adapter.
#include "engine/model/reading.h"

#include <gtest/gtest.h>

#include <numeric>

#include "engine/adapter/strength.h"
#include "engine/train/adapter_io.h"
#include "tests/support/model_builder.h"

namespace weft {
namespace {

const std::vector<std::int32_t> kText{3, 17, 5, 5, 0, 19, 8, 2, 11, 7, 13, 1};

Tensor noise(at::IntArrayRef shape, std::uint64_t seed, double scale) {
  auto generator = make_generator(seed);
  return at::randn(shape, generator, at::TensorOptions(at::kFloat)) * scale;
}

// Numbers as a trained model has them, the same at every call.
void settle(test::TinyModel& tiny) {
  std::uint64_t seed = 0;
  for (auto& [name, values] : tiny.values) {
    const bool norm = name.find("norm") != std::string::npos;
    const Tensor drawn = noise({static_cast<std::int64_t>(values.size())}, ++seed, norm ? 0.1 : 0.4) + (norm ? 1 : 0);
    std::copy_n(drawn.const_data_ptr<float>(), values.size(), values.begin());
  }
}

struct TinyDecoder {
  test::TemporaryFolder folder;
  std::unique_ptr<Decoder> model;
  std::unique_ptr<AdapterSet> adapters;

  explicit TinyDecoder(const char* family, std::int64_t window = 0, at::ScalarType type = at::kFloat) {
    test::TinyModel tiny(family);
    settle(tiny);
    Json config = tiny.hf_config();
    if (window > 0) config["sliding_window"] = window;
    tiny.write_hf(folder, config);
    const auto source = ModelSource::open(folder.path().string());
    EXPECT_TRUE(source.ok()) << source.status().message();
    auto loaded = Decoder::load(*source, {.dtype = type});
    EXPECT_TRUE(loaded.ok()) << loaded.status().message();
    model = *std::move(loaded);
  }
  // An adapter that is far from its start.
  void adapt(const std::string& method, Json settings) {
    const MethodPreset* preset = *find_preset(method);
    const auto complete = complete_settings(preset->descriptor.settings, settings, "method");
    ASSERT_TRUE(complete.ok()) << complete.status().message();
    auto made = create_adapters(*model, *preset, *complete);
    ASSERT_TRUE(made.ok()) << made.status().message();
    adapters = *std::move(made);
    auto generator = make_generator(5);
    ASSERT_TRUE(adapters->start(generator).ok());
    adapters->params().add_(noise({adapters->parameters()}, 9, 0.2));
    attach_adapters(*model, *adapters);
  }
  // [V] after each token, of the whole text at once.
  [[nodiscard]] Tensor at_once() const {
    const at::NoGradGuard no_grad;
    std::vector<std::int32_t> positions(kText.size());
    std::iota(positions.begin(), positions.end(), 0);
    const std::vector<std::int64_t> segments{0, static_cast<std::int64_t>(kText.size())};
    return model->logits(model->hidden({kText, positions, segments}));
  }
};

double distance(const Tensor& got, const Tensor& wanted) { return ((got - wanted).abs().max() / wanted.abs().max()).item<double>(); }

constexpr double kRounding = 1e-5;   // of float32, through two layers in another order of sums; float64 below shows that it is no more than that

// The first `together` tokens at once, then one by one.
void expect_same_logits(const TinyDecoder& tiny, std::size_t together, double most = kRounding) {
  const Tensor wanted = tiny.at_once();
  Reading reading(*tiny.model, static_cast<std::int64_t>(kText.size()));
  Tensor got = reading.read(std::span(kText).first(together));
  EXPECT_LT(distance(got, wanted[static_cast<std::int64_t>(together) - 1]), most) << together;
  for (std::size_t i = together; i < kText.size(); ++i) {
    got = reading.read(std::span(kText).subspan(i, 1));
    EXPECT_LT(distance(got, wanted[static_cast<std::int64_t>(i)]), most) << i;
  }
  EXPECT_EQ(reading.length(), static_cast<std::int64_t>(kText.size()));
}

TEST(Reading, GivesTheLogitsOfTheWholeTextInEveryFamily) {
  for (const char* family : {"llama", "mistral", "qwen2", "qwen3"}) {
    SCOPED_TRACE(family);
    const TinyDecoder tiny(family);
    for (const std::size_t together : {1U, 5U, 12U}) expect_same_logits(tiny, together);
  }
}

TEST(Reading, DiffersByRoundingAlone) {
  for (const char* family : {"llama", "mistral", "qwen2", "qwen3"}) {
    SCOPED_TRACE(family);
    expect_same_logits(TinyDecoder(family, std::string(family) == "mistral" ? 4 : 0, at::kDouble), 5, 1e-7);   // logits are told as float32
  }
}

TEST(Reading, SeesNoMoreThanTheWindowShows) {
  const TinyDecoder all("mistral"), few("mistral", 4);
  for (const std::size_t together : {1U, 3U, 7U, 12U}) expect_same_logits(few, together);
  EXPECT_GT(distance(few.at_once()[11], all.at_once()[11]), 1e-3) << "the window hides something";
}

struct Method {
  const char* name;
  Json settings;
};
void PrintTo(const Method& method, std::ostream* out) { *out << method.name; }

class ReadingWith : public testing::TestWithParam<Method> {};

TEST_P(ReadingWith, GivesTheLogitsOfTheWholeText) {
  for (const char* family : {"llama", "qwen3"}) {
    SCOPED_TRACE(family);
    TinyDecoder tiny(family);
    const Tensor base = tiny.at_once();
    ASSERT_NO_FATAL_FAILURE(tiny.adapt(GetParam().name, GetParam().settings));
    EXPECT_GT(distance(tiny.at_once(), base), 1e-3) << "the adapter changes something";
    for (const std::size_t together : {1U, 6U}) expect_same_logits(tiny, together);
  }
}

TEST_P(ReadingWith, IsTheBaseBitForBitAtStrengthZero) {
  TinyDecoder plain("llama"), tiny("llama");
  ASSERT_NO_FATAL_FAILURE(tiny.adapt(GetParam().name, GetParam().settings));
  Reading base(*plain.model, 12), none(*tiny.model, 12, 0);
  for (const std::int32_t id : kText) EXPECT_TRUE(base.read({&id, 1}).equal(none.read({&id, 1})));
}

// y(t) is a straight line from the base to the adapter.
TEST_P(ReadingWith, StrengthMixesWhatALayerGives) {
  TinyDecoder tiny("llama");
  ASSERT_NO_FATAL_FAILURE(tiny.adapt(GetParam().name, GetParam().settings));
  std::size_t adapted = 0;
  for (const auto* linear : tiny.model->linears()) {
    if (!linear->factors) continue;
    ++adapted;
    const Tensor x = noise({3, linear->base->in()}, 77, 1);
    const auto at = [&](double strength) {
      std::array<Tensor, 1> y;
      strength_forward(std::array{linear->adapted()}, x, strength, y);
      return y[0].clone();
    };
    const Tensor base = at(0), tuned = at(1);
    std::array<Tensor, 1> trained;
    (void)group_forward(std::array{linear->adapted()}, x, trained);
    EXPECT_TRUE(tuned.equal(trained[0])) << linear->site.path;
    for (const double t : {0.3, 1.5}) EXPECT_LT(distance(at(t), base + (tuned - base) * t), 3e-6) << linear->site.path << " " << t;
  }
  EXPECT_GT(adapted, 0U);
}

INSTANTIATE_TEST_SUITE_P(Methods, ReadingWith,
                         testing::Values(Method{"lora", {{"rank", 3}}}, Method{"dora", {{"rank", 3}}}, Method{"bora", {{"rank", 2}}}, Method{"oft", {{"block_size", 4}}},
                                         Method{"boft", {{"block_size", 4}}}, Method{"fourierft", {{"n_frequency", 20}}}, Method{"ia3", Json::object()},
                                         Method{"lora", {{"rank", 2}, {"start", "pissa"}}}),
                         [](const auto& method) { return std::string(method.param.name) + std::to_string(method.index); });

TEST(Reading, ATextThatDoesNotFitIsAnError) {
  const TinyDecoder tiny("llama");
  Reading reading(*tiny.model, 3);
  (void)reading.read(std::span(kText).first(2));
  EXPECT_ANY_THROW((void)reading.read(std::span(kText).first(2)));
}

}  // namespace
}  // namespace weft
