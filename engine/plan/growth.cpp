// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan/growth.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

namespace weft {
namespace {

constexpr std::size_t kTerms = 5;
using Row = std::array<double, kTerms>;

Row terms_of(const GrowthPoint& p) { return {1, p.tokens, p.sum_squared_lengths, p.tokens * p.rank, p.rank}; }

}  // namespace

// Normal equations of columns brought to norm 1, by elimination with pivots: five unknowns, and columns that are far from parallel or refused.
Result<Growth> fit_growth(std::span<const GrowthPoint> points) {
  if (points.size() < kTerms) return invalid_argument(fmt::format("a fit of {} terms needs as many measured batches; there are {}", kTerms, points.size()));
  Row length{};
  for (const auto& p : points) {
    if (!(p.seconds > 0)) return invalid_argument(fmt::format("a step of {} seconds", p.seconds));
    const Row row = terms_of(p);
    for (std::size_t i = 0; i < kTerms; ++i) length[i] += row[i] * row[i] / (p.seconds * p.seconds);
  }
  for (auto& l : length) l = std::sqrt(l);
  std::array<Row, kTerms> a{};
  Row b{};
  for (const auto& p : points) {
    const Row row = terms_of(p);
    for (std::size_t i = 0; i < kTerms; ++i) {
      const double at = row[i] / p.seconds / length[i];
      b[i] += at;
      for (std::size_t j = 0; j < kTerms; ++j) a[i][j] += at * row[j] / p.seconds / length[j];
    }
  }
  for (std::size_t i = 0; i < kTerms; ++i) {
    std::size_t pivot = i;
    for (std::size_t j = i + 1; j < kTerms; ++j)
      if (std::abs(a[j][i]) > std::abs(a[pivot][i])) pivot = j;
    if (!(std::abs(a[pivot][i]) > 1e-9)) return invalid_argument("the batches and ranks do not tell the terms apart: name several of each");
    std::swap(a[i], a[pivot]);
    std::swap(b[i], b[pivot]);
    for (std::size_t j = i + 1; j < kTerms; ++j) {
      const double factor = a[j][i] / a[i][i];
      for (std::size_t k = i; k < kTerms; ++k) a[j][k] -= factor * a[i][k];
      b[j] -= factor * b[i];
    }
  }
  for (std::size_t i = kTerms; i-- > 0;) {
    for (std::size_t j = i + 1; j < kTerms; ++j) b[i] -= a[i][j] * b[j];
    b[i] /= a[i][i];
  }
  for (std::size_t i = 0; i < kTerms; ++i) b[i] /= length[i];
  Growth growth{.fixed = b[0], .a_token = b[1], .a_square = b[2], .a_token_rank = b[3], .a_rank = b[4]};
  for (const auto& p : points) {
    const Row row = terms_of(p);
    double fitted = 0;
    for (std::size_t i = 0; i < kTerms; ++i) fitted += b[i] * row[i];
    growth.largest_error = std::max(growth.largest_error, std::abs(fitted / p.seconds - 1));
  }
  return growth;
}

}  // namespace weft
