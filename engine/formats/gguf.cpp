// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/gguf.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fstream>
#include <limits>

#include "engine/core/text_util.h"
#include "engine/quant/gguf_blocks.h"

namespace weft {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are read in place");

// Far above any real file, and small enough that a hostile table costs no more than its own size.
constexpr std::uint64_t kMaxKeys = 1u << 16;
constexpr std::uint64_t kMaxTensors = 1u << 18;
constexpr std::size_t kMaxKeyBytes = 65535;
constexpr std::size_t kMaxNameBytes = 64;
constexpr std::uint32_t kMaxDimensions = 4;
constexpr std::uint64_t kDefaultAlignment = 32;

template <typename T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

// Bytes of one element; 0 for texts and arrays.
std::size_t scalar_bytes(GgufType type) {
  switch (type) {
    case GgufType::U8: case GgufType::I8: case GgufType::Bool: return 1;
    case GgufType::U16: case GgufType::I16: return 2;
    case GgufType::U32: case GgufType::I32: case GgufType::F32: return 4;
    case GgufType::U64: case GgufType::I64: case GgufType::F64: return 8;
    case GgufType::String: case GgufType::Array: return 0;
  }
  return 0;
}

bool is_unsigned(GgufType type) {
  return type == GgufType::U8 || type == GgufType::U16 || type == GgufType::U32 || type == GgufType::U64;
}

bool is_integer(GgufType type) {
  return is_unsigned(type) || type == GgufType::I8 || type == GgufType::I16 || type == GgufType::I32 || type == GgufType::I64;
}

std::uint64_t load_unsigned(GgufType type, const std::byte* at) {
  switch (scalar_bytes(type)) {
    case 1: return load<std::uint8_t>(at);
    case 2: return load<std::uint16_t>(at);
    case 4: return load<std::uint32_t>(at);
    default: return load<std::uint64_t>(at);
  }
}

std::int64_t load_signed(GgufType type, const std::byte* at) {
  switch (scalar_bytes(type)) {
    case 1: return load<std::int8_t>(at);
    case 2: return load<std::int16_t>(at);
    case 4: return load<std::int32_t>(at);
    default: return load<std::int64_t>(at);
  }
}

std::optional<std::int64_t> load_integer(GgufType type, const std::byte* at) {
  if (!is_unsigned(type) && type != GgufType::Bool) return load_signed(type, at);
  const std::uint64_t number = load_unsigned(type, at);
  if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
  return static_cast<std::int64_t>(number);
}

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A text inside an array: length, then bytes. Lengths were checked by open().
std::string_view next_text(const std::byte*& at) {
  const auto size = load<std::uint64_t>(at);
  const std::string_view text(reinterpret_cast<const char*>(at + 8), size);
  at += 8 + size;
  return text;
}

}  // namespace

const char* gguf_type_name(GgufType type) {
  static constexpr const char* kNames[] = {"u8", "i8", "u16", "i16", "u32", "i32", "f32",
                                           "bool", "string", "array", "u64", "i64", "f64"};
  const auto index = static_cast<std::uint32_t>(type);
  return index < std::size(kNames) ? kNames[index] : "unknown";
}

std::string valid_utf8(std::string_view stored) {
  // The JSON writer replaces bad sequences; reading its text back undoes the escapes.
  return Json::parse(to_json_line(Json(std::string(stored)))).get<std::string>();
}

// --- values -------------------------------------------------------------------------------------------------------

std::optional<std::string_view> GgufValue::as_string() const {
  if (type_ != GgufType::String) return std::nullopt;
  return text_of(bytes_);
}

std::optional<std::uint64_t> GgufValue::as_u64() const {
  if (!is_integer(type_)) return std::nullopt;
  if (is_unsigned(type_)) return load_unsigned(type_, bytes_.data());
  const std::int64_t number = load_signed(type_, bytes_.data());
  return number < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(number));
}

std::optional<std::int64_t> GgufValue::as_i64() const {
  return is_integer(type_) ? load_integer(type_, bytes_.data()) : std::nullopt;
}

