// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>

#include "app/cli/commands.h"
#include "app/cli/messages.h"
#include "app/cli/output.h"
#include "app/run/locations.h"
#include "engine/core/files.h"
#include "engine/text/chat_template.h"
#include "engine/text/tokenizer.h"

namespace weft::cli {
namespace {

constexpr std::uint64_t kMaxTemplate = std::uint64_t{1} << 20;

struct Options {
  std::string model, chat_template, messages;
  bool generation_prompt = false;
};

Result<ChatTemplate> load_template(const Options& options, const std::string& model) {
  if (options.chat_template.empty()) return ChatTemplate::load(model);
  WEFT_ASSIGN_OR_RETURN(const Tokenizer tokenizer, Tokenizer::load(model));
  const auto special = [&](std::int32_t id) { return id < 0 ? std::string() : tokenizer.piece(id); };
  const std::string bos = special(tokenizer.bos_id()), eos = special(tokenizer.eos_id());
  std::error_code error;
  if (!std::filesystem::is_regular_file(options.chat_template, error))
    return ChatTemplate::named(options.chat_template, bos, eos);
  WEFT_ASSIGN_OR_RETURN(const std::string source, read_file(options.chat_template, kMaxTemplate));
  return ChatTemplate::from_source(source, bos, eos);
}

int work(const Options& options, const Call& call) {
  const auto path = find_model(options.model, "");
  if (!path.ok()) return failed(path.status());
  const auto messages = load_messages(options.messages);
  if (!messages.ok()) return failed(messages.status());
  const auto chat_template = load_template(options, *path);
  if (!chat_template.ok()) return failed(chat_template.status());
  const auto rendered = chat_template->render(*messages, options.generation_prompt);
  if (!rendered.ok()) return failed(rendered.status());
  if (!call.json) {
    print(rendered->text);  // exactly: not even a line end is added
    return kDone;
  }
  Json generation = Json::array();
  for (const auto& [begin, end] : rendered->generation) generation.push_back({begin, end});
  print_json_line({{"text", rendered->text}, {"generation", generation}, {"template", chat_template->name()}});
  return kDone;
}

}  // namespace

void add_render(CLI::App& app, Call& call) {
  const Arguments command(app, "render", "the chat template's exact output for some messages",
                          "weft-cli render model.gguf --messages chat.json --generation-prompt");
  auto options = set_work<Options>(command, call, work);
  command.text_required("MODEL", options->model, "GGUF file or Hugging Face folder");
  command.text("--template", options->chat_template,
               "a named template (chatml, alpaca, plain) or a Jinja file instead of the model's own");
  command.text_required("--messages", options->messages, "JSON list of {\"role\", \"content\"}");
  command.flag("--generation-prompt", options->generation_prompt, "end with the beginning of an answer");
  command.json_flag(call);
}

}  // namespace weft::cli
