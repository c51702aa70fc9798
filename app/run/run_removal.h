// SPDX-License-Identifier: GPL-3.0-or-later
// Deleting a run: which files go with it, how large they are, what stays; then doing it. Any thread.
#pragma once

#include <string>
#include <vector>

#include "projects/api/run_removal.h"

namespace weft {

// Only files of the run's own folder of checkpoints go: a project says nothing that could name another file. Links are not followed.
[[nodiscard]] Result<RunRemoval> plan_removal(Project& project, RunId run);
// First what is recorded, then the files. Busy while a program works on the run. IoError names the first file that could not be
// deleted; the run is gone from the project then.
[[nodiscard]] Status remove_run(Project& project, const RunRemoval& removal);

}  // namespace weft
