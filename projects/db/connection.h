// SPDX-License-Identifier: GPL-3.0-or-later
// One SQLite connection. Owns it; closes it when it dies. No SQLite header leaks from here.
// Not for two threads at once: each thread has its own connection, or all share one under a lock of theirs.
// Errors are Status: Corrupt (not a database, damaged), Busy (another program holds the lock), IoError (disk full, no
// permission, device), AlreadyExists / NotFound / InvalidArgument (constraints). After an error the connection stays usable.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "engine/core/status.h"
#include "projects/db/statement.h"

struct sqlite3;

namespace weft {

enum class OpenMode {
  ReadWrite,    // the file must exist
  Create,       // created when missing
  ReadOnly,     // the file must exist; follows a writer elsewhere
  Immutable,    // read-only and nobody writes: for folders where no lock file can be made
};

class Connection {
 public:
  // Applies what every connection of ours has: foreign keys on, no trust in the schema of the file, bounded row size.
  // `path` may be ":memory:" with OpenMode::Create.
  [[nodiscard]] static Result<Connection> open(const std::string& path, OpenMode mode, int busy_timeout_ms = 5000);

  Connection(Connection&&) noexcept = default;
  Connection& operator=(Connection&&) noexcept = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection() = default;

  // One statement; text after it is refused.
  [[nodiscard]] Result<Statement> prepare(std::string_view sql);
  // Every statement of a script in turn; stops at the first error. Rows are ignored.
  [[nodiscard]] Status execute(std::string_view script);
  // The first column of the first row of a query without parameters, e.g. a PRAGMA.
  [[nodiscard]] Result<std::int64_t> query_int(std::string_view sql);
  [[nodiscard]] Result<std::string> query_text(std::string_view sql);

  [[nodiscard]] std::int64_t last_insert_id() const;
  [[nodiscard]] std::int64_t changed_rows() const;   // by the last statement
  [[nodiscard]] bool in_transaction() const;
  [[nodiscard]] bool read_only() const;              // also when ReadWrite was asked of a write-protected file

 private:
  struct Closer {
    void operator()(sqlite3* handle) const;
  };
  explicit Connection(sqlite3* handle) : handle_(handle) {}
  [[nodiscard]] Result<Statement> prepare_next(std::string_view& sql);

  std::unique_ptr<sqlite3, Closer> handle_;
};

}  // namespace weft
