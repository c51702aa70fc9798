// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/sweep_dialog.h"

#include <QComboBox>
#include <QCompleter>
#include <QFileInfo>
#include <QGridLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QTableWidget>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr int kDelayMs = 250;

}  // namespace

SweepDialog::SweepDialog(Theme& theme, Draft& draft, QueueDesk& desk, QWidget* parent) : QDialog(parent), m_theme(theme), m_draft(draft), m_desk(desk) {
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Sweep"));
  resize(640, 520);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(16, 16, 16, 16);
  all->setSpacing(12);
  auto* words = makeLabel("secondary", tr("One run for each combination of the values below; every other setting as it stands in Set up. Separate values with commas."), this);
  words->setWordWrap(true);
  all->addWidget(words);
  m_grid = new QGridLayout;
  m_grid->setHorizontalSpacing(8);
  m_grid->setVerticalSpacing(6);
  m_grid->setColumnStretch(0, 2);
  m_grid->setColumnStretch(1, 3);
  m_grid->addWidget(makeLabel("caption", tr("Setting"), this), 0, 0);
  m_grid->addWidget(makeLabel("caption", tr("Values"), this), 0, 1);
  all->addLayout(m_grid);
  m_more = new IconButton(theme, QStringLiteral("plus"), tr("One more setting"), IconButton::Style::Link, this);
  all->addWidget(m_more, 0, Qt::AlignLeft);
  auto* naming = new QHBoxLayout;
  naming->setSpacing(8);
  auto* label = makeLabel("caption", tr("Name before what differs"), this);
  m_name = new QLineEdit(this);
  m_name->setAcceptDrops(false);   // files are no values and no names
  m_name->setAccessibleName(label->text());
  naming->addWidget(label);
  naming->addWidget(m_name, 1);
  all->addLayout(naming);
  m_preview = new QTableWidget(0, 3, this);
  m_preview->setAccessibleName(tr("Runs of the sweep"));
  m_preview->setHorizontalHeaderLabels({tr("Run"), tr("Steps"), tr("Time, about")});
  m_preview->setEditTriggers(QAbstractItemView::NoEditTriggers);
  m_preview->setSelectionMode(QAbstractItemView::NoSelection);
  m_preview->setFocusPolicy(Qt::NoFocus);
  m_preview->setProperty("roomy", true);
  m_preview->setShowGrid(false);
  m_preview->setFrameShape(QFrame::NoFrame);
  m_preview->verticalHeader()->hide();
  m_preview->verticalHeader()->setDefaultSectionSize(24);
  m_preview->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
  m_preview->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  for (const int column : {1, 2}) m_preview->horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
  m_preview->setColumnWidth(1, 90);
  m_preview->setColumnWidth(2, 120);
  all->addWidget(m_preview, 1);
  m_sentence = makeLabel("secondary", {}, this);
  m_sentence->setWordWrap(true);
  all->addWidget(m_sentence);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  auto* close = new IconButton(theme, {}, tr("Cancel"), IconButton::Style::Plain, this);
  m_add = new IconButton(theme, QStringLiteral("plus"), tr("Add to queue"), IconButton::Style::Primary, this);
  m_add->setDefault(true);
  buttons->addStretch();
  buttons->addWidget(close);
  buttons->addWidget(m_add);
  all->addLayout(buttons);
  connect(m_more, &QPushButton::clicked, this, &SweepDialog::addRow);
  connect(close, &QPushButton::clicked, this, &QDialog::reject);
  connect(m_add, &QPushButton::clicked, this, [this] {
    m_desk.add(wanted());
    accept();
  });
  m_timer.setSingleShot(true);
  m_timer.setInterval(kDelayMs);
  connect(&m_timer, &QTimer::timeout, this, &SweepDialog::read);
  connect(m_name, &QLineEdit::textChanged, &m_timer, qOverload<>(&QTimer::start));
  connect(&draft, &Draft::changed, &m_timer, qOverload<>(&QTimer::start));
  addRow();
  set(0, QStringLiteral("train.lr"), {});
  read();
}

