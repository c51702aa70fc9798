// SPDX-License-Identifier: GPL-3.0-or-later
// The training step against Python PEFT, from the same start and the same tokens.
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "engine/api/engine.h"
#include "engine/api/engine_loader.h"
#include "engine/core/files.h"
#include "engine/data/data_set.h"
#include "engine/train/adapter_io.h"
#include "engine/train/exporter.h"
#include "engine/train/loss.h"

namespace weft {
namespace {
namespace fs = std::filesystem;

const std::string kModel = std::string(WEFT_TEST_DATA) + "/models/stories260k/hf";

struct Case {
  const char* name;
  const char* method;
};
void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

Json load_json(const std::string& path) {
  auto text = read_file(path, 1 << 24);
  EXPECT_TRUE(text.ok()) << text.status().message();
  auto json = parse_json(*text);
  EXPECT_TRUE(json.ok()) << json.status().message();
  return *json;
}

class Parity : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    folder_ = std::string(WEFT_TEST_DATA) + "/parity/" + GetParam().name;
    trace_ = load_json(folder_ + "/trace.json");
    auto file = SafeTensorsFile::open(folder_ + "/fixture.safetensors");
    ASSERT_TRUE(file.ok()) << file.status().message();
    fixture_ = *file;
    work_ = fs::temp_directory_path() / (std::string("weft-parity-") + GetParam().name + "-" + std::to_string(::getpid()));
    fs::create_directories(work_ / "init");
    fs::copy_file(folder_ + "/adapter_config.json", work_ / "init/adapter_config.json", fs::copy_options::overwrite_existing);
    std::vector<SafeTensorSource> tensors;
    for (const auto& t : fixture_->tensors()) {
      if (t.name.rfind("init.", 0) != 0) continue;
      tensors.push_back({t.name.substr(5), t.dtype, t.shape, [t](std::byte* out, std::uint64_t bytes) {
                           std::memcpy(out, t.data, bytes);
                           return Status();
                         }});
    }
    auto final_adapter = SafeTensorsFile::open(folder_ + "/adapter_model.safetensors");  // what training does not move is there alone
    for (const auto& t : final_adapter.ok() ? (*final_adapter)->tensors() : std::vector<SafeTensor>())
      if (!fixture_->find("init." + t.name) && (t.name.find("vera_") != std::string::npos || std::string(GetParam().name) == "lora_fa"))
        tensors.push_back({t.name, t.dtype, t.shape, [t, final_adapter](std::byte* out, std::uint64_t bytes) {
                             std::memcpy(out, t.data, bytes);
                             return Status();
                           }});
    ASSERT_TRUE(write_safetensors((work_ / "init/adapter_model.safetensors").string(), std::move(tensors)).ok());
    write_rows();
  }
  void TearDown() override { fs::remove_all(work_); }

  void write_rows() {
    const Json batches = load_json(std::string(WEFT_TEST_DATA) + "/parity/batches.json");
    std::ofstream out(work_ / "tokens.jsonl");
    for (std::size_t i = 0; i < batches["input_ids"].size(); ++i)
      out << to_json_line({{"input_ids", batches["input_ids"][i]}, {"labels", batches["labels"][i]}}) << "\n";
  }

  TrainRequest request() const {
    TrainRequest r;
    r.model = {{"path", kModel}, {"compute", "fp32"}};
    r.data = {{"path", (work_ / "tokens.jsonl").string()}, {"format", "tokens"}, {"shuffle", false}, {"holdout", 0.0}};
    if (GetParam().method) r.method = {{"name", GetParam().method}};
    if (std::string(GetParam().name) == "lora_plus") r.method["lr_ratio"] = trace_["loraplus_ratio"];
    const auto given = [&](const char* key, const Json& otherwise) { return trace_[key].is_null() ? otherwise : trace_[key]; };
    r.train = {{"steps", trace_["steps"]},   {"batch_size", trace_["batch"]},  {"lr", trace_["lr"]},
               {"schedule", given("schedule", "constant")}, {"warmup", given("warmup", 0)}, {"weight_decay", trace_["weight_decay"]},
               {"grad_clip", given("clip", 0.0)}, {"eval_every", 0},           {"checkpoint_every", 0},
               {"threads", 1},               {"accumulate", given("accumulate", 1)}, {"eps", trace_["eps"]}};
    r.init_adapter = (work_ / "init").string();
    r.checkpoint_folder = (work_ / "checkpoints").string();
    return r;
  }

