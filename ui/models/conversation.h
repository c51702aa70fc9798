// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation with several models at once: each prompt is answered by one after the other, with one seed, and each goes on from its own
// answers. What the Try page shows and nothing of how. Main thread only.
#pragma once

#include <deque>
#include <memory>
#include <vector>

#include <QObject>

#include "ui/bridge/backend.h"

namespace weft::ui {

// One of those that answer.
struct Speaker {
  QString name;                    // "base", "r3 step 40"
  CloseUpOrder::Adapter adapter;
  QString model;                   // where no run says it
  double strength = 1;
  [[nodiscard]] bool same(const Speaker& other) const;
};

struct Answer {
  enum class State { Waiting, Writing, Done, Stopped, Failed };
  Speaker by;
  State state = State::Waiting;
  GenerationPrompt prompt;         // as it was sent; empty before it is known
  QString text;
  std::vector<GeneratedToken> tokens;
  QString end;                     // why it ended, or what went wrong
  double ms = 0;
};

struct Turn {
  QString prompt;
  std::vector<Answer> answers;     // by speaker, as they were when it was asked
};

class Conversation final : public QObject {
  Q_OBJECT
 public:
  explicit Conversation(Backend& backend, QObject* parent);
  ~Conversation() override;

  // From the next prompt on. Who was there before goes on from what it said.
  void setSpeakers(std::vector<Speaker> speakers);
  void setTemplate(const QString& chatTemplate) { m_template = chatTemplate; }
  void setSampling(const SamplingSettings& sampling) { m_sampling = sampling; }
  // Refused while an answer is awaited, or without a word.
  bool ask(const QString& prompt);
  void stop();                     // ends the answer that is written, and those that wait
  void clear();                    // stops, and begins anew

  [[nodiscard]] bool busy() const { return m_writing; }
  [[nodiscard]] const std::vector<Speaker>& speakers() const { return m_speakers; }
  [[nodiscard]] const std::deque<Turn>& turns() const { return m_turns; }

 Q_SIGNALS:
  void asked();                    // a new turn, the last
  void changed(int answer);        // of the last turn: its state, prompt or end
  void written(int answer);        // of the last turn: another token
  void cleared();
  void busyChanged();

 private:
  void answerNext();
  [[nodiscard]] std::vector<ChatMessage> historyOf(const Speaker& speaker) const;
  void finish(int index, const Result<GenerateReply>& reply);
  Answer& answerAt(int index) { return m_turns.back().answers[static_cast<std::size_t>(index)]; }

  Backend& m_backend;
  std::vector<Speaker> m_speakers;
  QString m_template;
  SamplingSettings m_sampling;
  std::deque<Turn> m_turns;
  std::shared_ptr<std::atomic<bool>> m_cancel;
  quint64 m_generation = 0;        // answers of a cleared conversation are not heard
  bool m_writing = false;
};

}  // namespace weft::ui
