// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/samples.h"

#include <chrono>

#include "engine/generate/generation.h"

namespace weft {

RunSamples::RunSamples(const TrainRequest& request)
    : prompts_(sample_prompts(request.samples)), model_path_(request.model.at("path").get<std::string>()), chat_template_(template_of_run(request.data)) {
  sampling_.temperature = request.samples.at("temperature").get<double>();
  sampling_.max_tokens = request.samples.at("max_tokens").get<std::int64_t>();
  sampling_.seed = request.train.at("seed").get<std::uint64_t>();
  sampling_.alternatives = 0;
}

Result<const PromptWriter*> RunSamples::writer() {
  if (!writer_) {
    WEFT_ASSIGN_OR_RETURN(writer_, PromptWriter::load(model_path_));
  }
  return &*writer_;
}

Result<SamplesEvent> RunSamples::draw(const Decoder& model, std::int64_t step, const std::function<bool()>& cancelled) {
  const auto begin = std::chrono::steady_clock::now();
  WEFT_ASSIGN_OR_RETURN(const PromptWriter* writer, this->writer());
  GenerateRequest request{.chat_template = chat_template_, .sampling = sampling_, .cancelled = cancelled};
  const auto answer = [&](const std::string& prompt, double strength) {
    request.messages = {{"user", prompt}};
    request.strength = strength;
    return generate_with(model, *writer, request, step);
  };
  SamplesEvent event{step, {}, 0};
  for (std::size_t i = 0; i < prompts_.size(); ++i) {
    if (base_.size() == i) {
      WEFT_ASSIGN_OR_RETURN(GenerateReply base, answer(prompts_[i], 0));
      if (base.end == "cancelled") return SamplesEvent{step, {}, 0};
      base_.push_back(std::move(base));
    }
    WEFT_ASSIGN_OR_RETURN(const GenerateReply tuned, answer(prompts_[i], 1));
    if (tuned.end == "cancelled") return SamplesEvent{step, {}, 0};
    event.answers.push_back({prompts_[i], base_[i].text, tuned.text, base_[i].end, tuned.end});
  }
  event.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  return event;
}

}  // namespace weft
