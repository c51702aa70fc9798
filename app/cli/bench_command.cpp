// SPDX-License-Identifier: GPL-3.0-or-later
// Speed, memory and distance from the machine's floor over a grid of methods, ranks, batches and precisions. Cells and floor take turns,
// round after round: a machine's speed moves by a fifth on its own, neighbours can be compared.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>
#include <random>

#include "app/cli/bench_cell.h"
#include "app/cli/commands.h"
#include "app/cli/output.h"
#include "app/cli/signals.h"
#include "app/run/locations.h"
#include "engine/api/engine_loader.h"
#include "engine/api/run_plan.h"
#include "engine/core/files.h"
#include "engine/core/text_util.h"
#include "engine/plan/growth.h"

namespace weft::cli {
namespace fs = std::filesystem;
namespace {

struct Options {
  std::string model = "SmolLM2-135M-Instruct.Q4_1.gguf", data, grid = "quick";
  std::string methods, ranks, batches, computes, storages, activations;
  std::int64_t steps = 12, warmup = 3, rounds = 1, threads = 0;
  bool no_floor = false;
};

struct Grid {
  const char *name, *methods, *ranks, *batches;
};
constexpr Grid kGrids[] = {
    {"quick", "lora", "8", "4x256"},
    {"figures", "lora,dora", "8,16", "4x256,1x512"},
    {"methods", "", "8", "1x512"},   // all of them
    {"growth", "lora", "4,16,64", "1x128,4x128,1x512,4x256,2x512"},
};

constexpr std::int64_t kLeastRandomRows = 64;   // GeLoRA looks at 50 rows that differ before it begins

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

Result<std::int64_t> whole_number(const std::string& text, const std::string& option) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 1 || value > 1 << 20)
    return invalid_argument(fmt::format("{}: {} is not a number from 1 to 1048576", option, quoted_excerpt(text)));
  return value;
}

Result<std::vector<BenchCell>> cells_of(const Options& o) {
  const Grid* grid = nullptr;
  std::vector<std::string> names;
  for (const auto& g : kGrids) {
    names.emplace_back(g.name);
    if (o.grid == g.name) grid = &g;
  }
  if (!grid) return invalid_argument(fmt::format("--grid: {} is not known; there are {}", quoted_excerpt(o.grid), join(names, ", ")));
  std::vector<BenchCell> cells;
  std::vector<std::string> methods = split(o.methods.empty() ? grid->methods : o.methods);
  if (methods.empty() && o.methods.empty())
    for (const auto& method : method_catalogue()) methods.push_back(method.name);
  for (const auto& method : methods)
    if (const auto found = find_method(method); !found.ok()) return invalid_argument("--methods: " + found.status().message());
  for (const auto& compute : split(o.computes.empty() ? "auto" : o.computes)) {
    for (const auto& storage : split(o.storages.empty() ? "auto" : o.storages)) {
      for (const auto& batch : split(o.batches.empty() ? grid->batches : o.batches)) {
        const auto x = batch.find('x');
        if (x == std::string::npos) return invalid_argument(fmt::format("--batches: {} is not ROWSxTOKENS, such as 4x256", quoted_excerpt(batch)));
        WEFT_ASSIGN_OR_RETURN(const auto rows, whole_number(batch.substr(0, x), "--batches"));
        WEFT_ASSIGN_OR_RETURN(const auto length, whole_number(batch.substr(x + 1), "--batches"));
        for (const auto& rank : split(o.ranks.empty() ? grid->ranks : o.ranks)) {
          WEFT_ASSIGN_OR_RETURN(const auto r, whole_number(rank, "--ranks"));
          for (const auto& method : methods)
            for (const auto& kept : split(o.activations.empty() ? "auto" : o.activations))
              cells.push_back({method, r, rows, length, compute, storage, kept});
        }
      }
    }
  }
  if (cells.empty()) return invalid_argument("the grid has no cell: name at least one method, rank and batch");
  return cells;
}

