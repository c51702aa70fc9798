// SPDX-License-Identifier: GPL-3.0-or-later
// What changes a run's entry in its project: its name, a note on it, or that it is there at all; and a copy of the whole project.
#include <fmt/format.h>
#include <unistd.h>

#include <iostream>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/session.h"
#include "app/cli/signals.h"
#include "app/run/run_removal.h"
#include "engine/core/text_util.h"
#include "projects/api/project_copy.h"

namespace weft::cli {
namespace {

struct Options {
  std::shared_ptr<std::string> project;
  std::string run, text;
  std::optional<std::string> note;
  bool yes = false;
};

int with_run(const Options& options, const std::function<int(Project&, RunId)>& work) {
  auto project = Project::open(*options.project, /*create_if_missing=*/false);
  if (!project.ok()) return failed(project.status());
  const auto run = (*project)->find_run(options.run);
  return run.ok() ? work(**project, *run) : failed(run.status());
}

int rename(const Options& options, const Call&) {
  return with_run(options, [&](Project& project, RunId run) {
    const Status status = project.rename_run(run, options.text);
    return status.ok() ? kDone : failed_or_wrong(status);
  });
}

int note(const Options& options, const Call&) {
  return with_run(options, [&](Project& project, RunId run) {
    if (options.note) {
      const Status status = project.set_run_note(run, *options.note);
      return status.ok() ? kDone : failed_or_wrong(status);
    }
    const auto record = project.run(run);
    if (!record.ok()) return failed(record.status());
    if (!record->note.empty()) print(record->note + "\n");
    return kDone;
  });
}

Json to_json(const RunRemoval& removal, bool deleted) {
  Json json{{"run", "r" + std::to_string(removal.run)}, {"name", removal.name}, {"files", Json::array()}, {"bytes", removal.bytes()}, {"kept", removal.kept}, {"deleted", deleted}};
  for (const auto& file : removal.files) json["files"].push_back({{"path", file.path}, {"bytes", file.bytes}});
  return json;
}

void print_removal(const RunRemoval& removal) {
  print(fmt::format("r{} {}: its curves, spectra and events go, and {} with {}\n", removal.run, printable(removal.name),
                    removal.files.size() == 1 ? "one file" : std::to_string(removal.files.size()) + " files", human_bytes(static_cast<double>(removal.bytes()))));
  for (const auto& file : removal.files) print(fmt::format("  {}  {}\n", printable(file.path), human_bytes(static_cast<double>(file.bytes))));
  for (const auto& kept : removal.kept) print("  stays: " + printable(kept) + "\n");
}

int remove(const Options& options, const Call& call) {
  return with_run(options, [&](Project& project, RunId run) {
    const auto removal = plan_removal(project, run);
    if (!removal.ok()) return failed(removal.status());
    if (!call.json) print_removal(*removal);
    if (!options.yes) {
      if (call.json || !is_terminal(STDIN_FILENO))
        return wrong_call(invalid_argument("nothing was deleted; --yes deletes without asking"));
      print("Delete? [y/N] ");
      std::fflush(stdout);
      std::string answer;
      if (!std::getline(std::cin, answer) || (answer != "y" && answer != "Y" && answer != "yes")) {
        say("nothing was deleted");
        return kFailed;
      }
    }
    if (Status status = remove_run(project, *removal); !status.ok()) return failed(status);
    if (call.json) print_document(to_json(*removal, true));
    return kDone;
  });
}

// Work that a signal ends, which then leaves nothing behind; a second one ends the program.
template <typename Work>
auto interruptible(const Call& call, const Work& work) {
  const StopSignals signals([](int count) {
    if (count > 1) ::_exit(kInterrupted);
  });
  return work(byte_progress(signals, call.json || call.quiet));
}

int copy(const Options& options, const Call& call) {
  const auto copied = interruptible(call, [&](const GoOn& go_on) { return copy_project(*options.project, options.text, go_on); });
  if (!copied.ok()) return failed(copied.status());
  if (call.json)
    print_document({{"path", copied->path}, {"files", copied->files}, {"bytes", copied->bytes}});
  else
    print(fmt::format("copied to {}: {} with {} files beside it\n", printable(copied->path), human_bytes(static_cast<double>(copied->bytes)), copied->files));
  return kDone;
}

int move_files(const Options& options, const Call& call) {
  const auto moved = interruptible(call, [&](const GoOn& go_on) { return move_project_files(*options.project, options.text, go_on); });
  if (!moved.ok()) return failed_or_wrong(moved.status());
  if (call.json)
    print_document({{"folder", moved->folder}, {"files", moved->files}, {"bytes", moved->bytes}});
  else
    print(fmt::format("moved to {}: {} files with {}; a link stands in their place\n", printable(moved->folder), moved->files, human_bytes(static_cast<double>(moved->bytes))));
  return kDone;
}

}  // namespace

void add_run_changes(const Arguments& runs, Call& call, const std::shared_ptr<std::string>& project) {
  const auto part = [&](const char* name, const char* help, const char* example, int (*work)(const Options&, const Call&)) {
    const Arguments command(runs.app(), name, help, example);
    const auto options = set_work<Options>(command, call, work);
    options->project = project;
    command.text_required("RUN", options->run, "r3, 3 or its name");
    return std::pair(command, options);
  };
  const auto renaming = part("rename", "give a run another name", "weft-cli runs my.weft rename r3 \"rank 8\"", rename);
  renaming.first.text_required("NAME", renaming.second->text, "the new name");
  const auto noting = part("note", "show or write a note on a run", "weft-cli runs my.weft note r3 \"the first that learnt anything\"", note);
  noting.first.text_if_given("TEXT", noting.second->note, "the note; \"\" takes it away; left out: shows it");
  const auto removing = part("delete", "delete a run with its checkpoints; exports stay", "weft-cli runs my.weft delete r3 --yes", remove);
  removing.first.flag("--yes", removing.second->yes, "do not ask");
  removing.first.json_flag(call);
  const Arguments copying(runs.app(), "copy", "copy the whole project, also one that another program has open", "weft-cli runs my.weft copy /mnt/disk/my.weft");
  const auto options = set_work<Options>(copying, call, copy);
  options->project = project;
  copying.text_required("TO", options->text, "the new project file; must not exist");
  copying.json_flag(call);
  const Arguments moving(runs.app(), "move-files", "bring checkpoints and exports to another disk and leave a link in their place; also while a run is paused on a full disk",
                         "weft-cli runs my.weft move-files /mnt/disk");
  const auto move = set_work<Options>(moving, call, move_files);
  move->project = project;
  moving.text_required("FOLDER", move->text, "an existing folder; name.files is made in it");
  moving.json_flag(call);
}

}  // namespace weft::cli
