// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/adapter_ref.h"

#include <charconv>
#include <filesystem>

#include "app/run/locations.h"
#include "app/run/run_service.h"
#include "engine/api/generation.h"
#include "engine/core/text_util.h"
#include "engine/formats/gguf.h"
#include "engine/formats/peft_config.h"
#include "engine/formats/safetensors.h"
#include "projects/api/project.h"

namespace weft::cli {
namespace fs = std::filesystem;
namespace {

// Reads headers only: a file that is no adapter is refused before the engine is loaded.
Result<AdapterRef> from_path(const std::string& path, const std::string& base) {
  std::error_code error;
  AdapterRef found{path, base, {}};
  if (!fs::exists(path, error)) return not_found("adapter " + quoted_excerpt(path, 200) + " does not exist");
  if (!fs::is_directory(path, error)) {
    if (begins_as_gguf(path)) {
      if (const auto file = GgufFile::open(path); !file.ok()) return file.status().with_context("adapter");
      return found;
    }
    const auto file = SafeTensorsFile::open(path);
    if (!file.ok()) return file.status().with_context("adapter");
    return found;
  }
  WEFT_ASSIGN_OR_RETURN(const PeftConfig config, read_peft_config(path));
  const auto file = SafeTensorsFile::open((fs::path(path) / "adapter_model.safetensors").string());
  if (!file.ok()) return file.status().with_context("adapter");
  if (found.base.empty() && !config.base_model.empty())
    if (const auto model = find_model(config.base_model, ""); model.ok()) found.base = *model;
  return found;
}

}  // namespace

Result<std::optional<RunRef>> parse_run_ref(const std::string& text) {
  static const std::string mark = ".weft:";
  const std::size_t at = text.rfind(mark);
  if (at == std::string::npos) return std::optional<RunRef>();
  RunRef ref;
  ref.project = text.substr(0, at + mark.size() - 1);
  ref.run = text.substr(at + mark.size());
  if (const std::size_t step_at = ref.run.rfind('@'); step_at != std::string::npos) {
    const std::string step = ref.run.substr(step_at + 1);
    const auto [end, failure] = std::from_chars(step.data(), step.data() + step.size(), ref.step);
    if (step == "best")
      ref.step = kBestCheckpoint;
    else if (failure != std::errc() || end != step.data() + step.size() || ref.step < 1)
      return invalid_argument(quoted_excerpt(text) + ": after @ comes the step of a checkpoint, a number from 1, or best");
    ref.run.resize(step_at);
  }
  if (ref.run.empty())
    return invalid_argument(quoted_excerpt(text) + " names no run; write P.weft:RUN or P.weft:RUN@STEP");
  return std::optional<RunRef>(ref);
}

Result<AdapterRef> find_adapter(const RunRef& ref, const std::string& base) {
  WEFT_ASSIGN_OR_RETURN(const auto project, Project::open(ref.project, /*create_if_missing=*/false));
  WEFT_ASSIGN_OR_RETURN(const RunId run, project->find_run(ref.run));
  WEFT_ASSIGN_OR_RETURN(const CheckpointRow checkpoint, find_whole_checkpoint(*project, run, ref.step));
  WEFT_ASSIGN_OR_RETURN(const RunRecord record, project->run(run));
  AdapterRef found{checkpoint_file(*project, checkpoint), base, {}};
  if (found.base.empty() && record.config.is_object() && record.config.contains("model"))
    found.base = record.config["model"].value("path", "");
  if (record.config.is_object() && record.config.contains("data")) found.chat_template = template_of_run(record.config["data"]);
  return found;
}

Result<AdapterRef> find_adapter(const std::string& text, const std::string& base) {
  std::string model;
  if (!base.empty()) {
    WEFT_ASSIGN_OR_RETURN(model, find_model(base, ""));
  }
  WEFT_ASSIGN_OR_RETURN(const auto ref, parse_run_ref(text));
  return ref ? find_adapter(*ref, model) : from_path(text, model);
}

}  // namespace weft::cli
