// SPDX-License-Identifier: GPL-3.0-or-later
// Brings a database from the version in its user_version to the newest, one numbered script and one transaction a version.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/status.h"

namespace weft {

class Connection;

struct Migration {
  int version = 0;            // user_version afterwards; the versions of a list are 1, 2, 3, ...
  std::string_view name;      // of the script, for messages
  std::string_view sql;
};

inline constexpr std::int64_t kApplicationId = 0x57454654;  // "WEFT"; part of the file format

// The scripts projects/schema/NNNN_*.sql, compiled in.
[[nodiscard]] std::span<const Migration> project_migrations();

// VersionMismatch when the file is newer than the last migration; names both versions. Another error leaves the file at the
// last version that was reached, whole. Two programs may migrate one file at once: the second finds nothing to do.
[[nodiscard]] Status migrate(Connection& connection, std::span<const Migration> migrations);

// The version of a file that cannot be migrated because it may only be read. VersionMismatch when it is newer than the last migration.
[[nodiscard]] Result<int> require_known(Connection& connection, std::span<const Migration> migrations);

// Whether all that the migrations made can be read of a file that a newer program made: every table with every column of its type. VersionMismatch names both
// versions and what is missing.
[[nodiscard]] Status require_readable(Connection& connection, std::span<const Migration> migrations);

// Corrupt when a table, index or trigger of the migrations is missing or differs in the file, or when the file has a
// trigger of its own: such a file was not written by us.
[[nodiscard]] Status verify_schema(Connection& connection, std::span<const Migration> migrations);

}  // namespace weft
