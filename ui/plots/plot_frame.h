// SPDX-License-Identifier: GPL-3.0-or-later
// What the QCustomPlot charts share: theme, axes without a frame, wheel zoom at the cursor, drag pan, Shift-drag box,
// double-click reset, right-click menu, the sentence of an empty chart. Main thread only.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include <QWidget>

#include "ui/plots/chart_export.h"
#include "ui/theme/theme.h"

class QCustomPlot;
class QCPPainter;
class QCPAxis;

namespace weft::ui {

class PlotFrame : public QWidget, public ExportableChart {
  Q_OBJECT
 public:
  PlotFrame(Theme& theme, QWidget* parent);

  void setEmptyText(const QString& text);
  void setCursor(std::optional<double> x);   // shared cursor; nothing hides it
  [[nodiscard]] std::optional<double> cursorX() const { return m_cursor; }
  void replotSoon();                          // coalesced; one chart in a turn of the event loop; a hidden one when it is shown again

  [[nodiscard]] QWidget* chartWidget() override { return this; }
  void paintChart(QPaintDevice& device, const QSize& size) override;
  [[nodiscard]] QString contents() const override { return isEmpty() ? m_emptyText : summary(); }

 Q_SIGNALS:
  void cursorMoved(std::optional<double> x);  // the pointer is over the plot at x, or left it

 protected:
  // Paints in widget pixels above the graphs, inside the axis rectangle or not.
  virtual void paintOver(QCPPainter& painter) = 0;
  virtual void resetRange() = 0;              // to what the data asks for
  virtual void restyle() {}
  // A click, not the end of a drag; what can be clicked has another pointer.
  virtual void clicked(const QPoint&) {}
  [[nodiscard]] virtual bool isClickable(const QPoint&) const { return false; }
  [[nodiscard]] virtual bool isEmpty() const = 0;
  [[nodiscard]] virtual QString summary() const = 0;   // the contents of one that is not empty
  [[nodiscard]] QRect plotRect() const;
  void styleAxis(QCPAxis* axis, const QString& title, bool grid);
  [[nodiscard]] bool follows() const { return m_follows; }  // false after the user zoomed or panned
  bool eventFilter(QObject* object, QEvent* event) override;
  // A small label with a backing, kept inside the axis rectangle; below those that are `taken`, which it joins.
  void paintLabel(QCPPainter& painter, const QPoint& at, const QString& text, const QColor& color, Qt::Alignment side, std::vector<QRect>* taken = nullptr) const;

  Theme& m_theme;
  QCustomPlot* m_plot;

 private:
  void applyTheme();
  void paintAll(QCPPainter& painter);
  QString m_emptyText;
  std::optional<double> m_cursor;
  QPoint m_pressed;
  bool m_follows = true;
  bool m_stale = false;                       // changed while it was hidden
  friend class OverlayItem;
};

}  // namespace weft::ui
