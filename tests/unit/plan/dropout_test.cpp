// SPDX-License-Identifier: GPL-3.0-or-later
// [dropout]: what its settings mean, what they refuse, and the statistics of the masks.
#include "engine/api/dropout.h"

#include <gmock/gmock.h>

#include <cmath>

#include "engine/api/train_request.h"

namespace weft {
namespace {

using testing::HasSubstr;

Result<Dropout> dropout(const Json& settings) {
  TrainRequest request;
  request.model["path"] = "model.gguf";
  request.data["path"] = "data.jsonl";
  request.dropout = settings;
  WEFT_ASSIGN_OR_RETURN(const TrainRequest complete, validate(request));
  WEFT_ASSIGN_OR_RETURN(const TrainRequest again, validate(complete));
  EXPECT_EQ(again.dropout, complete.dropout);
  return dropout_of(complete.dropout);
}
std::string refusal(const Json& settings) {
  const auto d = dropout(settings);
  return d.ok() ? "" : d.status().message();
}

TEST(DropoutSettings, DropNothingByThemselves) {
  const auto d = dropout(Json::object());
  ASSERT_TRUE(d.ok()) << d.status().message();
  EXPECT_FALSE(d->active());
  EXPECT_EQ(d->consistency, Consistency::None);
  EXPECT_EQ(d->first_layer(30), 30);
}

TEST(DropoutSettings, PresetsAreOneWord) {
  const auto less = dropout({{"preset", "hiddenkey-"}}), whole = dropout({{"preset", "hiddenkey"}});
  ASSERT_TRUE(less.ok()) << less.status().message();
  ASSERT_TRUE(whole.ok()) << whole.status().message();
  for (const auto& d : {*less, *whole}) {
    EXPECT_EQ(d.key.pattern, DropPattern::Column);
    EXPECT_EQ(d.hidden.pattern, DropPattern::Element);
    EXPECT_GT(d.key.rate, 0);
    EXPECT_DOUBLE_EQ(d.key.scale, 1);   // DropKey is not rescaled
    EXPECT_DOUBLE_EQ(d.hidden.scale, 1 / (1 - d.hidden.rate));
    EXPECT_FALSE(d.inner_hidden || d.attention.active() || d.input.active() || d.output.active() || d.adapter.active() || d.both_passes);
    EXPECT_TRUE(d.later_half);
  }
  EXPECT_EQ(less->consistency, Consistency::None);
  EXPECT_EQ(whole->consistency, Consistency::Kl);
  EXPECT_GT(whole->consistency_weight, 0);
  const auto weaker = dropout({{"preset", "hiddenkey"}, {"key_rate", 0.02}, {"hidden_rate", 0.2}, {"consistency_weight", 5}});
  ASSERT_TRUE(weaker.ok()) << weaker.status().message();
  EXPECT_DOUBLE_EQ(weaker->key.rate, 0.02);
  EXPECT_DOUBLE_EQ(weaker->consistency_weight, 5);
}

TEST(DropoutSettings, RefuseWhatTheyCannotMean) {
  EXPECT_THAT(refusal({{"preset", "custom"}, {"key_rate", 1.0}}), HasSubstr("key_rate = 1 is outside 0 to 0.999"));
  EXPECT_THAT(refusal({{"preset", "custom"}, {"key_rate", -0.1}}), HasSubstr("outside"));
  EXPECT_THAT(refusal({{"preset", "custom"}, {"value_rate", 0.1}}), HasSubstr("[dropout] has no setting \"value_rate\""));
  EXPECT_THAT(refusal({{"preset", "custom"}, {"key_rate", 0.1}, {"key_pattern", "row"}}), HasSubstr("not one of element, column, span"));
  EXPECT_THAT(refusal({{"preset", "hiddenkeys"}}), HasSubstr("not one of none, hiddenkey-, hiddenkey, custom"));
  EXPECT_THAT(refusal({{"key_rate", 0.1}}), HasSubstr("preset = \"none\" drops nothing, but key_rate = 0.1"));
  EXPECT_THAT(refusal({{"preset", "hiddenkey"}, {"attention_rate", 0.1}}), HasSubstr("attention_rate = 0.1: leave that out or take preset = \"custom\""));
  EXPECT_THAT(refusal({{"preset", "hiddenkey-"}, {"consistency", "kl"}}), HasSubstr("without a second pass"));
  EXPECT_THAT(refusal({{"preset", "hiddenkey"}, {"key_pattern", "element"}}), HasSubstr("key_pattern = \"element\""));
  EXPECT_THAT(refusal({{"preset", "hiddenkey"}, {"hidden_rate", 0.0}}), HasSubstr("hidden_rate = 0"));
  EXPECT_THAT(refusal({{"preset", "custom"}}), HasSubstr("every rate is 0"));
  EXPECT_THAT(refusal({{"preset", "custom"}, {"consistency", "kl"}}), HasSubstr("every rate is 0"));
  EXPECT_THAT(refusal({{"preset", "custom"}, {"key_rate", 0.1}, {"both_passes", true}}), HasSubstr("both_passes"));
  EXPECT_THAT(refusal({{"preset", "custom"}, {"key_rate", 0.1}, {"consistency", "kl"}, {"consistency_weight", 0}}), HasSubstr("consistency_weight"));
}

TEST(DropoutSettings, MergedOrdersOfProductsAreRefusedWhereTheAdapterReadsAnotherInput) {
  TrainRequest request;
  request.model["path"] = "model.gguf";
  request.data["path"] = "data.jsonl";
  request.model["compute"] = "fp32";
  request.train["evaluation"] = "F2+B5";
  EXPECT_TRUE(validate(request).ok());
  request.dropout = {{"preset", "hiddenkey"}};
  EXPECT_TRUE(validate(request).ok());
  request.dropout = {{"preset", "custom"}, {"adapter_rate", 0.1}};
  EXPECT_THAT(validate(request).status().message(), HasSubstr("with dropout the adapter reads another"));
  request.train["evaluation"] = "F1+B6";
  EXPECT_TRUE(validate(request).ok());
  request.method = {{"name", "ia3"}};
  EXPECT_THAT(validate(request).status().message(), HasSubstr("adapter_rate leaves out what an adapter reads"));
}

// p at most five standard deviations from its rate: one run of this test in two million fails where the generator is sound.
void expect_share(double share, double rate, double draws, const char* what) {
  EXPECT_NEAR(share, rate, 5 * std::sqrt(rate * (1 - rate) / draws)) << what;
}

DropPass pass_of(DropRule key, DropRule hidden) {
  DropPass pass;
  pass.dropout.key = key;
  pass.dropout.hidden = hidden;
  pass.seed = 7;
  return pass;
}

TEST(DropMasks, HaveTheirRateInEveryPattern) {
  for (const double rate : {0.01, 0.1, 0.5, 0.9}) {
    const auto keys = drop_mask(pass_of({rate}, {}), DropPosition::Key, 3, 4, 0, 1, 300, 0);
    EXPECT_EQ(keys.candidates, 300 * 299 / 2);
    expect_share(keys.share(), rate, 300 * 299 / 2, "pairs");
    const auto hidden = drop_mask(pass_of({}, {rate}), DropPosition::Hidden, 3, 4, 0, 0, 100, 576);
    expect_share(hidden.share(), rate, 100 * 576, "values");
    expect_share(drop_mask(pass_of({}, {rate, DropPattern::Column}), DropPosition::Hidden, 3, 4, 0, 0, 2, 5000).share(), rate, 5000, "channels");
    double spans = 0;
    constexpr int kRows = 2000;
    for (int row = 0; row < kRows; ++row) spans += drop_mask(pass_of({}, {rate, DropPattern::Span}), DropPosition::Hidden, 3, 4, row, 0, 33, 1).share();
    // a span's length has a fraction of a token left to chance: half a token at most
    EXPECT_NEAR(spans / kRows, rate, 5 * 0.5 / 33 / std::sqrt(kRows)) << "spans";
  }
}

TEST(DropMasks, KeepColumnsAndSpansTogether) {
  const auto column = drop_mask(pass_of({0.4, DropPattern::Column}, {}), DropPosition::Key, 1, 2, 0, 0, 60, 0);
  for (std::size_t key = 0; key < 60; ++key)
    for (std::size_t query = key + 2; query < 60; ++query) EXPECT_EQ(column.dropped[query * 60 + key], column.dropped[(key + 1) * 60 + key]);
  const auto span = drop_mask(pass_of({}, {0.3, DropPattern::Span}), DropPosition::Hidden, 1, 2, 0, 0, 50, 3);
  int changes = 0;
  for (std::size_t token = 1; token < 50; ++token) changes += span.dropped[token * 3] != span.dropped[(token - 1) * 3];
  EXPECT_LE(changes, 2);
  EXPECT_EQ(std::count(span.dropped.begin(), span.dropped.end(), 1), 15 * 3);
}

TEST(DropMasks, NeverTakeAQuerysOwnKey) {
  for (const auto pattern : {DropPattern::Element, DropPattern::Column, DropPattern::Span}) {
    DropPass pass = pass_of({0.999, pattern}, {});
    const auto mask = drop_mask(pass, DropPosition::Key, 1, 2, 0, 0, 40, 0);
    for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(mask.dropped[i * 40 + i], 0);
    pass.dropout.keep_first_key = true;
    const auto kept = drop_mask(pass, DropPosition::Key, 1, 2, 0, 0, 40, 0);
    for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(kept.dropped[i * 40], 0);
  }
}

TEST(DropMasks, DifferByEverythingTheyAreDrawnBy) {
  const DropPass pass = pass_of({0.5}, {0.5});
  const auto of = [](const DropPass& p, std::int64_t layer, std::int64_t row, std::int64_t head) {
    return drop_mask(p, DropPosition::Key, layer, 4, row, head, 20, 0).dropped;
  };
  const auto one = of(pass, 3, 0, 0);
  EXPECT_EQ(of(pass, 3, 0, 0), one);
  EXPECT_NE(of(pass, 2, 0, 0), one);
  EXPECT_NE(of(pass, 3, 1, 0), one);
  EXPECT_NE(of(pass, 3, 0, 1), one);
  for (auto member : {&DropPass::step, &DropPass::batch, &DropPass::pass}) {
    DropPass other = pass;
    other.*member = 1;
    EXPECT_NE(of(other, 3, 0, 0), one);
  }
  DropPass other = pass;
  other.seed = 8;
  EXPECT_NE(of(other, 3, 0, 0), one);
}

TEST(DropMasks, LeaveTheFirstHalfOfADecoderAlone) {
  for (const std::int64_t layers : {1, 2, 5, 30}) {
    DropPass pass = pass_of({0.5, DropPattern::Column}, {0.5});
    for (std::int64_t layer = 0; layer < layers; ++layer)
      for (const auto position : {DropPosition::Key, DropPosition::Hidden})
        EXPECT_EQ(drop_mask(pass, position, layer, layers, 0, 0, 50, 8).share() > 0, 2 * layer >= layers) << layer << " of " << layers;
    pass.dropout.later_half = false;
    EXPECT_GT(drop_mask(pass, DropPosition::Hidden, 0, layers, 0, 0, 50, 8).share(), 0);
  }
}

TEST(Dropout, SharesTheLayersThatNoMaskReaches) {
  Dropout d;
  d.key.rate = 0.1;
  EXPECT_EQ(d.shared_layers(30), 15);
  EXPECT_EQ(d.shared_layers(5), 3);
  d.adapter.rate = 0.1;
  EXPECT_EQ(d.shared_layers(30), 0);
  d.adapter.rate = 0;
  d.later_half = false;
  EXPECT_EQ(d.shared_layers(30), 0);
  Dropout last;
  last.output.rate = 0.1;
  EXPECT_EQ(last.shared_layers(30), 30);
}

}  // namespace
}  // namespace weft