  // model_ with PEFT's own start as its adapters_
  void load_with_start_adapter() {
    auto source = ModelSource::open(kModel);
    ASSERT_TRUE(source.ok()) << source.status().message();
    auto model = Decoder::load(*source);
    ASSERT_TRUE(model.ok()) << model.status().message();
    auto adapter = open_adapter((work_ / "init").string());
    ASSERT_TRUE(adapter.ok()) << adapter.status().message();
    auto adapters = load_adapters(**model, *adapter);
    ASSERT_TRUE(adapters.ok()) << adapters.status().message();
    model_ = std::move(*model);
    adapters_ = std::move(*adapters);
    attach_adapters(*model_, *adapters_);
  }

  const SafeTensor& fixture(const std::string& name) const {
    const SafeTensor* t = fixture_->find(name);
    if (!t) t = fixture_->find(name + ".weight");  // the magnitude's gradient was stored under its parameter's name
    if (!t) throw std::runtime_error("the fixture has no tensor " + name);
    return *t;
  }
  // s B A of every site in the file; names begin with `prefix`
  static std::map<std::string, Tensor> products(const SafeTensorsFile& file, double scale, const std::string& prefix = "") {
    std::map<std::string, Tensor> all;
    for (const auto& t : file.tensors()) {
      const auto at = t.name.find(".lora_A.weight");
      if (at == std::string::npos || t.name.rfind(prefix + "base_model", 0) != 0) continue;
      const SafeTensor* b = file.find(t.name.substr(0, at) + ".lora_B.weight");
      all[t.name.substr(prefix.size(), at - prefix.size())] = as_tensor(*b).to(at::kDouble).matmul(as_tensor(t).to(at::kDouble)) * scale;
    }
    return all;
  }
  static Tensor as_tensor(const SafeTensor& t) {
    return at::from_blob(const_cast<std::byte*>(t.data), t.shape, at::TensorOptions(at::kFloat)).clone();
  }

  std::string folder_;
  fs::path work_;
  Json trace_;
  std::shared_ptr<const SafeTensorsFile> fixture_;
  std::unique_ptr<Decoder> model_;
  std::unique_ptr<AdapterSet> adapters_;
};

struct Collect final : EventSink {
  void on_event(const Event& event) override {
    if (const auto* step = std::get_if<StepEvent>(&event)) steps.push_back(*step);
    if (const auto* c = std::get_if<CheckpointEvent>(&event)) checkpoint = c->path;
    if (const auto* end = std::get_if<FinishedEvent>(&event)) {
      const std::lock_guard lock(mutex);
      finished = *end;
      over = true;
      changed.notify_all();
    }
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return over; });
  }
  std::mutex mutex;
  std::condition_variable changed;
  bool over = false;
  std::vector<StepEvent> steps;
  std::string checkpoint;
  FinishedEvent finished;
};

