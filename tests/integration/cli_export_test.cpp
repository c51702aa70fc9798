// SPDX-License-Identifier: GPL-3.0-or-later
// weft-cli export and compare over runs that trained with a template of their own: what is written, what is said of it, and that it answers as it trained.
#include <algorithm>
#include <filesystem>

#include "tests/integration/cli_train_support.h"

namespace weft::test {
namespace {

class CliExportTest : public TrainingTest {
 protected:
  // A chat run with the template "plain", which the model does not have.
  void train(int runs) {
    std::string rows;
    for (int i = 0; i < 24; ++i) rows += R"({"prompt": "What came next?", "completion": "The red ball number )" + std::to_string(i) + " was big.\"}\n";
    folder_.write("rows.jsonl", rows);
    for (int n = 0; n < runs; ++n) {
      folder_.write("run.toml", "[model]\npath = \"" + kGguf + "\"\n[data]\npath = \"rows.jsonl\"\ntemplate = \"plain\"\nmax_length = 64\n[method]\nname = \"lora\"\nrank = 4\n"
                                "[train]\nsteps = 3\nbatch_tokens = 128\nlr = 1e-2\nthreads = 1\nseed = " + std::to_string(n + 1) + "\n");
      ASSERT_EQ(run_cli({"train", folder_.file("run.toml"), "--project", project(), "--json"}).code, 0);
    }
  }
};

TEST_F(CliExportTest, CarriesTheTemplateAndSaysWhatLoadsIt) {
  ASSERT_NO_FATAL_FAILURE(train(1));
  const Json listed = json_of(run_cli({"export", project() + ":r1", "--list", "--json"}));
  std::uint64_t announced = 0;
  for (const auto& way : listed["formats"])
    if (way["format"] == "peft") announced = way["bytes"];
  EXPECT_GT(listed["free"].get<std::uint64_t>(), 0U);

  const std::string out = folder_.file("peft");
  const Json said = json_of(run_cli({"export", project() + ":r1", "--out", out, "--json"}));
  const auto on_disk = std::filesystem::file_size(out + "/adapter_model.safetensors");
  EXPECT_GE(on_disk, announced);
  EXPECT_LT(on_disk, announced + 16384) << "tensors and a header";
  const auto files = said["files"].get<std::vector<std::string>>();
  EXPECT_NE(std::find(files.begin(), files.end(), "chat_template.jinja"), files.end()) << said.dump();
  EXPECT_EQ(said["base"]["sha256"], "fe9d8ba5950cdd8165bd22ab59ac6fc147ebcb2a5d68111adfa129362dab8023");
  EXPECT_NE(said["load"]["Python"].get<std::string>().find(out), std::string::npos);
  EXPECT_NE(said["load"]["llama.cpp"].get<std::string>().find("llama-cli"), std::string::npos);

  const auto told = run_cli({"runs", project(), "r1"});
  EXPECT_NE(told.out.find("export peft of step "), std::string::npos) << told.out;
  EXPECT_NE(told.out.find("checkpoints: "), std::string::npos) << told.out;

  const std::string merged = folder_.file("merged");
  ASSERT_EQ(run_cli({"export", project() + ":r1", "--format", "merged", "--dtype", "fp32", "--out", merged}).code, 0);
  const std::vector<std::string> prompt{"--prompt", "What came next?", "--temperature", "0", "--max-tokens", "8", "--json"};
  const auto ask = [&](std::vector<std::string> call) {
    call.insert(call.end(), prompt.begin(), prompt.end());
    return json_of(run_cli(call));
  };
  const Json of_run = ask({"generate", kGguf, "--adapter", project() + ":r1"}), of_merged = ask({"generate", merged});
  EXPECT_EQ(of_run["template"], "plain");
  EXPECT_EQ(of_merged["template"], "the model's own") << "the folder has it now";
  EXPECT_EQ(of_merged["prompt_tokens"], of_run["prompt_tokens"]) << "what begins a text is the template's to say in a folder";
  EXPECT_EQ(of_merged["text"], of_run["text"]);
}

TEST_F(CliExportTest, AMergedFileAnswersAsTheRunDoes) {
  ASSERT_NO_FATAL_FAILURE(train(1));
  const std::string out = folder_.file("gguf");
  const Json said = json_of(run_cli({"export", project() + ":r1", "--format", "gguf", "--dtype", "fp32", "--out", out, "--json"}));
  EXPECT_EQ(said["files"], Json({"model.gguf"}));
  const auto ask = [&](std::vector<std::string> call) {
    for (const char* more : {"--prompt", "What came next?", "--temperature", "0", "--max-tokens", "8", "--json"}) call.emplace_back(more);
    return json_of(run_cli(call));
  };
  const Json of_run = ask({"generate", kGguf, "--adapter", project() + ":r1"}), of_file = ask({"generate", out + "/model.gguf"});
  EXPECT_EQ(of_file["template"], "the model's own") << "the file has it now";
  EXPECT_EQ(of_file["prompt_tokens"], of_run["prompt_tokens"]);
  EXPECT_EQ(of_file["text"], of_run["text"]);
}

TEST_F(CliExportTest, TheLeastRankThatKeepsAShareIsFoundAndRecorded) {
  ASSERT_NO_FATAL_FAILURE(train(1));
  const Json said = json_of(run_cli({"export", project() + ":r1", "--format", "lora", "--energy", "90%", "--out", folder_.file("near"), "--json"}));
  EXPECT_GE(said["least_energy"].get<double>(), 0.9);
  EXPECT_LE(said["least_rank"].get<int>(), said["rank"].get<int>());
  EXPECT_LE(said["rank"].get<int>(), 4);
  const Json run = json_of(run_cli({"runs", project(), "r1", "--json"}));
  EXPECT_NE(run.dump().find("peft-energy-0.9"), std::string::npos) << run.dump();
}

TEST_F(CliExportTest, AQuantisedBaseIsReadAndTrainedAsAnyOther) {
  const std::string out = folder_.file("small");
  const Json said = json_of(run_cli({"quantize", kGguf, "--codec", "q4_1", "--out", out, "--json"}));
  EXPECT_LT(said["bytes"].get<std::uint64_t>(), said["bytes_before"].get<std::uint64_t>() / 2);
  EXPECT_GT(said["error"].get<double>(), 0.01);
  EXPECT_LT(said["error"].get<double>(), 0.15);
  for (const auto& tensor : said["tensors"]) {
    const std::string name = tensor["name"];
    if (tensor["shape"].size() == 1)
      EXPECT_EQ(tensor["to"], "F32") << name;
    else
      EXPECT_EQ(tensor["to"], tensor.contains("kept") ? "F32" : name == "token_embd.weight" || name == "output.weight" ? "Q8_0" : "Q4_1") << name;
  }
  const Json info = json_of(run_cli({"info", out + "/model.gguf", "--json"}));
  EXPECT_EQ(info["dtype"], "Q4_1");
  EXPECT_EQ(info["trainable"], true);
  folder_.write("run.toml", "[model]\npath = \"" + out + "/model.gguf\"\n[data]\npath = \"" + kRows + "\"\nformat = \"text\"\ntrain_on = \"all\"\nmax_length = 64\n"
                            "[method]\nname = \"lora\"\nrank = 4\n[train]\nsteps = 2\nbatch_tokens = 128\nthreads = 1\n");
  EXPECT_EQ(run_cli({"train", folder_.file("run.toml"), "--quiet"}).code, 0);
  const auto again = run_cli({"quantize", out + "/model.gguf", "--codec", "q4_1", "--out", folder_.file("again")});
  EXPECT_EQ(again.code, 2);
  EXPECT_NE(again.err.find("nothing in "), std::string::npos) << again.err;
  EXPECT_FALSE(std::filesystem::exists(folder_.file("again")));
  folder_.write("cut.gguf", content_of(kGguf).substr(0, 400'000));
  EXPECT_EQ(run_cli({"quantize", folder_.file("cut.gguf"), "--codec", "q8_0", "--out", folder_.file("again")}).code, 1);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("again")));
}

TEST_F(CliExportTest, PicturesOfSpectraAndCurvesAreWritten) {
  ASSERT_NO_FATAL_FAILURE(train(2));
  const Json seen = json_of(run_cli({"inspect", project() + ":r1", "--svg", folder_.file("spectra"), "--json"}));
  ASSERT_EQ(seen["pictures"].size(), 2U + 7U) << "ranks, norms, and seven modules";
  for (const auto& path : seen["pictures"]) EXPECT_TRUE(std::filesystem::exists(path.get<std::string>())) << path;
  EXPECT_NE(content_of(folder_.file("spectra/spectra-q_proj.svg")).find("layer 4"), std::string::npos);
  const auto compared = run_cli({"compare", project(), "r1", "r2", "--svg", folder_.file("curves")});
  EXPECT_EQ(compared.code, 0) << compared.err;
  for (const char* name : {"loss", "held-out-loss", "learning-rate", "gradient-norm"})
    EXPECT_NE(compared.out.find(folder_.file("curves/" + std::string(name) + ".svg")), std::string::npos) << compared.out;
  folder_.write("taken", "a file");
  EXPECT_EQ(run_cli({"compare", project(), "r1", "r2", "--svg", folder_.file("taken")}).code, 1);
}

TEST_F(CliExportTest, ComparedRunsAnswerOnePrompt) {
  ASSERT_NO_FATAL_FAILURE(train(2));
  const Json compared = json_of(run_cli({"compare", project(), "r1", "r2", "--prompt", "What came next?", "--with-base", "--seed", "5", "--max-tokens", "6", "--json"}));
  ASSERT_EQ(compared["answers"].size(), 3U);
  EXPECT_EQ(compared["answers"][0]["name"], "base");
  EXPECT_EQ(compared["answers"][0]["adapter"], "");
  EXPECT_EQ(compared["answers"][2]["name"], "r2");
  for (const auto& answer : compared["answers"]) {
    EXPECT_EQ(answer["seed"], 5);
    EXPECT_EQ(answer["template"], "plain");
    EXPECT_EQ(answer["prompt"], compared["answers"][0]["prompt"]);
  }
  const Json alone = json_of(run_cli({"generate", kGguf, "--adapter", project() + ":r2", "--prompt", "What came next?", "--seed", "5", "--max-tokens", "6", "--json"}));
  EXPECT_EQ(compared["answers"][2]["text"], alone["text"]);
}

TEST_F(CliExportTest, WrongCallsSayWhatIsMissing) {
  const auto no_out = run_cli({"export", project() + ":r1"});
  EXPECT_EQ(no_out.code, 2);
  EXPECT_NE(no_out.err.find("--out FOLDER is missing"), std::string::npos) << no_out.err;
  const auto folder = run_cli({"export", kFolder, "--list"});
  EXPECT_EQ(folder.code, 2);
  EXPECT_NE(folder.err.find("P.weft:RUN"), std::string::npos) << folder.err;
  EXPECT_EQ(run_cli({"export", folder_.file("none.weft") + ":r1", "--list"}).code, 1);
}

}  // namespace
}  // namespace weft::test
