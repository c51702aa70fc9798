// SPDX-License-Identifier: GPL-3.0-or-later
// A seeded order that is the same on every machine and standard library: SplitMix64 and Fisher-Yates.
#pragma once

#include <cstdint>
#include <numeric>
#include <utility>
#include <vector>

namespace weft {

class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  // Uniform in [0, n), n > 0: values from the incomplete last stretch are drawn again.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t reject = (0 - n) % n;
    std::uint64_t value = next();
    while (value < reject) value = next();
    return value % n;
  }

 private:
  std::uint64_t state_;
};

// 0 … n-1 in an order given by the seed and a stream number (0: the hold-out split, 1 + epoch: an epoch).
inline std::vector<std::int64_t> shuffled_order(std::int64_t n, std::uint64_t seed, std::uint64_t stream) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  SplitMix64 outer(seed);
  SplitMix64 random(outer.next() ^ (stream * 0xD1342543DE82EF95ULL));
  for (std::int64_t i = n - 1; i > 0; --i) std::swap(order[std::size_t(i)], order[random.below(std::uint64_t(i) + 1)]);
  return order;
}

// The order of the first epoch.
inline std::vector<std::int64_t> first_order(std::int64_t n, bool shuffle, std::uint64_t seed) {
  if (shuffle) return shuffled_order(n, seed, 1);
  std::vector<std::int64_t> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  return order;
}

}  // namespace weft
