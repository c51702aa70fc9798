// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <set>

#include "engine/core/json.h"
#include "engine/core/text_util.h"
#include "engine/formats/part_writer.h"

namespace weft {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are read in place");

constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;  // as the reference reader
constexpr std::size_t kMaxTensors = 1u << 18;
constexpr std::size_t kMaxDimensions = 32;
constexpr const char* kMetadataKey = "__metadata__";

// In the reference's order: the writer puts the highest rank first, so that every tensor is aligned.
struct Dtype {
  const char* name;
  unsigned bits;
};
constexpr Dtype kDtypes[] = {
    {"BOOL", 8},     {"F4", 4},       {"F6_E2M3", 6},  {"F6_E3M2", 6}, {"U8", 8},   {"I8", 8},   {"F8_E5M2", 8}, {"F8_E4M3", 8},
    {"F8_E8M0", 8},  {"I16", 16},     {"U16", 16},     {"F16", 16},    {"BF16", 16}, {"I32", 32}, {"U32", 32},   {"F32", 32},
    {"C64", 64},     {"F64", 64},     {"I64", 64},     {"U64", 64},
};

const Dtype* find_dtype(const std::string& name) {
  for (const auto& dtype : kDtypes)
    if (name == dtype.name) return &dtype;
  return nullptr;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

// Bytes of a tensor; nullopt when they do not fit 63 bits or sub-byte elements do not fill the last byte.
std::optional<std::uint64_t> tensor_bytes(const Dtype& dtype, const std::vector<std::int64_t>& shape) {
  std::uint64_t bits = dtype.bits;
  for (const auto size : shape) {
    if (size == 0) return 0;
    if (static_cast<std::uint64_t>(size) > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / bits)
      return std::nullopt;
    bits *= static_cast<std::uint64_t>(size);
  }
  return bits % 8 == 0 ? std::optional(bits / 8) : std::nullopt;
}

struct Entry {
  SafeTensor tensor;
  std::uint64_t begin = 0, end = 0;
};

// Reads the header event by event: a hostile header of 100 MB makes no tree in memory, and no key is looked up linearly.
class HeaderHandler final : public nlohmann::json_sax<Json> {
 public:
  std::vector<Entry> entries;
  std::map<std::string, std::string> metadata;
  Status status;

  bool null() override { return refuse_value("null"); }
  bool boolean(bool) override { return refuse_value("a bool"); }
  bool number_integer(number_integer_t) override { return refuse_value("a negative number"); }
  bool number_float(number_float_t, const string_t&) override { return refuse_value("a fraction or a number over 64 bits"); }
  bool binary(binary_t&) override { return refuse_value("binary data"); }

  bool number_unsigned(number_unsigned_t number) override {
    if (state_ != State::Numbers) return refuse_value("a number");
    if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return refuse_value("a number over 63 bits");
    if (numbers_.size() >= kMaxDimensions) return refuse("has over " + std::to_string(kMaxDimensions) + " numbers in " + field_);
    numbers_.push_back(static_cast<std::int64_t>(number));
    return true;
  }

  bool string(string_t& text) override {
    if (state_ == State::Metadata) {
      metadata[field_] = text;
      return true;
    }
    if (state_ != State::Tensor || field_ != "dtype") return refuse_value("a text");
    entries.back().tensor.dtype = text;
    return true;
  }

  bool start_object(std::size_t) override {
    if (state_ == State::Start) {
      state_ = State::Root;
      return true;
    }
    if (state_ != State::Root) return refuse_value("an object");
    seen_.clear();
    if (name_ == kMetadataKey) {
      state_ = State::Metadata;
      return true;
    }
    if (entries.size() >= kMaxTensors) return fail("it lists over " + std::to_string(kMaxTensors) + " tensors");
    entries.emplace_back().tensor.name = name_;
    state_ = State::Tensor;
    return true;
  }

  bool key(string_t& text) override {
    if (state_ == State::Root) {
      name_ = text;
      field_.clear();
      if (!names_.insert(text).second) return fail("the header names " + quoted_excerpt(text) + " twice");
      return true;
    }
    field_ = text;
    if (!seen_.insert(text).second) return refuse("has the key " + quoted_excerpt(text) + " twice");
    if (state_ == State::Tensor && text != "dtype" && text != "shape" && text != "data_offsets")
      return refuse("has the unknown key " + quoted_excerpt(text));
    return true;
  }

  bool end_object() override {
    if (state_ == State::Tensor && seen_.size() != 3) return refuse("lacks dtype, shape or data_offsets");
    state_ = state_ == State::Root ? State::End : State::Root;
    return true;
  }

  bool start_array(std::size_t) override {
    if (state_ != State::Tensor || field_ == "dtype") return refuse_value("a list");
    numbers_.clear();
    state_ = State::Numbers;
    return true;
  }

  bool end_array() override {
    state_ = State::Tensor;
    if (field_ == "shape") {
      entries.back().tensor.shape = numbers_;
      return true;
    }
    if (numbers_.size() != 2 || numbers_[0] > numbers_[1]) return refuse("has bad data_offsets " + shape_text(numbers_));
    entries.back().begin = static_cast<std::uint64_t>(numbers_[0]);
    entries.back().end = static_cast<std::uint64_t>(numbers_[1]);
    return true;
  }

  bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception&) override {
    return fail("its header is not valid JSON near byte " + std::to_string(position) + " " + quoted_excerpt(token, 20));
  }

 private:
  enum class State { Start, Root, Metadata, Tensor, Numbers, End };

  bool fail(std::string message) {
    if (status.ok()) status = corrupt(std::move(message));
    return false;
  }
  bool refuse(const std::string& what) { return fail("tensor " + quoted_excerpt(name_) + " " + what); }
  bool refuse_value(const std::string& kind) {
    if (state_ == State::Metadata) return fail("__metadata__ maps texts to texts, but " + quoted_excerpt(field_) + " is " + kind);
    if (state_ == State::Start) return fail("its header is " + kind + ", not an object");
    if (field_.empty()) return fail("the entry " + quoted_excerpt(name_) + " is " + kind + ", not an object");
    return refuse("has " + kind + " in " + quoted_excerpt(field_));
  }

  State state_ = State::Start;
  std::string name_, field_;
  std::set<std::string> names_, seen_;
  std::vector<std::int64_t> numbers_;
};

Status check_size(const SafeTensor& tensor, std::uint64_t begin, std::uint64_t end) {
  const std::string name = "tensor " + quoted_excerpt(tensor.name);
  const Dtype* dtype = find_dtype(tensor.dtype);
  if (dtype == nullptr) return unsupported(name + " has the unknown dtype " + quoted_excerpt(tensor.dtype));
  const auto bytes = tensor_bytes(*dtype, tensor.shape);
  if (!bytes) return corrupt(name + " has the impossible shape " + shape_text(tensor.shape));
  if (*bytes != end - begin)
    return corrupt(name + " of shape " + shape_text(tensor.shape) + " " + tensor.dtype + " takes " + std::to_string(*bytes) +
                   " bytes, but its data_offsets hold " + std::to_string(end - begin));
  return {};
}

// Every byte of the data belongs to exactly one tensor. Sorts by offset.
Status check_cover(std::vector<Entry>& entries, std::uint64_t size) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t at = 0;
  for (const auto& entry : entries) {
    const std::string name = "tensor " + quoted_excerpt(entry.tensor.name);
    if (entry.begin != at)
      return corrupt(name + " starts at byte " + std::to_string(entry.begin) + " of the data, but the tensors before it end at " +
                     std::to_string(at) + (entry.begin < at ? ": they overlap" : ": there is a hole"));
    if (entry.end > size)
      return corrupt(name + " ends at byte " + std::to_string(entry.end) + " of the data, but the file holds " + std::to_string(size) +
                     "; it is cut off or damaged, download it again");
    at = entry.end;
  }
  if (at != size)
    return corrupt("the tensors take " + std::to_string(at) + " bytes, but the file holds " + std::to_string(size) + " bytes of data");
  return {};
}

