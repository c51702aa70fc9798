// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/program.h"

namespace weft {
namespace {

class PlainProgram final : public Program {
 public:
  PlainProgram(const TrainRequest& request, std::int64_t total_steps)
      : total_(total_steps), eval_every_(request.train.at("eval_every").get<std::int64_t>()),
        checkpoint_every_(request.train.at("checkpoint_every").get<std::int64_t>()),
        samples_(!sample_prompts(request.samples).empty()), sample_every_(request.samples.at("every").get<std::int64_t>()) {}

  StepActions after(std::int64_t step, std::int64_t spectra_every) const override {
    const bool last = step >= total_;
    const auto due = [&](std::int64_t every) { return every > 0 && (step % every == 0 || last); };
    return {.evaluate = due(eval_every_),
            .checkpoint = step > 0 && (last || (checkpoint_every_ > 0 && step % checkpoint_every_ == 0)),
            .spectra = due(spectra_every) || (spectra_every > 0 && step == 1),  // the first step shows that it is alive
            .sample = samples_ && step > 0 && (last || (sample_every_ > 0 && step % sample_every_ == 0)),
            .finish = last};
  }

 private:
  const std::int64_t total_, eval_every_, checkpoint_every_;
  const bool samples_;
  const std::int64_t sample_every_;
};

}  // namespace

std::unique_ptr<Program> make_plain_program(const TrainRequest& request, std::int64_t total_steps) {
  return std::make_unique<PlainProgram>(request, total_steps);
}

}  // namespace weft
