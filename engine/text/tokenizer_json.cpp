// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/tokenizer_json.h"

#include <fmt/format.h>

namespace weft {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

std::string added_tokens_json(const std::vector<AddedToken>& added) {
  std::string out = "[";
  for (const auto& token : added) {
    if (out.size() > 1) out += ',';
    out += fmt::format(R"({{"id":{},"content":{},"single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":{}}})",
                       token.id, quoted(token.content), token.special);
  }
  return out + "]";
}

std::string surround_json(const Surround& surround) {
  if (surround.before.empty() && surround.after.empty()) return "null";
  std::string sequence, tokens;
  const auto add = [&](const std::pair<std::string, std::int64_t>& token) {
    sequence += fmt::format(R"({{"SpecialToken":{{"id":{},"type_id":0}}}})", quoted(token.first));
    const std::string entry = fmt::format(R"({0}:{{"id":{0},"ids":[{1}],"tokens":[{0}]}})", quoted(token.first), token.second);
    if (tokens.find(entry) == std::string::npos) tokens += (tokens.empty() ? "" : ",") + entry;
  };
  for (const auto& token : surround.before) {
    add(token);
    sequence += ',';
  }
  sequence += R"({"Sequence":{"id":"A","type_id":0}})";
  for (const auto& token : surround.after) {
    sequence += ',';
    add(token);
  }
  return fmt::format(R"({{"type":"TemplateProcessing","single":[{}],"pair":[{{"Sequence":{{"id":"A","type_id":0}}}},{{"Sequence":{{"id":"B","type_id":1}}}}],"special_tokens":{{{}}}}})",
                     sequence, tokens);
}

std::string document(const std::vector<AddedToken>& added, std::string_view normalizer, std::string_view pre_tokenizer,
                     const Surround& surround, std::string_view decoder, std::string_view model) {
  return fmt::format(
      R"({{"version":"1.0","truncation":null,"padding":null,"added_tokens":{},"normalizer":{},"pre_tokenizer":{},"post_processor":{},"decoder":{},"model":{}}})",
      added_tokens_json(added), normalizer, pre_tokenizer, surround_json(surround), decoder, model);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

std::string byte_level_bpe_json(const BpeParts& parts, const PreTokenizer& pre) {
  std::string steps = R"({"type":"Sequence","pretokenizers":[)";
  for (const auto expression : pre.expressions)
    steps += fmt::format(R"({{"type":"Split","pattern":{{"Regex":{}}},"behavior":"Isolated","invert":false}},)", quoted(expression));
  steps += R"({"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":false}]})";
  const std::string model = fmt::format(
      R"({{"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":false,"byte_fallback":false,"ignore_merges":{},"vocab":{},"merges":{}}})",
      pre.ignore_merges, parts.vocabulary, parts.merges);
  return document(parts.added, pre.nfc ? R"({"type":"NFC"})" : "null", steps, parts.surround,
                  R"({"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true})", model);
}

std::string byte_fallback_bpe_json(const BpeParts& parts, const std::string& unknown, bool add_space_prefix) {
  const std::string replace = R"({"type":"Replace","pattern":{"String":" "},"content":"▁"})";
  const std::string normalizer =
      add_space_prefix ? R"({"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},)" + replace + "]}" : replace;
  std::string decoder =
      R"({"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"})";
  if (add_space_prefix) decoder += R"(,{"type":"Strip","content":" ","start":1,"stop":0})";
  decoder += "]}";
  const std::string model = fmt::format(
      R"({{"type":"BPE","dropout":null,"unk_token":{},"continuing_subword_prefix":null,"end_of_word_suffix":null,"fuse_unk":true,"byte_fallback":true,"ignore_merges":false,"vocab":{},"merges":{}}})",
      unknown.empty() ? "null" : quoted(unknown), parts.vocabulary, parts.merges);
  return document(parts.added, normalizer, "null", parts.surround, decoder, model);
}

std::string word_piece_json(const WordPieceParts& parts) {
  const std::string normalizer =
      fmt::format(R"({{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":{}}})", parts.lowercase);
  const std::string model = fmt::format(
      R"({{"type":"WordPiece","unk_token":{},"continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":{}}})",
      quoted(parts.unknown), parts.vocabulary);
  return document(parts.added, normalizer, R"({"type":"BertPreTokenizer"})", parts.surround,
                  R"({"type":"WordPiece","prefix":"##","cleanup":true})", model);
}

}  // namespace weft
