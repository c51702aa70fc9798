// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/drop.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "engine/core/counter_random.h"
#include "engine/kernels/cpu/kernels.h"
#include "engine/tensor/phase_clock.h"

namespace weft {
namespace {

constexpr std::int64_t kRowGrain = 16;   // rows a task, as in the other row operations

template <typename T>
struct Values {
  const T *x, *init;
  T* y;
  std::int64_t width;
  const cpu::RowKernels<T>& kernels = cpu::kernels().of<T>().rows;
};

// Tokens [begin, end) of one segment that starts at `first`.
template <typename T>
void drop_rows(const Values<T>& v, const DropPlace& place, std::uint64_t stream, const std::vector<std::uint8_t>& line, std::int64_t first, std::int64_t begin,
               std::int64_t end) {
  const auto scale = static_cast<T>(place.rule.scale);
  if (place.rule.pattern == DropPattern::Element) {
    v.kernels.drop_elements(v.x, v.init, {stream, threshold_of(place.rule.rate), scale, first}, begin, end, v.width, v.y);
    return;
  }
  std::vector<T> factors(static_cast<std::size_t>(v.width), scale);
  if (place.rule.pattern == DropPattern::Column) {
    for (std::size_t c = 0; c < factors.size(); ++c) factors[c] = line[c] != 0 ? T(0) : scale;
    v.kernels.scale_columns(v.x, v.init, factors.data(), begin, end, v.width, v.y);
    return;
  }
  for (auto row = begin; row < end; ++row) {
    const T factor = line[static_cast<std::size_t>(row - first)] != 0 ? T(0) : scale;
    if (factors.front() != factor) std::fill(factors.begin(), factors.end(), factor);
    v.kernels.scale_columns(v.x, v.init, factors.data(), row, row + 1, v.width, v.y);
  }
}

}  // namespace

void drop_values(const Tensor& x, const Tensor& init, const std::vector<std::int64_t>& segments, const DropPlace& place, const Tensor& y) {
  const PhaseScope phase(Phase::Elementwise);
  const auto rows = static_cast<std::int64_t>(segments.size()) - 1;
  TORCH_CHECK(rows > 0 && segments.back() == x.size(0), "[model.dropout] ", x.size(0), " tokens, segments end at ", rows > 0 ? segments.back() : 0);
  std::vector<std::uint64_t> streams;
  std::vector<std::vector<std::uint8_t>> lines(static_cast<std::size_t>(rows));
  for (std::int64_t s = 0; s < rows; ++s) {
    const auto at = static_cast<std::size_t>(s);
    streams.push_back(place.stream_of(s));
    if (place.rule.pattern == DropPattern::Element) continue;
    lines[at] = dropped_of_line(place.rule, streams[at], place.rule.pattern == DropPattern::Column ? x.size(1) : segments[at + 1] - segments[at]);
  }
  AT_DISPATCH_FLOATING_TYPES(x.scalar_type(), "drop_values", [&] {
    const Values<scalar_t> values{x.const_data_ptr<scalar_t>(), init.defined() ? init.const_data_ptr<scalar_t>() : nullptr, y.mutable_data_ptr<scalar_t>(), x.size(1)};
    at::parallel_for(0, x.size(0), kRowGrain, [&](std::int64_t begin, std::int64_t end) {
      auto s = std::upper_bound(segments.begin(), segments.end(), begin) - segments.begin() - 1;
      for (; begin < end; ++s) {
        const auto at = static_cast<std::size_t>(s);
        const auto stop = std::min(end, segments[at + 1]);
        drop_rows(values, place, streams[at], lines[at], segments[at], begin, stop);
        begin = stop;
      }
    });
  });
}

}  // namespace weft
