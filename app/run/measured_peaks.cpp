// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/run/measured_peaks.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "engine/core/processor.h"

namespace weft {
namespace {

constexpr std::size_t kRuns = 200;               // looked at, newest first
constexpr std::uint64_t kProgramBytes = 160 << 20;   // of a plan's part "program"
constexpr std::int64_t kSteps = 3;               // after which a run has met what it takes

std::uint64_t resident_now() {
  std::uint64_t pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::string recorded_machine(const RunRecord& run) { return run.started.is_object() ? run.started.value("machine", "") : std::string(); }

std::uint64_t peak_in(const Json& detail, const char* key) {
  const auto at = detail.is_object() ? detail.find(key) : detail.end();
  return detail.is_object() && at != detail.end() && at->is_number_unsigned() ? at->get<std::uint64_t>() : 0;
}

// Paths stand absolute in runs, as they were submitted.
std::string shape_of(const Json& config) {
  const auto request = train_request_from_json(config);
  if (!request.ok()) return {};
  const auto complete = validate(*request);
  return complete.ok() ? memory_shape(*complete) : std::string();
}

}  // namespace

Result<std::optional<MeasuredPeak>> measured_peak(Project& project, const TrainRequest& request) {
  const std::string wanted = memory_shape(request), machine = machine_name();
  WEFT_ASSIGN_OR_RETURN(const auto runs, project.runs());
  const std::size_t looked = std::min(runs.size(), kRuns);
  for (auto run = runs.rbegin(); run != runs.rbegin() + static_cast<std::ptrdiff_t>(looked); ++run) {
    if (recorded_machine(*run) != machine || shape_of(run->config) != wanted) continue;
    WEFT_ASSIGN_OR_RETURN(const auto events, project.events(run->id));
    std::uint64_t whole = 0, preflight = 0;
    for (const auto& event : events) {
      if (event.type == "finished" && run->last_step >= kSteps) whole = std::max(whole, peak_in(event.detail, "peak_rss_bytes"));
      if (event.type == "preflight") preflight = std::max(preflight, peak_in(event.detail, "peak_bytes"));
    }
    if (whole >= preflight && whole > 0) return std::optional(MeasuredPeak{whole, run->name});
    if (preflight > 0) return std::optional(MeasuredPeak{preflight, "the preflight of " + run->name});
  }
  return std::optional<MeasuredPeak>();
}

std::uint64_t memory_for_a_run(bool running) {
  const std::uint64_t available = available_memory_bytes(), resident = resident_now();
  return available > 0 ? available + (running ? resident : std::min(resident, kProgramBytes)) : 0;
}

}  // namespace weft
