// SPDX-License-Identifier: GPL-3.0-or-later
// The window without a mouse and read aloud: a walk from nothing to an exported adapter by keys alone, every control reached by
// Tab and seen to have the focus, and a name for everything that can be operated.
#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAccessible>
#include <QButtonGroup>
#include <QDockWidget>
#include <QPlainTextEdit>
#include <QScrollArea>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSlider>
#include <QTreeView>

#include "tests/gui/window_test.h"
#include "ui/panels/export_page.h"
#include "ui/panels/help_panel.h"
#include "ui/panels/inspector.h"
#include "ui/panels/live_page.h"
#include "ui/panels/project_panel.h"
#include "ui/panels/setup_cards.h"
#include "ui/panels/steer_panel.h"
#include "ui/panels/try_page.h"
#include "ui/shell/notice_bar.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/setting_field.h"

namespace weft::test {
namespace {

using namespace weft::ui;

QWidget* focused(Desk& desk) {
  if (auto* popup = QApplication::activePopupWidget()) return popup->focusWidget() ? popup->focusWidget() : popup;
  return QApplication::focusWidget() ? QApplication::focusWidget() : static_cast<QWidget*>(&desk.window);
}

void press(Desk& desk, Qt::Key key, Qt::KeyboardModifiers with = {}) { QTest::keyClick(focused(desk), key, with); }

void type(Desk& desk, const char* text) { QTest::keyClicks(focused(desk), QString::fromLatin1(text)); }

// Presses Tab until `wanted` has the focus.
[[nodiscard]] bool tab_to(Desk& desk, const QWidget* wanted) {
  for (int i = 0; i < 400 && !wanted->hasFocus(); ++i) press(desk, Qt::Key_Tab);
  return wanted->hasFocus();
}

// A command by its name, as Ctrl+K finds it.
void command(Desk& desk, const char* words) {
  press(desk, Qt::Key_K, Qt::ControlModifier);
  ASSERT_TRUE(wait_until([] { return QApplication::activePopupWidget() != nullptr; }));
  type(desk, words);
  press(desk, Qt::Key_Return);
  ASSERT_TRUE(wait_until([] { return QApplication::activePopupWidget() == nullptr; }));
  QTest::qWait(20);
  QApplication::setActiveWindow(nullptr);
  QApplication::setActiveWindow(&desk.window);   // as a window manager does when the search has gone
  if (!QApplication::focusWidget()) desk.window.setFocus();
}

TEST(Keyboard, WalksFromNothingToAnExportedAdapter) {
  QTemporaryDir folder;
  FakeEngine* engine = nullptr;
  ui::Sample sample;
  sample.project = folder.filePath(QStringLiteral("walk.weft"));
  sample.config = {{"model", {{"path", text_of(kModel)}}},
                   {"data", {{"path", text_of(kData)}, {"max_length", 64}}},
                   {"method", {{"name", "lora"}, {"rank", 4}}},
                   {"train", {{"steps", 20}, {"eval_every", 10}, {"batch_tokens", 128}}}};
  Desk desk(fake_engine({.pause_at_step = 12}, &engine), sample);
  QApplication::setActiveWindow(&desk.window);
  ASSERT_NO_FATAL_FAILURE(command(desk, "try sample"));
  ASSERT_TRUE(wait_until([&] { return desk.window.draft().ready() && desk.workbench.hasEngine(); })) << text_of(desk.window.draft().dataReadiness().why);
  // a method by its tile
  auto* tile = desk.window.findChild<QPushButton*>(QStringLiteral("method-dora"));
  auto* first = desk.window.findChild<QPushButton*>(QStringLiteral("method-lora"));
  ASSERT_TRUE(tile && first);
  press(desk, Qt::Key_1, Qt::ControlModifier);
  ASSERT_TRUE(tab_to(desk, first));
  for (int i = 0; i < 40 && !tile->hasFocus(); ++i) {   // rows of tiles: down to its row, then along it
    const QPoint here = focused(desk)->mapToGlobal(QPoint()), there = tile->mapToGlobal(QPoint());
    press(desk, here.y() < there.y() - 8 ? Qt::Key_Down : here.x() < there.x() ? Qt::Key_Right : Qt::Key_Left);
  }
  ASSERT_TRUE(tile->hasFocus()) << "the arrow keys go from tile to tile";
  press(desk, Qt::Key_Space);
  EXPECT_EQ(desk.window.draft().method().name, "dora");
  ASSERT_TRUE(wait_until([&] { return desk.window.draft().ready(); }));
  press(desk, Qt::Key_R, Qt::ControlModifier);
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("paused"); })) << text_of(desk.state());
  // steer
  auto* live = desk.window.livePage();
  EXPECT_TRUE(live->isVisible());
  ASSERT_TRUE(tab_to(desk, live->steerButton()));
  press(desk, Qt::Key_Space);
  auto* panel = live->steerPanel();
  ASSERT_TRUE(panel->isVisible());
  auto* rate = panel->field(QStringLiteral("lr"))->lineEdit();
  ASSERT_TRUE(tab_to(desk, rate));
  press(desk, Qt::Key_A, Qt::ControlModifier);
  type(desk, "5e-5");
  press(desk, Qt::Key_Return);
  ASSERT_TRUE(tab_to(desk, panel->applyButton())) << text_of(panel->forecast());
  press(desk, Qt::Key_Space);
  ASSERT_TRUE(wait_until([&] { return engine->edits().size() == 1; }));
  press(desk, Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); })) << text_of(desk.state());
  // try
  press(desk, Qt::Key_5, Qt::ControlModifier);
  auto* talk = desk.window.tryPage();
  ASSERT_TRUE(talk->isVisible());
  ASSERT_TRUE(wait_until([&] { return talk->prompt()->isEnabled(); })) << text_of(talk->sentence());
  ASSERT_TRUE(tab_to(desk, talk->prompt()));
  type(desk, "Once");
  press(desk, Qt::Key_Return, Qt::ControlModifier);
  ASSERT_TRUE(wait_until([&] { return !talk->conversation().turns().empty() && !talk->conversation().busy(); })) << text_of(talk->sentence());
  // export
  press(desk, Qt::Key_E, Qt::ControlModifier);
  auto* page = desk.window.exportPage();
  ASSERT_TRUE(wait_until([&] { return page->button()->isEnabled(); })) << text_of(page->state()->text());
  QString exported;
  QObject::connect(page, &ExportPage::exported, page, [&](const QString& path) { exported = path; });
  ASSERT_TRUE(tab_to(desk, page->button()));
  press(desk, Qt::Key_Space);
  ASSERT_TRUE(wait_until([&] { return !exported.isEmpty(); })) << text_of(desk.window.desk().log().report());
  EXPECT_TRUE(QFileInfo::exists(exported + QStringLiteral("/adapter_config.json")));
}

