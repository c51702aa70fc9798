// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/project_model.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <QFileInfo>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/queue_model.h"

namespace weft::ui {
namespace {

constexpr quintptr kTop = ~quintptr{0};   // internal id of section rows; children carry their section
constexpr std::size_t kSparkPoints = 48;

QVariantList thinned(const std::vector<double>& values) {
  QVariantList out;
  const std::size_t stride = std::max<std::size_t>(1, values.size() / kSparkPoints);
  for (std::size_t i = 0; i < values.size(); i += stride) out.append(values[i]);
  return out;
}

QString bestText(std::int64_t step, double loss) { return ProjectModel::tr("best hold-out %1 at step %2").arg(fixed(loss, 4), grouped(step)); }
QString shortBestText(std::int64_t step, double loss) { return ProjectModel::tr("best %1 @ %2").arg(fixed(loss, 2), grouped(step)); }

QString pathIn(const Json& config, const char* section) {
  if (!config.is_object() || !config.contains(section) || !config[section].is_object()) return {};
  const auto at = config[section].find("path");
  return at != config[section].end() && at->is_string() ? qs(at->get<std::string>()) : QString();
}

QString stateText(const QString& state) {
  if (state == kMissing) return ProjectModel::tr("not found");
  return state == qs(std::string(kQueueWaiting)) ? queueStateWord(ss(state)) : engineText(ss(state));   // all but that one are states of runs
}

void count(std::vector<std::pair<QString, int>>& used, const QString& path) {
  if (path.isEmpty()) return;
  const auto at = std::find_if(used.begin(), used.end(), [&](const auto& each) { return each.first == path; });
  if (at == used.end())
    used.emplace_back(path, 1);
  else
    ++at->second;
}

}  // namespace

QString methodText(const Json& config) {
  if (!config.is_object() || !config.contains("method") || !config["method"].is_object()) return {};
  const Json& method = config["method"];
  const std::string name = method.contains("name") && method["name"].is_string() ? method["name"].get<std::string>() : std::string();
  const auto known = find_method(name);
  QString text = known.ok() ? qs((*known)->title) : qs(name);
  Json rank = method.contains("rank") ? method["rank"] : Json();
  if (rank.is_null() && known.ok())
    for (const auto& spec : (*known)->settings)
      if (spec.key == "rank") rank = spec.initial;
  if (rank.is_number()) text += QStringLiteral(" r%1").arg(rank.get<std::int64_t>());
  return text;
}

QString stateIcon(const QString& state) {
  if (state == QLatin1String("done")) return QStringLiteral("circle-check");
  if (state == QLatin1String("failed")) return QStringLiteral("circle-x");
  if (state == QLatin1String("paused") || state == QLatin1String("pausing")) return QStringLiteral("circle-pause");
  if (state == QLatin1String("stopped") || state == QLatin1String("stopping")) return QStringLiteral("circle-stop");
  if (state == QLatin1String("abandoned")) return QStringLiteral("circle-dashed");
  if (state == QLatin1String("interrupted")) return QStringLiteral("triangle-alert");
  if (state == QLatin1String("waiting")) return QStringLiteral("clock");
  if (state == kMissing) return QStringLiteral("triangle-alert");
  return QStringLiteral("circle-dot");
}

void ProjectModel::setInputs(const QString& model, const QString& data) {
  if (model == m_model && data == m_data) return;   // any setting may have changed, and files are looked for on disk
  m_model = model;
  m_data = data;
  fillInputs();
}

void ProjectModel::fillInputs() {
  fillInputs(ModelSection, Kind::Model, "box", m_model, m_usedModels);
  fillInputs(DataSection, Kind::Data, "database", m_data, m_usedData);
}

void ProjectModel::fillInputs(Section section, Kind kind, const char* icon, const QString& current, const std::vector<std::pair<QString, int>>& used) {
  std::vector<Row> rows;
  const auto add = [&](const QString& path, int runs) {
    const bool there = QFileInfo::exists(path);
    rows.push_back({.kind = kind, .title = QFileInfo(path).fileName(), .icon = there ? QString(QLatin1String(icon)) : stateIcon(kMissing),
                    .state = there ? QString() : kMissing, .value = runs > 0 ? tr("%n run(s)", nullptr, runs) : QString(),
                    .path = path, .note = there && path == current ? tr("what Set up holds") : QString()});
  };
  if (!current.isEmpty()) {
    const auto at = std::find_if(used.begin(), used.end(), [&](const auto& each) { return each.first == current; });
    add(current, at == used.end() ? 0 : at->second);
  }
  for (const auto& [path, runs] : used)
    if (path != current) add(path, runs);
  replace(section, std::move(rows));
}

void ProjectModel::setQueue(const std::vector<QueueItem>& items) {
  std::vector<Row> rows;
  for (const auto& item : items) {
    if (item.entry.state == kQueueDone) continue;
    const bool counted = item.totalSteps > 0 && item.step > 0;
    rows.push_back({.kind = Kind::Queued, .id = item.entry.id, .title = qs(item.entry.name), .icon = stateIcon(qs(item.entry.state)),
                    .state = qs(item.entry.state),
                    .value = counted ? percentText(static_cast<double>(item.step) / static_cast<double>(item.totalSteps)) : QString(),
                    .note = item.entry.message.empty() ? item.differs : engineText(item.entry.message)});
  }
  replace(QueueSection, std::move(rows));
}

void ProjectModel::setOverview(const ProjectOverview& overview) {
  std::vector<Row> runs, exports;
  m_usedModels.clear();
  m_usedData.clear();
  std::unordered_map<qint64, const Row*> known;
  for (const auto& row : m_rows[RunSection]) known.emplace(row.id, &row);
  for (std::size_t i = overview.runs.size(); i-- > 0;) {  // newest first
    const auto& run = overview.runs[i];
    const QString state = qs(run.state);
    count(m_usedModels, pathIn(run.config, "model"));
    count(m_usedData, pathIn(run.config, "data"));
    runs.push_back({.kind = Kind::Run, .id = run.id, .title = QStringLiteral("%1 %2").arg(qs(run.name), methodText(run.config)).trimmed(),
                    .icon = stateIcon(state), .state = state, .value = std::isfinite(run.last_loss) ? fixed(run.last_loss, 2) : QString(),
                    .note = qs(run.note),
                    .best = i < overview.best.size() && overview.best[i] ? bestText(overview.best[i]->step, overview.best[i]->loss) : QString(),
                    .shortBest = i < overview.best.size() && overview.best[i] ? shortBestText(overview.best[i]->step, overview.best[i]->loss) : QString(),
                    .spark = {}, .lastStep = run.last_step});
    if (const auto old = known.find(run.id); old != known.end() && old->second->sparkStep == run.last_step) {
      runs.back().spark = old->second->spark;
      runs.back().sparkStep = run.last_step;
    }
  }
  for (const auto& artifact : overview.artifacts) {
    const bool there = QFileInfo::exists(qs(artifact.path));
    exports.push_back({.kind = Kind::Export, .id = artifact.id,
                       .title = QStringLiteral("r%1 · %2").arg(artifact.run).arg(artifact.format == "peft" ? tr("PEFT") : qs(artifact.format)),
                       .icon = there ? QStringLiteral("download") : stateIcon(kMissing), .state = there ? QString() : kMissing,
                       .value = bytesText(static_cast<double>(artifact.bytes)), .path = qs(artifact.path)});
  }
  fillInputs();
  replace(RunSection, std::move(runs));
  replace(ExportSection, std::move(exports));
}

void ProjectModel::replace(Section section, std::vector<Row> rows) {
  auto& old = m_rows[section];
  const QModelIndex top = index(section, 0);
  // in place where the rows are the same things: selection and scroll position stay
  const bool same = old.size() == rows.size() && std::equal(old.begin(), old.end(), rows.begin(), [](const Row& a, const Row& b) {
    return a.kind == b.kind && a.id == b.id && a.path == b.path;
  });
  if (same) {
    old = std::move(rows);
    if (!old.empty()) Q_EMIT dataChanged(index(0, 0, top), index(static_cast<int>(old.size()) - 1, 0, top));
    return;
  }
  if (!old.empty()) {
    beginRemoveRows(top, 0, static_cast<int>(old.size()) - 1);
    old.clear();
    endRemoveRows();
  }
  if (!rows.empty()) {
    beginInsertRows(top, 0, static_cast<int>(rows.size()) - 1);
    old = std::move(rows);
    endInsertRows();
  }
}

std::vector<RunId> ProjectModel::withoutSpark(int firstRow, int lastRow) const {
  std::vector<RunId> missing;
  const auto& rows = m_rows[RunSection];
  for (int i = std::max(0, firstRow); i <= lastRow && i < static_cast<int>(rows.size()); ++i) {
    const Row& row = rows[static_cast<std::size_t>(i)];
    if (row.lastStep > 0 && row.sparkStep < 0) missing.push_back(row.id);
  }
  return missing;
}

void ProjectModel::setSparks(const std::vector<RunId>& runs, const std::vector<std::vector<double>>& losses) {
  for (std::size_t i = 0; i < runs.size() && i < losses.size(); ++i) {
    const QModelIndex at = runIndex(runs[i]);
    if (!at.isValid()) continue;
    auto& row = m_rows[RunSection][static_cast<std::size_t>(at.row())];
    row.spark = thinned(losses[i]);
    row.sparkStep = row.lastStep;
    Q_EMIT dataChanged(at, at, {SparkRole});
  }
}

void ProjectModel::updateRun(const RunHistory& live) {
  auto& rows = m_rows[RunSection];
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].id != live.id) continue;
    rows[i].state = live.stateWord;
    rows[i].icon = stateIcon(live.stateWord);
    rows[i].value = live.loss.values.empty() ? QString() : fixed(live.loss.values.back(), 2);
    rows[i].best = live.bestStep > 0 ? bestText(live.bestStep, live.bestLoss) : QString();
    rows[i].shortBest = live.bestStep > 0 ? shortBestText(live.bestStep, live.bestLoss) : QString();
    rows[i].spark = thinned(live.loss.values);
    rows[i].sparkStep = rows[i].lastStep = live.lastStep;
    const QModelIndex at = index(static_cast<int>(i), 0, index(RunSection, 0));
    Q_EMIT dataChanged(at, at);
    return;
  }
}

