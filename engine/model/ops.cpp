// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/ops.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <type_traits>

#include "engine/core/counter_random.h"
#include "engine/kernels/cpu/kernels.h"
#include "engine/tensor/buffer_pool.h"
#include "engine/tensor/phase_clock.h"

namespace weft {
namespace {

constexpr std::int64_t kRowGrain = 16;       // rows a task: below this a thread is not worth waking
constexpr std::int64_t kElementGrain = 1 << 14;

template <typename T>
const cpu::RowKernels<T>& row_kernels() {
  return cpu::kernels().of<T>().rows;
}

std::uint16_t* bf16_bits(const Tensor& x) { return reinterpret_cast<std::uint16_t*>(x.mutable_data_ptr<at::BFloat16>()); }

// [T, C] -> [C, T]
Tensor transposed(const Tensor& x) {
  Tensor y = pooled(x.size(0), x.size(1), x.scalar_type()).view({x.size(1), x.size(0)});
  y.copy_(x.t());
  return y;
}

// The heads of every segment in parts of their queries, each taken by the next thread of the engine that is free.
template <typename T>
struct AttentionTasks {
  const AttentionShape& shape;
  const Tensor &q, &k, &v, &y, &log_sum;
  const bool backward;
  const std::int64_t tokens = q.size(0), size = q.size(1) / shape.heads;
  const std::int64_t segments = static_cast<std::int64_t>(shape.segments.size()) - 1;
  const std::int64_t parts = parts_of(segments * shape.heads);
  std::int64_t longest = 0;

  AttentionTasks(const AttentionShape& shape_, const Tensor& q_, const Tensor& k_, const Tensor& v_, const Tensor& y_, const Tensor& log_sum_, bool backward_)
      : shape(shape_), q(q_), k(k_), v(v_), y(y_), log_sum(log_sum_), backward(backward_) {
    for (std::int64_t s = 0; s < segments; ++s) longest = std::max(longest, begin_of(s + 1) - begin_of(s));
  }
  // Few heads keep few threads busy to the end. Not asked of the threads: the sums must not depend on their number.
  static std::int64_t parts_of(std::int64_t heads) { return heads < 24 ? 2 : 1; }
  [[nodiscard]] std::int64_t begin_of(std::int64_t segment) const { return shape.segments[static_cast<std::size_t>(segment)]; }
  [[nodiscard]] std::int64_t key_column(std::int64_t head) const { return head / (shape.heads / shape.kv_heads) * size; }

  [[nodiscard]] cpu::AttentionHead<T> head(std::int64_t segment, std::int64_t h, std::int64_t part) const {
    const auto begin = begin_of(segment);
    cpu::AttentionHead<T> one;
    one.length = begin_of(segment + 1) - begin;
    one.size = size;
    one.window = shape.window;
    one.scale = static_cast<T>(1 / std::sqrt(static_cast<double>(size)));
    if (parts == 2) {  // the second part looks at more keys: as many pairs of query and key in each
      const auto middle = static_cast<std::int64_t>(static_cast<double>(one.length) * 0.7071) / cpu::kAttentionRows * cpu::kAttentionRows;
      one.query = part == 0 ? 0 : middle;
      one.query_end = part == 0 ? middle : one.length;
    }
    one.q_row = q.size(1);
    one.kv_row = k.size(1);
    one.q = q.const_data_ptr<T>() + begin * one.q_row + h * size;
    one.k = k.const_data_ptr<T>() + begin * one.kv_row + key_column(h);
    one.v = v.const_data_ptr<T>() + begin * one.kv_row + key_column(h);
    one.y = y.mutable_data_ptr<T>() + begin * one.q_row + h * size;
    one.log_sum = log_sum.mutable_data_ptr<T>() + h * tokens + begin;
    return one;
  }

