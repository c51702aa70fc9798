// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "app/cli/adapter_ref.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/run/locations.h"
#include "engine/api/engine_loader.h"
#include "engine/api/model_info.h"
#include "engine/text/tokenizer.h"

namespace weft::cli {
namespace {

constexpr std::size_t kTop = 5;

struct Options {
  std::string model, adapter;
  std::vector<std::int32_t> ids;
};

std::vector<std::int32_t> likeliest(const std::vector<float>& logits) {
  std::vector<std::int32_t> order(logits.size());
  std::iota(order.begin(), order.end(), 0);
  const auto top = static_cast<std::ptrdiff_t>(std::min(kTop, order.size()));
  std::partial_sort(order.begin(), order.begin() + top, order.end(), [&](auto a, auto b) {
    const float x = logits[static_cast<std::size_t>(a)], y = logits[static_cast<std::size_t>(b)];
    return x != y ? x > y : a < b;
  });
  order.resize(static_cast<std::size_t>(top));
  return order;
}

int work(const Options& options, const Call& call) {
  const auto model = find_model(options.model, "");
  if (!model.ok()) return failed(model.status());
  const auto info = inspect_model(*model);
  if (!info.ok()) return failed(info.status());
  for (const auto id : options.ids)
    if (id < 0 || id >= info->vocabulary)
      return wrong_call(
          invalid_argument(fmt::format("--ids: {} is outside the vocabulary, 0 to {}", id, info->vocabulary - 1)));
  LogitsRequest request;
  request.model = *model;
  request.ids = options.ids;
  if (!options.adapter.empty()) {
    const auto ref = find_adapter(options.adapter, options.model);
    if (!ref.ok()) return failed_or_wrong(ref.status());
    request.adapter = ref->adapter;
  }
  auto engine = load_engine();
  if (!engine.ok()) return failed(engine.status());
  const auto reply = wait_for<LogitsReply>(**engine, &Engine::logits, std::move(request));
  if (!reply.ok()) return failed(reply.status());

  const auto tokenizer = Tokenizer::load(*model);  // only for reading: a model without one still has logits
  Json top = Json::array();
  Table table({"id", "logit", "piece"}, {true, true, false});
  for (const auto id : likeliest(reply->last)) {
    const float logit = reply->last[static_cast<std::size_t>(id)];
    const std::string piece = tokenizer.ok() ? tokenizer->piece(id) : "";
    top.push_back({{"id", id}, {"logit", logit}, {"piece", piece}});
    table.add({std::to_string(id), fmt::format("{:.6g}", logit), piece});
  }
  if (call.json)
    print_json_line({{"last", reply->last}, {"top", top}});
  else
    print(table.text());
  return kDone;
}

}  // namespace

void add_logits(CLI::App& app, Call& call) {
  const Arguments command(app, "logits", "logits after the last of some token ids, to compare with other programs",
                          "weft-cli logits model.gguf --adapter adapter --ids 1,403,407 --json");
  auto options = set_work<Options>(command, call, work);
  command.text_required("MODEL", options->model, "GGUF file or Hugging Face folder");
  command.text("--adapter", options->adapter, "PEFT folder, adapter file, or P.weft:RUN[@STEP]");
  command.numbers_required("--ids", options->ids, "token ids, with commas between");
  command.json_flag(call);
}

}  // namespace weft::cli
