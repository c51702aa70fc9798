// SPDX-License-Identifier: GPL-3.0-or-later
// Will it fit, how much arithmetic is it, in which order are its products best evaluated: from headers and settings, without LibTorch.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <future>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/run_request.h"
#include "app/run/measured_peaks.h"
#include "engine/api/engine_loader.h"
#include "engine/api/memory_outlook.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

struct Options {
  std::string run_file, init_adapter, project;
  std::vector<std::string> sets;
  std::int64_t memory_mb = 0;
  bool measure = false;
};

Result<TrainRequest> read_request(const Options& options) {
  WEFT_ASSIGN_OR_RETURN(TrainRequest request, read_run_request(options.run_file, options.sets));
  request.init_adapter = options.init_adapter;
  WEFT_ASSIGN_OR_RETURN(TrainRequest complete, validate(request));
  return complete;
}

std::string billions(double flops) {
  return fmt::format("{:.3g}", flops / 1e9);
}

void print_flops(const RunPlan& plan) {
  const StepFlops& f = plan.flops;
  Table table({"GFLOP a step", "forward", "backward", "share"}, {false, true, true, true});
  const auto row = [&](const std::string& name, double forward, double backward) {
    table.add({name, billions(forward), billions(backward), fmt::format("{:.1f} %", 100 * (forward + backward) / f.total())});
  };
  row("linears", f.linears_forward, f.linears_backward);
  row("attention", f.attention_forward, f.attention_backward);
  row("output layer", f.head_forward, f.head_backward);
  row("adapter", f.adapter_forward, f.adapter_backward);
  if (f.row_norms > 0) row("row norms, once a step", f.row_norms, 0);
  table.add({"together", billions(f.total()), "", ""});
  print("\n" + table.text());
}

void print_memory(const RunPlan& plan) {
  Table table({"memory", "", "what"}, {false, true, false});
  for (const auto& part : plan.memory) table.add({part.kind, human_bytes(static_cast<double>(part.bytes)), part.what});
  table.add({"together", human_bytes(static_cast<double>(plan.memory_bytes())), "highest of the whole process"});
  print("\n" + table.text());
  print(fmt::format("each checkpoint takes {} of the disk\n", human_bytes(static_cast<double>(plan.checkpoint_bytes))));
}

void print_activations(const RunPlan& plan, const std::string& why) {
  Table table({"activations", "peak", "what the layers keep"}, {false, true, false});
  constexpr std::array what{"all that the backward pass reads", "norms, rotations and SwiGLU are formed again", "gate and up too, by their products",
                            "only the input of each half of a layer"};
  for (const auto& level : plan.levels)
    table.add({activations_name(level.level), human_bytes(static_cast<double>(level.bytes())), what.at(static_cast<std::size_t>(level.level))});
  print(fmt::format("\n{}taken: {}{}\n", table.text(), to_text(plan.activations), why.empty() ? "" : "; " + why));
}

// RunLoRA: operations of every order relative to what autograd does with x A' kept.
void print_orders(const RunPlan& plan) {
  if (plan.orders.empty()) return;
  Table table({"matrix", "shape", "rank", "n", "F1 F3", "F2 F4", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "best", "saves"},
              {false, false, true, true, true, true, true, true, true, true, true, true, true, true, false, true});
  std::int64_t saved = 0;
  for (const auto& o : plan.orders) {
    std::vector<std::string> row{o.kind.module, fmt::format("{} x {}", o.kind.out, o.kind.in), std::to_string(o.kind.rank), std::to_string(o.kind.count),
                                 billions(o.forward[0]), billions(o.forward[1])};
    for (const double flops : o.backward) row.push_back(billions(flops));
    const auto best = o.forward[static_cast<std::size_t>(o.best_forward)] + o.backward[static_cast<std::size_t>(o.best_backward)];
    row.push_back(fmt::format("F{}+B{}", o.best_forward + 1, o.best_backward + 1));
    row.push_back(fmt::format("{:.1f} %", 100 * (1 - best / o.reference)));
    table.add(std::move(row));
    saved += o.saved_bytes;
  }
  print(fmt::format("\nOrders of evaluation (RunLoRA), GFLOP of one matrix; \"saves\" is against F1 and a backward pass that kept x A'\n{}"
                    "Without keeping x A': {} less memory\n",
                    table.text(), human_bytes(static_cast<double>(saved))));
}

// Hears a run that ends after its preflight.
class PreflightSink final : public EventSink {
 public:
  void on_event(const Event& event) override {
    if (const auto* found = std::get_if<PreflightEvent>(&event)) preflight_ = *found;
    const auto* end = std::get_if<FinishedEvent>(&event);
    if (!end) return;
    if (preflight_)
      answer_.set_value(*preflight_);
    else
      answer_.set_value(Status(ErrorCode::EngineFailure, end->message.empty() ? "the preflight found no batch with a trained token" : end->message));
  }
  [[nodiscard]] Result<PreflightEvent> wait() { return answer_.get_future().get(); }

 private:
  std::optional<PreflightEvent> preflight_;   // engine thread
  std::promise<Result<PreflightEvent>> answer_;
};

Result<PreflightEvent> measure(TrainRequest request) {
  WEFT_ASSIGN_OR_RETURN(const auto engine, load_engine());
  const auto sink = std::make_shared<PreflightSink>();
  request.only_preflight = true;
  WEFT_RETURN_IF_ERROR(engine->train(std::move(request), sink).status());
  return sink->wait();
}

