// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "projects/db/connection.h"
#include "projects/db/migrations.h"
#include "projects/db/transaction.h"
#include "tests/unit/projects/project_testing.h"

namespace weft::testing {
namespace {

Connection memory() { return must(Connection::open(":memory:", OpenMode::Create)); }

TEST(Connection, BindsAndReadsEveryType) {
  Connection connection = memory();
  EXPECT_OK(connection.execute("CREATE TABLE t (i INTEGER, r REAL, x TEXT, b BLOB)"));
  Statement insert = must(connection.prepare("INSERT INTO t VALUES (?, ?, ?, ?)"));
  const std::string text("a\0b\xff", 4);
  const std::array<std::byte, 3> blob{std::byte{1}, std::byte{0}, std::byte{255}};
  insert.bind_all(std::numeric_limits<std::int64_t>::min(), 0.1, std::string_view(text), std::span<const std::byte>(blob));
  EXPECT_OK(insert.run());
  insert.bind_all(std::int64_t{0}, std::nan(""), std::string_view(), std::span<const std::byte>());
  EXPECT_OK(insert.run());
  insert.bind_all(std::int64_t{1}, -std::numeric_limits<double>::infinity(), nullptr, nullptr);
  EXPECT_OK(insert.run());
  Statement select = must(connection.prepare("SELECT * FROM t ORDER BY rowid"));
  ASSERT_TRUE(must(select.step()));
  EXPECT_EQ(select.integer(0), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(select.real(1), 0.1);
  EXPECT_EQ(select.text(2), text);
  EXPECT_TRUE(std::ranges::equal(select.blob(3), blob));
  ASSERT_TRUE(must(select.step()));
  EXPECT_TRUE(std::isnan(select.real(1)));
  EXPECT_FALSE(select.is_null(2));
  EXPECT_TRUE(select.text(2).empty());
  EXPECT_TRUE(select.blob(3).empty());
  ASSERT_TRUE(must(select.step()));
  EXPECT_EQ(select.real(1), -std::numeric_limits<double>::infinity());
  EXPECT_TRUE(select.is_null(2));
  EXPECT_FALSE(must(select.step()));
}

TEST(Connection, RefusesWhatIsNotOneStatement) {
  Connection connection = memory();
  EXPECT_FALSE(connection.prepare("SELECT 1; SELECT 2").ok());
  EXPECT_FALSE(connection.prepare("SELEKT 1").ok());
  EXPECT_OK(connection.execute("CREATE TABLE a (x); -- one\nCREATE TABLE b (x);\n-- the end\n"));
  EXPECT_FALSE(connection.execute("CREATE TABLE c (x); nonsense").ok());
  EXPECT_EQ(must(connection.query_int("SELECT count(*) FROM sqlite_schema")), 3);
  EXPECT_FALSE(must(connection.prepare("SELECT ?")).valid() == false);
}

TEST(Connection, BindErrorComesOutOfStep) {
  Connection connection = memory();
  Statement statement = must(connection.prepare("SELECT ?"));
  statement.bind(7, std::int64_t{1});
  EXPECT_FALSE(statement.step().ok());
  statement.reset();
  EXPECT_TRUE(must(statement.step()));
}

TEST(Connection, ForeignKeysHoldAndAttachIsOff) {
  Connection connection = memory();
  EXPECT_OK(connection.execute("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INTEGER REFERENCES p (id))"));
  EXPECT_EQ(connection.execute("INSERT INTO c VALUES (1)").code(), ErrorCode::NotFound);
  EXPECT_FALSE(connection.execute("ATTACH DATABASE ':memory:' AS other").ok());
}

TEST(Transaction, RollsBackUnlessCommitted) {
  Connection connection = memory();
  EXPECT_OK(connection.execute("CREATE TABLE t (x INTEGER PRIMARY KEY)"));
  {
    Transaction transaction = must(Transaction::begin(connection));
    EXPECT_OK(connection.execute("INSERT INTO t VALUES (1)"));
    EXPECT_TRUE(connection.in_transaction());
  }
  EXPECT_FALSE(connection.in_transaction());
  {
    Transaction transaction = must(Transaction::begin(connection));
    EXPECT_OK(connection.execute("INSERT INTO t VALUES (2)"));
    Transaction moved = std::move(transaction);
    EXPECT_OK(moved.commit());
  }
  EXPECT_EQ(must(connection.query_int("SELECT sum(x) FROM t")), 2);
  EXPECT_EQ(connection.execute("INSERT INTO t VALUES (2)").code(), ErrorCode::AlreadyExists);
}

constexpr Migration kThree[] = {
    {1, "0001_a.sql", "CREATE TABLE a (x INTEGER)"},
    {2, "0002_b.sql", "ALTER TABLE a ADD COLUMN y TEXT; INSERT INTO a VALUES (1, 'two')"},
    {3, "0003_c.sql", "CREATE INDEX a_by_y ON a (y)"},
};

TEST(Migrations, GoStepByStepAndKeepData) {
  Connection connection = memory();
  EXPECT_OK(migrate(connection, std::span(kThree).first(1)));
  EXPECT_EQ(must(connection.query_int("PRAGMA user_version")), 1);
  EXPECT_EQ(must(connection.query_int("PRAGMA application_id")), kApplicationId);
  EXPECT_OK(connection.execute("INSERT INTO a VALUES (41)"));
  EXPECT_OK(migrate(connection, kThree));
  EXPECT_OK(migrate(connection, kThree));
  EXPECT_EQ(must(connection.query_int("PRAGMA user_version")), 3);
  EXPECT_EQ(must(connection.query_int("SELECT sum(x) FROM a")), 42);
  EXPECT_OK(verify_schema(connection, kThree));
  EXPECT_EQ(must(require_known(connection, kThree)), 3);
  EXPECT_EQ(require_known(connection, std::span(kThree).first(2)).status().code(), ErrorCode::VersionMismatch);
}

TEST(Migrations, AFailingOneLeavesTheLastWholeVersion) {
  constexpr Migration kBroken[] = {kThree[0], {2, "0002_broken.sql", "CREATE TABLE half (x INTEGER); CREATE TABLE a (x)"}};
  Connection connection = memory();
  const Status status = migrate(connection, kBroken);
  EXPECT_FALSE(status.ok());
  EXPECT_NE(status.message().find("0002_broken.sql"), std::string::npos) << status.message();
  EXPECT_EQ(must(connection.query_int("PRAGMA user_version")), 1);
  EXPECT_EQ(must(connection.query_int("SELECT count(*) FROM sqlite_schema WHERE name = 'half'")), 0);
}

TEST(Migrations, NewerVersionIsNamed) {
  Connection connection = memory();
  EXPECT_OK(migrate(connection, kThree));
  const Status status = migrate(connection, std::span(kThree).first(2));
  EXPECT_EQ(status.code(), ErrorCode::VersionMismatch);
  EXPECT_NE(status.message().find("version 3"), std::string::npos) << status.message();
  EXPECT_NE(status.message().find("up to 2"), std::string::npos) << status.message();
}

TEST(Migrations, OursAreNumberedWithoutAGap) {
  int version = 0;
  for (const Migration& migration : project_migrations()) {
    EXPECT_EQ(migration.version, ++version);
    EXPECT_TRUE(migration.name.starts_with("000")) << migration.name;
  }
  EXPECT_GE(version, 1);
}

TEST(Migrations, ASchemaThatIsNotOursIsSeen) {
  Connection connection = memory();
  EXPECT_OK(migrate(connection, project_migrations()));
  EXPECT_OK(connection.execute("CREATE INDEX mine ON metric (step)"));  // harmless
  EXPECT_OK(verify_schema(connection, project_migrations()));
  EXPECT_OK(connection.execute("CREATE TRIGGER evil AFTER INSERT ON metric BEGIN DELETE FROM run; END"));
  EXPECT_EQ(verify_schema(connection, project_migrations()).code(), ErrorCode::Corrupt);
  EXPECT_OK(connection.execute("DROP TRIGGER evil; DROP TRIGGER config_is_immutable"));
  EXPECT_EQ(verify_schema(connection, project_migrations()).code(), ErrorCode::Corrupt);
}

}  // namespace
}  // namespace weft::testing
