// SPDX-License-Identifier: GPL-3.0-or-later
// A check of the installation that brings its own model: every part works together, from tokenizer to exported adapter.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <future>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/selftest_model.h"
#include "app/cli/session.h"
#include "engine/api/model_info.h"
#include "engine/text/tokenizer.h"

namespace weft::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kSteps = 24;

struct Options {};

// A folder that is gone with the object.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(fs::temp_directory_path() / ("weft-selftest-" + std::to_string(::getpid()))) {
    fs::create_directories(path_);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Result<std::string> check_model(const std::string& model) {
  WEFT_ASSIGN_OR_RETURN(const ModelInfo info, inspect_model(model));
  if (!info.trainable) return internal_error("the model of the self-test counts as not trainable: " + info.why_not);
  return fmt::format("{} parameters, {} matrices", grouped(info.parameters), info.sites.size());
}

Result<std::string> check_tokenizer(const std::string& model) {
  WEFT_ASSIGN_OR_RETURN(const Tokenizer tokenizer, Tokenizer::load(model));
  const std::string text = "Weft und Warp: 1, 2, 3 — ✓";
  WEFT_ASSIGN_OR_RETURN(const Encoding encoding, tokenizer.encode(text, /*add_special=*/false));
  WEFT_ASSIGN_OR_RETURN(const std::string back, tokenizer.decode(encoding.ids, /*skip_special=*/false));
  if (back != text) return internal_error("text does not come back from its tokens: " + back);
  return fmt::format("{} tokens and back", encoding.ids.size());
}

Result<std::string> check_training(Session& session, const TrainRequest& request, Followed& followed) {
  WEFT_ASSIGN_OR_RETURN(followed, session.follow(
                                      RunPrinter::Mode::Quiet,
                                      [&](RunService& service) { return service.start(request); }, [](RunId) {}));
  if (followed.finished.outcome != "done")
    return Status(ErrorCode::EngineFailure, followed.finished.outcome + ": " + followed.finished.message);
  WEFT_ASSIGN_OR_RETURN(const auto losses, session.project().metrics(followed.run, "loss"));
  if (losses.size() != static_cast<std::size_t>(kSteps))
    return internal_error(fmt::format("{} of {} steps are recorded", losses.size(), kSteps));
  if (!(losses.back().value < 0.9 * losses.front().value))
    return internal_error(
        fmt::format("the loss did not fall: {:.4g} -> {:.4g}", losses.front().value, losses.back().value));
  return fmt::format("{} steps, loss {:.4g} -> {:.4g}", kSteps, losses.front().value, losses.back().value);
}

Result<std::string> check_export(Session& session, RunId run, const std::string& out) {
  std::promise<Result<ExportReport>> promise;
  session.service().export_run(run, 0, {.format = "peft", .out = out},
                               [&promise](Result<ExportReport> report) { promise.set_value(std::move(report)); });
  WEFT_ASSIGN_OR_RETURN(const ExportReport report, promise.get_future().get());
  if (!(report.max_difference <= 1e-4 * std::max(report.logits_scale, 1.0)))
    return internal_error(
        fmt::format("read back, the adapter gives other logits: they differ by {:.3g}", report.max_difference));
  return fmt::format("read back, logits differ by at most {:.2g}", report.max_difference);
}

class Checks {
 public:
  explicit Checks(bool json) : json_(json) {}
  bool run(const std::string& name, const std::function<Result<std::string>()>& check) {
    const auto result = check();
    ok_ = ok_ && result.ok();
    list_.push_back(
        {{"check", name}, {"ok", result.ok()}, {"detail", result.ok() ? *result : result.status().message()}});
    if (!json_)
      print(fmt::format("{}  {:<10} {}\n", result.ok() ? "ok    " : "FAILED", name,
                        printable(list_.back()["detail"].get<std::string>())));
    std::fflush(stdout);
    return result.ok();
  }
  int end() const {
    if (json_) print_document({{"ok", ok_}, {"checks", list_}});
    return ok_ ? kDone : kFailed;
  }

 private:
  bool json_, ok_ = true;
  Json list_ = Json::array();
};

int work(const Options&, const Call& call) {
  const TemporaryFolder folder;
  const std::string model = (folder.path() / "model").string(), data = (folder.path() / "data.txt").string();
  Checks checks(call.json);
  if (!checks.run("files", [&]() -> Result<std::string> {
        WEFT_RETURN_IF_ERROR(write_selftest_model(model));
        WEFT_RETURN_IF_ERROR(write_selftest_data(data));
        return folder.path().string();
      }))
    return checks.end();
  checks.run("model", [&] { return check_model(model); });
  checks.run("tokenizer", [&] { return check_tokenizer(model); });
  std::unique_ptr<Session> session;
  const bool loaded = checks.run("engine", [&]() -> Result<std::string> {
    WEFT_ASSIGN_OR_RETURN(session, Session::open((folder.path() / "selftest.weft").string(), Session::For::NewRun));
    const EngineInfo info = session->engine().info();
    return fmt::format("LibTorch {}, {}, {} threads", info.torch_version, info.cpu, info.threads);
  });
  Followed followed;
  if (loaded &&
      checks.run("training", [&] { return check_training(*session, selftest_request(model, data, kSteps), followed); }))
    checks.run("export", [&] { return check_export(*session, followed.run, (folder.path() / "adapter").string()); });
  return checks.end();
}

}  // namespace

void add_selftest(CLI::App& app, Call& call) {
  const Arguments command(app, "selftest", "a check of the installation with a tiny model of its own; takes seconds",
                          "weft-cli selftest");
  (void)set_work<Options>(command, call, work);
  command.json_flag(call);
}

}  // namespace weft::cli
