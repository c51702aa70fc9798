// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/event_pump.h"

#include <QElapsedTimer>
#include <QMetaObject>
#include <QTimer>

namespace weft::ui {

EventPump::EventPump(QObject* parent) : QObject(parent) {
  m_target->pump = this;
  m_sink->mailbox.set_wake([target = m_target] {
    const std::lock_guard lock(target->mutex);
    if (target->pump) target->pump->wake();
  });
}

EventPump::~EventPump() {
  m_sink->mailbox.set_wake(nullptr);
  const std::lock_guard lock(m_target->mutex);
  m_target->pump = nullptr;
}

void EventPump::hold(bool on) {
  m_held = on;
  if (!on) wake();
}

void EventPump::wake() {
  if (m_queued.exchange(true)) return;
  QMetaObject::invokeMethod(this, &EventPump::pump, Qt::QueuedConnection);
}

void EventPump::pump() {
  m_queued = false;
  if (m_held) return;
  QElapsedTimer clock;
  clock.start();
  constexpr std::size_t kChunk = 128;
  while (!clock.hasExpired(kBudgetMs)) {
    const auto chunk = m_sink->mailbox.drain(kChunk);
    if (chunk.empty()) return;
    Q_EMIT events(chunk, m_sink->mailbox.dropped());
    if (m_held) return;
  }
  // more is waiting: let paint and input come first
  if (!m_queued.exchange(true)) QTimer::singleShot(1, this, &EventPump::pump);
}

}  // namespace weft::ui
