// SPDX-License-Identifier: GPL-3.0-or-later
// A prepared statement. Owns it; must not outlive its Connection. Same thread rule as the Connection.
// Use: bind_all(...), then either run() or step() until it gives false; reset() before the next use.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/status.h"

struct sqlite3;
struct sqlite3_stmt;

namespace weft {

// What a SQLite result code means for us; reads message and system error from the handle.
[[nodiscard]] Status sqlite_status(sqlite3* handle, int result_code);

class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

  [[nodiscard]] bool valid() const { return handle_ != nullptr; }  // false: the text held only a comment

  // Parameters count from 1. A failed bind is kept and comes out of the next step().
  void bind(int index, std::int64_t value);
  void bind(int index, double value);                        // NaN is stored as NULL
  void bind(int index, std::string_view text);               // copied
  void bind(int index, std::span<const std::byte> blob);     // copied
  void bind(int index, std::nullptr_t);

  template <typename... Values>
  void bind_all(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
  }

  // True: a row is there. False: done.
  [[nodiscard]] Result<bool> step();
  // Steps to the end, then resets.
  [[nodiscard]] Status run();
  void reset();   // forgets the parameters too

  // Columns count from 0; valid after step() gave true.
  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;               // NULL gives NaN
  [[nodiscard]] std::string text(int column) const;          // NULL gives ""
  [[nodiscard]] std::span<const std::byte> blob(int column) const;  // until the next step() or reset()

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* handle) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalizer> handle_;
  int bind_error_ = 0;
};

}  // namespace weft
