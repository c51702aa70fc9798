// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/checkpoint.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "engine/adapter/stored_tensor.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

constexpr const char* kVersion = "1";
constexpr const char* kGenerator = "training.generator";

std::string moment_name(const std::string& name) { return "training." + name; }

}  // namespace

bool is_checkpoint(const SafeTensorsFile& file) { return file.metadata().count("weft_checkpoint") > 0; }

Result<CheckpointState> read_checkpoint_state(const SafeTensorsFile& file) {
  const auto& metadata = file.metadata();
  const auto version = metadata.find("weft_checkpoint");
  const auto text = metadata.find("state");
  if (version == metadata.end() || text == metadata.end()) return corrupt(file.path() + " is not a checkpoint of this program");
  if (version->second != kVersion)
    return Status(ErrorCode::VersionMismatch, file.path() + " is a checkpoint of version " + version->second + "; this program reads " + kVersion);
  WEFT_ASSIGN_OR_RETURN(const Json json, parse_json(text->second));
  CheckpointState state;
  try {
    state.method = json.at("method").get<std::string>();
    state.settings = json.at("settings");
    state.run = json.at("run");
    const Json& c = json.at("config");
    state.config.rank = c.at("r").get<std::int64_t>();
    state.config.alpha = c.at("lora_alpha").get<double>();
    state.config.use_rslora = c.at("use_rslora").get<bool>();
    state.config.use_dora = c.at("use_dora").get<bool>();
    state.config.target_modules = c.at("target_modules");
    for (const auto& [key, value] : c.at("rank_pattern").items()) state.config.rank_pattern.emplace_back(key, value.get<std::int64_t>());
    for (const auto& [key, value] : c.at("alpha_pattern").items()) state.config.alpha_pattern.emplace_back(key, value.get<double>());
  } catch (const Json::exception& error) {
    return corrupt(file.path() + ": the checkpoint's state is incomplete: " + error.what());
  }
  if (state.config.rank < 1 || !state.run.is_object()) return corrupt(file.path() + ": the checkpoint's state makes no sense");
  return state;
}

std::uint64_t checkpoint_bytes(const AdapterSet& adapters, const TrainingState& training) {
  std::uint64_t bytes = 0;
  for (const auto& tensor : adapters.to_tensors()) {
    std::uint64_t size = safetensors_dtype_bytes(tensor.dtype);
    for (const auto length : tensor.shape) size *= static_cast<std::uint64_t>(length);
    bytes += size;
  }
  for (const auto& [name, value] : training) bytes += static_cast<std::uint64_t>(value.nbytes());
  return bytes;
}

std::string checkpoint_path(const std::string& folder, std::int64_t step) { return (fs::path(folder) / fmt::format("step-{:06}.safetensors", step)).string(); }

Result<CheckpointEvent> write_checkpoint(const std::string& folder, const AdapterSet& adapters, const TrainingState& training, const at::Generator& generator,
                                         const PeftConfig& config, const Json& run) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return io_error("cannot create folder " + folder + ": " + error.message());
  PeftConfig ranks = config;  // of every method in one form: ranks, scales and targets
  ranks.peft_type = "LORA";
  ranks.other = Json::object();
  WEFT_ASSIGN_OR_RETURN(const Json config_json, parse_json(write_peft_config(ranks)));
  const Json state = {{"method", adapters.preset().descriptor.name}, {"settings", adapters.settings()}, {"config", config_json}, {"run", run}};
  std::vector<SafeTensorSource> tensors = adapters.to_tensors();
  for (const auto& [name, value] : training) tensors.push_back(tensor_source(moment_name(name), "F32", value));
  tensors.push_back(tensor_source(kGenerator, "U8", generator.get_state()));
  CheckpointEvent event;
  event.step = run.at("step").get<std::int64_t>();
  event.path = checkpoint_path(folder, event.step);
  WEFT_RETURN_IF_ERROR(
      write_safetensors(event.path, std::move(tensors), {{"format", "pt"}, {"weft_checkpoint", kVersion}, {"state", to_json_line(state)}}));
  WEFT_ASSIGN_OR_RETURN(event.sha256, sha256_of_file(event.path));
  event.bytes = static_cast<std::uint64_t>(fs::file_size(event.path, error));
  return event;
}

std::vector<std::int64_t> checkpoint_steps(const std::string& folder) {
  std::vector<std::int64_t> steps;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const std::string stem = entry.path().stem().string();
    const std::int64_t step = stem.rfind("step-", 0) == 0 ? std::atoll(stem.c_str() + 5) : 0;
    if (step > 0 && entry.path() == checkpoint_path(folder, step)) steps.push_back(step);
  }
  std::sort(steps.begin(), steps.end());
  return steps;
}

Status restore_training(const SafeTensorsFile& file, const TrainingState& training, at::Generator& generator) {
  for (const auto& [name, value] : training) {
    const SafeTensor* stored = file.find(moment_name(name));
    if (!stored || stored->dtype != "F32" || stored->shape != value.sizes().vec())
      return corrupt(file.path() + ": " + moment_name(name) + " is missing or of another size than the adapter");
    Tensor target = value;
    target.copy_(at::from_blob(const_cast<std::byte*>(stored->data), stored->shape, at::TensorOptions(at::kFloat)));
  }
  const SafeTensor* state = file.find(kGenerator);
  if (!state || state->dtype != "U8") return corrupt(file.path() + ": the generator's state is missing");
  const Tensor bytes = at::from_blob(const_cast<std::byte*>(state->data), state->shape, at::TensorOptions(at::kByte)).clone();
  if (bytes.numel() != generator.get_state().numel()) return corrupt(file.path() + ": the generator's state has a wrong size");
  generator.set_state(bytes);
  return {};
}

}  // namespace weft
