// SPDX-License-Identifier: GPL-3.0-or-later
// Project on SQLite: a read connection under a lock and a writer thread with its own. In memory both use one connection.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "projects/api/project.h"
#include "projects/store/project_file.h"
#include "projects/store/project_reader.h"
#include "projects/store/project_writer.h"
#include "projects/store/sqlite_queue.h"

namespace weft {

class SqliteProject final : public Project {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Project>> create(OpenedProject opened, WriterLimits limits = {});
  ~SqliteProject() override;  // runs still owned become "interrupted"; drains the queue

  [[nodiscard]] const std::string& path() const override { return path_; }
  [[nodiscard]] std::string files_folder() const override { return files_folder_; }
  [[nodiscard]] bool read_only() const override { return writer_ == nullptr; }
  [[nodiscard]] const std::string& read_only_reason() const override { return read_only_reason_; }
  [[nodiscard]] std::int64_t schema_version() const override { return file_version_; }

  [[nodiscard]] Result<std::vector<RunRecord>> runs() override;
  [[nodiscard]] Result<RunRecord> run(RunId id) override;
  [[nodiscard]] Result<RunId> find_run(const std::string& name_or_id) override;
  [[nodiscard]] Result<std::vector<MetricRow>> metrics(RunId run, const std::string& name) override;
  [[nodiscard]] Result<std::vector<MetricRow>> thinned_metrics(RunId run, const std::string& name, int points) override;
  [[nodiscard]] Result<std::vector<SpectrumRow>> spectra(RunId run, const std::string& site) override;
  [[nodiscard]] Result<std::vector<EventRow>> events(RunId run) override;
  [[nodiscard]] Result<std::vector<CheckpointRow>> checkpoints(RunId run) override;
  [[nodiscard]] Result<std::vector<ArtifactRow>> artifacts(RunId run) override;
  [[nodiscard]] Result<std::vector<AssetRow>> assets() override;
  [[nodiscard]] Result<Json> draft() override;
  [[nodiscard]] RunQueue& queue() override { return queue_; }

  [[nodiscard]] Result<RunId> create_run(const Json& config, std::int64_t total_steps) override;
  [[nodiscard]] Status rename_run(RunId run, const std::string& name) override;
  [[nodiscard]] Status set_run_note(RunId run, const std::string& text) override;
  [[nodiscard]] Status delete_run(RunId run) override;
  [[nodiscard]] Status save_draft(const Json& config) override;
  [[nodiscard]] Status save_asset(const AssetRow& asset) override;
  [[nodiscard]] Status save_artifact(const ArtifactRow& artifact) override;
  [[nodiscard]] Status truncate_run_after(RunId run, std::int64_t step) override;
  void record_metrics(std::vector<MetricRow> rows) override;
  void record_spectra(std::vector<SpectrumRow> rows) override;
  void record_event(EventRow row) override;
  void record_checkpoint(CheckpointRow row) override;
  void forget_checkpoint(RunId run, std::int64_t step) override;
  void record_run_state(RunId run, const std::string& state, const std::string& message) override;
  void record_started(RunId run, const Json& started, std::int64_t total_steps) override;
  [[nodiscard]] Status flush() override;

 private:
  explicit SqliteProject(OpenedProject opened);
  template <typename Query>
  [[nodiscard]] auto read(Query query);
  [[nodiscard]] Status perform(const char* place, ProjectWriter::Work work);
  void record(ProjectWriter::Work work, std::size_t row_count);
  [[nodiscard]] Status read_only_status(const std::string& place) const;

  // Constant after construction.
  std::string path_, files_folder_, read_only_reason_;
  std::int64_t file_version_;
  std::shared_ptr<LockedConnection> read_gate_;   // own synchronisation
  std::unique_ptr<ProjectReader> reader_;         // guarded by read_gate_->mutex
  std::unique_ptr<ProjectWriter> writer_;         // own synchronisation; null when read-only
  SqliteQueue queue_;                             // own synchronisation
  std::atomic<std::size_t> refused_rows_{0};      // recorded although read-only, since the last flush
};

}  // namespace weft
