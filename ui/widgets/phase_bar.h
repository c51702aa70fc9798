// SPDX-License-Identifier: GPL-3.0-or-later
// A step's time as one thin bar, a segment a phase, the names below as far as there is room. With a floor each segment is full as far as its
// floor and pale above: what is pale can be won. Hover or arrow keys tell a segment's figures. Main thread only.
#pragma once

#include <optional>
#include <vector>

#include <QWidget>

#include "engine/api/run_plan.h"
#include "ui/theme/theme.h"

namespace weft::ui {

class PhaseBar final : public QWidget {
  Q_OBJECT
 public:
  PhaseBar(Theme& theme, QWidget* parent);

  // 0 steps: empty. `share` is of the same steps.
  void setTime(const StepTime& time, const std::optional<FloorShare>& share);
  [[nodiscard]] QString segmentText(Phase phase) const;   // "attention 31 % - 46 ms of 148 ms a step"
  [[nodiscard]] static QColor color(Phase phase, const Palette& palette);
  [[nodiscard]] std::optional<Phase> phaseAt(double x) const;
  [[nodiscard]] std::optional<Phase> chosen() const { return m_chosen; }

  [[nodiscard]] QSize sizeHint() const override { return {320, kHeight}; }
  [[nodiscard]] QSize minimumSizeHint() const override { return {120, kHeight}; }
  static constexpr int kHeight = 34;

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

 private:
  struct Segment {
    Phase phase;
    double left, right;   // in pixels
    double floor;         // right end of what is the floor; left..right
  };
  [[nodiscard]] std::vector<Segment> segments() const;
  [[nodiscard]] QString nameAndShare(Phase phase) const;   // "attention 31 %"
  void paintNames(QPainter& painter) const;
  void choose(std::optional<Phase> phase);
  void announce();

  Theme& m_theme;
  StepTime m_time;
  std::optional<FloorShare> m_share;
  std::optional<Phase> m_chosen;   // under the cursor, or by keys
};

}  // namespace weft::ui
