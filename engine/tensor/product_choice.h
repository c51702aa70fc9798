// SPDX-License-Identifier: GPL-3.0-or-later
// Which float32 products of the token path LibTorch's library (MKL) makes instead of the engine's own kernels: for each shape the faster of
// the two, tried once and kept for this machine. Products of stored blocks or in bfloat16 stay with the engine: the library would need a
// decoded copy of the weight, or round the sums. So do products with scaled rows or columns. Engine thread only.
#pragma once

#include <compare>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/core/status.h"

namespace weft {

struct ProductShape {
  std::int64_t rows = 0, in = 0, out = 0;  // [rows, in] x [in, out]; rows rounded up to a power of two
  bool transposed = false;                 // the right operand lies as [out, in], as weights do in a forward pass
  auto operator<=>(const ProductShape&) const = default;
};

class ProductChoice {
 public:
  enum class Maker { Measured, Own, Library };
  struct Seconds {
    double own = 0, library = 0;
    // A trial is noisy, and the own kernels give the same bits for any number of threads: the library must be clearly ahead.
    [[nodiscard]] bool library_wins() const { return library < 0.95 * own; }
  };

  // file: what is known of this machine, read now; unreadable or broken is as good as empty. "": nothing is kept.
  explicit ProductChoice(Maker maker, std::filesystem::path file = {});
  // Whether the library makes a product of that shape; trial() is asked where nothing is known yet.
  [[nodiscard]] bool library(const ProductShape& shape, const std::function<Seconds()>& trial);
  // What was measured since the last call, a sentence a shape, and written to the file.
  [[nodiscard]] Result<std::vector<std::string>> take_news();

  // $WEFT_CACHE/products/: a file for each machine, its kernels and its number of threads.
  [[nodiscard]] static std::filesystem::path file_of_this_machine();

 private:
  const Maker maker_;
  const std::filesystem::path file_;
  std::map<ProductShape, Seconds> known_;
  std::vector<std::string> news_;
};

// What products ask from now on; null (as at the start): all are the engine's own. Must outlive its use.
void choose_products_by(ProductChoice* choice);
[[nodiscard]] ProductChoice* product_choice();

}  // namespace weft