// Rows of random tokens: the cost of a step does not depend on what they say.
Status write_random_rows(const fs::path& path, std::int64_t vocabulary, std::int64_t length, std::int64_t rows) {
  std::mt19937 random(1);
  std::uniform_int_distribution<std::int64_t> token(0, vocabulary - 1);
  std::string text;
  for (std::int64_t row = 0; row < rows; ++row) {
    Json ids = Json::array();
    for (std::int64_t i = 0; i < length; ++i) ids.push_back(token(random));
    text += to_json_line(Json{{"input_ids", ids}, {"labels", ids}}) + "\n";
  }
  return write_file_atomically(path, text);
}

double quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1) + 0.5)];
}

struct Measured {
  BenchCell cell;
  TrainRequest request;
  TypicalBatch batch;
  RunPlan plan;  // with the activations that "auto" settles on
  std::vector<CellRun> runs;
  std::vector<CalibrateReply> floors;  // one a round
  Status failure;
};

struct Figures {
  double p50 = 0, p95 = 0, tokens_per_s = 0, start = 0;
  std::uint64_t peak = 0;
  ByPhase<double> phase_ms{};
  CalibrateReply floor;  // medians
};

Figures figures_of(const Measured& m) {
  Figures f;
  std::vector<double> steps, starts;
  std::vector<double> phases[kPhases];
  for (const auto& run : m.runs) {
    steps.insert(steps.end(), run.step_ms.begin(), run.step_ms.end());
    for (const auto& ms : run.phase_ms)
      for (std::size_t i = 0; i < kPhases; ++i) phases[i].push_back(ms[i]);
    starts.push_back(run.start_seconds);
    f.peak = std::max(f.peak, run.peak_bytes);
  }
  f.p50 = quantile(steps, 0.5);
  f.p95 = quantile(steps, 0.95);
  f.tokens_per_s = 1000 * static_cast<double>(m.runs.front().tokens) / f.p50;
  f.start = quantile(starts, 0.5);
  for (std::size_t i = 0; i < kPhases; ++i) f.phase_ms[i] = quantile(phases[i], 0.5);
  if (!m.floors.empty()) f.floor = m.floors.front();
  const auto of = [&](FloorTimes CalibrateReply::* kind, double FloorTimes::* part) {
    std::vector<double> values;
    for (const auto& floor : m.floors) values.push_back(floor.*kind.*part);
    return values.empty() ? 0 : quantile(values, 0.5);
  };
  for (const auto part : {&FloorTimes::linears, &FloorTimes::attention, &FloorTimes::head}) {
    f.floor.own.*part = of(&CalibrateReply::own, part);
    f.floor.library.*part = of(&CalibrateReply::library, part);
  }
  return f;
}

class Bench {
 public:
  Bench(const Options& options, const Call& call, ModelInfo model) : options_(options), call_(call), model_(std::move(model)) {}
  ~Bench() {
    std::error_code ignored;
    if (!folder_.empty()) fs::remove_all(folder_, ignored);
  }

  [[nodiscard]] Status run(std::vector<BenchCell> cells, const StopSignals& signals, std::atomic<pid_t>& child) {
    WEFT_RETURN_IF_ERROR(prepare(std::move(cells)));
    if (!options_.no_floor) {
      WEFT_ASSIGN_OR_RETURN(engine_, load_engine());
    }
    for (std::int64_t round = 0; round < options_.rounds; ++round) {
      std::map<std::string, CalibrateReply> floors;  // of this round, by batch and precision
      for (auto& m : measured_) {
        if (signals.interrupted()) return {ErrorCode::Cancelled, "interrupted"};
        if (!m.failure.ok()) continue;
        if (!call_.json && !call_.quiet)
          say(fmt::format("round {} of {}: {} rank {}, {} x {}{}", round + 1, options_.rounds, m.cell.method, m.cell.rank, m.cell.rows, m.cell.length,
                          m.cell.activations == "auto" ? "" : ", " + m.cell.activations));
        BenchSetup setup = setup_of(m.cell);
        auto run = run_cell(m.cell, setup, child);
        if (signals.interrupted()) return {ErrorCode::Cancelled, "interrupted"};
        if (!run.ok()) {   // the others are worth having all the same
          m.failure = run.status();
          continue;
        }
        m.runs.push_back(std::move(*run));
        if (options_.no_floor) continue;
        const std::string compute = m.runs.back().compute == "bf16" ? "bf16" : "fp32";
        const std::string key = fmt::format("{}x{} {}", m.cell.rows, m.cell.length, compute);
        if (!floors.count(key)) {
          CalibrateRequest request = calibrate_request(model_, m.batch);
          request.compute = compute;
          request.threads = static_cast<int>(options_.threads);
          request.seconds = 0.3;  // three rounds in any case
          WEFT_ASSIGN_OR_RETURN(floors[key], wait_for<CalibrateReply>(*engine_, &Engine::calibrate, std::move(request)));
        }
        m.floors.push_back(floors[key]);
      }
    }
    for (const auto& m : measured_)
      if (!m.failure.ok()) failures_.push_back(m.failure);
    std::erase_if(measured_, [](const Measured& m) { return !m.failure.ok(); });
    return measured_.empty() ? failures_.front() : Status();
  }
  [[nodiscard]] const std::vector<Status>& failures() const { return failures_; }

