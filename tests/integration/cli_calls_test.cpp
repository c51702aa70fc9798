// SPDX-License-Identifier: GPL-3.0-or-later
// Everything weft-cli answers without the engine, and how it refuses wrong calls.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "engine/core/json.h"
#include "tests/support/cli_process.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

using test::run_cli;
using ::testing::HasSubstr;

const std::string kModel = std::string(WEFT_TEST_DATA) + "/models/stories260k";
const std::string kGguf = kModel + "/stories260K-f32.gguf", kFolder = kModel + "/hf";
const std::string kData = std::string(WEFT_TEST_DATA) + "/data_sets";

Json json_of(const test::ProcessResult& result) {
  EXPECT_EQ(result.code, 0) << result.err;
  auto json = parse_json(result.out);
  EXPECT_TRUE(json.ok()) << json.status().message() << "\n" << result.out.substr(0, 300);
  return json.ok() ? *json : Json();
}

// One line on stderr that begins with the program's name, nothing on stdout.
void expect_refusal(const test::ProcessResult& result, int code, const std::string& part) {
  EXPECT_EQ(result.code, code) << result.err;
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr(part));
  EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  EXPECT_EQ(result.err.rfind("weft-cli: ", 0), 0u) << result.err;
}

TEST(CliInfo, TellsWhatTheHeadersSay) {
  for (const auto& model : {kGguf, kFolder}) {
    const Json info = json_of(run_cli({"info", model, "--json"}));
    EXPECT_EQ(info["architecture"], "llama");
    EXPECT_EQ(info["layers"], 5);
    EXPECT_EQ(info["width"], 64);
    EXPECT_EQ(info["vocabulary"], 512);
    EXPECT_EQ(info["parameters"], 260032);
    EXPECT_EQ(info["trainable"], true);
    EXPECT_EQ(info["sites"].size(), 35u);
  }
  EXPECT_THAT(run_cli({"info", kGguf}).out, HasSubstr("260,032"));
}

TEST(CliInfo, AnswersWithinATenthOfASecond) {
  double best = 10;
  for (int i = 0; i < 5; ++i) best = std::min(best, run_cli({"info", kGguf, "--json"}).wall_seconds);
  RecordProperty("milliseconds", static_cast<int>(best * 1000));
  EXPECT_LT(best, 0.1);
}

TEST(CliTokenize, GivesTheReferenceTokens) {
  const auto reference = parse_json(test::content_of(kModel + "/reference.json"));
  ASSERT_TRUE(reference.ok());
  std::string lines;
  std::vector<Json> expected;
  for (const auto& row : (*reference)["tokenization"]) {
    lines += to_json_line({{"text", row["text"]}}) + "\n";
    expected.push_back(row["ids_without_bos"]);
  }
  ASSERT_FALSE(expected.empty());
  for (const auto& model : {kGguf, kFolder}) {
    const auto result = run_cli({"tokenize", model, "--file", "-", "--no-special"}, {.input = lines});
    EXPECT_EQ(result.code, 0) << result.err;
    std::istringstream out(result.out);
    for (const auto& ids : expected) {
      std::string line;
      ASSERT_TRUE(std::getline(out, line));
      EXPECT_EQ((*parse_json(line))["ids"], ids);
    }
  }
}

TEST(CliTokenize, OneTextFromArgumentOrInput) {
  const Json argument = json_of(run_cli({"tokenize", kFolder, "Once upon", "--json"}));
  EXPECT_EQ(argument["ids"], (Json{1, 403, 407}));
  EXPECT_EQ(argument["offsets"], (Json{{0, 0}, {0, 4}, {4, 9}}));
  EXPECT_EQ(argument["special"], (Json{true, false, false}));
  EXPECT_EQ(json_of(run_cli({"tokenize", kFolder, "--json"}, {.input = "Once upon"})), argument);
  EXPECT_EQ(json_of(run_cli({"tokenize", kFolder, "", "--no-special", "--json"}, {.input = "not read"}))["ids"],
            Json::array());
}

TEST(CliTokenize, ABadLineKeepsItsPlace) {
  const auto result = run_cli({"tokenize", kFolder, "--file", "-", "--no-special"},
                              {.input = "\"a\"\n{\"txt\":1}\n[\n{\"text\":\"b\"}\n"});
  EXPECT_EQ(result.code, 1);
  std::istringstream out(result.out);
  std::vector<bool> good;
  for (std::string line; std::getline(out, line);) good.push_back(parse_json(line)->contains("ids"));
  EXPECT_EQ(good, (std::vector<bool>{true, false, false, true}));
  EXPECT_THAT(result.err, HasSubstr("line 2"));
}

