// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/data_preview.h"

#include "engine/data/data_loader.h"

namespace weft {

const char* token_state_name(TokenState state) {
  switch (state) {
    case TokenState::Trained:
      return "trained";
    case TokenState::Masked:
      return "masked";
    case TokenState::Cut:
      return "cut";
  }
  return "";
}

namespace {

Json to_json(const PreviewRow& row) {
  Json messages = Json::array(), tokens = Json::array();
  for (const auto& message : row.messages) messages.push_back({{"role", message.role}, {"content", message.content}, {"trained", message.trained}});
  for (const auto& token : row.tokens)
    tokens.push_back({{"id", token.id},
                      {"text", token.text},
                      {"begin", token.begin},
                      {"end", token.end},
                      {"state", token_state_name(token.state)},
                      {"special", token.special}});
  return Json{
      {"line", row.line}, {"messages", std::move(messages)}, {"rendered", row.rendered}, {"tokens", std::move(tokens)}};
}

}  // namespace

namespace {

Json to_json(const RepeatCheck& repeats) {
  const auto rows = [](const std::vector<RepeatedRow>& list) {
    Json all = Json::array();
    for (const auto& row : list) all.push_back({{"line", row.line}, {"first", row.first}, {"near", row.near}, {"excerpt", row.excerpt}});
    return all;
  };
  return {{"why_not", repeats.why_not}, {"duplicates", repeats.duplicates}, {"near_duplicates", repeats.near_duplicates}, {"leaked", repeats.leaked},
          {"near_leaked", repeats.near_leaked}, {"duplicate_rows", rows(repeats.duplicate_rows)}, {"leaked_rows", rows(repeats.leaked_rows)}};
}

}  // namespace

Json to_json(const DataPreview& preview) {
  Json rejected = Json::array(), rows = Json::array();
  for (const auto& row : preview.rejected) rejected.push_back({{"line", row.line}, {"reason", row.reason}});
  for (const auto& row : preview.preview) rows.push_back(to_json(row));
  Json json = Json::object();
  Json columns = Json::array(), mapping = Json::object(), lengths = Json::array();
  for (const auto& column : preview.columns) columns.push_back({{"name", column.name}, {"kind", column.kind}});
  for (const auto& [key, column] : preview.mapping) mapping[key] = column;
  for (const auto& bin : preview.lengths) lengths.push_back({{"from", bin.from}, {"to", bin.to}, {"rows", bin.rows}});
  json["path"] = preview.path;
  json["file_kind"] = preview.file_kind;
  json["bytes"] = preview.bytes;
  json["file_bytes"] = preview.file_bytes;
  json["columns"] = std::move(columns);
  json["mapping"] = std::move(mapping);
  json["format"] = preview.format;
  json["how"] = preview.how;
  json["template"] = preview.template_name;
  json["rows"] = preview.rows;
  json["held_out"] = preview.held_out;
  json["cut_rows"] = preview.cut_rows;
  json["tokens"] = preview.tokens;
  json["trained_tokens"] = preview.trained_tokens;
  json["masked_tokens"] = preview.masked_tokens();
  json["cut_tokens"] = preview.cut_tokens;
  json["max_length"] = preview.max_length;
  json["median_length"] = preview.median_length;
  json["longest"] = preview.longest;
  json["lengths"] = std::move(lengths);
  json["repeats"] = to_json(preview.repeats);
  json["rejected_rows"] = preview.rejected_rows;
  json["warnings"] = preview.warnings;
  json["rejected"] = std::move(rejected);
  json["preview"] = std::move(rows);
  return json;
}

Result<DataPreview> preview_data(const SettingValues& data, const std::string& model_path, std::int64_t rows, const PreviewLimits& limits) {
  WEFT_ASSIGN_OR_RETURN(LoadedRows loaded, load_rows(data, sources_of_model(model_path), {.preview_rows = rows, .look = limits}));
  return std::move(loaded.preview);
}

DataAhead read_ahead(const SettingValues& data, const std::string& model_path) {
  return std::async(std::launch::async, [data, model_path] { return DataSet::load(data, model_path); }).share();
}

}  // namespace weft
