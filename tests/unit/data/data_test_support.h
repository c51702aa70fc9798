// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of engine/data share: files, and a coder whose tokens are bytes, so that every expectation can be
// counted.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/data/data_loader.h"
#include "engine/data/record_reader.h"

namespace weft::test {

inline std::string data_set(const std::string& name) {
  return std::string(WEFT_TEST_DATA) + "/data_sets/" + name;
}

class TemporaryFile {
 public:
  TemporaryFile(const std::string& name, const std::string& content) {
    folder_ = std::filesystem::temp_directory_path() /
              ("weft-data-" + std::to_string(::getpid()) + "-" + std::to_string(count()++));
    std::filesystem::create_directories(folder_);
    path_ = folder_ / name;
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove_all(folder_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  static int& count() {
    static int value = 0;
    return value;
  }
  std::filesystem::path folder_, path_;
};

inline Result<std::vector<Record>> read_all(const std::string& path, const std::string& format = "auto") {
  WEFT_ASSIGN_OR_RETURN(const DataFile file, DataFile::open(path, format));
  WEFT_ASSIGN_OR_RETURN(const auto reader, RecordReader::open(file));
  std::vector<Record> records;
  while (true) {
    WEFT_ASSIGN_OR_RETURN(auto record, reader->next());
    if (!record) return records;
    records.push_back(std::move(*record));
  }
}

// One token a byte; special: begin and end tokens 256 and 257 where asked for.
inline TokenCoder byte_coder() {
  TokenCoder coder;
  coder.encode = [](std::string_view text, bool add_special) -> Result<Encoding> {
    Encoding out;
    auto add = [&](std::int32_t id, std::size_t begin, std::size_t end, bool special) {
      out.ids.push_back(id);
      out.begin.push_back(std::uint32_t(begin));
      out.end.push_back(std::uint32_t(end));
      out.special.push_back(special);
    };
    if (add_special) add(256, 0, 0, true);
    for (std::size_t i = 0; i < text.size(); ++i) add(static_cast<unsigned char>(text[i]), i, i + 1, false);
    return out;
  };
  coder.decode = [](const std::vector<std::int32_t>& ids, bool skip_special) {
    std::string text;
    for (const auto id : ids)
      if (id < 256)
        text += static_cast<char>(id);
      else if (!skip_special)
        text += "<s>";
    return text;
  };
  coder.piece = [](std::int32_t id) { return id < 256 ? std::string(1, static_cast<char>(id)) : std::string("<s>"); };
  coder.vocabulary = 258;
  return coder;
}

// The words a chat template adds, written out: "<role>content</role>\n", asking with "<assistant>".
inline Result<RenderedChat> tagged_chat(const Json& messages, bool ask) {
  RenderedChat out;
  for (const auto& message : messages) {
    const std::string role = message["role"];
    out.text += "<" + role + ">" + message["content"].get<std::string>() + "</" + role + ">\n";
  }
  if (ask) out.text += "<assistant>";
  return out;
}

inline LoaderSources byte_sources() {
  return {.coder = [](const std::string&) -> Result<TokenCoder> { return byte_coder(); },
          .chat = [](const std::string&, bool) -> Result<ChatSource> {
            return ChatSource{.render = tagged_chat, .name = "tagged"};
          }};
}

// The trained bytes of a row, masked stretches as one '·'.
inline std::string trained_text(const TokenRow& row) {
  std::string text;
  for (std::size_t i = 0; i < row.ids.size(); ++i) {
    if (row.labels[i] != kNoLabel)
      text += static_cast<char>(row.labels[i]);
    else if (i == 0 || row.labels[i - 1] != kNoLabel)
      text += "·";
  }
  return text;
}

}  // namespace weft::test
