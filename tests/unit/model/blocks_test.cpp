// SPDX-License-Identifier: GPL-3.0-or-later
// Both halves of a decoder layer against their definition in LibTorch's own operations, and their gradients against autograd's, in float64.
#include "engine/model/blocks.h"

#include <gtest/gtest.h>

#include <map>

#include "tests/support/gradient_check.h"

namespace weft {
namespace {

constexpr std::int64_t kTokens = 7, kWidth = 12, kHeads = 4, kKvHeads = 2, kHead = 6, kInner = 10;

struct Case {
  const char* name;
  bool dora, head_norms, bias, some_plain;
  std::int64_t window;
  bool bf16 = false;  // float tensors, products of operands rounded to bfloat16
  enum class Drop { None, Output, Inner } drop = Drop::None;  // keys, weights of attention, hidden values and what adapters read
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

class Blocks : public testing::TestWithParam<Case> {
 protected:
  static at::ScalarType type() { return GetParam().bf16 ? at::kFloat : at::kDouble; }
  Tensor value(std::vector<std::int64_t> shape) { return (random_double(std::move(shape), ++seed_) * 0.5).to(type()); }

  void make(ModelLinear& linear, LinearFactors& f, std::int64_t out, std::int64_t in, bool adapted) {
    linear.base = std::make_unique<Base>(value({out, in}), GetParam().bf16 ? Precision::Bf16 : Precision::Full);
    if (GetParam().bias) linear.bias = value({out});
    if (!adapted) return;
    f.left = value({out, 3});
    f.right = value({3, in});
    f.scale = 0.7;
    if (GetParam().dora) f.row_scale = value({out}) + 1.5;
    for (auto [from, to] : {std::pair(&f.left, &f.left_grad), std::pair(&f.right, &f.right_grad), std::pair(&f.row_scale, &f.row_scale_grad)})
      if (from->defined()) *to = at::zeros_like(*from);
    linear.factors = &f;
  }

  Blocks() {
    const Case& c = GetParam();
    layer_.input_norm = value({kWidth}) + 1;
    layer_.post_norm = value({kWidth}) + 1;
    if (c.head_norms) {
      layer_.q_norm = value({kHead}) + 1;
      layer_.k_norm = value({kHead}) + 1;
    }
    layer_.window = c.window;
    make(layer_.q, factors_[0], kHeads * kHead, kWidth, true);
    make(layer_.k, factors_[1], kKvHeads * kHead, kWidth, !c.some_plain);
    make(layer_.v, factors_[2], kKvHeads * kHead, kWidth, true);
    make(layer_.o, factors_[3], kWidth, kHeads * kHead, !c.some_plain);
    make(layer_.gate, factors_[4], kInner, kWidth, true);
    make(layer_.up, factors_[5], kInner, kWidth, !c.some_plain);
    make(layer_.down, factors_[6], kWidth, kInner, true);
    const Tensor angle = value({kTokens, kHead / 2});
    BatchContext batch{.cosine = angle.cos(), .sine = angle.sin(), .segments = {0, 2, kTokens}, .heads = kHeads, .kv_heads = kKvHeads, .head_size = kHead,
                     .norm_eps = 1e-5, .anchor = at::zeros({1}, angle.options()).set_requires_grad(true), .watch = {}};
    if (c.drop != Case::Drop::None) {
      batch.layers = 1;
      batch.drop.seed = 4;
      batch.drop.dropout.later_half = false;
      batch.drop.dropout.key = {0.3, DropPattern::Column};
      batch.drop.dropout.attention = {0.3, DropPattern::Element};
      batch.drop.dropout.hidden = {0.3, c.drop == Case::Drop::Inner ? DropPattern::Column : DropPattern::Element, 1 / 0.7};
      batch.drop.dropout.adapter = {0.3, DropPattern::Element, 1 / 0.7};
      batch.drop.dropout.inner_hidden = c.drop == Case::Drop::Inner;
    }
    batch_ = std::make_shared<const BatchContext>(std::move(batch));
  }

