// SPDX-License-Identifier: GPL-3.0-or-later
// Seeded random keys, clicks, wheels, drags and sizes on the whole window while runs come and go: nothing may crash, and the
// window must still answer. 10,000 inputs in all; WEFT_MONKEY sets those of each of the five seeds. WEFT_MONKEY_SEED
// plays another seed.
#include <gtest/gtest.h>

#include <random>

#include <QDesktopServices>
#include <QPointer>
#include <QWheelEvent>

#include "tests/gui/window_test.h"
#include "ui/panels/live_page.h"

namespace weft::test {
namespace {

using namespace weft::ui;

// Closes what would wait for an answer, as someone in a hurry does.
class Impatience final : public QObject {
 public:
  Impatience() {
    m_beat.callOnTimeout([] {
      if (auto* popup = QApplication::activePopupWidget()) popup->close();
      if (auto* asking = QApplication::activeModalWidget()) asking->close();
    });
    m_beat.start(2);
  }

 private:
  QTimer m_beat;
};

class Monkey {
 public:
  Monkey(MainWindow& window, unsigned seed) : m_window(window), m_random(seed) {}

  void act() {
    switch (below(12)) {
      case 0: m_window.resize(960 + below(700), 600 + below(400)); return;
      case 1: {
        QWidget* at = target();
        const QPoint p = place(*at);
        QWheelEvent wheel(p, at->mapToGlobal(p), {}, {0, below(2) ? 120 : -120}, Qt::NoButton, below(4) ? Qt::NoModifier : Qt::ControlModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(at, &wheel);
        return;
      }
      case 2: {
        QPointer<QWidget> at = target();
        const QPoint from = place(*at), to = place(*at);
        QTest::mousePress(at, Qt::LeftButton, below(5) ? Qt::NoModifier : Qt::ShiftModifier, from);
        if (at) QTest::mouseMove(at, to);
        if (at) QTest::mouseRelease(at, Qt::LeftButton, {}, to);
        return;
      }
      case 3:
      case 4:
      case 5:
      case 6: {
        QWidget* at = target();
        const QPoint p = place(*at);
        const int kind = below(10);
        if (kind == 0)
          QTest::mouseDClick(at, Qt::LeftButton, {}, p);
        else
          QTest::mouseClick(at, kind == 1 ? Qt::RightButton : Qt::LeftButton, {}, p);
        return;
      }
      default: key();
    }
  }

 private:
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(m_random); }
  QPoint place(const QWidget& at) { return {below(std::max(1, at.width())), below(std::max(1, at.height()))}; }

  QWidget* target() {
    QList<QWidget*> shown;
    for (auto* child : m_window.findChildren<QWidget*>())
      if (child->isVisible()) shown.append(child);
    return shown.isEmpty() ? static_cast<QWidget*>(&m_window) : shown[below(static_cast<int>(shown.size()))];
  }

  void key() {
    static constexpr Qt::Key plain[] = {Qt::Key_Tab, Qt::Key_Backtab, Qt::Key_Return, Qt::Key_Escape, Qt::Key_Space, Qt::Key_Up, Qt::Key_Down, Qt::Key_Left, Qt::Key_Right,
                                        Qt::Key_Home, Qt::Key_End, Qt::Key_PageUp, Qt::Key_PageDown, Qt::Key_Backspace, Qt::Key_Delete, Qt::Key_F1, Qt::Key_F11,
                                        Qt::Key_0, Qt::Key_1, Qt::Key_9, Qt::Key_E, Qt::Key_Period, Qt::Key_Minus, Qt::Key_A, Qt::Key_Q};
    static constexpr Qt::Key control[] = {Qt::Key_1, Qt::Key_2, Qt::Key_3, Qt::Key_4, Qt::Key_5, Qt::Key_6, Qt::Key_Z, Qt::Key_Z, Qt::Key_R, Qt::Key_Period,
                                          Qt::Key_E, Qt::Key_K, Qt::Key_A, Qt::Key_C, Qt::Key_V, Qt::Key_X, Qt::Key_Slash, Qt::Key_N, Qt::Key_O, Qt::Key_Q};
    QWidget* at = QApplication::focusWidget() && m_window.isAncestorOf(QApplication::focusWidget()) ? QApplication::focusWidget() : &m_window;
    if (below(4) == 0)
      QTest::keyClick(at, control[below(std::size(control))], below(5) ? Qt::ControlModifier : Qt::ControlModifier | Qt::ShiftModifier);
    else
      QTest::keyClick(at, plain[below(std::size(plain))]);
  }

  MainWindow& m_window;
  std::mt19937 m_random;
};

void play(unsigned seed) {
  if (const int only = qEnvironmentVariableIntValue("WEFT_MONKEY_SEED"); only != 0) seed = static_cast<unsigned>(only);
  const int inputs = qEnvironmentVariableIsSet("WEFT_MONKEY") ? qEnvironmentVariableIntValue("WEFT_MONKEY") : 2000;
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 30);
  const Impatience impatience;
  Monkey monkey(desk.window, seed);
  for (int i = 0; i < inputs; ++i) {
    SCOPED_TRACE(testing::Message() << "seed " << seed << ", input " << i);
    if (!desk.window.isVisible()) desk.window.show();
    monkey.act();
    if (i % 8 == 0) QApplication::processEvents();
  }
  desk.window.show();
  desk.window.showPage(Page::Live);
  EXPECT_TRUE(wait_until([&] { return desk.window.livePage()->isVisible(); }));
  EXPECT_TRUE(wait_until([&] { return !desk.window.desk().starting(); }));
}

TEST(Monkey, SeedOne) { play(1); }
TEST(Monkey, SeedTwo) { play(2); }
TEST(Monkey, SeedThree) { play(3); }
TEST(Monkey, SeedFour) { play(4); }
TEST(Monkey, SeedFive) { play(5); }

}  // namespace
}  // namespace weft::test
