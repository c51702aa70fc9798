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
#include "engine/data/repeats.h"
#include "engine/data/shuffle.h"
#include "engine/data/utf8.h"

namespace weft {
namespace {

constexpr std::size_t kSampleRows = 64;      // looked at to find the format
constexpr std::size_t kChunkRows = 512;      // tokenised together

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

// Which of n rows are held out.
std::vector<bool> split(std::int64_t n, const SettingValues& data) {
  std::vector<bool> aside(static_cast<std::size_t>(n), false);
  const double share = data.at("holdout");
  if (share <= 0) return aside;
  const std::int64_t held_out = std::min(n - 1, std::max<std::int64_t>(1, std::llround(share * double(n))));
  const auto order = shuffled_order(n, data.at("seed").get<std::uint64_t>(), 0);
  for (std::int64_t i = 0; i < held_out; ++i) aside[std::size_t(order[std::size_t(i)])] = true;
  return aside;
}

class Loader {
 public:
  Loader(SettingValues data, const LoaderSources& sources, const LoadOptions& options)
      : data_(std::move(data)),
        sources_(sources),
        options_(options),
        max_length_(data_["max_length"]),
        tally_(max_length_) {
    tally_.shown.path = data_["path"];
  }

  Result<LoadedRows> run() {
    const std::string format = data_["format"], path = data_["path"];
    WEFT_ASSIGN_OR_RETURN(DataFile opened, DataFile::open(path, format));
    auto file = std::make_unique<DataFile>(std::move(opened));
    tally_.shown.file_kind = data_file_kind_name(file->kind());
    tally_.shown.bytes = tally_.shown.file_bytes = file->text().size();
    if (options_.look && options_.look->watch) options_.look->watch->of = file->text().size();
    if (file->kind() == DataFileKind::Text) {
      WEFT_RETURN_IF_ERROR(read_stream(*file));
      return finish(nullptr);
    }
    const bool large = options_.vocabulary > 0 && file->text().size() > options_.whole_bytes;
    if (large) file->keep_copy();
    auto reader = RecordReader::open(*file);
    if (!reader.ok()) return reader.status().with_context(path);
    Status status = find_format(**reader, format, file->kind());
    if (status.ok() && large && mapping_.nested.empty() && vocabulary_ > 0 && vocabulary_ <= options_.vocabulary)
      return feed(std::move(file), std::move(*reader));
    if (status.ok()) status = read_records(**reader);
    if (!status.ok()) return status.with_context(path);
    return finish(reader->get());
  }

  // The file's columns alone.
  Result<std::vector<DataColumn>> columns() {
    const std::string path = data_["path"];
    WEFT_ASSIGN_OR_RETURN(const DataFile file, DataFile::open(path, data_["format"]));
    if (file.kind() == DataFileKind::Text) return std::vector<DataColumn>();
    WEFT_ASSIGN_OR_RETURN(const auto reader, RecordReader::open(file));
    WEFT_RETURN_IF_ERROR(fill(*reader, kSampleRows, sample_, more_));
    return columns_of(sample_);
  }

 private:
  Status make_builder(const std::string& format, bool single_turn) {
    WEFT_ASSIGN_OR_RETURN(TokenCoder coder, sources_.coder(format));
    ChatSource chat;
    if (format != "text" && format != "tokens") {
      WEFT_ASSIGN_OR_RETURN(chat, sources_.chat(data_["template"], single_turn));
      tally_.shown.template_name = chat.name;
      if (!chat.warning.empty()) tally_.shown.warnings.push_back(chat.warning);
    }
    if (format == "tokens" && coder.vocabulary == 0)
      tally_.shown.warnings.emplace_back("the model has no tokenizer: token ids are not checked and not shown as text");
    vocabulary_ = coder.vocabulary;
    builder_.emplace(std::move(coder), std::move(chat.render), chat.add_special, data_["train_on"] == "all",
                     max_length_);
    return {};
  }

  Status read_stream(const DataFile& file) {
    tally_.shown.format = "text";
    tally_.shown.how = "plain text (" + file.kind_reason() + "), one stream cut into rows of " + std::to_string(max_length_) +
                 " tokens";
    WEFT_RETURN_IF_ERROR(make_builder("text", false));
    std::string repaired;  // lines that are not UTF-8 are left out; their line ends stay, so that line numbers do
    std::string_view text = file.text();
    if (const std::uint64_t most = options_.look ? options_.look->most_bytes : 0; most > 0 && text.size() > most) {
      std::size_t end = text.rfind('\n', most);
      if (end == std::string_view::npos)
        for (end = most; end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80;) --end;  // not inside a character
      text = text.substr(0, end);
      tally_.shown.bytes = text.size();
    }
    if (options_.look) repeats_not_compared_ = "plain text is one stream without rows of its own";
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
          tally_.reject(number, "not UTF-8 at byte " + std::to_string(bad + 1) + " of the line");
        if (end < text.size()) repaired += '\n';
        at = end + 1;
      }
      text = repaired;
    }
    WEFT_ASSIGN_OR_RETURN(auto rows, builder_->build_stream(text, options_.preview_rows));
    std::int64_t line = 1;
    std::size_t counted = 0;
    for (auto& row : rows) {
      const std::size_t from = std::max(row.from, counted);
      line += std::count(text.begin() + std::ptrdiff_t(counted), text.begin() + std::ptrdiff_t(from), '\n');
      counted = from;
      if (std::int64_t(tally_.shown.preview.size()) < options_.preview_rows) {
        row.preview.line = line;
        tally_.shown.preview.push_back(std::move(row.preview));
      }
      BuiltRow built{.row = std::move(row.row)};
      built.trained = std::int64_t(built.row.ids.size()) - 1;
      keep(std::move(built));
    }
    return {};
  }