// Losses and norms of every AdamW step, then the final adapter. Two correct attention kernels drift by 2e-6 in the loss; the bound
// is ten times that. AdamW turns the rounding error of a tiny gradient into a full step, so 0.1 % of the elements may be off.
TEST_P(Parity, LossesOfTwentyAdamWStepsEqualPeft) {  auto engine = std::unique_ptr<Engine>(weft_create_engine());
  auto sink = std::make_shared<Collect>();
  ASSERT_TRUE(engine->train(request(), sink).ok());
  sink->wait();
  ASSERT_EQ(sink->finished.outcome, "done") << sink->finished.message;
  ASSERT_EQ(sink->steps.size(), trace_["losses"].size());
  for (std::size_t i = 0; i < sink->steps.size(); ++i) {
    EXPECT_NEAR(sink->steps[i].loss, trace_["losses"][i].get<double>(), 2e-5) << "step " << i;
    EXPECT_NEAR(sink->steps[i].grad_norm / trace_["grad_norms"][i].get<double>(), 1.0, 1e-4) << "step " << i;
  }
  auto ours = SafeTensorsFile::open(sink->checkpoint);
  auto theirs = SafeTensorsFile::open(folder_ + "/adapter_model.safetensors");
  ASSERT_TRUE(ours.ok() && theirs.ok());
  std::int64_t off = 0, all = 0;
  for (const auto& t : (*theirs)->tensors()) {
    const SafeTensor* mine = (*ours)->find(t.name);
    ASSERT_NE(mine, nullptr) << t.name;
    ASSERT_EQ(mine->shape, t.shape) << t.name;
    Tensor expected = as_tensor(t);
    if (const auto config = read_peft_config(folder_); config->other.value("coft", false)) {  // PEFT saves what its next forward pass brings back
      ASSERT_EQ(expected.size(0), 1);
      expected = expected * (config->other.at("eps").get<double>() / (expected.norm() * std::sqrt(2.0))).clamp_max(1);
    }
    const Tensor difference = (as_tensor(*mine) - expected).abs();
    off += difference.gt(expected.abs() * 1e-3 + 1e-4).sum().item<std::int64_t>();
    all += expected.numel();
  }
  EXPECT_LE(static_cast<double>(off), 1e-3 * static_cast<double>(all)) << off << " of " << all;
}

// The rows of the first step, in any batches, by the start adapter: what PEFT's model gave for them.
TEST_P(Parity, LossOfRowsThatAreNotTrainedEqualsPeft) {
  auto engine = std::unique_ptr<Engine>(weft_create_engine());
  const TrainRequest run = request();
  const auto rows = trace_["batch"].get<std::size_t>() * (trace_["accumulate"].is_null() ? 1 : trace_["accumulate"].get<std::size_t>());
  std::ifstream all(work_ / "tokens.jsonl");
  std::ofstream first(work_ / "first.jsonl");
  std::string line;
  for (std::size_t i = 0; i < rows && std::getline(all, line); ++i) first << line << "\n";
  first.close();
  for (const std::int64_t batch_tokens : {1, 4096}) {
    EvaluateRequest wanted{.model = run.model, .data = run.data, .adapter = run.init_adapter, .batch_tokens = batch_tokens};
    wanted.data["path"] = (work_ / "first.jsonl").string();
    const auto reply = wait_for<EvaluateReply>(*engine, &Engine::evaluate, wanted);
    ASSERT_TRUE(reply.ok()) << reply.status().message();
    EXPECT_NEAR(reply->loss, trace_["losses"][0].get<double>(), 2e-5);
    EXPECT_EQ(reply->rows, static_cast<std::int64_t>(rows));
    EXPECT_GT(reply->accuracy, 0);
  }
}

// PEFT's optimizer of LoRA-FA puts eps and the decay elsewhere than AdamW does, so its steps are not ours; the first loss and gradient are.
class ParityOfLoraFa : public Parity {};

TEST_P(ParityOfLoraFa, GoesOnFromALoraAndLeavesA) {
  auto engine = std::unique_ptr<Engine>(weft_create_engine());
  auto sink = std::make_shared<Collect>();
  ASSERT_TRUE(engine->train(request(), sink).ok());
  sink->wait();
  ASSERT_EQ(sink->finished.outcome, "done") << sink->finished.message;
  EXPECT_NEAR(sink->steps[0].loss, trace_["losses"][0].get<double>(), 2e-5);
  EXPECT_NEAR(sink->steps[0].grad_norm / trace_["grad_norms"][0].get<double>(), 1.0, 1e-4) << "of B alone";
  auto ours = SafeTensorsFile::open(sink->checkpoint), theirs = SafeTensorsFile::open(folder_ + "/adapter_model.safetensors");
  ASSERT_TRUE(ours.ok() && theirs.ok());
  int compared = 0;
  for (const auto& t : (*theirs)->tensors()) {
    const SafeTensor* mine = (*ours)->find(t.name);
    ASSERT_NE(mine, nullptr) << t.name;
    if (t.name.find("lora_A") == std::string::npos) continue;
    EXPECT_EQ(std::memcmp(mine->data, t.data, t.bytes), 0) << t.name;
    ++compared;
  }
  EXPECT_EQ(compared, 15);
}