std::optional<double> GgufValue::as_f64() const {
  if (type_ == GgufType::F32) return load<float>(bytes_.data());
  if (type_ == GgufType::F64) return load<double>(bytes_.data());
  if (!is_integer(type_)) return std::nullopt;
  if (is_unsigned(type_)) return static_cast<double>(load_unsigned(type_, bytes_.data()));
  return static_cast<double>(load_signed(type_, bytes_.data()));
}

std::optional<bool> GgufValue::as_bool() const {
  if (type_ != GgufType::Bool) return std::nullopt;
  return bytes_[0] != std::byte{0};
}

std::optional<std::vector<std::string_view>> GgufValue::as_strings() const {
  if (!is_array() || element_type_ != GgufType::String) return std::nullopt;
  std::vector<std::string_view> texts;
  texts.reserve(count_);  // each takes 8 bytes of the file at least
  const std::byte* at = bytes_.data();
  for (std::uint64_t i = 0; i < count_; ++i) texts.push_back(next_text(at));
  return texts;
}

std::optional<std::vector<std::int64_t>> GgufValue::as_ints() const {
  if (!is_array() || !(is_integer(element_type_) || element_type_ == GgufType::Bool)) return std::nullopt;
  std::vector<std::int64_t> numbers(count_);
  const std::size_t step = scalar_bytes(element_type_);
  for (std::uint64_t i = 0; i < count_; ++i) {
    const auto number = load_integer(element_type_, bytes_.data() + i * step);
    if (!number) return std::nullopt;
    numbers[i] = *number;
  }
  return numbers;
}

std::optional<std::vector<float>> GgufValue::as_floats() const {
  if (!is_array() || !(element_type_ == GgufType::F32 || element_type_ == GgufType::F64)) return std::nullopt;
  std::vector<float> numbers(count_);
  for (std::uint64_t i = 0; i < count_; ++i)
    numbers[i] = element_type_ == GgufType::F32 ? load<float>(bytes_.data() + 4 * i)
                                                : static_cast<float>(load<double>(bytes_.data() + 8 * i));
  return numbers;
}

std::string GgufValue::describe() const {
  if (!is_array()) return gguf_type_name(type_);
  return "array of " + std::to_string(count_) + " " + gguf_type_name(element_type_);
}

Json GgufValue::to_json(std::uint64_t max_array) const {
  if (is_array()) {
    if (count_ > max_array) return nullptr;
    Json list = Json::array();
    if (const auto texts = as_strings())
      for (const auto text : *texts) list.push_back(valid_utf8(text));
    else if (const auto ints = as_ints())
      for (const auto number : *ints) list.push_back(number);
    else if (const auto floats = as_floats())
      for (const auto number : *floats) list.push_back(number);
    return list;
  }
  if (const auto text = as_string()) return valid_utf8(*text);
  if (const auto flag = as_bool()) return *flag;
  if (is_unsigned(type_)) return *as_u64();
  if (is_integer(type_)) return *as_i64();
  return *as_f64();
}

// --- reading ------------------------------------------------------------------------------------------------------

// Walks the header once. Every take_* checks what is left before it touches a byte.
class GgufReader {
 public:
  explicit GgufReader(GgufFile& file) : file_(file), bytes_(file.file_.bytes()) {}

  Status read() {
    WEFT_RETURN_IF_ERROR(read_head());
    for (std::uint64_t i = 0; i < n_keys_; ++i) WEFT_RETURN_IF_ERROR(read_key(i));
    WEFT_RETURN_IF_ERROR(read_alignment());
    for (std::uint64_t i = 0; i < n_tensors_; ++i) WEFT_RETURN_IF_ERROR(read_tensor(i));
    return place_tensors();
  }

 private:
  [[nodiscard]] std::uint64_t left() const { return bytes_.size() - at_; }

  // Where a file ends too early: what was being read, where, how long the file is.
  [[nodiscard]] Status cut(const std::string& what) const {
    return corrupt("the file ends inside " + what + " (at byte " + std::to_string(at_) + " of " +
                   std::to_string(bytes_.size()) + "); it is cut off or damaged, download it again");
  }

  template <typename T>
  [[nodiscard]] bool take(T& value) {
    if (left() < sizeof(T)) return false;
    value = load<T>(bytes_.data() + at_);
    at_ += sizeof(T);
    return true;
  }

