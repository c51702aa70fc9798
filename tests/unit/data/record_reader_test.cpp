// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/record_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "data_test_support.h"
#include "engine/data/json_scan.h"
#include "engine/data/utf8.h"

namespace weft {
namespace {

using test::data_set;
using test::read_all;
using test::TemporaryFile;
using testing::HasSubstr;

TEST(RecordReader, ReadsCsvSpectrum) {
  int pairs = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data_set("csv_spectrum"))) {
    if (entry.path().extension() != ".csv") continue;
    auto expected_path = entry.path();
    expected_path.replace_extension(".json");
    SCOPED_TRACE(entry.path().filename().string());
    const auto records = read_all(entry.path().string());
    ASSERT_TRUE(records.ok()) << records.status().message();
    const auto text = read_file(expected_path, 1 << 20);
    ASSERT_TRUE(text.ok());
    const auto expected = parse_json(*text);
    ASSERT_TRUE(expected.ok());
    Json found = Json::array();
    for (const auto& record : *records) {
      EXPECT_EQ(record.error, "");
      found.push_back(record.value);
    }
    EXPECT_EQ(found, *expected);
    ++pairs;
  }
  EXPECT_EQ(pairs, 11);
}

TEST(RecordReader, CsvLinesCountThroughQuotedLineEnds) {
  const auto records = read_all(data_set("pairs.csv"));
  ASSERT_TRUE(records.ok()) << records.status().message();
  ASSERT_EQ(records->size(), 2u);
  EXPECT_EQ((*records)[0].line, 2);
  EXPECT_EQ((*records)[0].value["answer"], "Two: \"a\" and \"b\"");
  EXPECT_EQ((*records)[1].line, 3);
  EXPECT_EQ((*records)[1].value["question"], "First line\r\nSecond line");
}

TEST(RecordReader, CsvFaultsNameLineAndNumbers) {
  const TemporaryFile file("a.csv", "a,b\n1,2\n1,2,3\n\"x\"y,2\n\xff,2\n\n3,4\n");
  const auto records = read_all(file.path());
  ASSERT_TRUE(records.ok()) << records.status().message();
  ASSERT_EQ(records->size(), 5u);
  EXPECT_EQ((*records)[1].line, 3);
  EXPECT_THAT((*records)[1].error, HasSubstr("has 3 fields; the header has 2"));
  EXPECT_THAT((*records)[2].error, HasSubstr("text follows a closing quote"));
  EXPECT_THAT((*records)[3].error, HasSubstr("not UTF-8 at byte 1"));
  EXPECT_EQ((*records)[4].line, 7);
  EXPECT_EQ((*records)[4].value, (Json{{"a", "3"}, {"b", "4"}}));

  const TemporaryFile open_quote("b.csv", "a,b\n1,2\n\"never,closed\n3,4\n");
  const auto broken = read_all(open_quote.path());
  ASSERT_FALSE(broken.ok());
  EXPECT_THAT(broken.status().message(), HasSubstr("line 3: a quote opened in this row is never closed"));

  const TemporaryFile twice("c.csv", "a,a\n1,2\n");
  EXPECT_THAT(read_all(twice.path()).status().message(), HasSubstr("twice"));
}

TEST(RecordReader, CsvTakesSemicolonsAndTabsFromItsHeader) {
  const TemporaryFile file("a.csv", "prompt;completion\nx, y;z\n");
  const auto records = read_all(file.path());
  ASSERT_TRUE(records.ok());
  EXPECT_EQ((*records)[0].value["prompt"], "x, y");
  const auto tabs = read_all(data_set("pairs.tsv"));
  ASSERT_TRUE(tabs.ok());
  EXPECT_EQ((*tabs)[1].value["completion"], "was \"big\".");
}

TEST(RecordReader, SameRowsFromLinesArrayAndWrapper) {
  const auto lines = read_all(data_set("alpaca.jsonl")), array = read_all(data_set("alpaca.json")),
             wrapped = read_all(data_set("wrapped.json"));
  ASSERT_TRUE(lines.ok() && array.ok() && wrapped.ok());
  ASSERT_EQ(lines->size(), 4u);
  ASSERT_EQ(array->size(), 4u);
  ASSERT_EQ(wrapped->size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ((*array)[i].line, std::int64_t(i + 1));
    EXPECT_EQ((*lines)[i].line, std::int64_t(i + 1));
    EXPECT_EQ((*array)[i].value, (*wrapped)[i].value);
    Json plain = (*lines)[i].value;
    plain.erase("category");
    EXPECT_EQ(plain, (*array)[i].value);
  }
}

TEST(RecordReader, EachBadLineIsNamed) {
  const auto records = read_all(data_set("some_rejected.jsonl"));
  ASSERT_TRUE(records.ok()) << records.status().message();
  std::vector<std::int64_t> bad;
  for (const auto& record : *records)
    if (!record.error.empty()) bad.push_back(record.line);
  EXPECT_EQ(bad, (std::vector<std::int64_t>{3, 6}));
}