  void print_tables() const;
  [[nodiscard]] Json document() const;
  // --grid growth: the terms of a step's time beside what their operations take at the speed of this machine's floor. Fails where the cells
  // cannot tell them apart.
  struct GrowthTerm {
    const char* name;
    double measured = 0, expected = 0;   // seconds a unit; expected 0: the closed form has none, or no floor was timed
  };
  struct GrowthFit {
    std::vector<GrowthTerm> terms;
    double largest_error = 0;
  };
  [[nodiscard]] Result<GrowthFit> growth() const;

 private:
  [[nodiscard]] BenchSetup setup_of(const BenchCell& cell) const {
    return {.model = model_.path, .data = data_.at(cell.length), .steps = options_.steps + options_.warmup, .warmup = options_.warmup,
            .threads = options_.threads, .folder = folder_.string()};
  }
  [[nodiscard]] Status prepare(std::vector<BenchCell> cells);
  [[nodiscard]] Json cell_json(const Measured& m) const;
  // The median step beside that of plain LoRA in a cell that is otherwise the same; 0 where the grid has none.
  [[nodiscard]] double step_over_lora(const Measured& m) const {
    const auto like = [&](const Measured& other) {
      const BenchCell &a = m.cell, &b = other.cell;
      return b.method == "lora" && a.rank == b.rank && a.rows == b.rows && a.length == b.length && a.compute == b.compute && a.storage == b.storage &&
             a.activations == b.activations;
    };
    const auto lora = std::find_if(measured_.begin(), measured_.end(), like);
    return lora == measured_.end() ? 0 : figures_of(m).p50 / figures_of(*lora).p50;
  }
  [[nodiscard]] FloorShare share_of(const Measured& m, const Figures& f) const {
    const BatchShape& batch = m.batch.shape;
    return floor_share({1, batch.tokens, batch.trained_tokens, f.p50, f.phase_ms}, batch_floor(model_, batch, m.runs.front().compute, f.floor));
  }

  const Options& options_;
  const Call& call_;
  const ModelInfo model_;
  fs::path folder_;
  std::map<std::int64_t, std::string> data_;  // by row length
  std::vector<Measured> measured_;
  std::vector<Status> failures_;       // of cells that are left out of measured_
  std::unique_ptr<Engine> engine_;
};

