// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_focus.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QWidget>

#include "ui/plots/chart_export.h"
#include "ui/theme/theme.h"

namespace weft::ui {
namespace {

// Above the chart and no part of its pictures.
class Ring final : public QWidget {
 public:
  Ring(Theme& theme, QWidget* chart) : QWidget(chart), m_theme(theme) {
    setAttribute(Qt::WA_TransparentForMouseEvents);
    hide();
  }

 protected:
  void paintEvent(QPaintEvent*) override {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(m_theme.palette().accent, 1.5));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
  }

 private:
  Theme& m_theme;
};

}  // namespace

ChartFocus::ChartFocus(Theme& theme, ExportableChart& chart, QWidget& widget)
    : QObject(&widget), m_chart(chart), m_widget(widget), m_ring(new Ring(theme, &widget)) {
  widget.setFocusPolicy(Qt::StrongFocus);
  widget.installEventFilter(this);
}

bool ChartFocus::eventFilter(QObject* object, QEvent* event) {
  if (object != &m_widget) return false;
  switch (event->type()) {
    case QEvent::FocusIn:
      m_widget.setAccessibleDescription(m_chart.contents());
      m_ring->setGeometry(m_widget.rect());
      m_ring->raise();
      m_ring->show();
      return false;
    case QEvent::FocusOut: m_ring->hide(); return false;
    case QEvent::Resize: m_ring->setGeometry(m_widget.rect()); return false;
    case QEvent::ContextMenu: {
      const auto* menu = static_cast<QContextMenuEvent*>(event);
      showChartMenu(m_chart, menu->reason() == QContextMenuEvent::Keyboard ? m_widget.mapToGlobal(m_widget.rect().center()) : menu->globalPos());
      return true;
    }
    case QEvent::KeyPress: {   // the platform sends the Menu key as an event of its own, but not every one Shift+F10
      const auto* key = static_cast<QKeyEvent*>(event);
      if (key->key() != Qt::Key_F10 || key->modifiers() != Qt::ShiftModifier) return false;
      showChartMenu(m_chart, m_widget.mapToGlobal(m_widget.rect().center()));
      return true;
    }
    default: return false;
  }
}

}  // namespace weft::ui
