// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/db/migrations.h"

#include <map>

#include "projects/db/connection.h"
#include "projects/db/transaction.h"
#include "projects/schema/schema_sql.h"  // made by CMake from projects/schema/*.sql

namespace weft {
namespace {

int newest(std::span<const Migration> migrations) { return migrations.empty() ? 0 : migrations.back().version; }

Status newer_than_us(std::int64_t version, std::span<const Migration> migrations) {
  return {ErrorCode::VersionMismatch, "the project has schema version " + std::to_string(version) +
                                          ", this program knows up to " + std::to_string(newest(migrations)) +
                                          "; open it with a newer WEFT"};
}

Status migrate_once(Connection& connection, const Migration& migration) {
  WEFT_ASSIGN_OR_RETURN(Transaction transaction, Transaction::begin(connection));
  WEFT_ASSIGN_OR_RETURN(const std::int64_t version, connection.query_int("PRAGMA user_version"));
  if (version >= migration.version) return {};  // another program was faster
  WEFT_RETURN_IF_ERROR(connection.execute(migration.sql));
  WEFT_RETURN_IF_ERROR(connection.execute("PRAGMA application_id = " + std::to_string(kApplicationId)));
  WEFT_RETURN_IF_ERROR(connection.execute("PRAGMA user_version = " + std::to_string(migration.version)));
  return transaction.commit();
}

using SchemaObjects = std::map<std::string, std::string>;  // "table run" -> its SQL

Result<SchemaObjects> read_schema(Connection& connection) {
  SchemaObjects objects;
  WEFT_ASSIGN_OR_RETURN(Statement statement, connection.prepare("SELECT type, name, sql FROM sqlite_schema"));
  for (;;) {
    WEFT_ASSIGN_OR_RETURN(const bool row, statement.step());
    if (!row) return objects;
    objects[statement.text(0) + " " + statement.text(1)] = statement.text(2);
  }
}

}  // namespace

std::span<const Migration> project_migrations() { return kProjectMigrations; }

Status migrate(Connection& connection, std::span<const Migration> migrations) {
  WEFT_ASSIGN_OR_RETURN(const std::int64_t version, connection.query_int("PRAGMA user_version"));
  if (version < 0 || version > newest(migrations)) return newer_than_us(version, migrations);
  for (const Migration& migration : migrations) {
    if (migration.version <= version) continue;
    WEFT_RETURN_IF_ERROR(migrate_once(connection, migration).with_context("migration " + std::string(migration.name)));
  }
  return {};
}

Result<int> require_known(Connection& connection, std::span<const Migration> migrations) {
  WEFT_ASSIGN_OR_RETURN(const std::int64_t version, connection.query_int("PRAGMA user_version"));
  if (version < 1 || version > newest(migrations)) return newer_than_us(version, migrations);
  return static_cast<int>(version);
}

Status verify_schema(Connection& connection, std::span<const Migration> migrations) {
  WEFT_ASSIGN_OR_RETURN(Connection model, Connection::open(":memory:", OpenMode::Create));
  WEFT_RETURN_IF_ERROR(migrate(model, migrations));
  WEFT_ASSIGN_OR_RETURN(const SchemaObjects expected, read_schema(model));
  WEFT_ASSIGN_OR_RETURN(const SchemaObjects found, read_schema(connection));
  for (const auto& [object, sql] : expected) {
    const auto it = found.find(object);
    if (it == found.end()) return corrupt("the project lacks its " + object);
    if (it->second != sql) return corrupt("the " + object + " is not the one of schema version " +
                                          std::to_string(newest(migrations)));
  }
  for (const auto& [object, sql] : found)
    if (object.starts_with("trigger ") && !expected.contains(object))
      return corrupt("the project has a " + object + " that WEFT did not make");
  return {};
}

}  // namespace weft
