// SPDX-License-Identifier: GPL-3.0-or-later
// A large project in the window: FILE [RUNS] [ROWS] makes it where it is missing (500 runs and 50 million metric rows when not said),
// then measures how long it takes until its runs stand painted, and how long each frame takes while the tree of runs is scrolled.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <QElapsedTimer>
#include <QScrollBar>
#include <QTreeView>

#include "app/gui/workbench.h"
#include "projects/db/connection.h"
#include "projects/db/transaction.h"
#include "tests/gui/gui_test.h"
#include "ui/panels/project_panel.h"
#include "ui/shell/main_window.h"

namespace {

using namespace weft;

constexpr const char* kNames[] = {"loss", "grad_norm", "lr", "tokens", "trained_tokens", "tokens_per_s", "ms", "rss_bytes", "epoch", "eval_loss"};
constexpr int kSites = 210;  // as many as a run of a 30-layer model has

double ms_of(const QElapsedTimer& clock) { return static_cast<double>(clock.nsecsElapsed()) / 1e6; }

Status fill_run(Connection& connection, RunId run, std::int64_t steps) {
  for (const char* name : kNames) {
    WEFT_ASSIGN_OR_RETURN(Statement rows, connection.prepare("WITH RECURSIVE step(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM step WHERE n < ?3)"
                                                             " INSERT INTO metric (run, name, step, value) SELECT ?1, ?2, n, 1.4 + 1.0 / n FROM step"));
    rows.bind_all(run, std::string_view(name), steps);
    WEFT_RETURN_IF_ERROR(rows.run());
  }
  return {};
}

Status make_project(const std::string& path, std::int64_t runs, std::int64_t rows) {
  Json sites = Json::array();
  for (int i = 0; i < kSites; ++i)
    sites.push_back({{"path", "model.layers." + std::to_string(i / 7) + ".self_attn.q_proj" + std::to_string(i % 7)}, {"module", "q_proj"}, {"layer", i / 7}, {"out", 576}, {"in", 576}, {"rank", 16}});
  {
    WEFT_ASSIGN_OR_RETURN(const auto project, Project::open(path, true));
    for (std::int64_t run = 1; run <= runs; ++run) {
      TrainRequest request;
      request.model["path"] = "/models/model.gguf";
      request.data["path"] = "/data/rows.jsonl";
      request.method = {{"name", "lora"}, {"rank", 4 * (run % 16 + 1)}};
      WEFT_ASSIGN_OR_RETURN(const TrainRequest whole, validate(request));
      WEFT_ASSIGN_OR_RETURN(const RunId id, project->create_run(to_json(whole), 10000));
      project->record_started(id, {{"model", "model"}, {"method", "LoRA"}, {"trainable", 1000000}, {"sites", sites}}, 10000);
      project->record_run_state(id, run % 9 == 0 ? "failed" : "done", run % 9 == 0 ? "no memory" : "");
    }
    WEFT_RETURN_IF_ERROR(project->flush());
  }
  WEFT_ASSIGN_OR_RETURN(Connection connection, Connection::open(path, OpenMode::ReadWrite));
  const std::int64_t steps = std::max<std::int64_t>(1, rows / runs / static_cast<std::int64_t>(std::size(kNames)));
  for (RunId run = 1; run <= runs; ++run) {
    WEFT_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(connection));
    const Status status = fill_run(connection, run, steps);
    if (!status.ok()) return status;
    const Status committed = transaction.commit();
    if (!committed.ok()) return committed;
  }
  return connection.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

void print_frames(const char* what, std::vector<double> ms) {
  std::sort(ms.begin(), ms.end());
  const auto at = [&](double share) { return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))]; };
  std::printf("%s: %zu frames, median %.2f ms, p99 %.2f ms, longest %.2f ms\n", what, ms.size(), at(0.5), at(0.99), ms.back());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: project_bench FILE.weft [RUNS] [ROWS]\n");
    return 2;
  }
  const std::string path = argv[1];
  const std::int64_t runs = argc > 2 ? std::atoll(argv[2]) : 500, rows = argc > 3 ? std::atoll(argv[3]) : 50000000;
  QApplication application(argc, argv);
  if (!std::filesystem::exists(path)) {
    QElapsedTimer clock;
    clock.start();
    const Status status = make_project(path, runs, rows);
    if (!status.ok()) {
      std::fprintf(stderr, "%s\n", status.message().c_str());
      return 1;
    }
    std::printf("made %lld runs and %lld rows in %.0f s, %.2f GB\n", static_cast<long long>(runs), static_cast<long long>(rows), ms_of(clock) / 1000,
                static_cast<double>(std::filesystem::file_size(path)) / 1e9);
  }
  ui::Theme theme(application);
  gui::Workbench workbench([] { return Result<std::unique_ptr<Engine>>(not_found("no engine here")); });
  ui::MainWindow window(theme, workbench, {});
  window.resize(1440, 900);
  window.show();
  QTest::qWait(200);
  auto* panel = window.projectPanel();
  const auto top = [&] { return panel->model()->index(ui::ProjectModel::RunSection, 0); };
  QElapsedTimer clock;
  test::LoopWatch watch;
  clock.start();
  window.openProject(QString::fromStdString(path), false);
  if (!test::wait_until([&] { return panel->model()->rowCount(top()) > 0; }, 120000)) return 1;
  const double known = ms_of(clock);
  panel->view()->viewport()->repaint();
  std::printf("%d runs known after %.0f ms, painted after %.0f ms", panel->model()->rowCount(top()), known, ms_of(clock));
  const auto lined = [&] { return panel->model()->index(0, 0, top()).data(ui::ProjectModel::SparkRole).toList().size() > 1; };
  if (!test::wait_until(lined, 60000)) return 1;
  std::printf(", first curves after %.0f ms; longest gap of the event loop %.1f ms\n", ms_of(clock), watch.longest_wall_ms);

  auto* view = panel->view();
  auto* bar = view->verticalScrollBar();
  for (const char* round : {"scrolled for the first time", "scrolled again"}) {
    std::vector<double> frames;
    for (int value = 0; value <= bar->maximum(); value += 40) {
      clock.restart();
      bar->setValue(value);
      QCoreApplication::processEvents();
      view->viewport()->repaint();
      frames.push_back(ms_of(clock));
      if (frames.size() % 20 == 0) QTest::qWait(80);  // it rests now and then: the curves of what is seen are read
    }
    bar->setValue(0);
    if (!frames.empty()) print_frames(round, std::move(frames));
  }
  std::fflush(stdout);
  return 0;
}
