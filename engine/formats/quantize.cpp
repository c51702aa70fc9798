// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/quantize.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>
#include <filesystem>

#include <fmt/format.h>

#include "engine/core/disk.h"
#include "engine/core/files.h"
#include "engine/core/text_util.h"
#include "engine/formats/gguf_writer.h"
#include "engine/formats/model_source.h"
#include "engine/quant/gguf_blocks.h"
#include "engine/quant/gguf_encode.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

constexpr const char* kFile = "model.gguf";
constexpr const char* kAtLeast = "Q8_0";   // of embeddings and output layer: what is rounded there is rounded for every token

std::int64_t rows_of(const Weight& weight) { return weight.shape.size() > 1 ? weight.shape[0] : 1; }

// As the file has it: rotary rows stay where they are.
Status stored_rows(Weight weight, std::int64_t first, std::int64_t rows, float* out) {
  weight.rope_heads = 0;
  return decode_weight_rows(weight, first, rows, out);
}

struct Errors {
  double missed = 0, whole = 0;    // squared Frobenius norms
  [[nodiscard]] double share() const { return whole > 0 ? std::sqrt(missed / whole) : 0; }
  void add(const float* before, const float* after, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const double was = static_cast<double>(before[i]), left = was - static_cast<double>(after[i]);
      missed += left * left;
      whole += was * was;
    }
  }
};

// The tensor in blocks, and how far they are off, as it is written.
SafeTensorSource encoded(const Weight& weight, const GgufEncoder& encoder, Errors& errors) {
  const GgufBlockFormat& format = *gguf_block_format(encoder.name);
  const auto fill_rows = [&weight, &encoder, &format, &errors](std::int64_t first, std::int64_t rows, std::byte* out) -> Status {
    const auto count = static_cast<std::size_t>(rows * (weight.elements() / rows_of(weight)));
    std::vector<float> values(count), again(count);
    WEFT_RETURN_IF_ERROR(stored_rows(weight, first, rows, values.data()));
    const std::size_t blocks = count / format.block_elements;
    const auto strange = std::find_if(values.begin(), values.end(), [](float value) { return !std::isfinite(value); });
    if (strange != values.end())
      return corrupt(fmt::format("{} holds a value that is no number, in row {}", weight.stored_name, first + (strange - values.begin()) / (weight.elements() / rows_of(weight))));
    encoder.encode(values.data(), out, blocks);
    format.decode(out, again.data(), blocks);
    if (!std::all_of(again.begin(), again.end(), [](float value) { return std::isfinite(value); }))
      return unsupported(fmt::format("{} holds values too large for the 16-bit scales of {}; leave this model in {}", weight.stored_name, encoder.name, weight.stored_type));
    errors.add(values.data(), again.data(), count);
    const auto row_bytes = weight.bytes / static_cast<std::uint64_t>(rows_of(weight));
    release_pages({weight.data + static_cast<std::uint64_t>(first) * row_bytes, static_cast<std::uint64_t>(rows) * row_bytes});
    return {};
  };
  return {.name = weight.stored_name, .dtype = encoder.name, .shape = weight.shape, .fill = {}, .fill_rows = fill_rows};
}

SafeTensorSource as_it_is(const Weight& weight) {
  const auto fill_rows = [&weight](std::int64_t first, std::int64_t rows, std::byte* out) -> Status {
    const std::uint64_t row_bytes = weight.bytes / static_cast<std::uint64_t>(rows_of(weight));
    std::memcpy(out, weight.data + static_cast<std::uint64_t>(first) * row_bytes, static_cast<std::uint64_t>(rows) * row_bytes);
    return {};
  };
  return {.name = weight.stored_name, .dtype = weight.stored_type, .shape = weight.shape, .fill = {}, .fill_rows = fill_rows};
}

bool is_read_by_every_token(const Weight& weight) { return weight.name == "model.embed_tokens.weight" || weight.name == "lm_head.weight"; }

double bits_of(const GgufBlockFormat& format) { return 8.0 * format.block_bytes / format.block_elements; }

// Which of the encoders a weight is for; null, and why, where it stays.
const GgufEncoder* encoder_for(const Weight& weight, const GgufEncoder& asked, std::string& kept) {
  const GgufEncoder& encoder = is_read_by_every_token(weight) ? *gguf_encoder(kAtLeast) : asked;
  const GgufBlockFormat &format = *gguf_block_format(encoder.name), *stored = gguf_block_format(weight.stored_type.c_str());
  if (weight.shape.size() < 2)
    kept = "a vector";
  else if (weight.shape.back() % format.block_elements != 0)
    kept = fmt::format("rows of {} numbers are no whole blocks of {}", weight.shape.back(), format.block_elements);
  else if (stored && bits_of(*stored) <= bits_of(format))
    kept = fmt::format("{} has no more bits", weight.stored_type);
  return kept.empty() ? &encoder : nullptr;
}

