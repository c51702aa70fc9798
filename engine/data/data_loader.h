// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way from a file to rows of tokens, with tokenizer and template handed in. One call, one thread that waits;
// rows are tokenised on a few threads of its own, those of a large file while training goes on.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/data_preview.h"
#include "engine/data/row_builder.h"
#include "engine/data/row_feed.h"

namespace weft {

struct ChatSource {
  RenderChat render;
  std::string name;          // "the model's own", "chatml", …
  std::string warning;       // "" or what the user should know about the choice
  bool add_special = false;  // the tokenizer adds its special tokens (templates write their own)
};

// Asked for only when the format needs them.
struct LoaderSources {
  std::function<Result<TokenCoder>(const std::string& format)> coder;
  std::function<Result<ChatSource>(const std::string& setting, bool single_turn)> chat;
};

struct LoadOptions {
  std::int64_t preview_rows = 0;
  // Files with more bytes may come as a feed, if every id that the tokenizer gives is below `vocabulary` (the model's; 0
  // wants all rows at once). Reading these many takes no longer than loading the engine does beside it.
  std::int64_t vocabulary = 0;
  std::size_t whole_bytes = 256u << 10;
  // Only a preview is wanted: rows are counted, compared and let go.
  std::optional<PreviewLimits> look = std::nullopt;
};

// Either all rows, in file order, or the feed that gives them.
struct LoadedRows {
  std::vector<TokenRow> train, held_out;
  DataPreview preview;
  std::unique_ptr<RowFeed> feed;  // plain text and nested instances never come so: their rows cannot be counted unread
};

// data: a [data] section; defaults are filled in. Errors as DataSet::load.
[[nodiscard]] Result<LoadedRows> load_rows(const SettingValues& data, const LoaderSources& sources,
                                           const LoadOptions& options);

// The tokenizer and templates of a model on disk.
[[nodiscard]] LoaderSources sources_of_model(const std::string& model_path);

}  // namespace weft
