// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/adapter_set.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/adapter/linear_group.h"
#include "engine/adapter/site_loop.h"
#include "engine/adapter/stored_tensor.h"
#include "engine/adapter/weight_norms.h"
#include "engine/core/counter_random.h"
#include "engine/core/text_util.h"

namespace weft {
namespace {


// ".default." comes from tools that do not strip the adapter's name; ".weight" after a vector from old ones.
std::string canonical_name(std::string name) {
  if (const auto at = name.find(".default."); at != std::string::npos) name.erase(at, 8);
  if (name.size() > 8 && name.compare(name.size() - 8, 8, ".default") == 0) name.resize(name.size() - 8);
  const std::string old = "lora_magnitude_vector.weight";
  if (name.size() > old.size() && name.compare(name.size() - old.size(), old.size(), old) == 0) name.resize(name.size() - 7);
  return name;
}

// The frozen twin of a delta's slot.
Slot origin_of(Slot slot) {
  slot.name += "0";
  slot.peft_suffix = "origin_" + slot.peft_suffix;
  slot.trained = false;
  return slot;
}

}  // namespace

std::string peft_tensor_name(const std::string& site_path, const std::string& suffix) {
  return tensor_prefix(PartScope::Site, {.path = site_path, .module = {}}) + suffix;
}

Result<std::unique_ptr<AdapterSet>> AdapterSet::create(const MethodPreset& preset, const SettingValues& settings,
                                                       const std::vector<SiteRequest>& sites, at::ScalarType dtype) {
  if (sites.empty()) return invalid_argument("[adapter] no matrix is selected");
  SettingValues chosen = settings;
  if (chosen.contains("start")) chosen["start"] = start_of(settings, sites.front().base->is_rounded());  // files say which it was
  std::unique_ptr<AdapterSet> set(new AdapterSet(preset, std::move(chosen)));
  WEFT_ASSIGN_OR_RETURN(set->delta_, make_delta(preset.delta));
  if (set->settings_.contains("start")) {
    WEFT_ASSIGN_OR_RETURN(set->start_, make_start(set->settings_.at("start").get<std::string>()));
  }
  for (const auto& name : preset.wraps) {
    WEFT_ASSIGN_OR_RETURN(auto wrap, make_wrap(name));
    set->wraps_.push_back(std::move(wrap));
  }
  std::map<std::string, std::int64_t> of_module;
  for (const auto& request : sites) ++of_module[request.site.module];
  std::map<std::string, std::int64_t> seen;
  std::map<std::string, std::size_t> names;
  for (const auto& request : sites) {
    if (request.rank < 1)
      return invalid_argument(fmt::format("[adapter] rank {} at {}: at least 1 is needed", request.rank, request.site.path));
    const std::string& module = request.site.module;
    SiteState state;
    state.context = {request.site, request.rank, request.scale, request.base, &set->settings_, request.directions, seen[module]++, of_module[module]};
    state.base = request.base;
    WEFT_RETURN_IF_ERROR(set->delta_->check(state.context));
    for (const auto& wrap : set->wraps_) WEFT_RETURN_IF_ERROR(wrap->check(state.context));
    state.form = set->form_at(state.context);
    set->sites_.push_back(std::move(state));
    const SiteContext& context = set->sites_.back().context;
    const auto own = set->delta_->slots(context);
    set->add_slots(own, names);
    if (set->has_origin()) {
      std::vector<Slot> twins;
      for (const auto& slot : own) twins.push_back(origin_of(slot));
      set->add_slots(twins, names);
    }
    for (const auto& wrap : set->wraps_) set->add_slots(wrap->slots(context), names);
  }
  set->lay_out(dtype);
  return set;
}

std::shared_ptr<const DenseForm> AdapterSet::form_at(const SiteContext& context) const {
  for (const auto& other : sites_)
    if (other.context.out == context.out && other.context.in == context.in && other.context.rank == context.rank) return other.form;
  return delta_->form(context);
}

void AdapterSet::add_slots(const std::vector<Slot>& slots, std::map<std::string, std::size_t>& names) {
  SiteState& site = sites_.back();
  for (const auto& slot : slots) {
    const std::string name = tensor_prefix(slot.scope, site.context) + slot.peft_suffix;
    const auto [found, fresh] = names.emplace(name, stored_.size());
    if (fresh) stored_.push_back({name, slot, sites_.size() - 1, 0, 0, {}});
    auto& shape = stored_[found->second].slot.shape;
    TORCH_CHECK(shape.size() == slot.shape.size() && (fresh || slot.scope != PartScope::Site), "[adapter] two slots are called ", name);
    for (std::size_t d = 0; d < shape.size(); ++d) shape[d] = std::max(shape[d], slot.shape[d]);
    site.slots.emplace_back(slot, found->second);
  }
}

// Slots of one learning-rate group lie together, so that an update rule walks few long stretches.
void AdapterSet::lay_out(at::ScalarType dtype) {
  std::vector<std::string> names;
  for (const auto& stored : stored_)
    if (stored.slot.trained && std::find(names.begin(), names.end(), stored.slot.lr_group) == names.end()) names.push_back(stored.slot.lr_group);
  std::int64_t total = 0;
  for (const auto& name : names) {
    ParameterGroup group{name, total, total, preset_.lr_ratio ? preset_.lr_ratio(name, settings_) : 1.0, 0};
    for (auto& stored : stored_) {
      if (!stored.slot.trained || stored.slot.lr_group != name) continue;
      stored.begin = total;
      stored.numel = 1;
      for (const auto d : stored.slot.shape) stored.numel *= d;
      total += stored.numel;
    }
    group.end = total;
    groups_.push_back(group);
  }
  params_ = at::zeros({total}, at::TensorOptions(dtype));
  gradients_ = at::zeros({total}, at::TensorOptions(dtype));
  for (auto& stored : stored_)
    stored.leaf = stored.slot.trained ? params_.narrow(0, stored.begin, stored.numel).view(stored.slot.shape).detach()
                                      : at::zeros(stored.slot.shape, at::TensorOptions(dtype));
  for (auto& site : sites_) {
    site.values = values_of(site);
    for (const auto& [slot, at] : site.slots) site.cuts = site.cuts || (slot.trained && slot.shape != stored_[at].slot.shape);
    if (has_origin())
      for (const auto& slot : delta_->slots(site.context)) site.origin[slot.name] = site.values.at(origin_of(slot).name);
    for (const auto& wrap : wraps_) site.prepared.push_back(wrap->prepare(site.context));
  }
}

// Autograd records what is cut out of a whole, so a step makes these anew where something is.
SlotValues AdapterSet::values_of(const SiteState& site) const {
  SlotValues values;
  for (const auto& [slot, at] : site.slots) {
    Tensor part = stored_[at].leaf;
    for (std::size_t d = 0; d < slot.shape.size(); ++d)
      if (slot.shape[d] != part.size(static_cast<std::int64_t>(d))) part = part.narrow(static_cast<std::int64_t>(d), 0, slot.shape[d]);
    values[slot.name] = part;
  }
  return values;
}

SlotValues AdapterSet::values_to_fill(std::size_t site) const {
  SlotValues values;
  for (const auto& [slot, at] : sites_[site].slots)
    if (stored_[at].first_site == site) values[slot.name] = stored_[at].leaf;
  return values;
}

LinearFactors AdapterSet::factors_of(const SiteState& site, const SlotValues& values, bool on_file_weights) const {
  LinearFactors made = delta_->factors(site.context, values);
  made.form = site.form;
  if (site.origin.empty()) return made;
  if (start_->corrects_base() && site.context.base->is_rounded() && !on_file_weights) return made;
  made.left = at::cat({made.left, site.less_left}, 1);
  made.right = at::cat({made.right, site.origin_right}, 0);
  return made;
}

void AdapterSet::settle_origins() {
  for (auto& site : sites_) {
    if (site.origin.empty()) continue;
    const LinearFactors origin = delta_->factors(site.context, site.origin);
    site.less_left = -origin.left;
    site.origin_right = origin.right;
  }
}

// A start that only draws does so in turn. What decomposes the weights works on a site a thread: hundreds of small problems.
void AdapterSet::fill_all(at::Generator& generator) {
  if (start_ && start_->starts_at_zero()) {
    for (auto& site : sites_)
      if (const auto slots = delta_->slots(site.context); !slots.empty()) start_->fill(site.context, slots, site.values, generator);
    return;
  }
  std::vector<at::Generator> generators;  // one a site, so that the threads do not decide what is drawn
  for (std::size_t i = 0; i < sites_.size(); ++i)
    generators.push_back(make_generator(static_cast<std::uint64_t>(at::empty({1}, at::kLong).random_(generator).item<std::int64_t>())));
  each_site(sites_.size(), [&](std::size_t i) {
    SiteState& site = sites_[i];
    if (const auto slots = delta_->slots(site.context); start_ && !slots.empty())
      start_->fill(site.context, slots, site.values, generators[i]);
    else if (!start_)
      delta_->fill(site.context, values_to_fill(i), generators[i]);
    for (auto& [name, value] : site.origin) value.copy_(site.values.at(name));
  });
}

// The same function of the kept copy of the start, now and in a resumed run.
Status AdapterSet::round_bases() {
  if (!start_ || !start_->rounds_the_rest()) return {};
  std::vector<Status> failed(sites_.size());
  each_site(sites_.size(), [&](std::size_t i) {
    SiteState& site = sites_[i];
    if (!site.base->is_rounded() || site.origin.empty()) return;   // an export: the origin is taken off the file's weight
    LinearFactors taken = delta_->factors(site.context, site.origin);
    taken.scale = -taken.scale;
    const Tensor rest = site.base->original().to(params_.scalar_type());
    add_update(rest, taken);
    auto rounded = site.base->rounded(rest);
    if (!rounded.ok()) {
      failed[i] = rounded.status().with_context("[adapter.start] " + site.context.path);
      return;
    }
    site.base->hold(*std::move(rounded));
    for (std::size_t w = 0; w < wraps_.size(); ++w) site.prepared[w] = wraps_[w]->prepare(site.context);
  });
  for (const auto& status : failed) WEFT_RETURN_IF_ERROR(status);
  return {};
}

Status AdapterSet::start(at::Generator& generator) {
  const at::NoGradGuard no_grad;
  fill_all(generator);
  settle_origins();
  WEFT_RETURN_IF_ERROR(round_bases());
  for (auto& site : sites_) {
    LinearFactors factors = factors_of(site, site.values);
    for (std::size_t w = 0; w < wraps_.size(); ++w) {
      wraps_[w]->start(site.context, site.values, site.prepared[w], factors);
      wraps_[w]->enclose(site.context, site.values, site.prepared[w], factors);
    }
  }
  return {};
}

Status AdapterSet::load(const SafeTensorsFile& file) {
  const at::NoGradGuard no_grad;
  std::map<std::string, const SafeTensor*> given;
  for (const auto& tensor : file.tensors())
    if (tensor.name.rfind(kPeftPrefix, 0) == 0) given[canonical_name(tensor.name)] = &tensor;
  std::set<std::string> used;
  for (auto& stored : stored_) {
    const std::string& name = stored.name;
    const auto found = given.find(name);
    if (found == given.end()) return corrupt(file.path() + " has no tensor " + name);
    const SafeTensor& tensor = *found->second;
    const auto type = tensor.dtype == "F64" ? std::optional(at::kDouble) : float_type_of(tensor.dtype);
    if (!type) return unsupported(fmt::format("{}: tensor {} is of type {}; F32, F16 and BF16 are read", file.path(), name, tensor.dtype));
    if (tensor.shape != stored.slot.shape)
      return corrupt(fmt::format("{}: tensor {} has shape [{}], the model needs [{}]", file.path(), name, fmt::join(tensor.shape, ", "),
                                 fmt::join(stored.slot.shape, ", ")));
    stored.leaf.copy_(at::from_blob(const_cast<std::byte*>(tensor.data), tensor.shape, at::TensorOptions(*type)));
    used.insert(name);
  }
  std::vector<std::string> unused;
  for (const auto& [name, tensor] : given)
    if (!used.count(name)) unused.push_back(name);
  if (!unused.empty())
    return unsupported(fmt::format("{}: {} of {} tensors do not belong to the selected method and matrices, first {}", file.path(),
                                   unused.size(), given.size(), unused.front()));
  settle_origins();
  return round_bases();
}

// Hands `factor` to the token path: a slot keeps its stretch of the flat gradient, anything else gets a buffer for collect().
void AdapterSet::expose(SiteState& site, const Tensor& factor, Tensor& value, Tensor& gradient) {
  if (!factor.defined()) return;
  for (const auto& [slot, at] : site.slots) {
    const Stored& stored = stored_[at];
    if (factor.is_same(stored.leaf)) {
      value = factor.detach();
      if (!slot.trained) return;
      gradient = stored.of(gradients_);
      return;
    }
  }
  value = factor.detach();
  if (!factor.requires_grad()) return;
  gradient = at::zeros_like(value);
  graph_outputs_.push_back(factor);
  graph_gradients_.push_back(gradient);
}

RowNoise AdapterSet::noise_at(std::size_t site, const LinearFactors& made) {
  const at::NoGradGuard no_grad;
  SiteState& s = sites_[site];
  if (!s.norms_squared.defined()) s.norms_squared = s.base->row_norms_squared();
  const Tensor norms = row_geometry(*s.base, s.norms_squared, made).norm_squared.sqrt();
  return {norms * (disturbance_.strength / std::sqrt(static_cast<double>(s.base->in()))), substream(disturbance_.stream, site)};
}

// Of every site what the delta and the wraps make of the parameters, a site a thread: hundreds of small problems.
std::vector<LinearFactors> AdapterSet::make_factors() {
  std::vector<LinearFactors> made(sites_.size());
  const bool noisy = disturbance_.strength > 0;
  const auto make = [&](std::int64_t first, std::int64_t last) {
    const at::AutoGradMode grad_on(true);  // a property of the thread
    for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
      const SiteState& site = sites_[i];
      const SlotValues cut = site.cuts ? values_of(site) : SlotValues();
      const SlotValues& values = site.cuts ? cut : site.values;
      made[i] = factors_of(site, values);
      for (std::size_t w = 0; w < wraps_.size(); ++w) wraps_[w]->enclose(site.context, values, site.prepared[w], made[i]);
      if (noisy && !rests(i)) made[i].noise = noise_at(i, made[i]);
    }
  };
  const auto sites = static_cast<std::int64_t>(sites_.size());
  if (wraps_.empty() && start_ && !sites_.front().form && !noisy)
    make(0, sites);  // next to nothing to do
  else
    at::parallel_for(0, sites, 1, make);
  return made;
}

