// SPDX-License-Identifier: GPL-3.0-or-later
// Answers of one or several models to one prompt, as `generate` and `compare` write them: how tokens are chosen comes from the same options, and all
// answer with one seed, one after the other.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/cli/call.h"
#include "engine/api/engine.h"
#include "engine/api/generation.h"

namespace weft::cli {

struct PromptOptions {
  std::string prompt, system, chat_template;
  std::vector<ChatMessage> messages;   // a conversation in place of the prompt
  std::map<std::string, std::optional<std::string>> sampling;  // by key of sampling_settings()
};
// --prompt is the command's own: it is not required by all.
void add_prompt_options(const Arguments& command, PromptOptions& options);
[[nodiscard]] Result<double> number_of(const std::string& option, const std::string& text);
// Messages and sampling; template where one is named, else `trained_with`, else "auto".
[[nodiscard]] Result<GenerateRequest> request_from(const PromptOptions& options, const std::string& trained_with);

// printable() of every line; lines stay lines.
[[nodiscard]] std::string printable_lines(std::string_view text);

struct Asked {
  std::string name;                // "base", "r1", a folder: said above its answer where there are several
  GenerateRequest request;
};
// Asks them in order. For people, what comes is printed as it comes; with --json nothing is, and the answers are returned, as what was asked and what came.
// An interruption ends the answer being written and leaves out the others.
struct Answers {
  Json all = Json::array();
  bool interrupted = false;
};
[[nodiscard]] Result<Answers> ask(std::vector<Asked> asked, const Call& call);

}  // namespace weft::cli
