// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/store/row_writer.h"

#include <algorithm>
#include <bit>
#include <filesystem>
#include <limits>
#include <utility>

#include "engine/core/text_util.h"
#include "projects/store/sqlite_queue.h"
#include "projects/store/utc_time.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

static_assert(std::endian::native == std::endian::little, "spectra are stored as little-endian float32");

constexpr std::string_view kPutMetric = "INSERT OR REPLACE INTO metric (run, name, step, value) VALUES (?, ?, ?, ?)";
constexpr std::string_view kPutSpectrum =
    "INSERT OR REPLACE INTO spectrum (run, site, step, singular_values, effective_rank, stable_rank, frobenius,"
    " magnitude_change, direction_change, energy_rank_90, energy_rank_95, energy_rank_99)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view kPutEvent = "INSERT INTO event (run, step, type, detail, at) VALUES (?, ?, ?, ?, ?)";
constexpr std::string_view kPutCheckpoint =
    "INSERT OR REPLACE INTO checkpoint (run, step, path, sha256, bytes, at) VALUES (?, ?, ?, ?, ?, ?)";
constexpr std::size_t kMaxNameBytes = 200, kMaxNoteBytes = 64 * 1024;

Result<std::int64_t> stored_bytes(std::uint64_t bytes) {
  if (bytes > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
    return invalid_argument("a size of " + std::to_string(bytes) + " bytes is not possible");
  return static_cast<std::int64_t>(bytes);
}

// Inside the files folder: relative to it, so that a project can be moved with its files.
std::string stored_path(const fs::path& path, const std::string& files_folder) {
  if (files_folder.empty() || path.is_relative()) return path.string();
  const fs::path relative = path.lexically_normal().lexically_relative(files_folder);
  if (relative.empty() || *relative.begin() == "..") return path.string();
  return relative.string();
}

bool looks_like_run_number(std::string_view name) {
  if (name.starts_with('r')) name.remove_prefix(1);
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

Status check_name(RunId run, const std::string& name) {
  if (name.find_first_not_of(' ') == std::string::npos) return invalid_argument("a run needs a name");
  if (name.size() > kMaxNameBytes)
    return invalid_argument("the name of a run has at most " + std::to_string(kMaxNameBytes) + " bytes, this one has " +
                            std::to_string(name.size()));
  if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return invalid_argument("the name of a run is one line without control characters");
  if (looks_like_run_number(name) && name != "r" + std::to_string(run))
    return invalid_argument(quoted_excerpt(name) + " would be taken for the number of a run; add a word");
  return {};
}

Status no_such_run(RunId run) { return not_found("there is no run r" + std::to_string(run) + " in the project"); }

}  // namespace

RowWriter::RowWriter(Connection& connection, std::string files_folder, RunOwner owner)
    : connection_(&connection), files_folder_(std::move(files_folder)), owner_(std::move(owner)),
      metric_(nullptr), spectrum_(nullptr), event_(nullptr), checkpoint_(nullptr) {}

Result<RowWriter> RowWriter::create(Connection& connection, std::string files_folder, RunOwner owner) {
  RowWriter rows(connection, std::move(files_folder), std::move(owner));
  WEFT_ASSIGN_OR_RETURN(rows.metric_, connection.prepare(kPutMetric));
  WEFT_ASSIGN_OR_RETURN(rows.spectrum_, connection.prepare(kPutSpectrum));
  WEFT_ASSIGN_OR_RETURN(rows.event_, connection.prepare(kPutEvent));
  WEFT_ASSIGN_OR_RETURN(rows.checkpoint_, connection.prepare(kPutCheckpoint));
  return rows;
}

template <typename... Values>
Status RowWriter::run_once(std::string_view sql, const Values&... values) {
  WEFT_ASSIGN_OR_RETURN(Statement statement, connection_->prepare(sql));
  statement.bind_all(values...);
  return statement.run();
}

Status RowWriter::one_row_changed(RunId run) const { return connection_->changed_rows() == 1 ? Status() : no_such_run(run); }

Status RowWriter::put_metric(const MetricRow& row) {
  metric_.bind_all(row.run, std::string_view(row.name), row.step, row.value);
  return metric_.run();
}

Status RowWriter::put_spectrum(const SpectrumRow& row) {
  spectrum_.bind_all(row.run, std::string_view(row.site), row.step, std::as_bytes(std::span(row.values)), row.effective_rank,
                     row.stable_rank, row.frobenius, row.magnitude_change, row.direction_change,
                     std::int64_t{row.energy_rank_90}, std::int64_t{row.energy_rank_95}, std::int64_t{row.energy_rank_99});
  return spectrum_.run();
}

Status RowWriter::put_event(const EventRow& row) {
  event_.bind_all(row.run, row.step, std::string_view(row.type), std::string_view(to_json_line(row.detail)),
                  std::string_view(row.at.empty() ? utc_now() : row.at));
  return event_.run();
}

Status RowWriter::put_checkpoint(const CheckpointRow& row) {
  WEFT_ASSIGN_OR_RETURN(const std::int64_t bytes, stored_bytes(row.bytes));
  checkpoint_.bind_all(row.run, row.step, std::string_view(stored_path(row.path, files_folder_)), std::string_view(row.sha256),
                       bytes, std::string_view(utc_now()));
  return checkpoint_.run();
}

Status RowWriter::forget_checkpoint(RunId run, std::int64_t step) { return run_once("DELETE FROM checkpoint WHERE run = ? AND step = ?", run, step); }

Status RowWriter::put_run_state(RunId run, const std::string& state, const std::string& message) {
  if (is_active_run_state(state)) {
    WEFT_RETURN_IF_ERROR(run_once(
        "UPDATE run SET state = ?2, message = ?3, finished_at = NULL, owner_pid = ?4, owner_token = ?5 WHERE id = ?1", run,
        std::string_view(state), std::string_view(message), owner_.pid, std::string_view(owner_.token)));
  } else {
    WEFT_RETURN_IF_ERROR(run_once(
        "UPDATE run SET state = ?2, message = ?3, finished_at = ?4, owner_pid = NULL, owner_token = NULL WHERE id = ?1", run,
        std::string_view(state), std::string_view(message), std::string_view(utc_now())));
  }
  return one_row_changed(run);
}

Status RowWriter::put_started(RunId run, const Json& started, std::int64_t total_steps) {
  WEFT_RETURN_IF_ERROR(run_once("UPDATE run SET started = ?2, total_steps = ?3 WHERE id = ?1", run,
                                std::string_view(to_json_line(started)), total_steps));
  return one_row_changed(run);
}

Result<RunId> RowWriter::create_run(const Json& config, std::int64_t total_steps) {
  // The name follows from the id; '' stands there only inside this transaction.
  WEFT_RETURN_IF_ERROR(run_once(
      "INSERT INTO run (name, state, created_at, total_steps, owner_pid, owner_token) VALUES ('', 'queued', ?, ?, ?, ?)",
      std::string_view(utc_now()), total_steps, owner_.pid, std::string_view(owner_.token)));
  const RunId run = connection_->last_insert_id();
  WEFT_RETURN_IF_ERROR(run_once("UPDATE run SET name = 'r' || id WHERE id = ?", run));
  WEFT_RETURN_IF_ERROR(
      run_once("INSERT INTO config (run, json) VALUES (?, ?)", run, std::string_view(to_json_line(config))));
  return run;
}

Status RowWriter::rename_run(RunId run, const std::string& name) {
  WEFT_RETURN_IF_ERROR(check_name(run, name));
  const Status status = run_once("UPDATE run SET name = ?2 WHERE id = ?1", run, std::string_view(name));
  if (status.code() == ErrorCode::AlreadyExists)
    return {ErrorCode::AlreadyExists, "another run is already called " + quoted_excerpt(name)};
  WEFT_RETURN_IF_ERROR(status);
  return one_row_changed(run);
}

Status RowWriter::put_note(RunId run, const std::string& text) {
  if (text.size() > kMaxNoteBytes)
    return invalid_argument("a note has at most " + std::to_string(kMaxNoteBytes) + " bytes, this one has " + std::to_string(text.size()));
  WEFT_RETURN_IF_ERROR(run_once("UPDATE run SET id = id WHERE id = ?", run));
  WEFT_RETURN_IF_ERROR(one_row_changed(run));
  if (text.empty()) return run_once("DELETE FROM note WHERE run = ?", run);
  return run_once("INSERT OR REPLACE INTO note (run, text, at) VALUES (?, ?, ?)", run, std::string_view(text), std::string_view(utc_now()));
}

Status RowWriter::delete_run(RunId run) {
  {
    WEFT_ASSIGN_OR_RETURN(Statement statement, connection_->prepare("SELECT state, owner_pid, owner_token FROM run WHERE id = ?"));
    statement.bind_all(run);
    WEFT_ASSIGN_OR_RETURN(const bool there, statement.step());
    if (!there) return no_such_run(run);
    if (is_active_run_state(statement.text(0)) && !RunOwner{statement.integer(1), statement.text(2)}.is_gone())
      return {ErrorCode::Busy, "run r" + std::to_string(run) + " is " + statement.text(0) + "; stop it first"};
  }
  return run_once("DELETE FROM run WHERE id = ?", run);
}

Status RowWriter::truncate_run_after(RunId run, std::int64_t step) {
  WEFT_RETURN_IF_ERROR(run_once("UPDATE run SET id = id WHERE id = ?", run));
  WEFT_RETURN_IF_ERROR(one_row_changed(run));
  for (const char* sql : {"DELETE FROM metric WHERE run = ? AND step > ?", "DELETE FROM spectrum WHERE run = ? AND step > ?",
                          "DELETE FROM event WHERE run = ? AND step > ?", "DELETE FROM checkpoint WHERE run = ? AND step > ?"})
    WEFT_RETURN_IF_ERROR(run_once(sql, run, step));
  return {};
}

Status RowWriter::put_draft(const Json& config) {
  return run_once("INSERT OR REPLACE INTO project (key, value) VALUES ('draft', ?)", std::string_view(to_json_line(config)));
}

Status RowWriter::put_asset(const AssetRow& asset) {
  return run_once(
      "INSERT INTO asset (kind, name, path, facts) VALUES (?, ?, ?, ?)"
      " ON CONFLICT (kind, path) DO UPDATE SET name = excluded.name, facts = excluded.facts",
      std::string_view(asset.kind), std::string_view(asset.name), std::string_view(asset.path),
      std::string_view(to_json_line(asset.facts)));
}

Status RowWriter::put_artifact(const ArtifactRow& artifact) {
  WEFT_ASSIGN_OR_RETURN(const std::int64_t bytes, stored_bytes(artifact.bytes));
  std::error_code error;
  const fs::path absolute = artifact.path.empty() ? fs::path() : fs::absolute(artifact.path, error);
  return run_once("INSERT INTO artifact (run, step, format, path, at, bytes, max_difference) VALUES (?, ?, ?, ?, ?, ?, ?)",
                  artifact.run, artifact.step, std::string_view(artifact.format),
                  std::string_view(stored_path(absolute, files_folder_)),
                  std::string_view(artifact.at.empty() ? utc_now() : artifact.at), bytes, artifact.max_difference);
}

Status RowWriter::interrupt_orphans() {
  std::vector<std::pair<RunId, std::string>> orphans;
  {
    WEFT_ASSIGN_OR_RETURN(Statement statement, connection_->prepare("SELECT id, state, owner_pid, owner_token FROM run"));
    for (;;) {
      WEFT_ASSIGN_OR_RETURN(const bool row, statement.step());
      if (!row) break;
      const RunOwner owner{statement.integer(2), statement.text(3)};
      if (is_active_run_state(statement.text(1)) && owner.is_gone()) orphans.emplace_back(statement.integer(0), owner.token);
    }
  }
  for (const auto& [run, token] : orphans)  // when it ended is not known: finished_at stays empty
    WEFT_RETURN_IF_ERROR(run_once(
        "UPDATE run SET state = ?3, message = CASE message WHEN '' THEN '' ELSE message || '; ' END"
        " || 'the program ended while it was ' || state, owner_pid = NULL, owner_token = NULL"
        " WHERE id = ?1 AND coalesce(owner_token, '') = ?2",
        run, std::string_view(token), kInterrupted));
  return settle_left_entries(*connection_, owner_, /*closing=*/false);
}

Status RowWriter::interrupt_own_runs() {
  WEFT_RETURN_IF_ERROR(run_once(
      "UPDATE run SET state = ?2, finished_at = ?3, message = CASE message WHEN '' THEN '' ELSE message || '; ' END"
      " || 'the project was closed while it was ' || state,"
      " owner_pid = NULL, owner_token = NULL WHERE owner_token = ?1",
      std::string_view(owner_.token), kInterrupted, std::string_view(utc_now())));
  return settle_left_entries(*connection_, owner_, /*closing=*/true);
}

}  // namespace weft
