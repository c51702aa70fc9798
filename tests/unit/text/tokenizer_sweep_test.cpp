// SPDX-License-Identifier: GPL-3.0-or-later
// Every public tokenizer vector of the shared data folder, through Hugging Face folders and through GGUF vocabularies.
#include "tests/unit/text/text_support.h"

namespace weft::test {
namespace {

class TokenizerSweep : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(shared("tokenizers/vectors")))
      GTEST_SKIP() << "no ../shared/data beside the project: the larger vectors are not here";
  }
};

struct LlamaCppCase {
  const char* vectors;
  const char* model;
  bool covers;  // ranges cover the text: no normaliser that drops characters, no words that leave spaces out
};

TEST_F(TokenizerSweep, LlamaCppVectors) {
  const auto cases = llama_cases(shared("tokenizers/vectors/llama.cpp/cases.inp"));
  ASSERT_EQ(cases.size(), 46u);
  const LlamaCppCase models[] = {
      {"gpt-2", "gpt2", true},
      {"roberta-bpe", "roberta-base", true},
      {"qwen2", "qwen2", true},
      {"bert-bge", "bert-base-uncased", false},
      {"llama-spm", "gguf/ggml-vocab-llama-spm.gguf", true},
      {"bert-bge", "gguf/ggml-vocab-bert-bge.gguf", false},
      {"starcoder", "gguf/ggml-vocab-starcoder.gguf", true},
  };
  for (const auto& model : models) {
    SCOPED_TRACE(model.model);
    auto tokenizer = Tokenizer::load(shared(std::string("tokenizers/") + model.model));
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
    const auto expected = lines_of(content(shared(std::string("tokenizers/vectors/llama.cpp/") + model.vectors + ".out")));
    ASSERT_EQ(expected.size(), cases.size());
    for (std::size_t i = 0; i < cases.size(); ++i) {
      auto encoding = tokenizer->encode(cases[i], false);
      ASSERT_TRUE(encoding.ok()) << encoding.status().message();
      EXPECT_EQ(encoding->ids, ids_of_line(expected[i])) << "case " << i << ": " << cases[i];
      if (model.covers) expect_ranges_cover(*encoding, cases[i]);
    }
  }
}

// Decoded texts of the vectors went through transformers' removal of spaces before punctuation where the tokenizer asks for
// it; byte-level decoding is compared with the text itself instead.
enum class Decoding { Vector, Lossless, Unchecked };

void expect_swift_cases(const std::string& name, const std::string& model, Decoding check) {
  SCOPED_TRACE(model);
  auto tokenizer = Tokenizer::load(shared("tokenizers/" + model));
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  const Json all = json_of(shared("tokenizers/vectors/swift-transformers/tokenizer_tests.json"));
  ASSERT_TRUE(all.contains(name));
  for (const Json& entry : all[name]) {
    const auto text = entry["input"].get<std::string>();
    const auto expected = entry["encoded"]["input_ids"].get<std::vector<std::int32_t>>();
    auto encoding = tokenizer->encode(text, true);
    ASSERT_TRUE(encoding.ok()) << encoding.status().message();
    EXPECT_EQ(encoding->ids, expected) << text;
    if (check == Decoding::Unchecked) continue;
    auto decoded = tokenizer->decode(expected, true);
    ASSERT_TRUE(decoded.ok()) << decoded.status().message();
    EXPECT_EQ(*decoded, check == Decoding::Lossless ? text : entry["decoded_without_special"].get<std::string>());
  }
}

TEST_F(TokenizerSweep, SwiftTransformersVectors) {
  expect_swift_cases("distilgpt2", "gpt2", Decoding::Lossless);
  expect_swift_cases("bert-base-uncased", "bert-base-uncased", Decoding::Unchecked);
  expect_swift_cases("google-bert/bert-base-uncased", "all-minilm-l6-v2", Decoding::Unchecked);
  expect_swift_cases("google-bert/bert-base-uncased", "gguf/ggml-vocab-bert-bge.gguf", Decoding::Unchecked);
  expect_swift_cases("coreml-projects/Llama-2-7b-chat-coreml", "gguf/ggml-vocab-llama-spm.gguf", Decoding::Vector);
}

TEST_F(TokenizerSweep, LongTexts) {
  const std::pair<const char*, const char*> models[] = {{"gpt2_encoded_tokens", "gpt2"},
                                                        {"llama_encoded", "gguf/ggml-vocab-llama-spm.gguf"},
                                                        {"bert_uncased_encoded", "bert-base-uncased"}};
  for (const auto& [vectors, model] : models) {
    SCOPED_TRACE(model);
    const Json expected = json_of(shared(std::string("tokenizers/vectors/swift-transformers/") + vectors + ".json"));
    auto tokenizer = Tokenizer::load(shared(std::string("tokenizers/") + model));
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
    auto encoding = tokenizer->encode(expected["text"].get<std::string>(), true);
    ASSERT_TRUE(encoding.ok()) << encoding.status().message();
    EXPECT_EQ(encoding->ids, expected["token_ids"].get<std::vector<std::int32_t>>());
  }
}

TEST_F(TokenizerSweep, SquadQuestions) {
  const auto questions = lines_of(content(shared("tokenizers/vectors/bert_squad_questions_0000-1999.jsonl")));
  ASSERT_EQ(questions.size(), 2000u);
  for (const char* model : {"bert-base-uncased", "all-minilm-l6-v2", "gguf/ggml-vocab-bert-bge.gguf"}) {
    SCOPED_TRACE(model);
    auto tokenizer = Tokenizer::load(shared(std::string("tokenizers/") + model));
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
    for (const auto& line : questions) {
      auto question = parse_json(line);
      ASSERT_TRUE(question.ok());
      auto encoding = tokenizer->encode((*question)["text"].get<std::string>(), false);
      ASSERT_TRUE(encoding.ok()) << encoding.status().message();
      ASSERT_EQ(encoding->ids, (*question)["ids"].get<std::vector<std::int32_t>>()) << line;
    }
  }
}

}  // namespace
}  // namespace weft::test
