// SPDX-License-Identifier: GPL-3.0-or-later
// How a matrix [out, in] is written as a tensor train (a matrix product operator): out = i_1 ... i_n, in = j_1 ... j_n, the first factors the
// most significant, and cores T_k [r_k-1, i_k, j_k, r_k] with r_0 = r_n = 1. For the catalogue and for the parts alike.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/settings.h"

namespace weft {

struct TensorTrain {
  std::vector<std::int64_t> out, in;   // i_k and j_k, one a core
  std::vector<std::int64_t> bonds;     // r_0 to r_n
  [[nodiscard]] std::size_t cores() const { return out.size(); }
  [[nodiscard]] std::int64_t rows(std::size_t begin, std::size_t end) const;      // i_begin ... i_end-1
  [[nodiscard]] std::int64_t columns(std::size_t begin, std::size_t end) const;   // j_begin ... j_end-1
  [[nodiscard]] std::int64_t elements(std::size_t core) const { return bonds[core] * out[core] * in[core] * bonds[core + 1]; }
  // The cores before it and those from it on are the two factors of the update: where these have the fewest elements.
  [[nodiscard]] std::size_t cut() const;
  // The core with the most elements: the one that MPO-based tuning calls central.
  [[nodiscard]] std::size_t central() const;
  [[nodiscard]] bool trains(std::size_t core, const std::string& train_cores) const;
};

// By the settings "cores", "factors" and "rank" (the most that a bond may be; its other limit is what lies on its shorter side).
[[nodiscard]] TensorTrain tensor_train(std::int64_t out, std::int64_t in, std::int64_t rank, const SettingValues& settings);
// As many factors of a number as cores, as alike as its primes allow, the largest in the middle.
[[nodiscard]] std::vector<std::int64_t> balanced_factors(std::int64_t number, std::size_t count);
// What is wrong with the setting "factors": each entry is as many numbers as there are cores ("4x6x6x4"), and belongs to the sides that are its product.
[[nodiscard]] Status check_factors(const SettingValues& settings);

}  // namespace weft
