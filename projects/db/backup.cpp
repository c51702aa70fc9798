// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/db/backup.h"

#include <sqlite3.h>

#include <filesystem>
#include <memory>

#include "projects/db/statement.h"

namespace weft {
namespace {

constexpr int kBusyMs = 5000, kPagesOfPiece = 1024;   // 4 MiB

struct Closer {
  void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite3, Closer>;

// The handle is there also where opening failed: it holds the reason.
int open(const std::string& name, int flags, Handle& handle) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  handle.reset(raw);
  if (raw) sqlite3_busy_timeout(raw, kBusyMs);
  return code;
}

// One read transaction holds what is committed now: without it, each row that another program writes would begin the copy anew.
Status copy_pages(sqlite3* from, sqlite3* to, const GoOn& go_on) {
  if (const int code = sqlite3_exec(from, "BEGIN; SELECT 1 FROM sqlite_schema LIMIT 1", nullptr, nullptr, nullptr); code != SQLITE_OK) return sqlite_status(from, code);
  sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
  if (!backup) return sqlite_status(to, sqlite3_errcode(to));
  bool on = true;
  int step = SQLITE_OK;
  while (on && step == SQLITE_OK) {
    step = sqlite3_backup_step(backup, kPagesOfPiece);
    const int all = sqlite3_backup_pagecount(backup);
    on = go_on(static_cast<std::uint64_t>(all - sqlite3_backup_remaining(backup)), static_cast<std::uint64_t>(all));
  }
  const int code = sqlite3_backup_finish(backup);   // what a step could not do comes out of it
  (void)sqlite3_exec(from, "ROLLBACK", nullptr, nullptr, nullptr);
  if (!on) return {ErrorCode::Cancelled, "copying the pages was ended"};
  if (code == SQLITE_OK && step != SQLITE_DONE) return sqlite_status(to, step);   // busy: of no consequence to finish
  return code == SQLITE_OK ? Status() : sqlite_status(to, code);
}

}  // namespace

Status backup_database(const std::string& from, const std::string& to, const GoOn& go_on) {
  Handle source, target;
  if (const int code = open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, target); code != SQLITE_OK) return sqlite_status(target.get(), code);
  if (const int code = open(from, SQLITE_OPEN_READONLY, source); code != SQLITE_OK) return sqlite_status(source.get(), code);
  Status status = copy_pages(source.get(), target.get(), go_on);
  std::error_code error;
  const auto log = std::filesystem::file_size(from + "-wal", error);
  if (status.ok() || status.code() == ErrorCode::Cancelled || (!error && log > 0)) return status;
  // where no lock file can be made beside it, and no log holds anything newer, nobody writes either
  if (open("file:" + from + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, source) != SQLITE_OK) return status;
  return copy_pages(source.get(), target.get(), go_on);
}

}  // namespace weft
