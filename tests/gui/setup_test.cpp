// SPDX-License-Identifier: GPL-3.0-or-later
// The Set-up page: what is said of data and memory, what its buttons do to the draft, how methods and models are found. The engine is scripted;
// files, tokenizer and plans are real.
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QStyleOptionComboBox>
#include <QTest>

#include "app/gui/workbench.h"
#include "tests/gui/gui_test.h"
#include "tests/support/fake_engine.h"
#include "ui/bridge/text.h"
#include "ui/models/recent_paths.h"
#include "ui/panels/data_card.h"
#include "ui/panels/data_mapping.h"
#include "ui/panels/inspector.h"
#include "ui/panels/memory_card.h"
#include "ui/panels/model_card.h"
#include "ui/panels/setup_cards.h"
#include "ui/theme/text_size.h"
#include "ui/widgets/advice_strip.h"
#include "ui/widgets/plan_bar.h"
#include "ui/widgets/recent_menu.h"
#include "ui/widgets/method_picture.h"
#include "ui/widgets/setting_form.h"

namespace weft::test {
namespace {

using namespace weft::ui;

const QString kModel = QStringLiteral(WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf");
const QString kData = QStringLiteral(WEFT_TEST_DATA "/data_sets/alpaca.jsonl");

Theme& theme() {
  static auto* shared = new Theme(*qApp);
  return *shared;
}

QString table(const QAbstractItemModel& model) {
  QString text;
  for (int row = 0; row < model.rowCount(); ++row) {
    QStringList cells;
    for (int column = 0; column < model.columnCount(); ++column) cells.append(model.index(row, column).data().toString());
    text += cells.join(QStringLiteral(" | ")) + QLatin1Char('\n');
  }
  return text;
}

DataPreview somePreview() {
  DataPreview d;
  d.rows = 100;
  d.held_out = 10;
  d.tokens = 1000;
  d.trained_tokens = 400;
  d.cut_rows = 30;
  d.max_length = 64;
  d.longest = 200;
  d.lengths = {{1, 32, 50}, {33, 64, 20}, {65, 0, 30}};
  d.rejected = {{7, "the answer is empty"}};
  d.rejected_rows = 1;
  d.repeats.duplicates = 3;
  d.repeats.leaked = 1;
  d.repeats.duplicate_rows = {{12, 4, false, "What is it?"}};
  d.repeats.leaked_rows = {{20, 3, true, "Why?"}};
  return d;
}

TEST(DataReport, ListsFindingsAndLengths) {
  DataFindings findings;
  LengthTable lengths;
  const QAbstractItemModelTester one(&findings, QAbstractItemModelTester::FailureReportingMode::Fatal);
  const QAbstractItemModelTester two(&lengths, QAbstractItemModelTester::FailureReportingMode::Fatal);
  findings.setPreview(somePreview());
  lengths.setPreview(somePreview());
  EXPECT_EQ(text_of(table(findings)),
            "20 | held out, nearly trained | as line 3: Why?\n"
            "7 | not used | the answer is empty\n"
            "12 | repeat | as line 4: What is it?\n");
  EXPECT_EQ(text_of(table(lengths)),
            "1 – 32 | 50 | 50 % | \n"
            "33 – 64 | 20 | 20 % | \n"
            "65 and more | 30 | 30 % | cut\n");
  findings.setPreview(std::nullopt);
  EXPECT_EQ(findings.rowCount(), 0);
}

QString said(const std::vector<Advice>& advice) {
  QString text;
  for (const auto& one : advice) {
    QStringList ways;
    for (const auto& way : one.ways) ways.append(way.title);
    text += QStringLiteral("%1 %2 [%3]\n").arg(one.tone == Advice::Tone::Bad ? QStringLiteral("bad") : one.tone == Advice::Tone::Warning ? QStringLiteral("warning") : QStringLiteral("note"), one.text, ways.join(QStringLiteral(", ")));
  }
  return text;
}

TEST(DataReport, AdvisesWhatMendsIt) {
  const SettingValues data{{"max_length", 64}, {"holdout", 0.0}, {"train_on", "assistant"}, {"template", "auto"}};
  EXPECT_EQ(text_of(said(dataAdvice(somePreview(), {}, data, 512))),
            "warning 30 % of the rows are longer than 64 tokens and lose their ends. [Keep 128 tokens a row, Keep 256 tokens a row]\n"
            "warning 1 of 10 held-out rows are also trained: the hold-out loss will look better than it is. []\n"
            "warning 3 rows repeat an earlier one; each counts again in every epoch. []\n"
            "note No evaluation set: hold back 5 % of the rows? [Hold back 5 %]\n");
  const QString nothing = QStringLiteral("x.jsonl: no token is trained: all 3 rows are rejected; line 1: all 4 trained tokens lie beyond the cut at max_length = 64");
  const auto bad = dataAdvice(std::nullopt, nothing, data, 512);
  ASSERT_EQ(bad.size(), 1U);
  EXPECT_EQ(bad[0].tone, Advice::Tone::Bad);
  QStringList titles;
  for (const auto& way : bad[0].ways) titles.append(way.title);
  EXPECT_EQ(text_of(titles.join(QStringLiteral(", "))), "Keep 128 tokens a row, Train on all tokens, Use the template chatml, Use no template");
  EXPECT_TRUE(dataAdvice(std::nullopt, {}, data, 512).empty());
}

// A page over the real readers, without a window.
struct Page {
  Page() : workbench([] { return Result<std::unique_ptr<Engine>>(std::make_unique<FakeEngine>()); }), draft(workbench, nullptr) {
    bool open = false;
    workbench.openProject(folder.filePath(QStringLiteral("p.weft")), true, qApp, [&](Result<ProjectFacts> facts) { open = facts.ok(); });
    EXPECT_TRUE(wait_until([&] { return open; }));
    draft.setModelPath(kModel);
  }
  QString file(const QString& name, const QByteArray& content) {
    QFile out(folder.filePath(name));
    EXPECT_TRUE(out.open(QIODevice::WriteOnly));
    out.write(content);
    return out.fileName();
  }
  QTemporaryDir folder;
  gui::Workbench workbench;
  Draft draft;
};

TEST(DataCard, CountsShowsAndExplains) {
  Page page;
  DataCard card(theme(), page.draft, nullptr);
  card.resize(1000, 400);
  card.show();
  page.draft.set("data", "template", "chatml");
  page.draft.setDataPath(kData);
  ASSERT_TRUE(wait_until([&] { return page.draft.data().has_value(); }));
  const DataPreview& d = *page.draft.data();
  EXPECT_TRUE(card.countsText().startsWith(QStringLiteral("%1 rows · %2 held out · %3 tokens").arg(d.rows).arg(d.held_out).arg(d.tokens))) << text_of(card.countsText());
  EXPECT_EQ(text_of(card.mapping()->box("prompt_column")->currentText()), "auto: instruction");
  for (const auto view : {DataCard::View::Chat, DataCard::View::Lengths, DataCard::View::Findings, DataCard::View::Tokens}) {
    card.showView(view);
    EXPECT_EQ(card.view(), view);
    QTest::qWait(1);
  }
  card.showRow(1);
  EXPECT_EQ(card.row(), 1);
  card.showLengthsAsTable(true);
}

TEST(DataCard, LetsColumnsBeChosenWhereNoneAreFound) {
  Page page;
  DataCard card(theme(), page.draft, nullptr);
  card.resize(1000, 400);
  card.show();
  page.draft.set("data", "template", "chatml");
  page.draft.setDataPath(page.file(QStringLiteral("odd.csv"), "frage,antwort,nummer\nWas ist das?,Ein Baum.,1\nUnd das?,Ein Haus.,2\nWer?,Er.,3\n"));
  ASSERT_TRUE(wait_until([&] { return !page.draft.dataProblem().isEmpty() && !page.draft.dataColumns().empty(); }));
  EXPECT_FALSE(page.draft.dataReadiness().ready());
  ASSERT_EQ(card.advice()->advice().size(), 1U);
  const auto choose = [&](const char* key, const char* column) {
    auto* box = card.mapping()->box(key);
    ASSERT_TRUE(box && !box->isHidden()) << key;
    const int at = box->findText(QLatin1String(column));
    ASSERT_GE(at, 0) << column;
    box->setCurrentIndex(at);
    Q_EMIT box->activated(at);
  };
  choose("prompt_column", "frage");
  choose("answer_column", "antwort");
  ASSERT_TRUE(wait_until([&] { return page.draft.data().has_value(); })) << text_of(page.draft.dataProblem());
  EXPECT_EQ(page.draft.data()->rows, 3);
  EXPECT_EQ(page.draft.request().data["prompt_column"], "frage");
  EXPECT_TRUE(page.draft.dataReadiness().ready());
}

TEST(DataCard, MappingTakesTwoRowsWhereItsWordsWouldBeCut) {
  Page page;
  page.draft.set("data", "template", "chatml");
  DataCard card(theme(), page.draft, nullptr);
  card.resize(1000, 500);
  card.show();
  page.draft.setDataPath(page.file(QStringLiteral("rows.jsonl"), R"({"instruction":"What is that?","input":"","output":"A tree."})" "\n"));
  ASSERT_TRUE(wait_until([&] { return page.draft.data().has_value(); })) << text_of(page.draft.dataProblem());
  const auto cut = [&] {
    QStringList boxes;
    for (const char* key : {"format", "prompt_column", "input_column", "answer_column"}) {
      const auto* box = card.mapping()->box(key);
      QStyleOptionComboBox option;
      option.initFrom(box);
      const int room = box->style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, box).width();
      if (!box->isVisible() || box->fontMetrics().horizontalAdvance(box->currentText()) > room) boxes.append(QLatin1String(key));
    }
    return text_of(boxes.join(QLatin1Char(' ')));
  };
  const auto top = [&](const char* key) { return card.mapping()->box(key)->mapTo(&card, QPoint()).y(); };
  QTest::qWait(20);
  EXPECT_EQ(cut(), "");
  EXPECT_EQ(top("format"), top("answer_column"));
  setTextPercent(theme(), 130);
  card.resize(660, 500);   // of a window of 1280
  QTest::qWait(20);
  EXPECT_EQ(cut(), "");
  EXPECT_LT(top("format"), top("answer_column"));
  setTextPercent(theme(), 100);
  card.resize(1000, 500);
  QTest::qWait(20);
  EXPECT_EQ(top("format"), top("answer_column"));
}

TEST(DataCard, AReadThatIsCancelledSaysSo) {
  Page page;
  ASSERT_TRUE(wait_until([&] { return page.draft.model().has_value(); }));
  QByteArray rows;
  for (int i = 0; i < 40000; ++i) rows += "{\"question\":\"What is the number after " + QByteArray::number(i) + "?\",\"answer\":\"" + QByteArray::number(i + 1) + "\"}\n";
  page.draft.setDataPath(page.file(QStringLiteral("many.jsonl"), rows));
  ASSERT_TRUE(wait_until([&] { return page.draft.dataWatch() != nullptr; }));
  page.draft.cancelData();
  EXPECT_FALSE(page.draft.dataWatch());
  EXPECT_NE(page.draft.dataProblem().indexOf(QStringLiteral("cancelled")), -1);
  EXPECT_EQ(page.draft.dataReadiness().state, Readiness::State::Wrong);
}

TEST(MemoryCard, FollowsTheSettingsAndOffersWaysOut) {
  Page page;
  MemoryCard card(theme(), page.draft, nullptr);
  card.resize(1000, 300);
  page.draft.set("data", "template", "chatml");
  page.draft.setDataPath(kData);
  ASSERT_TRUE(wait_until([&] { return page.draft.outlook() && page.draft.ready(); })) << text_of(page.draft.runReadiness().why);
  card.show();
  const auto small = page.draft.outlook()->plan.memory_bytes();
  EXPECT_NE(card.bar()->text().indexOf(QStringLiteral("activations")), -1);
  EXPECT_EQ(card.bar()->legendRows(), 1);
  card.resize(480, 300);   // every part keeps its name
  QTest::qWait(20);
  EXPECT_EQ(card.bar()->legendRows(), 2);
  EXPECT_GE(card.bar()->height(), card.bar()->sizeHint().height());
  card.resize(1000, 300);
  page.draft.set("method", "rank", 512);
  ASSERT_TRUE(wait_until([&] { return page.draft.outlook() && page.draft.outlook()->plan.memory_bytes() > small; }));
  // more than any machine has
  page.draft.apply({{"train", "batch_size", 65536}, {"data", "max_length", 131072}});
  ASSERT_TRUE(wait_until([&] { return page.draft.outlook() && !page.draft.outlook()->why_not.empty(); }));
  ASSERT_TRUE(wait_until([&] { return page.draft.data().has_value(); }));
  EXPECT_FALSE(page.draft.ready());
  EXPECT_FALSE(card.insistButton()->isHidden());
  const auto needed = page.draft.outlook()->needed();
  auto* batch = card.findChild<QPushButton*>(QStringLiteral("way-batch"));
  ASSERT_NE(batch, nullptr);
  batch->click();
  ASSERT_TRUE(wait_until([&] { return page.draft.outlook() && page.draft.outlook()->needed() < needed; }));
  EXPECT_EQ(page.draft.value("train", "batch_size").get<std::int64_t>() * page.draft.value("train", "accumulate").get<std::int64_t>(), 65536);
  if (!page.draft.outlook()->why_not.empty()) {
    card.insistButton()->click();
    EXPECT_TRUE(page.draft.request().insist);
    EXPECT_NE(page.draft.runReadiness().state, Readiness::State::Wrong);
    page.draft.set("train", "lr", 1e-3);
    EXPECT_FALSE(page.draft.request().insist) << "holds for these settings alone";
  }
}

TEST(Length, EpochsTakeThePlaceOfStepsAndStepsOfEpochs) {
  Page page;
  RunCard card(theme(), page.draft, nullptr);
  const auto says = [&](const char* words) {
    const auto labels = card.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) { return label->text().startsWith(QLatin1String(words)); });
  };
  page.draft.set("train", "epochs", 3.0);
  EXPECT_EQ(page.draft.value("train", "steps"), Json(0));
  EXPECT_TRUE(says("3 epochs"));
  page.draft.set("train", "steps", 40);
  EXPECT_EQ(page.draft.value("train", "epochs"), Json(0.0));
  EXPECT_TRUE(says("40 steps"));
  page.draft.undoStack().undo();
  EXPECT_TRUE(says("3 epochs"));
}

