// SPDX-License-Identifier: GPL-3.0-or-later
// GGUF files (version 2 and 3, little-endian): metadata and tensor table over a memory map. Torch-free.
// Everything is checked in open(); afterwards nothing can fail but asking for the wrong type. Nothing is copied: texts,
// arrays and tensor data are views that live as long as the GgufFile. Texts are bytes as stored, not always valid UTF-8.
// Immutable after open(): safe from any thread. Source: ggml-org/ggml docs/gguf.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/core/files.h"
#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft {

// The numbers are those of the file format.
enum class GgufType : std::uint32_t {
  U8 = 0, I8 = 1, U16 = 2, I16 = 3, U32 = 4, I32 = 5, F32 = 6, Bool = 7, String = 8, Array = 9, U64 = 10, I64 = 11, F64 = 12,
};
[[nodiscard]] const char* gguf_type_name(GgufType type);

// A stored text as valid UTF-8: what is not becomes U+FFFD.
[[nodiscard]] std::string valid_utf8(std::string_view stored);

// One metadata value: a scalar, a text, or an array of either (arrays of arrays are refused by open()).
class GgufValue {
 public:
  [[nodiscard]] GgufType type() const { return type_; }
  [[nodiscard]] bool is_array() const { return type_ == GgufType::Array; }
  [[nodiscard]] GgufType element_type() const { return element_type_; }  // of an array; else the same as type()
  [[nodiscard]] std::uint64_t count() const { return count_; }           // elements of an array; else 1

  // nullopt: of another kind. Integers convert between widths when the number fits; as_f64 also takes integers.
  [[nodiscard]] std::optional<std::string_view> as_string() const;
  [[nodiscard]] std::optional<std::uint64_t> as_u64() const;
  [[nodiscard]] std::optional<std::int64_t> as_i64() const;
  [[nodiscard]] std::optional<double> as_f64() const;
  [[nodiscard]] std::optional<bool> as_bool() const;

  // Arrays, decoded now: one pass, well under 10 ms for 150,000 elements. nullopt: not an array of that kind.
  [[nodiscard]] std::optional<std::vector<std::string_view>> as_strings() const;
  [[nodiscard]] std::optional<std::vector<std::int64_t>> as_ints() const;    // any integer or bool width; u64 above 2^63-1: nullopt
  [[nodiscard]] std::optional<std::vector<float>> as_floats() const;         // F32 or F64

  [[nodiscard]] std::span<const std::byte> stored() const { return bytes_; }   // a scalar's number, a text, or all elements, as in the file
  [[nodiscard]] std::string describe() const;                                // "array of 49152 string", "u32"
  // Arrays longer than max_array become null.
  [[nodiscard]] Json to_json(std::uint64_t max_array) const;

 private:
  friend class GgufReader;
  GgufType type_ = GgufType::U8, element_type_ = GgufType::U8;
  std::uint64_t count_ = 1;
  std::span<const std::byte> bytes_;  // scalars: the number; texts: the text; arrays: all elements as stored
};

struct GgufTensor {
  std::string_view name;
  std::uint32_t type_id = 0;          // ggml's number
  const char* type_name = "";         // "Q4_1", also of types that this program cannot decode
  std::vector<std::int64_t> shape;    // torch order, outermost first; 1 to 4 dimensions, all >= 1
  const std::byte* data = nullptr;
  std::uint64_t bytes = 0;
  [[nodiscard]] std::int64_t elements() const {
    std::int64_t n = 1;
    for (const auto d : shape) n *= d;
    return n;                         // checked to fit by open()
  }
};

// Whether a file begins as GGUF does. False where it cannot be read.
[[nodiscard]] bool begins_as_gguf(const std::string& path);

class GgufFile {
 public:
  // Corrupt: damaged or not GGUF. Unsupported: version 1, big-endian, a tensor type of unknown size.
  [[nodiscard]] static Result<std::shared_ptr<const GgufFile>> open(const std::string& path);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::uint32_t version() const { return version_; }
  [[nodiscard]] std::uint64_t file_bytes() const { return file_.bytes().size(); }

  [[nodiscard]] const std::vector<std::pair<std::string_view, GgufValue>>& metadata() const { return metadata_; }  // file order
  [[nodiscard]] const std::vector<GgufTensor>& tensors() const { return tensors_; }                                // file order
  [[nodiscard]] const GgufValue* find(std::string_view key) const;               // nullptr when absent
  [[nodiscard]] const GgufTensor* find_tensor(std::string_view name) const;      // nullptr when absent

  // Optional keys: nullopt when the key is absent or of another kind.
  [[nodiscard]] std::optional<std::string_view> get_string(std::string_view key) const;
  [[nodiscard]] std::optional<std::uint64_t> get_u64(std::string_view key) const;
  [[nodiscard]] std::optional<double> get_f64(std::string_view key) const;
  [[nodiscard]] std::optional<bool> get_bool(std::string_view key) const;

  // Needed keys: NotFound names the missing key, Corrupt says what kind it is instead.
  [[nodiscard]] Result<std::vector<std::string_view>> get_strings(std::string_view key) const;
  [[nodiscard]] Result<std::vector<std::int64_t>> get_ints(std::string_view key) const;
  [[nodiscard]] Result<std::vector<float>> get_floats(std::string_view key) const;

 private:
  friend class GgufReader;
  explicit GgufFile(MappedFile file) : file_(std::move(file)) {}
  MappedFile file_;
  std::string path_;
  std::uint32_t version_ = 0;
  std::vector<std::pair<std::string_view, GgufValue>> metadata_;
  std::vector<GgufTensor> tensors_;
  std::unordered_map<std::string_view, std::size_t> key_index_, tensor_index_;
};

}  // namespace weft