// What the layers keep for the backward pass changes no bit of a run.
TEST_P(Parity, EveryLevelOfActivationsTrainsTheSame) {
  std::vector<StepEvent> cheap;
  for (const char* level : {"cheap", "auto", "keep", "drop", "checkpoint"}) {
    TrainRequest r = request();
    r.train["activations"] = level;
    r.train["steps"] = 5;
    auto engine = std::unique_ptr<Engine>(weft_create_engine());
    auto sink = std::make_shared<Collect>();
    ASSERT_TRUE(engine->train(r, sink).ok());
    sink->wait();
    ASSERT_EQ(sink->finished.outcome, "done") << sink->finished.message;
    ASSERT_EQ(sink->steps.size(), 5U) << level;
    if (cheap.empty()) cheap = sink->steps;
    for (std::size_t i = 0; i < cheap.size(); ++i) {
      EXPECT_EQ(sink->steps[i].loss, cheap[i].loss) << level << ", step " << i;
      EXPECT_EQ(sink->steps[i].grad_norm, cheap[i].grad_norm) << level << ", step " << i;
    }
  }
}

TEST_P(Parity, ALevelForSomeLayersBeginsAtTheLowestAdapter) {
  ASSERT_NO_FATAL_FAILURE(load_with_start_adapter());
  model_->set_activations({Activations::Drop, 2});
  int first = 1000;
  for (const auto* linear : model_->linears())
    if (linear->factors) first = std::min(first, linear->site.layer);
  std::vector<std::pair<int, c10::weak_intrusive_ptr<c10::TensorImpl>>> gates;
  const std::vector<std::int32_t> ids{1, 5, 7}, positions{0, 1, 2};
  const std::vector<std::int64_t> segments{0, 3};
  const Tensor hidden = model_->hidden({ids, positions, segments}, [&](const Decoder::Linear& linear, const Tensor&, const Tensor& y) {
    if (linear.site.module == "gate_proj") gates.emplace_back(linear.site.layer, y.getIntrusivePtr());
  });
  ASSERT_EQ(gates.size(), 5U);
  for (const auto& [layer, gate] : gates) EXPECT_EQ(gate.expired(), layer < first + 2) << "layer " << layer << ", lowest adapter in " << first;
}

TEST_P(Parity, LogitsAndGradientsOfStepZeroEqualPeft) {
  ASSERT_NO_FATAL_FAILURE(load_with_start_adapter());
  auto data = DataSet::load(validate(request())->data, kModel);
  ASSERT_TRUE(data.ok()) << data.status().message();
  BatchStream stream((*data)->train_rows(), {.batch_size = trace_["batch"].get<std::int64_t>(), .shuffle = false});
  const PackedBatch batch = stream.next();
  const TokenBatch tokens{batch.ids, batch.positions, batch.segments};

  const Tensor hidden = model_->hidden(tokens);
  const Tensor logits = model_->logits(hidden.detach());
  const Tensor expected = as_tensor(fixture("logits"));  // [2, 3, V]
  for (std::int64_t row = 0; row < 2; ++row)
    for (std::int64_t p = 0; p < 3; ++p) {
      const auto at = batch.segments[static_cast<std::size_t>(row)] + trace_["logit_positions"][static_cast<std::size_t>(p)].get<std::int64_t>();
      EXPECT_LT((logits[at] - expected[row][p]).abs().max().item<double>(), 1e-4) << "row " << row << " position " << p;
    }

  const Tensor loss = tiled_cross_entropy(hidden, model_->output_weight(), batch.targets, static_cast<double>(batch.trained_tokens));
  EXPECT_NEAR(loss.item<double>(), trace_["loss_init"].get<double>(), 2e-5);
  loss.backward();
  adapters_->collect();
  // the flat gradient has the parameters' layout: read it back through the tensors' names
  adapters_->params().copy_(adapters_->gradients());
  std::size_t compared = 0, wanted = 0;
  for (const auto& t : fixture_->tensors()) wanted += t.name.rfind("grad.", 0) == 0 ? 1 : 0;
  for (const auto& tensor : adapters_->to_tensors()) {
    if (tensor.name.rfind("base_model.vera_", 0) == 0) continue;  // frozen
    ++compared;
    std::vector<float> values(static_cast<std::size_t>(fixture("grad." + tensor.name).bytes / 4));
    ASSERT_TRUE(tensor.fill(reinterpret_cast<std::byte*>(values.data()), values.size() * 4).ok());
    const Tensor grad = as_tensor(fixture("grad." + tensor.name)).flatten();
    const Tensor mine = at::from_blob(values.data(), {grad.numel()}, at::TensorOptions(at::kFloat));
    const Tensor excess = (mine - grad).abs() - grad.abs() * 1e-4;
    EXPECT_LT(excess.max().item<double>(), 1e-5) << tensor.name;
  }
  EXPECT_EQ(compared, wanted);
}

