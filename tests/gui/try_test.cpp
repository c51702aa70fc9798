// SPDX-License-Identifier: GPL-3.0-or-later
// The Try page and the conversation behind it, with an engine that answers word by word.
#include <gtest/gtest.h>

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSlider>

#include "app/gui/workbench.h"
#include "tests/gui/gui_test.h"
#include "tests/support/fake_engine.h"
#include "ui/bridge/text.h"
#include "ui/panels/adapter_chooser.h"
#include "ui/panels/live_page.h"
#include "ui/panels/samples_card.h"
#include "ui/panels/try_page.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/answer_view.h"
#include "ui/widgets/setting_form.h"

namespace weft::test {
namespace {

using namespace weft::ui;

// A turn a line: prompt | speaker: text [state] | ...
std::string table(const Conversation& conversation) {
  static const char* const words[] = {"waiting", "writing", "done", "stopped", "failed"};
  std::string out;
  for (const auto& turn : conversation.turns()) {
    out += text_of(turn.prompt);
    for (const auto& answer : turn.answers)
      out += " | " + text_of(answer.by.name) + ": " + text_of(answer.text) + " [" + words[static_cast<int>(answer.state)] + "]";
    out += "\n";
  }
  return out;
}

class TryPageTest : public testing::Test {
 protected:
  void open(FakeScript script = {}) {
    m_script = script;
    m_window.resize(1440, 900);
    m_window.show();
    m_workbench.loadEngine();
    bool answered = false;
    m_window.openProject(m_home.filePath(QStringLiteral("p.weft")), true, [&](bool) { answered = true; });
    ASSERT_TRUE(wait_until([&] { return answered && m_workbench.hasEngine(); }));
  }
  // A run of 10 steps with checkpoints at 5 and 10, chosen on the page.
  void train() {
    TrainRequest request;
    request.model = {{"path", "model.gguf"}};
    request.data = {{"path", "rows.jsonl"}, {"template", "chatml"}};
    request.method = {{"name", "lora"}, {"rank", 4}};
    request.train = {{"steps", 10}, {"checkpoint_every", 5}, {"eval_every", 5}};
    request.samples = {{"prompts", {"Who?"}}};
    m_window.desk().train(request);
    ASSERT_TRUE(wait_until([&] { return m_window.desk().live() && !m_window.desk().isLive(); }));
    m_window.showPage(Page::Try);
    // both steps, and not "now" with the first of them
    ASSERT_TRUE(wait_until([&] { return page()->first()->step()->count() == 2 && page()->first()->step()->itemData(0).toLongLong() == 10; })) << page()->first()->step()->count();
  }
  bool ask(const char* prompt) {
    page()->prompt()->setPlainText(QLatin1String(prompt));
    QTest::keyClick(page()->prompt(), Qt::Key_Return, Qt::ControlModifier);
    return page()->conversation().busy();
  }
  bool answered() {
    return wait_until([&] { return !page()->conversation().busy(); });
  }
  TryPage* page() { return m_window.tryPage(); }

