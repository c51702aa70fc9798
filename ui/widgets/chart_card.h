// SPDX-License-Identifier: GPL-3.0-or-later
// A card around a chart: its title, what stands beside it, tools at the right. Main thread only; owned by its parent.
#pragma once

#include <QComboBox>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/widgets/controls.h"

namespace weft::ui {

struct ChartCard {
  QFrame* frame;
  ElidedLabel* title;
  QHBoxLayout* header;   // title first, then a stretch or what stands beside it, then tools
  QVBoxLayout* body;
};

// beside: made in place of the stretch, where it is asked for.
[[nodiscard]] ChartCard makeChartCard(const QString& title, ElidedLabel** beside, QWidget* parent);
// How a chart is drawn; `name` is what assistive technology and undo call it.
[[nodiscard]] QComboBox* makeTool(const QStringList& items, const QString& name, QWidget* parent);

}  // namespace weft::ui
