// SPDX-License-Identifier: GPL-3.0-or-later
// weft-cli generate as a user calls it, and a run that samples: what it prints, records and reports.
#include <gtest/gtest.h>

#include "engine/core/json.h"
#include "tests/support/cli_process.h"
#include "tests/support/test_files.h"

namespace weft::test {
namespace {

const std::string kGguf = WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf", kLora = WEFT_TEST_DATA "/parity/lora";

Json json_of(const ProcessResult& result) {
  EXPECT_EQ(result.code, 0) << result.err;
  const auto json = parse_json(result.out);
  EXPECT_TRUE(json.ok()) << result.out;
  return json.ok() ? *json : Json::object();
}

std::vector<std::string> call(const std::vector<std::string>& more) {
  std::vector<std::string> all{"generate", kGguf, "--prompt", "Once upon a time", "--template", "none", "--max-tokens", "20"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(CliGenerate, WritesThePromptAndTheAnswer) {
  const auto written = run_cli(call({"--temperature", "0"}));
  EXPECT_EQ(written.code, 0) << written.err;
  EXPECT_EQ(written.out.rfind("Once upon a time, there was", 0), 0U) << written.out;
  EXPECT_NE(written.err.find("20 written"), std::string::npos) << written.err;
  const auto quiet = run_cli(call({"--temperature", "0", "--quiet"}));
  EXPECT_EQ("Once upon a time" + quiet.out, written.out);
  EXPECT_EQ(quiet.err, "");
}

TEST(CliGenerate, JsonHoldsTheAnswerWithItsProbabilities) {
  const Json one = json_of(run_cli(call({"--adapter", kLora, "--strength", "0.5", "--seed", "3", "--json"})));
  EXPECT_EQ(one["strength"], 0.5);
  EXPECT_EQ(one["seed"], 3);
  EXPECT_EQ(one["end"], "length");
  ASSERT_EQ(one["tokens"].size(), 20U);
  EXPECT_EQ(one["tokens"][0]["likeliest"].size(), 5U);
  EXPECT_EQ(json_of(run_cli(call({"--adapter", kLora, "--strength", "0.5", "--seed", "3", "--json"})))["text"], one["text"]);
  EXPECT_NE(json_of(run_cli(call({"--adapter", kLora, "--strength", "0.5", "--seed", "4", "--json"})))["text"], one["text"]);
  EXPECT_EQ(json_of(run_cli(call({"--adapter", kLora, "--strength", "0", "--json"})))["text"], json_of(run_cli(call({"--json"})))["text"]);
}

TEST(CliGenerate, SeveralAnswerSideBySideWithOneSeed) {
  const Json both = json_of(run_cli(call({"--adapter", kLora, "--with-base", "--seed", "3", "--json"})));
  ASSERT_EQ(both["answers"].size(), 2U);
  EXPECT_EQ(both["answers"][0]["name"], "base");
  EXPECT_EQ(both["answers"][1]["name"], kLora);
  EXPECT_EQ(both["answers"][0]["text"], json_of(run_cli(call({"--seed", "3", "--json"})))["text"]);
  EXPECT_EQ(both["answers"][1]["text"], json_of(run_cli(call({"--adapter", kLora, "--seed", "3", "--json"})))["text"]);
  const auto words = run_cli(call({"--adapter", kLora, "--with-base", "--quiet"}));
  EXPECT_EQ(words.out.rfind("--- base ---\n", 0), 0U) << words.out;
  EXPECT_NE(words.out.find("--- " + kLora + " ---\n"), std::string::npos) << words.out;
}

TEST(CliGenerate, AConversationGoesOn) {
  const TemporaryFolder folder;
  folder.write("chat.json", R"([{"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hello."}, {"role": "user", "content": "Who are you?"}])");
  const auto go_on = [&](const std::string& file) {
    return run_cli({"generate", kGguf, "--messages", folder.file(file), "--template", "chatml", "--max-tokens", "4", "--json"});
  };
  const Json answer = json_of(go_on("chat.json"));
  EXPECT_NE(answer["prompt"].get<std::string>().find("Hi."), std::string::npos) << answer["prompt"];
  EXPECT_NE(answer["prompt"].get<std::string>().find("Hello."), std::string::npos) << answer["prompt"];
  folder.write("ended.json", R"([{"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hello."}])");
  const auto ended = go_on("ended.json");
  EXPECT_EQ(ended.code, 2);
  EXPECT_NE(ended.err.find("only one of \"user\" can be answered"), std::string::npos) << ended.err;
  folder.write("odd.json", R"([{"role": "user", "content": 3}])");
  EXPECT_NE(go_on("odd.json").err.find("message 1 has no"), std::string::npos);
  EXPECT_EQ(run_cli(call({"--messages", folder.file("chat.json")})).code, 2) << "one of the two";
}

TEST(CliGenerate, WrongCallsSayWhatIsWrong) {
  const auto refused = [](const std::vector<std::string>& more, const char* words) {
    const auto result = run_cli(call(more));
    EXPECT_EQ(result.code, 2) << result.out;
    EXPECT_NE(result.err.find(words), std::string::npos) << result.err;
  };
  refused({"--temperature", "hot"}, "\"hot\" is not a number");
  refused({"--temperature", "-1"}, "temperature");
  refused({"--top-p", "2"}, "top_p");
  refused({"--strength", "0.5"}, "--adapter");
  refused({"--adapter", kLora, "--strength", "9"}, "strength = 9");
  EXPECT_EQ(run_cli({"generate", "no-such.gguf", "--prompt", "x"}).code, 1);
  EXPECT_EQ(run_cli({"generate", kGguf}).code, 2);
}

TEST(CliGenerate, ARunSamplesAndItsAdapterAnswersAsItTrained) {
  const TemporaryFolder folder;
  std::string story;
  for (int i = 0; i < 40; ++i) story += "The red ball number " + std::to_string(i) + " was big. ";
  folder.write("story.txt", story);
  folder.write("run.toml", "[model]\npath = \"" + kGguf + "\"\n[data]\npath = \"story.txt\"\nmax_length = 32\n[method]\nname = \"lora\"\nrank = 4\n"
               "[train]\nsteps = 6\nbatch_tokens = 128\nlr = 1e-2\nthreads = 1\n[samples]\nprompts = [\"The red, big\", \"Once\"]\nevery = 3\nmax_tokens = 8\n");
  const std::string project = folder.file("p.weft");
  const auto trained = run_cli({"train", folder.file("run.toml"), "--project", project, "--json"});
  ASSERT_EQ(trained.code, 0) << trained.err;
  std::size_t drawn = 0;
  std::istringstream lines(trained.out);
  for (std::string line; std::getline(lines, line);) {
    const auto json = parse_json(line);
    if (!json.ok() || (*json)["type"] != "samples") continue;
    ++drawn;
    EXPECT_EQ((*json)["answers"][0]["prompt"], "The red, big");
  }
  EXPECT_EQ(drawn, 2U);
  ASSERT_EQ(run_cli({"report", project, "r1", "--out", folder.file("report")}).code, 0);
  const std::string page = content_of(folder / "report/index.html");
  EXPECT_NE(page.find("<h2>Samples</h2>"), std::string::npos);
  EXPECT_NE(page.find("The red, big"), std::string::npos);
  const Json answer = json_of(run_cli({"generate", kGguf, "--adapter", project + ":r1", "--prompt", "The red", "--max-tokens", "4", "--json"}));
  EXPECT_EQ(answer["prompt"], "The red") << "its rows are text";
  EXPECT_EQ(answer["template"], "");
}

}  // namespace
}  // namespace weft::test
