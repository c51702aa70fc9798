// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/scripted_engine.h"

#include <cmath>

namespace weft::test {
namespace {

struct Module {
  const char* name;
  std::int64_t out, in;
};

constexpr Module kModules[] = {{"self_attn.q_proj", 576, 576}, {"self_attn.k_proj", 192, 576}, {"self_attn.v_proj", 192, 576},
                               {"self_attn.o_proj", 576, 576}, {"mlp.gate_proj", 1536, 576},  {"mlp.up_proj", 1536, 576},
                               {"mlp.down_proj", 576, 1536}};
constexpr int kRank = 16;

// A number in 0..1 that only its arguments decide.
double noise(std::int64_t a, std::int64_t b) {
  const double x = std::sin(static_cast<double>(a) * 12.9898 + static_cast<double>(b) * 78.233) * 43758.5453;
  return x - std::floor(x);
}

SpectrumEvent spectrum(const SiteShape& site, std::int64_t index, std::int64_t step, std::int64_t steps) {
  SpectrumEvent s;
  s.step = step;
  s.site = site.path;
  const double grown = static_cast<double>(step) / static_cast<double>(steps);
  const double decay = 0.16 + 0.5 * noise(index, 3) * (1 - 0.4 * grown);
  double sum = 0, squares = 0;
  for (int i = 0; i < kRank; ++i) {
    const double v = 2.4 * grown * std::exp(-decay * i) * (0.9 + 0.2 * noise(index, i));
    s.singular_values.push_back(static_cast<float>(v));
    sum += v;
    squares += v * v;
  }
  if (!(sum > 0)) return s;
  double entropy = 0, kept = 0;
  for (int i = 0; i < kRank; ++i) {
    const double v = s.singular_values[static_cast<std::size_t>(i)], p = v / sum;
    entropy -= p * std::log(p);
    kept += v * v / squares;
    if (s.energy_rank_90 == 0 && kept >= 0.90) s.energy_rank_90 = i + 1;
    if (s.energy_rank_95 == 0 && kept >= 0.95) s.energy_rank_95 = i + 1;
    if (s.energy_rank_99 == 0 && kept >= 0.99) s.energy_rank_99 = i + 1;
  }
  s.effective_rank = std::exp(entropy);
  s.frobenius = std::sqrt(squares);
  s.stable_rank = squares / (s.singular_values[0] * s.singular_values[0]);
  s.magnitude_change = 0.01 * grown;
  s.direction_change = 0.002 * grown;
  return s;
}

}  // namespace

std::vector<Event> plausible_run(std::int64_t steps, std::int64_t layers, std::int64_t spectra_every, std::int64_t eval_every) {
  std::vector<Event> events;
  StartedEvent started{.model = "SmolLM2-135M-Instruct", .method = "LoRA", .trainable = 4884480, .total_parameters = 139399488,
                       .total_steps = steps, .rows = 300, .held_out_rows = 15, .compute = "fp32", .storage = "fp32"};
  for (std::int64_t layer = 0; layer < layers; ++layer)
    for (const auto& module : kModules)
      started.sites.push_back({"model.layers." + std::to_string(layer) + "." + module.name, std::string(module.name).substr(std::string(module.name).find('.') + 1),
                               static_cast<int>(layer), module.out, module.in, kRank});
  events.emplace_back(StateEvent{RunState::Preparing, 0, ""});
  events.emplace_back(started);
  events.emplace_back(StateEvent{RunState::Running, 0, ""});
  events.emplace_back(EvalEvent{0, 2.31, 2048, 400});
  const auto spectra = [&](std::int64_t step) {
    SpectraEvent all{.step = step, .ms = 4.1, .share = 0.001, .every = spectra_every};
    for (std::size_t i = 0; i < started.sites.size(); ++i) all.sites.push_back(spectrum(started.sites[i], static_cast<std::int64_t>(i), step, steps));
    return all;
  };
  if (spectra_every > 0) events.emplace_back(spectra(0));
  for (std::int64_t step = 1; step <= steps; ++step) {
    const double t = static_cast<double>(step) / static_cast<double>(steps);
    StepEvent s{.step = step, .loss = 1.38 + 1.05 * std::exp(-3.2 * t) + 0.12 * (noise(step, 1) - 0.5),
                .grad_norm = 0.52 + 1.1 * std::exp(-4 * t) + 0.15 * noise(step, 2), .lr = 2e-4 * std::min(1.0, t / 0.03) * 0.5 * (1 + std::cos(3.14159 * t)),
                .tokens = 512, .trained_tokens = 360, .tokens_per_s = 300 + 20 * noise(step, 4), .ms = 1600, .rss_bytes = 1310000000, .epoch = t,
                .phase_ms = {930, 300 + 10 * noise(step, 5), 130, 160, 18, 12, 50 - 10 * noise(step, 5)}};
    events.emplace_back(s);
    if (eval_every > 0 && step % eval_every == 0) events.emplace_back(EvalEvent{step, 1.45 + 0.86 * std::exp(-3.0 * t), 2048, 400});
    if (eval_every > 0 && step % eval_every == 0)
      events.emplace_back(SamplesEvent{step, {{"What is a tensor?", "Tensor is a type of mathematical object that is used in many fields, such as physics and engineering.",
                                               "A tensor is an array of numbers with a shape, such as a vector or a matrix.", "length", "end of turn"},
                                              {"Name three colours.", "The colours are:", "Red, green and blue.", "length", "end of turn"}}, 900});
    if (eval_every > 0 && step % eval_every == 0) events.emplace_back(CheckpointEvent{step, "checkpoints/step-" + std::to_string(step) + ".safetensors", std::string(64, '0'), 58700000});
    if (spectra_every > 0 && step % spectra_every == 0) events.emplace_back(spectra(step));
  }
  events.emplace_back(StateEvent{RunState::Done, steps, ""});
  events.emplace_back(FinishedEvent{.outcome = "done", .step = steps, .seconds_to_first_step = 2.1, .seconds = 1.7 * static_cast<double>(steps), .peak_rss_bytes = 1400000000});
  return events;
}

ScriptedEngine::~ScriptedEngine() {
  end();
  if (thread_.joinable()) thread_.join();
}

Result<JobId> ScriptedEngine::train(TrainRequest, std::shared_ptr<EventSink> sink) {
  if (thread_.joinable()) return Status(ErrorCode::Busy, "the script is played once");
  thread_ = std::thread([this, sink = std::move(sink)] {
    for (const auto& event : events_) {
      if (ended_) {
        sink->on_event(FinishedEvent{.outcome = "abandoned"});
        return;
      }
      sink->on_event(event);
    }
    if (!events_.empty() && std::holds_alternative<FinishedEvent>(events_.back())) return;
    ended_.wait(false);   // a run that goes on until it is told to end
    sink->on_event(FinishedEvent{.outcome = "abandoned"});
  });
  return JobId{1};
}

void ScriptedEngine::end() {
  ended_ = true;
  ended_.notify_all();
}

Status ScriptedEngine::control(JobId, Control what) {
  if (what == Control::Abandon || what == Control::Stop) end();
  return {};
}

void ScriptedEngine::edit(JobId, RunEdit, std::function<void(Result<std::int64_t>)> done) { done(unsupported("the scripted engine plays a run that is settled")); }
void ScriptedEngine::export_adapter(ExportRequest, std::function<void(Result<ExportReport>)> done) {
  done(unsupported("the scripted engine trains nothing, so it has nothing to export"));
}
void ScriptedEngine::evaluate(EvaluateRequest, std::function<void(Result<EvaluateReply>)> done) { done(unsupported("the scripted engine computes nothing")); }
void ScriptedEngine::logits(LogitsRequest, std::function<void(Result<LogitsReply>)> done) { done(unsupported("the scripted engine computes nothing")); }
void ScriptedEngine::close_up(CloseUpRequest, std::function<void(Result<CloseUpReply>)> done) { done(unsupported("the scripted engine computes nothing")); }
void ScriptedEngine::generate(GenerateRequest request, std::function<void(Result<GenerateReply>)> done) {
  const bool tuned = request.strength > 0;
  GenerateReply reply;
  for (const auto& message : request.messages) reply.prompt.text += "<|im_start|>" + message.role + "\n" + message.content + "<|im_end|>\n";
  reply.prompt.text += "<|im_start|>assistant\n";
  reply.prompt.tokens = 24;
  reply.prompt.template_name = "the model's own";
  if (request.on_prompt) request.on_prompt(reply.prompt);
  const std::string text = tuned ? "A tensor is an array of numbers with a shape. A vector has one axis, a matrix two; a batch of pictures has four."
                                 : "Tensor is a type of mathematical object that is used in many fields, such as physics and engineering. It is a type of object";
  for (std::size_t at = 0, place = 0; at < text.size(); ++place) {
    const std::size_t end = std::min(text.find(' ', at + 1), text.size());
    const double sure = 0.15 + 0.8 * noise(static_cast<std::int64_t>(place), tuned ? 1 : 2);
    const std::string piece = text.substr(at, end - at);
    GeneratedToken token{{static_cast<std::int32_t>(place), piece, sure}, piece, {{static_cast<std::int32_t>(place), piece, sure}, {900, " the", (1 - sure) / 2}, {901, " is", (1 - sure) / 4}}};
    reply.text += piece;
    if (request.on_token) request.on_token(token);
    reply.tokens.push_back(std::move(token));
    at = end;
  }
  reply.end = tuned ? "end of turn" : "length";
  reply.ms = 1200;
  done(std::move(reply));
}
void ScriptedEngine::inspect(InspectRequest, std::function<void(Result<InspectReply>)> done) { done(unsupported("the scripted engine computes nothing")); }
void ScriptedEngine::calibrate(CalibrateRequest, std::function<void(Result<CalibrateReply>)> done) {
  CalibrateReply reply;
  reply.own = {0.8, 0.17, 0.13};
  reply.library = {0.9, 0.16, 0.15};
  reply.copy_bytes_per_s = 2e10;
  done(reply);
}

}  // namespace weft::test
