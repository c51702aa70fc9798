// SPDX-License-Identifier: GPL-3.0-or-later
// The Export page around an export, and the prompt that all runs of the Compare page answer, with an engine that answers at once.
#include <gtest/gtest.h>

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "app/gui/workbench.h"
#include "tests/gui/gui_test.h"
#include "tests/support/fake_engine.h"
#include "ui/bridge/text.h"
#include "ui/panels/compare_page.h"
#include "ui/panels/compared_answers.h"
#include "ui/panels/export_page.h"
#include "ui/panels/export_result.h"
#include "ui/panels/try_page.h"
#include "ui/shell/main_window.h"

namespace weft::test {
namespace {

using namespace weft::ui;

const std::string kModel = WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf";

class AnswersTest : public testing::Test {
 protected:
  void train(int runs) {
    m_window.resize(1440, 900);
    m_window.show();
    m_workbench.loadEngine();
    bool answered = false;
    m_window.openProject(m_home.filePath(QStringLiteral("p.weft")), true, [&](bool) { answered = true; });
    ASSERT_TRUE(wait_until([&] { return answered && m_workbench.hasEngine(); }));
    for (RunId run = 1; run <= runs; ++run) {
      TrainRequest request;
      request.model = {{"path", kModel}};
      request.data = {{"path", "rows.jsonl"}, {"template", "chatml"}};
      request.method = {{"name", "lora"}, {"rank", 4}};
      request.train = {{"steps", 10}, {"checkpoint_every", 5}, {"eval_every", 5}};
      request.samples = {{"prompts", {"Who?", "Why?"}}};
      m_window.desk().train(request);
      ASSERT_TRUE(wait_until([&] { return m_window.desk().live() && !m_window.desk().isLive() && m_window.desk().live()->id == run; }));
    }
  }

  QTemporaryDir m_home;
  Theme m_theme{*qApp};
  FakeEngine* m_engine = nullptr;
  gui::Workbench m_workbench{[this] {
    auto engine = std::make_unique<FakeEngine>();
    m_engine = engine.get();
    return Result<std::unique_ptr<Engine>>(std::move(engine));
  }};
  MainWindow m_window{m_theme, m_workbench, {}};
};

TEST_F(AnswersTest, ExportSaysWhatItTakesWhatItBelongsToAndHowToLoadIt) {
  ASSERT_NO_FATAL_FAILURE(train(1));
  m_window.showPage(Page::Export);
  auto* page = m_window.exportPage();
  ASSERT_TRUE(wait_until([&] { return page->button()->isEnabled(); }));
  EXPECT_TRUE(wait_until([&] { return page->base().contains(QLatin1String("fe9d8ba5950cdd8165bd22ab59ac6fc147ebcb2a5d68111adfa129362dab8023")); }))
      << text_of(page->base());
  EXPECT_TRUE(page->base().contains(QLatin1String("stories260K-f32.gguf")));
  page->copyHash()->click();
  EXPECT_EQ(text_of(QGuiApplication::clipboard()->text()), "fe9d8ba5950cdd8165bd22ab59ac6fc147ebcb2a5d68111adfa129362dab8023");
  EXPECT_TRUE(page->carried().contains(QLatin1String("chatml"))) << text_of(page->carried());
  EXPECT_TRUE(page->space().contains(QLatin1String("free at"))) << text_of(page->space());
  EXPECT_TRUE(wait_until([&] { return page->formats()->currentText().contains(QLatin1String("about")); })) << text_of(page->formats()->currentText());
  page->button()->click();
  ASSERT_TRUE(wait_until([&] { return page->result()->isVisibleTo(page); }));
  for (const int snippet : {0, 1}) {
    page->result()->copy(snippet)->click();
    EXPECT_EQ(text_of(QGuiApplication::clipboard()->text()).find(snippet == 0 ? "from peft" : "#"), 0U) << text_of(QGuiApplication::clipboard()->text());
    EXPECT_TRUE(QGuiApplication::clipboard()->text().contains(m_home.path()));
  }
}

TEST_F(AnswersTest, ComparedRunsAnswerOnePromptWithOneSeed) {
  ASSERT_NO_FATAL_FAILURE(train(2));
  m_window.showPage(Page::Compare);
  auto* answers = m_window.comparePage()->answers();
  ASSERT_TRUE(wait_until([&] { return answers->prompt()->count() == 2; })) << "what the runs were sampled with is offered";
  answers->base()->setChecked(true);
  answers->prompt()->setEditText(QStringLiteral("Hello"));
  ASSERT_TRUE(answers->askButton()->isEnabled());
  answers->askButton()->click();
  ASSERT_TRUE(wait_until([&] { return !answers->conversation().busy(); }));
  const auto questions = m_engine->questions();
  ASSERT_EQ(questions.size(), 3U);
  EXPECT_EQ(questions[0].adapter, "");
  EXPECT_NE(questions[1].adapter.find("r1"), std::string::npos) << questions[1].adapter;
  EXPECT_NE(questions[2].adapter.find("r2"), std::string::npos) << questions[2].adapter;
  for (const auto& question : questions) {
    EXPECT_EQ(question.sampling.seed, questions[0].sampling.seed);
    EXPECT_EQ(question.chat_template, "chatml") << "as each was trained";
    ASSERT_EQ(question.messages.size(), 1U);
  }
  ASSERT_NE(answers->turn(), nullptr);
  answers->prompt()->setEditText(QStringLiteral("Again"));
  answers->askButton()->click();
  ASSERT_TRUE(wait_until([&] { return !answers->conversation().busy(); }));
  EXPECT_EQ(m_engine->questions().back().messages.size(), 1U) << "every prompt stands alone";
  m_window.comparePage()->choose(1, false);
  answers->prompt()->setEditText(QString());
  EXPECT_FALSE(answers->askButton()->isEnabled());
}

}  // namespace
}  // namespace weft::test
