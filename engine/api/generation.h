// SPDX-License-Identifier: GPL-3.0-or-later
// A model's answer to a prompt, token by token, as plain values. Any thread; what a request is told of is called on the engine thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft {

struct ChatMessage {
  std::string role, content;       // "system", "user", "assistant"
};

// How the next token is chosen. The same seed gives the same text on one machine.
struct SamplingSettings {
  double temperature = 0.7;        // 0: always the likeliest
  std::int64_t top_k = 0;          // of the likeliest so many; 0: of all
  double top_p = 1;                // of the fewest likeliest that have this share
  std::uint64_t seed = 1;
  std::int64_t max_tokens = 256;   // at most so many are written
  std::int64_t alternatives = 5;   // told of each place, likeliest first
  [[nodiscard]] Status validate() const;
};

struct TokenChance {
  std::int32_t id = 0;
  std::string text;                // as it would stand here; its vocabulary entry where it is no whole character
  double probability = 0;          // by the model itself: before temperature, top-k and top-p
};

struct GeneratedToken {
  TokenChance chosen;
  std::string added;               // to the answer: whole UTF-8 characters, "" while one is incomplete
  std::vector<TokenChance> likeliest;  // descending; may hold the chosen one
};

// What was read before the first token was written.
struct GenerationPrompt {
  std::string text;                // rendered, as the model gets it
  std::int64_t tokens = 0;
  std::string template_name;       // "the model's own", "chatml", "plain"; "" for text as it is
  std::string warning;             // what should be known about the choice, or ""
  std::int64_t step = 0;           // of the adapter, where that is known
};

struct GenerateReply {
  GenerationPrompt prompt;
  std::string text;
  std::vector<GeneratedToken> tokens;
  std::string end;                 // why it ended: "end of turn", "length", "context", "cancelled"
  double prompt_ms = 0, ms = 0;    // to read the prompt, and to write the answer
};

struct GenerateRequest {
  std::string model;               // GGUF file or Hugging Face folder; "": model and adapter of the run in progress, as they are now
  std::string adapter;             // PEFT folder, adapter file or checkpoint; "": none. Not with model ""
  double strength = 1;             // of what the adapter changes: 0 the base alone, 1 as it was trained; up to kMostStrength
  std::vector<ChatMessage> messages;   // the last is to be answered; of one alone with template "none": text to go on from
  std::string chat_template = "auto";  // as [data] template has it: "auto", a named one or a file; "none": text as it is;
                                       // "": as the run in progress trains, else "auto"
  SamplingSettings sampling;
  std::function<void(const GenerationPrompt&)> on_prompt;  // may be empty, as the others
  std::function<void(const GeneratedToken&)> on_token;
  std::function<bool()> cancelled; // asked before each layer of the prompt and each token; an answer ends there as "cancelled"
};

inline constexpr double kMostStrength = 2;
[[nodiscard]] Status validate(const GenerateRequest& request);

// The template that a run's [data] section trains with, for GenerateRequest::chat_template: "none" where its rows are text or tokens.
[[nodiscard]] std::string template_of_run(const Json& data);

[[nodiscard]] Json to_json(const GenerateReply& reply);

}  // namespace weft
