// SPDX-License-Identifier: GPL-3.0-or-later
// Dropout of a run: what is dropped where, and the masks themselves. Wang et al., "LoRA Meets Dropout under a Unified Framework", 2024,
// arXiv:2403.00812 (HiddenKey), whose three axes these are: position, pattern, compensation. It combines with every adapter method, adds
// no parameter and leaves evaluation and export alone. Plain values; any thread.
//
// A mask depends on (seed, step, micro-batch, pass, position, layer, row of the batch, head) and on nothing else: recomputation in the
// backward pass, another number of threads and a resumed run give the same bits.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/api/settings.h"

namespace weft {

enum class DropPosition {
  Key,         // logits of attention before the softmax (DropKey)
  Attention,   // its weights after the softmax, those left made to sum to 1, the sum taken as a constant (DropAttention)
  Hidden,      // feed-forward module (HiddenCut)
  Input,       // embedded tokens
  Output,      // what the output layer reads
  Adapter,     // what the adapter of a matrix reads, not the matrix (lora_dropout of PEFT)
};
enum class DropPattern {
  Element,     // each value by itself; of attention, each pair of query and key
  Column,      // a channel for all tokens of a row; a key for all queries of a head
  Span,        // one stretch of neighbouring tokens of a row, rate x row long; keys likewise
};

struct DropRule {
  double rate = 0;                           // 0 <= rate < 1
  DropPattern pattern = DropPattern::Element;
  double scale = 1;                          // of what stays
  [[nodiscard]] bool active() const { return rate > 0; }
};

enum class Consistency {
  None,
  Kl,          // half of both divergences between two passes with masks of their own (R-Drop's)
  Js,          // Jensen-Shannon divergence from the pass without dropout
};

struct Dropout {
  DropRule key, attention, hidden, input, output, adapter;
  bool inner_hidden = false;                 // Hidden: the input of down_proj instead of its output
  bool later_half = true;                    // Key, Attention and Hidden: only the later half of the layers
  bool keep_first_key = false;               // the first token of a row is never dropped as a key
  Consistency consistency = Consistency::None;
  double consistency_weight = 0;             // lambda
  bool both_passes = false;                  // gradients through both (R-Drop) instead of the first alone

  [[nodiscard]] const DropRule& rule(DropPosition position) const;
  [[nodiscard]] bool active() const;
  // The lowest layer that Key, Attention or Hidden touch; `layers` where none does.
  [[nodiscard]] std::int64_t first_layer(std::int64_t layers) const;
  // Layers below it give both passes of a step the same: they are run once.
  [[nodiscard]] std::int64_t shared_layers(std::int64_t layers) const;
};

// The settings of [dropout], and the value of a key that is not given among `given`: presets give their own.
[[nodiscard]] std::vector<SettingSpec> dropout_settings();
[[nodiscard]] Json dropout_initial(const SettingValues& given, const SettingSpec& spec);
// Of complete settings. InvalidArgument where they contradict each other or the preset.
[[nodiscard]] Result<Dropout> dropout_of(const SettingValues& complete);

// One position in one layer of one pass.
struct DropPlace {
  DropRule rule;
  std::uint64_t stream = 0;
  [[nodiscard]] bool active() const { return rule.active(); }
  // Of a row of the batch (a segment), and of a head or other part of it.
  [[nodiscard]] std::uint64_t stream_of(std::int64_t row, std::int64_t part = 0) const;
};

// One forward pass over one micro-batch.
struct DropPass {
  Dropout dropout;
  std::uint64_t seed = 0;
  std::int64_t step = 0, batch = 0, pass = 0;   // optimizer step from 0, micro-batch of the step, pass over it
  // Not active below the layers that the settings name. part: of Adapter, which matrix of the layer.
  [[nodiscard]] DropPlace place(DropPosition position, std::int64_t layer, std::int64_t layers, std::int64_t part = 0) const;
};

// What is dropped of `count` things in a line, by a Column or Span rule: 1 where dropped.
[[nodiscard]] std::vector<std::uint8_t> dropped_of_line(const DropRule& rule, std::uint64_t stream, std::int64_t count);

// What a place drops of one row of `length` tokens, as the kernels take it. Key and Attention: `width` is not read, [length queries,
// length keys] of one head, a query's own key never dropped; keys after the query are not looked at and stand as not dropped.
// Others: [length tokens, width channels]; `head` is read by Adapter alone, as the matrix of the layer in the order q k v o gate up down.
struct DropMask {
  std::int64_t rows = 0, columns = 0;
  std::vector<std::uint8_t> dropped;             // [rows, columns], 1 where dropped
  [[nodiscard]] double share() const;            // dropped of all that could be
  std::int64_t candidates = 0;
};
[[nodiscard]] DropMask drop_mask(const DropPass& pass, DropPosition position, std::int64_t layer, std::int64_t layers, std::int64_t row, std::int64_t head,
                                 std::int64_t length, std::int64_t width);

}  // namespace weft
