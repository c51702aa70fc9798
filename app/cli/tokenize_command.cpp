// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <optional>

#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/run/locations.h"
#include "engine/core/text_util.h"
#include "engine/text/tokenizer.h"

namespace weft::cli {
namespace {

constexpr std::size_t kMaxText = std::size_t{64} << 20;

struct Options {
  std::string model, file;
  std::optional<std::string> text;
  bool no_special = false;
};

Json to_json(const Tokenizer& tokenizer, const Encoding& encoding) {
  Json ids = Json::array(), pieces = Json::array(), offsets = Json::array(), special = Json::array();
  for (std::size_t i = 0; i < encoding.ids.size(); ++i) {
    ids.push_back(encoding.ids[i]);
    pieces.push_back(tokenizer.piece(encoding.ids[i]));
    offsets.push_back({encoding.begin[i], encoding.end[i]});
    special.push_back(encoding.special[i] != 0);
  }
  return {{"ids", ids}, {"pieces", pieces}, {"offsets", offsets}, {"special", special}};
}

// The text of a line: a JSON string, or an object with a "text".
Result<std::string> text_of(const std::string& line) {
  WEFT_ASSIGN_OR_RETURN(const Json json, parse_json(line));
  if (json.is_string()) return json.get<std::string>();
  if (json.is_object() && json.contains("text") && json["text"].is_string()) return json["text"].get<std::string>();
  return invalid_argument("neither a JSON string nor an object with a \"text\"");
}

// One line in, one line out, also for a bad one, so that lines keep their partners.
int tokenize_file(const Tokenizer& tokenizer, const Options& options) {
  std::ifstream file;
  if (options.file != "-") file.open(options.file, std::ios::binary);
  std::istream& in = options.file == "-" ? std::cin : file;
  if (!in) return failed(not_found("cannot open " + options.file));
  std::string line;
  std::int64_t number = 0, bad = 0;
  while (std::getline(in, line)) {
    ++number;
    if (line.empty()) continue;
    if (line.size() > kMaxText)
      return failed(invalid_argument(
          fmt::format("{} line {} has {} bytes; at most {} are read", options.file, number, line.size(), kMaxText)));
    const auto text = text_of(line);
    const auto encoding = text.ok() ? tokenizer.encode(*text, !options.no_special) : Result<Encoding>(text.status());
    if (encoding.ok()) {
      print(to_json_line(to_json(tokenizer, *encoding)) + "\n");
      continue;
    }
    print(to_json_line({{"error", encoding.status().message()}, {"line", number}}) + "\n");
    if (++bad == 1) say(fmt::format("{} line {}: {}", options.file, number, encoding.status().message()));
  }
  if (in.bad()) return failed(io_error("cannot read " + options.file));
  if (bad > 1) say(fmt::format("{} lines of {} could not be tokenized", bad, number));
  return bad ? kFailed : kDone;
}

int work(const Options& options, const Call& call) {
  if (options.text && !options.file.empty()) return wrong_call(invalid_argument("TEXT and --file exclude each other"));
  const auto path = find_model(options.model, "");
  if (!path.ok()) return failed(path.status());
  const auto tokenizer = Tokenizer::load(*path);
  if (!tokenizer.ok()) return failed(tokenizer.status());
  if (!options.file.empty()) return tokenize_file(*tokenizer, options);
  const std::string text = options.text ? *options.text : std::string(std::istreambuf_iterator<char>(std::cin), {});
  const auto encoding = tokenizer->encode(text, !options.no_special);
  if (!encoding.ok()) return failed(encoding.status());
  if (call.json) {
    print_json_line(to_json(*tokenizer, *encoding));
    return kDone;
  }
  Table table({"id", "bytes", "piece"}, {true, true, false});
  for (std::size_t i = 0; i < encoding->ids.size(); ++i)
    table.add({std::to_string(encoding->ids[i]), fmt::format("{}-{}", encoding->begin[i], encoding->end[i]),
               tokenizer->piece(encoding->ids[i]) + (encoding->special[i] ? "   (special)" : "")});
  print(table.text());
  return kDone;
}

}  // namespace

void add_tokenize(CLI::App& app, Call& call) {
  const Arguments command(app, "tokenize", "ids, pieces and byte offsets of a text",
                          "weft-cli tokenize model.gguf \"Hello there\" --json");
  auto options = set_work<Options>(command, call, work);
  command.text_required("MODEL", options->model, "GGUF file or Hugging Face folder");
  command.text_if_given("TEXT", options->text, "the text; standard input when left out");
  command.text(
      "--file", options->file,
      "one JSON object {\"text\":...} or JSON string a line in, one object a line out; - reads standard input");
  command.flag("--no-special", options->no_special, "add no special tokens");
  command.json_flag(call);
}

}  // namespace weft::cli
