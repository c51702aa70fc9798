// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/store/sqlite_queue.h"

#include <algorithm>
#include <utility>

#include "engine/core/text_util.h"
#include "projects/store/utc_time.h"

namespace weft {
namespace {

constexpr std::size_t kMaxNameBytes = 200;

constexpr std::string_view kSelect =
    "SELECT queue.id, queue.name, queue.state, queue.config, queue.run, queue.message, queue.added_at, queue.owner_pid,"
    " queue.owner_token, run.state, run.message, run.owner_pid, run.owner_token"
    " FROM queue LEFT JOIN run ON run.id = queue.run WHERE queue.state <> 'removed' ORDER BY queue.place, queue.id";

struct Row {
  QueueEntry entry;
  RunOwner owner;
  std::string run_state, run_message;
};

Status no_such_entry(QueueId entry) { return not_found("there is no entry " + std::to_string(entry) + " in the queue"); }

Result<Json> config_of(const Statement& statement) {
  Result<Json> parsed = parse_json(statement.text(3));
  if (!parsed.ok()) return corrupt("the configuration of queue entry " + std::to_string(statement.integer(0)) + " is " + parsed.status().message());
  return parsed;
}

// What an entry comes to whose program is gone: as its run did, or it waits again when there was none yet.
void settle_by_run(Row& row) {
  QueueEntry& entry = row.entry;
  if (entry.run == 0) {
    entry.state = kQueueWaiting;
  } else if (row.run_state == kQueueDone) {
    entry.state = kQueueDone;
  } else if (row.run_state == kQueueStopped) {
    entry.state = kQueueStopped;
  } else if (row.run_state == "failed" || row.run_state == "abandoned") {
    entry.state = kQueueFailed;
    entry.message = row.run_message.empty() ? row.run_state : row.run_message;
  } else {
    entry.state = kQueueInterrupted;
    entry.message = row.run_message;
  }
}

// With `left`, entries that are running although their owner is gone get the state they come to.
Result<std::vector<Row>> read_rows(Connection& connection, const std::function<bool(const RunOwner&)>& left) {
  WEFT_ASSIGN_OR_RETURN(Statement statement, connection.prepare(kSelect));
  std::vector<Row> rows;
  for (;;) {
    WEFT_ASSIGN_OR_RETURN(const bool there, statement.step());
    if (!there) return rows;
    Row row;
    row.entry.id = statement.integer(0);
    row.entry.name = statement.text(1);
    row.entry.state = statement.text(2);
    WEFT_ASSIGN_OR_RETURN(row.entry.config, config_of(statement));
    row.entry.run = statement.integer(4);
    row.entry.message = statement.text(5);
    row.entry.added_at = statement.text(6);
    row.owner = {statement.integer(7), statement.text(8)};
    row.run_state = statement.text(9);
    row.run_message = statement.text(10);
    if (is_active_run_state(row.run_state) && left(RunOwner{statement.integer(11), statement.text(12)})) row.run_state = kInterrupted;
    if (row.entry.state == kQueueRunning && left(row.owner)) settle_by_run(row);
    rows.push_back(std::move(row));
  }
}

bool gone(const RunOwner& owner) { return owner.is_gone(); }

template <typename... Values>
Status change_one(Connection& connection, QueueId entry, std::string_view sql, const Values&... values) {
  WEFT_ASSIGN_OR_RETURN(Statement statement, connection.prepare(sql));
  statement.bind_all(entry, values...);
  WEFT_RETURN_IF_ERROR(statement.run());
  return connection.changed_rows() == 1 ? Status() : no_such_entry(entry);
}

Status put_state(Connection& connection, QueueId entry, std::string_view state, std::string_view message) {
  return change_one(connection, entry, "UPDATE queue SET state = ?2, message = ?3, owner_pid = NULL, owner_token = NULL WHERE id = ?1", state,
                    message);
}

Status check_name(const std::string& name) {
  if (name.find_first_not_of(' ') == std::string::npos) return invalid_argument("an entry of the queue needs a name");
  if (name.size() > kMaxNameBytes)
    return invalid_argument("the name of a queue entry has at most " + std::to_string(kMaxNameBytes) + " bytes, this one has " +
                            std::to_string(name.size()));
  if (std::ranges::any_of(name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
    return invalid_argument("the name of a queue entry is one line without control characters");
  return {};
}

}  // namespace

SqliteQueue::SqliteQueue(LockedConnection& read, int version, Perform perform)
    : read_(read), version_(version), perform_(std::move(perform)) {}

Result<std::vector<QueueEntry>> SqliteQueue::entries() {
  if (version_ < kFirstVersion) return std::vector<QueueEntry>();
  const std::lock_guard lock(read_.mutex);
  auto rows = read_rows(read_.connection, gone);
  if (!rows.ok()) return rows.status().with_context("[project.queue]");
  std::vector<QueueEntry> entries;
  for (Row& row : *rows) entries.push_back(std::move(row.entry));
  return entries;
}

Result<std::vector<QueueId>> SqliteQueue::add(const std::vector<NewQueueEntry>& entries) {
  std::vector<QueueId> ids;
  const Status status = perform_("[project.queue]", [&](RowWriter& rows) -> Status {
    Connection& connection = rows.connection();
    WEFT_ASSIGN_OR_RETURN(Statement statement,
                          connection.prepare("INSERT INTO queue (place, name, config, state, added_at)"
                                             " VALUES ((SELECT coalesce(max(place), 0) + 1 FROM queue), ?, ?, 'waiting', ?)"));
    for (const NewQueueEntry& entry : entries) {
      WEFT_RETURN_IF_ERROR(check_name(entry.name));
      statement.bind_all(std::string_view(entry.name), std::string_view(to_json_line(entry.config)), std::string_view(utc_now()));
      WEFT_RETURN_IF_ERROR(statement.run());
      ids.push_back(connection.last_insert_id());
    }
    return {};
  });
  if (!status.ok()) return status;
  return ids;
}

Status SqliteQueue::move(QueueId entry, std::int64_t position) {
  return perform_("[project.queue]", [&](RowWriter& rows) -> Status {
    WEFT_ASSIGN_OR_RETURN(const std::vector<Row> all, read_rows(rows.connection(), gone));
    std::vector<QueueId> order;
    for (const Row& row : all)
      if (row.entry.id != entry) order.push_back(row.entry.id);
    if (order.size() == all.size()) return no_such_entry(entry);
    if (position < 1) return invalid_argument("positions in the queue are counted from 1, not " + std::to_string(position));
    order.insert(order.begin() + std::min<std::int64_t>(position - 1, static_cast<std::int64_t>(order.size())), entry);
    std::int64_t place = 0;
    for (const QueueId id : order)
      WEFT_RETURN_IF_ERROR(change_one(rows.connection(), id, "UPDATE queue SET place = ?2 WHERE id = ?1", ++place));
    return {};
  });
}

Status SqliteQueue::remove(QueueId entry) {
  return perform_("[project.queue]", [&](RowWriter& rows) -> Status {
    WEFT_ASSIGN_OR_RETURN(const std::vector<Row> all, read_rows(rows.connection(), gone));
    const auto at = std::ranges::find(all, entry, [](const Row& row) { return row.entry.id; });
    if (at == all.end()) return no_such_entry(entry);
    if (at->entry.state == kQueueRunning)
      return {ErrorCode::Busy, "entry " + std::to_string(entry) + " (" + quoted_excerpt(at->entry.name) + ") is running; stop it first"};
    return put_state(rows.connection(), entry, kQueueRemoved, at->entry.message);
  });
}

Result<std::optional<QueueEntry>> SqliteQueue::claim() {
  std::optional<QueueEntry> claimed;
  const Status status = perform_("[project.queue]", [&](RowWriter& rows) -> Status {
    WEFT_ASSIGN_OR_RETURN(std::vector<Row> all, read_rows(rows.connection(), gone));
    const auto next = std::ranges::find_if(all, [](const Row& row) { return row.entry.pending(); });
    if (next == all.end()) return {};
    claimed = std::move(next->entry);
    return change_one(rows.connection(), claimed->id,
                      "UPDATE queue SET state = 'running', message = '', owner_pid = ?2, owner_token = ?3 WHERE id = ?1", rows.owner().pid,
                      std::string_view(rows.owner().token));
  });
  if (!status.ok()) return status;
  return claimed;
}

Status SqliteQueue::set_run(QueueId entry, std::int64_t run) {
  return perform_("[project.queue]", [&](RowWriter& rows) {
    return change_one(rows.connection(), entry, "UPDATE queue SET run = ?2 WHERE id = ?1", run);
  });
}

Status SqliteQueue::settle(QueueId entry, const std::string& state, const std::string& message) {
  return perform_("[project.queue]", [&](RowWriter& rows) { return put_state(rows.connection(), entry, state, message); });
}

Status settle_left_entries(Connection& connection, const RunOwner& self, bool closing) {
  // One statement first: most projects have no such entry, and their configurations need not be read.
  WEFT_ASSIGN_OR_RETURN(const std::int64_t running, connection.query_int("SELECT count(*) FROM queue WHERE state = 'running'"));
  if (running == 0) return {};
  const auto left = [&](const RunOwner& owner) { return owner.is_gone() || (closing && owner.token == self.token); };
  WEFT_ASSIGN_OR_RETURN(const std::vector<Row> rows, read_rows(connection, left));
  for (const Row& row : rows)
    if (!row.owner.token.empty() && row.entry.state != kQueueRunning)
      WEFT_RETURN_IF_ERROR(put_state(connection, row.entry.id, row.entry.state, row.entry.message));
  return {};
}

}  // namespace weft