TEST(CliMethods, ListAndDetail) {
  const Json all = json_of(run_cli({"methods", "--json"}));
  std::vector<std::string> names;
  for (const auto& method : all["methods"]) names.push_back(method["name"]);
  EXPECT_THAT(names, testing::IsSupersetOf({"lora", "rslora", "loraplus", "dora"}));
  const Json dora = json_of(run_cli({"methods", "dora", "--model", kGguf, "--set", "rank=4", "--json"}));
  EXPECT_EQ(dora["on_model"]["trainable"], 26120);  // 35 matrices: 4 * (out + in) + out each
  EXPECT_EQ(dora["parts"][0]["symbol"], "m");
  EXPECT_THAT(dora["paper"].get<std::string>(), HasSubstr("arXiv"));
  expect_refusal(run_cli({"methods", "dorra"}), 2, "dora");
  expect_refusal(run_cli({"methods", "lora", "--set", "rnak=3"}), 2, "rank");
}

TEST(CliDataPreview, RowsTokensAndRejectedLines) {
  const Json preview = json_of(
      run_cli({"data", "preview", kData + "/some_rejected.jsonl", "--model", kFolder, "--rows", "2", "--json"}));
  EXPECT_EQ(preview["rows"], 2);
  EXPECT_GE(preview["rejected"].size(), 3u);
  for (const auto& row : preview["rejected"]) {
    EXPECT_GT(row["line"], 0);
    EXPECT_FALSE(row["reason"].get<std::string>().empty());
  }
  EXPECT_EQ(preview["preview"].size(), 2u);
  const auto text = run_cli(
      {"data", "preview", kData + "/alpaca.jsonl", "--model", kFolder, "--rows", "2", "--set", "max_length=20"});
  EXPECT_EQ(text.code, 0) << text.err;
  for (const char* part : {"trained ", "masked ", "cut "}) EXPECT_THAT(text.out, HasSubstr(part));
  EXPECT_EQ(text.out.find('\x1b'), std::string::npos);
  expect_refusal(run_cli({"data", "preview", kData + "/alpaca.jsonl", "--model", kFolder, "--set", "max_lenght=12"}), 2,
                 "max_length");
  expect_refusal(run_cli({"data", "preview", "none.jsonl", "--model", kFolder}), 1, "none.jsonl");
}

TEST(CliDataPreview, ColumnsLengthsAndRepeats) {
  const test::TemporaryFolder folder;
  const std::string file = folder.write("odd.csv", "frage,antwort\nWas?,Das.\nWer?,Er.\nWas?,Das.\n");
  expect_refusal(run_cli({"data", "preview", file, "--model", kFolder}), 1, "prompt_column");
  const std::vector<std::string> call{"data", "preview", file, "--model", kFolder, "--set", "prompt_column=frage", "--set", "answer_column=antwort", "--set", "holdout=0"};
  const auto text = run_cli(call);
  EXPECT_EQ(text.code, 0) << text.err;
  for (const char* part : {"columns    frage (text), antwort (text)", "prompt_column = frage", "line 4 repeats line 2", "lengths    median"}) EXPECT_THAT(text.out, HasSubstr(part));
  auto json_call = call;
  json_call.push_back("--json");
  const Json json = json_of(run_cli(json_call));
  EXPECT_EQ(json["mapping"]["answer_column"], "antwort");
  EXPECT_EQ(json["repeats"]["duplicates"], 1);
  EXPECT_EQ(json["rows"], 3);
  EXPECT_EQ(json["tokens"], json["trained_tokens"].get<int>() + json["masked_tokens"].get<int>());
}

