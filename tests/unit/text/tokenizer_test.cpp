// SPDX-License-Identifier: GPL-3.0-or-later
// Token ids and byte offsets against Python tokenizers (tests/data/tokenizers/make_vectors.py), and what is refused.
#include "engine/text/tokenizer.h"

#include <unistd.h>

#include <fstream>

#include "engine/text/gguf_vocabulary.h"
#include "tests/unit/text/text_support.h"

namespace weft::test {
namespace {

const std::string kStories = std::string(WEFT_TEST_DATA) + "/models/stories260k";

// A folder that goes away with the test.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("weft_text_" + std::to_string(::getpid()) + "_" + std::to_string(++count_))) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder& write(const std::string& name, const std::string& text) {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return *this;
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  static inline int count_ = 0;
  std::filesystem::path path_;
};

std::string refusal(const std::string& path) {
  auto tokenizer = Tokenizer::load(path);
  EXPECT_FALSE(tokenizer.ok()) << path;
  return tokenizer.ok() ? "" : std::string(error_code_name(tokenizer.status().code())) + ": " + tokenizer.status().message();
}

TEST(Tokenizer, Stories260kMatchesTheReferenceFromBothFormats) {
  const Json vectors = json_of(fixture("vectors.json"));
  const auto cases = llama_cases(fixture("llama_cpp_cases.inp"));
  const auto texts = vectors["texts"].get<std::vector<std::string>>();
  for (const std::string& path : {kStories + "/hf", kStories + "/stories260K-f32.gguf", kStories + "/hf/tokenizer.json"}) {
    SCOPED_TRACE(path);
    auto tokenizer = Tokenizer::load(path);
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
    EXPECT_EQ(tokenizer->vocabulary(), 512);
    EXPECT_EQ(tokenizer->description(), "BPE with byte fallback, 512 tokens");
    const auto compare = [&](const std::string& text, const Json& expected) {
      auto encoding = tokenizer->encode(text, false);
      ASSERT_TRUE(encoding.ok()) << encoding.status().message();
      EXPECT_EQ(encoding->ids, expected.get<std::vector<std::int32_t>>()) << text;
      expect_ranges_cover(*encoding, text);
      auto decoded = tokenizer->decode(encoding->ids, false);
      ASSERT_TRUE(decoded.ok());
      EXPECT_EQ(*decoded, text);
    };
    for (std::size_t i = 0; i < cases.size(); ++i) compare(cases[i], vectors["stories260k"]["cases"][i]);
    for (std::size_t i = 0; i < texts.size(); ++i) compare(texts[i], vectors["stories260k"]["texts"][i]);
  }
  auto tokenizer = Tokenizer::load(kStories + "/hf");
  ASSERT_TRUE(tokenizer.ok());
  EXPECT_EQ(tokenizer->bos_id(), 1);
  EXPECT_EQ(tokenizer->eos_id(), 2);
  EXPECT_EQ(tokenizer->piece(1), "<s>");
  EXPECT_EQ(tokenizer->piece(-1), "");
  EXPECT_EQ(tokenizer->piece(512), "");
  EXPECT_EQ(tokenizer->id_of("<s>"), 1);
  EXPECT_EQ(tokenizer->id_of("no such piece"), -1);
  auto encoding = tokenizer->encode("Once", true);
  ASSERT_TRUE(encoding.ok());
  EXPECT_EQ(encoding->ids, (std::vector<std::int32_t>{1, 403}));
  EXPECT_EQ(encoding->special, (std::vector<std::uint8_t>{1, 0}));
  EXPECT_EQ(encoding->begin[0], encoding->end[0]);
}

GgufVocabulary byte_level(const Json& trained, std::vector<std::string>& keep, const std::string& pre) {
  GgufVocabulary v;
  v.model = "gpt2";
  v.pre = pre;
  keep = trained["tokens"].get<std::vector<std::string>>();
  for (const Json& merge : trained["merges"]) keep.push_back(merge.get<std::string>());
  const std::size_t tokens = trained["tokens"].size();
  v.tokens.assign(keep.begin(), keep.begin() + static_cast<std::ptrdiff_t>(tokens));
  v.merges.assign(keep.begin() + static_cast<std::ptrdiff_t>(tokens), keep.end());
  v.types.assign(tokens, 1);
  v.types[0] = v.types[1] = 3;
  v.bos = v.eos = 0;
  v.add_bos = false;
  return v;
}

TEST(Tokenizer, ByteLevelVocabulariesCutWordsAsTheirModelsDo) {
  const Json vectors = json_of(fixture("vectors.json"));
  const auto texts = vectors["texts"].get<std::vector<std::string>>();
  for (const auto& [pre, expected] : vectors["byte_level"]["kinds"].items()) {
    SCOPED_TRACE(pre);
    std::vector<std::string> keep;
    auto json = tokenizer_json_of(byte_level(vectors["byte_level"], keep, pre));
    ASSERT_TRUE(json.ok()) << json.status().message();
    auto tokenizer = Tokenizer::from_json(*json);
    ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      auto encoding = tokenizer->encode(texts[i], false);
      ASSERT_TRUE(encoding.ok()) << encoding.status().message();
      EXPECT_EQ(encoding->ids, expected[i].get<std::vector<std::int32_t>>()) << texts[i];
      if (pre == "qwen2") continue;  // NFC changes the text: a combined mark belongs to no token
      expect_ranges_cover(*encoding, texts[i]);
      auto decoded = tokenizer->decode(encoding->ids, false);
      ASSERT_TRUE(decoded.ok());
      EXPECT_EQ(*decoded, texts[i]);
    }
    auto chat = tokenizer->encode("<|user|>é<|end|>", false);
    ASSERT_TRUE(chat.ok());
    EXPECT_EQ(chat->ids.front(), 1);
    EXPECT_EQ(chat->ids.back(), 0);
    EXPECT_EQ(chat->special.front(), 1);
    EXPECT_EQ(chat->begin.back(), 10u);
    EXPECT_EQ(chat->end.back(), 17u);
  }
}

