// SPDX-License-Identifier: GPL-3.0-or-later
// Messages to the tokens that a model answers, with the tokenizer and the template that its rows are trained with; and the answer's tokens
// back to text. Of one model on disk; safe from any thread after load().
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/generation.h"
#include "engine/data/row_builder.h"
#include "engine/data/data_loader.h"

namespace weft {

struct PromptTokens {
  GenerationPrompt shown;
  std::vector<std::int32_t> ids;
  std::vector<std::int32_t> stops;   // tokens that end an answer: end of sequence, and what the template writes after an answer
};

class PromptWriter {
 public:
  // The tokenizer of the model on disk; templates are loaded when they are asked for.
  [[nodiscard]] static Result<PromptWriter> load(const std::string& model_path);
  // chat_template: as GenerateRequest has it, "" as "auto".
  [[nodiscard]] Result<PromptTokens> write(const std::vector<ChatMessage>& messages, const std::string& chat_template) const;
  [[nodiscard]] const TokenCoder& coder() const { return coder_; }

 private:
  PromptWriter(LoaderSources sources, TokenCoder coder, std::vector<std::int32_t> stops)
      : sources_(std::move(sources)), coder_(std::move(coder)), stops_(std::move(stops)) {}
  [[nodiscard]] std::int32_t end_of_turn(const ChatSource& chat, const Json& messages) const;

  LoaderSources sources_;
  TokenCoder coder_;
  std::vector<std::int32_t> stops_;  // of every template
};

// The text of tokens that come one by one: whole UTF-8 characters, with the spaces that tokenizers leave out where a text begins.
class TextStream {
 public:
  // before: the tokens that the text follows.
  TextStream(const TokenCoder& coder, const std::vector<std::int32_t>& before);
  // What the token adds; "" while a character is incomplete.
  [[nodiscard]] std::string add(std::int32_t id);
  // What the token would add here; its vocabulary entry where that is no whole character.
  [[nodiscard]] std::string preview(std::int32_t id) const;
  // What is left at the end: bytes that never became a character, as U+FFFD.
  [[nodiscard]] std::string finish();

 private:
  const TokenCoder& coder_;
  std::vector<std::int32_t> context_;  // tokens whose text is out, as many as the next ones' spaces need, and those that wait
  std::size_t out_ = 0;                // of context_
  std::string settled_;                // text of the first out_
};

}  // namespace weft
