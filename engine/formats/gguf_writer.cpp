// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/gguf_writer.h"

#include <bit>
#include <cstring>

#include "engine/core/files.h"
#include "engine/formats/gguf.h"

namespace weft {
namespace {

static_assert(std::endian::native == std::endian::little);
constexpr std::uint64_t kAlignment = 32;
constexpr std::uint32_t kF32 = 0, kF16 = 1;   // ggml's numbers

template <typename T>
void append(std::string& to, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  to.append(bytes, sizeof value);
}

void append_text(std::string& to, const std::string& text) {
  append(to, static_cast<std::uint64_t>(text.size()));
  to += text;
}

void append_entry(std::string& to, const GgufEntry& entry) {
  append_text(to, entry.first);
  if (const auto* number = std::get_if<std::uint32_t>(&entry.second)) {
    append(to, static_cast<std::uint32_t>(GgufType::U32));
    append(to, *number);
  } else if (const auto* real = std::get_if<float>(&entry.second)) {
    append(to, static_cast<std::uint32_t>(GgufType::F32));
    append(to, *real);
  } else {
    append(to, static_cast<std::uint32_t>(GgufType::String));
    append_text(to, std::get<std::string>(entry.second));
  }
}

std::uint64_t aligned(std::uint64_t size) { return (size + kAlignment - 1) / kAlignment * kAlignment; }

}  // namespace

Status write_gguf(const std::string& path, const std::vector<GgufEntry>& metadata, const std::vector<SafeTensorSource>& tensors) {
  std::string head = "GGUF";
  append(head, std::uint32_t{3});
  append(head, static_cast<std::uint64_t>(tensors.size()));
  append(head, static_cast<std::uint64_t>(metadata.size()));
  for (const auto& entry : metadata) append_entry(head, entry);
  std::vector<std::uint64_t> sizes;
  std::uint64_t offset = 0;
  for (const auto& t : tensors) {
    if (t.dtype != "F32" && t.dtype != "F16") return internal_error("[export] a GGUF tensor of " + t.dtype);
    append_text(head, t.name);
    append(head, static_cast<std::uint32_t>(t.shape.size()));
    std::uint64_t elements = 1;
    for (auto dim = t.shape.rbegin(); dim != t.shape.rend(); ++dim) {   // innermost first
      append(head, static_cast<std::uint64_t>(*dim));
      elements *= static_cast<std::uint64_t>(*dim);
    }
    append(head, t.dtype == "F32" ? kF32 : kF16);
    append(head, offset);
    sizes.push_back(elements * (t.dtype == "F32" ? 4 : 2));
    offset += aligned(sizes.back());
  }
  head.resize(aligned(head.size()));
  WEFT_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::create(path));
  WEFT_RETURN_IF_ERROR(file.write(head));
  std::vector<std::byte> buffer;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    buffer.assign(aligned(sizes[i]), std::byte{0});
    WEFT_RETURN_IF_ERROR(tensors[i].fill(buffer.data(), sizes[i]));
    WEFT_RETURN_IF_ERROR(file.write(buffer.data(), buffer.size()));
  }
  return file.commit();
}

}  // namespace weft
