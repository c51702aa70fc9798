// SPDX-License-Identifier: GPL-3.0-or-later
// The window read aloud: a name for everything that can be operated.
#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAccessible>
#include <QDockWidget>
#include <QFileDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSlider>

#include "tests/gui/window_test.h"
#include "ui/panels/export_page.h"
#include "ui/panels/help_panel.h"
#include "ui/shell/notice_bar.h"
#include "ui/widgets/controls.h"

namespace weft::test {
namespace {

using namespace weft::ui;

TEST(Accessibility, EverythingThatCanBeOperatedHasAName) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 22);
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }));
  desk.window.offerTour(/*again=*/true);
  desk.window.showHelp();
  desk.window.findChild<QDockWidget*>(QStringLiteral("log"))->show();
  QStringList nameless;
  for (int page = 0; page < kPageCount; ++page) {
    desk.window.showPage(static_cast<Page>(page));
    QTest::qWait(20);
    for (auto* widget : desk.window.findChildren<QWidget*>()) {
      const bool operated = qobject_cast<QAbstractButton*>(widget) || qobject_cast<QLineEdit*>(widget) || qobject_cast<QComboBox*>(widget) ||
                            qobject_cast<QAbstractItemView*>(widget) || qobject_cast<QSlider*>(widget);
      const bool ownPart = qobject_cast<QComboBox*>(widget->parentWidget()) || qobject_cast<QLineEdit*>(widget->parentWidget()) || qobject_cast<QAbstractItemView*>(widget->parentWidget()) ||
                           widget->objectName().startsWith(QLatin1String("qt_"));
      if (!operated || ownPart || !widget->isVisible() || widget->inherits("QComboBoxListView") || widget->inherits("QHeaderView")) continue;
      auto* face = QAccessible::queryAccessibleInterface(widget);
      if (!face || face->text(QAccessible::Name).trimmed().isEmpty())
        nameless.append(QStringLiteral("page %1: %2 '%3' in %4").arg(page).arg(QLatin1String(widget->metaObject()->className()), widget->objectName(),
                                                                             QLatin1String(widget->parentWidget()->metaObject()->className())));
    }
  }
  nameless.removeDuplicates();
  EXPECT_TRUE(nameless.isEmpty()) << text_of(nameless.join(QLatin1Char('\n')));
}

TEST(Help, HasAPageForEachPageAndTheMathematicsOfEachMethod) {
  Desk desk(fake_engine());
  QSet<QString> texts;
  for (int page = 0; page < kPageCount; ++page) {
    desk.window.showPage(static_cast<Page>(page));
    desk.window.showHelp();
    EXPECT_GT(desk.window.help()->text().size(), 100) << page;
    texts.insert(desk.window.help()->text());
  }
  EXPECT_EQ(texts.size(), kPageCount);
  EXPECT_FALSE(desk.window.findChild<QDockWidget*>(QStringLiteral("help"))->isHidden());
  for (const auto& method : method_catalogue()) {
    desk.window.help()->open(QStringLiteral("method/") + QString::fromStdString(method.name));
    const QString shown = desk.window.help()->text();
    EXPECT_TRUE(shown.contains(QString::fromStdString(method.formula))) << method.name << ": " << text_of(shown.left(200));
    for (const auto& spec : method.settings) EXPECT_TRUE(shown.contains(QString::fromStdString(spec.title))) << method.name << '.' << spec.key;
  }
}

TEST(Tour, HasFourHintsAndDoesNotComeAgain) {
  QSettings().remove(QStringLiteral("tour"));
  const QString hint = QStringLiteral("hint");
  {
    Desk desk(fake_engine());
    desk.window.offerTour();
    QSet<QString> seen;
    for (int i = 0; i < 4; ++i) {
      seen.insert(desk.window.notices()->sentence(hint));
      if (i < 3) {
        EXPECT_TRUE(desk.window.notices()->choose(hint, QStringLiteral("Next")));
      }
    }
    EXPECT_EQ(seen.size(), 4);
    EXPECT_FALSE(desk.window.notices()->choose(hint, QStringLiteral("Next")));
    EXPECT_TRUE(desk.window.notices()->choose(hint, QStringLiteral("No more hints")));
  }
  Desk again(fake_engine());
  again.window.offerTour();
  EXPECT_TRUE(again.window.notices()->sentence(hint).isEmpty());
}

}  // namespace
}  // namespace weft::test