  // work(task, scratch) for tasks in [0, count)
  template <typename Work>
  static void share(std::int64_t count, const Tensor& scratch, const Work& work) {
    std::atomic<std::int64_t> next{0}, worker{0};
    at::parallel_for(0, scratch.size(0), 1, [&](std::int64_t, std::int64_t) {
      T* own = scratch.mutable_data_ptr<T>() + worker++ * scratch.size(1);
      for (auto task = next++; task < count; task = next++) work(task, own);
    });
  }
  // work(segment, head, part, scratch)
  template <typename Work>
  void run(std::int64_t scratch_size, const Work& work) const {
    const auto tasks = segments * shape.heads * parts;
    share(tasks, pooled_scratch(std::min<std::int64_t>(at::get_num_threads(), tasks), scratch_size, q.scalar_type()), [&](std::int64_t task, T* scratch) {
      const auto head = task / parts;
      work(head / shape.heads, head % shape.heads, task % parts, scratch);
    });
  }
};

// Where a head's part puts its gradients.
template <typename T>
struct AttentionGradients {
  const AttentionTasks<T>& tasks;
  const T* gy;
  T *gq, *gk, *gv;
  [[nodiscard]] cpu::AttentionGradient<T> of(std::int64_t segment, std::int64_t h, std::int64_t part) const {
    const auto begin = tasks.begin_of(segment), query = begin * tasks.q.size(1) + h * tasks.size, key = ((h * tasks.parts + part) * tasks.tokens + begin) * tasks.size;
    return {gy + query, gq + query, gk + key, gv + key};
  }
};

// What the heads of all segments do not see.
template <typename T>
class DroppedKeys {
 public:
  explicit DroppedKeys(const AttentionTasks<T>& tasks) : tasks_(tasks), logits_(lines_of(tasks.shape.key_drop)), weights_(lines_of(tasks.shape.weight_drop)) {}
  [[nodiscard]] bool any() const { return tasks_.shape.key_drop.active() || tasks_.shape.weight_drop.active(); }
  [[nodiscard]] cpu::AttentionDrop<T> of(std::int64_t segment, std::int64_t head) const {
    return {one(tasks_.shape.key_drop, logits_, segment, head), one(tasks_.shape.weight_drop, weights_, segment, head)};
  }

 private:
  // [heads, T] 1 where a key is dropped for all queries; undefined where each pair is drawn
  [[nodiscard]] Tensor lines_of(const DropPlace& place) const {
    if (!place.active() || place.rule.pattern == DropPattern::Element) return {};
    Tensor lines = pooled(tasks_.tokens, tasks_.shape.heads, tasks_.q.scalar_type());
    auto* to = lines.template mutable_data_ptr<T>();
    at::parallel_for(0, tasks_.segments * tasks_.shape.heads, 1, [&](std::int64_t first, std::int64_t last) {
      for (auto task = first; task < last; ++task) {
        const auto segment = task / tasks_.shape.heads, head = task % tasks_.shape.heads, begin = tasks_.begin_of(segment);
        auto line = dropped_of_line(place.rule, place.stream_of(segment, head), tasks_.begin_of(segment + 1) - begin);
        if (tasks_.shape.keep_first_key && !line.empty()) line.front() = 0;
        std::copy(line.begin(), line.end(), to + head * tasks_.tokens + begin);
      }
    });
    return lines;
  }
  [[nodiscard]] cpu::KeyDrop<T> one(const DropPlace& place, const Tensor& lines, std::int64_t segment, std::int64_t head) const {
    if (!place.active()) return {};
    if (lines.defined()) return {.keys = lines.const_data_ptr<T>() + head * tasks_.tokens + tasks_.begin_of(segment)};
    return {.stream = place.stream_of(segment, head), .threshold = threshold_of(place.rule.rate), .keep_first = tasks_.shape.keep_first_key};
  }