TEST(CliRender, IsExact) {
  const test::TemporaryFolder folder;
  const std::string messages =
      folder.write("m.json", R"([{"role":"user","content":"Hi <b>"},{"role":"assistant","content":"Yo"}])");
  const auto plain = run_cli({"render", kFolder, "--template", "chatml", "--messages", messages});
  EXPECT_EQ(plain.code, 0) << plain.err;
  EXPECT_THAT(plain.out, HasSubstr("<|im_start|>user\nHi <b><|im_end|>"));
  const Json json = json_of(run_cli({"render", kFolder, "--template", "chatml", "--messages", messages, "--json"}));
  EXPECT_EQ(json["text"], plain.out);
  const std::string jinja =
      folder.write("t.jinja", "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}");
  EXPECT_EQ(run_cli({"render", kFolder, "--template", jinja, "--messages", messages}).out,
            "<s>[user]Hi <b>[assistant]Yo");
  expect_refusal(run_cli({"render", kFolder, "--messages", messages}), 1, "template");  // this model has none
  expect_refusal(run_cli({"render", kFolder, "--template", "chatml", "--messages", folder.write("bad.json", "{")}), 1,
                 "bad.json");
}

TEST(CliRuns, ShowsAProjectAsItWas) {
  const test::TemporaryFolder folder;
  const std::string project = folder.file("v1.weft");
  std::filesystem::copy_file(std::string(WEFT_TEST_DATA) + "/projects/v1.weft", project);
  const Json list = json_of(run_cli({"runs", project, "--json"}));
  ASSERT_FALSE(list["runs"].empty());
  const std::string run = list["runs"][0]["run"];
  const Json one = json_of(run_cli({"runs", project, run, "--json", "--spectra"}));
  EXPECT_FALSE(one["metrics"]["loss"]["value"].empty());
  EXPECT_FALSE(one["spectra"].empty());
  const auto csv = run_cli({"runs", project, run, "--csv", "-"});
  EXPECT_EQ(csv.out.rfind("step,", 0), 0u);
  EXPECT_EQ(run_cli({"runs", project, run, "--csv", folder.file("out.csv")}).code, 0);
  EXPECT_EQ(test::content_of(folder.file("out.csv")), csv.out);
  EXPECT_EQ(run_cli({"report", project, run, "--out", folder.file("report")}).code, 0);
  EXPECT_THAT(test::content_of(folder.file("report/index.html")), HasSubstr("</html>"));
  expect_refusal(run_cli({"runs", project, "r99"}), 1, "r99");
  expect_refusal(run_cli({"runs", folder.file("none.weft")}), 1, "none.weft");
  EXPECT_FALSE(std::filesystem::exists(folder.file("none.weft")));
}

