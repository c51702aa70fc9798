// SPDX-License-Identifier: GPL-3.0-or-later
// A text that a decoder reads on, token by token: keys and values of what it has read are kept, so that the next token costs its own products
// and no more. The decoder, and adapters attached to it, must outlive it and not change meanwhile. Engine thread only.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "engine/model/decoder.h"

namespace weft {

class Reading {
 public:
  // capacity: tokens at most. strength: of what attached adapters change (engine/adapter/strength.h).
  Reading(const Decoder& model, std::int64_t capacity, double strength = 1);

  // Reads the next tokens, one at least; logits [V] float of what follows the last. cancelled: asked before each layer, may be empty; then undefined,
  // and none of these tokens was read.
  [[nodiscard]] Tensor read(std::span<const std::int32_t> ids, const std::function<bool()>& cancelled = {});
  [[nodiscard]] std::int64_t length() const { return length_; }

 private:
  struct Kept {
    Tensor k, v;                     // [capacity, kv_heads * head]
  };
  [[nodiscard]] Tensor attention(const Tensor& h, const DecoderLayer& layer, const BatchContext& batch, const Kept& kept) const;
  [[nodiscard]] Tensor mlp(const Tensor& h, const DecoderLayer& layer) const;
  [[nodiscard]] Tensor attend(const Tensor& q, const DecoderLayer& layer, const BatchContext& batch, const Kept& kept) const;
  [[nodiscard]] Tensor normed(const Tensor& h, const Tensor& weight) const;

  const Decoder& model_;
  const std::int64_t capacity_;
  const double strength_;
  std::vector<Kept> kept_;           // by layer
  std::int64_t length_ = 0;
};

}  // namespace weft
