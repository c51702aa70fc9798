// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/tokenizer_files.h"

#include <filesystem>

#include "engine/core/files.h"
#include "engine/core/json.h"
#include "engine/formats/gguf.h"
#include "engine/formats/model_source.h"
#include "engine/text/gguf_vocabulary.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMaxFile = 256ULL << 20;

Status copy_files(const fs::path& from, const fs::path& to) {
  for (const char* name : {"tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "chat_template.jinja",
                           "vocab.json", "merges.txt", "vocab.txt", "tokenizer.model", "generation_config.json"}) {
    std::error_code error;
    if (!fs::is_regular_file(from / name, error)) continue;
    WEFT_ASSIGN_OR_RETURN(const std::string content, read_file(from / name, kMaxFile));
    WEFT_RETURN_IF_ERROR(write_file_atomically(to / name, content));
  }
  return {};
}

Status write_rebuilt(const GgufFile& file, const fs::path& to) {
  if (!file.find("tokenizer.ggml.model")) return {};
  WEFT_ASSIGN_OR_RETURN(const GgufVocabulary vocabulary, read_gguf_vocabulary(file));
  WEFT_ASSIGN_OR_RETURN(const std::string tokenizer, tokenizer_json_of(vocabulary));
  WEFT_RETURN_IF_ERROR(write_file_atomically(to / "tokenizer.json", tokenizer));
  Json config = {{"tokenizer_class", "PreTrainedTokenizerFast"}, {"clean_up_tokenization_spaces", false}};
  const auto name_token = [&](const char* key, std::int64_t id) {
    if (id >= 0 && id < static_cast<std::int64_t>(vocabulary.tokens.size())) config[key] = std::string(vocabulary.tokens[static_cast<std::size_t>(id)]);
  };
  name_token("bos_token", vocabulary.bos);
  name_token("eos_token", vocabulary.eos);
  name_token("unk_token", vocabulary.unknown);
  if (const GgufValue* pad = file.find("tokenizer.ggml.padding_token_id"); pad && pad->as_i64()) name_token("pad_token", *pad->as_i64());
  if (const GgufValue* text = file.find("tokenizer.chat_template"); text && text->as_string()) config["chat_template"] = valid_utf8(*text->as_string());
  return write_file_atomically(to / "tokenizer_config.json", config.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace

Status write_tokenizer_files(const ModelSource& source, const std::string& folder) {
  return source.gguf() ? write_rebuilt(*source.gguf(), folder) : copy_files(source.folder(), folder);
}

}  // namespace weft
