// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/row_builder.h"

#include <algorithm>

#include "engine/core/text_util.h"

namespace weft {
namespace {

constexpr std::size_t kMaxPreviewTokens = 65536;  // of one row; beyond it only counts are given
constexpr std::size_t kStreamPiece = 4u << 20;    // text is encoded in pieces of this size, cut at line ends

// Byte range of token i. Tokenizers that trim white space from offsets leave a gap: an empty range is widened to it.
ByteSpan token_range(const Encoding& encoding, std::size_t i) {
  std::size_t begin = encoding.begin[i], end = encoding.end[i];
  if (begin < end) return {begin, end};
  if (i > 0) begin = std::min<std::size_t>(begin, encoding.end[i - 1]);
  if (i + 1 < encoding.ids.size()) end = std::max<std::size_t>(end, encoding.begin[i + 1]);
  return {begin, std::max(begin, end)};
}

std::vector<std::int32_t> labels_for(const Encoding& encoding, const std::vector<ByteSpan>& trained) {
  std::vector<std::int32_t> labels(encoding.ids.size(), kNoLabel);
  std::size_t first = 0;  // spans before it end before the current token
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto [begin, end] = token_range(encoding, i);
    while (first < trained.size() && trained[first].second <= begin) ++first;
    if (first < trained.size() && begin < end && end > trained[first].first) labels[i] = encoding.ids[i];
  }
  return labels;
}

TokenState state_of(std::size_t i, const std::vector<std::int32_t>& labels) {
  if (i >= labels.size()) return TokenState::Cut;
  return labels[i] == kNoLabel ? TokenState::Masked : TokenState::Trained;
}

// Tokens [from, to) of an encoding of `text`; labels belong to the row that starts at token `from`, offsets to `base`.
std::vector<PreviewToken> preview_tokens(const TokenCoder& coder, const Encoding& encoding, std::string_view text,
                                         std::size_t from, std::size_t to, std::size_t base,
                                         const std::vector<std::int32_t>& labels) {
  std::vector<PreviewToken> tokens;
  for (std::size_t i = from; i < std::min(to, from + kMaxPreviewTokens); ++i) {
    const auto [begin, end] = token_range(encoding, i);
    PreviewToken token{
        .id = encoding.ids[i], .text = "", .begin = begin - std::min(begin, base), .end = end - std::min(end, base)};
    const bool shares_character =
        (i > 0 && begin < encoding.end[i - 1]) || (i + 1 < encoding.ids.size() && end > encoding.begin[i + 1]);
    token.text = begin < end && end <= text.size() && !shares_character ? std::string(text.substr(begin, end - begin))
                                                                        : coder.piece(token.id);
    token.state = state_of(i - from, labels);
    token.special = encoding.special[i] != 0;
    tokens.push_back(std::move(token));
  }
  return tokens;
}

// Token ids alone: the text is decoded with a little context before each token, so that spaces come out right.
void preview_ids(const TokenCoder& coder, const std::vector<std::int32_t>& ids, const std::vector<std::int32_t>& labels,
                 PreviewRow& preview) {
  constexpr std::size_t kContext = 6;
  for (std::size_t i = 0; i < std::min(ids.size(), kMaxPreviewTokens); ++i) {
    const auto at = ids.begin() + static_cast<std::ptrdiff_t>(i);
    const auto start = at - static_cast<std::ptrdiff_t>(std::min(i, kContext));
    const std::string before = coder.decode({start, at}, false), with = coder.decode({start, at + 1}, false);
    PreviewToken token{.id = ids[i], .text = ""};
    const bool extends = with.size() > before.size() && with.compare(0, before.size(), before) == 0;
    token.text = extends ? with.substr(before.size()) : coder.piece(ids[i]);
    token.begin = preview.rendered.size();
    preview.rendered += token.text;
    token.end = preview.rendered.size();
    token.state = state_of(i, labels);
    token.special = coder.decode({ids[i]}, true).empty() && !coder.decode({ids[i]}, false).empty();
    preview.tokens.push_back(std::move(token));
  }
}

std::int64_t trained_count(const std::vector<std::int32_t>& labels) {
  return std::count_if(labels.begin(), labels.end(), [](std::int32_t label) { return label != kNoLabel; });
}

Status check_ids(const std::vector<std::int32_t>& ids, std::int64_t vocabulary, bool labels) {
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (labels && ids[i] == kNoLabel) continue;
    if (ids[i] >= 0 && (vocabulary == 0 || ids[i] < vocabulary)) continue;
    return invalid_argument(
        std::string(labels ? "label " : "token id ") + std::to_string(ids[i]) + " at position " + std::to_string(i) +
        (ids[i] < 0 ? " is negative" : " is outside the vocabulary of " + std::to_string(vocabulary)));
  }
  return {};
}

}  // namespace

