// SPDX-License-Identifier: GPL-3.0-or-later
// What the window tests share: an application without a display, waiting on a condition, a temporary home.
#pragma once

#include <functional>

#include <QApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

namespace weft::test {

// Runs the event loop until `condition` holds; false after the time is over.
[[nodiscard]] inline bool wait_until(const std::function<bool()>& condition, int timeout_ms = 20000) {
  QElapsedTimer clock;
  clock.start();
  while (!condition()) {
    if (clock.hasExpired(timeout_ms)) return false;
    QTest::qWait(5);
  }
  return true;
}

inline std::string text_of(const QString& text) { return text.toStdString(); }

}  // namespace weft::test
