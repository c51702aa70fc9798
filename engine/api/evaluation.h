// SPDX-License-Identifier: GPL-3.0-or-later
// How well a model, alone or with an adapter, foretells the trained tokens of a data set. Plain values; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/api/settings.h"
#include "engine/core/status.h"

namespace weft {

struct EvaluateRequest {
  SettingValues model = Json::object();   // a [model] section, as a run file has it
  SettingValues data = Json::object();    // a [data] section; holdout: only the rows that a run with these settings holds out, 0: all
  std::string adapter;                    // PEFT folder, adapter file or checkpoint; "": the model alone
  std::int64_t batch_tokens = 1024;
  std::function<bool()> cancelled;        // asked after each batch; the answer is Cancelled
};
// With complete sections, or why not.
[[nodiscard]] Result<EvaluateRequest> validate(const EvaluateRequest& request);

struct EvaluateReply {
  double loss = 0;                        // mean over the tokens, in nats
  double accuracy = 0;                    // share of them that the model ranks first
  std::int64_t tokens = 0, rows = 0;      // that the loss counts; rows that were read
  std::int64_t cut_rows = 0;              // longer than max_length: their ends are not counted
  std::string compute;                    // "fp32", "bf16"
  std::vector<std::string> warnings;      // of the data
  double ms = 0;
  [[nodiscard]] double perplexity() const;  // exp(loss)
};
[[nodiscard]] Json to_json(const EvaluateReply& reply);

}  // namespace weft