void AdapterSet::prepare() {
  graph_outputs_.clear();
  graph_gradients_.clear();
  graph_ends_.clear();
  {
    const at::NoGradGuard no_grad;
    for (auto& site : sites_)
      for (const auto& wrap : wraps_) wrap->constrain(site.context, site.values);
  }
  for (auto& stored : stored_) {
    if (!stored.slot.trained) continue;
    stored.leaf.set_requires_grad(true);
    stored.leaf.mutable_grad() = stored.of(gradients_);
  }
  const std::vector<LinearFactors> all = make_factors();
  for (std::size_t i = 0; i < sites_.size(); ++i) {
    SiteState& site = sites_[i];
    const LinearFactors& made = all[i];
    LinearFactors shown;
    if (rests(i)) {
      site.factors = shown;
      graph_ends_.push_back(graph_outputs_.size());
      continue;
    }
    shown.scale = made.scale;
    shown.form = made.form;
    shown.noise = made.noise;
    shown.evaluation = evaluation_;
    expose(site, made.left, shown.left, shown.left_grad);
    expose(site, made.right, shown.right, shown.right_grad);
    expose(site, made.row_scale, shown.row_scale, shown.row_scale_grad);
    expose(site, made.column_scale, shown.column_scale, shown.column_scale_grad);
    expose(site, made.rotation, shown.rotation, shown.rotation_grad);
    site.factors = shown;
    graph_ends_.push_back(graph_outputs_.size());
  }
}