TEST(MethodCard, FiltersByFamilyAndWords) {
  Page page;
  MethodCard card(theme(), page.draft, nullptr);
  card.resize(900, 400);
  const auto shown = [&] { return std::count_if(card.tiles().begin(), card.tiles().end(), [](const MethodTile* t) { return !t->isHidden(); }); };
  EXPECT_EQ(shown(), static_cast<std::ptrdiff_t>(method_catalogue().size()));
  const auto& family = method_catalogue().back().family;
  card.family()->setCurrentIndex(card.family()->findData(qs(family)));
  EXPECT_EQ(shown(), std::count_if(method_catalogue().begin(), method_catalogue().end(), [&](const auto& m) { return m.family == family; }));
}

TEST(Inspector, GoesBackToThePresetSettingBySetting) {
  Page page;
  Inspector inspector(theme(), page.draft, nullptr);
  inspector.resize(320, 900);
  inspector.show();
  inspector.showSubject(Subject::Method);
  EXPECT_TRUE(inspector.changedChip()->isHidden());
  page.draft.set("method", "rank", 7);
  page.draft.set("method", "rank_stabilized", true);
  EXPECT_EQ(page.draft.changedFromPreset(), 2);
  EXPECT_EQ(text_of(inspector.changedChip()->text()), "2 changed from the preset");
  EXPECT_FALSE(inspector.form()->field("rank_stabilized")->isHidden()) << "an advanced setting that is changed is seen";
  page.draft.set("method", "rank", page.draft.initial("method", "rank"));
  EXPECT_EQ(page.draft.changedFromPreset(), 1);
  page.draft.revert("method");
  EXPECT_EQ(page.draft.changedFromPreset(), 0);
  auto* light = inspector.findChild<QPushButton*>(QStringLiteral("size-light"));
  ASSERT_NE(light, nullptr);
  light->click();
  EXPECT_EQ(page.draft.value("method", "rank"), Json(4));
  EXPECT_EQ(page.draft.value("method", "alpha"), Json(8.0));
  inspector.findChild<QPushButton*>(QStringLiteral("size-balanced"))->click();
  EXPECT_EQ(page.draft.changedFromPreset(), 0);
}

