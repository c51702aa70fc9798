// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/generate/generation.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "engine/generate/sampler.h"
#include "engine/model/reading.h"
#include "engine/tensor/buffer_pool.h"
#include "engine/tensor/product_choice.h"
#include "engine/train/loaded_model.h"

namespace weft {
namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begin) { return std::chrono::duration<double, std::milli>(Clock::now() - begin).count(); }

// Products of one row are nothing that a run should try and keep.
class OwnProducts {
 public:
  OwnProducts() : before_(product_choice()) { choose_products_by(nullptr); }
  ~OwnProducts() { choose_products_by(before_); }
  OwnProducts(const OwnProducts&) = delete;
  OwnProducts& operator=(const OwnProducts&) = delete;

 private:
  ProductChoice* const before_;
};

Status check_prompt(const PromptTokens& prompt, const ModelConfig& config) {
  for (const auto id : prompt.ids)
    if (id < 0 || id >= config.vocabulary)
      return invalid_argument(fmt::format("[generate] the tokenizer gives the id {}, the model's vocabulary has {} tokens: they do not belong together", id, config.vocabulary));
  if (config.context > 0 && prompt.shown.tokens >= config.context)
    return invalid_argument(fmt::format("[generate] the prompt has {} tokens and the model's context {}: there is no room for an answer; shorten the prompt",
                                        prompt.shown.tokens, config.context));
  return {};
}

GeneratedToken told(const Choice& choice, const TextStream& text) {
  const auto chance = [&](const Choice::Candidate& c) { return TokenChance{c.id, text.preview(c.id), c.probability}; };
  GeneratedToken token{chance(choice.chosen), {}, {}};
  for (const auto& candidate : choice.likeliest) token.likeliest.push_back(chance(candidate));
  return token;
}

}  // namespace

Result<GenerateReply> generate_with(const Decoder& model, const PromptWriter& writer, const GenerateRequest& request, std::int64_t step) {
  WEFT_ASSIGN_OR_RETURN(PromptTokens prompt, writer.write(request.messages, request.chat_template));
  prompt.shown.step = step;
  WEFT_RETURN_IF_ERROR(check_prompt(prompt, model.config()));
  if (request.on_prompt) request.on_prompt(prompt.shown);
  const OwnProducts products;
  const std::int64_t room = model.config().context > 0 ? model.config().context - prompt.shown.tokens : request.sampling.max_tokens;
  const std::int64_t most = std::min(room, request.sampling.max_tokens);
  const auto cancelled = [&] { return request.cancelled && request.cancelled(); };

  GenerateReply reply;
  reply.prompt = prompt.shown;
  reply.end = "cancelled";
  auto begin = Clock::now();
  Reading reading(model, prompt.shown.tokens + most, request.strength);
  if (cancelled()) return reply;
  Tensor logits = reading.read(prompt.ids, cancelled);
  if (!logits.defined()) return reply;
  reply.prompt_ms = milliseconds_since(begin);
  begin = Clock::now();
  TextStream text(writer.coder(), prompt.ids);
  for (std::int64_t place = 0;; ++place) {
    if (place == most) {
      reply.end = most < request.sampling.max_tokens ? "context" : "length";
      break;
    }
    if (cancelled()) break;
    const std::span values(logits.const_data_ptr<float>(), static_cast<std::size_t>(logits.numel()));
    if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); }))
      return Status(ErrorCode::EngineFailure, fmt::format("[generate] the model gives values that are not finite at token {} of the answer", place + 1));
    const Choice choice = choose_token(values, request.sampling, place);
    if (std::find(prompt.stops.begin(), prompt.stops.end(), choice.chosen.id) != prompt.stops.end()) {
      reply.end = "end of turn";
      break;
    }
    GeneratedToken token = told(choice, text);
    token.added = text.add(choice.chosen.id);
    reply.text += token.added;
    if (request.on_token) request.on_token(token);
    reply.tokens.push_back(std::move(token));
    if (place + 1 < most) logits = reading.read({&choice.chosen.id, 1});
  }
  reply.text += text.finish();
  reply.ms = milliseconds_since(begin);
  return reply;
}

Result<GenerateReply> generate_from_files(const GenerateRequest& request) {
  WEFT_ASSIGN_OR_RETURN(const LoadedModel loaded, load_model(request.model, request.adapter));
  WEFT_ASSIGN_OR_RETURN(const PromptWriter writer, PromptWriter::load(request.model));
  return generate_with(*loaded.model, writer, request);
}

}  // namespace weft
