// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/formats/gguf_writer.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <iterator>

#include "engine/core/files.h"
#include "engine/core/text_util.h"
#include "engine/formats/part_writer.h"
#include "engine/quant/gguf_blocks.h"

namespace weft {
namespace {

static_assert(std::endian::native == std::endian::little);
constexpr std::uint64_t kAlignment = 32;

// llama.cpp's numbers of what most of a file's matrices are (llama_ftype).
struct FileType {
  const char* dtype;
  std::uint32_t number;
};
constexpr FileType kFileTypes[] = {{"F32", 0}, {"F16", 1}, {"Q4_0", 2}, {"Q4_1", 3}, {"Q8_0", 7}, {"Q5_0", 8}, {"Q5_1", 9}, {"BF16", 32}};

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
  } else if (const auto* stored = std::get_if<GgufValue>(&entry.second)) {
    append(to, static_cast<std::uint32_t>(stored->type()));
    if (stored->is_array()) {
      append(to, static_cast<std::uint32_t>(stored->element_type()));
      append(to, stored->count());
    } else if (stored->type() == GgufType::String) {
      append(to, static_cast<std::uint64_t>(stored->stored().size()));
    }
    to.append(reinterpret_cast<const char*>(stored->stored().data()), stored->stored().size());
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
    const GgufBlockFormat* format = gguf_block_format(t.dtype.c_str());
    if (!format || t.shape.empty() || t.shape.back() % format->block_elements != 0)
      return internal_error("[export] the GGUF tensor " + quoted_excerpt(t.name) + " cannot be stored as " + t.dtype);
    append_text(head, t.name);
    append(head, static_cast<std::uint32_t>(t.shape.size()));
    std::uint64_t elements = 1;
    for (auto dim = t.shape.rbegin(); dim != t.shape.rend(); ++dim) {   // innermost first
      append(head, static_cast<std::uint64_t>(*dim));
      elements *= static_cast<std::uint64_t>(*dim);
    }
    append(head, format->id);
    append(head, offset);
    sizes.push_back(elements / format->block_elements * format->block_bytes);
    offset += aligned(sizes.back());
  }
  head.resize(aligned(head.size()));
  WEFT_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::create(path));
  WEFT_RETURN_IF_ERROR(file.write(head));
  PartWriter writer(file);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    WEFT_RETURN_IF_ERROR(write_tensor(tensors[i], sizes[i], writer));
    const std::uint64_t padding = aligned(sizes[i]) - sizes[i];
    if (padding == 0) continue;
    std::memset(writer.next(padding), 0, padding);
    WEFT_RETURN_IF_ERROR(writer.put());
  }
  WEFT_RETURN_IF_ERROR(writer.finish());
  return file.commit();
}

std::vector<GgufEntry> metadata_for(const GgufFile& model, const std::string& dtype, const std::string& chat_template) {
  const std::string template_key = "tokenizer.chat_template";
  std::vector<GgufEntry> entries;
  for (const auto& [key, value] : model.metadata()) {
    const bool of_the_file = key == "general.alignment" || key == "general.file_type" || key == "general.quantization_version" || key.starts_with("split.") ||
                             key.starts_with("quantize.");
    if (of_the_file || (key == template_key && !chat_template.empty())) continue;
    entries.emplace_back(std::string(key), value);
  }
  if (!chat_template.empty()) entries.emplace_back(template_key, chat_template);
  const auto type = std::find_if(std::begin(kFileTypes), std::end(kFileTypes), [&](const FileType& each) { return dtype == each.dtype; });
  if (type != std::end(kFileTypes)) entries.emplace_back("general.file_type", type->number);
  entries.emplace_back("general.quantization_version", std::uint32_t{2});
  return entries;
}

}  // namespace weft