  // What the adapter of a matrix reads, [T, in] as 0 or the scale.
  Tensor read_of(const ModelLinear& l) {
    const std::array all{&layer_.q, &layer_.k, &layer_.v, &layer_.o, &layer_.gate, &layer_.up, &layer_.down};
    Tensor read = at::ones({kTokens, l.base->in()}, type());
    if (GetParam().drop != Case::Drop::None)
      each_segment(DropPosition::Adapter, std::find(all.begin(), all.end(), &l) - all.begin(), l.base->in(), [&](std::int64_t begin, const DropMask& mask, const Tensor& dropped) {
        read.narrow(0, begin, mask.rows).copy_((1 - dropped) / 0.7);
      });
    return read;
  }

  // What is left of values, [T, columns] as 0 or the scale; of attention [heads, T, T], 1 where a key is dropped.
  Tensor left_of(std::int64_t columns, bool inner) {
    const DropPlace place = batch_->drop_place(DropPosition::Hidden, 0);
    if (!place.active() || batch_->drop.dropout.inner_hidden != inner) return at::ones({kTokens, columns}, type());
    Tensor left = at::empty({kTokens, columns}, type());
    each_segment(DropPosition::Hidden, 0, columns, [&](std::int64_t begin, const DropMask& mask, const Tensor& dropped) {
      left.narrow(0, begin, mask.rows).copy_((1 - dropped) * place.rule.scale);
    });
    return left;
  }
  Tensor dropped_keys(DropPosition position) {
    Tensor all = at::zeros({kHeads, kTokens, kTokens}, at::kDouble);
    for (std::int64_t head = 0; head < kHeads; ++head)
      each_segment(position, head, 0, [&](std::int64_t begin, const DropMask& mask, const Tensor& dropped) {
        all[head].narrow(0, begin, mask.rows).narrow(1, begin, mask.rows).copy_(dropped);
      });
    return all;
  }
  template <typename Work>
  void each_segment(DropPosition position, std::int64_t head, std::int64_t columns, const Work& work) {
    for (std::size_t s = 0; s + 1 < batch_->segments.size(); ++s) {
      const auto begin = batch_->segments[s];
      const DropMask mask = drop_mask(batch_->drop, position, 0, 1, static_cast<std::int64_t>(s), head, batch_->segments[s + 1] - begin, columns);
      work(begin, mask, at::tensor(std::vector<double>(mask.dropped.begin(), mask.dropped.end())).view({mask.rows, mask.columns}));
    }
  }

  // The definition, recorded by autograd; leaves of the factors in the order of `leaves_`.
  Tensor linear(const ModelLinear& l, const Tensor& x) {
    Tensor y = x.matmul(l.base->dense().t());
    if (l.factors) {
      const auto leaf = [&](const Tensor& t) {
        leaves_.push_back(t.clone().set_requires_grad(true));
        return leaves_.back();
      };
      const Tensor left = leaf(l.factors->left), right = leaf(l.factors->right);
      y = y + l.factors->scale * (x * read_of(l)).matmul(right.t()).matmul(left.t());
      if (l.factors->row_scale.defined()) y = y * leaf(l.factors->row_scale);
    }
    return l.bias.defined() ? y + l.bias : y;
  }
  static Tensor norm(const Tensor& x, const Tensor& w) { return x * (x.square().mean(-1, true) + 1e-5).rsqrt() * w; }
  Tensor turn(const Tensor& x, const Tensor& w) {  // [T, heads, head]
    const Tensor y = w.defined() ? norm(x, w) : x, a = y.narrow(2, 0, kHead / 2), b = y.narrow(2, kHead / 2, kHead / 2);
    const Tensor c = batch_->cosine.unsqueeze(1), s = batch_->sine.unsqueeze(1);
    return at::cat({a * c - b * s, b * c + a * s}, 2);
  }
  Tensor attention_definition(const Tensor& h) {
    const Tensor a = norm(h, layer_.input_norm);
    const Tensor q = turn(linear(layer_.q, a).view({kTokens, kHeads, kHead}), layer_.q_norm).transpose(0, 1);
    const Tensor k = turn(linear(layer_.k, a).view({kTokens, kKvHeads, kHead}), layer_.k_norm).transpose(0, 1).repeat_interleave(kHeads / kKvHeads, 0);
    const Tensor v = linear(layer_.v, a).view({kTokens, kKvHeads, kHead}).transpose(0, 1).repeat_interleave(kHeads / kKvHeads, 0);
    const Tensor row = at::arange(kTokens), age = row.unsqueeze(1) - row.unsqueeze(0), segment = row.ge(2).to(at::kLong);
    Tensor hidden = age.lt(0).logical_or(segment.unsqueeze(1).ne(segment.unsqueeze(0)));
    if (layer_.window > 0) hidden = hidden.logical_or(age.ge(layer_.window));
    const Tensor unseen = hidden.logical_or(dropped_keys(DropPosition::Key).gt(0)), gone = dropped_keys(DropPosition::Attention).gt(0);
    const Tensor scores = (q.matmul(k.transpose(1, 2)) / std::sqrt(static_cast<double>(kHead))).masked_fill(unseen, -INFINITY);
    const Tensor kept = at::softmax(scores, 2).masked_fill(gone, 0), weights = kept / kept.sum(2, true).detach();
    return h + linear(layer_.o, weights.matmul(v).transpose(0, 1).reshape({kTokens, kHeads * kHead}));
  }
  Tensor mlp_definition(const Tensor& h) {
    const Tensor a = norm(h, layer_.post_norm), gate = linear(layer_.gate, a);
    const Tensor inner = at::silu(gate) * linear(layer_.up, a) * left_of(kInner, true);
    return h + linear(layer_.down, inner) * left_of(kWidth, false);
  }

