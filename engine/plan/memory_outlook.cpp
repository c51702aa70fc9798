// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/memory_outlook.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/api/sentences.h"
#include "engine/core/text_util.h"

namespace weft {
namespace {

constexpr int kHalvings = 6;          // tried before a way is given up
constexpr std::int64_t kShortest = 64, kLeastRank = 4;

std::string bytes_text(std::uint64_t bytes) { return human_bytes(static_cast<double>(bytes)); }

// Candidates are compared at the level that the plan has, so that what they save is theirs and not a level's.
class WaysOut {
 public:
  WaysOut(const TrainRequest& request, const MemoryOutlook& outlook)
      : request_(request), outlook_(outlook), level_(outlook.plan.activations.level), base_(bytes_at(outlook.plan)) {}

  std::vector<WayOut> find() {
    shorter_rows();
    smaller_batch();
    keep_less();
    store_less();
    fewer_targets();
    lower_rank();
    std::stable_partition(ways_.begin(), ways_.end(), [&](const WayOut& way) { return fits(way.bytes); });
    return std::move(ways_);
  }

 private:
  [[nodiscard]] std::uint64_t bytes_at(const RunPlan& plan) const { return plan.levels.at(static_cast<std::size_t>(level_)).bytes(); }
  // What the measured peak was above the plan is so with a change as well.
  [[nodiscard]] bool fits(std::uint64_t bytes) const {
    const double more = outlook_.measured ? static_cast<double>(outlook_.measured->bytes) / static_cast<double>(std::max<std::uint64_t>(1, outlook_.plan.memory_bytes())) : 1;
    return std::max(1.0, more) * static_cast<double>(bytes) <= static_cast<double>(outlook_.available);
  }

  [[nodiscard]] std::uint64_t bytes_with(const std::vector<SettingEdit>& edits) const {
    TrainRequest changed = request_;
    for (const auto& edit : edits) changed.section(edit.section)[edit.key] = edit.value;
    const auto complete = validate(changed);
    if (!complete.ok()) return base_;   // no way
    const auto plan = make_plan(*complete);
    return plan.ok() ? bytes_at(*plan) : base_;
  }

  void offer(WayOut way) {
    if (way.bytes >= base_) return;
    way.saves = base_ - way.bytes;
    ways_.push_back(std::move(way));
  }

  // The first of `sizes` steps that fits, else the one that takes least.
  template <typename Make>
  void offer_first(int steps, const Make& make) {
    std::optional<WayOut> best;
    for (int i = 1; i <= steps; ++i) {
      std::optional<WayOut> way = make(i);
      if (!way) break;
      way->bytes = bytes_with(way->edits);
      if (!best || way->bytes < best->bytes) best = way;
      if (fits(best->bytes)) break;
    }
    if (best) offer(std::move(*best));
  }

  [[nodiscard]] std::int64_t number(const char* section, const char* key) const { return request_.section(section).at(key).get<std::int64_t>(); }

  // Where batches go by tokens, shorter rows alone change nothing: there would be more of them. They let batches become smaller than a row was.
  void shorter_rows() {
    const std::int64_t tokens = number("train", "batch_tokens"), now = number("data", "max_length"), times = number("train", "accumulate");
    const bool by_rows = number("train", "batch_size") > 0;
    if (!by_rows && tokens >= 2 * now) return;   // smaller batches do the same and cost nothing
    offer_first(kHalvings, [&](int i) -> std::optional<WayOut> {
      const std::int64_t length = now >> i;
      if (length < kShortest) return std::nullopt;
      WayOut way{.name = "rows", .title = fmt::format(sentences::kRowsOfAtMost, length), .price = sentences::kRowsLoseEnds, .edits = {{"data", "max_length", length}}};
      if (!by_rows && tokens > length) {
        way.title = fmt::format(sentences::kRowsOfAtMostOneEach, length);
        way.edits.push_back({"train", "batch_tokens", length});
        way.edits.push_back({"train", "accumulate", times * ((tokens + length - 1) / length)});
      }
      return way;
    });
  }

  void smaller_batch() {
    const std::int64_t rows = number("train", "batch_size"), tokens = number("train", "batch_tokens"), length = number("data", "max_length");
    offer_first(kHalvings, [&](int i) -> std::optional<WayOut> {
      const std::int64_t size = (rows > 0 ? rows : tokens) >> i, times = number("train", "accumulate") << i;
      if (size < 1 || (rows == 0 && (size << 1) <= length && i > 1) || size < (rows > 0 ? 1 : 8)) return std::nullopt;
      return WayOut{.name = "batch",
                    .title = rows > 0 ? fmt::format(sentences::kBatchesOfRows, size, times) : fmt::format(sentences::kBatchesOfTokens, size, times),
                    .price = sentences::kSameStepSlower,
                    .edits = {{"train", rows > 0 ? "batch_size" : "batch_tokens", size}, {"train", "accumulate", times}}};
    });
  }

