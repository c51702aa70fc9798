// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probe/floor_probe.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "engine/api/run_plan.h"
#include "engine/core/text_util.h"
#include "engine/kernels/cpu/kernels.h"
#include "engine/model/ops.h"
#include "engine/plan/compute.h"
#include "engine/tensor/matmul.h"
#include "engine/tensor/tensor.h"

namespace weft {
namespace {

constexpr std::int64_t kLibraryHeadRows = 1024;    // a careful Python loop holds the logits of a batch at once
constexpr std::int64_t kCopyBytes = 256 << 20;     // beyond any cache
constexpr int kLeastRounds = 3;

using Clock = std::chrono::steady_clock;

double seconds_of(const std::function<void()>& work) {
  const auto begin = Clock::now();
  work();
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Status check(const CalibrateRequest& r) {
  if (r.layers < 1 || r.width < 1 || r.heads < 1 || r.kv_heads < 1 || r.heads % r.kv_heads != 0 || r.head_size < 1 || r.vocabulary < 1)
    return invalid_argument("[calibrate] a model without layers, heads or vocabulary has no floor");
  if (r.segments.size() < 2 || r.segments.front() != 0 || !std::is_sorted(r.segments.begin(), r.segments.end()) || r.segments.back() < 1)
    return invalid_argument("[calibrate] the batch is empty: name at least one row of one token");
  if (r.head_rows < 0 || r.head_rows > r.segments.back())
    return invalid_argument(fmt::format("[calibrate] {} rows for the output layer, the batch has {} tokens", r.head_rows, r.segments.back()));
  if (r.compute != "fp32" && r.compute != "bf16") return invalid_argument("[calibrate] compute \"" + r.compute + "\" is not known: fp32 or bf16");
  for (const auto& m : r.matrices)
    if (m.out < 1 || m.in < 1 || m.count < 0) return invalid_argument(fmt::format("[calibrate] a matrix of {} x {}", m.out, m.in));
  const std::uint64_t needed = calibrate_bytes(r) + 2 * kCopyBytes, available = available_memory_bytes();
  if (available > 0 && needed > available)
    return {ErrorCode::OutOfMemory, fmt::format("[calibrate] the floor is timed on weights of its own, in all {} of memory; {} are free. Close other programs, "
                                                "or measure with a smaller model", human_bytes(static_cast<double>(needed)), human_bytes(static_cast<double>(available)))};
  return {};
}

struct Ended {};                              // thrown out of what is timed

void go_on(const CalibrateRequest& request) {
  if (request.cancelled && request.cancelled()) throw Ended();
}

class Floor {
 public:
  explicit Floor(const CalibrateRequest& request)
      : request_(request),
        precision_(request.compute == "bf16" ? Precision::Bf16 : Precision::Full),
        options_(request.compute == "bf16" ? at::kBFloat16 : at::kFloat),
        tokens_(request.segments.back()) {
    for (const auto& m : request.matrices) {
      for (std::int64_t i = 0; i < m.count; ++i) weights_.push_back(values({m.out, m.in}).to(options_.dtype()));
      add_rows(m.out);
      add_rows(m.in);
    }
    add_rows(request.width);
    head_ = values({request.vocabulary, request.width}).to(options_.dtype());
    q_ = values({tokens_, request.heads * request.head_size});
    k_ = values({tokens_, request.kv_heads * request.head_size});
    v_ = values({tokens_, request.kv_heads * request.head_size});
    gy_ = values({tokens_, request.heads * request.head_size});
    for (const auto& [ours, library] : {std::pair(&q_, &library_q_), {&k_, &library_k_}, {&v_, &library_v_}})
      *library = ours->to(options_.dtype()).detach().set_requires_grad(true);
    library_gy_ = gy_.to(options_.dtype());
  }

  void linears(bool own) const {
    for (const auto& w : weights_) {
      go_on(request_);
      const auto in = w.size(1), out = w.size(0);
      own ? own_product(rows_.at(in), stored(w).t()) : at::mm(library_rows_.at(in), w.t());   // Y = X W^T
      own ? own_product(rows_.at(out), stored(w)) : at::mm(library_rows_.at(out), w);         // dX = dY W
    }
  }

  void attention(bool own) const {
    for (std::int64_t layer = 0; layer < request_.layers; ++layer) {
      go_on(request_);
      own ? own_attention() : library_attention();
    }
  }

  void head(bool own) const {
    const Tensor& hidden = (own ? rows_ : library_rows_).at(request_.width);
    const std::int64_t tile = own ? loss_tile_rows(request_.vocabulary) : kLibraryHeadRows;
    for (std::int64_t begin = 0; begin < request_.head_rows; begin += tile) {
      go_on(request_);
      const Tensor h = hidden.narrow(0, begin, std::min(tile, request_.head_rows - begin));
      const Tensor logits = own ? own_product(h, stored(head_).t()) : at::mm(h, head_.t());
      own ? own_product(logits, stored(head_)) : at::mm(logits, head_);
    }
  }

 private:
  void add_rows(std::int64_t size) {
    if (rows_.count(size)) return;
    rows_[size] = values({tokens_, size});
    library_rows_[size] = rows_[size].to(options_.dtype());
  }
  // As the engine takes a weight: where it lies, whatever its type.
  static Matrix stored(const Tensor& w) {
    if (w.scalar_type() == at::kFloat) return w;
    return {{.code = cpu::Code::BF16, .data = static_cast<const std::byte*>(w.const_data_ptr()), .row_bytes = w.size(1) * 2}, w.size(0), w.size(1)};
  }
  Tensor own_product(const Tensor& a, const Matrix& b) const {
    Tensor out = at::empty({a.size(0), b.columns()}, a.options());
    sum_of_products(out, {}, {{.a = a, .b = b, .scale = 1, .row_scale = {}, .column_scale = {}}}, precision_);
    return out;
  }
  // In [-0.05, 0.05], cheaply: what is timed does not depend on the values, but zeros and denormals would be lies.
  Tensor values(std::initializer_list<std::int64_t> shape) const {
    Tensor t = at::empty(shape, at::TensorOptions(at::kFloat));
    float* at_value = t.mutable_data_ptr<float>();
    at::parallel_for(0, t.numel(), 1 << 16, [&](std::int64_t begin, std::int64_t end) {
      std::uint32_t state = 0x9E3779B9U ^ static_cast<std::uint32_t>(begin);
      for (std::int64_t i = begin; i < end; ++i) {
        state = state * 1664525U + 1013904223U;
        at_value[i] = (static_cast<float>(state >> 8) / 8388608.0F - 1.0F) * 0.05F;
      }
    });
    return t;
  }

  void own_attention() const {
    const AttentionShape shape{request_.segments, request_.heads, request_.kv_heads, /*window=*/0};
    const Tensor y = at::empty_like(q_), log_sum = at::empty({request_.heads, tokens_}, q_.options());
    const Tensor gq = at::empty_like(q_), gk = at::empty_like(k_), gv = at::empty_like(v_);
    attention_forward(shape, q_, k_, v_, y, log_sum, precision_);
    attention_backward(shape, {q_, k_, v_, y, log_sum}, gy_, gq, gk, gv, precision_);
  }

  void library_attention() const {
    const at::AutoGradMode grad_on(true);
    (void)torch::autograd::grad({scaled_dot_product()}, {library_q_, library_k_, library_v_}, {library_gy_});
  }

  // Segments of one length go in one call, as a padded batch would.
  Tensor scaled_dot_product() const {
    const auto& s = request_.segments;
    bool even = true;
    for (std::size_t i = 1; i < s.size(); ++i) even = even && s[i] - s[i - 1] == s[1];
    const auto call = [&](std::int64_t begin, std::int64_t rows, std::int64_t length) {
      const auto heads_of = [&](const Tensor& t, std::int64_t heads) {
        return t.narrow(0, begin, rows * length).view({rows, length, heads, request_.head_size}).transpose(1, 2);
      };
      return at::scaled_dot_product_attention(heads_of(library_q_, request_.heads), heads_of(library_k_, request_.kv_heads),
                                              heads_of(library_v_, request_.kv_heads), {}, 0.0, /*is_causal=*/true, {}, /*enable_gqa=*/true)
          .transpose(1, 2)
          .reshape({rows * length, request_.heads * request_.head_size});
    };
    if (even) return call(0, static_cast<std::int64_t>(s.size()) - 1, s[1]);
    std::vector<Tensor> parts;
    for (std::size_t i = 1; i < s.size(); ++i)
      if (s[i] > s[i - 1]) parts.push_back(call(s[i - 1], 1, s[i] - s[i - 1]));
    return at::cat(parts);
  }

  const CalibrateRequest& request_;
  const Precision precision_;              // of our products
  const at::TensorOptions options_;        // of the weights and of all that the library takes
  const std::int64_t tokens_;
  std::vector<Tensor> weights_;            // one a matrix of the model: no cache holds them all
  std::map<std::int64_t, Tensor> rows_, library_rows_;    // [T, size] by size; ours are float32, as the engine's are
  Tensor head_, q_, k_, v_, gy_, library_q_, library_k_, library_v_, library_gy_;
};

double copy_speed(const CalibrateRequest& request) {
  std::vector<char> from(kCopyBytes, 1), to(kCopyBytes, 2);
  std::vector<double> seconds;
  for (int round = 0; round < 5; ++round) {
    go_on(request);
    seconds.push_back(seconds_of([&] {
      at::parallel_for(0, kCopyBytes, 1 << 20, [&](std::int64_t begin, std::int64_t end) {
        std::memcpy(to.data() + begin, from.data() + begin, static_cast<std::size_t>(end - begin));
      });
    }));
  }
  return 2.0 * kCopyBytes / median(seconds);
}

}  // namespace

// Ours and the library's take turns, so that both meet the machine in the same mood.
Result<CalibrateReply> measure_floor(const CalibrateRequest& request) try {
  WEFT_RETURN_IF_ERROR(check(request));
  const at::NoGradGuard no_grad;
  struct Threads {                         // as they were, also when it is ended
    const int before = at::get_num_threads();
    ~Threads() { at::set_num_threads(before); }
  } const threads;
  if (request.threads > 0) at::set_num_threads(request.threads);
  CalibrateReply reply;
  reply.threads = at::get_num_threads();
  reply.kernels = cpu::kernels().name;
  go_on(request);                          // it waited for its turn meanwhile
  reply.copy_bytes_per_s = copy_speed(request);
  const Floor floor(request);
  const auto measure = [&](double FloorTimes::* part, void (Floor::*work)(bool) const) {
    std::vector<double> times[2];
    double spent = 0;
    for (int round = -1; round < kLeastRounds || spent < request.seconds; ++round) {
      for (const int own : {1, 0}) {
        const double seconds = seconds_of([&] { (floor.*work)(own != 0); });
        if (round >= 0) times[own].push_back(seconds);   // the first round warms up
        spent += round >= 0 ? seconds : 0;
      }
    }
    reply.library.*part = median(times[0]);
    reply.own.*part = median(times[1]);
  };
  measure(&FloorTimes::linears, &Floor::linears);
  measure(&FloorTimes::attention, &Floor::attention);
  if (request.head_rows > 0) measure(&FloorTimes::head, &Floor::head);
  return reply;
} catch (const Ended&) {
  return Status(ErrorCode::Cancelled, "the measuring was ended");
}

}  // namespace weft