  Status find_format(RecordReader& reader, const std::string& format, DataFileKind kind) {
    WEFT_RETURN_IF_ERROR(fill(reader, kSampleRows, sample_, more_));
    if (sample_.empty()) return invalid_argument("holds no row");
    auto mapping = find_mapping(sample_, format, column_choice(data_));
    if (!mapping.ok()) return refuse_mapping(mapping.status(), sample_);
    mapping_ = std::move(mapping).value();
    DataPreview& shown = tally_.shown;
    shown.columns = columns_of(sample_);
    shown.mapping = named_columns(mapping_);
    shown.format = mapping_.format;
    shown.how = mapping_.how + " (" + data_file_kind_name(kind) + ")";
    shown.warnings = mapping_.warnings;
    return make_builder(mapping_.format, mapping_.single_turn);
  }

  Status read_records(RecordReader& reader) {
    std::vector<Record> records = std::move(sample_);
    while (true) {
      const std::size_t end = records.empty() ? 0 : records.back().place.begin + records.back().place.bytes;
      take(records);
      records.clear();
      if (!more_) return {};
      if (options_.look) {
        WEFT_ASSIGN_OR_RETURN(const bool enough, looked_enough(end));
        if (enough) return count_rest(reader);
      }
      WEFT_RETURN_IF_ERROR(fill(reader, kChunkRows, records, more_));
    }
  }

  static Status cancelled() { return {ErrorCode::Cancelled, "the look at the data was ended"}; }

  // After so many bytes of the file.
  Result<bool> looked_enough(std::size_t bytes) {
    if (const auto& watch = options_.look->watch) {
      if (watch->cancelled) return cancelled();
      watch->rows = tally_.kept();
      watch->bytes = bytes;
    }
    if (options_.look->most_bytes == 0 || bytes < options_.look->most_bytes) return false;
    tally_.shown.bytes = bytes;
    return true;
  }

  // Which rows are held out depends on how many there are.
  Status count_rest(RecordReader& reader) {
    bool any = false;
    while (true) {
      WEFT_ASSIGN_OR_RETURN(const auto place, reader.skip());
      if (!place) break;
      any = true;
      if (++records_ % 4096 == 0 && options_.look->watch && options_.look->watch->cancelled) return cancelled();
    }
    if (!any) tally_.shown.bytes = tally_.shown.file_bytes;
    return {};
  }

