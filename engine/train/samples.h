// SPDX-License-Identifier: GPL-3.0-or-later
// A run's answers to the prompts of its [samples] section: by the adapter as it is, beside the base's, which are made once. They read the
// model and write nothing, and draw from no generator of the run: training is the same with and without them. Engine thread only.
#pragma once

#include <functional>
#include <optional>

#include "engine/api/events.h"
#include "engine/api/train_request.h"
#include "engine/generate/prompt.h"
#include "engine/model/decoder.h"

namespace weft {

class RunSamples {
 public:
  explicit RunSamples(const TrainRequest& request);
  [[nodiscard]] bool any() const { return !prompts_.empty(); }
  // Of a model whose adapters are prepared. Without all answers ("cancelled") the event has none.
  [[nodiscard]] Result<SamplesEvent> draw(const Decoder& model, std::int64_t step, const std::function<bool()>& cancelled);
  // The tokenizer and templates of the run's model, loaded when they are first needed.
  [[nodiscard]] Result<const PromptWriter*> writer();

 private:
  const std::vector<std::string> prompts_;
  const std::string model_path_, chat_template_;
  SamplingSettings sampling_;
  std::optional<PromptWriter> writer_;
  std::vector<GenerateReply> base_;
};

}  // namespace weft
