// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/store/run_owner.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <random>
#include <sstream>

namespace weft {
namespace {

std::string boot_id() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  file >> id;
  return id.empty() ? "unknown" : id;
}

// Field 22 of /proc/<pid>/stat; "" when it cannot be read, "dead" for a process that only waits to be reaped.
std::string start_ticks(std::int64_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');  // the name in field 2 may hold anything, blanks and brackets too
  if (name_end == std::string::npos) return {};
  std::istringstream fields(line.substr(name_end + 1));
  std::string field;
  for (int number = 3; number <= 22; ++number) {
    if (!(fields >> field)) return {};
    if (number == 3 && (field == "Z" || field == "X")) return "dead";
  }
  return field;
}

}  // namespace

RunOwner RunOwner::make() {
  std::random_device random;
  const std::int64_t pid = ::getpid();
  return {pid, fmt::format("{}/{}/{:08x}{:08x}", boot_id(), start_ticks(pid), random(), random())};
}

bool RunOwner::is_gone() const {
  const auto first = token.find('/');
  const auto second = token.find('/', first + 1);
  if (pid <= 0 || first == std::string::npos || second == std::string::npos) return true;
  if (token.substr(0, first) != boot_id()) return true;
  if (::kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH) return true;
  const std::string ticks = start_ticks(pid);
  return !ticks.empty() && ticks != token.substr(first + 1, second - first - 1);
}

bool is_active_run_state(std::string_view state) {
  static constexpr std::array<std::string_view, 6> kActive = {"queued", "preparing", "running", "pausing", "paused", "stopping"};
  return std::ranges::find(kActive, state) != kActive.end();
}

}  // namespace weft