TEST(Tokenizer, GgufSaysWhatSurroundsAText) {
  const Json vectors = json_of(fixture("vectors.json"));
  std::vector<std::string> keep;
  auto v = byte_level(vectors["byte_level"], keep, "smollm");
  v.add_bos = true;
  v.add_eos = true;
  v.bos = 1;
  auto json = tokenizer_json_of(v);
  ASSERT_TRUE(json.ok()) << json.status().message();
  auto tokenizer = Tokenizer::from_json(*json);
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  auto encoding = tokenizer->encode("x", true);
  ASSERT_TRUE(encoding.ok());
  ASSERT_EQ(encoding->ids.size(), 3u);
  EXPECT_EQ(encoding->ids.front(), 1);
  EXPECT_EQ(encoding->ids.back(), 0);
}

TEST(Tokenizer, WordPieceFromGgufAndFromVocabTxt) {
  GgufVocabulary v;
  v.model = "bert";
  v.tokens = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "\u2581hello", "\u2581un", "aff", "able", "\u2581,", "[unused0]"};
  v.types = {3, 3, 3, 3, 1, 1, 1, 1, 1, 1};
  v.unknown = 1;
  v.classifier = 2;
  v.separator = 3;
  auto json = tokenizer_json_of(v);
  ASSERT_TRUE(json.ok()) << json.status().message();
  auto from_gguf = Tokenizer::from_json(*json);
  ASSERT_TRUE(from_gguf.ok()) << from_gguf.status().message();
  Folder folder;
  folder.write("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\nhello\nun\n##aff\n##able\n,\n[unused0]\n");
  auto from_folder = Tokenizer::load(folder.path());
  ASSERT_TRUE(from_folder.ok()) << from_folder.status().message();
  for (const auto* tokenizer : {&*from_gguf, &*from_folder}) {
    auto encoding = tokenizer->encode("Héllo, unaffable qqq", true);
    ASSERT_TRUE(encoding.ok());
    EXPECT_EQ(encoding->ids, (std::vector<std::int32_t>{2, 4, 8, 5, 6, 7, 1, 3}));
    EXPECT_EQ(encoding->begin[1], 0u);
    EXPECT_EQ(encoding->end[1], 6u);  // é is two bytes
    EXPECT_EQ(tokenizer->description(), "WordPiece, 10 tokens");
  }
}

