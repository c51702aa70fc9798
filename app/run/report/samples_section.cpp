// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/report/samples_section.h"

#include <fmt/format.h>

#include <algorithm>

#include "app/run/report/svg_chart.h"
#include "engine/api/events.h"

namespace weft {
namespace {

constexpr std::size_t kMostSteps = 6;

std::string row(const std::string& who, const std::string& text) {
  return "<tr><th>" + escape_html(who) + "</th><td class=\"answer\">" + escape_html(text) + "</td></tr>";
}

}  // namespace

std::string samples_section(const std::vector<EventRow>& events) {
  std::vector<SamplesEvent> drawn;
  for (const auto& event : events)
    if (event.type == "samples")
      if (auto samples = samples_from_json(event.step, event.detail); !samples.answers.empty()) drawn.push_back(std::move(samples));
  if (drawn.empty()) return "";
  std::vector<std::size_t> shown;
  const std::size_t count = std::min(kMostSteps, drawn.size());
  for (std::size_t i = 0; i < count; ++i) shown.push_back(count == 1 ? drawn.size() - 1 : i * (drawn.size() - 1) / (count - 1));
  std::string html = "<section><h2>Samples</h2>";
  const auto& prompts = drawn.back().answers;
  for (std::size_t p = 0; p < prompts.size(); ++p) {
    html += "<h3>" + escape_html(prompts[p].prompt) + "</h3><table>" + row("base", prompts[p].base);
    for (const std::size_t at : shown)
      if (p < drawn[at].answers.size()) html += row(fmt::format("step {}", drawn[at].step), drawn[at].answers[p].tuned);
    html += "</table>";
  }
  if (shown.size() < drawn.size()) html += fmt::format("<p class=\"note\">{} of {} steps at which answers were drawn.</p>", shown.size(), drawn.size());
  return html + "</section>\n";
}

}  // namespace weft
