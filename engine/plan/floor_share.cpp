// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "engine/api/run_plan.h"

namespace weft {
namespace {

// Norms, rotation, gate and residual sums, forward and backward: values read and written of each token and layer.
double elementwise_floor_ms(const ModelInfo& m, std::int64_t tokens, int bytes_a_value, double copy_bytes_per_s) {
  if (copy_bytes_per_s <= 0) return 0;
  const auto q = static_cast<double>(m.heads * m.head_size), k = static_cast<double>(m.kv_heads * m.head_size);
  const double values = 10 * static_cast<double>(m.width) + 4 * (q + k) + 9 * static_cast<double>(m.feed_forward);
  return 1000 * static_cast<double>(tokens * m.layers * bytes_a_value) * values / copy_bytes_per_s;
}

constexpr std::pair<const char*, double FloorTimes::*> kTimes[] = {
    {"linears_s", &FloorTimes::linears}, {"attention_s", &FloorTimes::attention}, {"head_s", &FloorTimes::head}};

}  // namespace

CalibrateRequest calibrate_request(const ModelInfo& model, const TypicalBatch& batch) {
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
  request.segments = batch.segments;
  request.head_rows = batch.shape.trained_tokens;
  return request;
}

std::uint64_t calibrate_bytes(const CalibrateRequest& r) {
  double values = static_cast<double>(r.vocabulary) * static_cast<double>(r.width), widest = static_cast<double>(r.width);
  for (const auto& m : r.matrices) {
    values += static_cast<double>(m.out) * static_cast<double>(m.in) * static_cast<double>(m.count);
    widest = std::max({widest, static_cast<double>(m.out), static_cast<double>(m.in)});
  }
  const double tokens = r.segments.empty() ? 0 : static_cast<double>(r.segments.back());
  const double rows = tokens * (6 * widest + 8 * static_cast<double>(r.heads * r.head_size));
  values += static_cast<double>(std::min<std::int64_t>(r.head_rows, 1024)) * static_cast<double>(r.vocabulary);
  // the engine's rows are float32; in bfloat16 the library takes copies of them
  return static_cast<std::uint64_t>(r.compute == "bf16" ? 2 * values + 6 * rows : 4 * (values + rows));
}

BatchFloor batch_floor(const ModelInfo& model, const BatchShape& batch, const std::string& compute, const CalibrateReply& measured) {
  BatchFloor floor{batch.tokens, batch.trained_tokens, measured.library,
                   elementwise_floor_ms(model, batch.tokens, compute == "bf16" ? 2 : 4, measured.copy_bytes_per_s)};
  for (const auto& [name, part] : kTimes) floor.times.*part = std::min(measured.own.*part, measured.library.*part);
  return floor;
}

Json to_json(const BatchFloor& floor) {
  Json json = {{"tokens", floor.tokens}, {"trained_tokens", floor.trained_tokens}, {"elementwise_ms", floor.elementwise_ms}};
  for (const auto& [name, part] : kTimes) json[name] = floor.times.*part;
  return json;
}

Result<BatchFloor> batch_floor_from_json(const Json& json) {
  const Status corrupt(ErrorCode::Corrupt, "this is no measured floor: it needs tokens of a batch and times in seconds");
  const auto number = [&](const char* key) {
    const auto at = json.find(key);
    const double value = at != json.end() && at->is_number() ? at->get<double>() : -1;
    return std::isfinite(value) ? value : -1;
  };
  if (!json.is_object()) return corrupt;
  BatchFloor floor;
  const double tokens = number("tokens"), trained = number("trained_tokens");
  floor.elementwise_ms = number("elementwise_ms");
  if (tokens < 1 || tokens > 1e12 || trained < 0 || trained > tokens || floor.elementwise_ms < 0) return corrupt;
  floor.tokens = static_cast<std::int64_t>(tokens);
  floor.trained_tokens = static_cast<std::int64_t>(trained);
  for (const auto& [name, part] : kTimes)
    if ((floor.times.*part = number(name)) < 0) return corrupt;
  return floor;
}

FloorShare floor_share(const StepTime& measured, const BatchFloor& floor) {
  const auto ratio = [](std::int64_t part, std::int64_t whole) { return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0; };
  const double batches = ratio(measured.tokens, floor.tokens), head_batches = ratio(measured.trained_tokens, floor.trained_tokens);
  FloorShare s;
  s.phase_floor_ms[phase_index(Phase::Linears)] = 1000 * floor.times.linears * batches;
  s.phase_floor_ms[phase_index(Phase::Attention)] = 1000 * floor.times.attention * batches;
  s.phase_floor_ms[phase_index(Phase::Head)] = 1000 * floor.times.head * head_batches;
  for (const double ms : s.phase_floor_ms) s.floor_ms += ms;
  s.phase_floor_ms[phase_index(Phase::Elementwise)] = floor.elementwise_ms * batches;
  s.share = measured.ms > 0 ? s.floor_ms / measured.ms : 0;
  s.next_ms = measured.phase_ms[0] - s.phase_floor_ms[0];
  s.next = static_cast<Phase>(0);
  for (std::size_t i = 1; i < kPhases; ++i) {
    const double above = measured.phase_ms[i] - s.phase_floor_ms[i];
    if (above <= s.next_ms) continue;
    s.next_ms = above;
    s.next = static_cast<Phase>(i);
  }
  return s;
}

}  // namespace weft
