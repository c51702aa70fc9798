// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <unistd.h>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/run/locations.h"
#include "app/run/run_file.h"
#include "engine/api/data_preview.h"

namespace weft::cli {
namespace {

constexpr std::size_t kShownRejected = 20;

struct Options {
  std::string data, model;
  std::int64_t rows = 3;
  std::vector<std::string> sets;
};

// Bold accent for trained, dim for masked, struck through for cut.
std::string coloured(TokenState state, const std::string& text, bool colour) {
  if (!colour) return text;
  const char* code = state == TokenState::Trained ? "1;34" : state == TokenState::Masked ? "2" : "9;2";
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

// Runs of tokens of one state, a line each.
void print_row(const PreviewRow& row, std::size_t number, bool colour) {
  std::size_t count[3] = {0, 0, 0};
  for (const auto& token : row.tokens) ++count[static_cast<int>(token.state)];
  print(fmt::format("\nrow {} (line {}): {} tokens, {} trained, {} masked, {} cut\n", number, row.line,
                    row.tokens.size(), count[static_cast<int>(TokenState::Trained)],
                    count[static_cast<int>(TokenState::Masked)], count[static_cast<int>(TokenState::Cut)]));
  for (std::size_t i = 0; i < row.tokens.size();) {
    const TokenState state = row.tokens[i].state;
    std::size_t begin = row.tokens[i].begin, end = begin, first = i;
    for (; i < row.tokens.size() && row.tokens[i].state == state; ++i) end = std::max(end, row.tokens[i].end);
    std::string text = end > begin && end <= row.rendered.size() ? row.rendered.substr(begin, end - begin) : "";
    if (text.empty())
      for (std::size_t t = first; t < i; ++t) text += row.tokens[t].text;
    print(fmt::format("  {:<8}", token_state_name(state)) + coloured(state, printable(text), colour) + "\n");
  }
}

void print_preview(const DataPreview& preview) {
  print(
      fmt::format("{}\nformat     {} ({})\ntemplate   {}\nrows       {} usable, {} of them held out, {} longer than "
                  "allowed and cut\n"
                  "tokens     {}, {} of them trained, {} cut off\n",
                  printable(preview.path), preview.format, printable(preview.how), printable(preview.template_name),
                  grouped(preview.rows), grouped(preview.held_out), grouped(preview.cut_rows), grouped(preview.tokens),
                  grouped(preview.trained_tokens), grouped(preview.cut_tokens)));
  if (!preview.rejected.empty()) print(fmt::format("rejected   {} rows\n", preview.rejected.size()));
  for (std::size_t i = 0; i < preview.rejected.size() && i < kShownRejected; ++i)
    print(fmt::format("  line {}: {}\n", preview.rejected[i].line, printable(preview.rejected[i].reason)));
  if (preview.rejected.size() > kShownRejected)
    print(fmt::format("  ... and {} more (--json lists all)\n", preview.rejected.size() - kShownRejected));
  for (const auto& warning : preview.warnings) print("warning    " + printable(warning) + "\n");
  const bool colour = is_terminal(STDOUT_FILENO);
  for (std::size_t i = 0; i < preview.preview.size(); ++i) print_row(preview.preview[i], i + 1, colour);
}

int work(const Options& options, const Call& call) {
  TrainRequest request;
  std::vector<std::string> in_data;
  for (const auto& set : options.sets) in_data.push_back(set.rfind("data.", 0) == 0 ? set : "data." + set);
  if (Status status = apply_settings(request, in_data); !status.ok()) return wrong_call(status);
  const auto model = find_model(options.model, "");
  if (!model.ok()) return failed(model.status());
  const auto data = find_data(options.data, "");
  if (!data.ok()) return failed(data.status());
  request.data["path"] = *data;
  for (const auto& section : run_sections()) {
    if (section.name != "data") continue;
    auto complete = complete_settings(section.specs, request.data, section.name);
    if (!complete.ok()) return wrong_call(complete.status());
    request.data = *complete;
  }
  const auto preview = preview_data(request.data, *model, options.rows);
  if (!preview.ok()) return failed(preview.status());
  if (call.json)
    print_document(to_json(*preview));
  else
    print_preview(*preview);
  return kDone;
}

}  // namespace

void add_data(CLI::App& app, Call& call) {
  const Arguments data(app, "data", "look at training data", "weft-cli data preview rows.jsonl --model model.gguf");
  data.need_subcommand();
  const Arguments command(
      data.app(), "preview",
      "rows as messages and as tokens marked trained, masked or cut; every rejected row with its reason",
      "weft-cli data preview rows.jsonl --model model.gguf --rows 5 --set max_length=256");
  auto options = set_work<Options>(command, call, work);
  command.text_required("DATA", options->data, "JSONL, JSON, CSV, text or token file");
  command.text_required("--model", options->model, "gives tokenizer and chat template");
  command.number("--rows", options->rows, 0, 10000, "rows to show");
  command.texts("--set", options->sets, "a setting of the [data] section, key=value (repeatable)");
  command.json_flag(call);
}

}  // namespace weft::cli
