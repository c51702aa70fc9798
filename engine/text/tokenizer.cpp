// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/tokenizer.h"

#include <fmt/format.h>

#include <filesystem>

#include "engine/core/files.h"
#include "engine/formats/gguf.h"
#include "engine/text/bridge_text.h"
#include "engine/text/gguf_vocabulary.h"
#include "engine/text/tokenizer_folder.h"

namespace weft {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxTokenizerBytes = 128u << 20;

struct FreeTokenizer {
  void operator()(weft_text_tokenizer* handle) const { weft_text_tokenizer_free(handle); }
};
using Handle = std::unique_ptr<weft_text_tokenizer, FreeTokenizer>;

Result<Handle> open_json(std::string_view json) {
  weft_text_tokenizer* handle = nullptr;
  weft_text_string error{};
  if (const int code = weft_text_tokenizer_from_json(json.data(), json.size(), &handle, &error); code != WEFT_TEXT_OK)
    return bridge_failure(code, ErrorCode::Corrupt, "not a usable tokenizer.json", error);
  return Handle(handle);
}

}  // namespace

struct Tokenizer::Impl {
  Handle handle;
  std::int32_t bos = -1, eos = -1;
  std::string description;

  [[nodiscard]] std::int32_t id_of(std::string_view piece) const {
    return static_cast<std::int32_t>(weft_text_id_of(handle.get(), piece.data(), piece.size()));
  }
  [[nodiscard]] std::int64_t vocabulary() const { return static_cast<std::int64_t>(weft_text_vocabulary(handle.get())); }
  [[nodiscard]] std::int32_t checked(std::int64_t id) const {
    return id >= 0 && id < vocabulary() ? static_cast<std::int32_t>(id) : -1;
  }
  void describe(const std::string& variant) {
    description = fmt::format("{}{}, {} tokens", weft_text_kind(handle.get()), variant.empty() ? "" : " (" + variant + ")", vocabulary());
  }
};

Tokenizer::Tokenizer(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

Result<Tokenizer> Tokenizer::load(const std::string& model_path) {
  std::error_code ignored;
  if (!fs::exists(model_path, ignored)) return not_found(model_path + ": no such file or folder");
  if (!fs::is_directory(model_path, ignored)) {
    if (fs::path(model_path).extension() == ".json") {
      WEFT_ASSIGN_OR_RETURN(const std::string json, read_file(model_path, kMaxTokenizerBytes));
      auto tokenizer = from_json(json);
      return tokenizer.ok() ? tokenizer : Result<Tokenizer>(tokenizer.status().with_context(model_path));
    }
    WEFT_ASSIGN_OR_RETURN(const auto file, GgufFile::open(model_path));
    auto tokenizer = from_gguf(*file);
    return tokenizer.ok() ? tokenizer : Result<Tokenizer>(tokenizer.status().with_context(model_path));
  }
  WEFT_ASSIGN_OR_RETURN(const TokenizerConfig config, read_tokenizer_config(model_path));
  WEFT_ASSIGN_OR_RETURN(const std::string json, tokenizer_json_of_folder(model_path, config));
  auto opened = open_json(json);
  if (!opened.ok()) return opened.status().with_context(model_path);
  auto impl = std::make_shared<Impl>();
  impl->handle = std::move(*opened);
  impl->bos = config.bos ? impl->id_of(*config.bos) : impl->checked(config.bos_id);
  impl->eos = config.eos ? impl->id_of(*config.eos) : impl->checked(config.eos_id);
  impl->describe("");
  return Tokenizer(std::move(impl));
}

Result<Tokenizer> Tokenizer::from_json(const std::string& tokenizer_json) {
  auto impl = std::make_shared<Impl>();
  WEFT_ASSIGN_OR_RETURN(impl->handle, open_json(tokenizer_json));
  impl->describe("");
  return Tokenizer(std::move(impl));
}

Result<Tokenizer> Tokenizer::from_gguf(const GgufFile& file) {
  auto impl = std::make_shared<Impl>();
  if (const auto json = file.get_string("tokenizer.huggingface.json")) {
    WEFT_ASSIGN_OR_RETURN(impl->handle, open_json(*json));
    const auto id = [&](const char* key) {
      const auto value = file.get_u64(key);
      return value && *value < 0xFFFFFFFFu ? impl->checked(static_cast<std::int64_t>(*value)) : -1;
    };
    impl->bos = id("tokenizer.ggml.bos_token_id");
    impl->eos = id("tokenizer.ggml.eos_token_id");
    impl->describe("");
    return Tokenizer(std::move(impl));
  }
  WEFT_ASSIGN_OR_RETURN(const GgufVocabulary vocabulary, read_gguf_vocabulary(file));
  WEFT_ASSIGN_OR_RETURN(const std::string json, tokenizer_json_of(vocabulary));
  auto opened = open_json(json);
  if (!opened.ok()) {
    Status status = opened.status();
    return Status(status.code(), "the tokenizer metadata do not fit together: " + status.message());
  }
  impl->handle = std::move(*opened);
  impl->bos = impl->checked(vocabulary.bos);
  impl->eos = impl->checked(vocabulary.eos);
  impl->describe(vocabulary.model == "gpt2" ? (vocabulary.pre.empty() ? "default" : vocabulary.pre) : "");
  return Tokenizer(std::move(impl));
}

Result<Encoding> Tokenizer::encode(std::string_view text, bool add_special) const {
  weft_text_encoding raw{};
  weft_text_string error{};
  const int code = weft_text_encode(impl_->handle.get(), text.data(), text.size(), add_special, &raw, &error);
  if (code != WEFT_TEXT_OK) return bridge_failure(code, ErrorCode::InvalidArgument, "the text cannot be tokenized", error);
  Encoding encoding;
  encoding.ids.assign(raw.ids, raw.ids + raw.count);
  encoding.begin.assign(raw.begin, raw.begin + raw.count);
  encoding.end.assign(raw.end, raw.end + raw.count);
  encoding.special.assign(raw.special, raw.special + raw.count);
  weft_text_encoding_free(raw);
  return encoding;
}

Result<std::string> Tokenizer::decode(const std::vector<std::int32_t>& ids, bool skip_special) const {
  std::vector<std::uint32_t> raw;
  raw.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (ids[i] < 0 || ids[i] >= vocabulary())
      return invalid_argument(fmt::format("id {} at position {} is outside the vocabulary of {}", ids[i], i, vocabulary()));
    raw.push_back(static_cast<std::uint32_t>(ids[i]));
  }
  weft_text_string out{}, error{};
  const int code = weft_text_decode(impl_->handle.get(), raw.data(), raw.size(), skip_special, &out, &error);
  if (code != WEFT_TEXT_OK) return bridge_failure(code, ErrorCode::InvalidArgument, "the ids cannot be decoded", error);
  return take_text(out);
}

std::string Tokenizer::piece(std::int32_t id) const {
  weft_text_string out{};
  if (id < 0 || weft_text_piece(impl_->handle.get(), static_cast<std::uint32_t>(id), &out) == 0) return "";
  return take_text(out);
}

std::int64_t Tokenizer::vocabulary() const { return impl_->vocabulary(); }
std::int32_t Tokenizer::id_of(const std::string& piece) const { return impl_->id_of(piece); }
std::int32_t Tokenizer::bos_id() const { return impl_->bos; }
std::int32_t Tokenizer::eos_id() const { return impl_->eos; }
const std::string& Tokenizer::description() const { return impl_->description; }

}  // namespace weft