TokenCoder coder_of(const Tokenizer& tokenizer) {
  return {.encode = [tokenizer](std::string_view text, bool special) { return tokenizer.encode(text, special); },
          .decode =
              [tokenizer](const std::vector<std::int32_t>& ids, bool skip) {
                auto text = tokenizer.decode(ids, skip);
                return text.ok() ? std::move(text).value() : std::string();
              },
          .piece = [tokenizer](std::int32_t id) { return tokenizer.piece(id); },
          .vocabulary = tokenizer.vocabulary(),
          .eos = tokenizer.eos_id()};
}

Result<BuiltRow> RowBuilder::finish(TokenRow full) const {
  BuiltRow built;
  if (full.ids.empty()) return invalid_argument("the row has no token");
  full.labels[0] = kNoLabel;  // nothing comes before it that could predict it
  const std::int64_t wanted = trained_count(full.labels), length = std::int64_t(full.ids.size());
  if (length > max_length_) {
    built.cut = length - max_length_;
    full.ids.resize(static_cast<std::size_t>(max_length_));
    full.labels.resize(static_cast<std::size_t>(max_length_));
    full.ids.shrink_to_fit();
    full.labels.shrink_to_fit();
  }
  built.trained = trained_count(full.labels);
  if (wanted == 0)
    return invalid_argument("no token of the row is trained (" + std::to_string(length) + " tokens, all masked)");
  if (built.trained == 0)
    return invalid_argument("all " + std::to_string(wanted) + " trained tokens lie beyond the cut at max_length = " +
                            std::to_string(max_length_) + " (the row has " + std::to_string(length) + " tokens)");
  built.row = std::move(full);
  return built;
}

Result<BuiltRow> RowBuilder::build_tokens(const Example& example, PreviewRow* preview) const {
  WEFT_RETURN_IF_ERROR(check_ids(example.ids, coder_.vocabulary, false));
  WEFT_RETURN_IF_ERROR(check_ids(example.labels, coder_.vocabulary, true));
  WEFT_ASSIGN_OR_RETURN(BuiltRow built, finish({example.ids, example.labels}));
  if (preview) {
    preview->line = example.line;
    preview_ids(coder_, example.ids, built.row.labels, *preview);
  }
  return built;
}

Result<BuiltRow> RowBuilder::build(const Example& example, PreviewRow* preview) const {
  if (!example.ids.empty() || (example.turns.empty() && example.text.empty())) return build_tokens(example, preview);
  SpannedText spanned{.text = example.text, .trained = {{0, example.text.size()}}};
  const bool chat = !example.turns.empty();
  if (chat) {
    WEFT_ASSIGN_OR_RETURN(spanned, render_spans(render_, example.turns, train_all_));
  }
  WEFT_ASSIGN_OR_RETURN(Encoding encoding, coder_.encode(spanned.text, !chat || chat_special_));
  const bool everything = !chat || train_all_;
  WEFT_ASSIGN_OR_RETURN(BuiltRow built,
                        finish({encoding.ids, everything ? encoding.ids : labels_for(encoding, spanned.trained)}));
  built.searched = spanned.searched;
  if (preview) {
    preview->line = example.line;
    for (const auto& turn : example.turns) preview->messages.push_back({turn.role(), turn.content(), turn.trained || train_all_});
    preview->tokens = preview_tokens(coder_, encoding, spanned.text, 0, encoding.ids.size(), 0, built.row.labels);
    preview->rendered = std::move(spanned.text);
  }
  return built;
}

Result<std::vector<RowBuilder::StreamRow>> RowBuilder::build_stream(std::string_view text,
                                                                    std::int64_t preview_rows) const {
  std::vector<StreamRow> rows;
  for (std::size_t start = 0; start < text.size();) {
    std::size_t stop = std::min(text.size(), start + kStreamPiece);
    if (stop < text.size())
      if (const std::size_t line = text.rfind('\n', stop); line != std::string_view::npos && line > start)
        stop = line + 1;
    while (stop < text.size() && (static_cast<unsigned char>(text[stop]) & 0xC0) == 0x80)
      --stop;  // not inside a character
    const std::string_view piece = text.substr(start, stop - start);
    WEFT_ASSIGN_OR_RETURN(const Encoding encoding, coder_.encode(piece, /*add_special=*/start == 0));
    const auto length = static_cast<std::size_t>(max_length_);
    for (std::size_t from = 0; from < encoding.ids.size(); from += length) {
      const std::size_t to = std::min(encoding.ids.size(), from + length);
      if (to - from < 2) break;  // a single token has nothing to predict it from
      StreamRow row;
      row.row.ids.assign(encoding.ids.begin() + static_cast<std::ptrdiff_t>(from),
                         encoding.ids.begin() + static_cast<std::ptrdiff_t>(to));
      row.row.labels = row.row.ids;
      row.row.labels[0] = kNoLabel;
      const std::size_t begin = token_range(encoding, from).first, end = token_range(encoding, to - 1).second;
      row.from = start + begin;
      if (std::int64_t(rows.size()) < preview_rows) {
        row.preview.rendered = piece.substr(begin, std::max(begin, end) - begin);
        row.preview.tokens = preview_tokens(coder_, encoding, piece, from, to, begin, row.row.labels);
      }
      rows.push_back(std::move(row));
    }
    start = stop;
  }
  return rows;
}

}  // namespace weft
