// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/conversation.h"

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"

namespace weft::ui {

bool Speaker::same(const Speaker& other) const {
  return adapter == other.adapter && model == other.model && (strength == 0) == (other.strength == 0);
}

Conversation::Conversation(Backend& backend, QObject* parent) : QObject(parent), m_backend(backend) {}

Conversation::~Conversation() {
  if (m_cancel) *m_cancel = true;
}

void Conversation::setSpeakers(std::vector<Speaker> speakers) { m_speakers = std::move(speakers); }

bool Conversation::ask(const QString& prompt) {
  if (m_writing || prompt.trimmed().isEmpty() || m_speakers.empty()) return false;
  Turn turn{prompt.trimmed(), {}};
  for (const auto& speaker : m_speakers) turn.answers.push_back({.by = speaker});
  m_turns.push_back(std::move(turn));
  m_cancel = std::make_shared<std::atomic<bool>>(false);
  m_writing = true;
  Q_EMIT asked();
  Q_EMIT busyChanged();
  answerNext();
  return true;
}

// What a speaker has heard and said. Text to go on from has no turns.
std::vector<ChatMessage> Conversation::historyOf(const Speaker& speaker) const {
  std::vector<ChatMessage> messages;
  const bool alone = m_template == QLatin1String("none");
  for (const auto& turn : m_turns) {
    const bool last = &turn == &m_turns.back();
    if (alone && !last) continue;
    if (last) {
      messages.push_back({"user", ss(turn.prompt)});
      continue;
    }
    for (const auto& answer : turn.answers) {
      if (!answer.by.same(speaker) || answer.text.isEmpty()) continue;
      messages.push_back({"user", ss(turn.prompt)});
      messages.push_back({"assistant", ss(answer.text)});
      break;
    }
  }
  return messages;
}

void Conversation::answerNext() {
  int index = -1;
  for (std::size_t i = 0; i < m_turns.back().answers.size() && index < 0; ++i)
    if (m_turns.back().answers[i].state == Answer::State::Waiting) index = static_cast<int>(i);
  if (index < 0) {
    m_writing = false;
    Q_EMIT busyChanged();
    return;
  }
  Answer& answer = answerAt(index);
  answer.state = Answer::State::Writing;
  const auto current = [this, generation = m_generation] { return generation == m_generation; };
  AnswerOrder order{.adapter = answer.by.adapter, .model = answer.by.model, .strength = answer.by.strength, .messages = historyOf(answer.by),
                    .chatTemplate = m_template, .sampling = m_sampling, .cancel = m_cancel, .onPrompt = {}, .onToken = {}};
  order.onPrompt = [this, current, index](const GenerationPrompt& prompt) {
    if (!current()) return;
    answerAt(index).prompt = prompt;
    Q_EMIT changed(index);
  };
  order.onToken = [this, current, index](const GeneratedToken& token) {
    if (!current()) return;
    Answer& hears = answerAt(index);
    hears.tokens.push_back(token);
    hears.text += qs(token.added);
    Q_EMIT written(index);
  };
  Q_EMIT changed(index);
  m_backend.answer(order, this, [this, current, index](Result<GenerateReply> reply) {
    if (current()) finish(index, reply);
  });
}

void Conversation::finish(int index, const Result<GenerateReply>& reply) {
  Answer& answer = answerAt(index);
  if (reply.ok()) {
    answer.state = reply->end == "cancelled" ? Answer::State::Stopped : Answer::State::Done;
    answer.prompt = reply->prompt;
    answer.text = qs(reply->text);
    answer.tokens = reply->tokens;
    answer.end = engineText(reply->end);
    answer.ms = reply->ms;
  } else {
    answer.state = Answer::State::Failed;
    answer.end = engineText(reply.status().message());
  }
  if (*m_cancel)
    for (auto& other : m_turns.back().answers)
      if (other.state == Answer::State::Waiting) other.state = Answer::State::Stopped;
  for (std::size_t i = 0; i < m_turns.back().answers.size(); ++i) Q_EMIT changed(static_cast<int>(i));
  answerNext();
}

void Conversation::stop() {
  if (m_cancel) *m_cancel = true;
}

void Conversation::clear() {
  stop();
  ++m_generation;
  m_turns.clear();
  const bool was = std::exchange(m_writing, false);
  Q_EMIT cleared();
  if (was) Q_EMIT busyChanged();
}

}  // namespace weft::ui
