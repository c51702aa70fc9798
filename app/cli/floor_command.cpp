// SPDX-License-Identifier: GPL-3.0-or-later
// How close a recorded run's steps were to the machine's floor, and what limits them next: what the window shows below its charts.
#include <fmt/format.h>

#include <future>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/session.h"

namespace weft::cli {
namespace {

struct Options {
  std::string project, run;
  bool again = false;
};

Result<StepTime> recorded_time(Project& project, RunId run) {
  WEFT_ASSIGN_OR_RETURN(const auto events, project.events(run));
  std::optional<StepTime> time;
  for (const auto& event : events)
    if (event.type == "step_time")
      if (const auto read = step_time_from_json(event.detail)) time = read;
  if (!time)
    return not_found(fmt::format("run r{} has no record of where its time went; runs of this version have one from step {} on, or from their end",
                                 run, RecentSteps::kMost));
  return *time;
}

Result<BatchFloor> known_or_measured(RunService& service, RunId run, bool again) {
  if (!again) {
    WEFT_ASSIGN_OR_RETURN(const KnownFloor known, service.floor_of(run));
    if (known.floor) return *known.floor;
  }
  std::promise<Result<BatchFloor>> answer;
  service.measure_floor(run, [&answer](Result<BatchFloor> floor) { answer.set_value(std::move(floor)); });
  return answer.get_future().get();
}

int work(const Options& options, const Call& call) {
  const auto session = Session::open(options.project, Session::For::Reading);
  if (!session.ok()) return failed(session.status());
  Project& project = (*session)->project();
  const auto run = project.find_run(options.run);
  if (!run.ok()) return failed(run.status());
  const auto time = recorded_time(project, *run);
  if (!time.ok()) return failed(time.status());
  const auto floor = known_or_measured((*session)->service(), *run, options.again);
  if (!floor.ok()) return failed_or_wrong(floor.status());
  if (Status status = project.flush(); !status.ok()) say("the floor was not recorded with the run: " + status.message());
  const FloorShare share = floor_share(*time, *floor);
  const auto steps = static_cast<double>(time->steps);
  if (call.json) {
    Json floors = Json::object();
    for (std::size_t i = 0; i < kPhases; ++i) floors[phase_name(static_cast<Phase>(i))] = share.phase_floor_ms[i];
    print_document({{"run", "r" + std::to_string(*run)},
                    {"time", to_json(*time)},
                    {"floor", to_json(*floor)},
                    {"phase_floor_ms", floors},
                    {"share_of_floor", share.share},
                    {"next_limit", {{"phase", phase_name(share.next)}, {"ms_above_its_floor", share.next_ms / steps}}}});
    return kDone;
  }
  print(fmt::format("{:.0f} % of the floor; next limit: {}, {} ms a step above its floor\n\n", 100 * share.share, phase_name(share.next),
                    significant(share.next_ms / steps)));
  Table table({"last " + std::to_string(time->steps) + " steps", "ms a step", "share", "floor, ms"}, {false, true, true, true});
  for (std::size_t i = 0; i < kPhases; ++i)
    table.add({phase_name(static_cast<Phase>(i)), significant(time->phase_ms[i] / steps),
               fmt::format("{:.1f} %", 100 * time->phase_ms[i] / time->ms),
               share.phase_floor_ms[i] > 0 ? significant(share.phase_floor_ms[i] / steps) : "-"});
  table.add({"together", significant(time->ms / steps), "", significant(share.floor_ms / steps)});
  print(table.text());
  return kDone;
}

}  // namespace

void add_floor(CLI::App& app, Call& call) {
  const Arguments command(app, "floor", "how close a run's steps were to this machine's floor, and what limits them next",
                          "weft-cli floor my.weft r1");
  auto options = set_work<Options>(command, call, work);
  command.text_required("PROJECT", options->project, "the project file");
  command.text_required("RUN", options->run, "r3, 3 or its name");
  command.flag("--again", options->again, "time the floor anew: the whole machine for some seconds, and memory for the model's weights");
  command.json_flag(call);
}

}  // namespace weft::cli