QString called(const QWidget* widget) {
  QString text = widget->accessibleName();
  if (const auto* button = qobject_cast<const QAbstractButton*>(widget); button && text.isEmpty()) text = button->text();
  return QStringLiteral("%1 '%2' in %3").arg(QLatin1String(widget->metaObject()->className()), text.isEmpty() ? widget->objectName() : text,
                                             QLatin1String(widget->parentWidget() ? widget->parentWidget()->metaObject()->className() : ""));
}

// What Tab comes to, in its order, until it is round.
QList<QWidget*> round_by_tab(Desk& desk) {
  QList<QWidget*> met;
  for (int i = 0; i < 500; ++i) {
    press(desk, Qt::Key_Tab);
    auto* now = QApplication::focusWidget();
    if (!now || (!met.isEmpty() && now == met.front())) break;
    met.append(now);
  }
  return met;
}

TEST(Keyboard, TabComesToEveryControlAndTheFocusIsSeen) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  QApplication::setActiveWindow(&desk.window);
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 22);
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }));
  QApplication::setCursorFlashTime(0);
  QStringList unreached, unseen, trapped;
  for (int page = 0; page < kPageCount; ++page) {
    desk.window.showPage(static_cast<Page>(page));
    QTest::qWait(50);
    const QList<QWidget*> met = round_by_tab(desk);
    if (met.size() < 5 || met.size() >= 500) trapped.append(QStringLiteral("page %1: %2 stops").arg(page).arg(met.size()));
    for (auto* widget : desk.window.findChildren<QWidget*>()) {
      if (!widget->isVisible() || !widget->isEnabled() || !(widget->focusPolicy() & Qt::TabFocus) || widget->focusProxy() || qobject_cast<QScrollArea*>(widget)) continue;
      const auto* button = qobject_cast<QAbstractButton*>(widget);
      if (button && button->autoExclusive() && button->isCheckable()) continue;   // of a group, one is a stop and the arrows go on
      if (button && button->group() && button->group()->exclusive()) continue;
      if (!met.contains(widget)) unreached.append(QStringLiteral("page %1: %2").arg(page).arg(called(widget)));
    }
    for (auto* widget : met) {
      if (!widget->isVisible()) continue;
      widget->setFocus(Qt::TabFocusReason);
      QTest::qWait(1);
      const QImage with = widget->grab().toImage();
      widget->clearFocus();
      const QImage without = widget->grab().toImage();
      if (with == without) unseen.append(QStringLiteral("page %1: %2").arg(page).arg(called(widget)));
    }
  }
  unreached.removeDuplicates();
  unseen.removeDuplicates();
  EXPECT_TRUE(trapped.isEmpty()) << text_of(trapped.join(QLatin1Char('\n')));
  EXPECT_TRUE(unreached.isEmpty()) << "not reached:\n" << text_of(unreached.join(QLatin1Char('\n')));
  EXPECT_TRUE(unseen.isEmpty()) << "focus not seen:\n" << text_of(unseen.join(QLatin1Char('\n')));
}

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
  // of the panel that has the focus
  desk.window.activateWindow();
  desk.window.showPage(Page::Setup);
  desk.window.projectPanel()->view()->setFocus();
  desk.window.showHelp();
  EXPECT_TRUE(desk.window.help()->text().startsWith(QLatin1String("The project"))) << text_of(desk.window.help()->text().left(60));
  desk.window.setupPage()->choose(Subject::Method);
  desk.window.draft().setMethod("dora");
  desk.window.inspector()->findChild<QLineEdit*>()->setFocus();
  desk.window.showHelp();
  EXPECT_TRUE(desk.window.help()->text().startsWith(QLatin1String("DoRA"))) << text_of(desk.window.help()->text().left(60));
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
