// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/gguf_vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "engine/core/text_util.h"
#include "engine/formats/gguf.h"
#include "engine/text/bridge_text.h"
#include "engine/text/pre_tokenizer.h"
#include "engine/text/tokenizer_json.h"

namespace weft {
namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81";  // U+2581, SentencePiece's space

TokenType type_of(const GgufVocabulary& v, std::size_t id) {
  if (v.types.empty()) {
    const auto signed_id = static_cast<std::int64_t>(id);
    if (signed_id == v.bos || signed_id == v.eos || signed_id == v.separator || signed_id == v.classifier)
      return TokenType::Control;
    return signed_id == v.unknown ? TokenType::Unknown : TokenType::Normal;
  }
  return static_cast<TokenType>(v.types[id]);
}

Status check_vocabulary(const GgufVocabulary& v) {
  if (v.tokens.empty()) return corrupt("tokenizer.ggml.tokens is empty");
  if (!v.types.empty() && v.types.size() != v.tokens.size())
    return corrupt(fmt::format("tokenizer.ggml.token_type has {} entries for {} tokens", v.types.size(), v.tokens.size()));
  for (std::size_t id = 0; id < v.tokens.size(); ++id)
    if (!is_utf8(v.tokens[id]))
      return corrupt(fmt::format("tokenizer.ggml.tokens[{}] is not valid UTF-8: {}", id, quoted_excerpt(v.tokens[id])));
  const auto count = static_cast<std::int64_t>(v.tokens.size());
  const std::pair<const char*, std::int64_t> named[] = {{"bos", v.bos}, {"eos", v.eos}, {"unknown", v.unknown},
                                                        {"seperator", v.separator}, {"cls", v.classifier}};
  for (const auto& [name, id] : named)
    if (id >= count) return corrupt(fmt::format("tokenizer.ggml.{}_token_id is {}, but there are {} tokens", name, id, count));
  return ok_status();
}

// Pieces are written with `rewrite` applied. Of pieces that occur twice the first keeps the id; the later ones, which no
// text can produce, get a name that cannot clash.
template <typename Rewrite>
std::string vocabulary_json(const GgufVocabulary& v, Rewrite rewrite) {
  std::string out = "{";
  std::unordered_map<std::string, std::size_t> seen;
  seen.reserve(v.tokens.size());
  for (std::size_t id = 0; id < v.tokens.size(); ++id) {
    std::string piece = rewrite(id);
    if (!seen.emplace(piece, id).second) {
      piece = fmt::format("{}\x01{}", piece, id);
      seen.emplace(piece, id);
    }
    if (id > 0) out += ',';
    append_json_string(out, piece);
    out += fmt::format(":{}", id);
  }
  return out + "}";
}

std::vector<AddedToken> added_tokens(const GgufVocabulary& v, bool with_unknown) {
  std::vector<AddedToken> added;
  for (std::size_t id = 0; id < v.tokens.size(); ++id) {
    const auto type = type_of(v, id);
    const bool special = type == TokenType::Control || (with_unknown && type == TokenType::Unknown);
    if ((special || type == TokenType::UserDefined) && !v.tokens[id].empty())
      added.push_back({std::string(v.tokens[id]), static_cast<std::int64_t>(id), special});
  }
  return added;
}

void surround_with(const GgufVocabulary& v, std::int64_t id, std::vector<std::pair<std::string, std::int64_t>>& side) {
  if (id >= 0) side.emplace_back(std::string(v.tokens[static_cast<std::size_t>(id)]), id);
}

Result<std::string> byte_level(const GgufVocabulary& v) {
  const PreTokenizer* pre = find_pre_tokenizer(v.pre);
  if (pre == nullptr)
    return unsupported(fmt::format("tokenizer.ggml.pre {} is not known: how it cuts words cannot be guessed; use the model's "
                                   "Hugging Face folder with its tokenizer.json", quoted_excerpt(v.pre)));
  BpeParts parts;
  parts.vocabulary = vocabulary_json(v, [&](std::size_t id) { return std::string(v.tokens[id]); });
  parts.merges = "[";
  for (std::size_t rank = 0; rank < v.merges.size(); ++rank) {
    const auto merge = v.merges[rank];
    const auto gap = merge.find(' ', 1);
    if (gap == std::string_view::npos || gap + 1 == merge.size() || !is_utf8(merge))
      return corrupt(fmt::format("tokenizer.ggml.merges[{}] is not two pieces: {}", rank, quoted_excerpt(merge)));
    parts.merges += rank > 0 ? ",[" : "[";
    append_json_string(parts.merges, merge.substr(0, gap));
    parts.merges += ',';
    append_json_string(parts.merges, merge.substr(gap + 1));
    parts.merges += ']';
  }
  parts.merges += ']';
  parts.added = added_tokens(v, /*with_unknown=*/true);
  if (v.add_bos.value_or(pre->add_bos)) surround_with(v, v.bos, parts.surround.before);
  if (v.add_eos.value_or(false)) surround_with(v, v.eos, parts.surround.after);
  if (v.add_sep.value_or(pre->add_sep)) surround_with(v, v.separator, parts.surround.after);
  return byte_level_bpe_json(parts, *pre);
}

Result<std::string> sentence_piece(const GgufVocabulary& v) {
  if (v.scores.size() != v.tokens.size())
    return corrupt(fmt::format("tokenizer.ggml.scores has {} entries for {} tokens", v.scores.size(), v.tokens.size()));
  BpeParts parts;
  parts.vocabulary = vocabulary_json(v, [&](std::size_t id) { return std::string(v.tokens[id]); });
  parts.merges = merges_from_scores(v);
  parts.added = added_tokens(v, /*with_unknown=*/true);
  if (v.add_bos.value_or(true)) surround_with(v, v.bos, parts.surround.before);
  if (v.add_eos.value_or(false)) surround_with(v, v.eos, parts.surround.after);
  std::string unknown;
  for (std::size_t id = 0; id < v.tokens.size() && unknown.empty(); ++id)
    if (type_of(v, id) == TokenType::Unknown) unknown = v.tokens[id];
  return byte_fallback_bpe_json(parts, unknown, v.add_space_prefix.value_or(true));
}

// GGUF marks words with a leading U+2581 where vocab.txt marks continuations with "##".
std::string word_piece_text(std::string_view token) {
  if (token.starts_with(kSpace)) return std::string(token.substr(kSpace.size()));
  const bool bracketed = token.size() > 2 && token.front() == '[' && token.back() == ']';
  return bracketed ? std::string(token) : "##" + std::string(token);
}

Result<std::string> word_piece(const GgufVocabulary& v) {
  WordPieceParts parts;
  parts.vocabulary = vocabulary_json(v, [&](std::size_t id) {
    const auto type = type_of(v, id);
    const bool whole = type == TokenType::Control || type == TokenType::Unknown || type == TokenType::UserDefined;
    return whole ? std::string(v.tokens[id]) : word_piece_text(v.tokens[id]);
  });
  if (v.unknown < 0) return not_found("tokenizer.ggml.unknown_token_id is missing: WordPiece needs it");
  parts.unknown = v.tokens[static_cast<std::size_t>(v.unknown)];
  parts.added = added_tokens(v, /*with_unknown=*/true);
  if (v.add_bos.value_or(true)) surround_with(v, v.classifier >= 0 ? v.classifier : v.bos, parts.surround.before);
  if (v.add_sep.value_or(true)) surround_with(v, v.separator >= 0 ? v.separator : v.eos, parts.surround.after);
  return word_piece_json(parts);
}

}  // namespace

