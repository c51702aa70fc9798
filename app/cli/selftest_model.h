// SPDX-License-Identifier: GPL-3.0-or-later
// The tiny Llama that the self-test trains: random weights, a byte-level tokenizer, a text to learn. Needs no other
// file.
#pragma once

#include <cstdint>
#include <string>

#include "engine/api/train_request.h"

namespace weft::cli {

[[nodiscard]] Status write_selftest_model(const std::string& folder);  // a Hugging Face folder of some 0.5 MB
[[nodiscard]] Status write_selftest_data(const std::string& path);     // plain text
[[nodiscard]] TrainRequest selftest_request(const std::string& model, const std::string& data, std::int64_t steps);

}  // namespace weft::cli
