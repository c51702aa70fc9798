// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_table.h"

#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QCoreApplication>
#include <QDialog>
#include <QHeaderView>
#include <QLabel>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/models/number_text.h"
#include "ui/plots/chart_export.h"

namespace weft::ui {
namespace {

constexpr int kMeasuredRows = 200;   // for the widths of the columns
constexpr QSize kSize(560, 480);

struct Words {
  Q_DECLARE_TR_FUNCTIONS(chart)
};

// Fields of the line that begins at `at`, which is moved behind it.
QStringList nextRow(const QString& csv, qsizetype& at) {
  QStringList fields;
  QString field;
  bool quoted = false;
  for (; at < csv.size(); ++at) {
    const QChar c = csv[at];
    if (c == u'"') {
      if (quoted && at + 1 < csv.size() && csv[at + 1] == u'"') {
        field += c;
        ++at;
      } else {
        quoted = !quoted;
      }
    } else if (!quoted && c == u',') {
      fields.append(field);
      field.clear();
    } else if (!quoted && c == u'\n') {
      ++at;
      break;
    } else {
      field += c;
    }
  }
  fields.append(field);
  return fields;
}

// What is chosen, as a spreadsheet takes it.
QString chosenText(const QTableView& table) {
  QModelIndexList chosen = table.selectionModel()->selectedIndexes();
  std::sort(chosen.begin(), chosen.end());
  QString text;
  for (qsizetype i = 0; i < chosen.size(); ++i) {
    if (i > 0) text += chosen[i].row() == chosen[i - 1].row() ? u'\t' : u'\n';
    text += chosen[i].data().toString();
  }
  return text;
}

}  // namespace

QString csvField(const QString& text) {
  const bool plain = std::none_of(text.begin(), text.end(), [](QChar c) { return c == u',' || c == u'"' || c == u'\n' || c == u'\r'; });
  return plain ? text : u'"' + QString(text).replace(u'"', QLatin1String("\"\"")) + u'"';
}

ChartTable::ChartTable(const QString& csv, QObject* parent) : QAbstractTableModel(parent) {
  qsizetype at = 0;
  m_columns = nextRow(csv, at);
  while (at < csv.size()) m_rows.push_back(nextRow(csv, at));
}

int ChartTable::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
int ChartTable::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_columns.size()); }

QVariant ChartTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const QString text = m_rows[static_cast<std::size_t>(index.row())].value(index.column());
  if (role == Qt::DisplayRole) return text;
  bool number = false;
  [[maybe_unused]] const double read = text.toDouble(&number);
  if (role == Qt::TextAlignmentRole && number) return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
  return {};
}

QVariant ChartTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole) return {};
  return orientation == Qt::Horizontal ? QVariant(m_columns.value(section)) : QVariant(section + 1);
}

void showChartTable(ExportableChart& chart) {
  auto* dialog = new QDialog(chart.chartWidget()->window());
  dialog->setObjectName(QStringLiteral("chart-table"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(Words::tr("Numbers of %1").arg(chart.chartName()));
  auto* all = new QVBoxLayout(dialog);
  auto* model = new ChartTable(chart.csv(), dialog);
  auto* about = new QLabel(chart.contents(), dialog);
  about->setWordWrap(true);
  all->addWidget(about);
  auto* table = new QTableView(dialog);
  table->setAccessibleName(dialog->windowTitle());
  table->setAccessibleDescription(Words::tr("%1 rows").arg(grouped(model->rowCount())));
  table->setModel(model);
  table->setTabKeyNavigation(false);
  table->horizontalHeader()->setResizeContentsPrecision(kMeasuredRows);
  table->resizeColumnsToContents();
  table->horizontalHeader()->setStretchLastSection(true);
  all->addWidget(table, 1);
  QObject::connect(new QShortcut(QKeySequence::Copy, table, nullptr, nullptr, Qt::WidgetShortcut), &QShortcut::activated, table,
                   [table] { QApplication::clipboard()->setText(chosenText(*table)); });
  dialog->resize(kSize);
  dialog->show();
  table->setFocus();
}

}  // namespace weft::ui
