// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/data_report.h"

#include <algorithm>

#include <QCoreApplication>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"

namespace weft::ui {
namespace {

constexpr double kManyCut = 0.2;   // share of the rows
constexpr double kHoldBack = 0.05;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(DataAdvice)
};

Advice::Way lengthWay(std::int64_t length) {
  return {Words::tr("Keep %1 tokens a row").arg(grouped(length)), {{"data", "max_length", length}}};
}

// Lengths that keep more: twice as many, and as many as the longest row has, in steps of 64.
std::vector<Advice::Way> longerRows(std::int64_t now, std::int64_t longest, std::int64_t context) {
  const auto bounded = [&](std::int64_t length) { return context > 0 ? std::min(length, std::max(context, now)) : length; };
  std::vector<std::int64_t> lengths = {bounded(2 * now)};
  if (longest > 0) lengths.push_back(bounded((longest + 63) / 64 * 64));
  std::sort(lengths.begin(), lengths.end());
  lengths.erase(std::unique(lengths.begin(), lengths.end()), lengths.end());
  std::vector<Advice::Way> ways;
  for (const auto length : lengths)
    if (length > now) ways.push_back(lengthWay(length));
  return ways;
}

}  // namespace

void DataFindings::setPreview(const std::optional<DataPreview>& preview) {
  beginResetModel();
  m_findings.clear();
  if (preview) {
    for (const auto& row : preview->repeats.leaked_rows)
      m_findings.push_back({row.line, row.near ? tr("held out, nearly trained") : tr("held out and trained"), tr("as line %1: %2").arg(grouped(row.first), qs(row.excerpt))});
    for (const auto& row : preview->rejected) m_findings.push_back({row.line, tr("not used"), engineText(row.reason)});
    for (const auto& row : preview->repeats.duplicate_rows)
      m_findings.push_back({row.line, row.near ? tr("nearly a repeat") : tr("repeat"), tr("as line %1: %2").arg(grouped(row.first), qs(row.excerpt))});
  }
  endResetModel();
}

int DataFindings::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_findings.size()); }
int DataFindings::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : Columns; }

QVariant DataFindings::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Finding& finding = m_findings[static_cast<std::size_t>(index.row())];
  if (role == Qt::TextAlignmentRole && index.column() == Line) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::ToolTipRole && index.column() == What) return finding.what;
  if (role != Qt::DisplayRole) return {};
  return index.column() == Line ? grouped(finding.line) : index.column() == Kind ? finding.kind : finding.what;
}

QVariant DataFindings::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return section == Line ? tr("Line") : section == Kind ? tr("Finding") : tr("Reason or text");
}

void LengthTable::setPreview(const std::optional<DataPreview>& preview) {
  beginResetModel();
  m_bins = preview ? preview->lengths : std::vector<LengthBin>();
  m_rows = preview ? preview->rows : 0;
  m_maxLength = preview ? preview->max_length : 0;
  endResetModel();
}

int LengthTable::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_bins.size()); }
int LengthTable::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : Columns; }

QVariant LengthTable::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  if (role == Qt::TextAlignmentRole) return QVariant((index.column() == Cut ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
  if (role != Qt::DisplayRole) return {};
  const LengthBin& bin = m_bins[static_cast<std::size_t>(index.row())];
  switch (index.column()) {
    case Tokens: return lengthsText(bin);
    case Rows: return grouped(bin.rows);
    case Share: return percentText(m_rows > 0 ? static_cast<double>(bin.rows) / static_cast<double>(m_rows) : 0);
    default: return isCut(bin, m_maxLength) ? tr("cut") : QString();
  }
}

QVariant LengthTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return section == Tokens ? tr("Tokens") : section == Rows ? tr("Rows") : section == Share ? tr("Share") : tr("Cut");
}

QString lengthsText(const LengthBin& bin) {
  if (bin.to == 0) return Words::tr("%1 and more").arg(grouped(bin.from));
  return bin.from == bin.to ? grouped(bin.from) : Words::tr("%1 – %2").arg(grouped(bin.from), grouped(bin.to));
}

