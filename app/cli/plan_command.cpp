// SPDX-License-Identifier: GPL-3.0-or-later
// Will it fit, how much arithmetic is it, in which order are its products best evaluated: from headers and settings, without LibTorch.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/run_request.h"
#include "engine/api/run_plan.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

struct Options {
  std::string run_file, init_adapter;
  std::vector<std::string> sets;
  std::int64_t memory_mb = 0;
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

int work(const Options& options, const Call& call) {
  const auto request = read_request(options);
  if (!request.ok()) return request.status().code() == ErrorCode::NotFound ? failed(request.status()) : wrong_call(request.status());
  auto plan = make_plan(*request);
  if (!plan.ok()) return failed_or_wrong(plan.status());
  const std::uint64_t available = options.memory_mb > 0 ? static_cast<std::uint64_t>(options.memory_mb) * 1000000 : available_memory_bytes();
  const std::string why = settle_activations(*plan, available);
  const Status fits = check_fits(*plan, available);
  if (call.json) {
    Json json = to_json(*plan);
    json["available_bytes"] = available;
    json["fits"] = fits.ok();
    if (!why.empty()) json["activations"]["why"] = why;
    if (!fits.ok()) json["why_not"] = fits.message();
    print_document(json);
    return fits.ok() ? kDone : kFailed;
  }
  print(fmt::format("{} on {}: {} trained parameters of {}; {} tokens a batch, rows of up to {}, {} a step\n", plan->method,
                    printable(plan->model.name), grouped(plan->trained), grouped(plan->model.parameters), grouped(plan->batch.tokens),
                    grouped(plan->batch.longest), plan->accumulate == 1 ? "one batch" : fmt::format("{} batches", plan->accumulate)));
  print_flops(*plan);
  print_memory(*plan);
  print_activations(*plan, why);
  print_orders(*plan);
  print_exports(plan->exports);
  if (!fits.ok()) return failed(fits);
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
  command.number("--memory", options->memory_mb, 0, 1LL << 40, "megabytes to plan for; 0: what this machine has free");
  command.json_flag(call);
}

}  // namespace weft::cli
