// SPDX-License-Identifier: GPL-3.0-or-later
// The Inspect page: what is asked of the engine, and what ends it.
#include <gtest/gtest.h>

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QTemporaryDir>

#include "tests/gui/window_test.h"
#include "ui/panels/adapter_chooser.h"
#include "ui/panels/export_page.h"
#include "ui/panels/export_result.h"
#include "ui/panels/inspect_page.h"
#include "ui/panels/inspect_spectra.h"
#include "ui/plots/spectrum_plot.h"
#include "ui/plots/point_plot.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/wait_strip.h"

namespace weft::test {
namespace {

using namespace weft::ui;

// An adapter folder, opened; the engine has answered.
struct Look {
  explicit Look(FakeScript script) : desk(fake_engine(std::move(script), &engine)) {
    EXPECT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
    desk.window.openPath(kModel);
    EXPECT_TRUE(wait_until([&] { return desk.window.draft().model().has_value(); }));
    QDir(folder.path()).mkpath(QStringLiteral("tuned"));
    QFile(folder.filePath(QStringLiteral("tuned/adapter_config.json"))).open(QIODevice::WriteOnly);
    desk.window.showPage(Page::Inspect);
    page()->openFolder(adapter());
    EXPECT_TRUE(wait_until([&] { return page()->sites()->count() == 2 && !page()->busy(); })) << text_of(page()->sentence());
  }
  InspectPage* page() { return desk.window.inspectPage(); }
  QPushButton* decompose() { return page()->spectra()->decompose(); }
  QString adapter() { return folder.filePath(QStringLiteral("tuned")); }
  QTemporaryDir folder;
  FakeEngine* engine = nullptr;
  Desk desk;
};

TEST(Inspect, DecomposesTheWeight) {
  Look look({});
  ASSERT_TRUE(look.decompose()->isVisible());
  look.decompose()->click();
  ASSERT_TRUE(wait_until([&] { return look.page()->spectra()->base()->view().values.size() == 4; }));
  EXPECT_FALSE(look.decompose()->isVisible());   // it is there
}

TEST(Inspect, ADecompositionCanBeCancelledAndBegunAgain) {
  Look look({.hold_decomposition = true});
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(text_of(look.decompose()->text()), "Decompose W");
    look.decompose()->click();
    EXPECT_EQ(text_of(look.decompose()->text()), "Cancel");
    EXPECT_TRUE(look.page()->busy());
    look.decompose()->click();
    EXPECT_FALSE(look.page()->busy());
    EXPECT_NE(text_of(look.page()->spectra()->finding()->text()).find("not decomposed"), std::string::npos);
    EXPECT_TRUE(look.page()->spectra()->isVisible());   // what was shown stays
  }
}

TEST(Inspect, AnAdapterThatTakesLongToOpenCanBeLeftAndLookedAtAgain) {
  QTemporaryDir folder;
  Desk desk(fake_engine({.hold_look = true}));
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  ASSERT_TRUE(wait_until([&] { return desk.workbench.hasEngine(); }));
  QFile(folder.filePath(QStringLiteral("adapter_config.json"))).open(QIODevice::WriteOnly);
  desk.window.showPage(Page::Inspect);
  auto* page = desk.window.inspectPage();
  auto* wait = page->wait();
  EXPECT_FALSE(wait->isVisible());
  page->openFolder(folder.path());
  EXPECT_FALSE(wait->isVisible());   // most answers come sooner than anybody sees
  EXPECT_EQ(text_of(page->sentence()), "");
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(wait_until([&] { return wait->isVisible(); }));
    EXPECT_EQ(text_of(wait->button()->text()), "Cancel");
    wait->button()->click();
    EXPECT_FALSE(page->busy());
    EXPECT_TRUE(wait->isVisible());
    EXPECT_EQ(text_of(wait->button()->text()), "Look again");
    EXPECT_EQ(text_of(page->sentence()), "");
    wait->button()->click();
    EXPECT_TRUE(page->busy());
  }
}

TEST(Inspect, ANewQuestionEndsADecomposition) {
  Look look({.hold_decomposition = true});
  look.decompose()->click();
  look.page()->sites()->setCurrentRow(1);
  ASSERT_TRUE(wait_until([&] { return !look.page()->busy(); }));   // the held answer was given up for it
  EXPECT_EQ(text_of(look.decompose()->text()), "Decompose W");
  EXPECT_FALSE(look.page()->spectra()->finding()->isVisible());
}