TEST(Tokenizer, FolderNamesItsEnds) {
  const std::string json = content(kStories + "/hf/tokenizer.json");
  const auto ends = [&](const std::string& own, const std::string& map, const std::string& config) {
    Folder folder;
    folder.write("tokenizer.json", json);
    if (!own.empty()) folder.write("tokenizer_config.json", own);
    if (!map.empty()) folder.write("special_tokens_map.json", map);
    if (!config.empty()) folder.write("config.json", config);
    auto tokenizer = Tokenizer::load(folder.path());
    EXPECT_TRUE(tokenizer.ok()) << tokenizer.status().message();
    return std::make_pair(tokenizer->bos_id(), tokenizer->eos_id());
  };
  EXPECT_EQ(ends("", "", ""), std::make_pair(-1, -1));
  EXPECT_EQ(ends(R"({"bos_token":"<s>","eos_token":{"content":"</s>","special":true}})", "", ""), std::make_pair(1, 2));
  EXPECT_EQ(ends(R"({"bos_token":null})", R"({"bos_token":"<s>","eos_token":"</s>"})", ""), std::make_pair(-1, 2));
  EXPECT_EQ(ends("", "", R"({"bos_token_id":1,"eos_token_id":[2,7]})"), std::make_pair(1, 2));
  EXPECT_EQ(ends("", "", R"({"bos_token_id":99999,"eos_token_id":null})"), std::make_pair(-1, -1));
}

TEST(Tokenizer, StoredTruncationAndPaddingAreIgnored) {
  auto json = parse_json(content(kStories + "/hf/tokenizer.json"));
  ASSERT_TRUE(json.ok());
  (*json)["truncation"] = {{"direction", "Right"}, {"max_length", 4}, {"strategy", "LongestFirst"}, {"stride", 0}};
  (*json)["padding"] = {{"strategy", {{"Fixed", 64}}}, {"direction", "Right"}, {"pad_to_multiple_of", nullptr},
                        {"pad_id", 0}, {"pad_type_id", 0}, {"pad_token", "<unk>"}};
  auto tokenizer = Tokenizer::from_json(json->dump());
  ASSERT_TRUE(tokenizer.ok()) << tokenizer.status().message();
  auto encoding = tokenizer->encode("Once upon a time, there was a little girl named Lily.", false);
  ASSERT_TRUE(encoding.ok());
  EXPECT_EQ(encoding->ids.size(), 15u);
}

TEST(Tokenizer, RefusesWhatItCannotRebuild) {
  const Json vectors = json_of(fixture("vectors.json"));
  std::vector<std::string> keep;
  const auto good = byte_level(vectors["byte_level"], keep, "smollm");
  const auto message = [](const GgufVocabulary& v) {
    auto json = tokenizer_json_of(v);
    if (!json.ok()) return std::string(error_code_name(json.status().code())) + ": " + json.status().message();
    auto tokenizer = Tokenizer::from_json(*json);
    return tokenizer.ok() ? std::string() : tokenizer.status().message();
  };
  EXPECT_EQ(message(good), "");
  auto v = good;
  v.pre = "quantum-9";
  EXPECT_THAT(message(v), ::testing::AllOf(::testing::HasSubstr("Unsupported"), ::testing::HasSubstr("quantum-9")));
  v = good;
  v.model = "t5";
  EXPECT_THAT(message(v), ::testing::AllOf(::testing::HasSubstr("Unsupported"), ::testing::HasSubstr("t5")));
  v = good;
  v.tokens.clear();
  EXPECT_THAT(message(v), ::testing::HasSubstr("tokens is empty"));
  v = good;
  v.types.pop_back();
  EXPECT_THAT(message(v), ::testing::HasSubstr("token_type has"));
  v = good;
  v.eos = 1 << 20;
  EXPECT_THAT(message(v), ::testing::HasSubstr("eos_token_id is 1048576"));
  v = good;
  v.tokens[7] = "\xFF\xFE";
  EXPECT_THAT(message(v), ::testing::HasSubstr("tokens[7] is not valid UTF-8"));
  v = good;
  v.merges[3] = "one";
  EXPECT_THAT(message(v), ::testing::HasSubstr("merges[3] is not two pieces"));
  v = good;
  v.merges[3] = "absent absent";
  EXPECT_NE(message(v), "");
  v = good;
  v.model = "llama";
  EXPECT_THAT(message(v), ::testing::HasSubstr("scores has 0 entries"));
}

