// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "app/cli/adapter_ref.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/session.h"
#include "engine/api/engine_loader.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

const std::vector<std::string> kFormats = {"peft", "merged", "gguf-adapter"}, kLaterFormats = {"gguf"};
const std::vector<std::string> kDtypes = {"auto", "fp32", "bf16", "fp16"};

struct Options {
  std::string adapter, base, format = "peft", dtype = "auto", out;
  std::int64_t rank = 0;
};

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Status check(const Options& options) {
  if (holds(kLaterFormats, options.format))
    return unsupported("--format " + options.format + " is not available in this version; it comes with a later one");
  if (!holds(kFormats, options.format))
    return invalid_argument("--format " + quoted_excerpt(options.format) + " is not one of " + join(kFormats, ", "));
  if (!holds(kDtypes, options.dtype))
    return invalid_argument("--dtype " + quoted_excerpt(options.dtype) + " is not one of " + join(kDtypes, ", "));
  if (options.rank != 0 && options.format != "peft")
    return invalid_argument("--rank is for --format peft: " + options.format + " holds the whole update");
  return check_new_folder(options.out, "--out");
}

int export_run(const Options& options, const RunRef& ref, const Call& call) {
  auto session = Session::open(ref.project, Session::For::Reading);
  if (!session.ok()) return failed(session.status());
  const auto run = (*session)->project().find_run(ref.run);
  if (!run.ok()) return failed(run.status());
  const Status status =
      export_and_say(**session, *run, ref.step, {.format = options.format, .dtype = options.dtype, .rank = options.rank, .out = options.out}, call.json, call.quiet);
  return status.ok() ? kDone : failed(status);
}

int work(const Options& options, const Call& call) {
  if (Status status = check(options); !status.ok()) return failed_or_wrong(status);
  const auto run = parse_run_ref(options.adapter);
  if (!run.ok()) return wrong_call(run.status());
  if (*run && options.base.empty()) return export_run(options, **run, call);

  const auto ref = find_adapter(options.adapter, options.base);
  if (!ref.ok()) return failed_or_wrong(ref.status());
  if (ref->base.empty())
    return wrong_call(invalid_argument("the adapter does not say where its model is; name it with --base MODEL"));
  auto engine = load_engine();
  if (!engine.ok()) return failed(engine.status());
  ExportRequest request;
  request.model = ref->base;
  request.adapter = ref->adapter;
  request.format = options.format;
  request.dtype = options.dtype;
  request.rank = options.rank;
  request.out = options.out;
  const auto report = wait_for<ExportReport>(**engine, &Engine::export_adapter, std::move(request));
  if (!report.ok()) return failed(report.status());
  print_export(*report, options.format, call.json, call.quiet);
  return kDone;
}

}  // namespace

void add_export(CLI::App& app, Call& call) {
  const Arguments command(app, "export", "write an adapter or merged weights, read them back, compare logits",
                          "weft-cli export my.weft:r1 --format merged --dtype bf16 --out model");
  auto options = set_work<Options>(command, call, work);
  command.text_required("ADAPTER", options->adapter, "P.weft:RUN[@STEP] or P.weft:RUN@best (lowest loss on held-out rows), or a PEFT folder or adapter file with --base");
  command.text("--format", options->format, "peft, merged or gguf-adapter (llama.cpp)");
  command.number("--rank", options->rank, 1, 1 << 20, "with peft: the nearest plain LoRA of this rank, of any method; says what it keeps");
  command.text("--base,--model", options->base, "the model the adapter belongs to");
  command.text("--dtype", options->dtype, "auto, fp32, bf16 or fp16");
  command.text_required("--out", options->out, "folder to write; must not exist or be empty");
  command.json_flag(call);
  command.quiet_flag(call);
}

}  // namespace weft::cli