  // One pass forward and back: the output, the input's gradient, then those of every factor of `linears`.
  template <typename Block>
  std::vector<Tensor> run(const Block& block, const Tensor& start, const Tensor& gy, std::initializer_list<ModelLinear*> linears) {
    const Tensor h = start.clone().set_requires_grad(true), y = block(h);
    (y * gy).sum().backward();
    std::vector<Tensor> results{y.detach(), h.grad()};
    for (const auto* l : linears) {
      if (!l->factors) continue;
      for (const Tensor* gradient : {&l->factors->left_grad, &l->factors->right_grad, &l->factors->row_scale_grad}) {
        if (!gradient->defined()) continue;
        results.push_back(gradient->clone());
        const_cast<Tensor*>(gradient)->zero_();
      }
    }
    return results;
  }

  // Compares with autograd's results, and the levels of what is kept with each other: those bit for bit.
  template <typename Block, typename Definition>
  void compare(const Block& block, const Definition& definition, std::initializer_list<ModelLinear*> linears) {
    const Tensor start = value({kTokens, kWidth}), gy = value({kTokens, kWidth});
    const Tensor theirs = start.clone().set_requires_grad(true), expected = definition(theirs);
    (expected * gy).sum().backward();
    const std::vector<Tensor> ours = run(block, start, gy, linears);
    // by norm; both operands of a product are off by 2^-9 at most, and a gradient has passed some five products
    const double limit = GetParam().bf16 ? 5 * 2 * 0x1p-9 : 1e-12;
    const auto distance = [](const Tensor& got, const Tensor& wanted) { return ((got - wanted).norm() / wanted.norm()).template item<double>(); };
    EXPECT_LT(distance(ours[0], expected), limit);
    EXPECT_LT(distance(ours[1], theirs.grad()), limit);
    ASSERT_EQ(ours.size(), 2 + leaves_.size());
    for (std::size_t i = 0; i < leaves_.size(); ++i) {
      EXPECT_LT(distance(ours[2 + i], leaves_[i].grad()), limit) << "leaf " << i;
      EXPECT_GT(ours[2 + i].abs().max().template item<double>(), 0);
    }
    for (const auto level : kActivationLevels) {
      layer_.activations = level;
      const std::vector<Tensor> again = run(block, start, gy, linears);
      ASSERT_EQ(again.size(), ours.size());
      for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_TRUE(at::equal(again[i], ours[i])) << activations_name(level) << ", result " << i;
    }
  }

