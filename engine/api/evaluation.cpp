// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/evaluation.h"

#include <cmath>

#include <fmt/format.h>

#include "engine/api/train_request.h"

namespace weft {

Result<EvaluateRequest> validate(const EvaluateRequest& request) {
  EvaluateRequest complete = request;
  for (const auto& section : run_sections()) {
    if (section.name == "model") {
      WEFT_ASSIGN_OR_RETURN(complete.model, complete_settings(section.specs, request.model, section.name));
    } else if (section.name == "data") {
      WEFT_ASSIGN_OR_RETURN(complete.data, complete_settings(section.specs, request.data, section.name));
    }
  }
  if (complete.model.at("path").get_ref<const std::string&>().empty()) return invalid_argument("[model] path is empty: name a model");
  if (complete.data.at("path").get_ref<const std::string&>().empty()) return invalid_argument("[data] path is empty: name a data file");
  if (complete.batch_tokens < 1) return invalid_argument(fmt::format("batch_tokens = {}: a batch has at least one token", complete.batch_tokens));
  return complete;
}

double EvaluateReply::perplexity() const { return std::exp(loss); }

Json to_json(const EvaluateReply& reply) {
  return {{"loss", reply.loss}, {"perplexity", reply.perplexity()}, {"accuracy", reply.accuracy}, {"tokens", reply.tokens}, {"rows", reply.rows},
          {"cut_rows", reply.cut_rows}, {"compute", reply.compute}, {"warnings", reply.warnings}, {"ms", reply.ms}};
}

}  // namespace weft
