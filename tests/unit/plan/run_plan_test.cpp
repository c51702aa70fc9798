// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/run_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <map>

#include "engine/plan/run_facts.h"

namespace weft {
namespace {

// Shapes of SmolLM2-135M.
ModelInfo small_model() {
  ModelInfo m;
  m.layers = 30, m.width = 576, m.heads = 9, m.kv_heads = 3, m.head_size = 64, m.feed_forward = 1536, m.vocabulary = 49152;
  m.parameters = 134515008;
  m.file_bytes = 4 * 134515008ULL;
  m.tensors = {{"model.embed_tokens.weight", "F32", {49152, 576}, 4 * 49152 * 576}};
  return m;
}

RunFacts facts_of(std::int64_t rank, const BatchShape& batch) {
  RunFacts f;
  f.model = small_model();
  const std::map<std::string, std::pair<std::int64_t, std::int64_t>> shapes = {
      {"q_proj", {576, 576}}, {"k_proj", {192, 576}}, {"v_proj", {192, 576}}, {"o_proj", {576, 576}},
      {"gate_proj", {1536, 576}}, {"up_proj", {1536, 576}}, {"down_proj", {576, 1536}}};
  for (const auto& [module, shape] : shapes) f.kinds.push_back({module, shape.first, shape.second, rank, 30, 30});
  f.attention_backward_layers = 30;
  f.batch = batch;
  return f;
}

// LoRA-Pro keeps two numbers of every adapted weight; AdamW and LoRA-RITE two of every parameter.
TEST(MemoryPlan, ShowsTheDenseMomentsOfLoraPro) {
  RunFacts f = facts_of(16, batch_shape(2, 512));
  f.trained = 1000;
  const auto adapter = [&](const char* optimizer) {
    f.optimizer = optimizer;
    for (const auto& part : memory_parts(f))
      if (part.kind == "adapter") return part.bytes;
    return std::uint64_t{0};
  };
  EXPECT_EQ(adapter("adamw"), 16000U);
  EXPECT_EQ(adapter("lora-rite"), 16000U);
  EXPECT_EQ(adapter("lora-pro"), 8000U + 8U * 30 * (2 * 576 * 576 + 2 * 192 * 576 + 3 * 1536 * 576));
}

TrainRequest stories_request(const Json& method, const Json& train, const char* compute = "fp32") {
  TrainRequest r;
  const std::string data = std::string(WEFT_TEST_DATA);
  r.model = {{"path", data + "/models/stories260k/stories260K-f32.gguf"}, {"compute", compute}};
  r.data = {{"path", data + "/data_sets/story.txt"}, {"max_length", 64}};
  r.method = method;
  r.train = train;
  auto complete = validate(r);
  EXPECT_TRUE(complete.ok()) << complete.status().message();
  return *complete;
}

// 4 T P + 4 T_l P_h + 7 q L sum(len^2) + 6 T L R_b, all written out for this model: the worked value of 0.63 GFLOP a token.
TEST(StepFlops, AreTheClosedFormOfTheWorkedExample) {
  BatchShape batch = batch_shape(2, 512);
  batch.trained_tokens = 1024;
  const double T = 1024, P = 30.0 * (2 * 576 * 576 + 2 * 192 * 576 + 3 * 1536 * 576), head = 49152.0 * 576;
  const double R = 30.0 * 16 * ((576 + 576) * 2 + 2 * (192 + 576) + 3 * (1536 + 576));
  const double expected = 4 * T * P + 4 * T * head + 7.0 * 576 * 30 * 2 * 512 * 512 + 6 * T * R;
  const StepFlops f = step_flops(facts_of(16, batch));
  EXPECT_NEAR(f.total() / expected, 1, 1e-12);
  EXPECT_NEAR(f.total() / T / 1e9, 0.63, 0.005);
  RunFacts twice = facts_of(16, batch);
  twice.accumulate = 2;
  EXPECT_NEAR(step_flops(twice).total() / f.total(), 2, 1e-12);
}

// HiddenKey's second pass: forward alone, through the later half of the layers and the output layer.
TEST(StepFlops, CountTheSecondPassOfConsistency) {
  RunFacts f = facts_of(16, batch_shape(2, 512));
  const StepFlops one = step_flops(f);
  f.dropout.key.rate = f.dropout.hidden.rate = 0.1;
  EXPECT_EQ(step_flops(f).total(), one.total());
  f.dropout.consistency = Consistency::Kl;
  const StepFlops two = step_flops(f);
  EXPECT_NEAR(two.linears_forward / one.linears_forward, 1.5, 1e-12);
  EXPECT_NEAR(two.attention_forward / one.attention_forward, 1.5, 1e-12);
  EXPECT_EQ(two.linears_backward, one.linears_backward);
  EXPECT_NEAR(two.head_forward / one.head_forward, 2, 1e-12);
  EXPECT_EQ(two.head_backward, one.head_backward);
  EXPECT_LT(two.total() / one.total(), 1.4);
  f.dropout.input.rate = 0.1;   // now nothing is shared
  EXPECT_NEAR(step_flops(f).linears_forward / one.linears_forward, 2, 1e-12);
  f.dropout.both_passes = true;
  EXPECT_NEAR((step_flops(f).total() - one.row_norms) / one.total(), 2, 1e-12);
}

TEST(Memory, KnowsTheSecondPass) {
  RunFacts f = facts_of(16, batch_shape(2, 512));
  const auto bytes = [&](const char* kind) {
    for (const auto& part : memory_parts(f))
      if (part.kind == kind) return part.bytes;
    return std::uint64_t{0};
  };
  const auto activations = bytes("activations"), head = bytes("output layer");
  f.dropout.key.rate = 0.1;
  f.dropout.consistency = Consistency::Kl;
  EXPECT_EQ(bytes("activations"), activations);   // the second keeps nothing
  EXPECT_GT(bytes("output layer"), head);
  EXPECT_LT(bytes("output layer"), 2 * head);
  f.dropout.both_passes = true;
  EXPECT_NEAR(static_cast<double>(bytes("activations")) / static_cast<double>(activations), 1.5, 1e-6);
}

TEST(StepFlops, CountRowNormsOnceAStep) {
  RunFacts f = facts_of(16, batch_shape(4, 256));
  EXPECT_EQ(step_flops(f).row_norms, 0);
  f.decomposed = true;
  const double norms = step_flops(f).row_norms;
  EXPECT_GT(norms, 2 * 16 * 30.0 * 3 * 1536 * 576);
  f.accumulate = 8;
  EXPECT_EQ(step_flops(f).row_norms, norms);
}

TEST(RunPlan, OfARealModelCountsItsMatrices) {
  const TrainRequest request = stories_request({{"name", "dora"}, {"rank", 4}}, {{"batch_size", 3}});
  const auto plan = make_plan(request);
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  EXPECT_EQ(plan->kinds.size(), 7U);
  EXPECT_EQ(plan->batch.tokens, 3 * 64);
  EXPECT_EQ(plan->batch.sum_squared_lengths, 3.0 * 64 * 64);
  std::int64_t trained = 0;
  for (const auto& kind : plan->kinds) {
    EXPECT_EQ(kind.count, 5);
    // the input of the first layer's q, k and v needs no gradient
    const bool first_read = kind.module == "q_proj" || kind.module == "k_proj" || kind.module == "v_proj";
    EXPECT_EQ(kind.input_gradients, first_read ? 4 : 5) << kind.module;
    trained += kind.count * (kind.rank * (kind.out + kind.in) + kind.out);
  }
  EXPECT_EQ(plan->trained, trained);
  EXPECT_GT(plan->flops.row_norms, 0);
  const Json json = to_json(*plan);
  EXPECT_EQ(json["memory"]["total"], plan->memory_bytes());
  EXPECT_EQ(json["orders"].size(), 7U);
}

TEST(RunPlan, NothingBelowTheLowestAdapterPassesGradients) {
  const auto plan = make_plan(stories_request({{"name", "lora"}, {"rank", 4}, {"targets", R"(model\.layers\.[34]\.mlp\.down_proj)"}}, Json::object()));
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  std::map<std::string, std::int64_t> passing, count;
  for (const auto& kind : plan->kinds) {
    passing[kind.module] += kind.input_gradients;
    count[kind.module] += kind.count;
  }
  EXPECT_EQ(passing["q_proj"], 1);      // of layer 4 alone
  EXPECT_EQ(passing["gate_proj"], 1);
  EXPECT_EQ(passing["down_proj"], 1);   // layer 3's own input is frozen ground
  EXPECT_EQ(count["down_proj"], 5);
  EXPECT_EQ(plan->flops.attention_backward, 2.5 * plan->flops.attention_forward / 5);
}

TEST(RunPlan, GrowsWithTheBatchByTheFormula) {
  const auto small = make_plan(stories_request({{"name", "lora"}, {"rank", 8}}, {{"batch_size", 2}}));
  const auto large = make_plan(stories_request({{"name", "lora"}, {"rank", 8}}, {{"batch_size", 4}}));
  ASSERT_TRUE(small.ok() && large.ok());
  const auto of = [](const RunPlan& plan, const std::string& kind) {
    for (const auto& part : plan.memory)
      if (part.kind == kind) return part.bytes;
    return std::uint64_t{0};
  };
  EXPECT_EQ(of(*large, "activations"), 2 * of(*small, "activations"));
  EXPECT_EQ(of(*large, "adapter"), of(*small, "adapter"));
  EXPECT_EQ(of(*large, "weights"), of(*small, "weights"));
  EXPECT_GT(of(*small, "activations"), 0U);
}

// VeRA of rank 8 on all matrices of five layers: vectors of every matrix, two frozen tensors for all, and factors made of them.
TEST(RunPlan, CountsTensorsInCommonOnceAndWhatIsMadeOfThem) {
  const auto plan = make_plan(stories_request({{"name", "vera"}, {"rank", 8}}, Json::object()));
  ASSERT_TRUE(plan.ok()) << plan.status().message();
  const auto of = [&](const std::string& kind) {
    for (const auto& part : plan->memory)
      if (part.kind == kind) return part.bytes;
    return std::uint64_t{0};
  };
  const std::uint64_t trained = 5 * (64 + 32 + 32 + 64 + 172 + 172 + 64 + 7 * 8), frozen = 8 * (172 + 172), sides = 5 * (128 + 96 + 96 + 128 + 3 * 236);
  EXPECT_EQ(plan->trained, static_cast<std::int64_t>(trained));
  EXPECT_EQ(of("adapter"), 16 * trained + 4 * frozen);
  EXPECT_EQ(of("factors"), 8 * (8 * sides - trained - frozen));
  const auto lora = make_plan(stories_request({{"name", "lora"}, {"rank", 8}}, Json::object()));
  ASSERT_TRUE(lora.ok());
  for (const auto& part : lora->memory) EXPECT_NE(part.kind, "factors");
}

TEST(RunPlan, CountsWeightsAsTheyLieInTheFile) {
  RunFacts f = facts_of(8, batch_shape(1, 16));
  const auto bytes = [&] { return memory_parts(f)[1].bytes; };
  EXPECT_EQ(memory_parts(f)[1].kind, "weights");
  f.model.file_bytes = 1000;
  EXPECT_EQ(bytes(), 1000U);
  f.model.tensors = {{"blk.0.attn_q.weight", "Q4_1", {576, 576}, 0}};
  EXPECT_EQ(bytes(), 1000U) << "blocks are decoded while they are multiplied";
  f.model.tensors = {{"blk.0.attn_q.weight", "Q4_1", {576, 570}, 0}};
  EXPECT_EQ(bytes(), 1000U + 4 * 576 * 570) << "rows that end within a block are decoded once";
  f.model.tensors = {{"blk.0.attn_q.weight", "IQ1_S", {576, 576}, 0}};
  EXPECT_GT(bytes(), 1000U);
}

// A copy takes the place of the pages it was made from. NF4: 4.5 bits a weight of the layers, and the vocabulary as it is.
TEST(RunPlan, CountsCopiesInsteadOfWhatTheyReplace) {
  RunFacts f = facts_of(8, batch_shape(1, 16));
  const std::int64_t rows = 30 * (2 * 576 + 2 * 192 + 3 * 1536);
  const std::uint64_t linear = static_cast<std::uint64_t>(rows) * 576, vocabulary = 49152ULL * 576;
  f.model.file_bytes = 4 * (linear + vocabulary) + 5000;
  f.model.tensors = {{"model.embed_tokens.weight", "F32", {49152, 576}, 4 * vocabulary}, {"model.layers", "F32", {rows, 576}, 4 * linear}, {"model.norm.weight", "F32", {576}, 5000}};
  const auto bytes = [&](const char* storage) {
    f.storage = storage;
    return memory_parts(f)[1].bytes;
  };
  EXPECT_EQ(bytes("nf4"), 4 * vocabulary + 5000 + linear / 64 * 36);
  EXPECT_EQ(bytes("nf4-double"), 4 * vocabulary + 5000 + linear / 64 * 33 + 4 * (1 + (linear / 64 + 255) / 256));
  EXPECT_EQ(bytes("bf16"), 2 * (vocabulary + linear) + 5000);
  EXPECT_EQ(bytes("fp32"), f.model.file_bytes);
  f.model.tensors[1].shape = {rows, 570};
  EXPECT_EQ(bytes("nf4"), 4 * vocabulary + 5000 + static_cast<std::uint64_t>(rows) * 9 * 36) << "a block that is not full takes its place";
}

// What a layer keeps, written out for this model: 576 wide, q 576, k 192, 1536 in the middle, 9 heads, rank 8 on all seven matrices.
TEST(Activations, KeepWhatTheirLevelSays) {
  const RunFacts f = facts_of(8, batch_shape(1, 512));
  const double a_layer = 512.0 * 30;
  const double cheap = 2 * 576 + 2 * 576 + 2 * 192 + 2 * 1536 + 2 + 9 + 7 * 8;
  EXPECT_EQ(kept_values(f, Activations::Cheap), a_layer * cheap);
  EXPECT_EQ(kept_values(f, Activations::Keep), a_layer * (cheap + 2 * 576 + 1536));
  EXPECT_EQ(kept_values(f, Activations::Drop), a_layer * (cheap - 2 * 1536 - 1 - 2 * 8));
  EXPECT_EQ(kept_values(f, Activations::Checkpoint), a_layer * (2 * 576 + 2 * 8));
  RunFacts upper = f;
  upper.first_layer = 20;
  for (auto& kind : upper.kinds) kind.count = kind.module == "o_proj" ? 10 : 0;
  EXPECT_EQ(kept_values(upper, Activations::Checkpoint), 512.0 * 10 * (2 * 576 + 8)) << "layers below the lowest adapter keep nothing";
}

TEST(Activations, AreTheFirstLevelThatFitsWithATenthToSpare) {
  const auto request = stories_request({{"name", "lora"}, {"rank", 4}, {"targets", "all-linear"}}, {{"batch_size", 64}});
  const auto settled = [&](double available, std::string* why = nullptr) {
    RunPlan plan = *make_plan(request);
    const std::string reason = settle_activations(plan, static_cast<std::uint64_t>(available));
    if (why) *why = reason;
    return plan;
  };
  const RunPlan open = *make_plan(request);
  EXPECT_TRUE(open.activations_open);
  const auto bytes = [&](Activations level) { return static_cast<double>(open.levels.at(static_cast<std::size_t>(level)).bytes()); };
  std::string why;
  EXPECT_EQ(to_text(settled(1.11 * bytes(Activations::Cheap), &why).activations), "cheap");
  EXPECT_EQ(why, "");
  EXPECT_EQ(to_text(settled(0).activations), "cheap") << "unknown memory changes nothing";
  const RunPlan some = settled(1.1 * (bytes(Activations::Cheap) - 1.5 * static_cast<double>(open.dropped_bytes_a_layer)), &why);
  EXPECT_EQ(to_text(some.activations), "drop in 2 layers");
  EXPECT_EQ(some.memory_bytes(), open.memory_bytes() - 2 * open.dropped_bytes_a_layer);
  EXPECT_THAT(why, testing::AllOf(testing::HasSubstr("\"cheap\" needs"), testing::HasSubstr("\"drop in 2 layers\"")));
  const RunPlan least = settled(1.11 * bytes(Activations::Checkpoint), &why);
  EXPECT_EQ(to_text(least.activations), "checkpoint");
  EXPECT_EQ(static_cast<double>(least.memory_bytes()), bytes(Activations::Checkpoint));
  EXPECT_EQ(to_text(settled(0.5 * bytes(Activations::Checkpoint), &why).activations), "checkpoint");
  EXPECT_THAT(why, testing::HasSubstr("the least there is"));
}

TEST(Activations, ThatAreNamedAreTaken) {
  RunPlan plan = *make_plan(stories_request({{"name", "lora"}, {"rank", 4}}, {{"activations", "drop"}}));
  const auto drop = plan.memory_bytes();
  EXPECT_EQ(drop, plan.levels.at(static_cast<std::size_t>(Activations::Drop)).bytes());
  EXPECT_EQ(settle_activations(plan, 1), "");
  EXPECT_EQ(plan.memory_bytes(), drop);
  TrainRequest bad;
  bad.model = {{"path", "m"}};
  bad.data = {{"path", "d"}};
  bad.train = {{"activations", "dropp"}};
  EXPECT_THAT(validate(bad).status().message(), testing::AllOf(testing::HasSubstr("activations"), testing::HasSubstr("checkpoint")));
}

// README of RunLoRA's first version: bytes saved on Llama 60m, batch 64 of 1024 tokens, rank 8, 16-bit values: 55.97 MB.
TEST(RunPlan, SavedBytesAreThoseOfThePaper) {
  const auto plan = make_plan(stories_request({{"name", "lora"}, {"rank", 8}}, {{"batch_size", 1}}));
  ASSERT_TRUE(plan.ok());
  std::int64_t saved = 0;
  for (const auto& order : plan->orders) saved += order.saved_bytes;
  const std::int64_t linears = 5 * 7, tokens = 64;
  EXPECT_EQ(saved, tokens * 8 * 4 * linears);
  const double of_paper = static_cast<double>(saved) / (tokens * linears) * (65536.0 * 8 * 7) / 2;
  EXPECT_NEAR(of_paper / (1 << 20), 55.97, 0.1);
}

// Gate and up are kept in two bytes a value instead of four, but not where a magnitude's gradient reads them.
TEST(RunPlan, ComputeInBf16KeepsLessOfTheGate) {
  const auto activations = [](const char* method, const char* compute) {
    const RunPlan p = *make_plan(stories_request({{"name", method}, {"rank", 8}}, {{"batch_size", 1}}, compute));
    for (const auto& m : p.memory)
      if (m.kind == "activations") return static_cast<std::int64_t>(m.bytes);
    return std::int64_t{-1};
  };
  const RunPlan p = *make_plan(stories_request({{"name", "lora"}}, {{"batch_size", 1}}));
  for (const char* method : {"lora", "dora"})
    EXPECT_EQ(activations(method, "fp32") - activations(method, "bf16"), 2 * 2 * p.model.feed_forward * p.model.layers * p.batch.tokens) << method;
}

// What an order saves is what the closed form says; W + s B A and dY' X are counted where they are formed.
TEST(RunPlan, OrderOfEvaluationChangesItsMemory) {
  const auto plan = [](const char* evaluation) {
    return *make_plan(stories_request({{"name", "lora"}, {"rank", 8}}, {{"batch_size", 1}, {"evaluation", evaluation}}));
  };
  const auto part = [](const RunPlan& p, const std::string& kind) {
    for (const auto& m : p.memory)
      if (m.kind == kind) return static_cast<std::int64_t>(m.bytes);
    return std::int64_t{-1};
  };
  const RunPlan kept = plan("auto");
  std::int64_t saved = 0, matrices = 0;
  for (const auto& order : kept.orders) {
    saved += order.saved_bytes;
    std::int64_t bytes = 1;
    while (bytes < 4 * order.kind.in * order.kind.out) bytes *= 2;
    matrices += bytes;
  }
  for (const auto& [evaluation, formed] : {std::pair{"F1+B1", 0}, {"F2+B1", 1}, {"F1+B3", 1}, {"F2+B5", 1}, {"F1+B4", 2}}) {
    EXPECT_EQ(part(kept, "activations") - part(plan(evaluation), "activations"), saved) << evaluation;
    EXPECT_EQ(part(plan(evaluation), "work") - part(kept, "work"), formed * matrices) << evaluation;
  }
  EXPECT_EQ(part(plan("timed"), "activations"), part(kept, "activations")) << "may end as the default";
}

TEST(RunPlan, ThatCannotFitNamesPartsAndWaysOut) {
  RunPlan plan;
  plan.batch = batch_shape(64, 2048);
  plan.memory = {{"program", 150 << 20, ""}, {"weights", 500U << 20, ""}, {"activations", 8ULL << 30, ""}, {"output layer", 1ULL << 30, ""}};
  EXPECT_TRUE(check_fits(plan, 64ULL << 30).ok());
  EXPECT_TRUE(check_fits(plan, 0).ok()) << "unknown memory refuses nothing";
  const Status refused = check_fits(plan, 4ULL << 30);
  EXPECT_EQ(refused.code(), ErrorCode::OutOfMemory);
  EXPECT_THAT(refused.message(), testing::AllOf(testing::HasSubstr("activations 8.6 GB"), testing::HasSubstr("4.3 GB are available"),
                                                testing::HasSubstr("batch_tokens"), testing::HasSubstr("weights 524 MB")));
  const Status hopeless = check_fits(plan, 100 << 20);
  EXPECT_THAT(hopeless.message(), testing::HasSubstr("smaller or more strongly quantised model"));
  EXPECT_GT(available_memory_bytes(), 0U);
}

TEST(FloorShare, NamesThePhaseFarthestAboveItsFloor) {
  StepTime measured{1, 1024, 1020, 221, {}};
  measured.phase_ms[phase_index(Phase::Linears)] = 110;
  measured.phase_ms[phase_index(Phase::Attention)] = 60;
  measured.phase_ms[phase_index(Phase::Head)] = 31;
  measured.phase_ms[phase_index(Phase::Elementwise)] = 20;
  const BatchFloor floor{1024, 1020, {0.1, 0.02, 0.03}, 15};
  const FloorShare share = floor_share(measured, floor);
  EXPECT_DOUBLE_EQ(share.floor_ms, 150);
  EXPECT_DOUBLE_EQ(share.share, 150.0 / 221);
  EXPECT_EQ(share.next, Phase::Attention);
  EXPECT_DOUBLE_EQ(share.next_ms, 40);
  measured.phase_ms[phase_index(Phase::Optimizer)] = 50;
  EXPECT_EQ(floor_share(measured, floor).next, Phase::Optimizer);
}

TEST(FloorShare, GrowsWithTheTokensOfTheSteps) {
  // three steps of half a batch, a quarter of its trained tokens each
  StepTime measured{3, 1536, 765, 300, {}};
  const FloorShare share = floor_share(measured, {1024, 1020, {0.1, 0.02, 0.04}, 10});
  EXPECT_DOUBLE_EQ(share.phase_floor_ms[phase_index(Phase::Linears)], 150);
  EXPECT_DOUBLE_EQ(share.phase_floor_ms[phase_index(Phase::Attention)], 30);
  EXPECT_DOUBLE_EQ(share.phase_floor_ms[phase_index(Phase::Head)], 30);
  EXPECT_DOUBLE_EQ(share.phase_floor_ms[phase_index(Phase::Elementwise)], 15);
  EXPECT_DOUBLE_EQ(share.share, 0.7);
  EXPECT_EQ(floor_share(measured, BatchFloor{}).share, 0);   // of nothing
}

TEST(FloorShare, TakesTheFasterOfTheTwoForEachPart) {
  CalibrateReply measured;
  measured.own = {1, 5, 3};
  measured.library = {2, 4, 6};
  measured.copy_bytes_per_s = 1000;
  const ModelInfo m = small_model();
  const BatchShape one{1, 1, 1, 1};
  const BatchFloor floor = batch_floor(m, one, "fp32", measured);
  EXPECT_EQ(floor.times.linears, 1);
  EXPECT_EQ(floor.times.attention, 4);
  EXPECT_EQ(floor.times.head, 3);
  // 10 d + 4 (q + k) + 9 f values of each token and layer, at one byte a millisecond
  EXPECT_DOUBLE_EQ(floor.elementwise_ms, 30 * 4 * (10 * 576 + 4 * (576 + 192) + 9 * 1536.0));
  EXPECT_DOUBLE_EQ(batch_floor(m, one, "bf16", measured).elementwise_ms, floor.elementwise_ms / 2);
}

TEST(FloorShare, AsksForTheModelsOwnShapes) {
  ModelInfo m = small_model();
  m.sites.clear();
  for (int layer = 0; layer < 2; ++layer)
    for (const char* module : {"q_proj", "o_proj"}) m.sites.push_back({"", module, layer, 576, 576});
  m.sites.push_back({"", "k_proj", 0, 192, 576});
  const CalibrateRequest request = calibrate_request(m, {{512, 500, 2 * 256.0 * 256.0, 256}, {0, 256, 512}});
  ASSERT_EQ(request.matrices.size(), 2U);
  EXPECT_EQ(request.matrices[0].count + request.matrices[1].count, 5);
  EXPECT_EQ(request.head_rows, 500);
  EXPECT_EQ(request.vocabulary, 49152);
  EXPECT_GE(calibrate_bytes(request), 4U * (4 * 576 * 576 + 192 * 576 + 49152 * 576 + 500 * 49152));
}

TEST(FloorShare, IsReadBackAndNotFromNonsense) {
  const BatchFloor floor{1024, 1020, {0.1, 0.02, 0.03}, 15};
  const auto back = batch_floor_from_json(to_json(floor));
  ASSERT_TRUE(back.ok()) << back.status().message();
  EXPECT_EQ(to_json(*back), to_json(floor));
  for (const auto& [key, value] : {std::pair<const char*, Json>{"tokens", 0}, {"tokens", "many"}, {"trained_tokens", 2000}, {"linears_s", -1}, {"head_s", nullptr},
                                   {"elementwise_ms", std::numeric_limits<double>::infinity()}}) {
    Json wrong = to_json(floor);
    wrong[key] = value;
    EXPECT_FALSE(batch_floor_from_json(wrong).ok()) << key;
  }
  EXPECT_FALSE(batch_floor_from_json(Json::array()).ok());
}

TEST(TypicalBatch, IsTheMiddleOneOfTheData) {
  TrainRequest r = stories_request({{"name", "lora"}}, {{"batch_size", 1}});
  const std::string rows = testing::TempDir() + "typical-batch-rows.jsonl";
  std::ofstream file(rows);
  for (const int length : {3, 40, 5, 7, 60})
    file << to_json_line({{"input_ids", std::vector<int>(static_cast<std::size_t>(length), 9)}, {"labels", std::vector<int>(static_cast<std::size_t>(length), 9)}}) << '\n';
  file.close();
  r.data["path"] = rows;
  r.data["holdout"] = 0.0;
  const auto one = typical_batch(r);
  ASSERT_TRUE(one.ok()) << one.status().message();
  EXPECT_EQ(one->segments, (std::vector<std::int64_t>{0, 7}));
  EXPECT_EQ(one->shape.tokens, 7);
  EXPECT_EQ(one->shape.trained_tokens, 6);
  r.train["batch_size"] = 5;
  const auto all = typical_batch(r);
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->segments, (std::vector<std::int64_t>{0, 3, 43, 48, 55, 115}));
  EXPECT_EQ(all->shape.longest, 60);
  EXPECT_EQ(all->shape.sum_squared_lengths, 9 + 1600 + 25 + 49 + 3600);
  std::filesystem::remove(rows);
  EXPECT_FALSE(typical_batch(r).ok());
}

TEST(StepTime, IsTheSumOfTheLastSteps) {
  RecentSteps recent;
  EXPECT_EQ(recent.sum().steps, 0);
  StepEvent step{.tokens = 10, .trained_tokens = 4, .ms = 3};
  recent.add(step);   // nobody looked where its time went
  EXPECT_EQ(recent.sum().steps, 0);
  for (int i = 1; i <= 25; ++i) {
    step.ms = i;
    step.phase_ms[phase_index(Phase::Head)] = i;
    recent.add(step);
  }
  const StepTime sum = recent.sum();
  EXPECT_EQ(sum.steps, 20);
  EXPECT_EQ(sum.tokens, 200);
  EXPECT_EQ(sum.trained_tokens, 80);
  EXPECT_DOUBLE_EQ(sum.ms, 310);   // 6 + ... + 25
  const auto back = step_time_from_json(to_json(sum));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(to_json(*back), to_json(sum));
  Json wrong = to_json(sum);
  wrong["phase_ms"]["head"] = "long";
  EXPECT_FALSE(step_time_from_json(wrong).has_value());
  EXPECT_FALSE(step_time_from_json(Json()).has_value());
}

}  // namespace
}  // namespace weft