// PEFT makes the projections again from the key where they were not saved: the same generator, the same bits.
TEST(ParityOfVera, TheProjectionsAreWhatPeftDrawsFromTheSameKey) {
  const std::string folder = std::string(WEFT_TEST_DATA) + "/parity/vera";
  const auto source = open_adapter(folder);
  ASSERT_TRUE(source.ok()) << source.status().message();
  EXPECT_EQ(source->settings.at("projection_seed"), 11);
  auto opened = ModelSource::open(kModel);
  ASSERT_TRUE(opened.ok());
  auto model = Decoder::load(*opened);
  ASSERT_TRUE(model.ok());
  auto adapters = create_adapters(**model, *source->preset, source->settings);
  ASSERT_TRUE(adapters.ok()) << adapters.status().message();
  auto generator = make_generator(1);
  ASSERT_TRUE((*adapters)->start(generator).ok());
  int compared = 0;
  for (const auto& tensor : (*adapters)->to_tensors()) {
    if (tensor.name.rfind("base_model.vera_", 0) != 0) continue;
    const SafeTensor* theirs = source->file->find(tensor.name);
    ASSERT_NE(theirs, nullptr) << tensor.name;
    ASSERT_EQ(tensor.shape, theirs->shape) << tensor.name;
    std::vector<std::byte> mine(theirs->bytes);
    ASSERT_TRUE(tensor.fill(mine.data(), mine.size()).ok());
    EXPECT_EQ(std::memcmp(mine.data(), theirs->data, mine.size()), 0) << tensor.name;
    ++compared;
  }
  EXPECT_EQ(compared, 2);
}

// The stored merged.* tensors were taken after unmerging (they equal the base), so the loss of the merged model is compared instead.
TEST_P(Parity, LossOfTheExportedMergedModelEqualsPeft) {
  const auto report = export_adapter({.model = kModel, .adapter = folder_, .format = "merged", .dtype = "fp32", .out = (work_ / "merged").string()});
  ASSERT_TRUE(report.ok()) << report.status().message();
  auto source = ModelSource::open((work_ / "merged").string());
  ASSERT_TRUE(source.ok()) << source.status().message();
  auto model = Decoder::load(*source);
  ASSERT_TRUE(model.ok()) << model.status().message();
  auto data = DataSet::load(validate(request())->data, kModel);
  ASSERT_TRUE(data.ok()) << data.status().message();
  BatchStream stream((*data)->train_rows(), {.batch_size = 4, .shuffle = false});
  const PackedBatch batch = stream.next();
  const at::NoGradGuard no_grad;
  const Tensor loss = tiled_cross_entropy((*model)->hidden({batch.ids, batch.positions, batch.segments}), (*model)->output_weight(), batch.targets,
                                          static_cast<double>(batch.trained_tokens));
  EXPECT_NEAR(loss.item<double>(), trace_["loss_merged_first_batch"].get<double>(), 2e-5);
}

