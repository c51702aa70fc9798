// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/run_plan.h"

#include <algorithm>
#include <functional>
#include <filesystem>
#include <set>

#include "engine/adapter/presets/preset.h"
#include "engine/formats/peft_config.h"
#include "engine/plan/evaluation_order.h"
#include "engine/plan/compute.h"
#include "engine/plan/run_facts.h"

namespace weft {
namespace {

struct Method {
  const MethodPreset* preset = nullptr;
  SettingValues settings;
};

Result<Method> method_of(const TrainRequest& request) {
  Method method;
  if (!request.method.contains("name")) {
    WEFT_ASSIGN_OR_RETURN(const PeftConfig config, read_peft_config(request.init_adapter));
    WEFT_ASSIGN_OR_RETURN(method.preset, find_preset(config));
    WEFT_ASSIGN_OR_RETURN(method.settings, complete_settings(method.preset->descriptor.settings, method.preset->from_peft(config), "method"));
    return method;
  }
  WEFT_ASSIGN_OR_RETURN(method.preset, find_preset(request.method.at("name").get<std::string>()));
  method.settings = request.method;
  method.settings.erase("name");
  return method;
}

// Where in a block a matrix stands: what it reads needs a gradient when anything before it is trained.
int stage_of(const std::string& module) {
  if (module == "o_proj") return 1;
  if (module == "gate_proj" || module == "up_proj") return 2;
  if (module == "down_proj") return 3;
  return 0;
}
constexpr int kStages = 4;

// rank_at: of the update at a site, as products take it
void add_matrices(RunFacts& facts, const std::vector<AdapterSite>& adapted, const std::function<std::int64_t(const AdapterSite&)>& rank_at) {
  std::set<std::string> chosen;
  int lowest = static_cast<int>(facts.model.layers) * kStages;
  for (const auto& site : adapted) {
    chosen.insert(site.path);
    lowest = std::min(lowest, site.layer * kStages + stage_of(site.module));
  }
  facts.first_layer = lowest / kStages;
  for (const auto& site : facts.model.sites) {
    const std::int64_t with = chosen.count(site.path) ? rank_at(site) : 0;
    const auto same = [&](const MatrixKind& k) { return k.module == site.module && k.out == site.out && k.in == site.in && k.rank == with; };
    auto found = std::find_if(facts.kinds.begin(), facts.kinds.end(), same);
    if (found == facts.kinds.end()) found = facts.kinds.insert(facts.kinds.end(), {site.module, site.out, site.in, with, 0, 0});
    ++found->count;
    found->input_gradients += site.layer * kStages + stage_of(site.module) > lowest;
  }
  for (int layer = 0; layer < static_cast<int>(facts.model.layers); ++layer) facts.attention_backward_layers += lowest <= layer * kStages;
}

BatchShape largest_batch(const TrainRequest& request) {
  const auto length = request.data.at("max_length").get<std::int64_t>(), rows = request.train.at("batch_size").get<std::int64_t>();
  if (rows > 0) return batch_shape(rows, length);
  const auto tokens = std::max(request.train.at("batch_tokens").get<std::int64_t>(), length);
  BatchShape batch = batch_shape(tokens / length, length);   // long rows cost most: attention grows with the square
  if (const auto rest = tokens % length; rest > 0) {
    const BatchShape last = batch_shape(1, rest);
    batch.tokens += last.tokens;
    batch.trained_tokens += last.trained_tokens;
    batch.sum_squared_lengths += last.sum_squared_lengths;
  }
  return batch;
}

OrderChoice order_of(const MatrixKind& kind, std::int64_t tokens) {
  const AdaptedProduct product{tokens, kind.in, kind.out, kind.rank};
  const auto forward = forward_flops(product);
  const auto backward = backward_flops(product);
  OrderChoice choice;
  choice.kind = kind;
  choice.forward.assign(forward.begin(), forward.end());
  choice.backward.assign(backward.begin(), backward.end());
  choice.best_forward = cheapest(forward);
  choice.best_backward = cheapest(backward);
  choice.reference = reference_flops(product);
  choice.saved_bytes = 4 * tokens * kind.rank * kind.count;
  return choice;
}

}  // namespace

BatchShape batch_shape(std::int64_t rows, std::int64_t length) {
  return {rows * length, rows * std::max<std::int64_t>(length - 1, 0), static_cast<double>(rows) * static_cast<double>(length) * static_cast<double>(length),
          length};
}

Result<RunPlan> make_plan(const TrainRequest& request) { return make_plan(request, largest_batch(request)); }

Result<RunPlan> make_plan(const TrainRequest& request, const BatchShape& batch) {
  RunFacts facts;
  WEFT_ASSIGN_OR_RETURN(facts.model, inspect_model(request.model.at("path").get<std::string>()));
  WEFT_ASSIGN_OR_RETURN(const Method method, method_of(request));
  const MethodDescriptor& descriptor = method.preset->descriptor;
  WEFT_ASSIGN_OR_RETURN(const auto adapted, select_sites(facts.model.sites, method.settings.at("targets")));
  WEFT_ASSIGN_OR_RETURN(const MethodCount count, count_method(descriptor, method.settings, facts.model.sites));
  facts.method = descriptor.title;
  facts.trained = count.trained;
  facts.frozen = count.stored_bytes / 4 - count.trained;
  facts.optimizer = request.train.at("optimizer").get<std::string>();
  facts.decomposed = !method.preset->wraps.empty();
  WEFT_ASSIGN_OR_RETURN(facts.evaluation, evaluation_policy(request.train.at("evaluation").get<std::string>()));
  facts.bf16 = compute_of(request.model, facts.evaluation) == "bf16";
  facts.dense = method.preset->dense;
  facts.noise = request.train.at("weight_noise").get<double>() > 0;
  if (facts.dense) facts.evaluation = {EvaluationPolicy::Kind::Fixed, kDenseOrder};
  facts.head_norms = std::any_of(facts.model.tensors.begin(), facts.model.tensors.end(),
                                 [](const TensorInfo& t) { return t.name.find("q_norm.") != std::string::npos; });
  WEFT_ASSIGN_OR_RETURN(facts.dropout, dropout_of(request.dropout));
  facts.batch = batch;
  facts.accumulate = request.train.at("accumulate").get<std::int64_t>();
  if (const auto storage = request.model.at("storage").get<std::string>(); storage != "auto") facts.storage = storage;
  std::error_code unreadable;
  const auto size = std::filesystem::file_size(request.data.at("path").get<std::string>(), unreadable);
  facts.data_bytes = unreadable ? 0 : size;
  add_matrices(facts, adapted, [&](const AdapterSite& site) { return update_width(descriptor, site, method.settings); });

  RunPlan plan;
  plan.exports = export_ways(descriptor, method.settings, facts.model.sites);
  plan.flops = step_flops(facts);
  const auto activations = named_policy(request.train.at("activations").get<std::string>());
  plan.activations_open = !activations;
  plan.activations = activations.value_or(ActivationPolicy{});
  for (const auto level : kActivationLevels) plan.levels.push_back({level, memory_parts(facts, level)});
  plan.memory = plan.levels.at(static_cast<std::size_t>(plan.activations.level)).memory;
  plan.layers_with_backward = facts.model.layers - facts.first_layer;
  if (plan.layers_with_backward > 0)
    plan.dropped_bytes_a_layer = static_cast<std::uint64_t>(4 * (kept_values(facts, Activations::Cheap) - kept_values(facts, Activations::Drop))) /
                                 static_cast<std::uint64_t>(plan.layers_with_backward);
  for (const auto& kind : facts.kinds)
    if (kind.rank > 0 && !facts.dense) plan.orders.push_back(order_of(kind, batch.tokens));
  plan.model = std::move(facts.model);
  plan.method = facts.method;
  plan.trained = facts.trained;
  plan.checkpoint_bytes = static_cast<std::uint64_t>(count.stored_bytes + 8 * facts.trained);
  plan.kinds = std::move(facts.kinds);
  plan.batch = batch;
  plan.accumulate = facts.accumulate;
  return plan;
}

Json to_json(const RunPlan& plan) {
  const StepFlops& f = plan.flops;
  Json memory = Json::object(), orders = Json::array();
  for (const auto& part : plan.memory) memory[part.kind] = part.bytes;
  memory["total"] = plan.memory_bytes();
  Json levels = Json::object();
  for (const auto& level : plan.levels) levels[activations_name(level.level)] = level.bytes();
  for (const auto& o : plan.orders)
    orders.push_back({{"module", o.kind.module}, {"out", o.kind.out}, {"in", o.kind.in}, {"rank", o.kind.rank}, {"count", o.kind.count},
                      {"forward_flops", o.forward}, {"backward_flops", o.backward}, {"forward", "F" + std::to_string(o.best_forward + 1)},
                      {"backward", "B" + std::to_string(o.best_backward + 1)}, {"reference_flops", o.reference}, {"saved_bytes", o.saved_bytes}});
  Json exports = Json::array();
  for (const auto& way : plan.exports) exports.push_back(to_json(way));
  return {{"model", plan.model.name}, {"method", plan.method}, {"export", export_verdict(plan.exports)}, {"exports", exports},
          {"parameters", plan.model.parameters}, {"trained", plan.trained},
          {"batch", {{"tokens", plan.batch.tokens}, {"trained_tokens", plan.batch.trained_tokens}, {"longest", plan.batch.longest},
                     {"sum_squared_lengths", plan.batch.sum_squared_lengths}, {"accumulate", plan.accumulate}}},
          {"flops", {{"linears_forward", f.linears_forward}, {"linears_backward", f.linears_backward}, {"attention_forward", f.attention_forward},
                     {"attention_backward", f.attention_backward}, {"head_forward", f.head_forward}, {"head_backward", f.head_backward},
                     {"adapter_forward", f.adapter_forward}, {"adapter_backward", f.adapter_backward}, {"row_norms", f.row_norms},
                     {"total", f.total()}}},
          {"memory", memory}, {"checkpoint_bytes", plan.checkpoint_bytes},
          {"activations", {{"level", activations_name(plan.activations.level)},
                           {"layers", plan.activations.layers > 0 ? plan.activations.layers : plan.layers_with_backward}, {"peak_bytes", levels}}},
          {"orders", orders}};
}

}  // namespace weft