  [[nodiscard]] bool take_text(std::string_view& text) {
    std::uint64_t size = 0;
    if (!take(size) || size > left()) return false;
    text = text_of(bytes_.subspan(at_, size));
    at_ += size;
    return true;
  }

  Status read_head() {
    char magic[4] = {};
    if (bytes_.size() < 4 || (std::memcpy(magic, bytes_.data(), 4), std::memcmp(magic, "GGUF", 4) != 0))
      return corrupt("not a GGUF file: it starts with " + quoted_excerpt(text_of(bytes_.first(std::min<std::size_t>(4, bytes_.size())))));
    at_ = 4;
    if (!take(file_.version_)) return cut("the version");
    if ((file_.version_ & 0xffffu) == 0 && file_.version_ != 0)
      return unsupported("a big-endian GGUF file; convert it to little-endian (gguf_convert_endian.py)");
    if (file_.version_ != 2 && file_.version_ != 3)
      return unsupported("GGUF version " + std::to_string(file_.version_) + "; versions 2 and 3 are read");
    if (!take(n_tensors_) || !take(n_keys_)) return cut("the counts");
    // The least a key (length, type, value) and a tensor (length, dimensions, type, offset) take in the file.
    if (n_keys_ > kMaxKeys || n_keys_ > left() / 13)
      return corrupt("it claims " + std::to_string(n_keys_) + " metadata keys in " + std::to_string(bytes_.size()) + " bytes");
    if (n_tensors_ > kMaxTensors || n_tensors_ > left() / 32)
      return corrupt("it claims " + std::to_string(n_tensors_) + " tensors in " + std::to_string(bytes_.size()) + " bytes");
    return {};
  }

  Status read_key(std::uint64_t number) {
    const std::string place = "metadata key " + std::to_string(number + 1) + " of " + std::to_string(n_keys_);
    std::string_view key;
    if (!take_text(key)) return cut(place);
    if (key.empty() || key.size() > kMaxKeyBytes)
      return corrupt(place + " has a name of " + std::to_string(key.size()) + " bytes");
    GgufValue value;
    WEFT_RETURN_IF_ERROR(read_value(key, value));
    if (!file_.key_index_.emplace(key, file_.metadata_.size()).second)
      return corrupt("the metadata key " + quoted_excerpt(key) + " appears twice");
    file_.metadata_.emplace_back(key, value);
    return {};
  }

  Status read_type(std::string_view key, GgufType& type) {
    std::uint32_t raw = 0;
    if (!take(raw)) return cut("the type of " + quoted_excerpt(key));
    if (raw > static_cast<std::uint32_t>(GgufType::F64))
      return corrupt("the metadata key " + quoted_excerpt(key) + " has the unknown type " + std::to_string(raw));
    type = static_cast<GgufType>(raw);
    return {};
  }

  Status read_value(std::string_view key, GgufValue& value) {
    WEFT_RETURN_IF_ERROR(read_type(key, value.type_));
    value.element_type_ = value.type_;
    if (value.type_ == GgufType::String) {
      std::string_view text;
      if (!take_text(text)) return cut("the text of " + quoted_excerpt(key));
      value.bytes_ = std::as_bytes(std::span(text.data(), text.size()));
      return {};
    }
    if (value.is_array()) {
      WEFT_RETURN_IF_ERROR(read_type(key, value.element_type_));
      if (value.element_type_ == GgufType::Array)
        return corrupt("the metadata key " + quoted_excerpt(key) + " is an array of arrays, which no model uses");
      if (!take(value.count_)) return cut("the length of " + quoted_excerpt(key));
      if (value.element_type_ == GgufType::String) return read_texts(key, value);
    }
    const std::size_t element = scalar_bytes(value.element_type_);
    if (value.count_ > left() / element)
      return corrupt("the metadata key " + quoted_excerpt(key) + " claims " + std::to_string(value.count_) + " elements, but " +
                     std::to_string(left()) + " bytes are left in the file");
    value.bytes_ = bytes_.subspan(at_, value.count_ * element);
    at_ += value.bytes_.size();
    if (value.element_type_ == GgufType::Bool &&
        !std::all_of(value.bytes_.begin(), value.bytes_.end(), [](std::byte b) { return b <= std::byte{1}; }))
      return corrupt("the metadata key " + quoted_excerpt(key) + " holds a bool that is neither 0 nor 1");
    return {};
  }

