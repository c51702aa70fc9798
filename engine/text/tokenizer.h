// SPDX-License-Identifier: GPL-3.0-or-later
// Text to token ids and back, exactly as the Hugging Face tokenizers library does it (it does the work, behind a C ABI).
// Immutable after load: safe from any thread. Cheap to copy (shared).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/status.h"

namespace weft {

class GgufFile;

struct Encoding {
  std::vector<std::int32_t> ids;
  std::vector<std::uint32_t> begin, end;  // byte offsets into the text, per id; begin == end for added specials
  std::vector<std::uint8_t> special;      // 1 for special tokens
};

class Tokenizer {
 public:
  // From the model's path: tokenizer.json of a Hugging Face folder, or rebuilt from GGUF metadata
  // (byte-level BPE by tokenizer.ggml.pre, SentencePiece BPE, WordPiece). NotFound names what is missing;
  // an unknown .pre is Unsupported and named.
  [[nodiscard]] static Result<Tokenizer> load(const std::string& model_path);
  [[nodiscard]] static Result<Tokenizer> from_json(const std::string& tokenizer_json);
  [[nodiscard]] static Result<Tokenizer> from_gguf(const GgufFile& file);

  // Truncation and padding stored in a tokenizer.json are ignored.
  [[nodiscard]] Result<Encoding> encode(std::string_view text, bool add_special) const;
  [[nodiscard]] Result<std::string> decode(const std::vector<std::int32_t>& ids, bool skip_special) const;
  [[nodiscard]] std::string piece(std::int32_t id) const;      // vocabulary entry; "" when out of range
  [[nodiscard]] std::int64_t vocabulary() const;               // with added tokens
  [[nodiscard]] std::int32_t id_of(const std::string& piece) const;  // -1 when absent
  [[nodiscard]] std::int32_t bos_id() const;                   // -1: none
  [[nodiscard]] std::int32_t eos_id() const;
  [[nodiscard]] const std::string& description() const;        // "byte-level BPE (smollm), 49152 tokens"

 private:
  struct Impl;
  explicit Tokenizer(std::shared_ptr<const Impl> impl);
  std::shared_ptr<const Impl> impl_;
};

}  // namespace weft