Result<GgufVocabulary> read_gguf_vocabulary(const GgufFile& file) {
  GgufVocabulary v;
  const auto model = file.get_string("tokenizer.ggml.model");
  if (!model) return not_found("tokenizer.ggml.model is missing: the file holds no tokenizer");
  v.model = *model;
  v.pre = file.get_string("tokenizer.ggml.pre").value_or("");
  WEFT_ASSIGN_OR_RETURN(v.tokens, file.get_strings("tokenizer.ggml.tokens"));
  if (file.find("tokenizer.ggml.token_type") != nullptr) {
    WEFT_ASSIGN_OR_RETURN(v.types, file.get_ints("tokenizer.ggml.token_type"));
  }
  if (file.find("tokenizer.ggml.scores") != nullptr) {
    WEFT_ASSIGN_OR_RETURN(v.scores, file.get_floats("tokenizer.ggml.scores"));
  }
  if (v.model == "gpt2") {
    WEFT_ASSIGN_OR_RETURN(v.merges, file.get_strings("tokenizer.ggml.merges"));
  }
  // Files write -1 as 2^32-1 for "none".
  const auto id = [&file](const char* key) {
    const auto value = file.get_u64(key);
    return value && *value < 0xFFFFFFFFu ? static_cast<std::int64_t>(*value) : -1;
  };
  v.bos = id("tokenizer.ggml.bos_token_id");
  v.eos = id("tokenizer.ggml.eos_token_id");
  v.unknown = id("tokenizer.ggml.unknown_token_id");
  v.separator = id("tokenizer.ggml.seperator_token_id");  // the format's spelling
  v.classifier = id("tokenizer.ggml.cls_token_id");
  v.add_bos = file.get_bool("tokenizer.ggml.add_bos_token");
  v.add_eos = file.get_bool("tokenizer.ggml.add_eos_token");
  v.add_sep = file.get_bool("tokenizer.ggml.add_sep_token");
  v.add_space_prefix = file.get_bool("tokenizer.ggml.add_space_prefix");
  return v;
}

