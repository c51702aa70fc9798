// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <atomic>

#include "app/cli/adapter_ref.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/signals.h"
#include "app/run/locations.h"
#include "app/run/run_file.h"
#include "engine/api/engine_loader.h"

namespace weft::cli {
namespace {

struct Options {
  std::string model, adapter, data, task = "perplexity";
  std::vector<std::string> sets;
};

// Settings of a run that an evaluation has no use for are a mistake.
Status take_settings(TrainRequest& run, const std::vector<std::string>& sets) {
  WEFT_RETURN_IF_ERROR(apply_settings(run, sets));
  for (const auto& section : run_sections())
    if (section.name != "model" && section.name != "data" && !run.section(section.name).empty())
      return invalid_argument(fmt::format("--set: [{}] {} says how to train; an evaluation has [model] and [data] alone", section.name, run.section(section.name).begin().key()));
  return {};
}

Result<EvaluateRequest> request_of(const Options& options) {
  if (options.task != "perplexity")
    return unsupported(fmt::format("--task {} is not available in this version; there is perplexity", options.task));
  TrainRequest run;  // for its [model] and [data]: the same keys as in a run file
  run.data = {{"path", options.data}, {"holdout", 0.0}};
  WEFT_ASSIGN_OR_RETURN(run.model["path"], find_model(options.model, ""));
  if (!options.adapter.empty()) {
    WEFT_ASSIGN_OR_RETURN(const AdapterRef ref, find_adapter(options.adapter, run.model["path"].get<std::string>()));
    if (!ref.chat_template.empty() && ref.chat_template != "none") run.data["template"] = ref.chat_template;
    WEFT_RETURN_IF_ERROR(take_settings(run, options.sets));
    return validate(EvaluateRequest{.model = run.model, .data = run.data, .adapter = ref.adapter});
  }
  WEFT_RETURN_IF_ERROR(take_settings(run, options.sets));
  return validate(EvaluateRequest{.model = run.model, .data = run.data});
}

int work(const Options& options, const Call& call) {
  auto request = request_of(options);
  if (!request.ok()) return failed_or_wrong(request.status());
  std::atomic<bool> cancel = false;
  const StopSignals signals([&](int) { cancel = true; });
  request->cancelled = [&] { return cancel.load(); };
  Json document = {{"model", request->model["path"]}, {"adapter", request->adapter}, {"data", request->data["path"]}, {"task", options.task}};
  auto engine = load_engine();
  if (!engine.ok()) return failed(engine.status());
  const auto reply = wait_for<EvaluateReply>(**engine, &Engine::evaluate, std::move(*request));
  if (!reply.ok()) {
    const int code = failed_or_wrong(reply.status());
    return signals.interrupted() ? kInterrupted : code;
  }
  if (call.json) {
    document.update(to_json(*reply));
    print_document(document);
    return kDone;
  }
  for (const auto& warning : reply->warnings) say("warning: " + printable(warning));
  print(fmt::format("perplexity {}\nloss       {} nats a token\naccuracy   {:.2f} % of the tokens ranked first\n"
                    "counted    {} tokens of {} rows{}, in {}\n",
                    significant(reply->perplexity(), 6), significant(reply->loss, 6), 100 * reply->accuracy, grouped(reply->tokens), grouped(reply->rows),
                    reply->cut_rows > 0 ? fmt::format(" ({} cut)", grouped(reply->cut_rows)) : "", reply->compute));
  return kDone;
}

}  // namespace

void add_eval(CLI::App& app, Call& call) {
  const Arguments command(app, "eval", "loss and perplexity of a model, alone or with an adapter, on a data file",
                          "weft-cli eval model.gguf --adapter my.weft:r1@best --data test.jsonl --json");
  auto options = set_work<Options>(command, call, work);
  command.text_required("MODEL", options->model, "GGUF file or Hugging Face folder");
  command.text("--adapter", options->adapter, "PEFT folder, adapter file, or P.weft:RUN[@STEP]");
  command.text_required("--data", options->data, "JSONL, JSON, CSV, text or token file; every row counts");
  command.text("--task", options->task, "perplexity (the default): loss, perplexity and accuracy over the trained tokens");
  command.texts("--set", options->sets, "a setting of [model] or [data], such as train_on=all, max_length=1024, compute=fp32; holdout=0.05 counts only the "
                                         "rows that a run with the same data settings holds out");
  command.json_flag(call);
}

}  // namespace weft::cli