TEST(RecordReader, BrokenArraysNameRecordAndLine) {
  const TemporaryFile open_array("a.json", "[\n{\"text\":\"a\"},\n{\"text\":\"b\"}\n");
  EXPECT_THAT(read_all(open_array.path()).status().message(), HasSubstr("never closed"));
  const TemporaryFile comma("b.json", "[\n{\"text\":\"a\"}\n{\"text\":\"b\"}]");
  EXPECT_THAT(read_all(comma.path()).status().message(), HasSubstr("record 2, from line 3: a ',' or ']' is missing"));
  const TemporaryFile trailing("c.json", "[{\"text\":\"a\"}] x");
  EXPECT_THAT(read_all(trailing.path()).status().message(), HasSubstr("follows the end"));
  const TemporaryFile twice("d.json", "[{\"text\":\"a\"},,{\"text\":\"b\"}]");
  EXPECT_FALSE(read_all(twice.path()).ok());
  const TemporaryFile word("e.json", "[{\"text\":\"a\"},\n{\"text\":truth}]");
  EXPECT_THAT(read_all(word.path()).status().message(), HasSubstr("record 2, from line 2: not valid JSON"));
}

TEST(RecordReader, HostileRowsAreRefusedUnread) {
  std::string keys = "{";
  for (int i = 0; i < 300000; ++i) keys += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  const TemporaryFile file("a.jsonl", keys + "}\n" + std::string(100000, '[') + "\n{\"text\":\"" +
                                          std::string(kMaxRowBytes, 'x') + "\"}\n{\"text\":\"good\"}\n");
  const auto records = read_all(file.path());
  ASSERT_TRUE(records.ok());
  ASSERT_EQ(records->size(), 4u);
  EXPECT_THAT((*records)[0].error, HasSubstr("300000 keys"));
  EXPECT_THAT((*records)[1].error, HasSubstr("nested deeper than"));
  EXPECT_THAT((*records)[2].error, HasSubstr("at most 8.4 MB"));
  EXPECT_EQ((*records)[3].value["text"], "good");
}

TEST(DataFile, RefusesWhatIsNotReadByName) {
  const std::vector<std::tuple<std::string, std::string, std::string>> cases{
      {"a.parquet", "PAR1", "Parquet"},
      {"a.json", std::string("\x1f\x8b\x08", 3), "gzip"},
      {"a.zip", "PK\x03\x04", "zip"},
      {"a.gguf", "GGUFxxxx", "GGUF model"},
      {"a.txt", std::string("ab\0cd", 5), "binary"},
      {"a.csv",
       "\xff\xfe"
       "a",
       "UTF-16"},
      {"a.txt", " \n\n", "is empty"},
      {"a.pkl", "cos\nsystem\n", "the ending .pkl"},
  };
  for (const auto& [name, content, expected] : cases) {
    const TemporaryFile file(name, content);
    const auto opened = DataFile::open(file.path(), "auto");
    ASSERT_FALSE(opened.ok()) << name;
    EXPECT_THAT(opened.status().message(), HasSubstr(expected)) << name;
  }
  EXPECT_EQ(DataFile::open("/nowhere/a.jsonl", "auto").status().code(), ErrorCode::NotFound);
}

TEST(DataFile, LinesUnderAJsonEndingAreFound) {
  const TemporaryFile file("dev.json", "{\"text\":\"a\"}\n{\"text\":\"b\"}\n");
  const auto opened = DataFile::open(file.path(), "auto");
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->kind(), DataFileKind::JsonLines);
}

TEST(Utf8, FindsTheFirstBadByte) {
  const auto none = std::string_view::npos;
  EXPECT_EQ(first_invalid_utf8("plain text that is longer than eight bytes"), none);
  EXPECT_EQ(first_invalid_utf8("Γειά \xF0\x9F\x8E\x89 \xEF\xBF\xBF"), none);
  EXPECT_EQ(first_invalid_utf8("ab\x80"), 2u);
  EXPECT_EQ(first_invalid_utf8("abcdefgh\xC0\xAF"), 8u);  // overlong
  EXPECT_EQ(first_invalid_utf8("a\xED\xA0\x80"), 1u);     // surrogate
  EXPECT_EQ(first_invalid_utf8("\xF4\x90\x80\x80"), 0u);  // over U+10FFFF
  EXPECT_EQ(first_invalid_utf8("abc\xE2\x82"), 3u);       // ends early
}

TEST(JsonScan, FindsTheEndOfValues) {
  EXPECT_EQ(*json_value_end(R"({"a":"}\"]"} ,1)", 0), 12u);
  EXPECT_EQ(*json_value_end("[1,[2],{}]x", 0), 10u);
  EXPECT_EQ(*json_value_end("12.5e3,", 0), 6u);
  EXPECT_FALSE(json_value_end("[1}", 0).ok());
  EXPECT_FALSE(json_value_end("\"abc\\", 0).ok());
  std::size_t members = 0;
  ASSERT_TRUE(json_value_end(R"({"a":{"b":1,"c":2,"d":3},"e":":"})", 0, &members).ok());
  EXPECT_EQ(members, 3u);
}

}  // namespace
}  // namespace weft
