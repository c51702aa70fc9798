// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>

#include "app/cli/output.h"
#include "app/cli/signals.h"
#include "engine/api/engine_loader.h"
#include "engine/api/sampling_settings.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

std::string option_name(const std::string& key) {
  std::string name = "--" + key;
  for (auto& c : name)
    if (c == '_') c = '-';
  return name;
}

Json question(const Asked& asked) {
  const SamplingSettings& s = asked.request.sampling;
  return {{"name", asked.name}, {"model", asked.request.model}, {"adapter", asked.request.adapter}, {"strength", asked.request.strength},
          {"temperature", s.temperature}, {"top_k", s.top_k}, {"top_p", s.top_p}, {"seed", s.seed}, {"max_tokens", s.max_tokens}};
}

Result<SamplingSettings> sampling_from(const PromptOptions& options) {
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

void tell_end(const GenerateReply& reply) {
  const auto written = static_cast<double>(reply.tokens.size());
  say(fmt::format("{} tokens read in {:.0f} ms, {} written{}; ended by {}", reply.prompt.tokens, reply.prompt_ms, reply.tokens.size(),
                  reply.ms > 0 && written > 0 ? fmt::format(" at {:.1f} a second", 1000 * written / reply.ms) : "", reply.end));
}

}  // namespace

std::string printable_lines(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += printable(text.substr(at, end - at));
    if (end < text.size()) out += '\n';
    at = end + 1;
  }
  return out;
}

Result<double> number_of(const std::string& option, const std::string& text) {
  char* end = nullptr;
  const double value = std::strtod(text.c_str(), &end);
  if (text.empty() || *end != '\0') return invalid_argument(option + ": " + quoted_excerpt(text) + " is not a number");
  return value;
}

void add_prompt_options(const Arguments& command, PromptOptions& options) {
  command.text("--system", options.system, "a system message before it");
  command.text("--template", options.chat_template,
               "auto (as the run trained, else the model's own), chatml, alpaca, plain, a Jinja file, or none: go on from the prompt as it is");
  for (const auto& spec : sampling_settings()) command.text_if_given(option_name(spec.key), options.sampling[spec.key], spec.help);
}

Result<GenerateRequest> request_from(const PromptOptions& options, const std::string& trained_with) {
  GenerateRequest request;
  WEFT_ASSIGN_OR_RETURN(request.sampling, sampling_from(options));
  if (!trained_with.empty()) request.chat_template = trained_with;
  if (!options.chat_template.empty()) request.chat_template = options.chat_template;
  if (!options.system.empty()) request.messages.push_back({"system", options.system});
  if (options.messages.empty()) request.messages.push_back({"user", options.prompt});
  request.messages.insert(request.messages.end(), options.messages.begin(), options.messages.end());
  return request;
}

Result<Answers> ask(std::vector<Asked> asked, const Call& call) {
  Answers answers;
  std::atomic<bool> cancel = false;
  const StopSignals signals([&](int) { cancel = true; });
  WEFT_ASSIGN_OR_RETURN(const auto engine, load_engine());
  const bool several = asked.size() > 1;
  for (auto& each : asked) {
    if (cancel) break;
    GenerateRequest request = each.request;
    request.cancelled = [&] { return cancel.load(); };
    if (!call.json) {
      if (several) print(fmt::format("{}--- {} ---\n", &each == &asked.front() ? "" : "\n", printable(each.name)));
      request.on_prompt = [&](const GenerationPrompt& prompt) {
        if (!prompt.warning.empty()) say("warning: " + prompt.warning);
        if (!call.quiet) print(printable_lines(prompt.text));
      };
      request.on_token = [](const GeneratedToken& token) {
        print(printable_lines(token.added));
        flush_output();
      };
    }
    const auto reply = wait_for<GenerateReply>(*engine, &Engine::generate, std::move(request));
    if (!call.json) print("\n");
    if (!reply.ok()) return several ? reply.status().with_context(each.name) : reply.status();
    if (!call.json && !call.quiet) tell_end(*reply);
    Json document = question(each);
    document.update(to_json(*reply));
    answers.all.push_back(std::move(document));
  }
  answers.interrupted = signals.interrupted();
  return answers;
}

}  // namespace weft::cli
