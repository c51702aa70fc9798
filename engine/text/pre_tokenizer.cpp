// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/pre_tokenizer.h"

#include <array>
#include <utility>

namespace weft {
namespace {

// Pieces that many expressions share.
#define WEFT_CONTRACTION "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
#define WEFT_TAIL R"(\s*[\r\n]+|\s+(?!\S)|\s+)"
#define WEFT_UPPER R"([\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}])"
#define WEFT_LOWER R"([\p{Ll}\p{Lm}\p{Lo}\p{M}])"
#define WEFT_LEAD R"([^\r\n\p{L}\p{N}]?)"

constexpr std::string_view kGpt2 = R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";
constexpr std::string_view kDigit = R"(\p{N})";
constexpr std::string_view kDigits = R"(\p{N}+)";
constexpr std::string_view kThreeDigits = R"(\p{N}{1,3})";
constexpr std::string_view kHan = R"([一-龥぀-ゟ゠-ヿ]+)";
constexpr std::string_view kLlama3 =
    WEFT_CONTRACTION "|" WEFT_LEAD R"(\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|)" WEFT_TAIL;
constexpr std::string_view kQwen2 =
    WEFT_CONTRACTION "|" WEFT_LEAD R"(\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|)" WEFT_TAIL;
constexpr std::string_view kQwen35 =
    WEFT_CONTRACTION "|" WEFT_LEAD R"([\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|)" WEFT_TAIL;
constexpr std::string_view kSeedCoder =
    WEFT_CONTRACTION "|" WEFT_LEAD R"(\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|)" WEFT_TAIL;
constexpr std::string_view kTekken = WEFT_LEAD WEFT_UPPER "*" WEFT_LOWER "+|" WEFT_LEAD WEFT_UPPER "+" WEFT_LOWER
                                     R"(*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|)" WEFT_TAIL;
constexpr std::string_view kGpt4o = WEFT_LEAD WEFT_UPPER "*" WEFT_LOWER "+" WEFT_CONTRACTION "?|" WEFT_LEAD WEFT_UPPER
                                    "+" WEFT_LOWER "*" WEFT_CONTRACTION R"(?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|)" WEFT_TAIL;
constexpr std::string_view kDeepSeek3 =
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|)" WEFT_TAIL;
constexpr std::string_view kPoro = R"( ?[^(\s|.,!?…。，、।۔،)]+)";

#undef WEFT_CONTRACTION
#undef WEFT_TAIL
#undef WEFT_UPPER
#undef WEFT_LOWER
#undef WEFT_LEAD

using Entry = std::pair<std::string_view, PreTokenizer>;

// Names met in published files. A name is added here only with its expressions known.
const std::vector<Entry>& table() {
  static const std::vector<Entry> entries = [] {
    const PreTokenizer gpt2{.expressions = {kGpt2}};
    const PreTokenizer digits{.expressions = {kDigit, kGpt2}};
    const PreTokenizer llama3{.expressions = {kLlama3}, .ignore_merges = true, .add_bos = true};
    const PreTokenizer llama3_words{.expressions = {kLlama3}};
    const PreTokenizer qwen2{.expressions = {kQwen2}, .nfc = true};
    const PreTokenizer qwen2_words{.expressions = {kQwen2}};
    const PreTokenizer deepseek3{.expressions = {kThreeDigits, kHan, kDeepSeek3}};
    const PreTokenizer gpt4o{.expressions = {kGpt4o}};
    const PreTokenizer poro{.expressions = {kPoro}};
    std::vector<Entry> all = {
        {"default", {.expressions = {R"([\p{P}\$\+<=>\^~\|]+)", kGpt2, kDigits, "[0-9][0-9][0-9]"}}},
        {"falcon", {.expressions = {R"([\p{P}\$\+<=>\^~\|`]+)", kGpt2, "[0-9][0-9][0-9]"}}},
        {"deepseek-coder",
         {.expressions = {R"([\r\n])", R"(\s?\p{L}+)", R"(\s?\p{P}+)", "[\xE4\xB8\x80-\xE9\xBE\xA5\xE0\xA0\x80-\xE4\xB8\x80\xEA\xB0\x80-\xED\x9F\xBF]+", kDigit}}},
        {"tekken", {.expressions = {kTekken}, .ignore_merges = true, .add_bos = true}},
        {"qwen35", {.expressions = {kQwen35}, .nfc = true}},
        {"seed-coder", {.expressions = {kSeedCoder}}},
        {"viking", {.expressions = {kPoro, kDigit}}},
        {"roberta-bpe", {.expressions = {kGpt2}, .add_sep = true}},
    };
    const auto add = [&all](const PreTokenizer& kind, std::initializer_list<std::string_view> names) {
      for (const auto name : names) all.emplace_back(name, kind);
    };
    add(gpt2, {"gpt-2", "phi-2", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4", "modern-bert", "mellum",
               "gigachat", "a.x-4.0"});
    add(digits, {"smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2"});
    add(llama3, {"llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "lfm2", "midm-2.0"});
    add(llama3_words, {"dbrx", "smaug-bpe", "glm4", "chatglm-bpe"});
    add(qwen2, {"qwen2", "deepseek-r1-qwen", "megrez"});
    add(qwen2_words, {"stablelm2", "hunyuan", "solar-open", "grok-2", "kormo"});
    add(deepseek3, {"deepseek-v3", "hunyuan-dense"});
    add(gpt4o, {"gpt-4o", "llama4", "kanana2", "minimax-m2"});
    add(poro, {"poro-chat", "bloom", "gpt3-finnish"});
    return all;
  }();
  return entries;
}

}  // namespace

const PreTokenizer* find_pre_tokenizer(std::string_view name) {
  if (name.empty()) name = "default";
  for (const auto& [known, pre] : table())
    if (known == name) return &pre;
  return nullptr;
}

}  // namespace weft
