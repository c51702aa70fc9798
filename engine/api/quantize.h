// SPDX-License-Identifier: GPL-3.0-or-later
// A model's weights in fewer bits, as a GGUF file that is trained as it lies there. No LibTorch; plain values. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft {

struct QuantizeRequest {
  std::string model;               // a GGUF file
  std::string codec;               // one of quantize_codecs()
  std::string out;                 // folder; must not exist or be empty
};

struct QuantizedTensor {
  std::string name;                // as in the file
  std::string from, to;            // types; the same where it is kept
  std::vector<std::int64_t> shape;
  std::uint64_t bytes = 0;         // as written
  double error = 0;                // |W - Q| / |W|, Frobenius norms, Q as the written file gives it back; 0 where it is kept
  double bits = 0;                 // of a number, scales with it
  std::string kept;                // why it was not quantised; "" where it was
};

struct QuantizeReport {
  std::string path;                // of the written file
  std::string codec;               // "Q4_0"
  std::uint64_t bytes = 0, bytes_before = 0;   // of the files
  double error = 0, bits = 0;      // of all quantised matrices together
  std::vector<QuantizedTensor> tensors;        // in the file's order
};
[[nodiscard]] Json to_json(const QuantizeReport& report);

[[nodiscard]] std::vector<std::string> quantize_codecs();   // "q8_0", "q5_1", ...

// Matrices become blocks of the codec; embeddings and output layer, which every token passes, of at least 8 bits. Vectors, and rows that are no whole blocks, stay
// as they are. Read back and compared before it counts. on_tensor: after each, or null; false ends it as Cancelled. Leaves nothing behind where it fails.
[[nodiscard]] Result<QuantizeReport> quantize_model(const QuantizeRequest& request, const std::function<bool(std::size_t done, std::size_t all)>& on_tensor = {});

}  // namespace weft
