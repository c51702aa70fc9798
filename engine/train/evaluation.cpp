// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/evaluation.h"

#include <chrono>
#include <cmath>

#include <fmt/format.h>

#include "engine/train/arithmetic.h"
#include "engine/train/loaded_model.h"
#include "engine/train/loss.h"
#include "engine/train/objective.h"

namespace weft {

std::optional<RowsLoss> loss_of_rows(const Decoder& model, const std::vector<PackedBatch>& batches, const std::function<bool()>& cancelled) {
  const at::NoGradGuard no_grad;
  RowsLoss rows;
  for (const auto& batch : batches) {
    if (batch.trained_tokens == 0) continue;
    rows.sum += tiled_cross_entropy(model.hidden(view_of(batch)), model.output_weight(), batch.targets, 1.0, model.options().precision, &rows.right).item<double>();
    rows.tokens += batch.trained_tokens;
    if (cancelled && cancelled()) return std::nullopt;
  }
  return rows;
}

Result<EvaluateReply> evaluate_files(const EvaluateRequest& asked) {
  WEFT_ASSIGN_OR_RETURN(const EvaluateRequest request, validate(asked));
  const auto begin = std::chrono::steady_clock::now();
  const auto path = request.model.at("path").get<std::string>();
  WEFT_ASSIGN_OR_RETURN(const auto data, DataSet::load(request.data, path));
  WEFT_ASSIGN_OR_RETURN(const EvaluationPolicy order, evaluation_policy("auto"));
  const Arithmetic arithmetic = choose_arithmetic(request.model, order);
  WEFT_ASSIGN_OR_RETURN(const LoadedModel loaded, load_model(path, request.adapter, arithmetic.options));
  const bool held_out = request.data.at("holdout").get<double>() > 0;
  const auto& rows = held_out ? data->held_out_rows() : data->train_rows();
  for (const auto& row : rows)
    for (const auto id : row.ids)
      if (id < 0 || id >= loaded.model->config().vocabulary)
        return invalid_argument(fmt::format("{} holds the token id {}, the model's vocabulary has {} tokens: the data was made for another tokenizer",
                                            data->preview().path, id, loaded.model->config().vocabulary));
  const auto measured = loss_of_rows(*loaded.model, evaluation_batches(rows, request.batch_tokens), request.cancelled);
  if (!measured) return Status(ErrorCode::Cancelled, "the evaluation was ended before all rows were read");
  if (measured->tokens == 0)
    return invalid_argument(fmt::format("[data] {}: none of the {} {}rows has a token that counts", data->preview().path, rows.size(), held_out ? "held-out " : ""));
  const DataPreview preview = data->preview();
  EvaluateReply reply{.loss = measured->loss(), .accuracy = measured->accuracy(), .tokens = measured->tokens, .rows = static_cast<std::int64_t>(rows.size()),
                      .cut_rows = preview.cut_rows, .compute = arithmetic.compute, .warnings = preview.warnings};
  if (!arithmetic.warning.empty()) reply.warnings.push_back(arithmetic.warning);
  if (!std::isfinite(reply.loss)) return Status(ErrorCode::EngineFailure, fmt::format("[eval] the loss is {} over {} tokens: the model gives values that are not finite", reply.loss, reply.tokens));
  reply.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  return reply;
}

}  // namespace weft
