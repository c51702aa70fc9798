// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/adapter_ref.h"
#include "app/cli/answers.h"
#include "app/cli/commands.h"
#include "app/cli/messages.h"
#include "app/cli/output.h"
#include "app/run/locations.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

struct Options {
  std::string model;
  std::vector<std::string> adapters;
  std::string messages;
  std::optional<std::string> strength;
  bool with_base = false;
  PromptOptions prompt;
};

// The base first, then the adapters as they were named.
Result<std::vector<Asked>> asked_of(const Options& options) {
  std::vector<Asked> all;
  WEFT_ASSIGN_OR_RETURN(const std::string model, find_model(options.model, ""));
  double strength = 1;
  if (options.strength) {
    if (options.adapters.empty()) return invalid_argument("--strength is of an adapter: name one with --adapter");
    WEFT_ASSIGN_OR_RETURN(strength, number_of("--strength", *options.strength));
  }
  std::string trained_with;  // the base beside an adapter gets the same prompt
  for (const auto& name : options.adapters) {
    WEFT_ASSIGN_OR_RETURN(const AdapterRef ref, find_adapter(name, model));
    WEFT_ASSIGN_OR_RETURN(GenerateRequest request, request_from(options.prompt, ref.chat_template));
    if (all.empty()) trained_with = ref.chat_template;
    request.model = model;
    request.adapter = ref.adapter;
    request.strength = strength;
    all.push_back({name, std::move(request)});
  }
  if (options.with_base || options.adapters.empty()) {
    WEFT_ASSIGN_OR_RETURN(GenerateRequest request, request_from(options.prompt, trained_with));
    request.model = model;
    all.insert(all.begin(), {"base", std::move(request)});
  }
  for (const auto& each : all) WEFT_RETURN_IF_ERROR(validate(each.request));
  return all;
}

int work(const Options& given, const Call& call) {
  if (given.prompt.prompt.empty() == given.messages.empty())
    return wrong_call(invalid_argument("what is to be answered? Name --prompt TEXT, or a conversation with --messages FILE"));
  Options options = given;
  if (!options.messages.empty()) {
    auto conversation = load_conversation(options.messages);
    if (!conversation.ok()) return failed_or_wrong(conversation.status());
    options.prompt.messages = std::move(conversation).value();
  }
  auto asked = asked_of(options);
  if (!asked.ok()) return failed_or_wrong(asked.status());
  const bool several = asked->size() > 1;
  const auto answers = ask(std::move(asked).value(), call);
  if (!answers.ok()) return failed_or_wrong(answers.status());
  if (call.json && !answers->all.empty()) print_document(several ? Json{{"answers", answers->all}} : answers->all.front());
  return answers->interrupted ? kInterrupted : kDone;
}

}  // namespace

void add_generate(CLI::App& app, Call& call) {
  const Arguments command(app, "generate", "an answer to a prompt, by a model alone or with adapters, side by side with one seed",
                          "weft-cli generate model.gguf --adapter P.weft:r1@20 --adapter P.weft:r1 --with-base --prompt \"What is a tensor?\" --seed 7");
  auto options = set_work<Options>(command, call, work);
  command.text_required("MODEL", options->model, "GGUF file or Hugging Face folder");
  command.texts("--adapter", options->adapters, "PEFT folder, adapter file, or P.weft:RUN[@STEP]; each that is named answers");
  command.flag("--with-base", options->with_base, "the model without an adapter answers too, first");
  command.text_if_given("--strength", options->strength, "of what the adapters change: 0 the base alone, 1 (the default) as they were trained, at most 2");
  command.text("--prompt", options->prompt.prompt, "what is to be answered");
  command.text("--messages", options->messages, "a conversation to go on with, in place of --prompt: a JSON list of {\"role\", \"content\"} that ends with the user's");
  add_prompt_options(command, options->prompt);
  command.json_flag(call);
  command.quiet_flag(call);
}

}  // namespace weft::cli
