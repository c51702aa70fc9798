// SPDX-License-Identifier: GPL-3.0-or-later
// What a run leaves on the disk: checkpoints, how many of them stay, and whether there is room for the next.
#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "engine/api/disk_outlook.h"
#include "engine/core/disk.h"
#include "engine/core/text_util.h"
#include "engine/train/carried_template.h"
#include "engine/train/checkpoint.h"
#include "engine/train/trainer.h"

namespace weft {
namespace {

std::string text_of(std::uint64_t bytes) { return human_bytes(static_cast<double>(bytes)); }

}  // namespace

// Before step 1, while there is nothing to lose. What cannot be known of the disk is left to the first checkpoint.
Status Trainer::check_disk() {
  const std::string& folder = request_.checkpoint_folder;
  keep_ = request_.train.at("keep_checkpoints").get<std::int64_t>();
  saved_bytes_ = checkpoint_bytes(*adapters_, training_state());
  if (folder.empty()) return {};
  if (resumed_)
    for (const auto step : checkpoint_steps(folder))
      if (step <= step_) saved_.push_back(step);
  const auto free = free_disk_bytes(folder);
  if (!free) return {};
  const DiskOutlook outlook = disk_outlook(saved_bytes_, total_steps_ - step_, request_.train, *free);
  if (outlook.none) return io_error(fmt::format("[train.preflight] {} at {}. Free some space, or copy the project to another disk", outlook.why, folder));
  if (!outlook.why.empty())
    sink_.on_event(WarningEvent{step_, fmt::format("[train] {} at {}. keep_checkpoints = 2 keeps the last two", outlook.why, folder)});
  return {};
}

// Where there is none the run waits: a step that is trained is worth more than an end with an error.
Result<bool> Trainer::has_room() {
  bool waited = false;
  while (true) {
    const auto free = free_disk_bytes(request_.checkpoint_folder);
    if (!free || *free >= saved_bytes_ + kDiskSpare) break;
    const std::string message =
        fmt::format("[train.checkpoint] step {}: a checkpoint takes {} and {} are free at {}; it is not written yet, and nothing is lost. Free some space, or keep fewer "
                    "checkpoints (keep=1), and continue", step_, text_of(saved_bytes_), text_of(*free), request_.checkpoint_folder);
    if (control_.stopped() && !control_.abandoned()) return io_error(message);
    if (control_.abandoned()) return false;
    control_.pause();
    sink_.on_event(WarningEvent{step_, message});
    sink_.on_event(StateEvent{RunState::Paused, step_, message, "disk"});
    waited = true;
    control_.wait_while_paused([this] { idle_(true); });
    for (const auto& edit : asked_)   // it will be made before the next step; its room is wanted now
      if (edit.keep && *edit.keep > 0) let_go_of_checkpoints(*edit.keep);
  }
  if (waited && !control_.stopped()) state(RunState::Running);
  return true;
}

// All but the last `most` and the best one.
void Trainer::let_go_of_checkpoints(std::int64_t most) {
  while (static_cast<std::int64_t>(saved_.size()) > most) {
    const auto oldest = std::find_if(saved_.begin(), saved_.end() - most, [&](std::int64_t step) { return step != early_stop_->best_step(); });
    if (oldest == saved_.end() - most) return;
    std::error_code error;
    if (std::filesystem::remove(checkpoint_path(request_.checkpoint_folder, *oldest), error)) dropped_.push_back(*oldest);
    saved_.erase(oldest);
  }
}

Status Trainer::keep_checkpoint() {
  if (last_checkpoint_ != step_) return checkpoint();
  if (early_stop_->best_step() == step_) early_stop_->own_checkpoint = false;
  return {};
}

Status Trainer::checkpoint() {
  if (request_.checkpoint_folder.empty()) return {};
  WEFT_ASSIGN_OR_RETURN(const bool room, has_room());
  if (!room) return {};
  Json run = {{"step", step_},
                    {"updates", updates_},
                    {"data", stream_->position()},
                    {"spectra_every", probe_->every()},
                    {"total_steps", total_steps_},
                    {"model", request_.model.at("path")},
                    {"base_model", base_model_name(model_->source())},
                    {"chat_template", template_to_keep(request_)},
                    {"held_out", early_stop_->state()}};
  if (Json edits = edits_state(); !edits.is_null()) run["edits"] = std::move(edits);
  auto written = write_checkpoint(request_.checkpoint_folder, *adapters_, training_state(), *generator_,
                                  peft_config_of(*adapters_, base_model_name(model_->source())), run);
  if (!written.ok()) return written.status().with_context(fmt::format("[train.checkpoint] step {}", step_));
  last_checkpoint_ = step_;
  saved_bytes_ = written->bytes;
  if (saved_.empty() || saved_.back() != step_) saved_.push_back(step_);
  if (keep_ > 0) let_go_of_checkpoints(keep_);
  written->dropped = std::exchange(dropped_, {});
  sink_.on_event(*written);
  return {};
}

}  // namespace weft
