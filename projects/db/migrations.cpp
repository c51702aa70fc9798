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

using Columns = std::map<std::string, std::string>;  // name -> type

// Generated columns are not among them: they are expressions, which another program wrote.
Result<Columns> read_columns(Connection& connection, const std::string& table) {
  Columns columns;
  WEFT_ASSIGN_OR_RETURN(Statement statement, connection.prepare("SELECT name, type FROM pragma_table_info(?)"));
  statement.bind_all(std::string_view(table));
  for (;;) {
    WEFT_ASSIGN_OR_RETURN(const bool row, statement.step());
    if (!row) return columns;
    columns[statement.text(0)] = statement.text(1);
  }
}

// "" where `connection` has such a table with all columns of the model's.
Result<std::string> missing_in_table(Connection& connection, Connection& model, const SchemaObjects& found, const std::string& name) {
  const auto it = found.find("table " + name);
  if (it == found.end() || !it->second.starts_with("CREATE TABLE ")) return "its table " + name + " is missing";   // a view or a virtual table runs what it says
  WEFT_ASSIGN_OR_RETURN(const Columns expected, read_columns(model, name));
  WEFT_ASSIGN_OR_RETURN(const Columns columns, read_columns(connection, name));
  for (const auto& [column, type] : expected) {
    const auto own = columns.find(column);
    if (own == columns.end()) return "its table " + name + " has no column " + column;
    if (own->second != type) return "in its table " + name + " the column " + column + " is " + own->second + ", not " + type;
  }
  return std::string();
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

Status require_readable(Connection& connection, std::span<const Migration> migrations) {
  WEFT_ASSIGN_OR_RETURN(const std::int64_t version, connection.query_int("PRAGMA user_version"));
  WEFT_ASSIGN_OR_RETURN(Connection model, Connection::open(":memory:", OpenMode::Create));
  WEFT_RETURN_IF_ERROR(migrate(model, migrations));
  WEFT_ASSIGN_OR_RETURN(const SchemaObjects expected, read_schema(model));
  WEFT_ASSIGN_OR_RETURN(const SchemaObjects found, read_schema(connection));
  for (const auto& [object, sql] : expected) {
    const std::string table = "table ";
    if (!object.starts_with(table)) continue;   // without an index it is only slower
    WEFT_ASSIGN_OR_RETURN(const std::string missing, missing_in_table(connection, model, found, object.substr(table.size())));
    if (!missing.empty()) return {ErrorCode::VersionMismatch, newer_than_us(version, migrations).message() + ", for here it cannot even be read: " + missing};
  }
  return {};
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
