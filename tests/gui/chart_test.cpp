// SPDX-License-Identifier: GPL-3.0-or-later
// Charts without eyes or a mouse: the menu by a key, the table beside each, what it says of itself; and the desktop's theme.
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QDBusMessage>
#include <QDBusVariant>
#include <QDialog>
#include <QMenu>
#include <QTableView>

#include "app/gui/desktop_scheme.h"
#include "tests/gui/window_test.h"
#include "ui/plots/chart_table.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/plot_frame.h"
#include "ui/theme/system_scheme.h"

namespace weft::test {
namespace {

using namespace weft::ui;

TEST(ChartTables, ReadWhatTheFileHolds) {
  ChartTable table(QStringLiteral("name,value\n") + csvField(QStringLiteral("a, \"b\"")) + QStringLiteral(",1.5\nplain,2\n"));
  const QAbstractItemModelTester tester(&table, QAbstractItemModelTester::FailureReportingMode::Fatal);
  ASSERT_EQ(table.rowCount(), 2);
  ASSERT_EQ(table.columnCount(), 2);
  EXPECT_EQ(text_of(table.index(0, 0).data().toString()), "a, \"b\"");
  EXPECT_EQ(text_of(table.index(1, 1).data().toString()), "2");
  EXPECT_EQ(text_of(table.headerData(1, Qt::Horizontal).toString()), "value");
  EXPECT_EQ(ChartTable(QString()).rowCount(), 0);
  EXPECT_EQ(csvField(QStringLiteral("plain")), QStringLiteral("plain"));
}

// Chooses the first entry of the menu that a key opens.
void choose_first() {
  QTimer::singleShot(0, qApp, [] {
    auto* menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
    ASSERT_NE(menu, nullptr);
    EXPECT_EQ(text_of(menu->actions().front()->text()), "Show as table");
    QTest::keyClick(menu, Qt::Key_Down);
    QTest::keyClick(menu, Qt::Key_Return);
  });
}

TEST(Charts, ShowAsTableByTheKeysAndSayWhatTheyHold) {
  QTemporaryDir folder;
  Desk desk(fake_engine());
  QApplication::setActiveWindow(&desk.window);
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 22);
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }));
  int charts = 0;
  for (const Page page : {Page::Setup, Page::Live, Page::Compare, Page::Inspect}) {
    desk.window.showPage(page);
    QTest::qWait(100);
    for (auto* widget : desk.window.findChildren<QWidget*>()) {
      auto* chart = dynamic_cast<ExportableChart*>(widget);
      if (!chart || !widget->isVisible()) continue;
      SCOPED_TRACE(text_of(chart->chartName()));
      ++charts;
      widget->setFocus(Qt::TabFocusReason);
      ASSERT_TRUE(widget->hasFocus());
      EXPECT_FALSE(widget->accessibleName().isEmpty());
      EXPECT_EQ(widget->accessibleDescription(), chart->contents());
      EXPECT_FALSE(chart->contents().isEmpty());
      choose_first();
      QTest::keyClick(widget, Qt::Key_F10, Qt::ShiftModifier);
      auto* dialog = desk.window.findChild<QDialog*>(QStringLiteral("chart-table"));
      ASSERT_NE(dialog, nullptr);
      const auto* view = dialog->findChild<QTableView*>();
      EXPECT_EQ(view->model()->rowCount(), static_cast<int>(chart->csv().count(QLatin1Char('\n'))) - 1);
      const QAbstractItemModelTester tester(view->model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
      delete dialog;
      QApplication::setActiveWindow(&desk.window);
    }
  }
  EXPECT_GE(charts, 5);
  desk.window.showPage(Page::Live);
  auto* map = desk.window.findChild<HeatMap*>();
  EXPECT_NE(text_of(map->contents()).find("layer"), std::string::npos) << text_of(map->contents());
}

TEST(SystemTheme, IsFollowedWhileItIsTheChoice) {
  Desk desk(fake_engine());
  theme().choose(ThemeChoice::System);
  setSystemDark(theme(), true);
  EXPECT_TRUE(theme().palette().dark);
  desk.window.showPage(Page::Live);
  QTest::qWait(100);
  const auto* chart = desk.window.findChild<PlotFrame*>();
  EXPECT_LT(const_cast<PlotFrame*>(chart)->grab().toImage().pixelColor(4, 4).lightness(), 100);
  setSystemDark(theme(), false);
  EXPECT_FALSE(theme().palette().dark);
  QTest::qWait(100);
  EXPECT_GT(const_cast<PlotFrame*>(chart)->grab().toImage().pixelColor(4, 4).lightness(), 200);
  theme().choose(ThemeChoice::Dark);
  setSystemDark(theme(), true);
  setSystemDark(theme(), false);
  EXPECT_TRUE(theme().palette().dark);   // someone chose it
  theme().choose(ThemeChoice::System);
}

// Answers as the settings portal does.
class Portal final : public QObject {
  Q_OBJECT
  Q_CLASSINFO("D-Bus Interface", "org.freedesktop.portal.Settings")
 public:
  uint scheme = 1;
 public Q_SLOTS:
  QDBusVariant Read(const QString&, const QString&) { return QDBusVariant(QVariant::fromValue(QDBusVariant(scheme))); }
};

TEST(SystemTheme, IsReadFromThePortalAndItsChangesToo) {
  QDBusConnection bus = QDBusConnection::connectToBus(QDBusConnection::SessionBus, QStringLiteral("portal"));
  if (!bus.isConnected()) GTEST_SKIP() << "no session bus; run it under dbus-run-session";
  if (!bus.registerService(QStringLiteral("org.freedesktop.portal.Desktop"))) GTEST_SKIP() << "this desktop has a portal of its own";
  Portal portal;
  const QString path = QStringLiteral("/org/freedesktop/portal/desktop");
  ASSERT_TRUE(bus.registerObject(path, &portal, QDBusConnection::ExportAllSlots));
  gui::DesktopScheme scheme(QDBusConnection::sessionBus());
  QList<bool> dark;
  QObject::connect(&scheme, &gui::DesktopScheme::darkWanted, &scheme, [&](bool on) { dark.append(on); });
  ASSERT_TRUE(wait_until([&] { return dark == QList<bool>{true}; }));
  QDBusMessage changed = QDBusMessage::createSignal(path, QStringLiteral("org.freedesktop.portal.Settings"), QStringLiteral("SettingChanged"));
  changed << QStringLiteral("org.freedesktop.appearance") << QStringLiteral("color-scheme") << QVariant::fromValue(QDBusVariant(2U));
  ASSERT_TRUE(bus.send(changed));
  EXPECT_TRUE(wait_until([&] { return dark == QList<bool>({true, false}); }));
  QDBusConnection::disconnectFromBus(QStringLiteral("portal"));
}

}  // namespace
}  // namespace weft::test

#include "chart_test.moc"
