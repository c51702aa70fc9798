// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/run/locations.h"
#include "engine/api/model_info.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

struct Options {
  std::string model;
  bool tensors = false;
};

int work(const Options& options, const Call& call) {
  const auto path = find_model(options.model, "");
  if (!path.ok()) return failed(path.status());
  const auto info = inspect_model(*path);
  if (!info.ok()) {
    std::string files;
    for (const auto& file : model_files(*path)) files += (files.empty() ? "" : ", ") + file.name;
    if (files.empty()) return failed(info.status());
    return failed(Status(info.status().code(), info.status().message() + "; the folder holds the GGUF files " + files + ": name one of them"));
  }
  if (call.json) {
    print_document(to_json(*info));
    return kDone;
  }
  Table table({"model", info->name.empty() ? "-" : printable(info->name)});
  table.add({"file", info->path});
  table.add({"format", fmt::format("{}, {}", info->format, human_bytes(static_cast<double>(info->file_bytes)))});
  table.add(
      {"architecture", info->architecture + (info->trainable ? "" : "  (cannot be trained: " + info->why_not + ")")});
  table.add({"parameters", grouped(info->parameters) + ", mostly " + info->dtype});
  table.add({"layers", std::to_string(info->layers)});
  table.add({"width", fmt::format("{}, feed-forward {}", info->width, info->feed_forward)});
  table.add({"heads", fmt::format("{} of {}, {} for keys and values", info->heads, info->head_size, info->kv_heads)});
  table.add({"vocabulary", grouped(info->vocabulary) + (info->tied_embeddings ? ", tied with the output" : "")});
  table.add({"context", fmt::format("{} tokens, rope theta {:g}", grouped(info->context), info->rope_theta)});
  table.add({"tokenizer", info->tokenizer.empty() ? "none" : info->tokenizer});
  table.add({"chat template", info->has_chat_template ? "yes" : "none"});
  table.add({"licence", info->licence.empty() ? "not stated" : info->licence});
  table.add({"adaptable", fmt::format("{} matrices", info->sites.size())});
  for (const auto& file : info->beside)
    if (file.path != info->path) table.add({"beside it", fmt::format("{}, {}", printable(file.name), human_bytes(static_cast<double>(file.bytes)))});
  if (!info->trainable) table.add({"families", "those that can be trained: " + supported_families()});
  print(table.text());
  if (!options.tensors) return kDone;
  Table tensors({"tensor", "type", "shape", "bytes"}, {false, false, false, true});
  for (const auto& tensor : info->tensors) {
    std::vector<std::string> shape;
    for (const auto size : tensor.shape) shape.push_back(std::to_string(size));
    tensors.add({tensor.name, tensor.dtype, join(shape, " x "), grouped(static_cast<std::int64_t>(tensor.bytes))});
  }
  print("\n" + tensors.text());
  return kDone;
}

}  // namespace

void add_info(CLI::App& app, Call& call) {
  const Arguments command(app, "info", "what a model is, from its headers alone",
                          "weft-cli info SmolLM2-135M-Instruct.Q4_1.gguf --json");
  auto options = set_work<Options>(command, call, work);
  command.text_required("MODEL", options->model, "GGUF file or Hugging Face folder");
  command.flag("--tensors", options->tensors, "list every tensor");
  command.json_flag(call);
}

}  // namespace weft::cli
