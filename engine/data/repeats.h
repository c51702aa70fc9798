// SPDX-License-Identifier: GPL-3.0-or-later
// Rows that say the same twice: duplicates, and held-out rows that are also trained. By hashes of their text. One thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/data/record_mapping.h"

namespace weft {

// Of what an example says, roles included: with white space made single, and with letters and digits alone, in lower case.
struct ContentKey {
  std::uint64_t exact = 0, loose = 0;
};
[[nodiscard]] ContentKey content_key(const Example& example);
// The first words of it, on one line.
[[nodiscard]] std::string content_excerpt(const Example& example);

class RepeatFinder {
 public:
  static constexpr std::size_t kMostRows = 2'000'000;   // looked at: a hundred megabytes
  static constexpr std::size_t kShown = 50;             // of each kind

  void add(const ContentKey& key, const RecordPlace& place);
  // aside(i): row i, in the order of add(), is held out. excerpt: of the row at a place.
  [[nodiscard]] RepeatCheck find(const std::function<bool(std::size_t)>& aside, const std::function<std::string(const RecordPlace&)>& excerpt);

 private:
  struct Row {
    ContentKey key;
    RecordPlace place;
    std::size_t index;
  };
  std::vector<Row> rows_;
  std::size_t more_ = 0;  // not looked at
};

}  // namespace weft
