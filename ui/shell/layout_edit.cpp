// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/layout_edit.h"

#include <memory>

#include <QAction>
#include <QComboBox>
#include <QCoreApplication>
#include <QDockWidget>
#include <QEvent>
#include <QMainWindow>
#include <QPointer>
#include <QTimer>
#include <QUndoStack>

#include "ui/models/done_edit.h"
#include "ui/plots/series_plot.h"
#include "ui/shell/perspectives.h"

namespace weft::ui {
namespace {

struct Words {
  Q_DECLARE_TR_FUNCTIONS(layout)
};

QString titleOf(const QDockWidget& dock) { return dock.toggleViewAction()->text(); }

}  // namespace

LayoutRecorder::LayoutRecorder(QMainWindow& window, Perspectives& perspectives, int layoutVersion, QUndoStack& stack)
    : QObject(&window), m_window(window), m_perspectives(perspectives), m_version(layoutVersion), m_stack(stack) {
  watchDocks();
  watchCharts();
}

void LayoutRecorder::push(const QString& name, const QByteArray& before) {
  const QByteArray after = m_window.saveState(m_version);
  if (after == before) return;
  m_stack.push(new DoneEdit(name, [this, before, after, where = m_perspectives.chosen()](bool again) {
    m_perspectives.choose(where);   // another perspective has a layout of its own
    m_window.restoreState(again ? after : before, m_version);
  }));
}

void LayoutRecorder::record(const QString& name, const std::function<void()>& change) {
  const QByteArray before = m_window.saveState(m_version);
  change();
  push(name, before);
}

void LayoutRecorder::watchDocks() {
  m_window.installEventFilter(this);   // the lines between docks are its own
  for (auto* dock : m_window.findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
    dock->installEventFilter(this);
    connect(dock->toggleViewAction(), &QAction::triggered, this, [this, dock](bool shown) {
      m_stack.push(new DoneEdit((shown ? Words::tr("show %1") : Words::tr("hide %1")).arg(titleOf(*dock)),
                                [dock = QPointer(dock), shown](bool again) { if (dock) dock->setVisible(again == shown); }));
    });
  }
}

bool LayoutRecorder::eventFilter(QObject* object, QEvent* event) {
  auto* dock = qobject_cast<QDockWidget*>(object);
  switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonDblClick:   // floats a dock, or puts it back
      m_pressed = m_window.saveState(m_version);
      break;
    case QEvent::MouseButtonRelease:
    case QEvent::NonClientAreaMouseButtonRelease:
      if (m_pressed.isEmpty()) break;
      // once the window has put everything into its place
      QTimer::singleShot(0, this, [this, before = std::exchange(m_pressed, {}), name = dock ? Words::tr("move %1").arg(titleOf(*dock)) : Words::tr("resize docks")] { push(name, before); });
      break;
    case QEvent::Close:                 // by the button in its title bar
      if (dock && dock->isVisible()) {
        const QByteArray before = m_window.saveState(m_version);
        QTimer::singleShot(0, this, [this, before, name = Words::tr("hide %1").arg(titleOf(*dock))] { push(name, before); });
      }
      break;
    default: break;
  }
  return QObject::eventFilter(object, event);
}

void LayoutRecorder::watchCharts() {
  for (auto* tool : m_window.findChildren<QComboBox*>()) {
    if (!tool->property("tool").toBool()) continue;
    // by words: what can be chosen may differ from run to run
    const auto was = std::make_shared<QString>(tool->currentText()), now = std::make_shared<QString>(*was);
    connect(tool, &QComboBox::currentTextChanged, this, [was, now](const QString& text) {
      *was = *now;
      *now = text;
    });
    connect(tool, &QComboBox::activated, this, [this, tool, was, now] {
      if (*was == *now) return;
      m_stack.push(new DoneEdit(Words::tr("change %1").arg(tool->accessibleName()), [tool, before = *was, after = *now](bool again) {
        if (const int at = tool->findText(again ? after : before); at >= 0) tool->setCurrentIndex(at);
      }));
      *was = *now;   // the same choice again is no change
    });
  }
  for (auto* plot : m_window.findChildren<SeriesPlot*>())
    connect(plot, &SeriesPlot::hiddenByHand, this, [this, plot](int series, bool hidden) {
      m_stack.push(new DoneEdit((hidden ? Words::tr("hide %1") : Words::tr("show %1")).arg(plot->seriesName(series)),
                                [plot, series, hidden](bool again) { plot->setHidden(series, again == hidden); }));
    });
}

}  // namespace weft::ui