Result<std::optional<MeasuredPeak>> recorded_peak(const std::string& path, const TrainRequest& request) {
  if (path.empty()) return std::optional<MeasuredPeak>();
  WEFT_ASSIGN_OR_RETURN(const auto project, Project::open(path, /*create=*/false));
  return measured_peak(*project, request);
}

void print_outlook(const MemoryOutlook& outlook) {
  print_memory(outlook.plan);
  if (outlook.measured)
    print(fmt::format("measured: {} by {}, which counts\n", human_bytes(static_cast<double>(outlook.measured->bytes)), outlook.measured->where));
}

void print_ways(const std::vector<WayOut>& ways) {
  if (ways.empty()) return;
  Table table({"way out", "saves", "then", "--set", "price"}, {false, true, true, false, false});
  for (const auto& way : ways) {
    std::string sets;
    for (const auto& edit : way.edits) sets += fmt::format("{}{}.{}={}", sets.empty() ? "" : " ", edit.section, edit.key, edit.value.is_string() ? edit.value.get<std::string>() : edit.value.dump());
    table.add({way.title, human_bytes(static_cast<double>(way.saves)), human_bytes(static_cast<double>(way.bytes)), sets, way.price});
  }
  print("\n" + table.text());
}

void print_preflight(const PreflightEvent& found) {
  print(fmt::format("\npreflight: {} tokens, rows of up to {}, the longest batch of {}: {:.0f} ms, loss {}, gradient norm {}; peak {}, planned {}\n", found.tokens, found.longest,
                    found.batches, found.ms, significant(found.loss, 5), significant(found.grad_norm, 3), human_bytes(static_cast<double>(found.peak_bytes)),
                    human_bytes(static_cast<double>(found.planned_bytes))));
}

int work(const Options& options, const Call& call) {
  const auto request = read_request(options);
  if (!request.ok()) return request.status().code() == ErrorCode::NotFound ? failed(request.status()) : wrong_call(request.status());
  const auto measured = recorded_peak(options.project, *request);
  if (!measured.ok()) return failed(measured.status());
  const std::uint64_t available = options.memory_mb > 0 ? static_cast<std::uint64_t>(options.memory_mb) * 1000000 : available_memory_bytes();
  const auto outlook = memory_outlook(*request, available, *measured);
  if (!outlook.ok()) return failed_or_wrong(outlook.status());
  const RunPlan& plan = outlook->plan;
  const bool fits = outlook->why_not.empty();
  std::optional<PreflightEvent> preflight;
  if (options.measure && fits) {
    const auto found = measure(*request);
    if (!found.ok()) return failed(found.status());
    preflight = *found;
  }
  if (call.json) {
    Json json = to_json(plan);
    json["available_bytes"] = available;
    json["fits"] = fits;
    if (!outlook->why_activations.empty()) json["activations"]["why"] = outlook->why_activations;
    if (outlook->measured) json["measured"] = {{"bytes", outlook->measured->bytes}, {"where", outlook->measured->where}};
    if (preflight) json["preflight"] = preflight_json(*preflight);
    if (!fits) {
      json["why_not"] = outlook->why_not;
      json["ways"] = Json::array();
      for (const auto& way : outlook->ways) json["ways"].push_back(to_json(way));
    }
    print_document(json);
    return fits ? kDone : kFailed;
  }
  print(fmt::format("{} on {}: {} trained parameters of {}; {} tokens a batch, rows of up to {}, {} a step\n", plan.method,
                    printable(plan.model.name), grouped(plan.trained), grouped(plan.model.parameters), grouped(plan.batch.tokens),
                    grouped(plan.batch.longest), plan.accumulate == 1 ? "one batch" : fmt::format("{} batches", plan.accumulate)));
  print_flops(plan);
  print_outlook(*outlook);
  print_activations(plan, outlook->why_activations);
  print_orders(plan);
  print_exports(plan.exports);
  if (preflight) print_preflight(*preflight);
  if (!fits) {
    print_ways(outlook->ways);
    return failed({ErrorCode::OutOfMemory, outlook->why_not});
  }
  print(fmt::format("\nfits: {} are available\n", human_bytes(static_cast<double>(available))));
  return kDone;
}

}  // namespace

void add_plan(CLI::App& app, Call& call) {
  const Arguments command(app, "plan", "will it fit: memory by kind, operations a step, order of evaluation; before anything is loaded",
                          "weft-cli plan run.toml --set batch_tokens=4096 --set rank=64");
  auto options = set_work<Options>(command, call, work);
  command.text_required("RUN.toml", options->run_file, "the run file");
  command.texts("--set", options->sets, "key=value or section.key=value instead of the run file's (repeatable)");
  command.text("--init-adapter", options->init_adapter, "go on from this PEFT folder");
  command.text("--project", options->project, "a project whose runs of the same shape correct the plan by what they took");
  command.flag("--measure", options->measure, "load the engine and try the longest batch, forward and backward: its peak and its loss");
  command.number("--memory", options->memory_mb, 0, 1LL << 40, "megabytes to plan for; 0: what this machine has free");
  command.json_flag(call);
}

}  // namespace weft::cli
