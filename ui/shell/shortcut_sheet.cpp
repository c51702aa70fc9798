// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/shortcut_sheet.h"

#include <QAction>
#include <QHeaderView>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/shell/command_search.h"

namespace weft::ui {
namespace {

constexpr int kRowHeight = 28;

}  // namespace

ShortcutSheet::ShortcutSheet(const QMenuBar& menus, QWidget* parent) : QDialog(parent), m_table(new QTableWidget(0, 2, this)) {
  setWindowTitle(tr("Keyboard shortcuts"));
  setAttribute(Qt::WA_DeleteOnClose);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(12, 12, 12, 12);
  all->addWidget(m_table);
  m_table->setHorizontalHeaderLabels({tr("What it does"), tr("Keys")});
  m_table->setAccessibleName(windowTitle());
  m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_table->setSelectionMode(QAbstractItemView::NoSelection);   // to be read
  m_table->setTabKeyNavigation(false);
  m_table->setProperty("roomy", true);
  m_table->setShowGrid(false);
  m_table->verticalHeader()->hide();
  m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
  m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
  m_table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
  m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  for (const auto& [name, action] : commandsOf(menus, /*hidden=*/true)) {
    QStringList keys;
    for (const auto& key : action->shortcuts()) keys.append(key.toString(QKeySequence::NativeText));
    if (const QString more = action->property("moreKeys").toString(); !more.isEmpty()) keys.append(more);   // of one page only
    if (keys.isEmpty()) continue;
    const int row = m_table->rowCount();
    m_table->insertRow(row);
    m_table->setItem(row, 0, new QTableWidgetItem(name));
    m_table->setItem(row, 1, new QTableWidgetItem(keys.join(QStringLiteral(", "))));
  }
  resize(520, 560);
}

}  // namespace weft::ui