// Starts that PEFT takes off the base: the run begins from our own decomposition. Its singular vectors may have other signs; AdamW
// treats a sign alike everywhere, so losses and products of the factors are the same.
class ParityOfStart : public Parity {
 protected:
  TrainRequest start_request() const {
    TrainRequest r = request();
    r.init_adapter.clear();
    const bool pissa = std::string(GetParam().name) == "pissa";
    r.method = {{"name", "lora"}, {"rank", 4}, {"alpha", 8.0}, {"start", pissa ? "pissa-exact" : "olora"},
                {"targets", R"(model\.layers\.[03]\..*\.(q_proj|v_proj|down_proj))"}};
    return r;
  }
};

TEST_P(ParityOfStart, InitialFactorsEqualPeftUpToSign) {
  auto source = ModelSource::open(kModel);
  ASSERT_TRUE(source.ok()) << source.status().message();
  auto model = Decoder::load(*source);
  ASSERT_TRUE(model.ok()) << model.status().message();
  const auto valid = validate(start_request());
  ASSERT_TRUE(valid.ok()) << valid.status().message();
  auto adapters = create_adapters(**model, **find_preset("lora"), valid->method);
  ASSERT_TRUE(adapters.ok()) << adapters.status().message();
  auto generator = make_generator(1);
  ASSERT_TRUE((*adapters)->start(generator).ok());
  // a float32 singular vector turns by rounding times s_1 / (s_i - s_i+1); the closest pair here makes that a hundred roundings
  int compared = 0;
  for (const auto& tensor : (*adapters)->to_tensors()) {
    if (tensor.name.find("origin") != std::string::npos) continue;
    Tensor mine = at::empty(tensor.shape, at::TensorOptions(at::kFloat));
    ASSERT_TRUE(tensor.fill(static_cast<std::byte*>(mine.mutable_data_ptr()), static_cast<std::uint64_t>(mine.nbytes())).ok());
    const Tensor theirs = as_tensor(fixture("init." + tensor.name));
    EXPECT_LT((mine.abs() - theirs.abs()).abs().max().item<double>(), 1e-4) << tensor.name;
    ++compared;
  }
  EXPECT_EQ(compared, 12);  // two layers of three matrices, A and B
  ASSERT_TRUE(write_safetensors((work_ / "ours").string(), (*adapters)->to_tensors()).ok());
  const auto ours = products(**SafeTensorsFile::open((work_ / "ours").string()), 2), theirs = products(*fixture_, 2, "init.");
  ASSERT_EQ(ours.size(), 6u);
  for (const auto& [site, product] : ours) EXPECT_LT((product - theirs.at(site)).abs().max().item<double>(), 5e-5) << site;
}

TEST_P(ParityOfStart, TwentyStepsAndTheConvertedAdapterEqualPeft) {
  auto engine = std::unique_ptr<Engine>(weft_create_engine());
  auto sink = std::make_shared<Collect>();
  ASSERT_TRUE(engine->train(start_request(), sink).ok());
  sink->wait();
  ASSERT_EQ(sink->finished.outcome, "done") << sink->finished.message;
  ASSERT_EQ(sink->steps.size(), trace_["losses"].size());
  for (std::size_t i = 0; i < sink->steps.size(); ++i) {
    EXPECT_NEAR(sink->steps[i].loss, trace_["losses"][i].get<double>(), 2e-5) << "step " << i;
    EXPECT_NEAR(sink->steps[i].grad_norm / trace_["grad_norms"][i].get<double>(), 1.0, 1e-4) << "step " << i;
  }
  const auto out = (work_ / "converted").string();
  const auto report = export_adapter({.model = kModel, .adapter = sink->checkpoint, .format = "peft", .dtype = "auto", .out = out});
  ASSERT_TRUE(report.ok()) << report.status().message();
  EXPECT_EQ(report->max_difference, 0);
  const auto config = read_peft_config(out);
  ASSERT_TRUE(config.ok()) << config.status().message();
  EXPECT_EQ(config->rank, 8);
  EXPECT_EQ(config->alpha, 16);
  EXPECT_EQ(config->init_lora_weights, "true");
  const auto ours = products(**SafeTensorsFile::open(out + "/adapter_model.safetensors"), 2);
  const auto theirs = products(**SafeTensorsFile::open(folder_ + "/converted_to_lora.safetensors"), 2);
  ASSERT_EQ(ours.size(), theirs.size());
  double off = 0, all = 0;  // as for the other methods: AdamW makes a full step of the rounding error of a tiny gradient
  for (const auto& [site, product] : ours) {
    const Tensor& expected = theirs.at(site);
    off += (product - expected).abs().gt(expected.abs() * 1e-3 + 1e-4).sum().item<double>();
    all += static_cast<double>(expected.numel());
  }
  EXPECT_LE(off, 1e-3 * all) << off << " of " << all;
}

