// SPDX-License-Identifier: GPL-3.0-or-later
// What the window shows of one run: curves, spectra, flags, state. Filled from the project or from live events, with the
// same result. A plain value holder, main thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <QString>

#include "engine/api/events.h"
#include "projects/api/run_progress.h"
#include "ui/bridge/backend.h"

namespace weft::ui {

struct Curve {
  std::vector<double> steps, values;   // steps ascending
  void put(double step, double value);  // replaces the last point of the same step
  void cutFrom(double step);
};

struct Flag {
  enum class Kind { Checkpoint, Evaluation, Warning, State, Edit };
  Kind kind = Kind::State;
  std::int64_t step = 0;
  QString text;
  QString label = {};            // what a chart has room for: "lr=0.0001", "best"; empty: the kind's word
  std::optional<double> x = {};  // where a chart along something else has it; nothing: at its step
  int series = -1;               // whose colour it has; -1: none of its own
};

struct SiteFigures {
  float effectiveRank = 0, stableRank = 0, frobenius = 0, magnitudeChange = 0, directionChange = 0;
  int energy90 = 0, energy95 = 0, energy99 = 0;
  std::uint32_t begin = 0, count = 0;   // singular values in SpectraAt::values; count 0: not measured
};

// All spectra of one step; sites in the order of RunHistory::sites().
struct SpectraAt {
  std::int64_t step = 0;
  std::vector<SiteFigures> sites;
  std::vector<float> values;
};

// How many ranks each matrix had at one step; sites in the order of RunHistory::sites(), -1: not told.
struct RanksAt {
  std::int64_t step = 0;
  std::vector<std::int64_t> sites;
};

class RunHistory final {
 public:
  RunHistory() = default;
  [[nodiscard]] static RunHistory fromProject(const RunData& data);
  void apply(const Event& event);

  RunId id = 0;
  QString name;                 // "r12"
  Json config;                  // the run's snapshot
  QString stateWord;            // as run_state_name(), or "interrupted"
  QString message;              // why, for paused and failed
  std::string pauseCause;       // as StateEvent::cause
  std::string failureCode;      // of a failed run, as FinishedEvent::code
  std::optional<BadStepEvent> badStep;  // the latest
  std::int64_t trainable = 0, totalParameters = 0, lastStep = 0, totalSteps = 0;
  Curve loss, gradNorm, lr, tokensPerS, evalLoss;
  Curve memory;                 // of the process, GB (10^9 bytes)
  RunProgress progress;         // what had been spent by each step
  Curve consistency;            // of the steps' two passes; empty where there is one
  Curve ranksInUse;              // of all matrices; empty where the method neither takes nor gives any
  std::vector<Flag> flags;      // by step
  std::vector<SiteShape> sites;
  std::vector<SpectraAt> spectra;  // by step
  std::vector<RanksAt> ranks;   // by step
  std::vector<EditEvent> edits; // that took effect, by step
  std::int64_t bestStep = 0;    // of the lowest loss on held-out rows after a step; 0: none
  double bestLoss = 0;
  bool lastStepBad = false;     // its loss or gradient is not finite
  std::vector<SamplesEvent> samples;  // by step
  std::uint64_t rssBytes = 0, peakRssBytes = 0;
  double spectraMs = 0, spectraShare = 0;
  std::int64_t spectraEvery = 0;
  std::int64_t checkpointStep = -1;  // -1: none
  double seconds = 0;
  StepTime stepTime;            // of the last steps by phase; 0 steps: not known
  std::optional<BatchFloor> floor;  // of this machine for these steps, once it is known
  std::uint64_t revision = 0;   // grows with every change

  [[nodiscard]] bool running() const;  // neither final nor interrupted
  [[nodiscard]] int siteIndex(const std::string& path) const;  // -1: unknown
  // Latest spectra at or before `step`; nullptr when there are none.
  [[nodiscard]] const SpectraAt* spectraAt(std::int64_t step) const;
  // Ranks that matrix `site` had, over steps; and at the latest telling at or before `step`, -1: not told.
  [[nodiscard]] Curve ranksOf(int site) const;
  [[nodiscard]] std::int64_t ranksOf(int site, std::int64_t step) const;
  // Of its settings and the edits since: how often spectra are wanted, 0: never or not known; and what its layers keep, "" where that is not known.
  [[nodiscard]] std::int64_t wantedSpectraEvery() const;
  [[nodiscard]] std::string activations() const;
  // Seconds left by the median of the last 32 steps; NaN before the first.
  [[nodiscard]] double secondsLeft() const;

 private:
  void apply(const StartedEvent& event);
  void apply(const SpectraEvent& event);
  void apply(const RanksEvent& event);
  void apply(const EditEvent& event);
  void markBest();               // the flag of its checkpoint
  void apply(const SamplesEvent& event);
  void putSpectrum(SpectraAt& at, int site, const SpectrumEvent& spectrum);
  SpectraAt& spectraOf(std::int64_t step);
  int knownSite(const std::string& path);  // adds it when it is new
  void cutFrom(std::int64_t step);
  std::unordered_map<std::string, int> m_siteIndex;
  std::deque<double> m_stepMs;
  RecentSteps m_recent;
};

// "model.layers.3.self_attn.q_proj" -> {layer 3, module "q_proj"}; layer -1 when the path names none.
[[nodiscard]] SiteShape siteFromPath(const std::string& path);

}  // namespace weft::ui
