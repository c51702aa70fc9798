// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/store/project_reader.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <utility>

#include "engine/core/text_util.h"
#include "projects/store/run_owner.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

// The last points of the curves are single look-ups in the key (run, name, step).
constexpr std::string_view kSelectRunsFirst =
    "SELECT run.id, run.name, run.state, run.created_at, run.finished_at, run.total_steps, ";
// A list of runs has no use for the sites, which are most of a start record.
constexpr std::string_view kStartedBriefly =
    "CASE WHEN json_valid(run.started) THEN json_remove(run.started, '$.sites') ELSE run.started END";
constexpr std::string_view kSelectRuns =
    ", run.message, run.owner_pid, run.owner_token, config.json,"
    " (SELECT max(step) FROM metric WHERE metric.run = run.id AND metric.name = 'loss'),"
    " (SELECT value FROM metric WHERE metric.run = run.id AND metric.name = 'loss' ORDER BY step DESC LIMIT 1),"
    " (SELECT value FROM metric WHERE metric.run = run.id AND metric.name = 'eval_loss' ORDER BY step DESC LIMIT 1), ";
constexpr std::string_view kNote = "(SELECT text FROM note WHERE note.run = run.id)";
constexpr int kNotesFrom = 2;  // schema version

// Fills a vector row by row; `read` may refuse a row.
template <typename Row, typename Read>
Result<std::vector<Row>> collect(Statement& statement, Read read) {
  std::vector<Row> rows;
  for (;;) {
    WEFT_ASSIGN_OR_RETURN(const bool there, statement.step());
    if (!there) return rows;
    Row row;
    WEFT_RETURN_IF_ERROR(read(row));
    rows.push_back(std::move(row));
  }
}

Status read_json(const Statement& statement, int column, const std::string& what, Json& out) {
  Result<Json> parsed = parse_json(statement.text(column));
  if (!parsed.ok()) return corrupt("the " + what + " in the project is " + parsed.status().message());
  out = std::move(parsed).value();
  return {};
}

std::string run_label(RunId run) { return "r" + std::to_string(run); }

Status read_run(const Statement& statement, RunRecord& row) {
  row.id = statement.integer(0);
  row.name = statement.text(1);
  row.state = statement.text(2);
  row.created_at = statement.text(3);
  row.finished_at = statement.text(4);
  row.total_steps = statement.integer(5);
  WEFT_RETURN_IF_ERROR(read_json(statement, 6, "start record of " + run_label(row.id), row.started));
  row.message = statement.text(7);
  // Also for a project opened read-only, and for a program that died since we opened it.
  if (is_active_run_state(row.state) && RunOwner{statement.integer(8), statement.text(9)}.is_gone()) row.state = kInterrupted;
  WEFT_RETURN_IF_ERROR(read_json(statement, 10, "configuration of " + run_label(row.id), row.config));
  row.last_step = statement.integer(11);
  row.last_loss = statement.real(12);
  row.last_eval_loss = statement.real(13);
  row.note = statement.text(14);
  return {};
}

Status read_spectrum(const Statement& statement, SpectrumRow& row) {
  row.run = statement.integer(0);
  row.site = statement.text(1);
  row.step = statement.integer(2);
  const auto blob = statement.blob(3);
  if (blob.size() % sizeof(float) != 0)
    return corrupt("the spectrum of " + quoted_excerpt(row.site) + " at step " + std::to_string(row.step) + " has " +
                   std::to_string(blob.size()) + " bytes, which is no whole number of float32 values");
  row.values.resize(blob.size() / sizeof(float));
  if (!blob.empty()) std::memcpy(row.values.data(), blob.data(), blob.size());
  row.effective_rank = statement.real(4);
  row.stable_rank = statement.real(5);
  row.frobenius = statement.real(6);
  row.magnitude_change = statement.real(7);
  row.direction_change = statement.real(8);
  row.energy_rank_90 = static_cast<int>(statement.integer(9));
  row.energy_rank_95 = static_cast<int>(statement.integer(10));
  row.energy_rank_99 = static_cast<int>(statement.integer(11));
  return {};
}

}  // namespace

ProjectReader::ProjectReader(Connection& connection, std::string files_folder, int version)
    : connection_(connection), files_folder_(std::move(files_folder)), version_(version) {}

std::string ProjectReader::select_runs(bool brief) const {
  return std::string(kSelectRunsFirst) + std::string(brief ? kStartedBriefly : "run.started") + std::string(kSelectRuns) +
         std::string(version_ < kNotesFrom ? "NULL" : kNote) + " FROM run LEFT JOIN config ON config.run = run.id";
}