// Everything that can be refused is, before minutes of work: settings, data, memory.
Status Bench::prepare(std::vector<BenchCell> cells) {
  std::string name = (fs::temp_directory_path() / "weft-bench-XXXXXX").string();
  if (!::mkdtemp(name.data())) return io_error("no temporary folder " + name);
  folder_ = name;
  for (const auto& cell : cells) {
    if (cell.length > model_.context && model_.context > 0)
      return invalid_argument(fmt::format("--batches: rows of {} tokens, the model's context is {}", cell.length, model_.context));
    auto& data = data_[cell.length];
    if (data.empty() && !options_.data.empty()) {
      WEFT_ASSIGN_OR_RETURN(data, find_data(options_.data, ""));
    } else if (data.empty()) {
      std::int64_t rows = kLeastRandomRows;
      for (const auto& other : cells) rows = std::max(rows, 2 * other.rows);
      data = (folder_ / fmt::format("random-{}.jsonl", cell.length)).string();
      WEFT_RETURN_IF_ERROR(write_random_rows(data, model_.vocabulary, cell.length, rows));
    }
  }
  for (const auto& cell : cells) {
    Measured m;
    m.cell = cell;
    WEFT_ASSIGN_OR_RETURN(m.request, request_of(cell, setup_of(cell)));
    WEFT_ASSIGN_OR_RETURN(m.batch, typical_batch(m.request));
    WEFT_ASSIGN_OR_RETURN(m.plan, make_plan(m.request, m.batch.shape));
    settle_activations(m.plan, available_memory_bytes());
    WEFT_RETURN_IF_ERROR(check_fits(m.plan, available_memory_bytes()));
    measured_.push_back(std::move(m));
  }
  return {};
}

std::string batch_name(const BenchCell& cell) {
  return fmt::format("{} x {}", cell.rows, cell.length);
}

void Bench::print_tables() const {
  const bool floors = !options_.no_floor;
  std::vector<std::string> heading{"method", "rank", "batch", "compute", "keeps", "tokens/s", "step p50", "of LoRA's", "p95", "peak", "start"};
  if (floors) heading.insert(heading.end(), {"own floor", "LibTorch floor", "share", "next limit"});
  Table table(heading, {false, true, false, false, false, true, true, true, true, true, true, true, true, true, false});
  std::vector<std::string> phase_heading{"where the time goes, ms", "rank", "batch"};
  for (std::size_t i = 0; i < kPhases; ++i) phase_heading.emplace_back(phase_name(static_cast<Phase>(i)));
  Table phases(phase_heading, {false, true, false, true, true, true, true, true, true, true});
  for (const auto& m : measured_) {
    const Figures f = figures_of(m);
    std::vector<std::string> row{m.runs.front().method, std::to_string(m.cell.rank), batch_name(m.cell), m.runs.front().compute, m.runs.front().activations,
                                 fmt::format("{:.0f}", f.tokens_per_s), fmt::format("{:.1f} ms", f.p50),
                                 step_over_lora(m) > 0 ? fmt::format("{:.2f}x", step_over_lora(m)) : "-", fmt::format("{:.1f} ms", f.p95),
                                 human_bytes(static_cast<double>(f.peak)), fmt::format("{:.2f} s", f.start)};
    if (floors) {
      const FloorShare share = share_of(m, f);
      row.push_back(fmt::format("{:.1f} ms", 1000 * f.floor.own.total()));
      row.push_back(fmt::format("{:.1f} ms", 1000 * f.floor.library.total()));
      row.push_back(fmt::format("{:.0f} %", 100 * share.share));
      row.push_back(fmt::format("{}, {:.1f} ms above its floor", phase_name(share.next), share.next_ms));
    }
    table.add(std::move(row));
    std::vector<std::string> phase_row{m.runs.front().method, std::to_string(m.cell.rank), batch_name(m.cell)};
    for (const double ms : f.phase_ms) phase_row.push_back(fmt::format("{:.1f}", ms));
    phases.add(std::move(phase_row));
  }
  print(table.text() + "\n" + phases.text());
  if (options_.grid == "growth") {
    const auto fit = growth();
    if (!fit.ok()) {
      print("\nno growth: " + fit.status().message() + "\n");
    } else {
      Table terms({"a step takes, for", "measured", "its operations at the floor's speed", "ratio"}, {false, true, true, true});
      for (const auto& t : fit->terms)
        terms.add({t.name, fmt::format("{:.4g} us", 1e6 * t.measured), t.expected > 0 ? fmt::format("{:.4g} us", 1e6 * t.expected) : "-",
                   t.expected > 0 ? fmt::format("{:.2f}", t.measured / t.expected) : "-"});
      print("\n" + terms.text() + fmt::format("least squares over {} cells; the worst is {:.1f} % off\n", measured_.size(), 100 * fit->largest_error));
    }
  }
  if (!floors) return;
  const CalibrateReply& c = measured_.front().floors.front();
  print(fmt::format("\nThe floor: the frozen matrices forward and backward, attention and the output layer alone, on random data, in turn with the runs;\n"
                    "own: the kernels of this program ({}); LibTorch: its mm and scaled_dot_product_attention. \"share\" is of the faster of the\n"
                    "two in each part. {} threads, copying {}/s.\n",
                    c.kernels, c.threads, human_bytes(c.copy_bytes_per_s)));
}