TEST(Tokenizer, BadFilesGetOneLine) {
  EXPECT_THAT(refusal("/no/such/folder"), ::testing::HasSubstr("NotFound"));
  Folder empty;
  EXPECT_THAT(refusal(empty.path()), ::testing::AllOf(::testing::HasSubstr("NotFound"), ::testing::HasSubstr("tokenizer.json")));
  Folder model;
  EXPECT_THAT(refusal(model.write("tokenizer.model", "x").path()), ::testing::HasSubstr("Unsupported"));
  const std::pair<const char*, std::string> bad[] = {
      {"empty", ""}, {"not JSON", "{"}, {"another JSON", "[1,2,3]"}, {"no model", R"({"version":"1.0"})"},
      {"unknown model", R"({"version":"1.0","model":{"type":"Magic","vocab":{}}})"},
      {"empty vocabulary", R"({"version":"1.0","added_tokens":[],"model":{"type":"BPE","vocab":{},"merges":[]}})"},
      {"merge without pieces", R"({"version":"1.0","added_tokens":[],"model":{"type":"BPE","vocab":{"a":0},"merges":[["a","b"]]}})"},
      {"deep", std::string(100000, '[')},
      {"bad expression", R"({"version":"1.0","added_tokens":[],"pre_tokenizer":{"type":"Split","pattern":{"Regex":"(((("},"behavior":"Isolated","invert":false},"model":{"type":"BPE","vocab":{"a":0},"merges":[]}})"},
      {"huge id", R"({"version":"1.0","added_tokens":[],"model":{"type":"BPE","vocab":{"a":99999999999},"merges":[]}})"},
      {"binary", std::string("\x00\xFF\x01", 3)}};
  for (const auto& [name, text] : bad) {
    Folder folder;
    const std::string message = refusal(folder.write("tokenizer.json", text).path());
    EXPECT_TRUE(message.starts_with("Corrupt")) << name << ": " << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << name;
    EXPECT_LT(message.size(), 600u) << name;
  }
}

TEST(Tokenizer, BadInputGetsOneLine) {
  auto tokenizer = Tokenizer::load(kStories + "/hf");
  ASSERT_TRUE(tokenizer.ok());
  auto invalid = tokenizer->encode("ok \xC3(", false);
  ASSERT_FALSE(invalid.ok());
  EXPECT_THAT(invalid.status().message(), ::testing::HasSubstr("not valid UTF-8 at byte 3"));
  auto outside = tokenizer->decode({1, 512}, false);
  ASSERT_FALSE(outside.ok());
  EXPECT_THAT(outside.status().message(), ::testing::HasSubstr("id 512 at position 1 is outside the vocabulary of 512"));
  const std::string zeros(3, '\0');
  auto nul = tokenizer->encode(zeros, false);
  ASSERT_TRUE(nul.ok());
  EXPECT_EQ(nul->ids.size(), 4u);  // the prefix space and three byte tokens
}

// A long word without a space, and expressions that backtrack, must not take quadratic time.
TEST(Tokenizer, LongInputsStayQuick) {
  const Json vectors = json_of(fixture("vectors.json"));
  std::vector<std::string> keep;
  for (const char* pre : {"smollm", "llama-bpe", "gpt-4o"}) {
    auto tokenizer = Tokenizer::from_json(*tokenizer_json_of(byte_level(vectors["byte_level"], keep, pre)));
    ASSERT_TRUE(tokenizer.ok());
    for (const std::string& text : {std::string(200000, 'a'), std::string(200000, ' '), std::string(200000, '\n'), std::string(200000, '7')}) {
      const auto begin = std::chrono::steady_clock::now();
      auto encoding = tokenizer->encode(text, false);
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
      ASSERT_TRUE(encoding.ok()) << encoding.status().message();
      expect_ranges_cover(*encoding, text);
      EXPECT_LT(seconds, 10) << pre << " on " << text.substr(0, 1);
    }
  }
}

}  // namespace
}  // namespace weft::test
