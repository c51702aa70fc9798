// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/generation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace weft {
namespace {

constexpr std::int64_t kMostTokens = 1 << 20, kMostAlternatives = 100;

Json chance_json(const TokenChance& chance) { return {{"id", chance.id}, {"text", chance.text}, {"probability", chance.probability}}; }

// By its ending, as the data loader takes files whose format is found by itself.
bool is_plain_text(const std::string& path) {
  static constexpr std::array kEndings{".txt", ".text", ".md", ".rst", ".tex", ".log"};
  return std::any_of(kEndings.begin(), kEndings.end(), [&](const char* ending) { return path.ends_with(ending); });
}

}  // namespace

Status SamplingSettings::validate() const {
  if (!std::isfinite(temperature) || temperature < 0 || temperature > 100)
    return invalid_argument(fmt::format("[generate] temperature = {} is outside 0 to 100; 0 always takes the likeliest token", temperature));
  if (top_k < 0) return invalid_argument(fmt::format("[generate] top-k = {} is below 0; 0 takes all tokens", top_k));
  if (!std::isfinite(top_p) || top_p <= 0 || top_p > 1) return invalid_argument(fmt::format("[generate] top-p = {} must be above 0 and at most 1", top_p));
  if (max_tokens < 1 || max_tokens > kMostTokens)
    return invalid_argument(fmt::format("[generate] max-tokens = {} is outside 1 to {}", max_tokens, kMostTokens));
  if (alternatives < 0 || alternatives > kMostAlternatives)
    return invalid_argument(fmt::format("[generate] {} alternatives: 0 to {} can be told of a token", alternatives, kMostAlternatives));
  return {};
}

Status validate(const GenerateRequest& request) {
  WEFT_RETURN_IF_ERROR(request.sampling.validate());
  if (!std::isfinite(request.strength) || request.strength < 0 || request.strength > kMostStrength)
    return invalid_argument(fmt::format("[generate] strength = {} is outside 0 to {}; 0 is the base alone, 1 the adapter as it was trained", request.strength, kMostStrength));
  if (request.messages.empty()) return invalid_argument("[generate] there is no prompt");
  if (request.model.empty() && !request.adapter.empty())
    return invalid_argument("[generate] an adapter file needs its model: name that too");
  if (request.chat_template == "none" && request.messages.size() > 1)
    return invalid_argument(fmt::format("[generate] template \"none\" goes on from one text, but there are {} messages", request.messages.size()));
  return {};
}

std::string template_of_run(const Json& data) {
  const auto text = [&](const char* key) { return data.is_object() && data.contains(key) && data[key].is_string() ? data[key].get<std::string>() : std::string(); };
  const std::string format = text("format");
  if (format == "text" || format == "tokens" || (format == "auto" && is_plain_text(text("path")))) return "none";
  const std::string named = text("template");
  return named.empty() ? "auto" : named;
}

Json to_json(const GenerateReply& reply) {
  Json tokens = Json::array();
  for (const auto& token : reply.tokens) {
    Json line = chance_json(token.chosen), likeliest = Json::array();
    for (const auto& chance : token.likeliest) likeliest.push_back(chance_json(chance));
    line["likeliest"] = std::move(likeliest);
    tokens.push_back(std::move(line));
  }
  return {{"prompt", reply.prompt.text}, {"prompt_tokens", reply.prompt.tokens}, {"template", reply.prompt.template_name}, {"warning", reply.prompt.warning},
          {"step", reply.prompt.step}, {"text", reply.text}, {"end", reply.end}, {"prompt_ms", reply.prompt_ms}, {"ms", reply.ms}, {"tokens", std::move(tokens)}};
}

}  // namespace weft