TEST(CliCalls, WrongOnesEndWithTwo) {
  const test::TemporaryFolder folder;
  const std::string bad_key = folder.write("bad.toml", "[train]\nstepz = 3\n"),
                    no_data = folder.write("half.toml", "[model]\npath = \"" + kGguf + "\"\n");
  const std::string good =
      folder.write("good.toml", "[model]\npath = \"" + kGguf + "\"\n[data]\npath = \"" + kData + "/story.txt\"\n");
  expect_refusal(run_cli({"train", bad_key}), 2,
                 "bad.toml line 2: [train] has no setting \"stepz\"; did you mean \"steps\"?");
  expect_refusal(run_cli({"train", no_data}), 2, "[data] path is missing");
  expect_refusal(run_cli({"train", good, "--set", "seed=3"}), 2, "data.seed=");
  expect_refusal(run_cli({"train", good, "--set", "model.storage=nf2"}), 2, "nf4");
  expect_refusal(run_cli({"train", good, "--set", "data.path=nothing.txt"}), 1, "nothing.txt");
  expect_refusal(run_cli({"train", folder.file("none.toml")}), 1, "none.toml");
  expect_refusal(run_cli({"train", good, "--init-adapter", folder.path().string()}), 1, "--init-adapter");
  expect_refusal(run_cli({"train", good, "--out", folder.path().string()}), 1, "already exists");
  expect_refusal(run_cli({"export", kFolder, "--format", "zip", "--out", folder.file("x")}), 2, "peft, merged");
  expect_refusal(run_cli({"export", kFolder, "--format", "merged", "--rank", "4", "--out", folder.file("x")}), 2, "--rank is for --format peft");
  expect_refusal(run_cli({"export", kFolder, "--format", "gguf", "--energy", "0.9", "--out", folder.file("x")}), 2, "--energy is for --format peft or lora");
  expect_refusal(run_cli({"export", kFolder, "--format", "lora", "--out", folder.file("x")}), 2, "name its --rank");
  for (const char* energy : {"0", "1.5", "-1", "nan", "99", "many", "", "%"})
    expect_refusal(run_cli({"export", kFolder, "--energy", energy, "--out", folder.file("x")}), 2, "is no share of the update's energy");
  expect_refusal(run_cli({"export", kFolder, "--energy", "0.9", "--rank", "4", "--out", folder.file("x")}), 2, "one of the two decides");
  expect_refusal(run_cli({"export", kFolder, "--rank", "4", "--same-rank", "--out", folder.file("x")}), 2, "--same-rank is for --energy");
  expect_refusal(run_cli({"export", kFolder, "--rank", "0", "--out", folder.file("x")}), 2, "--rank");
  expect_refusal(run_cli({"inspect", "p.weft:r1@x"}), 2, "a number from 1");
  expect_refusal(run_cli({"logits", kGguf, "--ids", "1,512"}), 2, "512");
  expect_refusal(run_cli({"tokenize", kGguf, "text", "--file", "f"}), 2, "exclude");
  expect_refusal(run_cli({"quantize", "whatever", "--out", folder.file("x")}), 2, "one of q8_0, q5_1, q5_0, q4_1, q4_0");
  expect_refusal(run_cli({"quantize", kGguf, "--codec", "q2_k", "--out", folder.file("x")}), 2, "codec \"q2_k\" is not one of");
  expect_refusal(run_cli({"quantize", kGguf, "--codec", "nf4", "--out", folder.file("x")}), 2, "storage = \"nf4\"");
  expect_refusal(run_cli({"quantize", kGguf, "--bits", "3", "--out", folder.file("x")}), 2, "--bits 3 is not 4, 5 or 8");
  expect_refusal(run_cli({"quantize", kGguf, "--codec", "q4_0", "--bits", "5", "--out", folder.file("x")}), 2, "one of the two decides");
  expect_refusal(run_cli({"quantize", kFolder, "--codec", "q4_0", "--out", folder.file("x")}), 2, "is a Hugging Face folder");
  expect_refusal(run_cli({"eval", kGguf}), 2, "--data");
  expect_refusal(run_cli({"eval", kGguf, "--data", kData + "/story.txt", "--task", "glue"}), 2, "there is perplexity");
  expect_refusal(run_cli({"eval", kGguf, "--data", kData + "/story.txt", "--set", "steps=3"}), 2, "[train]");
  expect_refusal(run_cli({"eval", kGguf, "--data", "nothing.txt"}), 1, "nothing.txt");
  for (const std::vector<std::string>& call : std::vector<std::vector<std::string>>{{},
                                                                                    {"no-such-command"},
                                                                                    {"info"},
                                                                                    {"info", kGguf, "--no-such-option"},
                                                                                    {"data"},
                                                                                    {"logits", kGguf, "--ids", "a"},
                                                                                    {"export", "a", "--format"}})
    EXPECT_EQ(run_cli(call).code, 2) << (call.empty() ? "" : call[0]);
}

TEST(CliCalls, HelpHasAnExampleOnEveryLevel) {
  for (const std::vector<std::string>& path : std::vector<std::vector<std::string>>{{},
                                                                                    {"info"},
                                                                                    {"tokenize"},
                                                                                    {"render"},
                                                                                    {"methods"},
                                                                                    {"data"},
                                                                                    {"data", "preview"},
                                                                                    {"train"},
                                                                                    {"resume"},
                                                                                    {"runs"},
                                                                                    {"inspect"},
                                                                                    {"logits"},
                                                                                    {"export"},
                                                                                    {"report"},
                                                                                    {"floor"},
                                                                                    {"demo"},
                                                                                    {"selftest"}}) {
    auto call = path;
    call.push_back("--help");
    const auto help = run_cli(call);
    EXPECT_EQ(help.code, 0);
    EXPECT_THAT(help.out, HasSubstr("Example:\n  weft-cli " + (path.empty() ? "" : path[0]))) << help.out;
    EXPECT_EQ(help.err, "");
  }
  EXPECT_THAT(run_cli({"--version"}).out, HasSubstr("weft-cli"));
}

TEST(CliCalls, OutputThatCannotBeWrittenIsAFailure) {
  const auto result = run_cli({"info", kGguf, "--json"}, {.before_exec = [] {
                                const int full = ::open("/dev/full", O_WRONLY);
                                ::dup2(full, STDOUT_FILENO);
                              }});
  EXPECT_EQ(result.code, 1);
  EXPECT_THAT(result.err, HasSubstr("could not be written"));
}

}  // namespace
}  // namespace weft
