// SPDX-License-Identifier: GPL-3.0-or-later
// What a run had spent by each of its steps: passes over the data, tokens, seconds; and so what its curves can be drawn along. Values only;
// one thread at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "projects/api/project.h"

namespace weft {

enum class RunAxis { Step, Epoch, Tokens, Seconds };   // seconds: in steps, without evaluations

class RunProgress final {
 public:
  RunProgress() = default;
  // Of a run's metrics by step, the names of one step together, as Project::metrics() gives them.
  explicit RunProgress(const std::vector<MetricRow>& rows) {
    for (std::size_t i = 0; i < rows.size();) {
      const std::int64_t step = rows[i].step;
      double epoch = 0, tokens = 0, ms = 0;
      bool told = false;
      for (; i < rows.size() && rows[i].step == step; ++i)
        for (const auto& [name, value] : {std::pair("epoch", &epoch), std::pair("tokens", &tokens), std::pair("ms", &ms)})
          if (rows[i].name == name) {
            *value = rows[i].value;
            told = true;
          }
      if (told) add(static_cast<double>(step), epoch, tokens, ms / 1000);
    }
  }

  // One step: `epoch` as it is after it, tokens and seconds that it took. A step that is known, and what came after it, is written anew.
  void add(double step, double epoch, double tokens, double seconds) {
    cutFrom(step);
    const bool first = m_steps.empty();
    m_steps.push_back(step);
    m_epochs.push_back(epoch);
    m_tokens.push_back((first ? 0 : m_tokens.back()) + tokens);
    m_seconds.push_back((first ? 0 : m_seconds.back()) + seconds);
  }
  void cutFrom(double step) {
    if (m_steps.empty() || m_steps.back() < step) return;
    const auto at = static_cast<std::size_t>(std::lower_bound(m_steps.begin(), m_steps.end(), step) - m_steps.begin());
    for (auto* values : {&m_steps, &m_epochs, &m_tokens, &m_seconds}) values->resize(at);
  }

  // By `step`, 0 before the first; behind the last known one, at the mean pace so far. Along Step, and where nothing is known, the step itself.
  [[nodiscard]] double along(RunAxis axis, double step) const {
    if (axis == RunAxis::Step || m_steps.empty()) return step;
    const auto& spent = axis == RunAxis::Epoch ? m_epochs : axis == RunAxis::Tokens ? m_tokens : m_seconds;
    if (step > m_steps.back()) return m_steps.back() > 0 ? spent.back() * step / m_steps.back() : spent.back();
    const std::size_t after = behind(step);
    return after == 0 ? 0 : spent[after - 1];
  }

 private:
  // How many steps lie at or before it. Curves are asked for point by point: the next answer is mostly the one after the last.
  [[nodiscard]] std::size_t behind(double step) const {
    const auto holds = [&](std::size_t n) { return n <= m_steps.size() && (n == 0 || m_steps[n - 1] <= step) && (n == m_steps.size() || m_steps[n] > step); };
    if (!holds(m_last) && !holds(++m_last)) m_last = static_cast<std::size_t>(std::upper_bound(m_steps.begin(), m_steps.end(), step) - m_steps.begin());
    return m_last;
  }
  mutable std::size_t m_last = 0;
  std::vector<double> m_steps, m_epochs, m_tokens, m_seconds;   // ascending; sums since the first step
};

}  // namespace weft
