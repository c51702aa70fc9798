// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/db/connection.h"

#include <sqlite3.h>

namespace weft {
namespace {

constexpr int kMaxRowBytes = 64 << 20;      // no value of ours comes near; a hostile file must not ask for gigabytes
constexpr int kMaxStatementBytes = 1 << 20;

// Only OpenMode::Immutable needs a URI; every character with a meaning in one is escaped.
std::string immutable_uri(const std::string& path) {
  static const char* digits = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
                       c == '-' || c == '_';
    if (plain) {
      uri += c;
    } else {
      uri += '%';
      uri += digits[byte >> 4];
      uri += digits[byte & 15];
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

void Connection::Closer::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

Result<Connection> Connection::open(const std::string& path, OpenMode mode, int busy_timeout_ms) {
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case OpenMode::ReadWrite: flags |= SQLITE_OPEN_READWRITE; break;
    case OpenMode::Create: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE; break;
    case OpenMode::ReadOnly: flags |= SQLITE_OPEN_READONLY; break;
    case OpenMode::Immutable: flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI; break;
  }
  const std::string name = mode == OpenMode::Immutable ? immutable_uri(path) : path;
  sqlite3* handle = nullptr;
  const int rc = sqlite3_open_v2(name.c_str(), &handle, flags, nullptr);
  if (rc != SQLITE_OK) {
    Status status = sqlite_status(handle, rc);
    sqlite3_close(handle);
    return status;
  }
  Connection connection(handle);
  sqlite3_busy_timeout(handle, busy_timeout_ms);
  sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, kMaxRowBytes);
  sqlite3_limit(handle, SQLITE_LIMIT_SQL_LENGTH, kMaxStatementBytes);
  sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  return connection;
}

Result<Statement> Connection::prepare_next(std::string_view& sql) {
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  const int rc = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                    &statement, &rest);
  if (rc != SQLITE_OK) return sqlite_status(handle_.get(), rc);
  sql.remove_prefix(static_cast<std::size_t>(rest - sql.data()));
  Statement prepared(statement);
  if (!statement && !sql.empty()) return internal_error("SQLite made no statement of " + std::string(sql.substr(0, 80)));
  return prepared;
}

Result<Statement> Connection::prepare(std::string_view sql) {
  WEFT_ASSIGN_OR_RETURN(Statement statement, prepare_next(sql));
  if (sql.find_first_not_of(" \n\t;") != std::string_view::npos)
    return internal_error("more than one statement: " + std::string(sql.substr(0, 80)));
  return statement;
}

Status Connection::execute(std::string_view script) {
  while (script.find_first_not_of(" \n\t;") != std::string_view::npos) {
    WEFT_ASSIGN_OR_RETURN(Statement statement, prepare_next(script));
    if (script.empty() && !statement.valid()) break;  // a closing comment
    WEFT_RETURN_IF_ERROR(statement.run());
  }
  return {};
}

Result<std::int64_t> Connection::query_int(std::string_view sql) {
  WEFT_ASSIGN_OR_RETURN(Statement statement, prepare(sql));
  WEFT_ASSIGN_OR_RETURN(const bool row, statement.step());
  return row ? statement.integer(0) : std::int64_t{0};
}

Result<std::string> Connection::query_text(std::string_view sql) {
  WEFT_ASSIGN_OR_RETURN(Statement statement, prepare(sql));
  WEFT_ASSIGN_OR_RETURN(const bool row, statement.step());
  return row ? statement.text(0) : std::string();
}

std::int64_t Connection::last_insert_id() const { return sqlite3_last_insert_rowid(handle_.get()); }

std::int64_t Connection::changed_rows() const { return sqlite3_changes64(handle_.get()); }

bool Connection::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

bool Connection::read_only() const { return sqlite3_db_readonly(handle_.get(), "main") == 1; }

}  // namespace weft