// What another program will find: the file opened as any other, every matrix as far off as it was when it was made.
Status check_written(const std::string& path, const ModelSource& before, const std::vector<Errors>& errors) {
  WEFT_ASSIGN_OR_RETURN(const auto after, ModelSource::open(path));
  if (after->weights().size() != before.weights().size()) return internal_error("[quantize] the written file holds other tensors than it was given");
  std::vector<float> was, is;
  for (std::size_t i = 0; i < before.weights().size(); ++i) {
    const Weight &old = before.weights()[i], &now = after->weights()[i];
    Errors found;
    const std::int64_t all = rows_of(old), columns = old.elements() / all;
    const std::int64_t step = std::max<std::int64_t>(1, (1 << 20) / columns);
    if (old.stored_name != now.stored_name || old.shape != now.shape) return internal_error("[quantize] " + old.stored_name + " was not read back in its place");
    for (std::int64_t row = 0; row < all; row += step) {
      const std::int64_t rows = std::min(step, all - row);
      was.resize(static_cast<std::size_t>(rows * columns));
      is.resize(was.size());
      const std::int64_t count = old.shape.size() > 1 ? rows : old.shape[0];
      WEFT_RETURN_IF_ERROR(stored_rows(old, row, count, was.data()));
      WEFT_RETURN_IF_ERROR(stored_rows(now, row, count, is.data()));
      found.add(was.data(), is.data(), was.size());
    }
    if (!(std::abs(found.missed - errors[i].missed) <= 1e-9 * (1e-30 + errors[i].whole)))
      return internal_error(fmt::format("[quantize] {} is read back {:.4g} off instead of {:.4g}; nothing was kept", old.stored_name, found.share(), errors[i].share()));
    release_pages({old.data, old.bytes});
  }
  return {};
}

}  // namespace

std::vector<std::string> quantize_codecs() {
  std::vector<std::string> names;
  for (const auto& encoder : gguf_encoders()) {
    names.emplace_back(encoder.name);
    for (char& c : names.back()) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return names;
}

Json to_json(const QuantizeReport& report) {
  Json tensors = Json::array();
  for (const auto& t : report.tensors) {
    tensors.push_back({{"name", t.name}, {"from", t.from}, {"to", t.to}, {"shape", t.shape}, {"bytes", t.bytes}, {"bits", t.bits}});
    if (t.kept.empty())
      tensors.back()["error"] = t.error;
    else
      tensors.back()["kept"] = t.kept;
  }
  return {{"type", "quantize"}, {"path", report.path}, {"codec", report.codec}, {"bytes", report.bytes}, {"bytes_before", report.bytes_before},
          {"error", report.error}, {"bits", report.bits}, {"tensors", tensors}};
}

Result<QuantizeReport> quantize_model(const QuantizeRequest& request, const std::function<bool(std::size_t, std::size_t)>& on_tensor) {
  const GgufEncoder* asked = gguf_encoder(request.codec);
  if (!asked) return invalid_argument("[quantize] codec " + quoted_excerpt(request.codec) + " is not one of " + join(quantize_codecs(), ", "));
  WEFT_ASSIGN_OR_RETURN(const auto source, ModelSource::open(request.model));
  if (!source->gguf())
    return unsupported("[quantize] " + request.model +
                       " is a Hugging Face folder, and GGUF files are quantised here: convert it with llama.cpp's convert_hf_to_gguf.py, or train it as it is with "
                       "storage = \"nf4\"");
  QuantizeReport report{.path = {}, .codec = asked->name, .bytes = 0, .bytes_before = source->gguf()->file_bytes(), .error = 0, .bits = 0, .tensors = {}};
  const auto& weights = source->weights();
  std::vector<Errors> errors(weights.size());
  std::vector<SafeTensorSource> tensors;
  std::uint64_t needed = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const Weight& weight = weights[i];
    QuantizedTensor& row = report.tensors.emplace_back();
    const GgufEncoder* encoder = encoder_for(weight, *asked, row.kept);
    tensors.push_back(encoder ? encoded(weight, *encoder, errors[i]) : as_it_is(weight));
    if (on_tensor)
      tensors.back().fill_rows = [fill = tensors.back().fill_rows, &on_tensor, i, all = weights.size()](std::int64_t first, std::int64_t rows, std::byte* out) -> Status {
        if (!on_tensor(i, all)) return {ErrorCode::Cancelled, "[quantize] was interrupted; nothing was kept"};
        return fill(first, rows, out);
      };
    const GgufBlockFormat& format = *gguf_block_format(tensors.back().dtype.c_str());
    row.name = weight.stored_name;
    row.from = weight.stored_type;
    row.to = format.name;
    row.shape = weight.shape;
    row.bits = bits_of(format);
    row.bytes = static_cast<std::uint64_t>(weight.elements()) / format.block_elements * format.block_bytes;
    needed += row.bytes;
  }
  if (std::none_of(report.tensors.begin(), report.tensors.end(), [](const auto& t) { return t.kept.empty(); }))
    return invalid_argument(fmt::format("[quantize] nothing in {} would get smaller: its matrices have no more bits than {}, or no whole blocks", request.model, asked->name));
  const auto free = free_disk_bytes(request.out);
  if (free && *free < needed + (needed >> 4))
    return io_error(fmt::format("[quantize] {} bytes are needed and {} are free at {}; free some space or choose another folder", needed, *free, request.out));
  const auto write_and_check = [&](const fs::path& folder) -> Status {
    const std::string file = (folder / kFile).string();
    WEFT_RETURN_IF_ERROR(write_gguf(file, metadata_for(*source->gguf(), asked->name), tensors));
    return check_written(file, *source, errors);
  };
  WEFT_RETURN_IF_ERROR(write_folder_atomically(request.out, write_and_check));
  Errors all;
  std::uint64_t bytes = 0;
  double numbers = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    QuantizedTensor& row = report.tensors[i];
    row.error = errors[i].share();
    if (!row.kept.empty()) continue;
    all.missed += errors[i].missed;
    all.whole += errors[i].whole;
    bytes += row.bytes;
    numbers += static_cast<double>(weights[i].elements());
  }
  report.error = all.share();
  report.bits = 8 * static_cast<double>(bytes) / numbers;
  const fs::path written = fs::absolute(request.out).lexically_normal() / kFile;
  report.path = written.string();
  std::error_code error;
  report.bytes = static_cast<std::uint64_t>(fs::file_size(written, error));
  return report;
}

}  // namespace weft
