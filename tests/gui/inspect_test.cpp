// SPDX-License-Identifier: GPL-3.0-or-later
// The Inspect page: what is asked of the engine, and what ends it.
#include <gtest/gtest.h>

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QTemporaryDir>

#include "tests/gui/window_test.h"
#include "ui/panels/inspect_page.h"
#include "ui/panels/inspect_spectra.h"
#include "ui/plots/spectrum_plot.h"
#include "ui/widgets/wait_strip.h"

namespace weft::test {
namespace {

using namespace weft::ui;

// An adapter folder, opened; the engine has answered.
struct Look {
  explicit Look(FakeScript script) : desk(fake_engine(std::move(script))) {
    EXPECT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
    desk.window.openPath(kModel);
    EXPECT_TRUE(wait_until([&] { return desk.window.draft().model().has_value(); }));
    QDir(folder.path()).mkpath(QStringLiteral("tuned"));
    QFile(folder.filePath(QStringLiteral("tuned/adapter_config.json"))).open(QIODevice::WriteOnly);
    desk.window.showPage(Page::Inspect);
    page()->openFolder(folder.filePath(QStringLiteral("tuned")));
    EXPECT_TRUE(wait_until([&] { return page()->sites()->count() == 2 && !page()->busy(); })) << text_of(page()->sentence());
  }
  InspectPage* page() { return desk.window.inspectPage(); }
  QPushButton* decompose() { return page()->spectra()->decompose(); }
  QTemporaryDir folder;
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

}  // namespace
}  // namespace weft::test
