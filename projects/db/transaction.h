// SPDX-License-Identifier: GPL-3.0-or-later
// A write transaction: takes the write lock at begin() (so that it never fails half-way for a lock), is rolled back when it
// dies without commit(). Must not outlive its Connection; same thread rule.
#pragma once

#include "engine/core/status.h"

namespace weft {

class Connection;

class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  // After a failed commit nothing of the transaction is in the file.
  [[nodiscard]] Status commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;  // null once it is over
};

}  // namespace weft
