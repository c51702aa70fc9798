// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/batch_dialog.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTableWidget>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/widgets/controls.h"

namespace weft::ui {

BatchDialog::BatchDialog(const QString& run, const BadStepEvent& bad, QWidget* parent) : QDialog(parent), m_bad(bad) {
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Batch of step %1 of %2").arg(grouped(bad.step), run));
  resize(760, 480);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(16, 16, 16, 16);
  all->setSpacing(12);
  m_words = tr("Its %1 is no finite number, first at %2. Learning rate %3; gradient norm of the step before %4.")
                .arg(bad.what == "loss" ? tr("loss") : tr("gradient norm"), qs(bad.site), shortNumber(bad.lr),
                     bad.grad_norm_before > 0 ? shortNumber(bad.grad_norm_before) : tr("not known"));
  if (bad.more_rows > 0) m_words += QLatin1Char(' ') + tr("%1 more rows are not shown.").arg(grouped(bad.more_rows));
  auto* words = makeLabel("secondary", m_words, this);
  words->setWordWrap(true);
  all->addWidget(words);
  m_rows = new QTableWidget(static_cast<int>(bad.rows.size()), 3, this);
  m_rows->setHorizontalHeaderLabels({tr("Tokens"), tr("Trained"), tr("Text")});
  for (const int number : {0, 1}) m_rows->horizontalHeaderItem(number)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);   // over what they head
  m_rows->setAccessibleName(windowTitle());
  m_rows->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_rows->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_rows->setSelectionMode(QAbstractItemView::SingleSelection);
  m_rows->setShowGrid(false);
  m_rows->verticalHeader()->hide();
  m_rows->verticalHeader()->setDefaultSectionSize(26);
  m_rows->horizontalHeader()->setStretchLastSection(true);
  m_rows->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  m_rows->setWordWrap(false);
  for (int i = 0; i < m_rows->rowCount(); ++i) {
    const auto& row = bad.rows[static_cast<std::size_t>(i)];
    const QString cells[] = {grouped(row.tokens), grouped(row.trained), qs(row.text).simplified()};
    for (int column = 0; column < 3; ++column) {
      auto* item = new QTableWidgetItem(cells[column]);
      if (column < 2) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
      m_rows->setItem(i, column, item);
    }
  }
  auto* whole = new QPlainTextEdit(this);
  whole->setReadOnly(true);
  whole->setAccessibleName(tr("The chosen row"));
  auto* parts = new QSplitter(Qt::Vertical, this);
  parts->addWidget(m_rows);
  parts->addWidget(whole);
  parts->setStretchFactor(0, 3);
  parts->setStretchFactor(1, 2);
  all->addWidget(parts, 1);
  connect(m_rows, &QTableWidget::currentCellChanged, whole, [this, whole](int row) {
    whole->setPlainText(row < 0 ? QString() : qs(m_bad.rows[static_cast<std::size_t>(row)].text));
  });
  if (m_rows->rowCount() > 0) m_rows->selectRow(0);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  auto* copy = buttons->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
  copy->setAutoDefault(false);
  all->addWidget(buttons);
  connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(asText()); });
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

QString BatchDialog::asText() const {
  QString text = m_words + QLatin1Char('\n');
  for (const auto& row : m_bad.rows) text += QStringLiteral("\n%1 / %2\n%3\n").arg(row.tokens).arg(row.trained).arg(qs(row.text));
  return text;
}

}  // namespace weft::ui
