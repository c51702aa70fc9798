// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of attention.h. See kernels.inl.
#pragma once

#include <cstdint>

#include "engine/core/counter_random.h"
#include "engine/kernels/cpu/attention.h"
#include "engine/kernels/cpu/gemm.inl"
#include "engine/kernels/cpu/rows.inl"

namespace weft::cpu {
namespace {

template <typename T>
struct AttentionLoops {
  using Head = AttentionHead<T>;
  static constexpr std::int64_t kPanel = Tile<T>::kColumns, kLanes = Tile<T>::kLanes;

  static std::int64_t least(std::int64_t a, std::int64_t b) { return a < b ? a : b; }
  static std::int64_t first_key(const Head& h, std::int64_t query) {
    return h.window > 0 && query >= h.window ? query - h.window + 1 : 0;
  }

  static std::int64_t last_query(const Head& h) { return h.query_end < 0 ? h.length : h.query_end; }

  // Scores of query i -> exp(score - highest), zero where it does not look; `first` is the key of the row's first value. Returns 1 / sum.
  static T probabilities(const Head& h, std::int64_t i, std::int64_t first, std::int64_t keys, T* row) {
    const std::int64_t from = first_key(h, i) - first, to = i + 1 - first;
    T highest = row[from];
    for (std::int64_t j = from; j < to; ++j) highest = row[j] > highest ? row[j] : highest;
    T sum = 0;
    for (std::int64_t j = 0; j < from; ++j) row[j] = 0;
    for (std::int64_t j = from; j < to; ++j) {
      row[j] = exponential((row[j] - highest) * h.scale);
      sum += row[j];
    }
    for (std::int64_t j = to; j < keys; ++j) row[j] = 0;
    h.log_sum[i] = highest * h.scale + logarithm(sum);
    return T(1) / sum;
  }

  // Scores of query i and gy v' -> probabilities and the gradient of q k'.
  static void probability_gradients(const Head& h, std::int64_t i, std::int64_t first, std::int64_t keys, const T* gy, T* p, T* g) {
    const T *y = h.y + i * h.q_row, log_sum = h.log_sum[i];
    T delta = 0;
    for (std::int64_t d = 0; d < h.size; ++d) delta += gy[d] * y[d];
    const std::int64_t from = first_key(h, i) - first, to = i + 1 - first;
    for (std::int64_t j = 0; j < from; ++j) p[j] = g[j] = 0;
    for (std::int64_t j = from; j < to; ++j) {
      p[j] = exponential(p[j] * h.scale - log_sum);
      g[j] = p[j] * (g[j] - delta) * h.scale;
    }
    for (std::int64_t j = to; j < keys; ++j) p[j] = g[j] = 0;
  }

  // work(is_dropped), of query i; is_dropped(j) of key j of the row whose first value is key `first`
  template <typename Work>
  static void with_dropped(const KeyDrop<T>& drop, std::int64_t i, std::int64_t first, const Work& work) {
    if (drop.keys) return work([keys = drop.keys + first](std::int64_t j) { return keys[j] != T(0); });
    const std::uint64_t stream = substream(drop.stream, static_cast<std::uint64_t>(i));
    const auto place = static_cast<std::uint32_t>(first), least = drop.keep_first ? 1U : 0U;
    work([stream, place, least, threshold = drop.threshold](std::int64_t j) {
      const std::uint32_t at = place + static_cast<std::uint32_t>(j);
      return bits_at(stream, at) < threshold && at >= least;
    });
  }

  static constexpr T kUnseen = T(-1e30);   // a score whose exponential is zero
  static void hide(const Head& h, const KeyDrop<T>& drop, std::int64_t i, std::int64_t first, T* row) {
    if (!drop.any()) return;
    const std::int64_t from = first_key(h, i) - first, own = i - first;
    with_dropped(drop, i, first, [&](const auto& dropped) {
      for (std::int64_t j = from; j < own; ++j) row[j] = dropped(j) ? kUnseen : row[j];
    });
  }
  // Forward, dropping a logit and dropping a weight and making the others sum to 1 are the same.
  static void hide_dropped(const Head& h, std::int64_t i, std::int64_t first, T* row) {
    if (!h.drop) return;
    hide(h, h.drop->logits, i, first, row);
    hide(h, h.drop->weights, i, first, row);
  }

  // probability_gradients() where weights are dropped: with w the weights before that and w' after it, the gradient of a logit is
  // w'_j gy v_j' - w_j gy y. The second term also reaches the keys that were dropped.
  static void kept_weight_gradients(const Head& h, std::int64_t i, std::int64_t first, std::int64_t keys, const T* gy, T* p, T* g) {
    const T *y = h.y + i * h.q_row, log_sum = h.log_sum[i], scale = h.scale;
    T delta = 0;
    for (std::int64_t d = 0; d < h.size; ++d) delta += gy[d] * y[d];
    const std::int64_t from = first_key(h, i) - first, own = i - first;
    T highest = p[own], sum = 0;
    for (std::int64_t j = from; j < own; ++j) highest = p[j] > highest ? p[j] : highest;
    for (std::int64_t j = from; j <= own; ++j) sum += exponential((p[j] - highest) * scale);
    const T whole = highest * scale + logarithm(sum);
    for (std::int64_t j = 0; j < from; ++j) p[j] = g[j] = 0;
    with_dropped(h.drop->weights, i, first, [&](const auto& dropped) {
      for (std::int64_t j = from; j < own; ++j) {
        const T weight = exponential(p[j] * scale - whole), kept = exponential((dropped(j) ? kUnseen : p[j]) * scale - log_sum);
        p[j] = kept;
        g[j] = (kept * g[j] - weight * delta) * scale;
      }
    });
    const T weight = exponential(p[own] * scale - whole);
    p[own] = exponential(p[own] * scale - log_sum);
    g[own] = (p[own] * g[own] - weight * delta) * scale;
    for (std::int64_t j = own + 1; j < keys; ++j) p[j] = g[j] = 0;
  }
  static void row_gradients(const Head& h, std::int64_t i, std::int64_t first, std::int64_t keys, const T* gy, T* p, T* g) {
    if (h.drop) {
      hide(h, h.drop->logits, i, first, p);
      if (h.drop->weights.any()) return kept_weight_gradients(h, i, first, keys, gy, p, g);
    }
    probability_gradients(h, i, first, keys, gy, p, g);
  }

