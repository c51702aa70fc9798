// SPDX-License-Identifier: GPL-3.0-or-later
// The Compare page over a project with runs: what it draws, tells and writes.
#include <gtest/gtest.h>

#include <QComboBox>
#include <QFile>
#include <QListWidget>
#include <QPushButton>
#include <QSlider>
#include <QTableWidget>

#include "app/gui/workbench.h"
#include "projects/api/project.h"
#include "tests/gui/gui_test.h"
#include "ui/panels/compare_page.h"
#include "ui/plots/series_plot.h"
#include "ui/shell/main_window.h"

namespace weft::test {
namespace {

using namespace weft::ui;

class ComparePageTest : public testing::Test {
 protected:
  // `count` runs of 10 steps; the n-th at rate n * 1e-3, with spectra at steps 5 and 10: of three values, or of `longest` in the last run.
  void open(int count, std::size_t longest = 3) {
    const QString path = m_home.filePath(QStringLiteral("p.weft"));
    {
      auto project = Project::open(path.toStdString(), true);
      ASSERT_TRUE(project.ok());
      for (int n = 1; n <= count; ++n) {
        const auto run = (*project)->create_run({{"method", {{"name", "lora"}, {"rank", 8}}}, {"train", {{"lr", 1e-3 * n}}}}, 10);
        ASSERT_TRUE(run.ok());
        std::vector<float> values{3, 2, 1};
        if (n == count) values.resize(longest, 1);
        for (std::int64_t step = 1; step <= 10; ++step) {
          (*project)->record_metrics({{*run, step, "loss", 4.0 - 0.1 * static_cast<double>(step)}, {*run, step, "tokens", 100}, {*run, step, "ms", 250}});
          if (step % 5 == 0) (*project)->record_spectra({{.run = *run, .step = step, .site = "model.layers.0.q_proj", .values = values, .frobenius = 3.7}});
        }
        (*project)->record_run_state(*run, "done", "");
      }
      ASSERT_TRUE((*project)->flush().ok());
    }
    m_window.resize(1440, 900);
    m_window.show();
    bool answered = false;
    m_window.openProject(path, false, [&](bool) { answered = true; });
    ASSERT_TRUE(wait_until([&] { return answered && page()->list()->count() == count; }));
    m_window.showPage(Page::Compare);
  }
  ComparePage* page() { return m_window.comparePage(); }
  [[nodiscard]] bool shows(std::size_t runs) {
    return wait_until([&] { return page()->shown() && page()->shown()->runs.size() == runs; });
  }

  QTemporaryDir m_home;
  Theme m_theme{*qApp};
  gui::Workbench m_workbench{[] { return Result<std::unique_ptr<Engine>>(not_found("no engine in this test")); }};
  MainWindow m_window{m_theme, m_workbench, {}};
};

TEST_F(ComparePageTest, LaysTheLastRunsOverEachOther) {
  open(4);
  ASSERT_TRUE(shows(3));
  EXPECT_EQ(page()->chosen(), (std::vector<RunId>{2, 3, 4}));
  for (const int series : {0, 1, 2}) EXPECT_EQ(page()->lossPlot()->pointCount(series), 10u);
  EXPECT_EQ(page()->lossPlot()->pointCount(3), 0u);
  EXPECT_EQ(page()->settings()->rowCount(), 1);
  EXPECT_EQ(text_of(page()->settings()->item(0, 1)->text()), "0.003");
  EXPECT_EQ(text_of(page()->settings()->verticalHeaderItem(0)->text()), "train.lr");
  page()->choose(1, true);
  ASSERT_TRUE(shows(4));
}

TEST_F(ComparePageTest, TheCursorChoosesTheSpectra) {
  open(2);
  ASSERT_TRUE(shows(2));
  EXPECT_EQ(page()->spectrumPlot()->pointCount(0), 3u);
  page()->cursor()->setValue(300);  // step 3, before the first spectra
  EXPECT_EQ(page()->spectrumPlot()->pointCount(0), 0u);
  EXPECT_NEAR(page()->lossPlot()->cursorX().value_or(-1), 3, 1e-9);
  page()->cursor()->setValue(500);
  EXPECT_EQ(page()->spectrumPlot()->pointCount(1), 3u);
  page()->axis()->setCurrentIndex(2);
  EXPECT_NEAR(page()->lossPlot()->cursorX().value_or(-1), 500, 1e-9);  // tokens
}

TEST_F(ComparePageTest, ALongSpectrumDoesNotSqueezeTheOthers) {
  open(3, /*longest=*/64);
  ASSERT_TRUE(shows(3));
  EXPECT_EQ(page()->spectrumPlot()->pointCount(2), 64u);   // all of it is there to be panned to and saved
  EXPECT_EQ(text_of(page()->spectrumWords()), "step 10, effective ranks · r3: 61 more values to the right");
  page()->choose(2, false);
  ASSERT_TRUE(shows(2));
  EXPECT_EQ(text_of(page()->spectrumWords()), "step 10, effective ranks");   // of two neither is the usual one
}

TEST_F(ComparePageTest, SaysWhatIsMissingAndWhatIsTooMuch) {
  open(7);
  ASSERT_TRUE(shows(3));
  for (RunId run = 1; run <= 7; ++run) page()->choose(run, true);
  EXPECT_FALSE(page()->shown());
  EXPECT_NE(text_of(page()->message()).find("at most 6"), std::string::npos);
  for (RunId run = 1; run <= 6; ++run) page()->choose(run, false);
  EXPECT_NE(text_of(page()->message()).find("two to six"), std::string::npos);
}

TEST_F(ComparePageTest, AnEmptyPageOffersAWayOut) {
  open(3);
  ASSERT_TRUE(shows(3));
  for (RunId run = 1; run <= 3; ++run) page()->choose(run, false);
  ASSERT_FALSE(page()->shown());
  EXPECT_TRUE(page()->wayOut()->isVisible());
  page()->wayOut()->click();
  EXPECT_TRUE(shows(3));
}

TEST_F(ComparePageTest, OneRunAloneIsSetUpAgain) {
  open(1);
  ASSERT_TRUE(wait_until([&] { return page()->wayOut()->isVisible(); }));
  Json taken;
  QObject::connect(page(), &ComparePage::settingsWanted, page(), [&](const Json& config) { taken = config; });
  page()->wayOut()->click();
  ASSERT_TRUE(taken.is_object());
  EXPECT_EQ(taken["train"]["lr"], 1e-3);
}

TEST_F(ComparePageTest, WritesCsvAndPage) {
  open(2);
  ASSERT_TRUE(shows(2));
  const QString csv = m_home.filePath(QStringLiteral("c.csv")), html = m_home.filePath(QStringLiteral("c.html"));
  page()->exportTo(csv);
  page()->exportTo(html);
  ASSERT_TRUE(wait_until([&] { return QFile::exists(csv) && QFile::exists(html); }));
  QFile file(csv);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  EXPECT_TRUE(file.readAll().startsWith("step,r1 loss,"));
}

}  // namespace
}  // namespace weft::test