Result<Bench::GrowthFit> Bench::growth() const {
  std::vector<GrowthPoint> points;
  const Measured* longest = nullptr;   // where attention and products are least disturbed by what surrounds them
  for (const auto& m : measured_) {
    points.push_back({static_cast<double>(m.batch.shape.tokens), m.batch.shape.sum_squared_lengths, static_cast<double>(m.cell.rank), figures_of(m).p50 / 1000});
    if (!longest || m.batch.shape.sum_squared_lengths > longest->batch.shape.sum_squared_lengths) longest = &m;
  }
  WEFT_ASSIGN_OR_RETURN(const Growth fit, fit_growth(points));
  const StepFlops& flops = longest->plan.flops;
  const FloorTimes floor = figures_of(*longest).floor.own;
  const double products = flops.linears_forward + flops.linears_backward + flops.head_forward + flops.head_backward;
  const double attention = flops.attention_forward + flops.attention_backward, adapter = flops.adapter_forward + flops.adapter_backward;
  const double tokens = static_cast<double>(longest->batch.shape.tokens);
  const bool timed = floor.total() > 0;
  const double second_per_product = timed ? (floor.linears + floor.head) / products : 0;
  return GrowthFit{{{"a step", fit.fixed},
                    {"a token", fit.a_token, second_per_product * products / tokens},
                    {"a token, squared length", fit.a_square, timed && attention > 0 ? floor.attention / longest->batch.shape.sum_squared_lengths : 0},
                    {"a token and rank", fit.a_token_rank, second_per_product * adapter / tokens / static_cast<double>(longest->cell.rank)},
                    {"a rank", fit.a_rank}},
                   fit.largest_error};
}

Json floor_json(const FloorTimes& floor, double step_ms) {
  return {{"linears_s", floor.linears}, {"attention_s", floor.attention}, {"head_s", floor.head}, {"total_s", floor.total()},
          {"share", 1000 * floor.total() / step_ms}};
}

Json Bench::cell_json(const Measured& m) const {
  const Figures f = figures_of(m);
  Json phases = Json::object();
  for (std::size_t i = 0; i < kPhases; ++i) phases[phase_name(static_cast<Phase>(i))] = f.phase_ms[i];
  const double flops = m.plan.flops.total();
  Json steps = Json::array();
  for (const auto& run : m.runs) steps.push_back(run.step_ms);
  Json json = {{"method", m.cell.method}, {"rank", m.cell.rank}, {"rows", m.cell.rows}, {"length", m.cell.length}, {"compute", m.runs.front().compute},
               {"storage", m.runs.front().storage}, {"activations", m.runs.front().activations}, {"tokens", m.runs.front().tokens},
               {"trained_tokens", m.runs.front().trained_tokens}, {"sum_squared_lengths", m.batch.shape.sum_squared_lengths},
               {"tokens_per_s", f.tokens_per_s}, {"step_ms_p50", f.p50}, {"step_ms_p95", f.p95}, {"step_ms", steps}, {"phase_ms", phases},
               {"peak_bytes", f.peak}, {"planned_bytes", m.plan.memory_bytes()}, {"start_to_first_step_s", f.start},
               {"last_loss", m.runs.back().last_loss}, {"flops", flops}, {"gflop_per_s", flops / f.p50 / 1e6}};
  if (const double ratio = step_over_lora(m); ratio > 0) json["step_over_lora"] = ratio;
  if (m.floors.empty()) return json;
  const FloorShare share = share_of(m, f);
  json["own_floor"] = floor_json(f.floor.own, f.p50);
  json["library_floor"] = floor_json(f.floor.library, f.p50);
  json["share_of_floor"] = share.share;
  json["next_limit"] = {{"phase", phase_name(share.next)}, {"ms_above_its_floor", share.next_ms}};
  return json;
}