Result<std::string> header_text(const std::vector<SafeTensorSource>& tensors, const std::vector<std::uint64_t>& sizes,
                                const std::map<std::string, std::string>& metadata) {
  const auto quoted = [](const std::string& text) { return to_json_line(Json(text)); };
  std::string header = "{";
  if (!metadata.empty()) {
    header += quoted(kMetadataKey) + ":{";
    for (const auto& [key, value] : metadata) header += (header.back() == '{' ? "" : ",") + quoted(key) + ":" + quoted(value);
    header += "}";
  }
  std::uint64_t at = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    header += (header.size() == 1 ? "" : ",") + quoted(tensors[i].name) + ":{\"dtype\":\"" + tensors[i].dtype + "\",\"shape\":[";
    for (std::size_t d = 0; d < tensors[i].shape.size(); ++d) header += (d ? "," : "") + std::to_string(tensors[i].shape[d]);
    header += "],\"data_offsets\":[" + std::to_string(at) + "," + std::to_string(at + sizes[i]) + "]}";
    at += sizes[i];
  }
  header += "}";
  while (header.size() % 8 != 0) header += ' ';
  if (header.size() > kMaxHeaderBytes) return invalid_argument("a safetensors header over 100 MB cannot be written");
  return header;
}

}  // namespace

