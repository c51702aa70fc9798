// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/presets/tensor_train.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <optional>
#include <sstream>

#include "engine/core/text_util.h"

namespace weft {
namespace {

constexpr std::int64_t kLargestSide = std::int64_t{1} << 31;

std::int64_t product(const std::vector<std::int64_t>& numbers, std::size_t begin, std::size_t end) {
  return std::accumulate(numbers.begin() + static_cast<std::ptrdiff_t>(begin), numbers.begin() + static_cast<std::ptrdiff_t>(end), std::int64_t{1}, std::multiplies<>());
}

// "4x6x6x4"; nothing where it is not numbers between times signs.
std::optional<std::vector<std::int64_t>> factors_in(const std::string& entry) {
  std::vector<std::int64_t> factors;
  std::int64_t all = 1, number = -1;
  for (const char c : entry + "x") {
    if (c == ' ') continue;
    if (c >= '0' && c <= '9') {
      number = std::max<std::int64_t>(number, 0) * 10 + (c - '0');
      if (number > kLargestSide) return std::nullopt;
    } else if ((c == 'x' || c == '*') && number >= 1 && all * number <= kLargestSide) {
      factors.push_back(number);
      all *= number;
      number = -1;
    } else {
      return std::nullopt;
    }
  }
  return factors;
}

// The entries of the setting; none for "auto".
std::vector<std::string> entries(const SettingValues& settings) {
  const Json& given = settings.at("factors");
  std::vector<std::string> all;
  for (const auto& text : given.is_array() ? given.get<std::vector<std::string>>() : std::vector<std::string>{given.get<std::string>()}) {
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, ',');)
      if (part != "auto") all.push_back(part);
  }
  return all;
}

std::vector<std::int64_t> factors_of(std::int64_t side, const SettingValues& settings) {
  const auto cores = settings.at("cores").get<std::size_t>();
  for (const auto& entry : entries(settings))
    if (const auto factors = factors_in(entry); factors && factors->size() == cores && product(*factors, 0, cores) == side) return *factors;
  return balanced_factors(side, cores);
}

}  // namespace

std::vector<std::int64_t> balanced_factors(std::int64_t number, std::size_t count) {
  std::vector<std::int64_t> primes;
  for (std::int64_t p = 2; number > 1; ++p) {
    if (p * p > number) p = number;
    for (; number % p == 0; number /= p) primes.push_back(p);
  }
  std::vector<std::int64_t> factors(count, 1);
  for (auto p = primes.rbegin(); p != primes.rend(); ++p) *std::min_element(factors.begin(), factors.end()) *= *p;
  std::sort(factors.begin(), factors.end());
  std::vector<std::int64_t> placed(count);
  for (std::size_t i = 0; i < count; ++i) placed[i % 2 == 0 ? i / 2 : count - 1 - i / 2] = factors[i];
  return placed;
}

Status check_factors(const SettingValues& settings) {
  const auto cores = settings.at("cores").get<std::size_t>();
  for (const auto& entry : entries(settings)) {
    const auto factors = factors_in(entry);
    if (!factors)
      return invalid_argument("[method] factors: " + quoted_excerpt(entry) + " is no product of whole numbers such as \"4x6x6x4\"; or choose \"auto\"");
    if (factors->size() != cores)
      return invalid_argument("[method] factors: " + quoted_excerpt(entry) + " has " + std::to_string(factors->size()) + " numbers, and cores = " +
                              std::to_string(cores) + " needs as many (1 may be among them)");
  }
  return {};
}

std::int64_t TensorTrain::rows(std::size_t begin, std::size_t end) const { return product(out, begin, end); }
std::int64_t TensorTrain::columns(std::size_t begin, std::size_t end) const { return product(in, begin, end); }

std::size_t TensorTrain::cut() const {
  const auto size = [&](std::size_t k) { return bonds[k] * (rows(0, k) * columns(0, k) + rows(k, cores()) * columns(k, cores())); };
  std::size_t best = 1;
  for (std::size_t k = 2; k < cores(); ++k)
    if (size(k) < size(best)) best = k;
  return best;
}

std::size_t TensorTrain::central() const {
  std::size_t best = 0;
  for (std::size_t k = 1; k < cores(); ++k)
    if (elements(k) > elements(best)) best = k;
  return best;
}

bool TensorTrain::trains(std::size_t core, const std::string& train_cores) const {
  return train_cores == "all" || (core == central()) == (train_cores == "central");
}

TensorTrain tensor_train(std::int64_t out, std::int64_t in, std::int64_t rank, const SettingValues& settings) {
  TensorTrain train{factors_of(out, settings), factors_of(in, settings), {1}};
  const std::size_t n = train.cores();
  for (std::size_t k = 1; k < n; ++k)
    train.bonds.push_back(std::min({rank, train.rows(0, k) * train.columns(0, k), train.rows(k, n) * train.columns(k, n)}));
  train.bonds.push_back(1);
  return train;
}

}  // namespace weft