Json Bench::document() const {
  Json json = {{"model", model_.name.empty() ? fs::path(model_.path).filename().string() : model_.name},
               {"data", options_.data.empty() ? "random tokens" : options_.data},
               {"steps", options_.steps}, {"warmup", options_.warmup}, {"rounds", options_.rounds}, {"cells", Json::array()}};
  if (!measured_.front().floors.empty()) {
    const CalibrateReply& c = measured_.front().floors.front();
    json["machine"] = {{"threads", c.threads}, {"kernels", c.kernels}, {"copy_bytes_per_s", c.copy_bytes_per_s},
                       {"torch", engine_->info().torch_version}, {"cpu", engine_->info().cpu}};
  }
  for (const auto& m : measured_) json["cells"].push_back(cell_json(m));
  if (options_.grid != "growth") return json;
  if (const auto fit = growth(); fit.ok()) {
    json["growth"] = {{"largest_error", fit->largest_error}, {"terms", Json::array()}};
    for (const auto& t : fit->terms) json["growth"]["terms"].push_back({{"for", t.name}, {"measured_s", t.measured}, {"expected_s", t.expected}});
  }
  return json;
}

int work(const Options& options, const Call& call) {
  auto cells = cells_of(options);
  if (!cells.ok()) return wrong_call(cells.status());
  const auto path = find_model(options.model, "");
  if (!path.ok()) return failed(path.status());
  auto model = inspect_model(*path);
  if (!model.ok()) return failed(model.status());
  if (!model->trainable) return wrong_call(unsupported("[bench] " + model->path + " cannot be trained: " + model->why_not));
  std::atomic<pid_t> child{0};
  const StopSignals signals([&child](int) {
    if (const pid_t pid = child; pid > 0) ::kill(pid, SIGTERM);
  });
  Bench bench(options, call, std::move(*model));
  const Status status = bench.run(std::move(*cells), signals, child);
  if (signals.interrupted()) return kInterrupted;
  if (!status.ok()) return failed_or_wrong(status);
  if (call.json)
    print_document(bench.document());
  else
    bench.print_tables();
  int code = kDone;
  for (const auto& failure : bench.failures()) code = failed_or_wrong(failure);
  return code;
}

}  // namespace

void add_bench(CLI::App& app, Call& call) {
  const Arguments command(app, "bench", "tokens/s, memory and share of this machine's floor over a grid of methods, ranks and batches",
                          "weft-cli bench --model model.gguf --methods lora,dora --ranks 8,16 --batches 4x256,1x512 --rounds 3");
  auto options = set_work<Options>(command, call, work);
  command.text("--model", options->model, "GGUF file or Hugging Face folder; the sample model when left out");
  command.text("--data", options->data, "rows to train on (token files too); random tokens when left out");
  command.text("--grid", options->grid, "quick, figures, methods (every one) or growth");
  command.text("--methods", options->methods, "with commas between, instead of the grid's");
  command.text("--ranks", options->ranks, "with commas between");
  command.text("--batches", options->batches, "ROWSxTOKENS with commas between");
  command.text("--compute", options->computes, "auto, fp32, bf16, with commas between");
  command.text("--storage", options->storages, "auto, fp32, bf16, nf4, nf4-double, as-is, with commas between");
  command.text("--activations", options->activations, "auto, keep, cheap, drop, checkpoint, with commas between");
  command.number("--steps", options->steps, 1, 100000, "steps measured in each run");
  command.number("--warmup", options->warmup, 0, 1000, "steps before them");
  command.number("--rounds", options->rounds, 1, 1000, "runs of each cell, in turn");
  command.number("--threads", options->threads, 0, 1024, "worker threads; 0: one a core");
  command.flag("--no-floor", options->no_floor, "do not time the floor");
  command.json_flag(call);
  command.quiet_flag(call);
}

}  // namespace weft::cli
