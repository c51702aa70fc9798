// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a Comparison of a project's runs and writes it for programs. Reads the project only; any thread that may read it.
#pragma once

#include <string>
#include <vector>

#include "projects/api/comparison.h"

namespace weft {

// Refuses fewer than 2 or more than 6 runs, one that is named twice and one that is not there (InvalidArgument, NotFound). Runs of other
// models, without steps or without spectra are compared and said so.
[[nodiscard]] Result<Comparison> compare_runs(Project& project, const std::vector<RunId>& runs);
// The same by "r3", "3" or a name.
[[nodiscard]] Result<Comparison> compare_runs(Project& project, const std::vector<std::string>& runs);

// Settings that are not the same in all of these snapshots, one text a snapshot ("–": it has none, or an empty list), sections together.
[[nodiscard]] std::vector<ComparedRow> differing_settings(const std::vector<const Json*>& configs);
// Of one of them in a line: "dora, rank 8, lr 0.0001"; what it has none of is left out.
[[nodiscard]] std::string differences_of(const std::vector<ComparedRow>& rows, std::size_t config);

// One row a step that any run recorded, columns "NAME loss", "NAME eval_loss", ... ; empty where a run has no value (RFC 4180).
[[nodiscard]] std::string comparison_csv(const Comparison& comparison);
[[nodiscard]] Json to_json(const Comparison& comparison);

}  // namespace weft