TEST(Inspector, ShowsSimpleOrAllAndFindsSettings) {
  Page page;
  Inspector inspector(theme(), page.draft, nullptr);
  inspector.resize(320, 900);
  inspector.show();
  inspector.showSubject(Subject::Run);
  const int simple = inspector.form()->shownCount();
  inspector.setShowAll(true);
  EXPECT_GT(inspector.form()->shownCount(), simple);
  EXPECT_EQ(inspector.form()->shownCount(), static_cast<int>(page.draft.specs("train").size()));
  inspector.setShowAll(false);
  EXPECT_EQ(inspector.form()->shownCount(), simple);
  inspector.form()->setSearch(QStringLiteral("grad_clip"));
  EXPECT_EQ(inspector.form()->shownCount(), 1) << "advanced ones are found too";
  // as other trainers call them
  const std::tuple<Subject, const char*, const char*> names[] = {{Subject::Run, "batch size", "batch_size"}, {Subject::Run, "gradient accumulation", "accumulate"},
                                                                 {Subject::Run, "early stopping", "patience"}, {Subject::Run, "no such thing", ""},
                                                                 {Subject::Run, "epochs", "epochs"}, {Subject::Data, "max length", "max_length"},
                                                                 {Subject::Data, "sequence", "max_length"}};
  for (const auto& [subject, words, key] : names) {
    inspector.showSubject(subject);
    inspector.form()->setSearch(QLatin1String(words));
    if (*key == '\0')
      EXPECT_EQ(inspector.form()->shownCount(), 0) << words;
    else
      EXPECT_FALSE(inspector.form()->field(key)->isHidden()) << words;
  }
}

