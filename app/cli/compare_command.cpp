// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/adapter_ref.h"
#include "app/cli/answers.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/picture_options.h"
#include "app/run/compare/comparison.h"
#include "app/run/compare/comparison_page.h"
#include "engine/core/files.h"

namespace weft::cli {
namespace {

struct Options {
  std::string project, csv, html;
  std::vector<std::string> runs;
  PromptOptions prompt;
  PictureOptions pictures;
  bool with_base = false;
};

std::string table(const Comparison& comparison, const std::string& corner, const std::vector<ComparedRow>& rows, bool numbers) {
  std::vector<std::string> heading{corner};
  std::vector<bool> right{false};
  for (const auto& run : comparison.runs) {
    heading.push_back(printable(run.run.name));
    right.push_back(numbers);
  }
  Table table(heading, right);
  for (const auto& row : rows) {
    std::vector<std::string> cells{printable(row.title)};
    for (const auto& text : row.texts) cells.push_back(printable(text));
    table.add(cells);
  }
  return table.text();
}

void print_comparison(const Comparison& comparison) {
  for (const auto& run : comparison.runs)
    print(printable(run.run.name + (run.method.empty() ? "" : " " + run.method) + ": " + run.run.state +
                    (run.remark.empty() ? "" : ", " + run.remark)) + "\n");
  print("\n" + table(comparison, "final figures", comparison.figures, true));
  if (comparison.settings.empty())
    print("\nthe runs have the same settings\n");
  else
    print("\n" + table(comparison, "settings that differ", comparison.settings, false));
  for (const auto& note : comparison.notes) print("\n" + printable(note) + "\n");
}

// The runs' last checkpoints, each on its own model and with the template it was trained with; the base is that of the first.
Result<std::vector<Asked>> asked_of(const Options& options, const Comparison& comparison) {
  std::vector<Asked> all;
  for (const auto& run : comparison.runs) {
    WEFT_ASSIGN_OR_RETURN(const AdapterRef ref, find_adapter(RunRef{options.project, std::to_string(run.run.id), 0}, ""));
    WEFT_ASSIGN_OR_RETURN(GenerateRequest request, request_from(options.prompt, ref.chat_template));
    request.model = ref.base;
    if (all.empty() && options.with_base) all.push_back({"base", request});
    request.adapter = ref.adapter;
    all.push_back({run.run.name, std::move(request)});
  }
  for (const auto& each : all) WEFT_RETURN_IF_ERROR(validate(each.request));
  return all;
}

int work(const Options& options, const Call& call) {
  auto project = Project::open(options.project, /*create_if_missing=*/false);
  if (!project.ok()) return failed(project.status());
  const auto comparison = compare_runs(**project, options.runs);
  if (!comparison.ok()) return failed_or_wrong(comparison.status());
  if (!options.html.empty())
    if (Status status = write_file_atomically(options.html, comparison_page(*comparison, (*project)->path())); !status.ok()) return failed(status);
  if (options.csv == "-") {
    print(comparison_csv(*comparison));
    return kDone;
  }
  if (!options.csv.empty())
    if (Status status = write_file_atomically(options.csv, comparison_csv(*comparison)); !status.ok()) return failed(status);
  if (!call.json) print_comparison(*comparison);
  Json document = to_json(*comparison);
  if (options.pictures.wanted()) {
    const auto paths = write_pictures(options.pictures, comparison_pictures(*comparison));
    if (!paths.ok()) return failed(paths.status());
    document["pictures"] = *paths;
    if (!call.json)
      for (const auto& path : *paths) print(printable(path) + "\n");
  }
  bool interrupted = false;
  if (!options.prompt.prompt.empty()) {
    auto asked = asked_of(options, *comparison);
    if (!asked.ok()) return failed_or_wrong(asked.status());
    if (!call.json) print("\n");
    const auto answers = ask(std::move(asked).value(), call);
    if (!answers.ok()) return failed_or_wrong(answers.status());
    document["answers"] = answers->all;
    interrupted = answers->interrupted;
  }
  if (call.json) print_document(document);
  return interrupted ? kInterrupted : kDone;
}

}  // namespace

void add_compare(CLI::App& app, Call& call) {
  const Arguments command(app, "compare", "2 to 6 runs side by side: final figures and the settings that differ",
                          "weft-cli compare my.weft r1 r2 r3 --html compare.html");
  auto options = set_work<Options>(command, call, work);
  command.text_required("PROJECT", options->project, "the project file");
  command.texts("RUN", options->runs, "r3, 3 or its name; 2 to 6 of them");
  command.text("--csv", options->csv, "write the curves as CSV, one row a step; - is standard output");
  command.text("--html", options->html, "write one self-contained page: curves, spectra, figures, settings");
  add_picture_options(command, options->pictures, "curves by step and last spectra over each other");
  command.text("--prompt", options->prompt.prompt, "answered by the last checkpoint of each run, with one seed");
  command.flag("--with-base", options->with_base, "with --prompt: the model without an adapter answers too, first");
  add_prompt_options(command, options->prompt);
  command.json_flag(call);
}

}  // namespace weft::cli
