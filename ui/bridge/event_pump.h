// SPDX-License-Identifier: GPL-3.0-or-later
// Carries run events from the engine thread to the main thread: at most one queued wake-up at a time, at most 4 ms of work
// a wake-up, so that a flood of events never holds the window. Shared with the engine side as an EventSink.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include <QObject>

#include "engine/api/event_channel.h"

namespace weft::ui {

// Engine side; may outlive the pump.
class PumpSink final : public EventSink {
 public:
  void on_event(const Event& event) override { mailbox.put(event); }
  WindowMailbox mailbox;
};

class EventPump final : public QObject {
  Q_OBJECT
 public:
  explicit EventPump(QObject* parent = nullptr);
  ~EventPump() override;
  EventPump(const EventPump&) = delete;
  EventPump& operator=(const EventPump&) = delete;

  [[nodiscard]] std::shared_ptr<PumpSink> sink() const { return m_sink; }
  // While held, events wait in the mailbox (between asking for a run and knowing its number).
  void hold(bool on);

  static constexpr int kBudgetMs = 4;

 Q_SIGNALS:
  void events(const std::vector<weft::Event>& events, quint64 dropped);

 private:
  // What the mailbox wakes; it may be called while the pump is being destroyed.
  struct Target {
    std::mutex mutex;
    EventPump* pump = nullptr;  // guarded by mutex
  };
  void wake();
  void pump();
  std::shared_ptr<Target> m_target = std::make_shared<Target>();
  std::shared_ptr<PumpSink> m_sink = std::make_shared<PumpSink>();
  std::atomic<bool> m_queued = false;
  bool m_held = false;
};

}  // namespace weft::ui
