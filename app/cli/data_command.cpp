// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/run/locations.h"
#include "app/run/run_file.h"
#include "engine/api/data_preview.h"

namespace weft::cli {
namespace {

constexpr std::size_t kShownRejected = 20, kShownRepeats = 5;

struct Options {
  std::string data, model;
  std::int64_t rows = 3;
  bool all = false;
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

void print_columns(const DataPreview& preview) {
  if (preview.columns.empty()) return;
  std::string known, used;
  for (const auto& column : preview.columns) known += fmt::format("{}{} ({})", known.empty() ? "" : ", ", printable(column.name), column.kind);
  for (const auto& [key, column] : preview.mapping) used += fmt::format("{}{} = {}", used.empty() ? "" : ", ", key, printable(column));
  print(fmt::format("columns    {}\n", known));
  if (!used.empty()) print(fmt::format("           {}\n", used));
}

// Rows by length, the bin in which rows begin to be cut marked.
void print_lengths(const DataPreview& preview) {
  constexpr std::size_t kLines = 12, kBar = 40;
  if (preview.lengths.empty()) return;
  const std::size_t together = (preview.lengths.size() + kLines - 1) / kLines;
  std::vector<LengthBin> bins;
  for (std::size_t i = 0; i < preview.lengths.size(); ++i) {
    const LengthBin& bin = preview.lengths[i];
    if (i % together == 0) bins.push_back({bin.from, bin.to, 0});
    bins.back().to = bin.to;
    bins.back().rows += bin.rows;
  }
  std::int64_t most = 1;
  for (const auto& bin : bins) most = std::max(most, bin.rows);
  print(fmt::format("lengths    median {} tokens, longest {}, cut at {}\n", grouped(preview.median_length), grouped(preview.longest), grouped(preview.max_length)));
  for (const auto& bin : bins) {
    const auto size = static_cast<std::size_t>(std::ceil(static_cast<double>(kBar) * static_cast<double>(bin.rows) / static_cast<double>(most)));
    std::string bar;
    for (std::size_t i = 0; i < size; ++i) bar += "▇";
    print(fmt::format("  {:>6} {:<8} {:>9}  {}{}\n", bin.from, bin.to > 0 ? fmt::format("to {}", bin.to) : "and more", grouped(bin.rows), bar,
                      bin.rows > 0 && (bin.to == 0 || bin.to > preview.max_length) ? "  cut" : ""));
  }
}

void print_repeats(const DataPreview& preview) {
  const RepeatCheck& found = preview.repeats;
  if (!found.why_not.empty()) print(fmt::format("repeats    not compared: {}\n", found.why_not));
  print(fmt::format("repeats    {} rows say what an earlier one says, {} more but for case and punctuation\n"
                    "leaks      {} held-out rows are also trained, {} more but for case and punctuation\n",
                    grouped(found.duplicates), grouped(found.near_duplicates), grouped(found.leaked), grouped(found.near_leaked)));
  const auto list = [](const std::vector<RepeatedRow>& rows, const char* what) {
    for (std::size_t i = 0; i < rows.size() && i < kShownRepeats; ++i)
      print(fmt::format("  line {} {} line {}{}: {}\n", rows[i].line, what, rows[i].first, rows[i].near ? " nearly" : "", printable(rows[i].excerpt)));
  };
  list(found.duplicate_rows, "repeats");
  list(found.leaked_rows, "is held out and the same as the trained");
}

void print_preview(const DataPreview& preview) {
  print(fmt::format("{}\nformat     {}, {} ({})\n", printable(preview.path), preview.file_kind, preview.format, printable(preview.how)));
  print_columns(preview);
  print(fmt::format("template   {}\nrows       {} usable, {} of them held out, {} longer than allowed and cut\n"
                    "tokens     {}: {} trained, {} masked; {} more are cut off\n",
                    printable(preview.template_name), grouped(preview.rows), grouped(preview.held_out), grouped(preview.cut_rows), grouped(preview.tokens),
                    grouped(preview.trained_tokens), grouped(preview.masked_tokens()), grouped(preview.cut_tokens)));
  print_lengths(preview);
  print_repeats(preview);
  if (preview.rejected_rows > 0) print(fmt::format("rejected   {} rows\n", grouped(preview.rejected_rows)));
  for (std::size_t i = 0; i < preview.rejected.size() && i < kShownRejected; ++i)
    print(fmt::format("  line {}: {}\n", preview.rejected[i].line, printable(preview.rejected[i].reason)));
  if (preview.rejected.size() > kShownRejected)
    print(fmt::format("  ... and {} more (--json lists them)\n", preview.rejected.size() - kShownRejected));
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
  const auto preview = preview_data(request.data, *model, options.rows, {.most_bytes = options.all ? 0 : kPreviewBytes});
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
      "columns, lengths, repeated and leaked rows; rows as messages and as tokens marked trained, masked or cut; every rejected row with its reason",
      "weft-cli data preview rows.jsonl --model model.gguf --rows 5 --set max_length=256");
  auto options = set_work<Options>(command, call, work);
  command.text_required("DATA", options->data, "JSONL, JSON, CSV, text or token file");
  command.text_required("--model", options->model, "gives tokenizer and chat template");
  command.number("--rows", options->rows, 0, 10000, "rows to show");
  command.flag("--all", options->all, "look at all of a large file, not only at its first 32 MiB");
  command.texts("--set", options->sets, "a setting of the [data] section, key=value (repeatable)");
  command.json_flag(call);
}

}  // namespace weft::cli
