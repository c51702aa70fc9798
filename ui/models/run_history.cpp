// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_history.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <QCoreApplication>

#include "engine/api/train_request.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"

namespace weft::ui {
namespace {

constexpr std::size_t kMedianSteps = 32;
constexpr double kGigabyte = 1e9;

std::int64_t integer(const Json& object, const char* key) {
  const auto at = object.is_object() ? object.find(key) : object.end();
  return object.is_object() && at != object.end() && at->is_number() ? at->get<std::int64_t>() : 0;
}

std::string text(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto at = object.find(key);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

SpectrumEvent toEvent(const SpectrumRow& row) {
  SpectrumEvent event;
  event.step = row.step;
  event.site = row.site;
  event.singular_values = row.values;
  event.effective_rank = row.effective_rank;
  event.stable_rank = row.stable_rank;
  event.frobenius = row.frobenius;
  event.magnitude_change = row.magnitude_change;
  event.direction_change = row.direction_change;
  event.energy_rank_90 = row.energy_rank_90;
  event.energy_rank_95 = row.energy_rank_95;
  event.energy_rank_99 = row.energy_rank_99;
  return event;
}

QString evaluationText(double loss) { return QStringLiteral("hold-out %1").arg(fixed(loss, 4)); }

}  // namespace

void Curve::put(double step, double value) {
  if (!steps.empty() && steps.back() == step) {
    values.back() = value;
    return;
  }
  if (!steps.empty() && steps.back() > step) cutFrom(step);  // written anew after a resume
  steps.push_back(step);
  values.push_back(value);
}

void Curve::cutFrom(double step) {
  const auto at = std::lower_bound(steps.begin(), steps.end(), step) - steps.begin();
  steps.resize(static_cast<std::size_t>(at));
  values.resize(static_cast<std::size_t>(at));
}

SiteShape siteFromPath(const std::string& path) {
  SiteShape site;
  site.path = path;
  const auto dot = path.rfind('.');
  site.module = dot == std::string::npos ? path : path.substr(dot + 1);
  for (const char* marker : {".layers.", ".h.", ".blocks."}) {
    const auto at = path.find(marker);
    if (at == std::string::npos) continue;
    int layer = -1;
    for (auto i = at + std::char_traits<char>::length(marker); i < path.size() && path[i] >= '0' && path[i] <= '9' && layer < 100000; ++i)
      layer = std::max(layer, 0) * 10 + (path[i] - '0');
    site.layer = layer;
    break;
  }
  return site;
}

RunHistory RunHistory::fromProject(const RunData& data) {
  RunHistory h;
  h.id = data.run.id;
  h.name = qs(data.run.name);
  h.config = data.run.config;
  h.stateWord = qs(data.run.state);
  h.message = engineText(data.run.message);
  h.lastStep = data.run.last_step;
  h.totalSteps = data.run.total_steps;
  h.trainable = integer(data.run.started, "trainable");
  h.totalParameters = integer(data.run.started, "total_parameters");
  if (data.run.started.is_object() && data.run.started.contains("sites") && data.run.started["sites"].is_array())
    for (const auto& site : data.run.started["sites"]) {
      const std::string path = site.is_string() ? site.get<std::string>() : text(site, "path");
      if (path.empty()) continue;
      auto& shape = h.sites[static_cast<std::size_t>(h.knownSite(path))];
      shape.out = integer(site, "out");
      shape.in = integer(site, "in");
      shape.rank = integer(site, "rank");
    }
  const std::pair<const char*, Curve*> curves[] = {
      {"loss", &h.loss}, {"grad_norm", &h.gradNorm}, {"lr", &h.lr}, {"tokens_per_s", &h.tokensPerS},
                                                    {"eval_loss", &h.evalLoss}, {"consistency", &h.consistency}};
  for (const auto& row : data.metrics) {
    for (const auto& [name, curve] : curves)
      if (row.name == name) curve->put(static_cast<double>(row.step), row.value);
    if (row.name == "rss_bytes" && row.value > 0) {
      h.rssBytes = static_cast<std::uint64_t>(row.value);
      h.memory.put(static_cast<double>(row.step), row.value / kGigabyte);
    }
    if (row.name == "spectra_ms") h.spectraMs = row.value;
    if (row.name == "spectra_share") h.spectraShare = row.value;
  }
  h.progress = RunProgress(data.metrics);
  h.peakRssBytes = h.rssBytes;
  for (const auto& row : data.spectra) {
    auto& at = h.spectraOf(row.step);
    h.putSpectrum(at, h.knownSite(row.site), toEvent(row));
  }
  for (const auto& row : data.events) {
    if (row.type == "warning") h.flags.push_back({Flag::Kind::Warning, row.step, engineText(text(row.detail, "message"))});
    if (row.type == "finished") {
      h.peakRssBytes = std::max<std::uint64_t>(h.peakRssBytes, static_cast<std::uint64_t>(integer(row.detail, "peak_rss_bytes")));
      if (row.detail.is_object() && row.detail.contains("seconds") && row.detail["seconds"].is_number())
        h.seconds = row.detail["seconds"].get<double>();
      h.failureCode = text(row.detail, "outcome") == "failed" ? text(row.detail, "code") : std::string();
    }
    if (row.type == "step_time") h.stepTime = step_time_from_json(row.detail).value_or(h.stepTime);
    if (row.type == "floor")
      if (const auto floor = batch_floor_from_json(row.detail); floor.ok()) h.floor = *floor;
    if (row.type == "ranks") h.apply(ranks_from_json(row.step, row.detail));
    if (row.type == "edit") h.apply(edit_from_json(row.step, row.detail));
    if (row.type == "best" && row.step >= h.bestStep && row.detail.is_object() && row.detail.contains("loss") && row.detail["loss"].is_number()) {
      h.bestStep = row.step;
      h.bestLoss = row.detail["loss"].get<double>();
    }
    if (row.type == "bad_step") h.apply(bad_step_from_json(row.step, row.detail));
    if (row.type == "samples") h.apply(samples_from_json(row.step, row.detail));
    if (row.type == "cadence") h.spectraEvery = integer(row.detail, "every");
  }
  for (const auto& row : data.checkpoints) {
    h.flags.push_back({Flag::Kind::Checkpoint, row.step, QStringLiteral("checkpoint, %1").arg(bytesText(static_cast<double>(row.bytes)))});
    if (row.present) h.checkpointStep = std::max(h.checkpointStep, row.step);
  }
  for (std::size_t i = 0; i < h.evalLoss.steps.size(); ++i)
    h.flags.push_back({Flag::Kind::Evaluation, static_cast<std::int64_t>(h.evalLoss.steps[i]), evaluationText(h.evalLoss.values[i])});
  h.markBest();
  std::stable_sort(h.flags.begin(), h.flags.end(), [](const Flag& a, const Flag& b) { return a.step < b.step; });
  h.revision = 1;
  return h;
}

void RunHistory::apply(const Event& event) {
  ++revision;
  if (const auto* started = std::get_if<StartedEvent>(&event)) {
    apply(*started);
  } else if (const auto* step = std::get_if<StepEvent>(&event)) {
    const auto at = static_cast<double>(step->step);
    loss.put(at, step->loss);
    gradNorm.put(at, step->grad_norm);
    lr.put(at, step->lr);
    tokensPerS.put(at, step->tokens_per_s);
    if (step->rss_bytes > 0) memory.put(at, static_cast<double>(step->rss_bytes) / kGigabyte);
    progress.add(at, step->epoch, static_cast<double>(step->tokens), step->ms / 1000);
    if (step->consistency) consistency.put(at, *step->consistency);
    lastStep = step->step;
    lastStepBad = !std::isfinite(step->loss) || !std::isfinite(step->grad_norm);
    rssBytes = step->rss_bytes;
    peakRssBytes = std::max(peakRssBytes, rssBytes);
    m_stepMs.push_back(step->ms);
    if (m_stepMs.size() > kMedianSteps) m_stepMs.pop_front();
    m_recent.add(*step);
    stepTime = m_recent.sum();
  } else if (const auto* eval = std::get_if<EvalEvent>(&event)) {
    evalLoss.put(static_cast<double>(eval->step), eval->loss);
    flags.push_back({Flag::Kind::Evaluation, eval->step, evaluationText(eval->loss)});
  } else if (const auto* measured = std::get_if<SpectraEvent>(&event)) {
    apply(*measured);
  } else if (const auto* left = std::get_if<RanksEvent>(&event)) {
    apply(*left);
  } else if (const auto* edit = std::get_if<EditEvent>(&event)) {
    apply(*edit);
  } else if (const auto* best = std::get_if<BestEvent>(&event)) {
    bestStep = best->step;
    bestLoss = best->loss;
    if (best->replaced > 0)
      std::erase_if(flags, [&](const Flag& f) { return f.kind == Flag::Kind::Checkpoint && f.step == best->replaced; });
    markBest();
  } else if (const auto* drawn = std::get_if<SamplesEvent>(&event)) {
    apply(*drawn);
  } else if (const auto* saved = std::get_if<CheckpointEvent>(&event)) {
    checkpointStep = saved->step;
    std::erase_if(flags, [&](const Flag& f) {
      return f.kind == Flag::Kind::Checkpoint && std::find(saved->dropped.begin(), saved->dropped.end(), f.step) != saved->dropped.end();
    });
    flags.push_back({Flag::Kind::Checkpoint, saved->step, QStringLiteral("checkpoint, %1").arg(bytesText(static_cast<double>(saved->bytes)))});
  } else if (const auto* bad = std::get_if<BadStepEvent>(&event)) {
    badStep = *bad;
  } else if (const auto* warning = std::get_if<WarningEvent>(&event)) {
    flags.push_back({Flag::Kind::Warning, warning->step, engineText(warning->message)});
  } else if (const auto* state = std::get_if<StateEvent>(&event)) {
    stateWord = QString::fromLatin1(run_state_name(state->state));
    message = engineText(state->message);
    pauseCause = state->state == RunState::Paused ? state->cause : std::string();
  } else if (const auto* finished = std::get_if<FinishedEvent>(&event)) {
    stateWord = qs(finished->outcome);
    message = engineText(finished->message);
    failureCode = finished->outcome == "failed" ? finished->code : std::string();
    seconds = finished->seconds;
    peakRssBytes = std::max(peakRssBytes, finished->peak_rss_bytes);
  }
}

void RunHistory::apply(const StartedEvent& event) {
  trainable = event.trainable;
  totalParameters = event.total_parameters;
  totalSteps = event.total_steps;
  m_recent.clear();   // a resumed run may go at another pace
  if (lastStep > 0 || !spectra.empty()) cutFrom(event.first_step > 1 ? event.first_step : 0);  // what follows is written anew
  for (const auto& site : event.sites) sites[static_cast<std::size_t>(knownSite(site.path))] = site;
}

void RunHistory::apply(const SpectraEvent& event) {
  auto& at = spectraOf(event.step);
  for (const auto& spectrum : event.sites) putSpectrum(at, knownSite(spectrum.site), spectrum);
  spectraMs = event.ms;
  spectraShare = event.share;
  spectraEvery = event.every;
}

void RunHistory::apply(const RanksEvent& event) {
  if (event.sites.empty()) return;
  std::erase_if(ranks, [&](const RanksAt& r) { return r.step >= event.step; });  // told anew after a resume
  RanksAt at{event.step, {}};
  double sum = 0;
  for (const auto& [site, left] : event.sites) {
    const auto i = static_cast<std::size_t>(knownSite(site));
    if (at.sites.size() <= i) at.sites.resize(std::max(i + 1, sites.size()), -1);
    at.sites[i] = left;
    sum += static_cast<double>(left);
  }
  ranks.push_back(std::move(at));
  ranksInUse.put(static_cast<double>(event.step), sum);
}

void RunHistory::apply(const EditEvent& event) {
  edits.push_back(event);
  if (event.total_steps > 0) totalSteps = event.total_steps;
  RunEdit bare = event.edit;   // the step is where the flag stands
  bare.step = 0;
  flags.push_back({Flag::Kind::Edit, event.edit.step, engineText(event.text), qs(to_text(bare))});
}

void RunHistory::markBest() {
  for (auto& flag : flags)
    if (flag.kind == Flag::Kind::Checkpoint) flag.label = flag.step == bestStep ? QCoreApplication::translate("RunHistory", "best") : QString();
}

void RunHistory::apply(const SamplesEvent& event) {
  if (event.answers.empty()) return;
  std::erase_if(samples, [&](const SamplesEvent& s) { return s.step >= event.step; });  // drawn anew after a resume, or asked for twice
  samples.push_back(event);
}

SpectraAt& RunHistory::spectraOf(std::int64_t step) {
  const auto at = std::lower_bound(spectra.begin(), spectra.end(), step, [](const SpectraAt& s, std::int64_t n) { return s.step < n; });
  if (at != spectra.end() && at->step == step) return *at;
  return *spectra.insert(at, SpectraAt{step, {}, {}});
}

void RunHistory::putSpectrum(SpectraAt& at, int site, const SpectrumEvent& s) {
  if (at.sites.size() < sites.size()) at.sites.resize(sites.size());
  auto& f = at.sites[static_cast<std::size_t>(site)];
  f = {static_cast<float>(s.effective_rank), static_cast<float>(s.stable_rank), static_cast<float>(s.frobenius),
       static_cast<float>(s.magnitude_change), static_cast<float>(s.direction_change),
       s.energy_rank_90, s.energy_rank_95, s.energy_rank_99,
       static_cast<std::uint32_t>(at.values.size()), static_cast<std::uint32_t>(s.singular_values.size())};
  at.values.insert(at.values.end(), s.singular_values.begin(), s.singular_values.end());
}

int RunHistory::knownSite(const std::string& path) {
  const auto [at, fresh] = m_siteIndex.try_emplace(path, static_cast<int>(sites.size()));
  if (fresh) sites.push_back(siteFromPath(path));
  return at->second;
}

int RunHistory::siteIndex(const std::string& path) const {
  const auto at = m_siteIndex.find(path);
  return at == m_siteIndex.end() ? -1 : at->second;
}

void RunHistory::cutFrom(std::int64_t step) {
  for (Curve* curve : {&loss, &gradNorm, &lr, &tokensPerS, &memory, &evalLoss, &consistency, &ranksInUse}) curve->cutFrom(static_cast<double>(step));
  progress.cutFrom(static_cast<double>(step));
  std::erase_if(spectra, [&](const SpectraAt& s) { return s.step >= step; });
  std::erase_if(ranks, [&](const RanksAt& r) { return r.step >= step; });
  std::erase_if(samples, [&](const SamplesEvent& s) { return s.step >= step; });
  std::erase_if(flags, [&](const Flag& f) { return f.step >= step; });
  std::erase_if(edits, [&](const EditEvent& e) { return e.edit.step >= step; });
  if (badStep && badStep->step >= step) badStep.reset();
  if (bestStep >= step) {   // the lowest of what is left
    bestStep = 0;
    for (std::size_t i = 0; i < evalLoss.steps.size(); ++i)
      if (evalLoss.steps[i] > 0 && (bestStep == 0 || evalLoss.values[i] < bestLoss)) {
        bestStep = static_cast<std::int64_t>(evalLoss.steps[i]);
        bestLoss = evalLoss.values[i];
      }
    markBest();
  }
  lastStep = std::max<std::int64_t>(0, step - 1);
}

bool RunHistory::running() const {
  static const QStringList over = {QStringLiteral("stopped"), QStringLiteral("done"), QStringLiteral("failed"),
                                   QStringLiteral("abandoned"), QStringLiteral("interrupted")};
  return !over.contains(stateWord);
}

const SpectraAt* RunHistory::spectraAt(std::int64_t step) const {
  const auto at = std::upper_bound(spectra.begin(), spectra.end(), step, [](std::int64_t n, const SpectraAt& s) { return n < s.step; });
  return at == spectra.begin() ? nullptr : &*std::prev(at);
}

Curve RunHistory::ranksOf(int site) const {
  Curve curve;
  for (const auto& at : ranks)
    if (site >= 0 && static_cast<std::size_t>(site) < at.sites.size() && at.sites[static_cast<std::size_t>(site)] >= 0)
      curve.put(static_cast<double>(at.step), static_cast<double>(at.sites[static_cast<std::size_t>(site)]));
  return curve;
}

std::int64_t RunHistory::ranksOf(int site, std::int64_t step) const {
  const auto at = std::upper_bound(ranks.begin(), ranks.end(), step, [](std::int64_t n, const RanksAt& r) { return n < r.step; });
  if (at == ranks.begin() || site < 0 || static_cast<std::size_t>(site) >= std::prev(at)->sites.size()) return -1;
  return std::prev(at)->sites[static_cast<std::size_t>(site)];
}

std::int64_t RunHistory::wantedSpectraEvery() const {
  std::int64_t every = 0;
  for (const auto& section : run_sections())   // what a request leaves out has its default
    for (const auto& spec : section.specs)
      if (section.name == "probe" && spec.key == "spectra_every") every = spec.initial.get<std::int64_t>();
  if (config.is_object() && config.contains("probe") && config["probe"].contains("spectra_every")) every = integer(config["probe"], "spectra_every");
  for (const auto& edit : edits) every = edit.edit.spectra.value_or(every);
  return every;
}

std::string RunHistory::activations() const {
  std::string kept = config.is_object() && config.contains("train") ? text(config["train"], "activations") : std::string();
  for (const auto& edit : edits) kept = edit.edit.activations.value_or(kept);
  return kept;
}

double RunHistory::secondsLeft() const {
  if (m_stepMs.empty() || totalSteps <= 0) return std::numeric_limits<double>::quiet_NaN();
  std::vector<double> sorted(m_stepMs.begin(), m_stepMs.end());
  const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return static_cast<double>(std::max<std::int64_t>(0, totalSteps - lastStep)) * *middle / 1000.0;
}

}  // namespace weft::ui
