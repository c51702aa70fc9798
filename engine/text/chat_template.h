// SPDX-License-Identifier: GPL-3.0-or-later
// Chat templates (Jinja), rendered as transformers' apply_chat_template does. Immutable: safe from any thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft {

struct RenderedChat {
  std::string text;
  // Byte ranges that belong to the assistant, in order: from {% generation %} blocks where the template has them.
  // Empty when it has none.
  std::vector<std::pair<std::size_t, std::size_t>> generation;
};

class ChatTemplate {
 public:
  // The model's own: chat_template.jinja, tokenizer_config.json or GGUF metadata. NotFound when it has none.
  [[nodiscard]] static Result<ChatTemplate> load(const std::string& model_path);
  // A named one ("chatml", "alpaca", "plain") or a file. alpaca and plain end every answer with eos: pass the tokenizer's.
  [[nodiscard]] static Result<ChatTemplate> named(const std::string& name_or_file, const std::string& bos = "",
                                                  const std::string& eos = "");
  // bos, eos: what {{ bos_token }} and {{ eos_token }} stand for.
  [[nodiscard]] static Result<ChatTemplate> from_source(const std::string& source, const std::string& bos, const std::string& eos);

  // messages: [{"role":…,"content":…}, …]. Errors carry the template's own message (raise_exception) and line.
  // A rendering that takes over 4 s or makes out of proportion much text is stopped with an error.
  [[nodiscard]] Result<RenderedChat> render(const Json& messages, bool add_generation_prompt) const;
  // The same with more variables ("tools", "enable_thinking", ...), which may replace the usual ones. date: what
  // strftime_now sees ("2024-07-26"), so that a data set renders the same every day; "" for the present, in UTC.
  [[nodiscard]] Result<RenderedChat> render_with(const Json& messages, bool add_generation_prompt, const Json& variables,
                                                 const std::string& date = "") const;
  [[nodiscard]] const std::string& name() const;

 private:
  struct Impl;
  explicit ChatTemplate(std::shared_ptr<const Impl> impl);
  static Result<ChatTemplate> compile(const std::string& name, std::string_view source, const std::string& bos,
                                      const std::string& eos);
  std::shared_ptr<const Impl> impl_;
};

}  // namespace weft
