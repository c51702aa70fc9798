// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>

namespace weft::ui {

// Of an order that takes long: how it is ended, and who hears how far it is.
struct LongWork {
  std::shared_ptr<std::atomic<bool>> cancel = {};  // set from anywhere; it ends at its next piece, and nothing is kept. Null: never
  std::function<void(std::uint64_t done, std::uint64_t all)> onProgress = {};   // bytes, on the main thread, before the answer; all 0: not known yet
};

}  // namespace weft::ui
