// SPDX-License-Identifier: GPL-3.0-or-later
// A chart's numbers as a table: the same rows as its CSV file, read with the keys, by a screen reader, or copied. Main thread only.
#pragma once

#include <vector>

#include <QAbstractTableModel>
#include <QStringList>

namespace weft::ui {

class ExportableChart;

// Text in quotation marks where it holds what would end its field.
[[nodiscard]] QString csvField(const QString& text);

// Rows of a CSV text whose first line names the columns.
class ChartTable final : public QAbstractTableModel {
  Q_OBJECT
 public:
  explicit ChartTable(const QString& csv, QObject* parent = nullptr);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

 private:
  QStringList m_columns;
  std::vector<QStringList> m_rows;
};

// A window of its own beside the chart, with the numbers as they stand now. Deletes itself when closed.
void showChartTable(ExportableChart& chart);

}  // namespace weft::ui
