// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/data_loader.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>
#include <thread>

#include "engine/api/train_request.h"
#include "engine/core/text_util.h"
#include "engine/data/record_reader.h"
#include "engine/data/shuffle.h"
#include "engine/data/utf8.h"

namespace weft {
namespace {

constexpr std::size_t kSampleRows = 64;      // looked at to find the format
constexpr std::size_t kChunkRows = 512;      // tokenised together
constexpr std::size_t kMaxRejected = 10000;  // listed by line; beyond it they are only counted

// Calls work(i) for i < n on up to four threads.
void parallel_for(std::size_t n, const std::function<void(std::size_t)>& work) {
  const std::size_t threads = std::min<std::size_t>({4, std::max(1u, std::thread::hardware_concurrency()), n / 16});
  if (threads < 2) {
    for (std::size_t i = 0; i < n; ++i) work(i);
    return;
  }
  std::atomic<std::size_t> next{0};
  std::vector<std::jthread> pool;
  for (std::size_t t = 0; t < threads; ++t)
    pool.emplace_back([&] {
      for (std::size_t i; (i = next.fetch_add(1)) < n;) work(i);
    });
}

std::string percent(std::int64_t part, std::int64_t whole) {
  return std::to_string(std::llround(100.0 * double(part) / double(std::max<std::int64_t>(whole, 1)))) + " %";
}

class Loader {
 public:
  Loader(SettingValues data, const LoaderSources& sources, std::int64_t preview_rows)
      : data_(std::move(data)), sources_(sources), preview_rows_(std::max<std::int64_t>(preview_rows, 0)) {
    shown_.path = data_["path"];
    max_length_ = data_["max_length"];
  }

  Result<LoadedRows> run() {
    const std::string format = data_["format"];
    WEFT_ASSIGN_OR_RETURN(const DataFile file, DataFile::open(shown_.path, format));
    if (file.kind() == DataFileKind::Text) {
      WEFT_RETURN_IF_ERROR(read_stream(file));
    } else {
      WEFT_RETURN_IF_ERROR(read_records(file, format).with_context(shown_.path));
    }
    return finish();
  }

 private:
  Status make_builder(const std::string& format, bool single_turn) {
    WEFT_ASSIGN_OR_RETURN(TokenCoder coder, sources_.coder(format));
    ChatSource chat;
    if (format != "text" && format != "tokens") {
      WEFT_ASSIGN_OR_RETURN(chat, sources_.chat(data_["template"], single_turn));
      shown_.template_name = chat.name;
      if (!chat.warning.empty()) shown_.warnings.push_back(chat.warning);
    }
    if (format == "tokens" && coder.vocabulary == 0)
      shown_.warnings.emplace_back("the model has no tokenizer: token ids are not checked and not shown as text");
    builder_.emplace(std::move(coder), std::move(chat.render), chat.add_special, data_["train_on"] == "all",
                     max_length_);
    return {};
  }

  Status read_stream(const DataFile& file) {
    shown_.format = "text";
    shown_.how = "plain text (" + file.kind_reason() + "), one stream cut into rows of " + std::to_string(max_length_) +
                 " tokens";
    WEFT_RETURN_IF_ERROR(make_builder("text", false));
    std::string repaired;  // lines that are not UTF-8 are left out; their line ends stay, so that line numbers do
    std::string_view text = file.text();
    if (first_invalid_utf8(text) != std::string_view::npos) {
      std::int64_t number = 0;
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        const std::string_view line = text.substr(at, end - at);
        const std::size_t bad = first_invalid_utf8(line);
        ++number;
        if (bad == std::string_view::npos)
          repaired += line;
        else
          reject(number, "not UTF-8 at byte " + std::to_string(bad + 1) + " of the line");
        if (end < text.size()) repaired += '\n';
        at = end + 1;
      }
      text = repaired;
    }
    WEFT_ASSIGN_OR_RETURN(auto rows, builder_->build_stream(text, preview_rows_));
    std::int64_t line = 1;
    std::size_t counted = 0;
    for (auto& row : rows) {
      const std::size_t from = std::max(row.from, counted);
      line += std::count(text.begin() + std::ptrdiff_t(counted), text.begin() + std::ptrdiff_t(from), '\n');
      counted = from;
      if (std::int64_t(shown_.preview.size()) < preview_rows_) {
        row.preview.line = line;
        shown_.preview.push_back(std::move(row.preview));
      }
      BuiltRow built{.row = std::move(row.row)};
      built.trained = std::int64_t(built.row.ids.size()) - 1;
      keep(std::move(built));
    }
    return {};
  }

  Status read_records(const DataFile& file, const std::string& format) {
    WEFT_ASSIGN_OR_RETURN(const auto reader, RecordReader::open(file));
    std::vector<Record> records;
    bool more = true;
    WEFT_RETURN_IF_ERROR(fill(*reader, kSampleRows, records, more));
    if (records.empty()) return invalid_argument("holds no row");
    auto mapping = find_mapping(records, format);
    if (!mapping.ok()) return refuse_mapping(mapping.status(), records);
    mapping_ = std::move(mapping).value();
    shown_.format = mapping_.format;
    shown_.how = mapping_.how + " (" + data_file_kind_name(file.kind()) + ")";
    shown_.warnings = mapping_.warnings;
    WEFT_RETURN_IF_ERROR(make_builder(mapping_.format, mapping_.single_turn));
    while (true) {
      take(records);
      records.clear();
      if (!more) return {};
      WEFT_RETURN_IF_ERROR(fill(*reader, kChunkRows, records, more));
    }
  }

