// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/carried_template.h"

#include <filesystem>

#include "engine/api/generation.h"
#include "engine/core/files.h"
#include "engine/formats/gguf.h"
#include "engine/formats/safetensors.h"
#include "engine/text/template_text.h"
#include "engine/text/tokenizer.h"
#include "engine/train/checkpoint.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFile = "chat_template.jinja";  // where transformers looks first
constexpr std::uint64_t kMostBytes = 1u << 20;

std::string text_at(const Json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : std::string();
}

// Rows of these named templates get what the tokenizer begins a text with; a template beside weights has to say that itself.
bool begins_by_tokenizer(const std::string& name, const std::string& model) {
  if (name != "plain" && name != "alpaca") return false;
  const auto tokenizer = Tokenizer::load(model);
  if (!tokenizer.ok() || tokenizer->bos_id() < 0) return false;
  const auto begun = tokenizer->encode("a", /*add_special=*/true);
  return begun.ok() && !begun->ids.empty() && begun->ids.front() == tokenizer->bos_id();
}

}  // namespace

Json template_to_keep(const TrainRequest& request) {
  const std::string name = template_of_run(request.data);
  if (name == "none") return nullptr;
  Json kept = {{"name", name}, {"text", ""}};
  if (name == "auto") return kept;
  const auto text = template_text(request.model.value("path", ""), name);
  if (!text.ok()) return nullptr;  // a file that is gone since training began: the rows have been rendered, the run goes on
  kept["text"] = *text;
  return kept;
}

Result<std::string> carried_template(const std::string& adapter, const std::string& model, bool own_too) {
  std::error_code ignored;
  const bool folder = fs::is_directory(adapter, ignored);
  if (folder || begins_as_gguf(adapter)) {  // a PEFT folder carries it as a file, and so does the folder that an adapter for llama.cpp is exported to
    const fs::path source = (folder ? fs::path(adapter) : fs::path(adapter).parent_path()) / kFile;
    if (!fs::is_regular_file(source, ignored)) return std::string();
    return read_file(source, kMostBytes);
  }
  WEFT_ASSIGN_OR_RETURN(const auto file, SafeTensorsFile::open(adapter));
  if (!is_checkpoint(*file)) return std::string();
  WEFT_ASSIGN_OR_RETURN(const CheckpointState state, read_checkpoint_state(*file));
  const Json kept = state.run.is_object() && state.run.contains("chat_template") ? state.run["chat_template"] : Json();
  std::string text = text_at(kept, "text");
  if (text.empty() && own_too && text_at(kept, "name") == "auto")
    if (auto own = template_text(model, "auto"); own.ok()) text = std::move(own).value();  // a model without one has none to carry
  if (!text.empty() && begins_by_tokenizer(text_at(kept, "name"), model)) text = "{{- bos_token -}}\n" + text;
  return text;
}

Status write_carried_template(const std::string& adapter, const std::string& model, bool own_too, const std::string& folder) {
  WEFT_ASSIGN_OR_RETURN(const std::string text, carried_template(adapter, model, own_too));
  return text.empty() ? Status() : write_file_atomically(fs::path(folder) / kFile, text);
}

}  // namespace weft
