// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/tokenizer_folder.h"

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <unordered_set>

#include "engine/core/files.h"
#include "engine/core/text_util.h"
#include "engine/text/bridge_text.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxTokenizerBytes = 128u << 20;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == std::string_view::npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// Classes whose words are not GPT-2's.
std::string_view pre_of_class(const std::string& name) {
  return name.starts_with("Qwen2") ? "qwen2" : "gpt-2";
}

Result<std::string> byte_level_folder(const fs::path& root, const TokenizerConfig& config) {
  WEFT_ASSIGN_OR_RETURN(const std::string vocabulary, read_file(root / "vocab.json", kMaxTokenizerBytes));
  WEFT_ASSIGN_OR_RETURN(const std::string merges, read_file(root / "merges.txt", kMaxTokenizerBytes));
  BpeParts parts;
  const auto object = trimmed(vocabulary);
  if (object.size() < 2 || object.front() != '{' || object.back() != '}')
    return corrupt((root / "vocab.json").string() + ": not a JSON object");
  parts.vocabulary = object.substr(0, object.size() - 1);
  for (const auto& token : config.added) {  // tokens beyond the vocabulary; one that repeats an entry names the same id
    std::string key;
    append_json_string(key, token.content);
    if (object.find(key + ":") != std::string_view::npos || object.find(key + " :") != std::string_view::npos) continue;
    parts.vocabulary += fmt::format("{}{}:{}", trimmed(parts.vocabulary) == "{" ? "" : ",", key, token.id);
  }
  parts.vocabulary += '}';
  parts.added = config.added;
  parts.merges = "[";
  std::size_t number = 0;
  for (const auto line : lines_of(merges)) {
    ++number;
    if (line.empty() || line.starts_with("#version")) continue;
    const auto gap = line.find(' ');
    if (gap == std::string_view::npos || gap == 0 || gap + 1 == line.size())
      return corrupt(fmt::format("{}: line {} is not two pieces: {}", (root / "merges.txt").string(), number, quoted_excerpt(line)));
    parts.merges += parts.merges.size() > 1 ? ",[" : "[";
    append_json_string(parts.merges, line.substr(0, gap));
    parts.merges += ',';
    append_json_string(parts.merges, line.substr(gap + 1));
    parts.merges += ']';
  }
  parts.merges += ']';
  return byte_level_bpe_json(parts, *find_pre_tokenizer(pre_of_class(config.tokenizer_class)));
}

Result<std::string> word_piece_folder(const fs::path& root, const TokenizerConfig& config) {
  WEFT_ASSIGN_OR_RETURN(const std::string text, read_file(root / "vocab.txt", kMaxTokenizerBytes));
  WordPieceParts parts;
  parts.lowercase = config.lowercase;
  parts.vocabulary = "{";
  std::map<std::string_view, std::int64_t> special = {{"[PAD]", -1}, {"[UNK]", -1}, {"[CLS]", -1}, {"[SEP]", -1}, {"[MASK]", -1}};
  std::unordered_set<std::string_view> seen;
  std::int64_t id = 0;
  for (const auto line : lines_of(text)) {
    if (!is_utf8(line))
      return corrupt(fmt::format("{}: line {} is not valid UTF-8", (root / "vocab.txt").string(), id + 1));
    if (const auto at = special.find(line); at != special.end()) at->second = id;
    if (seen.insert(line).second) {
      if (parts.vocabulary.size() > 1) parts.vocabulary += ',';
      append_json_string(parts.vocabulary, line);
      parts.vocabulary += fmt::format(":{}", id);
    }
    ++id;
  }
  parts.vocabulary += '}';
  if (special["[UNK]"] < 0) return corrupt((root / "vocab.txt").string() + ": no [UNK], so not a WordPiece vocabulary");
  for (const auto& [name, token_id] : special)
    if (token_id >= 0) parts.added.push_back({std::string(name), token_id, true});
  if (special["[CLS]"] >= 0) parts.surround.before.emplace_back("[CLS]", special["[CLS]"]);
  if (special["[SEP]"] >= 0) parts.surround.after.emplace_back("[SEP]", special["[SEP]"]);
  return word_piece_json(parts);
}

}  // namespace

Result<std::string> tokenizer_json_of_folder(const std::string& folder, const TokenizerConfig& config) {
  const fs::path root(folder);
  std::error_code ignored;
  const auto has = [&](const char* name) { return fs::exists(root / name, ignored); };
  if (has("tokenizer.json")) return read_file(root / "tokenizer.json", kMaxTokenizerBytes);
  if (has("vocab.json") && has("merges.txt")) return byte_level_folder(root, config);
  if (has("vocab.txt")) return word_piece_folder(root, config);
  if (has("tokenizer.model"))
    return unsupported(folder + ": only tokenizer.model is there; save the tokenizer with transformers to get tokenizer.json, or use the GGUF");
  return not_found(folder + ": no tokenizer.json (nor vocab.json with merges.txt, nor vocab.txt)");
}

}  // namespace weft