  void keep_less() {
    constexpr std::array less{Activations::Cheap, Activations::Drop, Activations::Checkpoint};
    for (const auto level : less) {
      if (level <= level_) continue;
      const std::uint64_t bytes = outlook_.plan.levels.at(static_cast<std::size_t>(level)).bytes();
      if (!fits(bytes) && level != Activations::Checkpoint) continue;
      offer({.name = "activations", .title = fmt::format(sentences::kKeepLess, activations_name(level)), .price = sentences::kSameNumbersSlower,
             .edits = {{"train", "activations", activations_name(level)}}, .bytes = bytes});
      return;
    }
  }

  void store_less() {
    const auto& storage = request_.model.at("storage").get_ref<const std::string&>();
    if (storage == "nf4" || storage == "nf4-double") return;
    WayOut way{.name = "storage", .title = sentences::kStoreNf4, .price = sentences::kBaseIsRounded, .edits = {{"model", "storage", "nf4"}}};
    way.bytes = bytes_with(way.edits);
    offer(std::move(way));
  }

  void fewer_targets() {
    if (!request_.method.contains("targets")) return;
    WayOut way{.name = "targets", .title = sentences::kAdaptTwo, .price = sentences::kLessCanBeLearned, .edits = {{"method", "targets", Json::array({"q_proj", "v_proj"})}}};
    way.bytes = bytes_with(way.edits);
    offer(std::move(way));
  }

  void lower_rank() {
    if (!request_.method.contains("rank") || !request_.method["rank"].is_number_integer()) return;
    offer_first(kHalvings, [&](int i) -> std::optional<WayOut> {
      const std::int64_t rank = number("method", "rank") >> i;
      if (rank < kLeastRank) return std::nullopt;
      return WayOut{.name = "rank", .title = fmt::format(sentences::kLowerRank, rank), .price = sentences::kLessCanBeLearned, .edits = {{"method", "rank", rank}}};
    });
  }

  const TrainRequest& request_;
  const MemoryOutlook& outlook_;
  const Activations level_;
  const std::uint64_t base_;
  std::vector<WayOut> ways_;
};

}  // namespace

Result<MemoryOutlook> memory_outlook(const TrainRequest& request, std::uint64_t available, const std::optional<MeasuredPeak>& measured) {
  MemoryOutlook outlook;
  WEFT_ASSIGN_OR_RETURN(outlook.plan, make_plan(request));
  outlook.available = available;
  outlook.measured = measured;
  outlook.why_activations = settle_activations(outlook.plan, available);
  if (available == 0) return outlook;
  if (const Status planned = check_fits(outlook.plan, available); !planned.ok() && !measured) outlook.why_not = planned.message();
  if (measured && measured->bytes > available)
    outlook.why_not = fmt::format(sentences::kMeasuredTooMuch, measured->where, bytes_text(measured->bytes), bytes_text(available));
  if (!outlook.why_not.empty()) outlook.ways = WaysOut(request, outlook).find();
  return outlook;
}

Json to_json(const WayOut& way) {
  Json edits = Json::object();
  for (const auto& edit : way.edits) edits[edit.section + "." + edit.key] = edit.value;
  return {{"name", way.name}, {"title", way.title}, {"price", way.price}, {"settings", edits}, {"bytes", way.bytes}, {"saves", way.saves}};
}

std::string memory_shape(const TrainRequest& request) {
  Json shape = Json::object();
  const auto take = [&](const char* section, std::initializer_list<const char*> keys) {
    const SettingValues& values = request.section(section);
    for (const char* key : keys)
      if (values.contains(key)) shape[std::string(section) + "." + key] = values[key];
  };
  take("model", {"path", "compute", "products", "storage"});
  take("data", {"path", "format", "template", "prompt_column", "input_column", "answer_column", "messages_column", "text_column", "max_length", "pack", "holdout"});
  take("train", {"batch_tokens", "batch_size", "optimizer", "evaluation", "activations", "weight_noise", "layers_at_first", "threads"});
  shape["method"] = request.method;
  shape["dropout"] = request.dropout;
  shape["init_adapter"] = request.init_adapter;
  return to_json_line(shape);
}

}  // namespace weft