bool isCut(const LengthBin& bin, std::int64_t maxLength) { return bin.to == 0 || bin.to > maxLength; }

std::vector<Advice> dataAdvice(const std::optional<DataPreview>& preview, const QString& problem, const SettingValues& data, std::int64_t context) {
  std::vector<Advice> advice;
  const std::int64_t length = data.value("max_length", std::int64_t{0});
  if (!preview) {
    if (problem.isEmpty()) return advice;
    Advice bad{Advice::Tone::Bad, engineText(ss(problem)), {}};
    const bool nothing = problem.contains(QLatin1String("no token is trained")) || problem.contains(QLatin1String("trained tokens"));
    const bool beyond = problem.contains(QLatin1String("beyond the cut"));
    if (beyond) bad.ways = longerRows(length, 0, context);
    if (nothing && data.value("train_on", "") != "all") bad.ways.push_back({Words::tr("Train on all tokens"), {{"data", "train_on", "all"}}});
    const auto with_template = [&](const char* name, const QString& title) {
      if (data.value("template", "") != name) bad.ways.push_back({title, {{"data", "template", name}}});
    };
    if (nothing || problem.contains(QLatin1String("template"))) {
      with_template("chatml", Words::tr("Use the template chatml"));
      with_template("plain", Words::tr("Use no template"));
    }
    advice.push_back(std::move(bad));
    return advice;
  }
  const DataPreview& d = *preview;
  const auto rows = static_cast<double>(std::max<std::int64_t>(1, d.rows));
  if (d.trained_tokens == 0)
    advice.push_back({Advice::Tone::Bad, Words::tr("No token would be trained."), {{Words::tr("Train on all tokens"), {{"data", "train_on", "all"}}}}});
  if (static_cast<double>(d.cut_rows) > kManyCut * rows)
    advice.push_back({Advice::Tone::Warning, Words::tr("%1 of the rows are longer than %2 tokens and lose their ends.").arg(percentText(static_cast<double>(d.cut_rows) / rows), grouped(d.max_length)),
                      longerRows(d.max_length, d.longest, context)});
  if (d.repeats.leaked > 0)
    advice.push_back({Advice::Tone::Warning, Words::tr("%1 of %2 held-out rows are also trained: the hold-out loss will look better than it is.").arg(grouped(d.repeats.leaked), grouped(d.held_out)), {}});
  if (static_cast<double>(d.repeats.duplicates) > 0.01 * rows)
    advice.push_back({Advice::Tone::Warning, Words::tr("%1 rows repeat an earlier one; each counts again in every epoch.").arg(grouped(d.repeats.duplicates)), {}});
  if (static_cast<double>(d.rejected_rows) > 0.01 * (rows + static_cast<double>(d.rejected_rows)))
    advice.push_back({Advice::Tone::Warning, Words::tr("%1 rows cannot be used; the findings say why.").arg(grouped(d.rejected_rows)), {}});
  if (data.value("holdout", 0.0) <= 0)
    advice.push_back({Advice::Tone::Note, Words::tr("No evaluation set: hold back 5 % of the rows?"), {{Words::tr("Hold back 5 %"), {{"data", "holdout", kHoldBack}}}}});
  if (d.partial())
    advice.push_back({Advice::Tone::Note, Words::tr("Only the first %1 of %2 were looked at: all figures are theirs.").arg(bytesText(static_cast<double>(d.bytes)), bytesText(static_cast<double>(d.file_bytes))), {}});
  for (const auto& warning : d.warnings)   // what is not said above, in the engine's words
    if (warning.find("rows are rejected") == std::string::npos && warning.find("rows are cut at") == std::string::npos && warning.find("also trained") == std::string::npos &&
        warning.find("an earlier one says") == std::string::npos && warning.find("were looked at") == std::string::npos)
      advice.push_back({Advice::Tone::Note, engineText(warning), {}});
  return advice;
}

}  // namespace weft::ui