  const AttentionTasks<T>& tasks_;
  const Tensor logits_, weights_;
};

// In the tensors' own type. gradients: of a backward pass.
template <typename T>
void run_attention(const AttentionTasks<T>& tasks, const AttentionGradients<T>* gradients) {
  const Tensor k_t = transposed(tasks.k), v_t = tasks.backward ? transposed(tasks.v) : Tensor();
  const auto& kernels = cpu::kernels().of<T>();
  const DroppedKeys<T> dropped(tasks);
  tasks.run(2 * cpu::kAttentionRows * cpu::attention_scratch_row(tasks.longest), [&](std::int64_t segment, std::int64_t h, std::int64_t part, T* scratch) {
    auto head = tasks.head(segment, h, part);
    const cpu::AttentionDrop<T> drop = dropped.of(segment, h);
    if (dropped.any()) head.drop = &drop;
    const auto at = tasks.key_column(h) * tasks.tokens + tasks.begin_of(segment);
    head.t_row = tasks.tokens;
    head.k_t = k_t.const_data_ptr<T>() + at;
    if (v_t.defined()) head.v_t = v_t.const_data_ptr<T>() + at;
    if (gradients)
      kernels.attention_backward(head, gradients->of(segment, h, part), scratch);
    else
      kernels.attention(head, scratch);
  });
}

// k or v as pairs of bfloat16 along both of its dimensions, for all segments and heads. A pair takes the place of a float.
class KeyPairs {
 public:
  KeyPairs(const AttentionTasks<float>& tasks, const Tensor& x, bool along_columns, bool along_rows) : tasks_(tasks) {
    const auto heads = tasks.shape.kv_heads;
    if (along_columns) columns_ = pooled_scratch(1, heads * half_ * t_row() + 16, at::kFloat);  // a vector is read beyond the last
    if (along_rows) rows_ = pooled_scratch(heads * row_pairs(), row_, at::kFloat);
    const auto& kernels = cpu::kernels().bf16.attention;
    at::parallel_for(0, tasks.segments * heads, 1, [&](std::int64_t first, std::int64_t last) {
      for (auto task = first; task < last; ++task) {
        const auto segment = task / heads, head = task % heads, begin = tasks.begin_of(segment), length = tasks.begin_of(segment + 1) - begin;
        const float* from = x.const_data_ptr<float>() + begin * x.size(1) + head * tasks.size;
        if (along_columns) kernels.pairs_along_columns(from, x.size(1), length, tasks.size, words(columns_, column_offset(segment, head)), t_row());
        if (along_rows) kernels.pairs_along_rows(from, x.size(1), length, tasks.size, words(rows_, row_offset(segment, head)), row_);
      }
    });
  }
  [[nodiscard]] const std::uint32_t* along_columns(std::int64_t segment, std::int64_t head) const { return words(columns_, column_offset(segment, head)); }
  [[nodiscard]] const std::uint32_t* along_rows(std::int64_t segment, std::int64_t head) const { return words(rows_, row_offset(segment, head)); }
  [[nodiscard]] std::int64_t t_row() const { return tasks_.tokens; }
  [[nodiscard]] std::int64_t row() const { return row_; }

 private:
  static std::uint32_t* words(const Tensor& t, std::int64_t offset) {
    return t.defined() ? reinterpret_cast<std::uint32_t*>(t.mutable_data_ptr<float>()) + offset : nullptr;
  }
  [[nodiscard]] std::int64_t row_pairs() const { return (tasks_.tokens + tasks_.segments) / 2 + 1; }  // every segment may end in half a pair
  [[nodiscard]] std::int64_t column_offset(std::int64_t segment, std::int64_t head) const { return head * half_ * t_row() + tasks_.begin_of(segment); }
  [[nodiscard]] std::int64_t row_offset(std::int64_t segment, std::int64_t head) const {
    return (head * row_pairs() + (tasks_.begin_of(segment) + segment + 1) / 2) * row_;
  }