  Status read_texts(std::string_view key, GgufValue& value) {
    const std::uint64_t begin = at_;
    if (value.count_ > left() / 8)
      return corrupt("the metadata key " + quoted_excerpt(key) + " claims " + std::to_string(value.count_) + " texts, but " +
                     std::to_string(left()) + " bytes are left in the file");
    for (std::uint64_t i = 0; i < value.count_; ++i) {
      std::string_view text;
      if (!take_text(text)) return cut("text " + std::to_string(i + 1) + " of " + quoted_excerpt(key));
    }
    value.bytes_ = bytes_.subspan(begin, at_ - begin);
    return {};
  }

  Status read_alignment() {
    const GgufValue* value = file_.find("general.alignment");
    if (value == nullptr) return {};
    const auto alignment = value->as_u64();
    if (!alignment || !std::has_single_bit(*alignment) || *alignment > (1u << 30))
      return corrupt("general.alignment must be a power of two, but it is " + value->to_json(0).dump());
    alignment_ = *alignment;
    return {};
  }

  Status read_tensor(std::uint64_t number) {
    const std::string place = "tensor " + std::to_string(number + 1) + " of " + std::to_string(n_tensors_);
    GgufTensor tensor;
    std::uint32_t dimensions = 0;
    if (!take_text(tensor.name)) return cut(place);
    if (tensor.name.empty() || tensor.name.size() > kMaxNameBytes)
      return corrupt(place + " has a name of " + std::to_string(tensor.name.size()) + " bytes; 1 to 64 are allowed");
    const std::string name = "tensor " + quoted_excerpt(tensor.name);
    if (!file_.tensor_index_.emplace(tensor.name, file_.tensors_.size()).second) return corrupt(name + " appears twice");
    if (!take(dimensions)) return cut(name);
    if (dimensions == 0 || dimensions > kMaxDimensions)
      return corrupt(name + " has " + std::to_string(dimensions) + " dimensions; 1 to 4 are allowed");
    std::uint64_t elements = 1;
    for (std::uint32_t i = 0; i < dimensions; ++i) {
      std::uint64_t size = 0;
      if (!take(size)) return cut(name);
      if (size == 0 || size > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / elements)
        return corrupt(name + " has an impossible dimension of " + std::to_string(size));
      elements *= size;
      tensor.shape.insert(tensor.shape.begin(), static_cast<std::int64_t>(size));  // the file has the fastest first
    }
    std::uint64_t offset = 0;
    if (!take(tensor.type_id) || !take(offset)) return cut(name);
    WEFT_RETURN_IF_ERROR(measure(tensor, elements, name));
    if (offset % alignment_ != 0)
      return corrupt(name + " starts at " + std::to_string(offset) + ", which is no multiple of the alignment " +
                     std::to_string(alignment_));
    offsets_.push_back(offset);
    file_.tensors_.push_back(std::move(tensor));
    return {};
  }

  static Status measure(GgufTensor& tensor, std::uint64_t elements, const std::string& name) {
    const GgufBlockFormat* format = gguf_block_format(tensor.type_id);
    if (format == nullptr)
      return unsupported(name + " has the type number " + std::to_string(tensor.type_id) + ", which this version does not know");
    tensor.type_name = format->name;
    if (tensor.shape.back() % format->block_elements != 0)
      return corrupt(name + " has rows of " + std::to_string(tensor.shape.back()) + " elements, but " + format->name +
                     " stores blocks of " + std::to_string(format->block_elements));
    const std::uint64_t blocks = elements / format->block_elements;
    if (blocks > std::numeric_limits<std::uint64_t>::max() / format->block_bytes) return corrupt(name + " is impossibly large");
    tensor.bytes = blocks * format->block_bytes;
    return {};
  }

