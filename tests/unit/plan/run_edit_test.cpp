// SPDX-License-Identifier: GPL-3.0-or-later
// Edits as text and as JSON, and what of them is refused before a run is asked.
#include "engine/api/run_edit.h"

#include <gtest/gtest.h>

#include "engine/api/train_request.h"

namespace weft {
namespace {

TrainRequest request(const std::string& method) {
  TrainRequest r;
  r.model = {{"path", "m.gguf"}};
  r.data = {{"path", "d.jsonl"}};
  r.method = {{"name", method}};
  auto complete = validate(r);
  EXPECT_TRUE(complete.ok()) << complete.status().message();
  return *complete;
}

TEST(RunEdit, TextAndJsonSayTheSame) {
  for (const char* text : {"40:lr=0.0001", "lr=0.0001", "7:lr=0.5,steps=200,dropout=0.1,alpha=16,rank=4,freeze=left", "dropout.hidden=0.02", "rank.q_proj=2",
                           "rank.model.layers.0.self_attn.q_proj=2", "freeze=none"}) {
    const auto edit = parse_edit(text);
    ASSERT_TRUE(edit.ok()) << edit.status().message();
    EXPECT_EQ(to_text(*edit), text);
    const auto again = run_edit_from_json(to_json(*edit));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(to_text(*again), text);
  }
  EXPECT_EQ(*parse_edit("3:lr=1e-4")->lr, 1e-4);
}

TEST(RunEdit, SaysWhatIsWrongWithAText) {
  const auto why = [](const char* text) { return parse_edit(text).status().message(); };
  EXPECT_NE(why("").find("is no edit"), std::string::npos);
  EXPECT_NE(why("40").find("is no edit"), std::string::npos);
  EXPECT_NE(why("0:lr=1").find("steps count from 1"), std::string::npos);
  EXPECT_NE(why("x:lr=1").find("not a number"), std::string::npos);
  EXPECT_NE(why("lr=fast").find("\"fast\" is not a number"), std::string::npos);
  EXPECT_NE(why("lr=nan").find("is not a number"), std::string::npos);
  EXPECT_NE(why("steps=1.5").find("not a whole number"), std::string::npos);
  EXPECT_NE(why("speed=3").find("nothing called \"speed\""), std::string::npos);
  EXPECT_NE(why("lr.q=3").find("nothing called"), std::string::npos);
  EXPECT_NE(why("freeze=up").find("left, right or none"), std::string::npos);
  EXPECT_NE(why("lr=1,lr=2").find("stands twice"), std::string::npos);
  EXPECT_NE(why("rank.=2").find("names nothing"), std::string::npos);
  EXPECT_NE(run_edit_from_json({{"lr", "x"}}).status().message().find("cannot be read"), std::string::npos);
}

TEST(RunEdit, ChecksValuesByTheSettingsRanges) {
  const TrainRequest r = request("lora");
  const auto why = [&](const char* text) { return check_edit(*parse_edit(text), r).message(); };
  EXPECT_EQ(why("lr=0"), "");
  EXPECT_NE(why("lr=11"), "");
  EXPECT_NE(why("lr=-1"), "");
  EXPECT_NE(why("alpha=0"), "");
  EXPECT_NE(why("rank=0").find("at least 1"), std::string::npos);
  EXPECT_NE(why("dropout=1").find("adapter_rate"), std::string::npos);
  EXPECT_EQ(why("dropout=0.5"), "");
  EXPECT_NE(check_edit(RunEdit(), r).message().find("changes nothing"), std::string::npos);
}

TEST(RunEdit, LimitsNameTheMethodAndEverythingElseIsFree) {
  const EditLimits lora = edit_limits(request("lora"));
  for (const auto& why : {lora.lr, lora.steps, lora.dropout, lora.alpha, lora.prune, lora.freeze}) EXPECT_EQ(why, "");
  const EditLimits ia3 = edit_limits(request("ia3"));
  EXPECT_NE(ia3.alpha.find("no scale"), std::string::npos);
  EXPECT_NE(ia3.prune.find("no pair of factors"), std::string::npos);
  EXPECT_EQ(ia3.lr, "");
  EXPECT_NE(edit_limits(request("adalora")).prune.find("AdaLoRA decides by itself"), std::string::npos);
  EXPECT_NE(edit_limits(request("beamlora")).steps.find("BeamLoRA has planned"), std::string::npos);
}

TEST(RunEdit, ADropoutPresetBecomesCustomWhereItIsNoLongerWhatItSays) {
  const Json none = request("lora").dropout;
  const auto some = dropout_with(none, {"adapter", 0.1});
  ASSERT_TRUE(some.ok());
  EXPECT_EQ(some->at("preset"), "custom");
  EXPECT_EQ(dropout_with(*some, {"adapter", 0.0})->at("preset"), "none");
  TrainRequest r = request("lora");
  r.dropout = {{"preset", "hiddenkey-"}};
  const Json hidden = validate(r)->dropout;
  EXPECT_EQ(dropout_with(hidden, {"key", 0.2})->at("preset"), "hiddenkey-") << "its own rates may be any";
  EXPECT_EQ(dropout_with(hidden, {"input", 0.2})->at("preset"), "custom");
}

TEST(RunEdit, ARequestCarriesPlannedEditsThroughItsSnapshot) {
  TrainRequest r = request("lora");
  r.edits = {*parse_edit("5:lr=1e-5")};
  const auto again = train_request_from_json(to_json(r));
  ASSERT_TRUE(again.ok());
  ASSERT_EQ(again->edits.size(), 1U);
  EXPECT_EQ(to_text(again->edits[0]), "5:lr=1e-05");
  r.edits = {*parse_edit("lr=1e-5")};
  EXPECT_NE(validate(r).status().message().find("names no step"), std::string::npos);
}

}  // namespace
}  // namespace weft