// A site's graph by itself, a site a thread; all as one where sites have tensors in common, whose gradients meet.
void AdapterSet::collect() {
  const bool in_common = std::any_of(stored_.begin(), stored_.end(), [](const Stored& stored) { return stored.slot.scope != PartScope::Site; });
  if (in_common && !graph_outputs_.empty()) torch::autograd::backward(graph_outputs_, graph_gradients_);
  if (!in_common && !graph_outputs_.empty())
    each_site(graph_ends_.size(), [&](std::size_t i) {
      const auto begin = static_cast<std::int64_t>(i == 0 ? 0 : graph_ends_[i - 1]), end = static_cast<std::int64_t>(graph_ends_[i]);
      if (begin < end)
        torch::autograd::backward({graph_outputs_.begin() + begin, graph_outputs_.begin() + end}, {graph_gradients_.begin() + begin, graph_gradients_.begin() + end});
    });
  graph_outputs_.clear();
  graph_gradients_.clear();
  graph_ends_.clear();
}

std::vector<ParameterGroup> AdapterSet::working_groups(const Share& share) const {
  if (resting_.empty() && !share) return groups_;
  std::vector<SlotShare> shares(stored_.size());
  for (std::size_t i = 0; i < stored_.size(); ++i)
    if (share && stored_[i].slot.trained) shares[i] = share(stored_[i].first_site, stored_[i].slot.name);
  if (!resting_.empty()) {  // what several sites have in common rests when all of them do
    std::vector<char> works(stored_.size());
    for (std::size_t i = 0; i < sites_.size(); ++i)
      for (const auto& [slot, at] : sites_[i].slots) works[at] = works[at] || !rests(i);
    for (std::size_t i = 0; i < stored_.size(); ++i) shares[i].works = shares[i].works && works[i];
  }
  std::vector<ParameterGroup> working;
  for (const auto& group : groups_)
    for (std::size_t i = 0; i < stored_.size(); ++i) {
      const Stored& stored = stored_[i];
      if (!shares[i].works || !stored.slot.trained || stored.slot.lr_group != group.name) continue;
      const std::int64_t end = stored.begin + stored.numel;
      const double ratio = group.lr_ratio * shares[i].rate;
      ParameterGroup* const last = working.empty() ? nullptr : &working.back();
      if (last && last->name == group.name && last->end == stored.begin && last->lr_ratio == ratio && last->begun == shares[i].begun) last->end = end;
      else working.push_back({group.name, stored.begin, end, ratio, shares[i].begun});
    }
  return working;
}

