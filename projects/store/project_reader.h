// SPDX-License-Identifier: GPL-3.0-or-later
// The queries of a project. Used under the lock of the connection. Hostile content gives Corrupt, never a crash.
#pragma once

#include <string>
#include <vector>

#include "projects/api/project.h"
#include "projects/db/connection.h"

namespace weft {

class ProjectReader {
 public:
  // `version`: of the file's schema.
  ProjectReader(Connection& connection, std::string files_folder, int version);

  [[nodiscard]] Result<std::vector<RunRecord>> runs();
  [[nodiscard]] Result<RunRecord> run(RunId id);
  [[nodiscard]] Result<RunId> find_run(const std::string& name_or_id);
  [[nodiscard]] Result<std::vector<MetricRow>> metrics(RunId run, const std::string& name);
  [[nodiscard]] Result<std::vector<MetricRow>> thinned_metrics(RunId run, const std::string& name, int points);
  [[nodiscard]] Result<std::vector<SpectrumRow>> spectra(RunId run, const std::string& site);
  [[nodiscard]] Result<std::vector<EventRow>> events(RunId run);
  [[nodiscard]] Result<std::vector<CheckpointRow>> checkpoints(RunId run);
  [[nodiscard]] Result<std::vector<ArtifactRow>> artifacts(RunId run);
  [[nodiscard]] Result<std::vector<AssetRow>> assets();
  [[nodiscard]] Result<Json> draft();

 private:
  [[nodiscard]] bool is_present(const std::string& stored_path) const;
  [[nodiscard]] std::string select_runs(bool brief) const;

  Connection& connection_;
  std::string files_folder_;
  int version_;
};

}  // namespace weft
