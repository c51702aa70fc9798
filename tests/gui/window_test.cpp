// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/window_test.h"

#include <sqlite3.h>

namespace weft::test {

void interrupt_last_run(const QString& project) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(project.toUtf8().constData(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, "UPDATE run SET state = 'running', finished_at = NULL, owner_pid = 999999999, owner_token = 'another boot/1/1' "
                             "WHERE id = (SELECT max(id) FROM run)", nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
}

}  // namespace weft::test
