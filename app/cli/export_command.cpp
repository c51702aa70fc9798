// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

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

const std::vector<std::string> kFormats = {"peft", "merged", "gguf", "gguf-adapter", "lora"};
const std::vector<std::string> kDtypes = {"auto", "fp32", "bf16", "fp16"};

struct Options {
  std::string adapter, base, format = "peft", dtype = "auto", out;
  std::int64_t rank = 0;
  std::optional<std::string> energy;
  bool same_rank = false, list = false;
};

constexpr std::int64_t kListedRank = 8;  // of the approximation, where none is named

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Status check(const Options& options) {
  if (!holds(kFormats, options.format))
    return invalid_argument("--format " + quoted_excerpt(options.format) + " is not one of " + join(kFormats, ", "));
  if (!holds(kDtypes, options.dtype))
    return invalid_argument("--dtype " + quoted_excerpt(options.dtype) + " is not one of " + join(kDtypes, ", "));
  if (options.list) return {};
  const bool approximate = options.rank != 0 || options.energy;
  if (approximate && options.format != "peft" && options.format != "lora")
    return invalid_argument((options.energy ? std::string("--energy") : std::string("--rank")) + " is for --format peft or lora: " + options.format + " holds the whole update");
  if (options.rank != 0 && options.energy) return invalid_argument("--rank and --energy: one of the two decides; leave the other out");
  if (options.same_rank && !options.energy) return invalid_argument("--same-rank is for --energy; --rank is one rank for all matrices as it is");
  if (options.format == "lora" && !approximate)
    return invalid_argument("--format lora is the nearest plain LoRA: name its --rank, or with --energy 0.99 the share of the update that it is to keep");
  if (options.out.empty()) return invalid_argument("--out FOLDER is missing: where the export is to be written");
  return check_new_folder(options.out, "--out");
}

// 0.99 or 99%.
Result<double> energy_of(const std::string& text) {
  const bool percent = text.ends_with('%');
  const std::string digits = percent ? text.substr(0, text.size() - 1) : text;
  double value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (percent) value /= 100;
  if (digits.empty() || read.ec != std::errc() || read.ptr != digits.data() + digits.size() || !(value > 0 && value <= 1))
    return invalid_argument("--energy " + quoted_excerpt(text) + " is no share of the update's energy: more than 0 and at most 1, such as 0.99");
  return value;
}

Result<ExportRequest> request_from(const Options& options) {
  ExportRequest request{.format = options.format, .dtype = options.dtype, .rank = options.rank, .same_rank = options.same_rank, .out = options.out};
  if (options.energy) {
    WEFT_ASSIGN_OR_RETURN(request.energy, energy_of(*options.energy));
  }
  return request;
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
  const Json model = record->config.is_object() ? record->config.value("model", Json()) : Json();
  const auto offers = offers_for_base(export_offers(method, record->started, rank, options.dtype), model.is_object() && model.contains("path") && model["path"].is_string() ? model["path"].get<std::string>() : "");
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
    table.add({way.format == "peft-rank" ? fmt::format("lora --rank {}", rank) : way.format, bytes > 0 ? human_bytes(static_cast<double>(bytes)) : "-",
               way.term.empty() ? "not possible" : way.term, way.note});
  print(table.text());
  if (available) print(fmt::format("\n{} free at {}\n", human_bytes(static_cast<double>(*available)), printable(at.string())));
  return kDone;
}

int export_run(ExportRequest request, const RunRef& ref, const Call& call) {
  auto session = Session::open(ref.project, Session::For::Reading);
  if (!session.ok()) return failed(session.status());
  const auto run = (*session)->project().find_run(ref.run);
  if (!run.ok()) return failed(run.status());
  const Status status = export_and_say(**session, *run, ref.step, std::move(request), call.json, call.quiet);
  return status.ok() ? kDone : failed(status);
}

int work(const Options& options, const Call& call) {
  if (Status status = check(options); !status.ok()) return failed_or_wrong(status);
  const auto run = parse_run_ref(options.adapter);
  if (!run.ok()) return wrong_call(run.status());
  if (options.list && !*run) return wrong_call(invalid_argument("--list is of a run: write P.weft:RUN"));
  if (options.list) return list_ways(options, **run, call);
  auto request = request_from(options);
  if (!request.ok()) return wrong_call(request.status());
  if (*run && options.base.empty()) return export_run(std::move(*request), **run, call);

  const auto ref = find_adapter(options.adapter, options.base);
  if (!ref.ok()) return failed_or_wrong(ref.status());
  if (ref->base.empty())
    return wrong_call(invalid_argument("the adapter does not say where its model is; name it with --base MODEL"));
  const StopSignals signals([](int count) {
    if (count > 1) ::_exit(kInterrupted);
  });
  auto engine = load_engine();
  if (!engine.ok()) return failed(engine.status());
  request->go_on = byte_progress(signals, call.json || call.quiet);
  request->model = ref->base;
  request->adapter = ref->adapter;
  const auto report = wait_for<ExportReport>(**engine, &Engine::export_adapter, std::move(*request));
  if (!report.ok()) return failed(report.status());
  print_export(*report, options.format, ref->base, call.json, call.quiet);
  return kDone;
}

}  // namespace

void add_export(CLI::App& app, Call& call) {
  const Arguments command(app, "export", "write an adapter or merged weights, read them back, compare logits",
                          "weft-cli export my.weft:r1 --format lora --energy 0.99 --out adapter");
  auto options = set_work<Options>(command, call, work);
  command.text_required("ADAPTER", options->adapter, "P.weft:RUN[@STEP] or P.weft:RUN@best (lowest loss on held-out rows), or a PEFT folder or adapter file with --base");
  command.text("--format", options->format, "peft, merged, gguf (merged, one file), gguf-adapter (both for llama.cpp), or lora (the nearest plain LoRA)");
  command.number("--rank", options->rank, 1, 1 << 20, "with peft or lora: the nearest plain LoRA of this rank, of any method; says what it keeps");
  command.text_if_given("--energy", options->energy, "the same at the least rank that keeps this share of the update's energy (its squared Frobenius norm), such as 0.99: each matrix has its own");
  command.flag("--same-rank", options->same_rank, "with --energy: one rank for all matrices, which keeps this share of all of them together");
  command.text("--base,--model", options->base, "the model the adapter belongs to");
  command.text("--dtype", options->dtype, "auto, fp32, bf16 or fp16");
  command.text("--out", options->out, "folder to write; must not exist or be empty");
  command.flag("--list", options->list, "only say what the run can be written as, how many bytes that takes and how many are free");
  command.json_flag(call);
  command.quiet_flag(call);
}

}  // namespace weft::cli
