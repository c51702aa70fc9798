// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/run_file_dialog.h"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QPushButton>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/widgets/controls.h"

namespace weft::ui {

RunFileDialog::RunFileDialog(const QString& file, const RunFileLook& look, QWidget* parent) : QDialog(parent), m_table(new QTableWidget(this)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Load a run file"));
  resize(680, 420);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(16, 16, 16, 16);
  all->setSpacing(12);
  const int count = static_cast<int>(look.changes.size());
  all->addWidget(makeLabel("subtitle", file, this));
  auto* words = makeLabel("secondary", count == 0 ? tr("It has the settings that are there already.")
                                                  : tr("%n settings change. One step of undo takes them back.", nullptr, count), this);
  words->setWordWrap(true);
  all->addWidget(words);
  m_table->setColumnCount(3);
  m_table->setHorizontalHeaderLabels({tr("Setting"), tr("Now"), tr("In the file")});
  m_table->setRowCount(count);
  m_table->setAccessibleName(tr("Settings that change"));
  m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setTabKeyNavigation(false);
  m_table->setShowGrid(false);
  m_table->setProperty("roomy", true);
  m_table->setWordWrap(false);   // else a path loses its end instead of its middle
  m_table->setTextElideMode(Qt::ElideMiddle);
  m_table->verticalHeader()->hide();
  for (int row = 0; row < count; ++row) {
    const ComparedRow& change = look.changes[static_cast<std::size_t>(row)];
    const QString cells[] = {qs(change.title), qs(change.texts.at(0)), qs(change.texts.at(1))};
    for (int column = 0; column < 3; ++column) {
      auto* item = new QTableWidgetItem(cells[column].isEmpty() ? QStringLiteral("–") : cells[column]);
      item->setToolTip(column == 0 ? qs(change.key) : cells[column]);
      m_table->setItem(row, column, item);
    }
  }
  m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeading | Qt::AlignVCenter);
  m_table->setSelectionMode(QAbstractItemView::NoSelection);   // to be read
  m_table->setVisible(count > 0);
  all->addWidget(m_table, 1);
  if (count == 0) all->addStretch();
  auto* buttons = new QDialogButtonBox(count == 0 ? QDialogButtonBox::Close : QDialogButtonBox::Cancel, this);
  if (count > 0) {
    auto* take = buttons->addButton(tr("Take over"), QDialogButtonBox::AcceptRole);
    take->setDefault(true);
    take->setFocus();
  }
  all->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

}  // namespace weft::ui
