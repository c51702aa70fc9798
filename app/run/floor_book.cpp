// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/floor_book.h"

#include <fmt/format.h>

#include <filesystem>
#include <span>

#include "app/run/locations.h"
#include "engine/core/files.h"
#include "engine/core/processor.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

constexpr double kLeastSeconds = 0.3;  // of each figure; three rounds in any case
constexpr std::uint64_t kMostBytes = 1 << 20;

std::string short_hash(const Json& value) {
  const std::string text = to_json_line(value);
  return sha256_hex(std::as_bytes(std::span(text))).substr(0, 16);
}

// All that decides the floor but the batch, and the batch.
Json about_model(const CalibrateRequest& r, const EngineInfo& engine) {
  Json matrices = Json::array();
  for (const auto& m : r.matrices) matrices.push_back({m.out, m.in, m.count});
  return {{"machine", machine_name()}, {"weft", WEFT_VERSION}, {"cpu", engine.cpu}, {"torch", engine.torch_version},
          {"threads", r.threads > 0 ? r.threads : engine.threads}, {"compute", r.compute}, {"matrices", matrices}, {"layers", r.layers},
          {"width", r.width}, {"heads", r.heads}, {"kv_heads", r.kv_heads}, {"head_size", r.head_size}, {"vocabulary", r.vocabulary}};
}

Json about_batch(const CalibrateRequest& r) {
  return {{"segments", r.segments}, {"head_rows", r.head_rows}};
}

std::string stem_of_model(const CalibrateRequest& request, const EngineInfo& engine) {
  return short_hash(about_model(request, engine)) + "-";
}

fs::path file_of(const CalibrateRequest& request, const EngineInfo& engine) {
  return fs::path(floor_cache_folder()) / (stem_of_model(request, engine) + short_hash(about_batch(request)) + ".json");
}

bool any_of_model(const std::string& stem) {
  std::error_code error;
  for (fs::directory_iterator at(floor_cache_folder(), error), end; !error && at != end; at.increment(error))
    if (at->path().filename().string().starts_with(stem)) return true;
  return false;
}

}  // namespace

Result<FloorQuestion> floor_question(const TrainRequest& run, const std::string& compute) {
  WEFT_ASSIGN_OR_RETURN(TrainRequest complete, validate(run));
  for (const auto& [section, what] : {std::pair(&complete.model, "model"), std::pair(&complete.data, "data set")}) {
    const auto path = section->at("path").get<std::string>();
    std::error_code error;
    if (!fs::exists(path, error))
      return not_found(fmt::format("the {} {} is not there any more, so the shapes of a step are not known", what, path));
  }
  FloorQuestion question{std::move(complete), compute == "bf16" ? "bf16" : "fp32", {}};
  WEFT_ASSIGN_OR_RETURN(question.model, inspect_model(question.run.model.at("path").get<std::string>()));
  return question;
}

CalibrateRequest floor_request(const FloorQuestion& question, const TypicalBatch& batch) {
  CalibrateRequest request = calibrate_request(question.model, batch);
  request.compute = question.compute;
  request.threads = question.run.train.at("threads").get<int>();
  request.seconds = kLeastSeconds;
  return request;
}

std::optional<BatchFloor> kept_floor(const FloorQuestion& question, const EngineInfo& engine) {
  if (!any_of_model(stem_of_model(floor_request(question, {}), engine))) return std::nullopt;
  const auto batch = typical_batch(question.run);
  if (!batch.ok()) return std::nullopt;
  const CalibrateRequest request = floor_request(question, *batch);
  const auto text = read_file(file_of(request, engine), kMostBytes);
  if (!text.ok()) return std::nullopt;
  const auto json = parse_json(*text);
  if (!json.ok() || !json->is_object() || json->value("model", Json()) != about_model(request, engine) ||
      json->value("batch", Json()) != about_batch(request))
    return std::nullopt;  // short hashes may meet
  const auto floor = batch_floor_from_json(json->value("floor", Json()));
  return floor.ok() ? std::optional(*floor) : std::nullopt;
}

Status keep_floor(const CalibrateRequest& request, const EngineInfo& engine, const BatchFloor& floor) {
  const fs::path file = file_of(request, engine);
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) return io_error("cannot create " + file.parent_path().string() + ": " + error.message());
  const Json kept = {{"model", about_model(request, engine)}, {"batch", about_batch(request)}, {"floor", to_json(floor)}};
  return write_file_atomically(file, to_json_line(kept) + "\n");
}

}  // namespace weft
