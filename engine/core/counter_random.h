// SPDX-License-Identifier: GPL-3.0-or-later
// Random numbers by place instead of by order: the same place gives the same number, whichever thread asks and however often (Salmon et
// al., "Parallel random numbers: as easy as 1, 2, 3", 2011). Static and constexpr, so that every kind of processor compiles its own.
#pragma once

#include <cstdint>

namespace weft {

// The stream of a part of `stream`, by its index: SplitMix64's finalizer.
static constexpr std::uint64_t substream(std::uint64_t stream, std::uint64_t index) {
  std::uint64_t z = stream + (index + 1) * 0x9E3779B97F4A7C15ULL;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
  return z ^ (z >> 31);
}

static constexpr std::uint32_t mixed_bits(std::uint32_t x) {   // Wellons' lowbias32
  x ^= x >> 16;
  x *= 0x7FEB352DU;
  x ^= x >> 15;
  x *= 0x846CA68BU;
  return x ^ (x >> 16);
}

// Thirty-two uniform bits at a place of a stream: two rounds, each with half of the stream as its key. Of 32-bit operations alone, so that
// a loop over places becomes vectors.
static constexpr std::uint32_t bits_at(std::uint64_t stream, std::uint32_t place) {
  return mixed_bits(mixed_bits(place * 0x9E3779B9U + static_cast<std::uint32_t>(stream)) + static_cast<std::uint32_t>(stream >> 32));
}

// What bits_at() is below with probability `rate`, 0 <= rate < 1; 0: never.
static constexpr std::uint32_t threshold_of(double rate) {
  const double wanted = rate * 4294967296.0 + 0.5;
  return wanted >= 4294967295.0 ? 0xFFFFFFFFU : static_cast<std::uint32_t>(wanted);
}

}  // namespace weft
