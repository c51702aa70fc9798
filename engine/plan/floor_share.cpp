// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <utility>

#include "engine/api/run_plan.h"

namespace weft {

CalibrateRequest calibrate_request(const ModelInfo& model, const std::vector<std::int64_t>& segments, std::int64_t head_rows) {
  CalibrateRequest request;
  std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> shapes;
  for (const auto& site : model.sites) ++shapes[{site.out, site.in}];
  for (const auto& [shape, count] : shapes) request.matrices.push_back({shape.first, shape.second, count});
  request.layers = model.layers;
  request.width = model.width;
  request.heads = model.heads;
  request.kv_heads = model.kv_heads;
  request.head_size = model.head_size;
  request.vocabulary = model.vocabulary;
  request.segments = segments;
  request.head_rows = head_rows;
  return request;
}

double elementwise_floor_ms(const ModelInfo& m, std::int64_t tokens, int bytes_a_value, double copy_bytes_per_s) {
  if (copy_bytes_per_s <= 0) return 0;
  const auto q = static_cast<double>(m.heads * m.head_size), k = static_cast<double>(m.kv_heads * m.head_size);
  const double values = 10 * static_cast<double>(m.width) + 4 * (q + k) + 9 * static_cast<double>(m.feed_forward);
  return 1000 * static_cast<double>(tokens * m.layers * bytes_a_value) * values / copy_bytes_per_s;
}

FloorShare floor_share(double step_ms, const ByPhase<double>& phase_ms, const FloorTimes& floor, double elementwise_ms) {
  FloorShare s;
  s.floor_ms = 1000 * floor.total();
  s.share = step_ms > 0 ? s.floor_ms / step_ms : 0;
  s.phase_floor_ms[phase_index(Phase::Linears)] = 1000 * floor.linears;
  s.phase_floor_ms[phase_index(Phase::Attention)] = 1000 * floor.attention;
  s.phase_floor_ms[phase_index(Phase::Head)] = 1000 * floor.head;
  s.phase_floor_ms[phase_index(Phase::Elementwise)] = elementwise_ms;
  s.next_ms = phase_ms[0] - s.phase_floor_ms[0];
  s.next = static_cast<Phase>(0);
  for (std::size_t i = 1; i < kPhases; ++i) {
    const double above = phase_ms[i] - s.phase_floor_ms[i];
    if (above <= s.next_ms) continue;
    s.next_ms = above;
    s.next = static_cast<Phase>(i);
  }
  return s;
}

}  // namespace weft