  Status place_tensors() {
    if (file_.tensors_.empty()) return {};
    const std::uint64_t start = at_ + (alignment_ - at_ % alignment_) % alignment_;
    const std::uint64_t size = start <= bytes_.size() ? bytes_.size() - start : 0;
    std::vector<std::size_t> order(offsets_.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      order[i] = i;
      GgufTensor& tensor = file_.tensors_[i];
      if (offsets_[i] > size || tensor.bytes > size - offsets_[i])
        return corrupt("tensor " + quoted_excerpt(tensor.name) + " needs " + std::to_string(tensor.bytes) + " bytes at " +
                       std::to_string(offsets_[i]) + ", but the file holds " + std::to_string(size) +
                       " bytes of data; it is cut off or damaged, download it again");
      tensor.data = bytes_.data() + start + offsets_[i];
    }
    std::sort(order.begin(), order.end(), [this](auto a, auto b) { return offsets_[a] < offsets_[b]; });
    for (std::size_t i = 1; i < order.size(); ++i) {
      const GgufTensor &before = file_.tensors_[order[i - 1]], &after = file_.tensors_[order[i]];
      if (before.data + before.bytes > after.data)
        return corrupt("the tensors " + quoted_excerpt(before.name) + " and " + quoted_excerpt(after.name) + " overlap");
    }
    return {};
  }

  GgufFile& file_;
  std::span<const std::byte> bytes_;
  std::uint64_t at_ = 0, n_tensors_ = 0, n_keys_ = 0, alignment_ = kDefaultAlignment;
  std::vector<std::uint64_t> offsets_;  // of tensors_, relative to the data
};

bool begins_as_gguf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  char magic[4] = {};
  return file.read(magic, sizeof(magic)) && std::memcmp(magic, "GGUF", sizeof(magic)) == 0;
}

Result<std::shared_ptr<const GgufFile>> GgufFile::open(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(MappedFile map, MappedFile::open(path));
  std::shared_ptr<GgufFile> file(new GgufFile(std::move(map)));
  file->path_ = path;
  if (Status status = GgufReader(*file).read(); !status.ok()) return status.with_context(path);
  return std::shared_ptr<const GgufFile>(std::move(file));
}

// --- look-up ------------------------------------------------------------------------------------------------------

const GgufValue* GgufFile::find(std::string_view key) const {
  const auto found = key_index_.find(key);
  return found == key_index_.end() ? nullptr : &metadata_[found->second].second;
}

const GgufTensor* GgufFile::find_tensor(std::string_view name) const {
  const auto found = tensor_index_.find(name);
  return found == tensor_index_.end() ? nullptr : &tensors_[found->second];
}

std::optional<std::string_view> GgufFile::get_string(std::string_view key) const {
  const GgufValue* value = find(key);
  return value ? value->as_string() : std::nullopt;
}

std::optional<std::uint64_t> GgufFile::get_u64(std::string_view key) const {
  const GgufValue* value = find(key);
  return value ? value->as_u64() : std::nullopt;
}

std::optional<double> GgufFile::get_f64(std::string_view key) const {
  const GgufValue* value = find(key);
  return value ? value->as_f64() : std::nullopt;
}

std::optional<bool> GgufFile::get_bool(std::string_view key) const {
  const GgufValue* value = find(key);
  return value ? value->as_bool() : std::nullopt;
}

namespace {

template <typename T>
Result<std::vector<T>> needed(const GgufFile& file, std::string_view key, const char* kind,
                              std::optional<std::vector<T>> (GgufValue::*as)() const) {
  const GgufValue* value = file.find(key);
  if (value == nullptr) return not_found(file.path() + " has no metadata key " + std::string(key));
  auto list = (value->*as)();
  if (!list)
    return corrupt(file.path() + ": metadata key " + std::string(key) + " should be an array of " + kind + ", but is " +
                   value->describe());
  return std::move(*list);
}

}  // namespace

Result<std::vector<std::string_view>> GgufFile::get_strings(std::string_view key) const {
  return needed<std::string_view>(*this, key, "texts", &GgufValue::as_strings);
}

Result<std::vector<std::int64_t>> GgufFile::get_ints(std::string_view key) const {
  return needed<std::int64_t>(*this, key, "integers", &GgufValue::as_ints);
}

Result<std::vector<float>> GgufFile::get_floats(std::string_view key) const {
  return needed<float>(*this, key, "numbers", &GgufValue::as_floats);
}

}  // namespace weft