// What nf4 took from W, as far as the rank goes: PEFT's one iteration.
class ParityOfLoftq : public Parity {};

TEST_P(ParityOfLoftq, TheStartIsPeftsUpToSign) {
  auto source = ModelSource::open(kModel);
  ASSERT_TRUE(source.ok()) << source.status().message();
  DecoderOptions options;
  options.storage = Storage::Nf4;
  auto model = Decoder::load(*source, options);
  ASSERT_TRUE(model.ok()) << model.status().message();
  const MethodPreset& lora = **find_preset("lora");
  const auto settings = complete_settings(lora.descriptor.settings, {{"rank", 4}, {"alpha", 8.0}, {"start", "loftq"}, {"targets", R"(model\.layers\.[03]\..*\.(q_proj|v_proj|down_proj))"}}, "method");
  ASSERT_TRUE(settings.ok()) << settings.status().message();
  auto adapters = create_adapters(**model, lora, *settings);
  ASSERT_TRUE(adapters.ok()) << adapters.status().message();
  auto generator = make_generator(1);
  ASSERT_TRUE((*adapters)->start(generator).ok());
  ASSERT_TRUE(write_safetensors((work_ / "ours").string(), (*adapters)->to_tensors()).ok());
  // PEFT leaves the scale out: what it gives back is s times what was lost. Ours is what was lost.
  // The rows of down_proj are not whole blocks: PEFT lets blocks cross rows there, ours do not.
  const auto ours = products(**SafeTensorsFile::open((work_ / "ours").string()), 2), theirs = products(*fixture_, 1, "init.");
  ASSERT_EQ(ours.size(), 6u);
  for (const auto& [site, product] : ours) {
    if (site.find("down_proj") != std::string::npos) continue;
    EXPECT_LT((product - theirs.at(site)).abs().max().item<double>(), 5e-5) << site;
  }
}

INSTANTIATE_TEST_SUITE_P(Starts, ParityOfLoftq, testing::Values(Case{"loftq", "lora"}), [](const auto& each) { return std::string(each.param.name); });

INSTANTIATE_TEST_SUITE_P(Rules, ParityOfLoraFa, testing::Values(Case{"lora_fa", "lorafa"}), [](const auto& each) { return std::string(each.param.name); });

INSTANTIATE_TEST_SUITE_P(Starts, ParityOfStart, testing::Values(Case{"pissa", "lora"}, Case{"olora", "lora"}),
                         [](const auto& each) { return std::string(each.param.name); });

INSTANTIATE_TEST_SUITE_P(Methods, Parity,
                         testing::Values(Case{"lora", nullptr}, Case{"rslora", nullptr}, Case{"dora", nullptr}, Case{"dora_all_linear", nullptr},
                                         Case{"lora_plus", "loraplus"}, Case{"lora_patterns", nullptr}, Case{"lora_all_linear_r1", nullptr},
                                         Case{"eva", nullptr}, Case{"loha", nullptr}, Case{"lokr", nullptr}, Case{"lokr_both", nullptr}, Case{"ia3", nullptr},
                                         Case{"vera", nullptr}, Case{"oft", nullptr}, Case{"oft_neumann", nullptr}, Case{"oft_coft_shared", nullptr}, Case{"boft", nullptr},
                                         Case{"fourierft", nullptr}),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace weft