Result<std::vector<RunRecord>> ProjectReader::runs() {
  WEFT_ASSIGN_OR_RETURN(Statement statement, connection_.prepare(select_runs(/*brief=*/true) + " ORDER BY run.id"));
  return collect<RunRecord>(statement, [&](RunRecord& row) { return read_run(statement, row); });
}

Result<RunRecord> ProjectReader::run(RunId id) {
  WEFT_ASSIGN_OR_RETURN(Statement statement, connection_.prepare(select_runs(/*brief=*/false) + " WHERE run.id = ?"));
  statement.bind_all(id);
  WEFT_ASSIGN_OR_RETURN(std::vector<RunRecord> rows,
                        collect<RunRecord>(statement, [&](RunRecord& row) { return read_run(statement, row); }));
  if (rows.empty()) return not_found("there is no run " + run_label(id) + " in the project");
  return std::move(rows.front());
}

Result<RunId> ProjectReader::find_run(const std::string& name_or_id) {
  std::string_view digits = name_or_id;
  if (digits.starts_with('r')) digits.remove_prefix(1);
  RunId number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) number = 0;  // a name

  WEFT_ASSIGN_OR_RETURN(Statement statement, connection_.prepare("SELECT id FROM run WHERE name = ? OR id = ?"));
  statement.bind_all(std::string_view(name_or_id), number);
  WEFT_ASSIGN_OR_RETURN(const bool there, statement.step());
  if (there) return statement.integer(0);

  WEFT_ASSIGN_OR_RETURN(Statement all, connection_.prepare("SELECT name FROM run ORDER BY id"));
  WEFT_ASSIGN_OR_RETURN(const std::vector<std::string> names, collect<std::string>(all, [&](std::string& name) {
                          name = all.text(0);
                          return Status();
                        }));
  const std::string near = nearest_name(name_or_id, names);
  const std::string hint = names.empty()  ? "; the project has no runs yet"
                           : near.empty() ? "; the last one is " + quoted_excerpt(names.back())
                                          : "; did you mean " + quoted_excerpt(near) + "?";
  return not_found("there is no run " + quoted_excerpt(name_or_id) + hint);
}

Result<std::vector<MetricRow>> ProjectReader::metrics(RunId run, const std::string& name) {
  // Of one name: in key order. Of all: sorted, names of one step together.
  WEFT_ASSIGN_OR_RETURN(
      Statement statement,
      connection_.prepare(name.empty() ? "SELECT run, name, step, value FROM metric WHERE run = ?1 ORDER BY step, name"
                                       : "SELECT run, name, step, value FROM metric WHERE run = ?1 AND name = ?2 ORDER BY step"));
  statement.bind(1, run);
  if (!name.empty()) statement.bind(2, std::string_view(name));
  return collect<MetricRow>(statement, [&](MetricRow& row) {
    row.run = statement.integer(0);
    row.name = statement.text(1);
    row.step = statement.integer(2);
    row.value = statement.real(3);
    return Status();
  });
}

Result<std::vector<MetricRow>> ProjectReader::thinned_metrics(RunId run, const std::string& name, int points) {
  WEFT_ASSIGN_OR_RETURN(Statement ends, connection_.prepare("SELECT (SELECT min(step) FROM metric WHERE run = ?1 AND name = ?2),"
                                                            " (SELECT max(step) FROM metric WHERE run = ?1 AND name = ?2)"));
  ends.bind_all(run, std::string_view(name));
  WEFT_ASSIGN_OR_RETURN(const bool there, ends.step());
  std::vector<MetricRow> rows;
  if (!there || ends.is_null(0) || points < 1) return rows;
  const std::int64_t first = ends.integer(0), last = ends.integer(1);
  WEFT_ASSIGN_OR_RETURN(Statement next, connection_.prepare("SELECT step, value FROM metric WHERE run = ? AND name = ? AND step >= ? ORDER BY step LIMIT 1"));
  for (int i = 0; i < points; ++i) {
    const double share = points == 1 ? 1.0 : static_cast<double>(i) / (points - 1);
    const auto wanted = first + static_cast<std::int64_t>(share * (static_cast<double>(last) - static_cast<double>(first)));
    if (!rows.empty() && rows.back().step >= wanted) continue;
    next.reset();
    next.bind_all(run, std::string_view(name), std::min(wanted, last));
    WEFT_ASSIGN_OR_RETURN(const bool found, next.step());
    if (found) rows.push_back({run, next.integer(0), name, next.real(1)});
  }
  return rows;
}