QModelIndex ProjectModel::runIndex(RunId run) const {
  const auto& rows = m_rows[RunSection];
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].id == run) return index(static_cast<int>(i), 0, index(RunSection, 0));
  return {};
}

QModelIndex ProjectModel::index(int row, int column, const QModelIndex& parent) const {
  if (!hasIndex(row, column, parent)) return {};
  return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) : kTop);
}

QModelIndex ProjectModel::parent(const QModelIndex& child) const {
  if (!child.isValid() || child.internalId() == kTop) return {};
  return createIndex(static_cast<int>(child.internalId()), 0, kTop);
}

int ProjectModel::rowCount(const QModelIndex& parent) const {
  if (!parent.isValid()) return SectionCount;
  if (parent.internalId() != kTop || parent.column() != 0) return 0;
  return static_cast<int>(m_rows[static_cast<std::size_t>(parent.row())].size());
}

int ProjectModel::columnCount(const QModelIndex&) const { return 1; }

QVariant ProjectModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  if (index.internalId() == kTop) {
    if (role != Qt::DisplayRole) return {};
    switch (index.row()) {
      case ModelSection: return tr("MODELS");
      case DataSection: return tr("DATA");
      case RunSection: return tr("RUNS");
      case QueueSection: return tr("QUEUE");
      default: return tr("EXPORTS");
    }
  }
  const Row& row = m_rows[index.internalId()][static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole: return row.title;
    case Qt::ToolTipRole: {
      QStringList lines{row.path, stateText(row.state), row.best, row.note};
      lines.removeAll(QString());
      return lines.join(u'\n');
    }
    case Qt::AccessibleTextRole: {
      QStringList words{row.title, stateText(row.state), row.value, row.best};
      words.removeAll(QString());
      return words.join(QStringLiteral(", "));
    }
    case KindRole: return static_cast<int>(row.kind);
    case IdRole: return row.id;
    case IconRole: return row.icon;
    case StateRole: return row.state;
    case WordRole: return stateText(row.state);
    case ValueRole: return row.value;
    case SparkRole: return row.spark;
    case PathRole: return row.path;
    case NoteRole: return row.note;
    case BestRole: return row.shortBest;
    default: return {};
  }
}

Qt::ItemFlags ProjectModel::flags(const QModelIndex& index) const {
  if (!index.isValid()) return Qt::NoItemFlags;
  if (index.internalId() == kTop) return Qt::ItemIsEnabled;
  return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

QString exportTitle(const std::string& format) {
  if (format == "peft") return ProjectModel::tr("PEFT adapter folder");
  if (format == "merged") return ProjectModel::tr("merged model, Hugging Face folder");
  if (format == "gguf") return ProjectModel::tr("merged model, one GGUF file");
  if (format == "gguf-adapter") return ProjectModel::tr("GGUF adapter for llama.cpp");
  if (format == "peft-rank") return ProjectModel::tr("PEFT adapter of a chosen rank");
  return qs(format);
}

}  // namespace weft::ui