std::vector<FactorPair> AdapterSet::pairs() const {
  std::vector<FactorPair> pairs;
  if (!preset_.descriptor.pairs) return pairs;
  for (const auto& site : sites_) {
    const Stored *left = nullptr, *right = nullptr;
    std::size_t trained = 0;
    for (const auto& [slot, at] : site.slots) {
      if (!slot.trained) continue;
      ++trained;
      if (slot.role == SlotRole::Left) left = &stored_[at];
      if (slot.role == SlotRole::Right) right = &stored_[at];
    }
    // the factors themselves, of this site alone: what a wrap or a delta makes of them is another matter
    const auto is = [&](const Stored* of, std::int64_t rows, std::int64_t columns) {
      return of && of->slot.scope == PartScope::Site && of->slot.shape == std::vector<std::int64_t>{rows, columns};
    };
    const SiteContext& c = site.context;
    if (trained != 2 || !wraps_.empty() || !is(left, c.out, c.rank) || !is(right, c.rank, c.in)) return {};
    pairs.push_back({c.path, left->begin, right->begin, c.out, c.in, c.rank, c.scale});
  }
  return pairs;
}

const AdapterSet::Stored& AdapterSet::stored(std::size_t site, const std::string& name) const {
  for (const auto& [slot, at] : sites_.at(site).slots)
    if (slot.name == name) return stored_[at];
  TORCH_CHECK(false, "[adapter] ", sites_.at(site).context.path, " has no slot ", name);
}

