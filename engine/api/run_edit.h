// SPDX-License-Identifier: GPL-3.0-or-later
// An edit of a run that is going on: what is another from a step on. Window, command line, run snapshot, event and checkpoint say it in this
// one type. Plain values; any thread.
//
// As text: "lr=1e-4", several with commas, the first step it holds for in front: "40:lr=1e-4,steps=200". Keys: lr, steps, dropout (of what an
// adapter reads; dropout.key, dropout.hidden, ... elsewhere), alpha, rank (of all matrices; rank.q_proj of some), freeze (left, right, none),
// spectra (their cadence in steps), activations (what the layers keep), keep (how many checkpoints stay).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/json.h"
#include "engine/core/status.h"

namespace weft {

struct TrainRequest;

enum class FrozenSide { None, Left, Right };   // of dW = B A: B, or A
[[nodiscard]] const char* frozen_side_name(FrozenSide side);   // "none", "left", "right"

struct RunEdit {
  struct DropoutRate {
    std::string place = "adapter";   // [dropout] <place>_rate
    double rate = 0;
  };
  struct Prune {
    std::string site;                // matrices by PEFT's rule for names (q_proj, or a whole path); "": all
    std::int64_t rank = 0;           // those that have more are cut to it
  };
  std::int64_t step = 0;             // the first step that it holds for; 0: the next
  std::optional<double> lr;          // the rate that the schedule starts from: its shape stays
  std::optional<std::int64_t> steps;  // where the run ends, and with it what linear and cosine fall towards
  std::optional<DropoutRate> dropout;
  std::optional<double> alpha;
  std::optional<Prune> prune;
  std::optional<FrozenSide> freeze;
  std::optional<std::int64_t> spectra;     // taken every so many steps, whatever share of the time that is; 0: no more
  std::optional<std::string> activations;  // a level by its name: the numbers stay, memory and time change
  std::optional<std::int64_t> keep;        // [train] keep_checkpoints from now on

  [[nodiscard]] bool empty() const { return !lr && !steps && !dropout && !alpha && !prune && !freeze && !spectra && !activations && !keep; }
};

[[nodiscard]] Result<RunEdit> parse_edit(const std::string& text);
[[nodiscard]] std::string to_text(const RunEdit& edit);          // what parse_edit() reads
[[nodiscard]] Json to_json(const RunEdit& edit);
[[nodiscard]] Result<RunEdit> run_edit_from_json(const Json& json);

// Why a run's method or settings do not let a thing be changed while it goes on; "" where they do.
struct EditLimits {
  std::string lr, steps, dropout, alpha, prune, freeze;
};
// Of a complete request. An empty [method] (an adapter of a file decides it) sets no limits: the engine has the last word.
[[nodiscard]] EditLimits edit_limits(const TrainRequest& request);
// Limits and values. What depends on the run itself (its step, the ranks it has) the engine checks.
[[nodiscard]] Status check_edit(const RunEdit& edit, const TrainRequest& request);
// Settings of [dropout], complete, with a rate changed: under "custom" or "none" where the preset is no longer what it says.
[[nodiscard]] Result<Json> dropout_with(const Json& complete, const RunEdit::DropoutRate& rate);

}  // namespace weft
