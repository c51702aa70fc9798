// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/session.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <future>

#include "app/cli/answers.h"
#include "app/cli/call.h"
#include "app/cli/output.h"
#include "app/cli/steering.h"
#include "engine/api/engine_loader.h"
#include "engine/api/export_offer.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace fs = std::filesystem;

Result<std::unique_ptr<Session>> Session::open(const std::string& project_path, For purpose,
                                               const std::function<void()>& meanwhile) {
  std::unique_ptr<Session> session(new Session);
  Session* raw = session.get();
  session->signals_ =
      std::make_unique<StopSignals>([raw](int count) { raw->stop(count); });  // first: the project has a thread too
  auto engine = std::async(std::launch::async, load_engine);                  // takes longest
  if (meanwhile) meanwhile();
  WEFT_ASSIGN_OR_RETURN(session->project_, Project::open(project_path, /*create_if_missing=*/purpose == For::NewRun));
  if (purpose != For::Reading) WEFT_RETURN_IF_ERROR(check_recordable(*session->project_));
  WEFT_ASSIGN_OR_RETURN(session->engine_, engine.get());
  session->service_ = std::make_unique<RunService>(*session->engine_, *session->project_);
  return session;
}

Session::~Session() {
  signals_.reset();  // its thread uses the service
}

GoOn Session::export_watch(bool quiet) {
  before_export_ = signals_->count();
  return byte_progress(*signals_, quiet);
}

void Session::stop(int count) {
  if (before_export_ >= 0 && count == before_export_ + 1) return;   // asked by the export itself, which leaves nothing behind
  const Status status =
      service_ ? service_->control(count == 1 ? Control::Stop : Control::Abandon) : not_found("nothing runs yet");
  if (!status.ok() && signals_->interrupted()) ::_exit(kInterrupted);  // no run: nothing to save, nothing to wait for
  if (signals_->interrupted())
    say_at_once(count == 1 ? "stopping after this step and saving; once more to give up without saving"
                           : "giving up without saving; once more to end at once");
}

Result<Followed> Session::follow(RunPrinter::Mode mode, const std::function<Result<RunId>(RunService&)>& begin,
                                 const std::function<void(RunId)>& started, bool steered) {
  const auto name = [this] {
    const auto run = service_->active();
    return run ? "r" + std::to_string(*run) : std::string();
  };
  const auto trouble = std::make_shared<std::string>();  // written on the engine thread, read when the printer hears no more
  std::optional<Steering> steering;
  if (steered) steering.emplace(*service_);
  const auto printer = std::make_shared<RunPrinter>(mode, name, [this, trouble, &steering](const std::string& why) {
    if (steering && steering->paused_by_itself()) return say_at_once("continue, change it, stop or abandon?");
    *trouble = why;
    signals_->request_stop();
  });
  service_->set_listener(printer);
  const auto run = begin(*service_);
  if (!run.ok()) {
    service_->set_listener(nullptr);
    return run.status();
  }
  if (steering) steering->begin();
  started(*run);
  Followed followed;
  followed.run = *run;
  followed.finished = service_->wait();
  service_->set_listener(nullptr);  // also waits until the printer has said its last word
  followed.interrupted = signals_->interrupted() || (steering && steering->asked_to_end());
  followed.trouble = *trouble;
  followed.first_eval = printer->first_eval();
  followed.last_eval = printer->last_eval();
  followed.last_loss = printer->last_loss();
  return followed;
}

int conclude(Session& session, const Followed& followed, bool quiet) {
  const FinishedEvent& end = followed.finished;
  const Status recording = session.service().recording();
  if (!recording.ok()) say(fmt::format("run r{} is not recorded completely: {}", followed.run, recording.message()));
  if (end.outcome == "failed") {
    say(fmt::format("run r{} failed: {}", followed.run, end.message));
    return end.code == error_code_name(ErrorCode::InvalidArgument) ? kWrongCall : kFailed;
  }
  if (!quiet) {
    std::string loss = followed.last_loss ? "; loss " + significant(*followed.last_loss, 5) : "";
    if (followed.first_eval && followed.last_eval)
      loss += fmt::format("; on held-out rows {} -> {}", significant(*followed.first_eval, 5),
                          significant(*followed.last_eval, 5));
    const std::string text = fmt::format(
        "run r{} {} at step {}{} after {}{}; first step begun {} s after the program; at most {} of memory\n",
        followed.run, end.outcome, end.step, end.message.empty() ? "" : " (" + end.message + ")", duration(end.seconds), loss,
        significant(end.process_seconds_to_first_step, 3), human_bytes(static_cast<double>(end.peak_rss_bytes)));
    std::fwrite(text.data(), 1, text.size(), stderr);
  }
  if (followed.interrupted) return kInterrupted;
  if (end.outcome != "done") return kFailed;
  return recording.ok() ? kDone : kFailed;
}