Result<std::string> tokenizer_json_of(const GgufVocabulary& vocabulary) {
  WEFT_RETURN_IF_ERROR(check_vocabulary(vocabulary));
  if (vocabulary.model == "gpt2") return byte_level(vocabulary);
  if (vocabulary.model == "llama") return sentence_piece(vocabulary);
  if (vocabulary.model == "bert") return word_piece(vocabulary);
  return unsupported(fmt::format("tokenizer.ggml.model {} is not supported (gpt2, llama and bert are); use the model's Hugging "
                                 "Face folder with its tokenizer.json", quoted_excerpt(vocabulary.model)));
}

std::string merges_from_scores(const GgufVocabulary& v) {
  struct Merge {
    std::size_t left, right;
    float score;
  };
  std::unordered_map<std::string_view, std::size_t> ids;
  ids.reserve(v.tokens.size());
  const auto joins = [&v](std::size_t id) {
    const auto type = type_of(v, id);
    return type == TokenType::Normal || type == TokenType::UserDefined || type == TokenType::Unused;
  };
  for (std::size_t id = 0; id < v.tokens.size(); ++id)
    if (joins(id)) ids.emplace(v.tokens[id], id);
  std::vector<Merge> merges;
  for (std::size_t id = 0; id < v.tokens.size(); ++id) {
    if (!joins(id)) continue;
    const auto piece = v.tokens[id];
    std::vector<Merge> local;
    for (std::size_t cut = 1; cut < piece.size(); ++cut) {
      if ((static_cast<unsigned char>(piece[cut]) & 0xC0u) == 0x80u) continue;  // inside a character
      const auto left = ids.find(piece.substr(0, cut)), right = ids.find(piece.substr(cut));
      if (left != ids.end() && right != ids.end()) local.push_back({left->second, right->second, v.scores[id]});
    }
    std::sort(local.begin(), local.end(), [](const Merge& a, const Merge& b) {
      return a.left != b.left ? a.left < b.left : a.right < b.right;
    });
    merges.insert(merges.end(), local.begin(), local.end());
  }
  std::stable_sort(merges.begin(), merges.end(), [](const Merge& a, const Merge& b) { return a.score > b.score; });
  std::string out = "[";
  for (const auto& merge : merges) {
    out += out.size() > 1 ? ",[" : "[";
    append_json_string(out, v.tokens[merge.left]);
    out += ',';
    append_json_string(out, v.tokens[merge.right]);
    out += ']';
  }
  return out + "]";
}

}  // namespace weft