TEST(Inspector, FocusesASettingOfEverySectionThatItShows) {
  Page page;
  Inspector inspector(theme(), page.draft, nullptr);
  inspector.resize(320, 900);
  inspector.show();
  inspector.showSubject(Subject::Run);
  for (const auto& [section, key] : {std::pair("samples", "prompts"), {"samples", "temperature"}, {"probe", "spectra_every"}, {"train", "grad_clip"}}) {
    inspector.focusSetting(section, key);
    const auto* focused = inspector.focusWidget();
    ASSERT_NE(focused, nullptr) << section << '.' << key;
    EXPECT_EQ(text_of(focused->parentWidget()->objectName()), std::string("setting-") + key);
    EXPECT_TRUE(focused->isVisible()) << section << '.' << key;
  }
}

TEST(Inspector, AMatrixFocusesTheSettingThatChangesIt) {
  Page page;
  Inspector inspector(theme(), page.draft, nullptr);
  inspector.resize(320, 900);
  inspector.show();
  inspector.showSubject(Subject::Method);
  const auto& parts = inspector.picture()->parts();
  const auto part = std::find_if(parts.begin(), parts.end(), [](const PicturePart& p) { return p.part.symbol == "B"; });
  ASSERT_NE(part, parts.end());
  QString focused;
  QObject::connect(inspector.form(), &SettingForm::focused, &inspector, [&](SettingField* field) { focused = qs(field->spec().key); });
  QTest::mouseClick(inspector.picture(), Qt::LeftButton, Qt::NoModifier, part->rect.center().toPoint());
  EXPECT_EQ(text_of(focused), "rank");
}

