// SPDX-License-Identifier: GPL-3.0-or-later
// What a run can be exported as and how many bytes that takes, which model it belongs to, and the lines that load what was written: what window and
// command line say around an export. Plain values; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/method_exports.h"
#include "engine/core/status.h"

namespace weft {

struct ExportOffer {
  ExportWay way;
  std::uint64_t bytes = 0;         // of its tensors; 0: the record does not say
};

// Of a run, by its [method] section and the facts of its start (`started` of projects/schema/schema.md; null before it has begun). rank: of "peft-rank".
// dtype as ExportRequest has it. Empty where the section names no method of ours.
[[nodiscard]] std::vector<ExportOffer> export_offers(const Json& method, const Json& started, std::int64_t rank, const std::string& dtype);

// What of them is left where this model is the base: one merged GGUF file is made of a GGUF file alone.
[[nodiscard]] std::vector<ExportOffer> offers_for_base(std::vector<ExportOffer> offers, const std::string& model);

// The model that an adapter belongs to.
struct BaseIdentity {
  std::string name;                // "SmolLM2-135M-Instruct"
  std::string file;                // "SmolLM2-135M-Instruct.Q4_1.gguf", or the folder's name
  std::uint64_t bytes = 0;         // of its weights
  // Of the file; of a folder with several weight files that of the lines "hash  name\n", as sha256sum prints them, by name. "": not asked for.
  std::string sha256;
};
// Models above this are named without their hash where somebody waits for something else. weft-cli export says the hash of all.
inline constexpr std::uint64_t kMostHashed = std::uint64_t{4} << 30;
// with_hash reads the whole model.
[[nodiscard]] Result<BaseIdentity> base_identity(const std::string& model, bool with_hash);

struct LoadSnippet {
  std::string title;               // "Python", "llama.cpp"
  std::string text;                // whole lines
};
// format as ExportWay::format. folder: what was written, with these files. base: the model it was made on, a GGUF file or a folder.
[[nodiscard]] std::vector<LoadSnippet> load_snippets(const std::string& format, const std::string& folder, const std::vector<std::string>& files,
                                                     const std::string& base);

}  // namespace weft
