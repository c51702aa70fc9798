// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chart_card.h"

namespace weft::ui {

ChartCard makeChartCard(const QString& title, ElidedLabel** beside, QWidget* parent) {
  auto* frame = new QFrame(parent);
  frame->setProperty("card", true);
  auto* all = new QVBoxLayout(frame);
  all->setContentsMargins(12, 10, 8, 6);
  all->setSpacing(2);
  auto* header = new QHBoxLayout;
  header->setContentsMargins(0, 0, 4, 0);
  header->setSpacing(8);
  auto* name = new ElidedLabel("subtitle", Qt::ElideRight, frame);   // gives way to the tools where words are large
  name->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
  name->setWholeText(title);
  header->addWidget(name);
  if (beside) {
    *beside = new ElidedLabel("monocaption", Qt::ElideMiddle, frame);
    header->addWidget(*beside, 1);
  } else {
    header->addStretch(1);
  }
  all->addLayout(header);
  auto* body = new QVBoxLayout;
  body->setContentsMargins(0, 0, 0, 0);
  all->addLayout(body, 1);
  return {frame, name, header, body};
}

QComboBox* makeTool(const QStringList& items, const QString& name, QWidget* parent) {
  auto* box = new QComboBox(parent);
  box->addItems(items);
  box->setProperty("tool", true);
  box->setAccessibleName(name);
  box->setToolTip(name);
  box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  return box;
}

}  // namespace weft::ui
