// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/export_offer.h"

#include <gtest/gtest.h>

#include <map>

namespace weft {
namespace {

const std::string kModels = WEFT_TEST_DATA "/models/stories260k";

Json started() {
  return {{"trainable", 1000},
          {"total_parameters", 100000},
          {"sites", {{{"path", "model.layers.0.self_attn.q_proj"}, {"out", 64}, {"in", 64}}, {{"path", "model.layers.0.mlp.up_proj"}, {"out", 172}, {"in", 64}}}}};
}

std::map<std::string, std::uint64_t> bytes_of(const Json& method, const Json& facts, std::int64_t rank = 0, const std::string& dtype = "auto") {
  std::map<std::string, std::uint64_t> bytes;
  for (const auto& offer : export_offers(method, facts, rank, dtype)) bytes[offer.way.format] = offer.bytes;
  return bytes;
}

TEST(ExportOffers, SayHowManyBytesEachFormTakes) {
  const std::uint64_t across = (64 + 64) + (172 + 64);
  auto lora = bytes_of({{"name", "lora"}, {"rank", 4}}, started(), 100);
  EXPECT_EQ(lora["peft"], 4 * 4 * across);
  EXPECT_EQ(lora["gguf-adapter"], 2 * 4 * across) << "halves unless floats are asked for";
  EXPECT_EQ(lora["merged"], 2U * 100000);
  EXPECT_EQ(lora["peft-rank"], 4 * 64 * across) << "no update has a higher rank than its matrix";
  const auto floats = bytes_of({{"name", "lora"}, {"rank", 4}}, started(), 2, "fp32");
  EXPECT_EQ(floats.at("gguf-adapter"), 4 * 4 * across);
  EXPECT_EQ(floats.at("merged"), 4U * 100000);
  EXPECT_EQ(floats.at("peft-rank"), 4 * 2 * across);
  EXPECT_EQ(bytes_of({{"name", "lora"}, {"rank", 4}, {"start", "pissa"}}, started())["peft"], 2 * 4 * 4 * across) << "with what was taken off the base";
  auto dora = bytes_of({{"name", "dora"}, {"rank", 4}}, started());
  EXPECT_EQ(dora["peft"], 4U * 1000) << "its own class of PEFT holds what was trained";
  EXPECT_EQ(dora["gguf-adapter"], 0U) << "impossible";
}

TEST(ExportOffers, OneMergedFileIsMadeOfAGgufFileAlone) {
  const auto of = [](const std::string& model) {
    for (const auto& offer : offers_for_base(export_offers({{"name", "lora"}, {"rank", 4}}, started(), 8, "auto"), model))
      if (offer.way.format == "gguf") return offer;
    return ExportOffer();
  };
  EXPECT_EQ(of("/models/a.gguf").way.kind, ExportKind::Merged);
  EXPECT_EQ(of("/models/a.gguf").bytes, 2U * 100000);
  EXPECT_EQ(of(kModels + "/hf").way.kind, ExportKind::Impossible);
  EXPECT_NE(of(kModels + "/hf").way.note.find("Hugging Face folder"), std::string::npos);
  EXPECT_EQ(of("").way.kind, ExportKind::Merged) << "not known";
}

TEST(ExportOffers, BeforeARunHasBegunSayWhatIsPossibleAlone) {
  for (const auto& offer : export_offers({{"name", "lora"}, {"rank", 4}}, nullptr, 8, "auto")) EXPECT_EQ(offer.bytes, 0U) << offer.way.format;
  EXPECT_TRUE(export_offers({{"name", "no-such"}}, started(), 8, "auto").empty());
  EXPECT_TRUE(export_offers(Json(), started(), 8, "auto").empty());
  Json broken = started();
  broken["sites"] = {{{"path", 3}, {"out", 64}, {"in", 64}}, {{"path", "a"}, {"out", -1}, {"in", 64}}, 7};
  EXPECT_EQ(bytes_of({{"name", "lora"}, {"rank", 4}}, broken)["peft"], 0U);
}

TEST(BaseIdentity, NamesAFileByTheHashThatSha256sumPrints) {
  const auto base = base_identity(kModels + "/stories260K-f32.gguf", true);
  ASSERT_TRUE(base.ok()) << base.status().message();
  EXPECT_EQ(base->file, "stories260K-f32.gguf");
  EXPECT_EQ(base->sha256, "fe9d8ba5950cdd8165bd22ab59ac6fc147ebcb2a5d68111adfa129362dab8023");
  EXPECT_EQ(base_identity(kModels + "/stories260K-f32.gguf", false)->sha256, "");
  const auto folder = base_identity(kModels + "/hf/", true);
  ASSERT_TRUE(folder.ok()) << folder.status().message();
  EXPECT_EQ(folder->file, "hf");
  EXPECT_EQ(folder->sha256.size(), 64U);
  EXPECT_FALSE(base_identity(kModels + "/none.gguf", true).ok());
}

TEST(LoadSnippets, NameWhatWasWrittenAndItsBase) {
  const auto peft = load_snippets("peft", "/out/it's \"one\"", {"adapter_model.safetensors", "chat_template.jinja"}, "/models/a.gguf");
  ASSERT_EQ(peft.size(), 2U);
  EXPECT_EQ(peft[0].text,
            "from peft import PeftModel\nfrom transformers import AutoModelForCausalLM, AutoTokenizer\n"
            "tokenizer = AutoTokenizer.from_pretrained(\"/models\", gguf_file=\"a.gguf\")\n"
            "model = AutoModelForCausalLM.from_pretrained(\"/models\", gguf_file=\"a.gguf\")\n"
            "model = PeftModel.from_pretrained(model, \"/out/it's \\\"one\\\"\")\n"
            "tokenizer.chat_template = open(\"/out/it's \\\"one\\\"/chat_template.jinja\").read()\n");
  EXPECT_NE(peft[1].text.find("'/out/it'\\''s \"one\"'"), std::string::npos) << peft[1].text;
  const auto merged = load_snippets("merged", "/out", {"model.safetensors"}, "/models/a.gguf");
  EXPECT_EQ(merged[0].text.find("peft"), std::string::npos);
  EXPECT_EQ(merged[1].text, "python convert_hf_to_gguf.py '/out' --outfile '/out/model.gguf'\nllama-cli -m '/out/model.gguf'\n");
  const auto adapter = load_snippets("gguf-adapter", "/out", {"adapter.gguf"}, "/models/a.gguf");
  EXPECT_EQ(adapter[1].text, "llama-cli -m '/models/a.gguf' --lora '/out/adapter.gguf'\n");
  EXPECT_NE(adapter[0].text.find("lora_path=\"/out/adapter.gguf\""), std::string::npos);
}

}  // namespace
}  // namespace weft