  const AttentionTasks<float>& tasks_;
  const std::int64_t half_ = (tasks_.size + 1) / 2, row_ = cpu::attention_pairs_row(tasks_.size);
  Tensor columns_, rows_;
};

void run_attention_in_pairs(const AttentionTasks<float>& tasks, const AttentionGradients<float>* gradients) {
  const KeyPairs k(tasks, tasks.k, /*along_columns=*/true, /*along_rows=*/gradients != nullptr);
  const KeyPairs v(tasks, tasks.v, /*along_columns=*/gradients != nullptr, /*along_rows=*/gradients == nullptr);
  const auto& kernels = cpu::kernels().bf16.attention;
  const DroppedKeys<float> dropped(tasks);
  tasks.run(cpu::attention_pairs_scratch(tasks.longest, tasks.size), [&](std::int64_t segment, std::int64_t h, std::int64_t part, float* scratch) {
    auto head = tasks.head(segment, h, part);
    const cpu::AttentionDrop<float> drop = dropped.of(segment, h);
    if (dropped.any()) head.drop = &drop;
    const auto shared = h / (tasks.shape.heads / tasks.shape.kv_heads);
    cpu::AttentionPairs pairs{.k_t = k.along_columns(segment, shared), .v_t = nullptr, .k = nullptr, .v = nullptr, .t_row = k.t_row(), .row = k.row()};
    if (gradients) {
      pairs.v_t = v.along_columns(segment, shared);
      pairs.k = k.along_rows(segment, shared);
      kernels.backward(head, pairs, gradients->of(segment, h, part), scratch);
    } else {
      pairs.v = v.along_rows(segment, shared);
      kernels.forward(head, pairs, scratch);
    }
  });
}

template <typename T>
void run_attention(const AttentionTasks<T>& tasks, const AttentionGradients<T>* gradients, Precision precision) {
  if constexpr (std::is_same_v<T, float>)
    if (precision == Precision::Bf16 && cpu::kernels().bf16.attention.forward) return run_attention_in_pairs(tasks, gradients);
  run_attention(tasks, gradients);
}

void check_attention(const AttentionShape& shape, const Tensor& q, const Tensor& k) {
  TORCH_CHECK(!shape.segments.empty() && shape.segments.back() == q.size(0), "[model.attention] segments end at ",
              shape.segments.empty() ? 0 : shape.segments.back(), ", rows at ", q.size(0));
  TORCH_CHECK(q.size(1) * shape.kv_heads == k.size(1) * shape.heads, "[model.attention] ", q.sizes(), " and ", k.sizes(), " for ", shape.heads, " and ",
              shape.kv_heads, " heads");
}

}  // namespace

void norm_forward(const Tensor& x, const Tensor& weight, double eps, const Tensor& y, const Tensor& rstd) {
  const PhaseScope phase(Phase::Elementwise);
  const auto width = x.size(1);
  TORCH_CHECK(width == weight.size(0), "[model.norm] rows of ", width, " values, weight of ", weight.size(0));
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "norm_forward", [&] {
    const auto *in = x.const_data_ptr<scalar_t>(), *w = weight.const_data_ptr<scalar_t>();
    auto *out = y.mutable_data_ptr<scalar_t>(), *r = rstd.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, x.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
      row_kernels<scalar_t>().rms_norm(in, w, static_cast<scalar_t>(eps), begin, end, width, out, r);
    });
  });
}

void norm_backward(const Tensor& x, const Tensor& weight, const Tensor& rstd, const Tensor& gy, const Tensor& init, const Tensor& gx) {
  const PhaseScope phase(Phase::Elementwise);
  const auto width = x.size(1);
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "norm_backward", [&] {
    const auto *in = x.const_data_ptr<scalar_t>(), *w = weight.const_data_ptr<scalar_t>(), *r = rstd.const_data_ptr<scalar_t>(), *g = gy.const_data_ptr<scalar_t>();
    const auto* start = init.defined() ? init.const_data_ptr<scalar_t>() : nullptr;
    auto* out = gx.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, x.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
      row_kernels<scalar_t>().rms_norm_backward(in, w, r, g, start, begin, end, width, out);
    });
  });
}

void rotate(const Tensor& x, const Tensor& cosine, const Tensor& sine, std::int64_t heads, int direction, const Tensor& y) {
  const PhaseScope phase(Phase::Elementwise);
  const auto head_size = x.size(1) / heads;
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "rotate", [&] {
    const auto *in = x.const_data_ptr<scalar_t>(), *c = cosine.const_data_ptr<scalar_t>(), *s = sine.const_data_ptr<scalar_t>();
    auto* out = y.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, x.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
      row_kernels<scalar_t>().rotate(in, c, s, static_cast<scalar_t>(direction), begin, end, heads, head_size, out);
    });
  });
}

void swiglu(const Tensor& gate, const Tensor& up, const Tensor& y) {
  const PhaseScope phase(Phase::Elementwise);
  AT_DISPATCH_FLOATING_TYPES(y.scalar_type(), "swiglu", [&] {
    auto* out = y.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, gate.numel(), kElementGrain, [&](std::int64_t begin, std::int64_t end) {
      if (gate.scalar_type() == at::kBFloat16)
        row_kernels<scalar_t>().swiglu_bf16(bf16_bits(gate), bf16_bits(up), begin, end, out);
      else
        row_kernels<scalar_t>().swiglu(gate.const_data_ptr<scalar_t>(), up.const_data_ptr<scalar_t>(), begin, end, out);
    });
  });
}

