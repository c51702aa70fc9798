// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/db/transaction.h"

#include <utility>

#include "projects/db/connection.h"

namespace weft {

Result<Transaction> Transaction::begin(Connection& connection) {
  WEFT_RETURN_IF_ERROR(connection.execute("BEGIN IMMEDIATE"));
  return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  // SQLite ends the transaction itself after some errors (disk full); a second rollback would be one more error.
  if (connection_ && connection_->in_transaction()) (void)connection_->execute("ROLLBACK");
}

Status Transaction::commit() {
  WEFT_RETURN_IF_ERROR(connection_->execute("COMMIT"));
  connection_ = nullptr;
  return {};
}

}  // namespace weft