std::uint64_t safetensors_dtype_bytes(const std::string& dtype) {
  const Dtype* found = find_dtype(dtype);
  return found ? found->bits / 8 : 0;
}

Result<std::shared_ptr<const SafeTensorsFile>> SafeTensorsFile::open(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(MappedFile map, MappedFile::open(path));
  const auto bytes = map.bytes();
  const auto fail = [&path](Status status) { return status.with_context(path); };
  std::uint64_t header_bytes = 0;
  if (bytes.size() < sizeof header_bytes)
    return fail(corrupt("not a safetensors file: it has only " + std::to_string(bytes.size()) + " bytes"));
  std::memcpy(&header_bytes, bytes.data(), sizeof header_bytes);
  if (header_bytes > kMaxHeaderBytes)
    return fail(corrupt("its header claims " + std::to_string(header_bytes) + " bytes; at most 100 MB are read (is it a safetensors file?)"));
  if (header_bytes > bytes.size() - 8)
    return fail(corrupt("its header claims " + std::to_string(header_bytes) + " bytes, but the file has " +
                        std::to_string(bytes.size()) + "; it is cut off or damaged, download it again"));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()) + 8, header_bytes);
  if (text.empty() || text[0] != '{') return fail(corrupt("its header does not start with '{' (is it a safetensors file?)"));
  if (text.find('\0') != std::string_view::npos) return fail(corrupt("its header holds a NUL byte"));

  HeaderHandler header;
  if (!Json::sax_parse(text.begin(), text.end(), &header)) return fail(header.status);
  const auto data = bytes.subspan(8 + header_bytes);
  for (const auto& entry : header.entries)
    if (Status status = check_size(entry.tensor, entry.begin, entry.end); !status.ok()) return fail(status);
  if (Status status = check_cover(header.entries, data.size()); !status.ok()) return fail(status);

  std::shared_ptr<SafeTensorsFile> file(new SafeTensorsFile(std::move(map)));
  file->path_ = path;
  file->metadata_ = std::move(header.metadata);
  file->tensors_.reserve(header.entries.size());
  for (auto& entry : header.entries) {
    entry.tensor.data = data.data() + entry.begin;
    entry.tensor.bytes = entry.end - entry.begin;
    file->by_name_.emplace(entry.tensor.name, file->tensors_.size());
    file->tensors_.push_back(std::move(entry.tensor));
  }
  return std::shared_ptr<const SafeTensorsFile>(std::move(file));
}

const SafeTensor* SafeTensorsFile::find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &tensors_[found->second];
}

Status write_safetensors(const std::string& path, std::vector<SafeTensorSource> tensors,
                         const std::map<std::string, std::string>& metadata) {
  std::set<std::string> names;
  for (const auto& tensor : tensors) {
    if (find_dtype(tensor.dtype) == nullptr)
      return invalid_argument("tensor " + quoted_excerpt(tensor.name) + " has the unknown dtype " + quoted_excerpt(tensor.dtype));
    if (tensor.name == kMetadataKey || !names.insert(tensor.name).second)
      return invalid_argument("the tensor name " + quoted_excerpt(tensor.name) + " is used twice or reserved");
    if (!tensor_bytes(*find_dtype(tensor.dtype), tensor.shape) ||
        std::any_of(tensor.shape.begin(), tensor.shape.end(), [](auto size) { return size < 0; }))
      return invalid_argument("tensor " + quoted_excerpt(tensor.name) + " has the impossible shape " + shape_text(tensor.shape));
  }
  std::sort(tensors.begin(), tensors.end(), [](const auto& a, const auto& b) {
    const Dtype *left = find_dtype(a.dtype), *right = find_dtype(b.dtype);
    return left != right ? left > right : a.name < b.name;
  });
  std::vector<std::uint64_t> sizes;
  for (const auto& tensor : tensors) sizes.push_back(*tensor_bytes(*find_dtype(tensor.dtype), tensor.shape));

  WEFT_ASSIGN_OR_RETURN(const std::string header, header_text(tensors, sizes, metadata));
  WEFT_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::create(path));
  const std::uint64_t header_bytes = header.size();
  WEFT_RETURN_IF_ERROR(file.write(&header_bytes, sizeof header_bytes));
  WEFT_RETURN_IF_ERROR(file.write(header));
  PartWriter writer(file);
  for (std::size_t i = 0; i < tensors.size(); ++i) WEFT_RETURN_IF_ERROR(write_tensor(tensors[i], sizes[i], writer));
  WEFT_RETURN_IF_ERROR(writer.finish());
  return file.commit();
}

}  // namespace weft
