// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/export_offer.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "engine/api/model_info.h"
#include "engine/core/files.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> weight_files(const std::string& model) {
  std::error_code error;
  if (!fs::is_directory(model, error)) return {model};
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(model, error))
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

bool is_gguf(const std::string& model) { return fs::path(model).extension() == ".gguf"; }

std::string in_python(const std::string& text) { return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string in_shell(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

// The two arguments that transformers finds a model by.
std::string from_pretrained(const std::string& model) {
  if (!is_gguf(model)) return in_python(model);
  const fs::path path(model);
  return fmt::format("{}, gguf_file={}", in_python(path.has_parent_path() ? path.parent_path().string() : "."), in_python(path.filename().string()));
}

std::string python_lines(const std::string& format, const std::string& folder, const std::string& base, const std::string& template_file) {
  if (format == "gguf-adapter")
    return fmt::format("from llama_cpp import Llama\nmodel = Llama(model_path={}, lora_path={})\n", in_python(is_gguf(base) ? base : "BASE.gguf"),
                       in_python((fs::path(folder) / "adapter.gguf").string()));
  const bool merged = format == "merged" || format == "gguf";
  const std::string from = format == "gguf" ? from_pretrained((fs::path(folder) / "model.gguf").string()) : merged ? in_python(folder) : from_pretrained(base);
  std::string lines = merged ? "" : "from peft import PeftModel\n";
  lines += fmt::format("from transformers import AutoModelForCausalLM, AutoTokenizer\ntokenizer = AutoTokenizer.from_pretrained({0})\nmodel = AutoModelForCausalLM.from_pretrained({0})\n", from);
  if (!merged) {
    lines += fmt::format("model = PeftModel.from_pretrained(model, {})\n", in_python(folder));
    if (!template_file.empty()) lines += fmt::format("tokenizer.chat_template = open({}).read()\n", in_python(template_file));
  }
  return lines;
}

std::string llama_lines(const std::string& format, const std::string& folder, const std::string& base, const std::string& template_file) {
  const auto inside = [&](const char* name) { return in_shell((fs::path(folder) / name).string()); };
  const std::string chat = template_file.empty() ? "" : " --jinja --chat-template-file " + in_shell(template_file);
  const std::string model = is_gguf(base) ? in_shell(base) : "BASE.gguf";
  if (format == "merged") return fmt::format("python convert_hf_to_gguf.py {} --outfile {}\nllama-cli -m {}{}\n", in_shell(folder), inside("model.gguf"), inside("model.gguf"), chat);
  if (format == "gguf") return fmt::format("llama-cli -m {}\n", inside("model.gguf"));
  const std::string run = fmt::format("llama-cli -m {} --lora {}{}\n", model, inside("adapter.gguf"), chat);
  if (format == "gguf-adapter") return run;
  return fmt::format("# or export as GGUF adapter, which needs no conversion\npython convert_lora_to_gguf.py {} --base {} --outfile {}\n{}", in_shell(folder),
                     is_gguf(base) ? "BASE_FOLDER" : in_shell(base), inside("adapter.gguf"), run);
}

}  // namespace

std::vector<ExportOffer> offers_for_base(std::vector<ExportOffer> offers, const std::string& model) {
  std::error_code error;
  for (auto& offer : offers)
    if (offer.way.format == "gguf" && fs::is_directory(model, error)) offer = {{"gguf", ExportKind::Impossible, "", "the base is a Hugging Face folder: merge it, then convert that"}, 0};
  return offers;
}

Result<BaseIdentity> base_identity(const std::string& model, bool with_hash) {
  WEFT_ASSIGN_OR_RETURN(const ModelInfo info, inspect_model(model));
  BaseIdentity base{.name = info.name, .file = {}, .bytes = info.file_bytes, .sha256 = {}};
  const fs::path path = fs::path(model).lexically_normal();
  base.file = (path.has_filename() ? path : path.parent_path()).filename().string();
  if (!with_hash) return base;
  const auto files = weight_files(model);
  std::string lines;
  for (const auto& file : files) {
    WEFT_ASSIGN_OR_RETURN(base.sha256, sha256_of_file(file));
    lines += base.sha256 + "  " + file.filename().string() + "\n";
  }
  if (files.size() > 1) base.sha256 = sha256_hex(std::as_bytes(std::span(lines)));
  return base;
}

std::vector<LoadSnippet> load_snippets(const std::string& format, const std::string& folder, const std::vector<std::string>& files, const std::string& base) {
  const std::string carried = "chat_template.jinja";
  const bool carries = std::find(files.begin(), files.end(), carried) != files.end();
  const std::string template_file = carries ? (fs::path(folder) / carried).string() : "";
  return {{"Python", python_lines(format, folder, base, template_file)}, {"llama.cpp", llama_lines(format, folder, base, template_file)}};
}

}  // namespace weft
