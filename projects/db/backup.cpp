// SPDX-License-Identifier: GPL-3.0-or-later
#include "projects/db/backup.h"

#include <sqlite3.h>

#include <filesystem>
#include <memory>

#include "projects/db/statement.h"

namespace weft {
namespace {

constexpr int kBusyMs = 5000;

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

Status copy_pages(sqlite3* from, sqlite3* to) {
  sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
  if (!backup) return sqlite_status(to, sqlite3_errcode(to));
  (void)sqlite3_backup_step(backup, -1);   // its result comes out of finish
  const int code = sqlite3_backup_finish(backup);
  return code == SQLITE_OK ? Status() : sqlite_status(to, code);
}

}  // namespace

Status backup_database(const std::string& from, const std::string& to) {
  Handle source, target;
  if (const int code = open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, target); code != SQLITE_OK) return sqlite_status(target.get(), code);
  if (const int code = open(from, SQLITE_OPEN_READONLY, source); code != SQLITE_OK) return sqlite_status(source.get(), code);
  Status status = copy_pages(source.get(), target.get());
  std::error_code error;
  const auto log = std::filesystem::file_size(from + "-wal", error);
  if (status.ok() || (!error && log > 0)) return status;
  // where no lock file can be made beside it, and no log holds anything newer, nobody writes either
  if (open("file:" + from + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, source) != SQLITE_OK) return status;
  return copy_pages(source.get(), target.get());
}

}  // namespace weft