void swiglu_kept(const Tensor& gate, const Tensor& up, const Tensor& gate_kept, const Tensor& up_kept, const Tensor& y) {
  constexpr std::int64_t kPart = 2048;  // stays in the first-level cache between rounding and use
  const PhaseScope phase(Phase::Elementwise);
  AT_DISPATCH_FLOATING_TYPES(y.scalar_type(), "swiglu", [&] {
    const auto& kernels = row_kernels<scalar_t>();
    const auto *g = gate.const_data_ptr<scalar_t>(), *u = up.const_data_ptr<scalar_t>();
    auto *g_kept = bf16_bits(gate_kept), *u_kept = bf16_bits(up_kept);
    auto* out = y.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, gate.numel(), kElementGrain, [&](std::int64_t begin, std::int64_t end) {
      for (auto at = begin; at < end; at += kPart) {
        const auto part_end = std::min(end, at + kPart);
        kernels.to_bf16(g, at, part_end, g_kept);
        kernels.to_bf16(u, at, part_end, u_kept);
        kernels.swiglu_bf16(g_kept, u_kept, at, part_end, out);
      }
    });
  });
}

void swiglu_backward(const Tensor& gate, const Tensor& up, const Tensor& gy, const Tensor& g_gate, const Tensor& g_up) {
  const PhaseScope phase(Phase::Elementwise);
  AT_DISPATCH_FLOATING_TYPES(gy.scalar_type(), "swiglu_backward", [&] {
    const auto* d = gy.const_data_ptr<scalar_t>();
    auto *og = g_gate.mutable_data_ptr<scalar_t>(), *ou = g_up.mutable_data_ptr<scalar_t>();
    at::parallel_for(0, gate.numel(), kElementGrain, [&](std::int64_t begin, std::int64_t end) {
      if (gate.scalar_type() == at::kBFloat16)
        row_kernels<scalar_t>().swiglu_bf16_backward(bf16_bits(gate), bf16_bits(up), d, begin, end, og, ou);
      else
        row_kernels<scalar_t>().swiglu_backward(gate.const_data_ptr<scalar_t>(), up.const_data_ptr<scalar_t>(), d, begin, end, og, ou);
    });
  });
}

void attention_forward(const AttentionShape& shape, const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& y, const Tensor& log_sum,
                       Precision precision) {
  const PhaseScope phase(Phase::Attention);
  check_attention(shape, q, k);
  AT_DISPATCH_FLOATING_TYPES(q.scalar_type(), "attention", [&] {
    run_attention<scalar_t>(AttentionTasks<scalar_t>(shape, q, k, v, y, log_sum, /*backward_=*/false), nullptr, precision);
  });
}

void attention_backward(const AttentionShape& shape, const AttentionTensors& at, const Tensor& gy, const Tensor& gq, const Tensor& gk, const Tensor& gv,
                        Precision precision) {
  const PhaseScope phase(Phase::Attention);
  check_attention(shape, at.q, at.k);
  AT_DISPATCH_FLOATING_TYPES(at.q.scalar_type(), "attention_backward", [&] {
    const AttentionTasks<scalar_t> tasks(shape, at.q, at.k, at.v, at.y, at.log_sum, /*backward_=*/true);
    // of each part of a query head; those that share a key head are added up below
    const auto each = [&] { return pooled(tasks.tokens, tasks.parts * at.q.size(1), at.q.scalar_type()); };
    const Tensor each_k = each(), each_v = each();
    const AttentionGradients<scalar_t> gradients{tasks, gy.const_data_ptr<scalar_t>(), gq.mutable_data_ptr<scalar_t>(), each_k.mutable_data_ptr<scalar_t>(),
                                                 each_v.mutable_data_ptr<scalar_t>()};
    run_attention<scalar_t>(tasks, &gradients, precision);
    for (const auto& [parts, sum] : {std::pair(&each_k, &gk), std::pair(&each_v, &gv)}) {
      const auto* from = parts->template const_data_ptr<scalar_t>();
      auto* to = sum->template mutable_data_ptr<scalar_t>();
      at::parallel_for(0, tasks.tokens, kRowGrain, [&](std::int64_t begin, std::int64_t end) {
        row_kernels<scalar_t>().sum_heads(from, tasks.tokens, shape.heads * tasks.parts, shape.kv_heads, tasks.size, begin, end, to);
      });
    }
  });
}

}  // namespace weft