AdapterSet::SlotView AdapterSet::slot(std::size_t site, const std::string& name) {
  const Stored& at = stored(site, name);
  return {at.leaf.detach(), at.slot.trained ? at.of(gradients_) : Tensor()};
}

Tensor AdapterSet::same_place(const Tensor& flat, std::size_t site, const std::string& name) const { return stored(site, name).of(flat); }

void AdapterSet::set_alpha(double alpha) {
  settings_["alpha"] = alpha;
  for (auto& site : sites_) site.context.scale = preset_.descriptor.scale(settings_);
}

void AdapterSet::zero_gradients() { gradients_.zero_(); }

std::vector<SiteShape> AdapterSet::shapes() const {
  std::vector<SiteShape> shapes;
  for (const auto& s : sites_) shapes.push_back({s.context.path, s.context.module, s.context.layer, s.context.out, s.context.in, s.context.rank});
  return shapes;
}

std::vector<SafeTensorSource> AdapterSet::to_tensors() const {
  std::vector<SafeTensorSource> tensors;
  for (const auto& stored : stored_) tensors.push_back(tensor_source(stored.name, "F32", stored.leaf.detach()));
  return tensors;
}

std::vector<SafeTensorSource> AdapterSet::to_plain_tensors() const {
  const bool in_part = preset_.delta == "low-rank-in-part";
  if (!has_origin() && preset_.to_peft && !in_part) return to_tensors();
  std::vector<SafeTensorSource> tensors;
  for (const auto& site : sites_) {
    const at::NoGradGuard no_grad;
    LinearFactors whole = has_origin() ? factors_of(site, site.values, /*on_file_weights=*/true) : site.factors;
    if (in_part && !whole.left.defined()) {  // PEFT has no magnitude without factors: those that change nothing
      const std::int64_t rank = site.context.rank * (has_origin() ? 2 : 1);
      whole.left = at::zeros({site.context.out, rank}, params_.options());
      whole.right = at::zeros({rank, site.context.in}, params_.options());
    }
    tensors.push_back(tensor_source(peft_tensor_name(site.context.path, "lora_A.weight"), "F32", whole.right.detach()));
    tensors.push_back(tensor_source(peft_tensor_name(site.context.path, "lora_B.weight"), "F32", whole.left.detach()));
    for (const auto& wrap : wraps_)
      for (const auto& slot : wrap->slots(site.context))
        tensors.push_back(tensor_source(peft_tensor_name(site.context.path, slot.peft_suffix), "F32", site.values.at(slot.name).detach()));
  }
  return tensors;
}

Tensor AdapterSet::merged(std::size_t site) const {
  const at::NoGradGuard no_grad;
  const LinearFactors& f = sites_[site].factors;
  Tensor w = sites_[site].context.base->dense().to(params_.scalar_type(), /*non_blocking=*/false, /*copy=*/true);
  add_update(w, f);
  if (f.row_scale.defined()) w.mul_(f.row_scale.unsqueeze(1));
  if (f.column_scale.defined()) w.mul_(f.column_scale.unsqueeze(0));
  if (f.rotation.defined()) turn_back(f.rotation, w);
  return w.to(at::kFloat);
}

std::string AdapterSet::first_bad_site() const {
  for (const auto& stored : stored_) {
    if (!stored.slot.trained) continue;
    const Tensor gradient = stored.of(gradients_);
    if (!at::isfinite(gradient.sum()).item<bool>() || !at::isfinite(stored.leaf.detach().sum()).item<bool>()) return sites_[stored.first_site].context.path;
  }
  return "";
}

}  // namespace weft
