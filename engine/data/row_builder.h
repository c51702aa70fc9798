// SPDX-License-Identifier: GPL-3.0-or-later
// From an example to token ids with labels. Immutable: build() is safe from any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/chat_spans.h"
#include "engine/data/data_set.h"

namespace weft {

// What the builder needs of a tokenizer.
struct TokenCoder {
  std::function<Result<Encoding>(std::string_view text, bool add_special)> encode;
  std::function<std::string(const std::vector<std::int32_t>& ids, bool skip_special)> decode;  // "" when it cannot
  std::function<std::string(std::int32_t id)> piece;
  std::int64_t vocabulary = 0;  // 0: not known, ids are not checked
  std::int32_t eos = -1;        // -1: none
};
[[nodiscard]] TokenCoder coder_of(const Tokenizer& tokenizer);

struct BuiltRow {
  TokenRow row;
  std::int64_t trained = 0;  // labels that count
  std::int64_t cut = 0;      // tokens beyond max_length
  bool searched = false;     // see SpannedText
};

class RowBuilder {
 public:
  // chat_special: the tokenizer adds its special tokens to rendered conversations (it always does to text).
  RowBuilder(TokenCoder coder, RenderChat render, bool chat_special, bool train_all, std::int64_t max_length)
      : coder_(std::move(coder)),
        render_(std::move(render)),
        chat_special_(chat_special),
        train_all_(train_all),
        max_length_(max_length) {}

  // An error is the reason to reject the row. preview, when given, is filled for a row that is kept.
  [[nodiscard]] Result<BuiltRow> build(const Example& example, PreviewRow* preview = nullptr) const;

  // Plain text as one stream cut into rows of max_length tokens. from: byte of `text` where the row starts.
  struct StreamRow {
    TokenRow row;
    std::size_t from = 0;
    PreviewRow preview;  // filled for the first preview_rows
  };
  [[nodiscard]] Result<std::vector<StreamRow>> build_stream(std::string_view text, std::int64_t preview_rows) const;

 private:
  [[nodiscard]] Result<BuiltRow> finish(TokenRow full) const;
  [[nodiscard]] Result<BuiltRow> build_tokens(const Example& example, PreviewRow* preview) const;
  TokenCoder coder_;
  RenderChat render_;
  bool chat_special_, train_all_;
  std::int64_t max_length_;
};

}  // namespace weft
