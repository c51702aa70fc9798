// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/store/sqlite_project.h"

#include <filesystem>
#include <utility>

#include "projects/db/migrations.h"
#include "projects/db/transaction.h"

namespace weft {

std::int64_t newest_schema_version() { return project_migrations().back().version; }

Result<std::unique_ptr<Project>> Project::open(const std::string& path, bool create_if_missing) {
  WEFT_ASSIGN_OR_RETURN(OpenedProject opened, open_project_file(path, create_if_missing));
  const std::string place = "[project.open] " + opened.path;
  Result<std::unique_ptr<Project>> project = SqliteProject::create(std::move(opened));
  if (!project.ok()) return project.status().with_context(place);
  return project;
}

SqliteProject::SqliteProject(OpenedProject opened)
    : path_(std::move(opened.path)), files_folder_(std::move(opened.files_folder)),
      read_only_reason_(std::move(opened.read_only_reason)), file_version_(opened.file_version), read_gate_(std::move(opened.read)),
      reader_(std::make_unique<ProjectReader>(read_gate_->connection, files_folder_, opened.version)),
      queue_(*read_gate_, opened.version, [this](const char* place, ProjectWriter::Work work) { return perform(place, std::move(work)); }) {}

Result<std::unique_ptr<Project>> SqliteProject::create(OpenedProject opened, WriterLimits limits) {
  const std::shared_ptr<LockedConnection> write = opened.write;
  std::unique_ptr<SqliteProject> project(new SqliteProject(std::move(opened)));
  if (write) {
    WEFT_ASSIGN_OR_RETURN(RowWriter rows, RowWriter::create(write->connection, project->files_folder_, RunOwner::make()));
    WEFT_RETURN_IF_ERROR(rows.interrupt_orphans());
    project->writer_ = std::make_unique<ProjectWriter>(write, std::move(rows), limits);
  }
  return std::unique_ptr<Project>(std::move(project));
}

SqliteProject::~SqliteProject() {
  // Nobody is left to hear of a failure; a run that stays marked as running is found by interrupt_orphans() next time.
  if (writer_) (void)writer_->perform([](RowWriter& rows) { return rows.interrupt_own_runs(); });
  // The reader goes first, so that the last connection is one that may fold the write-ahead log into the file.
  reader_.reset();
  read_gate_.reset();
}

template <typename Query>
auto SqliteProject::read(Query query) {
  const std::lock_guard lock(read_gate_->mutex);
  auto result = query(*reader_);
  if (!result.ok()) return decltype(result)(result.status().with_context("[project.read]"));
  return result;
}

Result<std::vector<RunRecord>> SqliteProject::runs() {
  return read([](ProjectReader& reader) { return reader.runs(); });
}

Result<RunRecord> SqliteProject::run(RunId id) {
  return read([&](ProjectReader& reader) { return reader.run(id); });
}

Result<RunId> SqliteProject::find_run(const std::string& name_or_id) {
  return read([&](ProjectReader& reader) { return reader.find_run(name_or_id); });
}

Result<std::vector<MetricRow>> SqliteProject::metrics(RunId run, const std::string& name) {
  return read([&](ProjectReader& reader) { return reader.metrics(run, name); });
}

Result<std::vector<MetricRow>> SqliteProject::thinned_metrics(RunId run, const std::string& name, int points) {
  return read([&](ProjectReader& reader) { return reader.thinned_metrics(run, name, points); });
}

Result<std::vector<SpectrumRow>> SqliteProject::spectra(RunId run, const std::string& site) {
  return read([&](ProjectReader& reader) { return reader.spectra(run, site); });
}

Result<std::vector<EventRow>> SqliteProject::events(RunId run) {
  return read([&](ProjectReader& reader) { return reader.events(run); });
}

Result<std::vector<CheckpointRow>> SqliteProject::checkpoints(RunId run) {
  return read([&](ProjectReader& reader) { return reader.checkpoints(run); });
}

Result<std::vector<ArtifactRow>> SqliteProject::artifacts(RunId run) {
  return read([&](ProjectReader& reader) { return reader.artifacts(run); });
}

Result<std::vector<AssetRow>> SqliteProject::assets() {
  return read([](ProjectReader& reader) { return reader.assets(); });
}

Result<Json> SqliteProject::draft() {
  return read([](ProjectReader& reader) { return reader.draft(); });
}

Status SqliteProject::read_only_status(const std::string& place) const {
  return io_error(place + ": the project " + path_ + " was opened read-only: " + read_only_reason_);
}

Status SqliteProject::perform(const char* place, ProjectWriter::Work work) {
  if (!writer_) return read_only_status(place);
  return writer_->perform(std::move(work)).with_context(place);
}

void SqliteProject::record(ProjectWriter::Work work, std::size_t row_count) {
  if (writer_) {
    writer_->record(std::move(work), row_count);
  } else {
    refused_rows_ += row_count;
  }
}

Result<RunId> SqliteProject::create_run(const Json& config, std::int64_t total_steps) {
  if (!files_folder_.empty() && writer_) {  // checkpoints are about to be written there
    std::error_code error;
    std::filesystem::create_directories(files_folder_, error);
    if (error) return io_error("[project.create_run]: cannot create " + files_folder_ + ": " + error.message());
  }
  RunId id = 0;
  WEFT_RETURN_IF_ERROR(perform("[project.create_run]", [&](RowWriter& rows) -> Status {
    WEFT_ASSIGN_OR_RETURN(id, rows.create_run(config, total_steps));
    return {};
  }));
  return id;
}

Status SqliteProject::rename_run(RunId run, const std::string& name) {
  return perform("[project.rename_run]", [&](RowWriter& rows) { return rows.rename_run(run, name); });
}

Status SqliteProject::set_run_note(RunId run, const std::string& text) {
  return perform("[project.set_run_note]", [&](RowWriter& rows) { return rows.put_note(run, text); });
}

Status SqliteProject::delete_run(RunId run) {
  return perform("[project.delete_run]", [&](RowWriter& rows) { return rows.delete_run(run); });
}

Status SqliteProject::save_draft(const Json& config) {
  return perform("[project.save_draft]", [&](RowWriter& rows) { return rows.put_draft(config); });
}

Status SqliteProject::save_asset(const AssetRow& asset) {
  return perform("[project.save_asset]", [&](RowWriter& rows) { return rows.put_asset(asset); });
}

Status SqliteProject::save_artifact(const ArtifactRow& artifact) {
  return perform("[project.save_artifact]", [&](RowWriter& rows) { return rows.put_artifact(artifact); });
}

Status SqliteProject::truncate_run_after(RunId run, std::int64_t step) {
  return perform("[project.truncate]", [&](RowWriter& rows) { return rows.truncate_run_after(run, step); });
}

void SqliteProject::record_metrics(std::vector<MetricRow> metrics) {
  const std::size_t count = metrics.size();
  record([metrics = std::move(metrics)](RowWriter& rows) -> Status {
    for (const MetricRow& row : metrics) WEFT_RETURN_IF_ERROR(rows.put_metric(row));
    return {};
  }, count);
}

void SqliteProject::record_spectra(std::vector<SpectrumRow> spectra) {
  const std::size_t count = spectra.size();
  record([spectra = std::move(spectra)](RowWriter& rows) -> Status {
    for (const SpectrumRow& row : spectra) WEFT_RETURN_IF_ERROR(rows.put_spectrum(row));
    return {};
  }, count);
}

void SqliteProject::record_event(EventRow row) {
  record([row = std::move(row)](RowWriter& rows) { return rows.put_event(row); }, 1);
}

void SqliteProject::record_checkpoint(CheckpointRow row) {
  record([row = std::move(row)](RowWriter& rows) { return rows.put_checkpoint(row); }, 1);
}

void SqliteProject::forget_checkpoint(RunId run, std::int64_t step) {
  record([=](RowWriter& rows) { return rows.forget_checkpoint(run, step); }, 1);
}

void SqliteProject::record_run_state(RunId run, const std::string& state, const std::string& message) {
  record([=](RowWriter& rows) { return rows.put_run_state(run, state, message); }, 1);
}

void SqliteProject::record_started(RunId run, const Json& started, std::int64_t total_steps) {
  record([=](RowWriter& rows) { return rows.put_started(run, started, total_steps); }, 1);
}

Status SqliteProject::flush() {
  if (writer_) return writer_->flush();
  const std::size_t refused = refused_rows_.exchange(0);
  return refused == 0 ? Status() : read_only_status("[project.write] " + std::to_string(refused) + " rows were not recorded");
}

}  // namespace weft