Result<std::vector<SpectrumRow>> ProjectReader::spectra(RunId run, const std::string& site) {
  std::string sql =
      "SELECT run, site, step, singular_values, effective_rank, stable_rank, frobenius, magnitude_change, direction_change,"
      " energy_rank_90, energy_rank_95, energy_rank_99 FROM spectrum WHERE run = ?1";
  sql += site.empty() ? " ORDER BY site, step" : " AND site = ?2 ORDER BY step";
  WEFT_ASSIGN_OR_RETURN(Statement statement, connection_.prepare(sql));
  statement.bind(1, run);
  if (!site.empty()) statement.bind(2, std::string_view(site));
  WEFT_ASSIGN_OR_RETURN(std::vector<SpectrumRow> rows, collect<SpectrumRow>(statement, [&](SpectrumRow& row) {
                          return read_spectrum(statement, row);
                        }));
  // Sorting here moves rows; SQLite would copy every blob into its sorter.
  if (site.empty()) std::ranges::stable_sort(rows, {}, &SpectrumRow::step);
  return rows;
}

Result<std::vector<EventRow>> ProjectReader::events(RunId run) {
  WEFT_ASSIGN_OR_RETURN(Statement statement,
                        connection_.prepare("SELECT run, step, type, detail, at FROM event WHERE run = ? ORDER BY id"));
  statement.bind_all(run);
  return collect<EventRow>(statement, [&](EventRow& row) {
    row.run = statement.integer(0);
    row.step = statement.integer(1);
    row.type = statement.text(2);
    row.at = statement.text(4);
    return read_json(statement, 3, "detail of an event of " + run_label(row.run), row.detail);
  });
}

bool ProjectReader::is_present(const std::string& stored_path) const {
  const fs::path path(stored_path);
  std::error_code error;
  if (path.is_absolute()) return fs::exists(path, error);
  const fs::path normal = path.lexically_normal();
  if (files_folder_.empty() || normal.empty() || *normal.begin() == "..") return false;  // never out of the folder
  return fs::exists(fs::path(files_folder_) / normal, error);
}

Result<std::vector<CheckpointRow>> ProjectReader::checkpoints(RunId run) {
  WEFT_ASSIGN_OR_RETURN(Statement statement,
                        connection_.prepare("SELECT run, step, path, sha256, bytes FROM checkpoint WHERE run = ? ORDER BY step"));
  statement.bind_all(run);
  return collect<CheckpointRow>(statement, [&](CheckpointRow& row) {
    row.run = statement.integer(0);
    row.step = statement.integer(1);
    row.path = statement.text(2);
    row.sha256 = statement.text(3);
    row.bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, statement.integer(4)));
    row.present = is_present(row.path);
    return Status();
  });
}

Result<std::vector<ArtifactRow>> ProjectReader::artifacts(RunId run) {
  WEFT_ASSIGN_OR_RETURN(
      Statement statement,
      connection_.prepare("SELECT id, run, step, format, path, at, bytes, max_difference FROM artifact"
                          " WHERE ?1 = 0 OR run = ?1 ORDER BY id"));
  statement.bind_all(run);
  return collect<ArtifactRow>(statement, [&](ArtifactRow& row) {
    row.id = statement.integer(0);
    row.run = statement.integer(1);
    row.step = statement.integer(2);
    row.format = statement.text(3);
    row.path = statement.text(4);
    row.at = statement.text(5);
    row.bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, statement.integer(6)));
    row.max_difference = statement.real(7);
    return Status();
  });
}

Result<std::vector<AssetRow>> ProjectReader::assets() {
  WEFT_ASSIGN_OR_RETURN(Statement statement, connection_.prepare("SELECT id, kind, name, path, facts FROM asset ORDER BY id"));
  return collect<AssetRow>(statement, [&](AssetRow& row) {
    row.id = statement.integer(0);
    row.kind = statement.text(1);
    row.name = statement.text(2);
    row.path = statement.text(3);
    return read_json(statement, 4, "facts of " + quoted_excerpt(row.path), row.facts);
  });
}

Result<Json> ProjectReader::draft() {
  WEFT_ASSIGN_OR_RETURN(Statement statement, connection_.prepare("SELECT value FROM project WHERE key = 'draft'"));
  WEFT_ASSIGN_OR_RETURN(const bool there, statement.step());
  Json draft;  // null
  if (there) WEFT_RETURN_IF_ERROR(read_json(statement, 0, "draft", draft));
  return draft;
}

}  // namespace weft