  Result<LoadedRows> feed(std::unique_ptr<DataFile> file, std::unique_ptr<RecordReader> reader) {
    std::vector<RecordPlace> places;
    for (const auto& record : sample_) places.push_back(record.place);
    while (true) {
      auto place = reader->skip();
      if (!place.ok()) return place.status().with_context(tally_.shown.path);
      if (!*place) break;
      places.push_back(**place);
    }
    const auto aside = split(std::int64_t(places.size()), data_);
    const auto rows = std::int64_t(std::count(aside.begin(), aside.end(), false));
    LoadedRows loaded;
    loaded.feed = std::make_unique<RowFeed>(
        RowFeed::Source{std::move(file), std::move(reader), std::move(mapping_), std::move(*builder_)},
        std::move(places), aside, std::move(tally_),
        first_order(rows, data_["shuffle"].get<bool>(), data_["seed"].get<std::uint64_t>()));
    WEFT_RETURN_IF_ERROR(loaded.feed->start());
    return loaded;
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
      bytes += record->place.bytes;
      records.push_back(std::move(*record));
    }
    return {};
  }

  void take(const std::vector<Record>& records) {
    struct Job {
      Example example;
      RecordPlace place;
      std::int64_t record;
      ContentKey key;
      std::optional<Result<BuiltRow>> built;
    };
    std::vector<Job> jobs;
    std::vector<RejectedRow> bad;
    for (const auto& record : records) {
      auto examples = map_record(mapping_, record);
      ++records_;
      if (!examples.ok()) {
        bad.push_back({record.line, examples.status().message()});
        continue;
      }
      for (auto& example : *examples) jobs.push_back({std::move(example), record.place, records_ - 1, {}, std::nullopt});
    }
    parallel_for(jobs.size(), [&](std::size_t i) {
      if (options_.look) jobs[i].key = content_key(jobs[i].example);
      jobs[i].built.emplace(builder_->build(jobs[i].example));
    });
    std::size_t next_bad = 0;
    for (auto& job : jobs) {
      for (; next_bad < bad.size() && bad[next_bad].line < job.example.line; ++next_bad)
        tally_.reject(bad[next_bad].line, bad[next_bad].reason);
      if (!job.built->ok()) {
        tally_.reject(job.example.line, job.built->status().message());
        continue;
      }
      if (std::int64_t(tally_.shown.preview.size()) < options_.preview_rows) {
        PreviewRow preview;  // built again, with what is shown
        if (builder_->build(job.example, &preview).ok()) tally_.shown.preview.push_back(std::move(preview));
      }
      if (options_.look) {
        repeats_.add(job.key, job.place);
        kept_records_.push_back(job.record);
      }
      keep(std::move(*job.built).value());
    }
    for (; next_bad < bad.size(); ++next_bad) tally_.reject(bad[next_bad].line, bad[next_bad].reason);
  }

  void keep(BuiltRow built) {
    tally_.keep(built);
    if (!options_.look) rows_.push_back(std::move(built.row));
  }

  Result<LoadedRows> finish(const RecordReader* reader) {
    if (tally_.kept() == 0) return tally_.nothing_kept();
    LoadedRows loaded;
    if (options_.look) {
      loaded.preview = tally_.sum_up();
      look_closer(reader, loaded.preview);
      return loaded;
    }
    const auto aside = split(std::int64_t(rows_.size()), data_);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      (aside[i] ? loaded.held_out : loaded.train).push_back(std::move(rows_[i]));
    loaded.preview = tally_.sum_up();
    loaded.preview.held_out = std::int64_t(loaded.held_out.size());
    if (rows_.size() == 1 && data_["holdout"].get<double>() > 0)
      loaded.preview.warnings.emplace_back("there is one row only: nothing is held out");
    return loaded;
  }

  // Held out as training will hold out, and what is in it twice.
  void look_closer(const RecordReader* reader, DataPreview& preview) {
    // rows of large files are split by their records, before any is read
    const bool by_record = reader && mapping_.nested.empty() && (preview.file_bytes > options_.whole_bytes || preview.partial());
    const auto aside = split(by_record ? records_ : tally_.kept(), data_);
    const auto held_out = [&](std::size_t row) { return bool(aside[by_record ? std::size_t(kept_records_[row]) : row]); };
    for (std::size_t i = 0; i < std::size_t(tally_.kept()); ++i) preview.held_out += held_out(i);
    if (preview.rows == 1 && data_["holdout"].get<double>() > 0)
      preview.warnings.emplace_back("there is one row only: nothing is held out");
    if (preview.partial())
      preview.warnings.push_back("only the first " + human_bytes(double(preview.bytes)) + " of " + human_bytes(double(preview.file_bytes)) + " were looked at: the figures are theirs");
    preview.repeats.why_not = repeats_not_compared_;
    if (!reader) return;
    preview.repeats = repeats_.find(held_out, [&](const RecordPlace& place) {
      Record record = reader->read(place);
      as_columns(record);
      const auto examples = map_record(mapping_, record);
      return examples.ok() ? content_excerpt(examples->front()) : std::string();
    });
    const RepeatCheck& found = preview.repeats;
    if (found.leaked > 0) preview.warnings.push_back(std::to_string(found.leaked) + " of " + std::to_string(preview.held_out) + " held-out rows are also trained: the hold-out loss flatters");
    if (found.duplicates * 100 > preview.rows) preview.warnings.push_back(std::to_string(found.duplicates) + " rows say what an earlier one says");
  }

  SettingValues data_;
  const LoaderSources& sources_;
  const LoadOptions options_;
  const std::int64_t max_length_;
  RecordMapping mapping_;
  std::int64_t vocabulary_ = 0;
  std::optional<RowBuilder> builder_;
  std::vector<Record> sample_;  // the first rows, by which the format was found
  bool more_ = true;            // rows follow them
  std::vector<TokenRow> rows_;
  RowTally tally_;
  // of a preview
  std::int64_t records_ = 0;                  // gone past
  std::vector<std::int64_t> kept_records_;    // the record of each row
  RepeatFinder repeats_;
  std::string repeats_not_compared_;
};

}  // namespace

namespace {

Result<SettingValues> complete_data(const SettingValues& data) {
  for (const auto& section : run_sections()) {
    if (section.name != "data") continue;
    WEFT_ASSIGN_OR_RETURN(SettingValues complete, complete_settings(section.specs, data, "data"));
    if (complete["path"].get_ref<const std::string&>().empty())
      return invalid_argument("[data] path is missing: name a JSONL, JSON, CSV, text or token file");
    return complete;
  }
  return internal_error("the section [data] is not declared");
}

}  // namespace

Result<LoadedRows> load_rows(const SettingValues& data, const LoaderSources& sources, const LoadOptions& options) {
  WEFT_ASSIGN_OR_RETURN(SettingValues complete, complete_data(data));
  return Loader(std::move(complete), sources, options).run();
}

Result<std::vector<DataColumn>> data_columns(const SettingValues& data) {
  WEFT_ASSIGN_OR_RETURN(SettingValues complete, complete_data(data));
  return Loader(std::move(complete), {}, {}).columns();
}

}  // namespace weft