TEST(Inspect, AnAdapterOfAnotherModelIsSeenWithoutTheBase) {
  Look look({.refuse_base = true});
  EXPECT_TRUE(look.page()->note()->isVisible());
  EXPECT_NE(text_of(look.page()->note()->text()).find("does not fit the one in Set up"), std::string::npos);
  EXPECT_NE(text_of(look.page()->note()->toolTip()).find("was made for another model"), std::string::npos);
}

TEST(Inspect, WhatCannotBeComparedIsSeenAlone) {
  Look look({.refuse_other = true});
  QDir(look.folder.path()).mkpath(QStringLiteral("stranger"));
  const QString stranger = look.folder.filePath(QStringLiteral("stranger"));
  QFile(stranger + QStringLiteral("/adapter_config.json")).open(QIODevice::WriteOnly);
  look.page()->second()->addFolder(stranger, /*choose=*/true);
  ASSERT_TRUE(wait_until([&] { return look.page()->note()->isVisible() && !look.page()->busy(); }));
  EXPECT_NE(text_of(look.page()->note()->text()).find("Not compared: " + text_of(stranger)), std::string::npos) << text_of(look.page()->note()->text());
  EXPECT_TRUE(look.page()->spectra()->isVisible());
  EXPECT_FALSE(look.page()->angles()->isVisible());
  look.page()->second()->source()->setCurrentIndex(0);
  EXPECT_TRUE(wait_until([&] { return !look.page()->note()->isVisible(); }));
}

TEST(Inspect, TheBaseChosenLaterIsUsed) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  QFile(folder.filePath(QStringLiteral("adapter_config.json"))).open(QIODevice::WriteOnly);
  desk.window.openPath(folder.path());
  auto* page = desk.window.inspectPage();
  ASSERT_TRUE(wait_until([&] { return page->sites()->count() == 2 && !page->busy(); }));
  EXPECT_TRUE(page->note()->isVisible());
  desk.window.draft().setModelPath(kModel);
  EXPECT_TRUE(wait_until([&] { return !page->note()->isVisible() && !page->busy(); }));
}

TEST(Inspect, WithoutARunItOffersToOpenAnAdapter) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  desk.window.showPage(Page::Inspect);
  EXPECT_NE(text_of(desk.window.inspectPage()->sentence()).find("Open an adapter"), std::string::npos);
  EXPECT_LT(desk.window.inspectPage()->minimumSizeHint().width(), 500) << "the docks beside it keep theirs at 960 px";
}

TEST(Inspect, AnAdapterFromElsewhereIsExportedAtARank) {
  Look look({});
  Q_EMIT look.page()->spectra()->exportWanted(3);
  auto* page = look.desk.window.exportPage();
  ASSERT_TRUE(page->isVisible());
  EXPECT_EQ(text_of(page->runs()->currentData().toString()), text_of(look.adapter()));
  EXPECT_EQ(text_of(page->rankField()->text()), "3");
  ASSERT_TRUE(page->button()->isEnabled()) << text_of(page->state()->text());
  EXPECT_TRUE(page->folder()->text().endsWith(QLatin1String("exports/tuned-rank3"))) << text_of(page->folder()->text());
  page->button()->click();
  ASSERT_TRUE(wait_until([&] { return page->result()->isVisible(); }));
  ASSERT_EQ(look.engine->exports().size(), 1U);
  EXPECT_EQ(look.engine->exports()[0].adapter, text_of(look.adapter()));
  EXPECT_EQ(look.engine->exports()[0].model, text_of(kModel));
  EXPECT_EQ(look.engine->exports()[0].rank, 3);
}

TEST(Inspect, AnyRunOfTheProjectCanStandBesideIt) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 10);
  for (RunId run = 1; run <= 2; ++run) {
    desk.window.train();
    ASSERT_TRUE(wait_until([&] { return desk.window.desk().live() && desk.window.desk().live()->id == run && !desk.window.desk().isLive(); }));
  }
  desk.window.showPage(Page::Inspect);
  auto* page = desk.window.inspectPage();
  ASSERT_TRUE(wait_until([&] { return page->sites()->count() == 2 && !page->busy(); })) << text_of(page->sentence());
  EXPECT_TRUE(page->angles()->view().groups.empty());
  auto* beside = page->second()->source();
  beside->setCurrentIndex(beside->findData(qlonglong{1}));
  EXPECT_TRUE(wait_until([&] { return page->angles()->view().groups.size() == 2; })) << text_of(page->sentence());
}

}  // namespace
}  // namespace weft::test
