// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine says, in another language: found in its source, known again by what stands around its values.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include <QTemporaryDir>
#include <QTranslator>

#include "app/run/run_file.h"
#include "engine/api/health.h"
#include "engine/api/said_sentence.h"
#include "engine/formats/model_source.h"
#include "engine/formats/safetensors.h"
#include "resources/translations/source_sentences.h"
#include "tests/gui/window_test.h"
#include "tests/support/test_files.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/queue_model.h"
#include "ui/models/run_history.h"
#include "ui/shell/language.h"

namespace weft::test {
namespace {

using namespace weft::ui;

TEST(Sentences, AreFoundAgainByWhatStandsAroundTheirValues) {
  const SentenceBook book({"a loss of %1", "%1 rows of %2", "%1 rows of %2 were left out", "no place"});
  const auto said = book.find("3 rows of data.jsonl were left out");
  ASSERT_TRUE(said);
  EXPECT_EQ(said->pattern, "%1 rows of %2 were left out");   // not the one that leaves more to its values
  EXPECT_EQ(said->values, (std::vector<std::string>{"3", "data.jsonl"}));
  EXPECT_EQ(book.find("3 rows of data.jsonl")->pattern, "%1 rows of %2");
  EXPECT_FALSE(book.find("a loss of 2; no spectra"));        // two clauses
  EXPECT_FALSE(book.find("no place"));
  EXPECT_FALSE(book.find(""));
}

TEST(Sentences, AreFoundInTheSource) {
  using Texts = std::vector<std::string>;
  EXPECT_EQ(sentences_of_source(R"(return corrupt("the key " + quoted(key) + " stands twice");)"), (Texts{"the key %1 stands twice"}));
  EXPECT_EQ(sentences_of_source(R"(return invalid(fmt::format("{} = {:.3f} is outside 1 to {}{}", key, v, most, rest));)"), (Texts{"%1 = %2 is outside 1 to %3"}));
  EXPECT_EQ(sentences_of_source("x(\"two halves \"\n  \"of one text\");  // \"and a comment of words\""), (Texts{"two halves of one text"}));
  EXPECT_EQ(sentences_of_source(R"(TORCH_CHECK(a == b, "[model.norm] rows of ", a, " values, weight of ", b);)"), (Texts{"[model.norm] rows of %1 values, weight of %2"}));
  EXPECT_EQ(sentences_of_source(R"(why = ready ? "it can begin now" : "it waits for " + other;)"), (Texts{"it can begin now", "it waits for %1"}));
  EXPECT_EQ(sentences_of_source(R"(Err(failure(format!("a list of over {} items", most))))"), (Texts{"a list of over %1 items"}));
  EXPECT_EQ(sentences_of_source("#define LIST(X) \\\n  X(Name, \"Rows of at most {} tokens\")"), (Texts{"Rows of at most %1 tokens"}));
  EXPECT_TRUE(sentences_of_source(R"(db.query("SELECT name FROM run"); tr("shown by the window"); x["input_ids"]; open("/proc/self/stat of it"); '"';)").empty());
  EXPECT_EQ(clauses_of("%1 is not set; take \"adamw\"; it has %2 rows"), (Texts{"%1 is not set", "take \"adamw\"", "it has %1 rows"}));
}

class InJapanese : public testing::Test {
 protected:
  void SetUp() override {
    installLanguage(*qApp, Language::English);   // makes the resources known
    ASSERT_TRUE(japanese_.load(QStringLiteral(":/translations/weft_ja.qm")));
    QCoreApplication::installTranslator(&japanese_);
  }
  void TearDown() override { QCoreApplication::removeTranslator(&japanese_); }

 private:
  QTranslator japanese_;
};

bool is_japanese(const QString& text) {
  return std::any_of(text.begin(), text.end(), [](QChar c) { return c.unicode() >= 0x3040 && c.unicode() < 0xA000; });
}

TEST(EngineText, StaysAsItIsInEnglish) {
  installLanguage(*qApp, Language::English);
  EXPECT_EQ(text_of(engineText("the standard")), "the standard");
  EXPECT_EQ(text_of(engineText("the disk is full; free some space")), "the disk is full; free some space");
}

TEST_F(InJapanese, TheEngineSaysItsWordsWithTheirValues) {
  EXPECT_EQ(text_of(engineText("the standard")), "標準的な手法");
  EXPECT_EQ(text_of(engineText("done")), "完了");
  EXPECT_EQ(text_of(engineText("drop in 3 layers")), "破棄 (3 層)");
  EXPECT_EQ(text_of(engineText("nothing that is known")), "nothing that is known");
  EXPECT_EQ(text_of(engineText("")), "");
  EXPECT_EQ(text_of(engineText("stopped at step 3 of 10; no spectra")), "ステップ 3 / 10 で停止; スペクトルなし");
}

TEST_F(InJapanese, ErrorsKeepTheirNumbersPlacesAndHints) {
  EXPECT_EQ(text_of(engineText("/m/a.weft: this is a folder; a project is a file name.weft")), "/m/a.weft: これはフォルダーです; プロジェクトは名前.weft というファイルです");
  EXPECT_EQ(text_of(engineText("the settings were not saved: the disk is full; free some space or move the project to another disk")),
            "設定を保存できませんでした: ディスクがいっぱいです; 空きを増やすか、プロジェクトを別のディスクに移してください");
  EXPECT_EQ(text_of(engineText("run r7 has no checkpoint at step 40")), "実行 r7 にはステップ 40 のチェックポイントがありません");
  // what is quoted is not parted
  EXPECT_EQ(text_of(engineText("another run is already called \"done; the disk is full\"")), "\"done; the disk is full\" という名前の実行がすでにあります");
}

// Errors as they are, of the code that makes them: none that a person can bring about with a file is left in English.
TEST_F(InJapanese, WhatIsWrongWithAFileIsSaid) {
  QTemporaryDir folder;
  QStringList english;
  int said = 0;
  const auto offer = [&](const Status& status) {
    if (status.ok()) return;
    ++said;
    if (!is_japanese(engineText(status.message()))) english.append(qs(status.message()));
  };
  for (const char* pack : {"gguf.tsv", "safetensors.tsv"})
    for (const auto& file : read_pack(std::string(WEFT_TEST_DATA "/hostile/") + pack)) {
      const std::string path = ss(folder.filePath(QString::fromLatin1(pack).startsWith(u'g') ? QStringLiteral("x.gguf") : QStringLiteral("x.safetensors")));
      std::ofstream(path, std::ios::binary) << file.content;
      offer(ModelSource::open(path).status());
      offer(SafeTensorsFile::open(path).status());
    }
  for (const char* text : {"", "[train", "[train]\nstep = 3\n", "[trian]\nsteps = 3\n", "[train]\nsteps = \"many\"\n", "[train]\nsteps = -1\n", "[method]\nname = \"lorra\"\n", "[train]\nsteps = 3\nepochs = 2\n"}) {
    const std::string path = ss(folder.filePath(QStringLiteral("run.toml")));
    std::ofstream(path) << text;
    offer(read_run_file(path).status());
  }
  english.removeDuplicates();
  EXPECT_GT(said, 60);
  EXPECT_TRUE(english.isEmpty()) << english.size() << " of " << said << ":\n" << text_of(english.join(QLatin1Char('\n')));
}

// What the project holds is English; who opens it again is told as who saw it happen.
TEST_F(InJapanese, WhatARunOfTheProjectSaidIsSaid) {
  RunData data;
  data.run.message = "stopped at step 3 of 10; no spectra";
  data.events = {{1, 3, "warning", {{"message", "no spectra"}}, ""}};
  const RunHistory run = RunHistory::fromProject(data);
  EXPECT_EQ(text_of(run.message), "ステップ 3 / 10 で停止; スペクトルなし");
  ASSERT_EQ(run.flags.size(), 1U);
  EXPECT_EQ(text_of(run.flags[0].text), "スペクトルなし");
  RunHistory live;
  FinishedEvent over;
  over.message = data.run.message;
  live.apply(Event(over));
  EXPECT_EQ(live.message, run.message);
}

TEST_F(InJapanese, WhyAnEntryOfTheQueueFailedIsSaid) {
  QueueItem item;
  item.entry.id = 1;
  item.entry.state = kQueueFailed;
  item.entry.message = "stopped at step 3 of 10; no spectra";
  QueueModel model;
  model.setItems({item});
  const QModelIndex state = model.index(0, QueueModel::State);
  EXPECT_EQ(text_of(state.data(Qt::ToolTipRole).toString()), "ステップ 3 / 10 で停止; スペクトルなし");
  EXPECT_TRUE(state.data(Qt::AccessibleTextRole).toString().endsWith(QStringLiteral("ステップ 3 / 10 で停止; スペクトルなし")));
}

TEST_F(InJapanese, NoticesOfARunAreSaid) {
  HealthSeries series;
  for (int i = 0; i < 200; ++i) {
    series.loss.steps.push_back(i);
    series.loss.values.push_back(2 + 0.05 * (i % 2));
    series.lr.steps.push_back(i);
    series.lr.values.push_back(1e-4);
  }
  const auto notices = health_notices(series);
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_EQ(text_of(engineText(notices[0].title)), "停滞");
  EXPECT_TRUE(engineText(notices[0].text).startsWith(QStringLiteral("訓練損失はステップ 120~159 で 2.025"))) << text_of(engineText(notices[0].text));
}

}  // namespace
}  // namespace weft::test