GoOn byte_progress(const StopSignals& signals, bool quiet) {
  const bool shown = !quiet && ::isatty(STDERR_FILENO) != 0;
  return [&signals, shown, before = signals.count()](std::uint64_t done, std::uint64_t all) {
    const bool on = signals.count() == before;
    if (shown && on && done < all) {
      const std::string text = fmt::format("\r{} of {} \x1b[K", human_bytes(static_cast<double>(done)), human_bytes(static_cast<double>(all)));
      std::fwrite(text.data(), 1, text.size(), stderr);
    } else if (shown) {
      std::fputs("\r\x1b[K", stderr);
    }
    return on;
  };
}

void print_export(const ExportReport& report, const std::string& format, const std::string& model, bool json, bool quiet) {
  const auto& near = report.approximation;
  if (!json && quiet) return;
  const auto base = base_identity(model, /*with_hash=*/true);
  const auto snippets = load_snippets(format, report.path, report.files, model);
  if (json) {
    Json line = {{"type", "export"},
                 {"format", format},
                 {"path", report.path},
                 {"files", report.files},
                 {"bytes", report.bytes},
                 {"max_difference", report.max_difference},
                 {"logits_scale", report.logits_scale}};
    if (near) line.update({{"rank", near->rank}, {"least_rank", near->least_rank}, {"energy", near->energy}, {"least_energy", near->least}, {"least_energy_site", near->least_site}});
    if (base.ok()) line["base"] = {{"name", base->name}, {"file", base->file}, {"sha256", base->sha256}};
    for (const auto& snippet : snippets) line["load"][snippet.title] = snippet.text;
    print_json_line(line);
  } else {
    print(fmt::format("exported {} ({}): {}; {}read back, {}\n", printable(report.path), format,
                      human_bytes(static_cast<double>(report.bytes)),
                      near ? fmt::format("APPROX SVD @{}, energy {:.6g}, least {:.6g} at {}; ", near->ranks(), near->energy, near->least, printable(near->least_site)) : "",
                      report.max_difference > 0 ? fmt::format("logits differ by at most {:.2g} (largest logit {:.3g})",
                                                              report.max_difference, report.logits_scale)
                                                : "the logits are the same"));
    if (base.ok()) print(fmt::format("base {}: {}, sha256 {}\n", printable(base->name), printable(base->file), base->sha256));
    for (const auto& snippet : snippets) print(fmt::format("\n{}:\n{}", snippet.title, printable_lines(snippet.text)));
  }
}

namespace {

// What the run's method can best be exported as.
Result<std::string> best_format(Session& session, RunId run) {
  WEFT_ASSIGN_OR_RETURN(const TrainRequest request, session.service().request_of(run));
  WEFT_ASSIGN_OR_RETURN(const MethodDescriptor* method, find_method(request.method.value("name", "")));
  SettingValues given = request.method;
  given.erase("name");
  WEFT_ASSIGN_OR_RETURN(const SettingValues settings, complete_settings(method->settings, given, "method"));
  for (const auto& way : export_ways(*method, settings, {}))
    if (way.kind == ExportKind::Exact || way.kind == ExportKind::Merged) return way.format;
  return unsupported(method->title + " cannot be exported");
}

}  // namespace

Status export_and_say(Session& session, RunId run, std::int64_t step, ExportRequest wanted, bool json, bool quiet) {
  if (wanted.format == "auto") {
    WEFT_ASSIGN_OR_RETURN(wanted.format, best_format(session, run));
  }
  const std::string format = wanted.format;
  wanted.go_on = session.export_watch(json || quiet);
  WEFT_ASSIGN_OR_RETURN(const TrainRequest request, session.service().request_of(run));
  std::promise<Result<ExportReport>> promise;
  session.service().export_run(run, step, std::move(wanted), [&promise](Result<ExportReport> report) { promise.set_value(std::move(report)); });
  const auto report = promise.get_future().get();
  if (!report.ok()) return report.status().with_context("export");
  print_export(*report, format, request.model.value("path", ""), json, quiet);
  return {};
}

Status check_new_folder(const std::string& folder, const std::string& option) {
  std::error_code error;
  if (!fs::exists(folder, error)) return {};
  if (fs::is_directory(folder, error) && fs::is_empty(folder, error)) return {};
  return {ErrorCode::AlreadyExists, option + " " + folder + " already exists; choose another name or remove it first"};
}

}  // namespace weft::cli