  QTemporaryDir m_home;
  Theme m_theme{*qApp};
  FakeScript m_script;
  FakeEngine* m_engine = nullptr;
  gui::Workbench m_workbench{[this] {
    auto engine = std::make_unique<FakeEngine>(m_script);
    m_engine = engine.get();
    return Result<std::unique_ptr<Engine>>(std::move(engine));
  }};
  MainWindow m_window{m_theme, m_workbench, {}};
};

TEST_F(TryPageTest, BaseAndTunedAnswerSideBySideWithOneSeed) {
  open();
  ASSERT_NO_FATAL_FAILURE(train());
  ASSERT_TRUE(ask("Hello"));
  ASSERT_TRUE(answered());
  EXPECT_EQ(table(page()->conversation()), "Hello | base: base Hello 1 [done] | r1, step 10: tuned Hello 1 [done]\n");
  const auto questions = m_engine->questions();
  ASSERT_EQ(questions.size(), 2U);
  EXPECT_EQ(questions[0].adapter, "");
  EXPECT_EQ(questions[0].strength, 0);
  EXPECT_NE(questions[1].adapter.find("step-10"), std::string::npos) << questions[1].adapter;
  EXPECT_EQ(questions[1].chat_template, "chatml") << "as the run trains";
  EXPECT_EQ(questions[0].sampling.seed, questions[1].sampling.seed);
  EXPECT_TRUE(page()->prompt()->toPlainText().isEmpty());
}

TEST_F(TryPageTest, EachGoesOnFromItsOwnAnswers) {
  open();
  ASSERT_NO_FATAL_FAILURE(train());
  ASSERT_TRUE(ask("One") && answered());
  ASSERT_TRUE(ask("Two") && answered());
  const auto said = [](const GenerateRequest& request) {
    std::string all;
    for (const auto& message : request.messages) all += message.role + ":" + message.content + ";";
    return all;
  };
  const auto questions = m_engine->questions();
  ASSERT_EQ(questions.size(), 4U);
  EXPECT_EQ(said(questions[2]), "user:One;assistant:base One 1;user:Two;");
  EXPECT_EQ(said(questions[3]), "user:One;assistant:tuned One 1;user:Two;");
  page()->conversation().clear();
  ASSERT_TRUE(ask("Three") && answered());
  EXPECT_EQ(said(m_engine->questions().back()), "user:Three;");
  EXPECT_EQ(page()->turns().size(), 1U);
}

TEST_F(TryPageTest, TwoStepsOfARunAnswerBesideEachOtherAtAStrength) {
  open();
  ASSERT_NO_FATAL_FAILURE(train());
  page()->base()->setChecked(false);
  page()->second()->chooseRun(1);
  ASSERT_TRUE(wait_until([&] { return page()->second()->step()->count() == 2; }));
  page()->second()->step()->setCurrentIndex(1);
  page()->strength()->setValue(10);
  ASSERT_TRUE(ask("Hello") && answered());
  EXPECT_EQ(table(page()->conversation()), "Hello | r1, step 10: tuned Hello 1 [done] | r1, step 5: tuned Hello 1 [done]\n");
  EXPECT_EQ(m_engine->questions()[0].strength, 0.5);
  EXPECT_NE(m_engine->questions()[1].adapter.find("step-5"), std::string::npos);
}

TEST_F(TryPageTest, StopEndsTheAnswerAndThoseThatWait) {
  open({.hold_answer_after = 1});
  ASSERT_NO_FATAL_FAILURE(train());
  ASSERT_TRUE(ask("Hello"));
  ASSERT_TRUE(wait_until([&] { return !page()->conversation().turns().back().answers[0].tokens.empty(); }));
  EXPECT_FALSE(page()->sendButton()->isEnabled());
  EXPECT_FALSE(ask("Again") && page()->conversation().turns().size() > 1) << "one at a time";
  page()->stopButton()->click();
  ASSERT_TRUE(answered());
  EXPECT_EQ(table(page()->conversation()), "Hello | base: base [stopped] | r1, step 10:  [stopped]\n");
  EXPECT_FALSE(page()->stopButton()->isEnabled());
}

TEST_F(TryPageTest, WhatWentWrongStandsWhereTheAnswerWould) {
  open();
  ASSERT_NO_FATAL_FAILURE(train());
  page()->conversation().setSpeakers({{.name = QStringLiteral("nobody"), .adapter = {.run = 99}}});
  ASSERT_TRUE(page()->conversation().ask(QStringLiteral("Hello")));
  ASSERT_TRUE(answered());
  const Answer& answer = page()->conversation().turns().back().answers[0];
  EXPECT_EQ(answer.state, Answer::State::Failed);
  EXPECT_NE(text_of(answer.end).find("99"), std::string::npos) << text_of(answer.end);
  EXPECT_EQ(page()->turns().back()->view(0)->toPlainText(), answer.end);
}

TEST_F(TryPageTest, ThePromptAsSentIsShownOnDemandAndTokensTellWhatElseWasLikely) {
  open();
  ASSERT_NO_FATAL_FAILURE(train());
  ASSERT_TRUE(ask("Hello") && answered());
  auto* turn = page()->turns().back();
  EXPECT_EQ(turn->sentText(1), "");
  turn->sentButton(1)->click();
  EXPECT_NE(text_of(turn->sentText(1)).find("<user>Hello"), std::string::npos);
  EXPECT_NE(text_of(turn->sentText(1)).find("chatml"), std::string::npos);
  const AnswerView* view = turn->view(1);
  EXPECT_EQ(text_of(view->toPlainText()), "tuned Hello 1");
  EXPECT_EQ(view->tokenAt(0), 0);
  EXPECT_EQ(view->tokenAt(4), 0);
  EXPECT_EQ(view->tokenAt(5), 1);
  EXPECT_EQ(view->tokenAt(12), 2);
  EXPECT_EQ(view->tokenAt(13), -1);
  EXPECT_EQ(text_of(tokenLines(view->tokens()[1]).join(QLatin1Char('/'))), "▸   50 %  ·Hello/    25 %  ·other");
  EXPECT_EQ(text_of(view->accessibleName()), "answer of r1, step 10");
}

TEST_F(TryPageTest, WithoutARunOrAModelItSaysWhatToDo) {
  open();
  m_window.showPage(Page::Try);
  EXPECT_NE(text_of(page()->sentence()).find("Train an adapter"), std::string::npos);
  page()->prompt()->setPlainText(QStringLiteral("Hello"));
  EXPECT_FALSE(page()->sendButton()->isEnabled());
  EXPECT_NE(text_of(page()->sendButton()->toolTip()).find("choose a run"), std::string::npos);
}

TEST_F(TryPageTest, SamplesOfARunStandOnTheLivePageBaseBesideTuned) {
  RunHistory run;
  SamplesCard card(m_theme, nullptr);
  card.show(&run, true);
  EXPECT_TRUE(card.isHidden());
  run.apply(Event(SamplesEvent{10, {{"Who?", "nobody", "a dog", "length", "length"}, {"Why?", "b", "c", "", ""}}, 5}));
  card.show(&run, false);
  EXPECT_FALSE(card.isHidden());
  EXPECT_EQ(text_of(card.baseText() + QLatin1Char('/') + card.tunedText()), "nobody/a dog");
  run.apply(Event(SamplesEvent{20, {{"Who?", "nobody", "the dog", "length", "length"}, {"Why?", "b", "d", "", ""}}, 5}));
  card.show(&run, false);
  EXPECT_EQ(text_of(card.tunedText()), "the dog") << "the newest, while nobody chose another";
  card.prompt()->setCurrentIndex(1);
  card.step()->setCurrentIndex(1);
  EXPECT_EQ(text_of(card.tunedText()), "c");
  run.apply(Event(SamplesEvent{30, {{"Who?", "nobody", "x", "", ""}, {"Why?", "b", "e", "", ""}}, 5}));
  card.show(&run, false);
  EXPECT_EQ(text_of(card.tunedText()), "c") << "what was chosen stays";
  run.apply(Event(SamplesEvent{20, {{"Who?", "nobody", "y", "", ""}}, 6}));
  EXPECT_EQ(run.samples.size(), 2U) << "a resumed run draws anew";
}

}  // namespace
}  // namespace weft::test
