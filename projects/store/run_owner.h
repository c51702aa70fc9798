// SPDX-License-Identifier: GPL-3.0-or-later
// Who is working on a run: lets a project that is opened again tell a run that still trains in another program from one
// whose program died. Plain values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace weft {

struct RunOwner {
  std::int64_t pid = 0;
  std::string token;   // "<boot id>/<start of the process in clock ticks>/<random number of the open project>"

  // A fresh owner of this process: two open projects of one process are two owners.
  [[nodiscard]] static RunOwner make();
  // True when the machine was started anew, or the process is gone, or its number now belongs to another process.
  [[nodiscard]] bool is_gone() const;
};

inline constexpr std::string_view kInterrupted = "interrupted";

// States in which a program works on a run or is about to; every other state is final.
[[nodiscard]] bool is_active_run_state(std::string_view state);

}  // namespace weft
