// SPDX-License-Identifier: GPL-3.0-or-later
// All that window and command line may ask of the engine. One engine a process; it owns one thread that owns every tensor.
// Every method may be called from any thread and returns at once unless it says that it blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/event_channel.h"
#include "engine/api/events.h"
#include "engine/api/train_request.h"
#include "engine/core/status.h"

namespace weft {

using JobId = std::int64_t;

enum class Control {
  Pause,       // finish the step, keep everything in memory, state Paused
  Continue,    // go on from Paused
  Checkpoint,  // write a checkpoint after the step in progress (also while paused)
  Stop,        // finish the step, write a checkpoint, end: outcome "stopped"
  Abandon,     // end after the current micro-batch without a checkpoint: outcome "abandoned"
};

struct ExportRequest {
  std::string model;         // GGUF or Hugging Face folder
  std::string adapter;       // checkpoint file of ours, or PEFT folder
  std::string format;        // "peft" or "merged"
  std::string dtype = "auto";  // merged: fp32, bf16, fp16; auto: fp32 for peft, bf16 for merged
  std::string out;           // folder; must not exist or be empty
};

struct ExportReport {
  std::string path;
  std::vector<std::string> files;
  std::uint64_t bytes = 0;
  double max_difference = 0;   // of logits, written files loaded again against the adapter in memory
  double logits_scale = 0;     // largest |logit|, to read the difference by
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

  // The rest run one after the other on the engine thread, also between the steps of a paused run; `done` is called on it.
  virtual void export_adapter(ExportRequest request, std::function<void(Result<ExportReport>)> done) = 0;
  virtual void logits(LogitsRequest request, std::function<void(Result<LogitsReply>)> done) = 0;
  virtual void inspect(InspectRequest request, std::function<void(Result<InspectReply>)> done) = 0;
};

}  // namespace weft

// The one symbol of libweft_engine.so. The caller owns the result.
extern "C" weft::Engine* weft_create_engine();
