// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/db/statement.h"

#include <sqlite3.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace weft {
namespace {

Status constraint_status(int extended_code, const std::string& message) {
  switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID: return {ErrorCode::AlreadyExists, message};
    case SQLITE_CONSTRAINT_FOREIGNKEY: return not_found("it belongs to a run that is not in the project");
    default: return invalid_argument(message);
  }
}

}  // namespace

Status sqlite_status(sqlite3* handle, int result_code) {
  if (result_code == SQLITE_OK || result_code == SQLITE_ROW || result_code == SQLITE_DONE) return {};
  const std::string message = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(result_code);
  const int system_error = handle ? sqlite3_system_errno(handle) : 0;
  const std::string cause = system_error ? std::string(" (") + std::strerror(system_error) + ")" : std::string();
  switch (result_code & 0xff) {
    case SQLITE_FULL: return io_error("the disk is full; free some space or move the project to another disk");
    case SQLITE_IOERR: return io_error(message + cause);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY: return io_error(message + cause);
    case SQLITE_CORRUPT: return corrupt("the file is damaged or cut off (" + message + ")");
    case SQLITE_NOTADB: return corrupt("the file is not a SQLite database");
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {ErrorCode::Busy, "another program is writing to the project; try again when it is done"};
    case SQLITE_CONSTRAINT: return constraint_status(handle ? sqlite3_extended_errcode(handle) : result_code, message);
    case SQLITE_TOOBIG: return invalid_argument("a value is too large for a project (" + message + ")");
    case SQLITE_NOMEM: return {ErrorCode::OutOfMemory, message};
    default: return internal_error("SQLite: " + message + " (" + std::to_string(result_code) + ")");
  }
}

void Statement::Finalizer::operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }

void Statement::bind(int index, std::int64_t value) {
  if (const int rc = sqlite3_bind_int64(handle_.get(), index, value); rc != SQLITE_OK && !bind_error_) bind_error_ = rc;
}

void Statement::bind(int index, double value) {
  const int rc = std::isnan(value) ? sqlite3_bind_null(handle_.get(), index) : sqlite3_bind_double(handle_.get(), index, value);
  if (rc != SQLITE_OK && !bind_error_) bind_error_ = rc;
}

void Statement::bind(int index, std::string_view text) {
  // An empty view may have no address, which SQLite would store as NULL.
  const char* data = text.data() ? text.data() : "";
  const int rc = sqlite3_bind_text64(handle_.get(), index, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  if (rc != SQLITE_OK && !bind_error_) bind_error_ = rc;
}

void Statement::bind(int index, std::span<const std::byte> blob) {
  const int rc = blob.empty() ? sqlite3_bind_zeroblob(handle_.get(), index, 0)
                              : sqlite3_bind_blob64(handle_.get(), index, blob.data(), blob.size(), SQLITE_TRANSIENT);
  if (rc != SQLITE_OK && !bind_error_) bind_error_ = rc;
}

void Statement::bind(int index, std::nullptr_t) {
  if (const int rc = sqlite3_bind_null(handle_.get(), index); rc != SQLITE_OK && !bind_error_) bind_error_ = rc;
}

Result<bool> Statement::step() {
  sqlite3* database = sqlite3_db_handle(handle_.get());
  if (bind_error_) return sqlite_status(database, bind_error_);
  const int rc = sqlite3_step(handle_.get());
  if (rc == SQLITE_ROW) return true;
  if (rc == SQLITE_DONE) return false;
  return sqlite_status(database, rc);
}

Status Statement::run() {
  Status status;
  for (;;) {
    const Result<bool> row = step();
    if (!row.ok()) status = row.status();
    if (!row.ok() || !*row) break;
  }
  reset();
  return status;
}

void Statement::reset() {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
  bind_error_ = 0;
}

bool Statement::is_null(int column) const { return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL; }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }

double Statement::real(int column) const {
  return is_null(column) ? std::numeric_limits<double>::quiet_NaN() : sqlite3_column_double(handle_.get(), column);
}

std::string Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  if (!data) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

std::span<const std::byte> Statement::blob(int column) const {
  const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(handle_.get(), column));
  if (!data) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

}  // namespace weft