  // c [m, n] = init + a [m, k] b [k, n], b read where it lies (its columns adjacent)
  static void multiply(std::int64_t m, std::int64_t n, std::int64_t k, const T* a, std::int64_t a_row, std::int64_t a_column, const T* b,
                       std::int64_t b_row, const T* init, T* c, std::int64_t c_row) {
    for (std::int64_t k0 = 0; k0 < k; k0 += kBlockK) {
      const std::int64_t depth = least(k - k0, kBlockK);
      const T* from = k0 > 0 ? c : init;
      for (std::int64_t column = 0; column < n; column += kPanel) {
        const int columns = static_cast<int>(least(n - column, kPanel));
        const int whole = columns - columns % static_cast<int>(kLanes), rest = columns - whole;
        const T *a_k = a + k0 * a_column, *b_k = b + k0 * b_row + column, *c_from = from ? from + column : nullptr;
        if (whole > 0) Tile<T>::multiply_columns(whole, 0, m, depth, a_k, a_row, a_column, {b_k, b_row}, c_from, c_row, c + column, c_row);
        if (rest == 0) continue;
        // the last columns fill no vector, which would be read beyond b's row
        alignas(64) T panel[kBlockK * kLanes];
        for (std::int64_t p = 0; p < depth; ++p)
          for (int j = 0; j < kLanes; ++j) panel[p * kLanes + j] = j < rest ? b_k[p * b_row + whole + j] : T(0);
        Tile<T>::multiply_columns(rest, 0, m, depth, a_k, a_row, a_column, {panel, kLanes}, c_from ? c_from + whole : nullptr, c_row,
                                  c + column + whole, c_row);
      }
    }
  }

  // Scores of queries [i, i + rows) for keys [first, end): s [rows, end - first], not yet scaled.
  static void scores(const Head& h, std::int64_t i, std::int64_t rows, std::int64_t first, std::int64_t end, T* s, std::int64_t s_row) {
    multiply(rows, end - first, h.size, h.q + i * h.q_row, h.q_row, 1, h.k_t + first, h.t_row, nullptr, s, s_row);
  }

  static void forward(const Head& h, T* scratch) {
    const std::int64_t s_row = attention_scratch_row(h.length), last = last_query(h);
    T* s = scratch;
    for (std::int64_t i = h.query; i < last; i += kAttentionRows) {
      const std::int64_t rows = least(kAttentionRows, last - i), first = first_key(h, i), end = i + rows, keys = end - first;
      scores(h, i, rows, first, end, s, s_row);
      T inverse[kAttentionRows];
      for (std::int64_t r = 0; r < rows; ++r) {
        hide_dropped(h, i + r, first, s + r * s_row);
        inverse[r] = probabilities(h, i + r, first, keys, s + r * s_row);
      }
      T* y = h.y + i * h.q_row;
      multiply(rows, h.size, keys, s, s_row, 1, h.v + first * h.kv_row, h.kv_row, nullptr, y, h.q_row);
      for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t d = 0; d < h.size; ++d) y[r * h.q_row + d] *= inverse[r];
    }
  }

  static void backward(const Head& h, const AttentionGradient<T>& g, T* scratch) {
    const std::int64_t s_row = attention_scratch_row(h.length), last = last_query(h);
    T *p = scratch, *gs = scratch + kAttentionRows * s_row;
    for (std::int64_t j = 0; j < h.length * h.size; ++j) g.gk[j] = g.gv[j] = 0;
    for (std::int64_t i = h.query; i < last; i += kAttentionRows) {
      const std::int64_t rows = least(kAttentionRows, last - i), first = first_key(h, i), end = i + rows, keys = end - first;
      const T* gy = g.gy + i * h.q_row;
      scores(h, i, rows, first, end, p, s_row);
      multiply(rows, keys, h.size, gy, h.q_row, 1, h.v_t + first, h.t_row, nullptr, gs, s_row);
      for (std::int64_t r = 0; r < rows; ++r) row_gradients(h, i + r, first, keys, gy + r * h.q_row, p + r * s_row, gs + r * s_row);
      multiply(rows, h.size, keys, gs, s_row, 1, h.k + first * h.kv_row, h.kv_row, nullptr, g.gq + i * h.q_row, h.q_row);
      T *gk = g.gk + first * h.size, *gv = g.gv + first * h.size;
      multiply(keys, h.size, rows, gs, 1, s_row, h.q + i * h.q_row, h.q_row, gk, gk, h.size);
      multiply(keys, h.size, rows, p, 1, s_row, gy, h.q_row, gv, gv, h.size);
    }
  }
};

}  // namespace
}  // namespace weft::cpu
