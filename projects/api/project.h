// SPDX-License-Identifier: GPL-3.0-or-later
// A project: one SQLite file name.weft, and name.files/ beside it for checkpoints and exports.
// Reading methods may be called from any thread (each Project has its own read connection, used under a lock).
// Recording goes through one writer thread in batches; flush() waits until all that was recorded is on disk.
// A project opened read-only refuses recording with a clear Status.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/status.h"
#include "projects/api/run_queue.h"

namespace weft {

using RunId = std::int64_t;  // shown as "r<id>"

struct RunRecord {
  RunId id = 0;
  std::string name;             // "r1" unless renamed
  std::string state;            // as run_state_name() of the engine; "interrupted" for one that was running when its process died
  std::string created_at, finished_at;  // UTC, ISO 8601
  Json config;                  // the immutable snapshot
  Json started;                 // facts of the start: trainable, sites, ... (see schema.md)
  std::int64_t last_step = 0, total_steps = 0;
  double last_loss = 0, last_eval_loss = 0;  // NaN when there is none
  std::string message;          // why it failed
  std::string note;             // what somebody wrote down about it
};

struct MetricRow {
  RunId run = 0;
  std::int64_t step = 0;
  std::string name;             // "loss", "grad_norm", "lr", "tokens_per_s", "eval_loss", ...
  double value = 0;
};

struct SpectrumRow {
  RunId run = 0;
  std::int64_t step = 0;
  std::string site;
  std::vector<float> values;    // singular values, descending
  double effective_rank = 0, stable_rank = 0, frobenius = 0, magnitude_change = 0, direction_change = 0;
  int energy_rank_90 = 0, energy_rank_95 = 0, energy_rank_99 = 0;
};

struct EventRow {
  RunId run = 0;
  std::int64_t step = 0;
  std::string type;             // "warning", "state", "checkpoint", "eval", "cadence", "step_time", "floor", "ranks", "edit", "best", "preflight",
                                // "finished"
  Json detail;
  std::string at;               // UTC
};

struct CheckpointRow {
  RunId run = 0;
  std::int64_t step = 0;
  std::string path;             // relative to the .files folder when inside it, else absolute (a relative path given for
                                // recording means "inside the .files folder")
  std::string sha256;
  std::uint64_t bytes = 0;
  bool present = true;          // the file exists (looked up when read)
};

struct ArtifactRow {            // an export
  std::int64_t id = 0;
  RunId run = 0;
  std::int64_t step = 0;
  std::string format, path, at; // path as in CheckpointRow, but a relative one given means the current folder
  std::uint64_t bytes = 0;
  double max_difference = 0;
};

struct AssetRow {               // a model or data set that the project knows
  std::int64_t id = 0;
  std::string kind;             // "model", "dataset"
  std::string name, path;
  Json facts;
};

[[nodiscard]] std::int64_t newest_schema_version();   // that this program writes

class Project {
 public:
  // Opens (and migrates) or creates. ":memory:" makes one that is gone with the object.
  // Read-only where it may not be written, or where a newer program made it and every table and column that this one reads is there.
  // Errors: not a WEFT project, a newer one that lacks what is read, no permission.
  [[nodiscard]] static Result<std::unique_ptr<Project>> open(const std::string& path, bool create_if_missing);
  virtual ~Project() = default;   // flushes, closes

  [[nodiscard]] virtual const std::string& path() const = 0;
  [[nodiscard]] virtual std::string files_folder() const = 0;  // absolute; "" for :memory:
  [[nodiscard]] virtual bool read_only() const = 0;
  [[nodiscard]] virtual const std::string& read_only_reason() const = 0;       // "" where it can be written
  [[nodiscard]] virtual std::int64_t schema_version() const = 0;               // of the file; above newest_schema_version() where a newer program made it

  // Reading. Runs oldest first; what is long of their starts (the sites) only run() has.
  [[nodiscard]] virtual Result<std::vector<RunRecord>> runs() = 0;
  [[nodiscard]] virtual Result<RunRecord> run(RunId id) = 0;
  [[nodiscard]] virtual Result<RunId> find_run(const std::string& name_or_id) = 0;   // "r3", "3" or a name
  [[nodiscard]] virtual Result<std::vector<MetricRow>> metrics(RunId run, const std::string& name) = 0;  // "" = all; by step
  // At most `points` values of a metric, even in steps, the first and the last among them: by that many look-ups, however long the run.
  [[nodiscard]] virtual Result<std::vector<MetricRow>> thinned_metrics(RunId run, const std::string& name, int points) = 0;
  [[nodiscard]] virtual Result<std::vector<SpectrumRow>> spectra(RunId run, const std::string& site) = 0;  // "" = all sites
  [[nodiscard]] virtual Result<std::vector<EventRow>> events(RunId run) = 0;
  [[nodiscard]] virtual Result<std::vector<CheckpointRow>> checkpoints(RunId run) = 0;
  [[nodiscard]] virtual Result<std::vector<ArtifactRow>> artifacts(RunId run) = 0;   // 0 = of all runs
  [[nodiscard]] virtual Result<std::vector<AssetRow>> assets() = 0;
  [[nodiscard]] virtual Result<Json> draft() = 0;             // the configuration being edited; null when none
  [[nodiscard]] virtual RunQueue& queue() = 0;

  // Recording. create_run and the small ones return when they are on disk; record_* return at once and may block when the queue is full.
  [[nodiscard]] virtual Result<RunId> create_run(const Json& config, std::int64_t total_steps) = 0;
  [[nodiscard]] virtual Status rename_run(RunId run, const std::string& name) = 0;
  [[nodiscard]] virtual Status set_run_note(RunId run, const std::string& text) = 0;   // "" takes it away
  // Everything recorded of it; files stay. Busy while a program works on it.
  [[nodiscard]] virtual Status delete_run(RunId run) = 0;
  [[nodiscard]] virtual Status save_draft(const Json& config) = 0;
  [[nodiscard]] virtual Status save_asset(const AssetRow& asset) = 0;   // by (kind, path)
  [[nodiscard]] virtual Status save_artifact(const ArtifactRow& artifact) = 0;
  // Forgets metrics, spectra, events and checkpoint rows of a run after `step` (files stay): a resumed run goes on from there.
  // In order with recording: what was recorded before is forgotten, what is recorded after stays. On disk when it returns.
  [[nodiscard]] virtual Status truncate_run_after(RunId run, std::int64_t step) = 0;
  virtual void record_metrics(std::vector<MetricRow> rows) = 0;
  virtual void record_spectra(std::vector<SpectrumRow> rows) = 0;
  virtual void record_event(EventRow row) = 0;
  virtual void record_checkpoint(CheckpointRow row) = 0;
  virtual void forget_checkpoint(RunId run, std::int64_t step) = 0;   // whose file is gone on purpose
  virtual void record_run_state(RunId run, const std::string& state, const std::string& message) = 0;
  virtual void record_started(RunId run, const Json& started, std::int64_t total_steps) = 0;

  // Waits until everything recorded so far is committed. Returns the first write error since the last flush, if any, with the
  // number of rows that were lost. Recording goes on after an error: once the disk has room again, rows are kept again.
  [[nodiscard]] virtual Status flush() = 0;
};

}  // namespace weft
