// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/text_size_menu.h"

#include <QActionGroup>
#include <QCoreApplication>
#include <QMenu>

#include "ui/models/number_text.h"
#include "ui/theme/text_size.h"
#include "ui/theme/theme.h"

namespace weft::ui {

void addTextSizeMenu(QMenu& view, Theme& theme) {
  auto* menu = view.addMenu(QCoreApplication::translate("weft::ui::MainWindow", "Te&xt size"));
  auto* group = new QActionGroup(menu);
  for (const int percent : kTextPercents) {
    auto* action = menu->addAction(QCoreApplication::translate("weft::ui::MainWindow", "%1 %").arg(grouped(percent)));
    action->setCheckable(true);
    action->setChecked(percent == textPercent());
    action->setData(percent);
    group->addAction(action);
    QObject::connect(action, &QAction::triggered, &theme, [&theme, percent] {
      setTextPercent(theme, percent);
      keepTextPercent(percent);
    });
  }
}

}  // namespace weft::ui
