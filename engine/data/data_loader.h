// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way from a file to rows of tokens, with tokenizer and template handed in. One call, one thread that waits;
// rows are tokenised on a few threads of its own.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/api/data_preview.h"
#include "engine/data/row_builder.h"

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

struct LoadedRows {
  std::vector<TokenRow> train, held_out;  // in file order
  DataPreview preview;
};

// data: a [data] section; defaults are filled in. Errors as DataSet::load.
[[nodiscard]] Result<LoadedRows> load_rows(const SettingValues& data, const LoaderSources& sources,
                                           std::int64_t preview_rows);

// The tokenizer and templates of a model on disk.
[[nodiscard]] LoaderSources sources_of_model(const std::string& model_path);

}  // namespace weft