void SweepDialog::addRow() {
  auto* key = new QComboBox(this);
  key->setAccessibleName(tr("Setting"));
  key->setEditable(true);
  key->setInsertPolicy(QComboBox::NoInsert);
  for (const auto& section : run_sections())
    for (const auto& spec : m_draft.specs(section.name))
      if (spec.key != "path" || section.name != "model") key->addItem(QStringLiteral("%1.%2").arg(qs(section.name), qs(spec.key)));
  key->lineEdit()->setAcceptDrops(false);
  key->completer()->setFilterMode(Qt::MatchContains);
  key->completer()->setCompletionMode(QCompleter::PopupCompletion);
  auto* values = new QLineEdit(this);
  values->setProperty("number", true);
  values->setAcceptDrops(false);
  values->setAccessibleName(tr("Values"));
  auto* remove = new IconButton(m_theme, QStringLiteral("x"), {}, IconButton::Style::Plain, this);
  remove->setAccessibleName(tr("Leave this setting out"));
  remove->setToolTip(remove->accessibleName());
  m_grid->addWidget(key, m_nextLine, 0);
  m_grid->addWidget(values, m_nextLine, 1);
  m_grid->addWidget(remove, m_nextLine++, 2);
  const auto hint = [this, key, values] {
    const QString name = key->currentText();
    const std::string section = ss(name.section(QLatin1Char('.'), 0, 0)), setting = ss(name.section(QLatin1Char('.'), 1));
    const Json now = m_draft.value(section, setting);
    values->setPlaceholderText(now.is_null() ? QString() : tr("now %1").arg(now.is_string() ? qs(now.get<std::string>()) : now.is_number() ? shortNumber(now.get<double>()) : qs(now.dump())));
  };
  connect(key, &QComboBox::currentTextChanged, this, [this, hint] {
    hint();
    m_timer.start();
  });
  connect(values, &QLineEdit::textChanged, &m_timer, qOverload<>(&QTimer::start));
  connect(remove, &QPushButton::clicked, this, [this, remove] { removeRow(remove); });
  m_rows.push_back({key, values, remove});
  if (const int lr = key->findText(m_rows.size() > 1 ? QStringLiteral("method.rank") : QStringLiteral("train.lr")); lr >= 0) key->setCurrentIndex(lr);
  hint();
  values->setFocus();
}

void SweepDialog::removeRow(QPushButton* button) {
  const auto row = std::find_if(m_rows.begin(), m_rows.end(), [button](const Row& r) { return r.remove == button; });
  if (row == m_rows.end() || m_rows.size() == 1) return;
  for (QWidget* widget : {static_cast<QWidget*>(row->key), static_cast<QWidget*>(row->values), static_cast<QWidget*>(row->remove)}) {
    widget->hide();
    widget->deleteLater();
  }
  m_rows.erase(row);
  m_timer.start();
}

void SweepDialog::set(int row, const QString& key, const QString& values) {
  while (row >= static_cast<int>(m_rows.size())) addRow();
  const auto& at = m_rows[static_cast<std::size_t>(row)];
  at.key->setCurrentText(key);
  at.values->setText(values);
}

QString SweepDialog::sentence() const { return m_sentence->text(); }

QueueAddition SweepDialog::wanted() const {
  QueueAddition all{m_draft.request(), m_name->text().trimmed(), {}};
  for (const auto& row : m_rows)
    if (!row.values->text().trimmed().isEmpty()) all.sets += row.key->currentText().trimmed() + QLatin1Char('=') + row.values->text().trimmed();
  return all;
}

void SweepDialog::read() {
  const QueueAddition now = wanted();
  const auto ticket = ++m_ticket;
  m_add->setEnabled(false);
  if (now.sets.isEmpty()) {
    m_preview->setRowCount(0);
    m_sentence->setText(tr("Write values such as 1e-4, 2e-4: the runs they make are listed here."));
    return;
  }
  m_desk.keeper().planQueue(now, this, [this, ticket](Result<std::vector<PlannedEntry>> planned) {
    if (ticket == m_ticket) show(planned);
  });
}

void SweepDialog::show(const Result<std::vector<PlannedEntry>>& planned) {
  m_preview->setRowCount(0);
  if (!planned.ok()) {
    m_sentence->setText(engineText(planned.status().message()));
    return;
  }
  std::optional<double> total = 0;
  m_preview->setRowCount(static_cast<int>(planned->size()));
  for (int row = 0; const auto& entry : *planned) {
    const auto& time = entry.expected;
    if (total) total = time.seconds ? std::optional(*total + *time.seconds) : std::nullopt;
    const QString texts[] = {entry.name, time.steps > 0 ? grouped(time.steps) : QString(), time.seconds ? durationText(*time.seconds) : tr("not known")};
    for (int column = 0; column < 3; ++column) {
      auto* item = new QTableWidgetItem(texts[column]);
      item->setToolTip(column == 2 ? time.basis : texts[column]);
      if (column > 0) {
        item->setFont(m_theme.mono(12));
        item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
      }
      m_preview->setItem(row, column, item);
    }
    ++row;
  }
  const auto count = planned->size();
  QString basis = planned->empty() ? QString() : planned->front().expected.basis;
  m_sentence->setText(tr("%1; together %2").arg(count == 1 ? tr("one run") : tr("%1 runs").arg(count),
                                               total ? tr("about %1 of training, %2").arg(durationText(*total), basis) : tr("time not known: %1").arg(basis)));
  m_add->setEnabled(count > 0);
}

}  // namespace weft::ui