  DecoderLayer layer_;
  std::array<LinearFactors, 7> factors_;
  std::shared_ptr<const BatchContext> batch_;
  std::vector<Tensor> leaves_;
  std::uint64_t seed_ = 0;
};

TEST_P(Blocks, AttentionHalfEqualsItsDefinition) {
  compare([&](const Tensor& h) { return attention_block(h, layer_, batch_); }, [&](const Tensor& h) { return attention_definition(h); },
          {&layer_.q, &layer_.k, &layer_.v, &layer_.o});
}

TEST_P(Blocks, MlpHalfEqualsItsDefinition) {
  // the definition calls gate, up, down in this order
  compare([&](const Tensor& h) { return mlp_block(h, layer_, batch_); }, [&](const Tensor& h) { return mlp_definition(h); },
          {&layer_.gate, &layer_.up, &layer_.down});
}

// What the linear layers gave is alive after the forward pass where the level says so, and each is heard of once.
TEST_P(Blocks, KeepWhatTheirLevelSays) {
  const bool rounded = GetParam().bf16;  // gate and up are then kept in another form
  std::map<const ModelLinear*, c10::weak_intrusive_ptr<c10::TensorImpl>> outputs;
  auto listening = std::make_shared<BatchContext>(*batch_);
  int heard = 0;
  listening->watch = [&](const ModelLinear& linear, const Tensor&, const Tensor& y) {
    outputs.insert_or_assign(&linear, c10::weak_intrusive_ptr<c10::TensorImpl>(y.getIntrusivePtr()));
    ++heard;
  };
  for (const auto level : kActivationLevels) {
    layer_.activations = level;
    heard = 0;
    const Tensor h = value({kTokens, kWidth}).set_requires_grad(true);
    const Tensor y = mlp_block(attention_block(h, layer_, listening), layer_, listening);
    const auto kept = [&](const ModelLinear& linear) { return !outputs.at(&linear).expired(); };
    EXPECT_EQ(kept(layer_.v), level != Activations::Checkpoint) << activations_name(level);
    for (const auto* linear : {&layer_.gate, &layer_.up})
      EXPECT_EQ(kept(*linear), !rounded && (level == Activations::Keep || level == Activations::Cheap)) << activations_name(level);
    y.sum().backward();
    EXPECT_EQ(heard, 7) << activations_name(level);
    for (const auto* linear : {&layer_.v, &layer_.gate, &layer_.up}) EXPECT_FALSE(kept(*linear)) << activations_name(level);
  }
}

INSTANTIATE_TEST_SUITE_P(Layers, Blocks,
                         testing::Values(Case{"lora", false, false, false, false, 0}, Case{"dora", true, false, false, false, 0},
                                         Case{"dora_head_norms_bias", true, true, true, false, 3}, Case{"some_plain_bias", false, false, true, true, 2},
                                         Case{"bf16", false, true, false, false, 0, true},
                                         Case{"dropout", false, false, false, false, 0, false, Case::Drop::Output},
                                         Case{"dora_dropout", true, true, true, false, 3, false, Case::Drop::Output},
                                         Case{"bf16_dropout", false, false, true, true, 0, true, Case::Drop::Output},
                                         Case{"inner_dropout", true, false, false, true, 2, false, Case::Drop::Inner}));

TEST(BlocksBelowTheLowestAdapter, HaveNoBackwardPass) {
  DecoderLayer layer;
  layer.post_norm = at::ones({4}, at::kDouble);
  for (ModelLinear* l : {&layer.gate, &layer.up, &layer.down}) l->base = std::make_unique<Base>(random_double({4, 4}, 1));
  const auto batch = std::make_shared<const BatchContext>(BatchContext{.cosine = {}, .sine = {}, .segments = {0, 2}, .heads = 1, .kv_heads = 1, .head_size = 4,
                                                                       .norm_eps = 1e-5, .anchor = at::zeros({1}, at::kDouble).set_requires_grad(true), .watch = {}});
  EXPECT_FALSE(mlp_block(random_double({2, 4}, 2), layer, batch).requires_grad());
}

}  // namespace
}  // namespace weft