TEST(ModelCard, SaysWhatCannotBeReadAndWhatCould) {
  Page page;
  ModelCard card(theme(), page.draft, nullptr);
  page.draft.setModelPath(page.file(QStringLiteral("broken.gguf"), "GGUF but not really"));
  ASSERT_TRUE(wait_until([&] { return !page.draft.modelProblem().isEmpty(); }));
  EXPECT_NE(card.problem().indexOf(QStringLiteral("broken.gguf")), -1) << text_of(card.problem());
  EXPECT_NE(card.problem().indexOf(qs(supported_families())), -1);
}

TEST(RecentModels, KeepTheLastOnesAndThoseThatArePinned) {
  for (const char* key : {"recentModels", "recentModelsPinned"}) QSettings().remove(QLatin1String(key));
  const auto recent = RecentPaths::models();
  QTemporaryDir folder;
  const auto path = [&](int i) { return folder.filePath(QStringLiteral("m%1.gguf").arg(i)); };
  for (int i = 0; i < 3; ++i) recent.add(path(i));
  recent.pin(path(0), true);
  for (int i = 3; i < 12; ++i) recent.add(path(i));
  recent.add(kModel);
  auto list = recent.list();
  ASSERT_EQ(list.size(), static_cast<std::size_t>(RecentPaths::kMost) + 1);
  EXPECT_EQ(text_of(list[0].path), text_of(path(0)));   // pinned: neither pushed out nor below others
  EXPECT_TRUE(list[0].pinned);
  EXPECT_EQ(text_of(list[1].path), text_of(kModel));
  EXPECT_TRUE(list[1].there);
  EXPECT_FALSE(list[2].there);
  recent.clear();
  list = recent.list();
  ASSERT_EQ(list.size(), 1U);
  recent.relocate(path(0), kData);
  EXPECT_TRUE(recent.list()[0].pinned);
  EXPECT_TRUE(recent.list()[0].there);
  recent.forget(kData);
  EXPECT_TRUE(recent.list().empty());
}

TEST(RecentModels, ThatAreGoneAreGreyAndCanBeLocated) {
  for (const char* key : {"recentModels", "recentModelsPinned"}) QSettings().remove(QLatin1String(key));
  QTemporaryDir folder;
  RecentPaths::models().add(folder.filePath(QStringLiteral("gone.gguf")));
  RecentPaths::models().add(kModel);
  QString opened;
  QMenu menu;
  fillRecentMenu(menu, theme(), RecentPaths::models(), {.open = [&](const QString& path) { opened = path; }, .locate = [](const RecentPath&) { return kData; }, .current = {}});
  const auto actions = menu.actions();
  ASSERT_GE(actions.size(), 5);
  EXPECT_TRUE(actions[0]->isEnabled());
  EXPECT_EQ(text_of(actions[1]->text()), "gone.gguf (missing)");
  EXPECT_FALSE(actions[1]->isEnabled());
  EXPECT_EQ(text_of(actions[2]->text()), "Locate gone.gguf…");
  actions[2]->trigger();
  EXPECT_EQ(text_of(opened), text_of(kData));
  EXPECT_EQ(text_of(RecentPaths::models().list()[1].path), text_of(kData));
}

}  // namespace
}  // namespace weft::test
