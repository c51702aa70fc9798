// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/steering.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QStringList>

#include "engine/api/train_request.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"

namespace weft::ui {
namespace {

constexpr std::size_t kSpectra = 64;   // steps whose spectra are looked at: a long run has thousands

QString tr(const char* text) { return QCoreApplication::translate("Steering", text); }

double number(const Json& config, const char* section, const char* key) {
  if (!config.is_object() || !config.contains(section) || !config[section].is_object()) return std::nan("");
  const Json& values = config[section];
  return values.contains(key) && values[key].is_number() ? values[key].get<double>() : std::nan("");
}

// Complete, so that limits and defaults are known; the request itself where it cannot be completed.
TrainRequest requestOf(const RunHistory& run) {
  const auto request = train_request_from_json(run.config);
  if (!request.ok()) return {};
  auto complete = validate(*request);
  return complete.ok() ? *std::move(complete) : *request;
}

QString sideText(FrozenSide side) {
  switch (side) {
    case FrozenSide::None: return tr("both factors are trained");
    case FrozenSide::Left: return tr("the left factors (B) are frozen");
    case FrozenSide::Right: return tr("the right factors (A) are frozen");
  }
  return {};
}

}  // namespace

SteerValues steerValues(const RunHistory& run) {
  const TrainRequest request = requestOf(run);
  const Json config = to_json(request);
  SteerValues now;
  now.lr = number(config, "train", "lr");
  now.steps = run.totalSteps;
  now.dropout = number(config, "dropout", "adapter_rate");
  if (!std::isfinite(now.dropout)) now.dropout = 0;
  if (const double alpha = number(config, "method", "alpha"); std::isfinite(alpha)) now.alpha = alpha;
  for (const auto& site : run.sites) now.rank = std::max(now.rank, site.rank);
  for (const auto& [edit, text, total] : run.edits) {
    if (edit.lr) now.lr = *edit.lr;
    if (edit.dropout && edit.dropout->place == "adapter") now.dropout = edit.dropout->rate;
    if (edit.alpha) now.alpha = *edit.alpha;
    if (edit.prune && edit.prune->site.empty()) now.rank = std::min(now.rank, edit.prune->rank);
    if (edit.freeze) now.freeze = *edit.freeze;
  }
  return now;
}

EditLimits steerLimits(const RunHistory& run) { return edit_limits(requestOf(run)); }

RunEdit editBetween(const SteerValues& now, const SteerValues& wanted) {
  RunEdit edit;
  if (wanted.lr != now.lr) edit.lr = wanted.lr;
  if (wanted.steps != now.steps) edit.steps = wanted.steps;
  if (wanted.dropout != now.dropout) edit.dropout = RunEdit::DropoutRate{"adapter", wanted.dropout};
  if (wanted.alpha && now.alpha && *wanted.alpha != *now.alpha) edit.alpha = *wanted.alpha;
  if (wanted.rank != now.rank) edit.prune = RunEdit::Prune{"", wanted.rank};
  if (wanted.freeze != now.freeze) edit.freeze = wanted.freeze;
  return edit;
}

QString steerForecast(const RunHistory& run, const RunEdit& edit) {
  if (edit.empty()) return tr("Change a value: a checkpoint is written before it takes effect, and every chart gets a flag.");
  const SteerValues now = steerValues(run);
  QStringList changes;
  if (edit.lr) changes.append(tr("learning rate %1 to %2").arg(shortNumber(now.lr), shortNumber(*edit.lr)));
  if (edit.steps) changes.append(tr("end at step %1 instead of %2").arg(grouped(*edit.steps), grouped(now.steps)));
  if (edit.dropout) changes.append(tr("dropout %1 to %2").arg(now.dropout).arg(edit.dropout->rate));
  if (edit.alpha) changes.append(tr("alpha %1 to %2").arg(now.alpha.value_or(0)).arg(*edit.alpha));
  if (edit.prune) changes.append(tr("at most %1 ranks a matrix instead of %2, the smallest directions go for good").arg(edit.prune->rank).arg(now.rank));
  if (edit.freeze) changes.append(sideText(*edit.freeze));
  const QString when = run.stateWord == QLatin1String("paused") ? tr("When the run continues: a checkpoint, then from step %1 on %2.")
                                                                : tr("After the step in progress: a checkpoint, then from about step %1 on %2.");
  return when.arg(grouped(run.lastStep + (run.stateWord == QLatin1String("paused") ? 1 : 2)), changes.join(tr("; ")));
}

std::optional<WayBack> wayBack(const RunHistory& run) {
  if (!run.lastStepBad || run.stateWord != QLatin1String("paused")) return std::nullopt;
  std::int64_t step = 0;
  for (const auto& flag : run.flags)
    if (flag.kind == Flag::Kind::Checkpoint && flag.step < run.lastStep) step = std::max(step, flag.step);
  const double lr = steerValues(run).lr;
  if (step == 0 || !(lr > 0)) return std::nullopt;
  return WayBack{step, lr / 3};
}

HealthSeries healthSeries(const RunHistory& run) {
  HealthSeries s;
  s.loss = {run.loss.steps, run.loss.values};
  s.held_out = {run.evalLoss.steps, run.evalLoss.values};
  s.lr = {run.lr.steps, run.lr.values};
  const bool cut = std::any_of(run.edits.begin(), run.edits.end(), [](const EditEvent& e) { return e.edit.prune.has_value(); });
  s.ranks_are_taken_away = !run.ranks.empty() && !cut;
  const std::size_t stride = (run.spectra.size() + kSpectra - 1) / kSpectra;
  for (std::size_t k = 0; k < run.spectra.size(); ++k) {
    if (k % stride != 0 && k + 1 != run.spectra.size()) continue;
    const SpectraAt& at = run.spectra[k];
    HealthSeries::Spectra spectra{at.step, {}};
    for (std::size_t i = 0; i < run.sites.size(); ++i) {
      HealthSeries::Site site{run.sites[i].path, {}};
      if (i < at.sites.size()) site.values.assign(at.values.begin() + at.sites[i].begin, at.values.begin() + at.sites[i].begin + at.sites[i].count);
      spectra.sites.push_back(std::move(site));
    }
    s.spectra.push_back(std::move(spectra));
  }
  return s;
}

}  // namespace weft::ui
