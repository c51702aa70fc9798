// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/chat_spans.h"

#include <algorithm>
#include <string_view>

namespace weft {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") + 1 - from);
}

bool begins(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const std::size_t n = std::min(a.size(), b.size());
  std::size_t i = 0;
  while (i < n && a[i] == b[i]) ++i;
  return i;
}

Json messages_of(const std::vector<Turn>& turns, std::size_t count) {
  Json messages = Json::array();
  for (std::size_t i = 0; i < count; ++i) messages.push_back(turns[i].message);
  return messages;
}

// Generation ranges that belong to trained turns; false when they cannot be told apart.
bool use_generation_marks(const RenderedChat& whole, const std::vector<Turn>& turns, std::vector<ByteSpan>& trained) {
  if (whole.generation.empty()) return false;
  std::vector<const Turn*> answers;
  bool all_trained = true;
  for (const auto& turn : turns) {
    if (turn.role() != "assistant") continue;
    answers.push_back(&turn);
    all_trained = all_trained && turn.trained;
  }
  if (answers.size() != whole.generation.size() && !all_trained) return false;
  for (std::size_t i = 0; i < whole.generation.size(); ++i)
    if (all_trained || answers[i]->trained) trained.push_back(whole.generation[i]);
  return true;
}

// Looks for the turn's text at or after `from`; what followed it in the rendering that ended with this turn
// (end-of-turn token, line end) belongs to it when it follows here too.
Result<ByteSpan> search_turn(std::string_view whole, std::string_view up_to_turn, const Turn& turn, std::size_t number,
                             std::size_t from) {
  const std::string_view said = trimmed(turn.content());
  const std::size_t begin = said.empty() ? std::string_view::npos : whole.find(said, from);
  if (begin == std::string_view::npos)
    return invalid_argument(
        "the template rewrites the answer in turn " + std::to_string(number + 1) +
        ", so which tokens are the answer cannot be told; use another template or train_on = \"all\"");
  std::size_t end = begin + said.size();
  if (const std::size_t at = up_to_turn.rfind(said); at != std::string_view::npos) {
    const std::string_view tail = up_to_turn.substr(at + said.size());
    end += common_prefix(tail, whole.substr(end));
  }
  return ByteSpan{begin, end};
}

}  // namespace

Result<SpannedText> render_spans(const RenderChat& render, const std::vector<Turn>& turns, bool train_all) {
  WEFT_ASSIGN_OR_RETURN(RenderedChat whole, render(messages_of(turns, turns.size()), false));
  SpannedText out{.text = std::move(whole.text), .trained = {}};
  if (train_all) {
    out.trained = {{0, out.text.size()}};
    return out;
  }
  if (use_generation_marks(whole, turns, out.trained)) return out;

  const std::string_view text = out.text;
  std::size_t done = 0;  // every turn before the one looked at lies in text[0, done)
  for (std::size_t i = 0; i < turns.size(); ++i) {
    if (!turns[i].trained) continue;
    const bool last = i + 1 == turns.size();
    RenderedChat before{};  // with the words that ask the assistant to speak
    if (i > 0) {
      WEFT_ASSIGN_OR_RETURN(before, render(messages_of(turns, i), true));
    }
    RenderedChat until{};
    if (!last) {
      WEFT_ASSIGN_OR_RETURN(until, render(messages_of(turns, i + 1), false));
    }
    const std::string_view upto = last ? text : std::string_view(until.text);
    const bool asked =
        i > 0 && begins(text, before.text) && before.text.size() < upto.size() && before.text.size() >= done;
    ByteSpan span{before.text.size(), upto.size()};
    if (!asked || !begins(text, upto)) {
      // The text shared with the rendering before this turn holds the earlier turns: their words are not taken for the
      // answer.
      const std::size_t from = i > 0 ? common_prefix(text, before.text) : 0;
      WEFT_ASSIGN_OR_RETURN(span,
                            search_turn(text, upto, turns[i], i,
                                        std::max(done, asked ? before.text.size() : std::min(from, text.size()))));
      out.searched = true;
    }
    out.trained.push_back(span);
    done = span.second;
  }
  return out;
}

}  // namespace weft
