// SPDX-License-Identifier: GPL-3.0-or-later
// A plan's memory as one bar against what the machine has: a segment a kind, the names below, what was measured as a mark. Main thread only.
#pragma once

#include <optional>
#include <vector>

#include <QWidget>

#include "engine/api/memory_outlook.h"
#include "ui/theme/theme.h"

namespace weft::ui {

class PlanBar final : public QWidget {
  Q_OBJECT
 public:
  PlanBar(Theme& theme, QWidget* parent);
  void setOutlook(const std::optional<MemoryOutlook>& outlook);
  [[nodiscard]] QString text() const;   // "program 168 MB, weights 98 MB, …; 21.3 GB are free"
  [[nodiscard]] static QString partName(const std::string& kind);

  [[nodiscard]] int legendRows() const { return m_rows; }   // as many as the names of all parts take

  [[nodiscard]] QSize sizeHint() const override { return {420, heightOf(m_rows)}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {160, heightOf(m_rows)}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool event(QEvent* event) override;

 private:
  struct Segment {
    std::size_t part;
    double left, right;
    QColor color;
  };
  struct Name {
    QRectF place;    // with its swatch
    QString words;
    QColor color;
  };
  [[nodiscard]] std::vector<Segment> segments() const;
  [[nodiscard]] std::vector<Name> legend() const;
  [[nodiscard]] int heightOf(int rows) const;
  void fit();                           // takes the height of its legend
  [[nodiscard]] double scale() const;   // pixels a byte
  Theme& m_theme;
  std::optional<MemoryOutlook> m_outlook;
  int m_rows = 1;
};

}  // namespace weft::ui
