// SPDX-License-Identifier: GPL-3.0-or-later
// What there is to say of a data set: rows that are bad or come twice, lengths, and what to do about it. Main thread only.
#pragma once

#include <optional>
#include <vector>

#include <QAbstractTableModel>
#include <QString>

#include "engine/api/data_preview.h"
#include "engine/api/memory_outlook.h"

namespace weft::ui {

// Rejected, repeated and leaked rows, a line each: line of the file, kind, reason or text.
class DataFindings final : public QAbstractTableModel {
  Q_OBJECT
 public:
  using QAbstractTableModel::QAbstractTableModel;
  enum Column { Line, Kind, What, Columns };
  void setPreview(const std::optional<DataPreview>& preview);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  struct Finding {
    std::int64_t line;
    QString kind, what;
  };
  std::vector<Finding> m_findings;
};

// Rows by length: the histogram as a table.
class LengthTable final : public QAbstractTableModel {
  Q_OBJECT
 public:
  using QAbstractTableModel::QAbstractTableModel;
  enum Column { Tokens, Rows, Share, Cut, Columns };
  void setPreview(const std::optional<DataPreview>& preview);

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<LengthBin> m_bins;
  std::int64_t m_rows = 0, m_maxLength = 0;
};

[[nodiscard]] QString lengthsText(const LengthBin& bin);       // "17 – 32", "1,025 and more"
[[nodiscard]] bool isCut(const LengthBin& bin, std::int64_t maxLength);

// One thing to know, and the changes of settings that would mend it.
struct Advice {
  enum class Tone { Note, Warning, Bad };
  struct Way {
    QString title;
    std::vector<SettingEdit> edits;
  };
  Tone tone = Tone::Note;
  QString text;
  std::vector<Way> ways;
};

// problem: why there is no preview, in the words of the engine. data: a complete [data] section. context: of the model; 0: not known.
[[nodiscard]] std::vector<Advice> dataAdvice(const std::optional<DataPreview>& preview, const QString& problem, const SettingValues& data, std::int64_t context);

}  // namespace weft::ui
