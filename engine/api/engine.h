// SPDX-License-Identifier: GPL-3.0-or-later
// All that window and command line may ask of the engine. One engine a process; it owns one thread that owns every tensor.
// Every method may be called from any thread and returns at once unless it says that it blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/close_up.h"
#include "engine/api/evaluation.h"
#include "engine/api/event_channel.h"
#include "engine/api/events.h"
#include "engine/api/generation.h"
#include "engine/api/run_edit.h"
#include "engine/api/train_request.h"
#include "engine/core/go_on.h"
#include "engine/core/status.h"

namespace weft {

using JobId = std::int64_t;

enum class Control {
  Pause,       // finish the step, keep everything in memory, state Paused
  Continue,    // go on from Paused
  Checkpoint,  // write a checkpoint after the step in progress (also while paused)
  Sample,      // answer the prompts of [samples] after the step in progress (also while paused)
  Stop,        // finish the step, write a checkpoint, end: outcome "stopped"
  Abandon,     // end after the current micro-batch without a checkpoint: outcome "abandoned"
};

struct ExportRequest {
  std::string model;         // GGUF or Hugging Face folder
  std::string adapter;       // checkpoint file of ours, or PEFT folder
  std::string format;        // "peft", "lora" (peft of a chosen rank or energy), "merged", "gguf" (merged, one file) or "gguf-adapter"
  std::string dtype = "auto";  // merged: fp32, bf16 (auto), fp16; gguf, gguf-adapter: fp16 (auto), fp32, gguf also bf16; peft: fp32
  std::int64_t rank = 0;       // peft: the nearest plain LoRA of this rank, whatever the method; 0: the adapter itself
  double energy = 0;           // instead of a rank: the least that keeps this share (of 1) of the update's squared Frobenius norm, of each matrix its own; 0: not asked for
  bool same_rank = false;      // with energy: one rank for all matrices, the least that keeps this share of all of them together
  std::string out;           // folder; must not exist or be empty
  // In bytes of tensors that are made. Asked also before each matrix that is approximated, or used as the model runs on a few tokens, before and after; not while one is loaded.
  GoOn go_on;
};

struct ExportReport {
  std::string path;
  std::vector<std::string> files;
  std::uint64_t bytes = 0;
  double max_difference = 0;   // of logits, written files loaded again against the adapter that was asked for
  double logits_scale = 0;     // largest |logit|, to read the difference by
  // Of an approximation: its rank, the share of the update's squared Frobenius norm that it keeps, and that of the matrix which loses the most.
  struct Approximation {
    std::int64_t rank = 0, least_rank = 0;   // the same where no matrix has a rank of its own
    double energy = 1, least = 1;
    std::string least_site;
    [[nodiscard]] std::string ranks() const { return least_rank == rank ? std::to_string(rank) : std::to_string(least_rank) + " to " + std::to_string(rank); }
  };
  std::optional<Approximation> approximation;
};

struct LogitsRequest {
  std::string model, adapter;      // adapter: PEFT folder, checkpoint or ""
  std::vector<std::int32_t> ids;
};
struct LogitsReply {
  std::vector<float> last;         // [V]
};

struct InspectRequest {
  std::string adapter;             // PEFT folder, adapter safetensors or checkpoint
  std::string base;                // model, or "": then no magnitude and direction change
};
struct InspectReply {
  std::string method;
  std::int64_t parameters = 0;
  std::vector<SiteShape> sites;
  std::vector<SpectrumEvent> spectra;
};

// What the machine's floor is for one step of a model: its matrix products, attention and output layer alone, on random data of the
// right shapes with weights of their own for each layer, timed.
struct CalibrateRequest {
  struct Matrix {
    std::int64_t out = 0, in = 0, count = 0;
  };
  std::vector<Matrix> matrices;            // frozen matrices of the blocks by shape; each is used forward and backward
  std::int64_t layers = 0, width = 0, heads = 0, kv_heads = 0, head_size = 0, vocabulary = 0;
  std::vector<std::int64_t> segments;      // [S+1] of one batch, from 0
  std::int64_t head_rows = 0;              // rows that reach the output layer
  std::string compute = "fp32";            // or "bf16"
  int threads = 0;                         // 0: one a core
  double seconds = 4;                      // at least so long for each figure, three rounds in any case
  std::function<bool()> cancelled;         // asked before each product and each layer's attention; the answer is Cancelled
};
struct FloorTimes {                        // seconds a step, medians
  double linears = 0, attention = 0, head = 0;
  [[nodiscard]] double total() const { return linears + attention + head; }
};
struct CalibrateReply {
  FloorTimes own, library;                 // this engine's kernels; LibTorch's mm and scaled_dot_product_attention
  double copy_bytes_per_s = 0;             // read and written, all threads
  std::string kernels;                     // "plain", "avx2", "avx512"
  int threads = 0;
};

struct EngineInfo {
  std::string torch_version;
  std::string cpu;                 // capability, such as "AVX512"
  int threads = 0;
};

class Engine {
 public:
  virtual ~Engine() = default;     // abandons the running job, joins the thread

  [[nodiscard]] virtual EngineInfo info() const = 0;

  // Starts a run; Busy while another job runs. The sink hears everything until FinishedEvent, which is always the last.
  // Errors found before the first tensor (unknown file, bad setting) also arrive as FinishedEvent "failed".
  [[nodiscard]] virtual Result<JobId> train(TrainRequest request, std::shared_ptr<EventSink> sink) = 0;
  [[nodiscard]] virtual Status control(JobId job, Control control) = 0;

  // Changes the running or paused job from a step on. Checked between two steps, where it is refused or `done` is told the first step that it will hold
  // for; before that step a checkpoint is written, then an EditEvent says what changed. A run that ends before drops it, with a warning.
  virtual void edit(JobId job, RunEdit edit, std::function<void(Result<std::int64_t>)> done) = 0;

  // Answered between two steps of a run in progress, whose adapter it may be about.
  virtual void close_up(CloseUpRequest request, std::function<void(Result<CloseUpReply>)> done) = 0;
  // The same; training waits for the whole answer. A run that is told to stop or to abandon ends it as "cancelled".
  virtual void generate(GenerateRequest request, std::function<void(Result<GenerateReply>)> done) = 0;
  // The rest run one after the other on the engine thread, also between the steps of a paused run; `done` is called on it.
  virtual void export_adapter(ExportRequest request, std::function<void(Result<ExportReport>)> done) = 0;
  virtual void logits(LogitsRequest request, std::function<void(Result<LogitsReply>)> done) = 0;
  virtual void evaluate(EvaluateRequest request, std::function<void(Result<EvaluateReply>)> done) = 0;
  virtual void inspect(InspectRequest request, std::function<void(Result<InspectReply>)> done) = 0;
  virtual void calibrate(CalibrateRequest request, std::function<void(Result<CalibrateReply>)> done) = 0;
};

}  // namespace weft

// The one symbol of libweft_engine.so. The caller owns the result.
extern "C" weft::Engine* weft_create_engine();
