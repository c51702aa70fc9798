// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <atomic>
#include <cstdlib>
#include <map>

#include "app/cli/adapter_ref.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/signals.h"
#include "app/run/locations.h"
#include "engine/api/engine_loader.h"
#include "engine/api/sampling_settings.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

struct Options {
  std::string model, adapter, prompt, system, chat_template;
  std::optional<std::string> strength;
  std::map<std::string, std::optional<std::string>> sampling;  // by key of sampling_settings()
};

std::string option_name(const std::string& key) {
  std::string name = "--" + key;
  for (auto& c : name)
    if (c == '_') c = '-';
  return name;
}

Result<double> number_of(const std::string& option, const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return invalid_argument(option + ": " + quoted_excerpt(text) + " is not a number");
  return value;
}

Result<SamplingSettings> sampling_from(const Options& options) {
  Json given = Json::object();
  for (const auto& spec : sampling_settings()) {
    const auto& text = options.sampling.at(spec.key);
    if (!text) continue;
    WEFT_ASSIGN_OR_RETURN(const double value, number_of(option_name(spec.key), *text));
    const bool whole = spec.type == SettingType::Integer && value == static_cast<double>(static_cast<std::int64_t>(value));
    given[spec.key] = whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
  }
  WEFT_ASSIGN_OR_RETURN(const SettingValues complete, complete_settings(sampling_settings(), given, "generate"));
  return sampling_of(complete);
}

Result<GenerateRequest> request_of(const Options& options) {
  GenerateRequest request;
  WEFT_ASSIGN_OR_RETURN(request.model, find_model(options.model, ""));
  WEFT_ASSIGN_OR_RETURN(request.sampling, sampling_from(options));
  if (!options.adapter.empty()) {
    WEFT_ASSIGN_OR_RETURN(const AdapterRef ref, find_adapter(options.adapter, request.model));
    request.adapter = ref.adapter;
    if (!ref.chat_template.empty()) request.chat_template = ref.chat_template;
  }
  if (!options.chat_template.empty()) request.chat_template = options.chat_template;
  if (options.strength) {
    if (options.adapter.empty()) return invalid_argument("--strength is of an adapter: name one with --adapter");
    WEFT_ASSIGN_OR_RETURN(request.strength, number_of("--strength", *options.strength));
  }
  if (!options.system.empty()) request.messages.push_back({"system", options.system});
  request.messages.push_back({"user", options.prompt});
  WEFT_RETURN_IF_ERROR(validate(request));
  return request;
}

// For a terminal: lines stay lines, everything else that is no text is made visible.
std::string harmless(const std::string& text) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += printable(std::string_view(text).substr(at, end - at));
    if (end < text.size()) out += '\n';
    at = end + 1;
  }
  return out;
}

Json asked(const GenerateRequest& request) {
  const SamplingSettings& s = request.sampling;
  return {{"model", request.model}, {"adapter", request.adapter}, {"strength", request.strength}, {"temperature", s.temperature}, {"top_k", s.top_k},
          {"top_p", s.top_p}, {"seed", s.seed}, {"max_tokens", s.max_tokens}};
}

int work(const Options& options, const Call& call) {
  auto request = request_of(options);
  if (!request.ok()) return failed_or_wrong(request.status());
  Json document = asked(*request);
  std::atomic<bool> cancel = false;
  const StopSignals signals([&](int) { cancel = true; });
  auto engine = load_engine();
  if (!engine.ok()) return failed(engine.status());
  request->cancelled = [&] { return cancel.load(); };
  if (!call.json) {
    request->on_prompt = [&](const GenerationPrompt& prompt) {
      if (!prompt.warning.empty()) say("warning: " + prompt.warning);
      if (!call.quiet) print(harmless(prompt.text));
    };
    request->on_token = [](const GeneratedToken& token) {
      print(harmless(token.added));
      flush_output();
    };
  }
  const auto reply = wait_for<GenerateReply>(**engine, &Engine::generate, std::move(*request));
  if (!reply.ok()) {
    if (!call.json) print("\n");
    return failed_or_wrong(reply.status());
  }
  if (call.json) {
    document.update(to_json(*reply));
    print_document(document);
  } else {
    print("\n");
    const auto written = static_cast<double>(reply->tokens.size());
    if (!call.quiet)
      say(fmt::format("{} tokens read in {:.0f} ms, {} written{}; ended by {}", reply->prompt.tokens, reply->prompt_ms, reply->tokens.size(),
                      reply->ms > 0 && written > 0 ? fmt::format(" at {:.1f} a second", 1000 * written / reply->ms) : "", reply->end));
  }
  return signals.interrupted() ? kInterrupted : kDone;
}

}  // namespace

void add_generate(CLI::App& app, Call& call) {
  const Arguments command(app, "generate", "an answer to a prompt, by a model alone or with an adapter",
                          "weft-cli generate model.gguf --adapter P.weft:r1 --prompt \"What is a tensor?\" --seed 7");
  auto options = set_work<Options>(command, call, work);
  command.text_required("MODEL", options->model, "GGUF file or Hugging Face folder");
  command.text("--adapter", options->adapter, "PEFT folder, adapter file, or P.weft:RUN[@STEP]");
  command.text_if_given("--strength", options->strength, "of what the adapter changes: 0 the base alone, 1 (the default) as it was trained, at most 2");
  command.text_required("--prompt", options->prompt, "what is to be answered");
  command.text("--system", options->system, "a system message before it");
  command.text("--template", options->chat_template,
               "auto (as the run trained, else the model's own), chatml, alpaca, plain, a Jinja file, or none: go on from the prompt as it is");
  for (const auto& spec : sampling_settings()) command.text_if_given(option_name(spec.key), options->sampling[spec.key], spec.help);
  command.json_flag(call);
  command.quiet_flag(call);
}

}  // namespace weft::cli