  // When no row could be read at all, what is wrong with the first says more than the missing columns.
  static Status refuse_mapping(const Status& status, const std::vector<Record>& records) {
    for (const auto& record : records)
      if (record.error.empty()) return status;
    return {status.code(), "no row can be read; line " + std::to_string(records[0].line) + ": " + records[0].error};
  }

  static Status fill(RecordReader& reader, std::size_t rows, std::vector<Record>& records, bool& more) {
    std::size_t bytes = 0;
    while (records.size() < rows && bytes < kMaxRowBytes) {
      WEFT_ASSIGN_OR_RETURN(auto record, reader.next());
      if (!record) {
        more = false;
        break;
      }
      as_columns(*record);
      bytes += record->bytes;
      records.push_back(std::move(*record));
    }
    return {};
  }

  void take(const std::vector<Record>& records) {
    struct Job {
      Example example;
      std::optional<Result<BuiltRow>> built;
    };
    std::vector<Job> jobs;
    std::vector<RejectedRow> bad;
    for (const auto& record : records) {
      auto examples = map_record(mapping_, record);
      if (!examples.ok()) {
        bad.push_back({record.line, examples.status().message()});
        continue;
      }
      for (auto& example : *examples) jobs.push_back({std::move(example), std::nullopt});
    }
    parallel_for(jobs.size(), [&](std::size_t i) { jobs[i].built.emplace(builder_->build(jobs[i].example)); });
    std::size_t next_bad = 0;
    for (auto& job : jobs) {
      for (; next_bad < bad.size() && bad[next_bad].line < job.example.line; ++next_bad)
        reject(bad[next_bad].line, bad[next_bad].reason);
      if (!job.built->ok()) {
        reject(job.example.line, job.built->status().message());
        continue;
      }
      if (std::int64_t(shown_.preview.size()) < preview_rows_) {
        PreviewRow preview;  // built again, with what is shown
        if (builder_->build(job.example, &preview).ok()) shown_.preview.push_back(std::move(preview));
      }
      keep(std::move(*job.built).value());
    }
    for (; next_bad < bad.size(); ++next_bad) reject(bad[next_bad].line, bad[next_bad].reason);
  }

  void keep(BuiltRow built) {
    shown_.tokens += std::int64_t(built.row.ids.size());
    shown_.trained_tokens += built.trained;
    shown_.cut_tokens += built.cut;
    shown_.cut_rows += built.cut > 0;
    searched_ += built.searched;
    rows_.push_back(std::move(built.row));
  }

  void reject(std::int64_t line, std::string reason) {
    if (++rejected_ <= std::int64_t(kMaxRejected)) shown_.rejected.push_back({line, std::move(reason)});
  }

  Result<LoadedRows> finish() {
    shown_.rows = std::int64_t(rows_.size());
    if (rows_.empty()) {
      if (shown_.rejected.empty())
        return invalid_argument(shown_.path + " gives no row of two tokens or more; nothing can be trained");
      return invalid_argument(shown_.path + ": no token is trained: all " + std::to_string(rejected_) +
                              " rows are rejected; line " + std::to_string(shown_.rejected[0].line) + ": " +
                              shown_.rejected[0].reason);
    }
    warn();
    LoadedRows loaded;
    std::vector<bool> aside(rows_.size(), false);
    const double share = data_["holdout"];
    if (share > 0) {
      const auto n = std::int64_t(rows_.size());
      shown_.held_out = std::min(n - 1, std::max<std::int64_t>(1, std::llround(share * double(n))));
      const auto order = shuffled_order(n, data_["seed"].get<std::uint64_t>(), 0);
      for (std::int64_t i = 0; i < shown_.held_out; ++i) aside[std::size_t(order[std::size_t(i)])] = true;
      if (shown_.held_out == 0) shown_.warnings.emplace_back("there is one row only: nothing is held out");
    }
    for (std::size_t i = 0; i < rows_.size(); ++i)
      (aside[i] ? loaded.held_out : loaded.train).push_back(std::move(rows_[i]));
    loaded.preview = std::move(shown_);
    return loaded;
  }

  void warn() {
    if (rejected_ > 0)
      shown_.warnings.push_back(std::to_string(rejected_) + " of " + std::to_string(rejected_ + shown_.rows) +
                                " rows are rejected");
    if (rejected_ > std::int64_t(kMaxRejected))
      shown_.warnings.push_back("only the first " + std::to_string(kMaxRejected) + " rejected rows are listed");
    if (shown_.cut_rows * 5 > shown_.rows)
      shown_.warnings.push_back(percent(shown_.cut_rows, shown_.rows) + " of the rows are cut at " +
                                std::to_string(max_length_) + " tokens; a higher max_length keeps their ends");
    if (searched_ > 0)
      shown_.warnings.push_back("in " + std::to_string(searched_) +
                                " rows the template rewrites earlier turns; the answers were found by their text");
  }

  SettingValues data_;
  const LoaderSources& sources_;
  std::int64_t preview_rows_, max_length_ = 0;
  RecordMapping mapping_;
  std::optional<RowBuilder> builder_;
  std::vector<TokenRow> rows_;
  std::int64_t rejected_ = 0, searched_ = 0;
  DataPreview shown_;
};

}  // namespace

Result<LoadedRows> load_rows(const SettingValues& data, const LoaderSources& sources, std::int64_t preview_rows) {
  for (const auto& section : run_sections()) {
    if (section.name != "data") continue;
    WEFT_ASSIGN_OR_RETURN(SettingValues complete, complete_settings(section.specs, data, "data"));
    if (complete["path"].get_ref<const std::string&>().empty())
      return invalid_argument("[data] path is missing: name a JSONL, JSON, CSV, text or token file");
    return Loader(std::move(complete), sources, preview_rows).run();
  }
  return internal_error("the section [data] is not declared");
}

}  // namespace weft
