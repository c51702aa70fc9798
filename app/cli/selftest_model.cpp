// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/selftest_model.h"

#include <cstring>
#include <filesystem>
#include <random>
#include <vector>

#include "engine/core/files.h"
#include "engine/formats/safetensors.h"

namespace weft::cli {
namespace fs = std::filesystem;
namespace {

constexpr std::int64_t kVocabulary = 258, kWidth = 64, kLayers = 2, kHeads = 4, kFeedForward = 128;

// The character that byte-level BPE writes for a byte: printable ones stand for themselves, the rest follow from
// U+0100.
std::string byte_character(int byte) {
  const auto plain = [](int b) { return (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || (b >= 174 && b <= 255); };
  int code = byte;
  if (!plain(byte)) {
    code = 256;
    for (int b = 0; b < byte; ++b) code += plain(b) ? 0 : 1;
  }
  if (code < 0x80) return std::string(1, static_cast<char>(code));
  return {static_cast<char>(0xC0 | (code >> 6)), static_cast<char>(0x80 | (code & 0x3F))};
}

Json tokenizer_json() {
  Json vocabulary = Json::object(), added = Json::array();
  const char* special[] = {"<s>", "</s>"};
  for (int i = 0; i < 2; ++i) {
    vocabulary[special[i]] = i;
    added.push_back({{"id", i},
                     {"content", special[i]},
                     {"single_word", false},
                     {"lstrip", false},
                     {"rstrip", false},
                     {"normalized", false},
                     {"special", true}});
  }
  for (int byte = 0; byte < 256; ++byte) vocabulary[byte_character(byte)] = byte + 2;
  const Json byte_level = {
      {"type", "ByteLevel"}, {"add_prefix_space", false}, {"trim_offsets", true}, {"use_regex", false}};
  return {{"version", "1.0"},
          {"truncation", nullptr},
          {"padding", nullptr},
          {"added_tokens", added},
          {"normalizer", nullptr},
          {"pre_tokenizer", byte_level},
          {"post_processor", nullptr},
          {"decoder", byte_level},
          {"model",
           {{"type", "BPE"},
            {"dropout", nullptr},
            {"unk_token", nullptr},
            {"continuing_subword_prefix", nullptr},
            {"end_of_word_suffix", nullptr},
            {"fuse_unk", false},
            {"byte_fallback", false},
            {"vocab", vocabulary},
            {"merges", Json::array()}}}};
}

Json config_json() {
  return {{"architectures", {"LlamaForCausalLM"}},
          {"model_type", "llama"},
          {"hidden_size", kWidth},
          {"intermediate_size", kFeedForward},
          {"num_hidden_layers", kLayers},
          {"num_attention_heads", kHeads},
          {"num_key_value_heads", kHeads / 2},
          {"vocab_size", kVocabulary},
          {"max_position_embeddings", 512},
          {"rms_norm_eps", 1e-5},
          {"rope_theta", 10000.0},
          {"hidden_act", "silu"},
          {"tie_word_embeddings", true},
          {"bos_token_id", 0},
          {"eos_token_id", 1},
          {"torch_dtype", "float32"}};
}

SafeTensorSource tensor(const std::string& name, std::vector<std::int64_t> shape, std::mt19937& random) {
  const bool norm = shape.size() == 1;
  const auto fill = [norm, &random](std::byte* buffer, std::uint64_t bytes) {
    std::normal_distribution<float> normal(0.0f, 0.08f);
    for (std::uint64_t at = 0; at + sizeof(float) <= bytes; at += sizeof(float)) {
      const float value = norm ? 1.0f : normal(random);
      std::memcpy(buffer + at, &value, sizeof value);
    }
    return Status();
  };
  return {name, "F32", std::move(shape), fill};
}

}  // namespace

Status write_selftest_model(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return io_error("cannot create the folder " + folder + ": " + error.message());
  WEFT_RETURN_IF_ERROR(write_file_atomically(fs::path(folder) / "config.json", config_json().dump(2)));
  WEFT_RETURN_IF_ERROR(write_file_atomically(fs::path(folder) / "tokenizer.json", tokenizer_json().dump()));
  WEFT_RETURN_IF_ERROR(
      write_file_atomically(fs::path(folder) / "tokenizer_config.json", R"({"bos_token":"<s>","eos_token":"</s>"})"));
  std::mt19937 random(7);
  const std::int64_t key_width = kWidth / 2;
  std::vector<SafeTensorSource> tensors{tensor("model.embed_tokens.weight", {kVocabulary, kWidth}, random),
                                        tensor("model.norm.weight", {kWidth}, random)};
  for (std::int64_t layer = 0; layer < kLayers; ++layer) {
    const std::string at = "model.layers." + std::to_string(layer) + ".";
    const std::vector<std::pair<std::string, std::vector<std::int64_t>>> shapes{
        {"input_layernorm", {kWidth}},
        {"post_attention_layernorm", {kWidth}},
        {"self_attn.q_proj", {kWidth, kWidth}},
        {"self_attn.k_proj", {key_width, kWidth}},
        {"self_attn.v_proj", {key_width, kWidth}},
        {"self_attn.o_proj", {kWidth, kWidth}},
        {"mlp.gate_proj", {kFeedForward, kWidth}},
        {"mlp.up_proj", {kFeedForward, kWidth}},
        {"mlp.down_proj", {kWidth, kFeedForward}}};
    for (const auto& [name, shape] : shapes) tensors.push_back(tensor(at + name + ".weight", shape, random));
  }
  return write_safetensors((fs::path(folder) / "model.safetensors").string(), std::move(tensors));
}

Status write_selftest_data(const std::string& path) {
  std::string text;
  for (int i = 0; i < 64; ++i)
    text += "Warp and weft, weft and warp: thread over thread, row " + std::to_string(i % 8) + ".\n";
  return write_file_atomically(path, text);
}

TrainRequest selftest_request(const std::string& model, const std::string& data, std::int64_t steps) {
  TrainRequest request;
  request.model = {{"path", model}};
  request.data = {{"path", data}, {"format", "text"}, {"train_on", "all"}, {"max_length", 64}};
  request.method = {{"name", "lora"}, {"rank", 8}, {"alpha", 16.0}};
  request.train = {{"steps", steps}, {"batch_tokens", 256}, {"lr", 2e-2}, {"schedule", "constant"}};
  request.probe = {{"spectra_every", 8},
                   {"max_share", 0.0}};  // so small a model spends longer on spectra than on steps
  return request;
}

}  // namespace weft::cli
