// SPDX-License-Identifier: GPL-3.0-or-later
// The statements that change a project, prepared once. Belongs to the writer; used under the lock of its connection, inside
// a transaction that the caller makes. After an error the caller rolls back.
#pragma once

#include <string>
#include <string_view>

#include "projects/api/project.h"
#include "projects/db/connection.h"
#include "projects/store/run_owner.h"

namespace weft {

class RowWriter {
 public:
  [[nodiscard]] static Result<RowWriter> create(Connection& connection, std::string files_folder, RunOwner owner);

  [[nodiscard]] Status put_metric(const MetricRow& row);          // replaces the same (run, name, step)
  [[nodiscard]] Status put_spectrum(const SpectrumRow& row);      // replaces the same (run, site, step)
  [[nodiscard]] Status put_event(const EventRow& row);
  [[nodiscard]] Status put_checkpoint(const CheckpointRow& row);  // replaces the same (run, step)
  [[nodiscard]] Status forget_checkpoint(RunId run, std::int64_t step);
  [[nodiscard]] Status put_run_state(RunId run, const std::string& state, const std::string& message);
  [[nodiscard]] Status put_started(RunId run, const Json& started, std::int64_t total_steps);

  [[nodiscard]] Result<RunId> create_run(const Json& config, std::int64_t total_steps);
  [[nodiscard]] Status rename_run(RunId run, const std::string& name);
  [[nodiscard]] Status put_note(RunId run, const std::string& text);
  [[nodiscard]] Status delete_run(RunId run);
  [[nodiscard]] Status truncate_run_after(RunId run, std::int64_t step);
  [[nodiscard]] Status put_draft(const Json& config);
  [[nodiscard]] Status put_asset(const AssetRow& asset);
  [[nodiscard]] Status put_artifact(const ArtifactRow& artifact);

  // Runs of programs that are gone become "interrupted", and queue entries what their runs came to.
  [[nodiscard]] Status interrupt_orphans();
  // The same for those that this owner still has: for closing.
  [[nodiscard]] Status interrupt_own_runs();

  [[nodiscard]] Connection& connection() { return *connection_; }
  [[nodiscard]] const RunOwner& owner() const { return owner_; }

 private:
  RowWriter(Connection& connection, std::string files_folder, RunOwner owner);
  [[nodiscard]] Status one_row_changed(RunId run) const;
  // For statements that are not run often enough to be kept.
  template <typename... Values>
  [[nodiscard]] Status run_once(std::string_view sql, const Values&... values);

  Connection* connection_;
  std::string files_folder_;
  RunOwner owner_;
  Statement metric_, spectrum_, event_, checkpoint_;
};

}  // namespace weft
