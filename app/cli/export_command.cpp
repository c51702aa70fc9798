// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "app/cli/adapter_ref.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/session.h"
#include "engine/api/engine_loader.h"
#include "engine/api/export_offer.h"
#include "engine/core/disk.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

const std::vector<std::string> kFormats = {"peft", "merged", "gguf-adapter"}, kLaterFormats = {"gguf"};
const std::vector<std::string> kDtypes = {"auto", "fp32", "bf16", "fp16"};

struct Options {
  std::string adapter, base, format = "peft", dtype = "auto", out;
  std::int64_t rank = 0;
  bool list = false;
};

constexpr std::int64_t kListedRank = 8;  // of the approximation, where none is named


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
  if (options.list) return {};
  if (options.rank != 0 && options.format != "peft")
    return invalid_argument("--rank is for --format peft: " + options.format + " holds the whole update");
  if (options.out.empty()) return invalid_argument("--out FOLDER is missing: where the export is to be written");
  return check_new_folder(options.out, "--out");
}

// What the run can be written as, how much that is, and how much is free there.
int list_ways(const Options& options, const RunRef& ref, const Call& call) {
  auto project = Project::open(ref.project, /*create_if_missing=*/false);
  if (!project.ok()) return failed(project.status());
  const auto run = (*project)->find_run(ref.run);
  if (!run.ok()) return failed(run.status());
  const auto record = (*project)->run(*run);
  if (!record.ok()) return failed(record.status());
  const std::int64_t rank = options.rank > 0 ? options.rank : kListedRank;
  const Json method = record->config.is_object() ? record->config.value("method", Json()) : Json();
  const auto offers = export_offers(method, record->started, rank, options.dtype);
  const std::filesystem::path at = nearest_existing(options.out.empty() ? "." : options.out);
  const auto available = free_disk_bytes(at);
  if (call.json) {
    Json ways = Json::array();
    for (const auto& offer : offers) {
      ways.push_back(to_json(offer.way));
      ways.back()["bytes"] = offer.bytes;
    }
    print_document({{"run", record->name}, {"formats", ways}, {"rank", rank}, {"free", available.value_or(0)}, {"folder", at.string()}});
    return kDone;
  }
  Table table({"export", "bytes", "", ""}, {false, true, false, false});
  for (const auto& [way, bytes] : offers)
    table.add({way.format == "peft-rank" ? fmt::format("peft --rank {}", rank) : way.format, bytes > 0 ? human_bytes(static_cast<double>(bytes)) : "-",
               way.term.empty() ? "not possible" : way.term, way.note});
  print(table.text());
  if (available) print(fmt::format("\n{} free at {}\n", human_bytes(static_cast<double>(*available)), printable(at.string())));
  return kDone;
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
  if (options.list && !*run) return wrong_call(invalid_argument("--list is of a run: write P.weft:RUN"));
  if (options.list) return list_ways(options, **run, call);
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
  print_export(*report, options.format, ref->base, call.json, call.quiet);
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
  command.text("--out", options->out, "folder to write; must not exist or be empty");
  command.flag("--list", options->list, "only say what the run can be written as, how many bytes that takes and how many are free");
  command.json_flag(call);
  command.quiet_flag(call);
}

}  // namespace weft::cli
