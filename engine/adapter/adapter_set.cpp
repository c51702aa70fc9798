// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/adapter_set.h"

#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/core/text_util.h"

namespace weft {
namespace {

constexpr const char* kPeftPrefix = "base_model.model.";

// ".default." comes from tools that do not strip the adapter's name; ".weight" after a vector from old ones.
std::string canonical_name(std::string name) {
  if (const auto at = name.find(".default."); at != std::string::npos) name.erase(at, 8);
  if (name.size() > 8 && name.compare(name.size() - 8, 8, ".default") == 0) name.resize(name.size() - 8);
  const std::string old = "lora_magnitude_vector.weight";
  if (name.size() > old.size() && name.compare(name.size() - old.size(), old.size(), old) == 0) name.resize(name.size() - 7);
  return name;
}

std::optional<at::ScalarType> scalar_type_of(const std::string& dtype) {
  if (dtype == "F32") return at::kFloat;
  if (dtype == "F16") return at::kHalf;
  if (dtype == "BF16") return at::kBFloat16;
  if (dtype == "F64") return at::kDouble;
  return std::nullopt;
}

// The frozen twin of a delta's slot.
Slot origin_of(Slot slot) {
  slot.name += "0";
  slot.peft_suffix = "origin_" + slot.peft_suffix;
  slot.trained = false;
  return slot;
}

SafeTensorSource float_source(const std::string& name, const Tensor& value) {
  return {name, "F32", value.sizes().vec(), [value](std::byte* buffer, std::uint64_t bytes) -> Status {
            const Tensor copy = value.to(at::kFloat).contiguous();
            if (static_cast<std::uint64_t>(copy.nbytes()) != bytes) return internal_error("adapter tensor of wrong size");
            std::memcpy(buffer, copy.const_data_ptr(), bytes);
            return {};
          }};
}

}  // namespace

std::string peft_tensor_name(const std::string& site_path, const std::string& suffix) { return kPeftPrefix + site_path + "." + suffix; }

Result<std::unique_ptr<AdapterSet>> AdapterSet::create(const MethodPreset& preset, const SettingValues& settings,
                                                       const std::vector<SiteRequest>& sites, at::ScalarType dtype) {
  if (sites.empty()) return invalid_argument("[adapter] no matrix is selected");
  std::unique_ptr<AdapterSet> set(new AdapterSet(preset, settings));
  WEFT_ASSIGN_OR_RETURN(set->delta_, make_delta(preset.delta));
  if (settings.contains("start")) {
    WEFT_ASSIGN_OR_RETURN(set->start_, make_start(settings.at("start").get<std::string>()));
  }
  for (const auto& name : preset.wraps) {
    WEFT_ASSIGN_OR_RETURN(auto wrap, make_wrap(name));
    set->wraps_.push_back(std::move(wrap));
  }
  for (const auto& request : sites) {
    if (request.rank < 1)
      return invalid_argument(fmt::format("[adapter] rank {} at {}: at least 1 is needed", request.rank, request.site.path));
    SiteState state;
    state.context = {request.site.path, request.site.out, request.site.in, request.rank, request.scale, request.base, &set->settings_, request.directions};
    state.site = request.site;
    WEFT_RETURN_IF_ERROR(set->delta_->check(state.context));
    state.form = set->form_at(state.context);
    for (const auto& slot : set->delta_->slots(state.context)) state.instances.push_back({slot, 0, 0, {}});
    if (set->has_origin())
      for (const auto& slot : set->delta_->slots(state.context)) state.instances.push_back({origin_of(slot), 0, 0, {}});
    for (const auto& wrap : set->wraps_)
      for (const auto& slot : wrap->slots(state.context)) state.instances.push_back({slot, 0, 0, {}});
    set->sites_.push_back(std::move(state));
  }
  set->lay_out(dtype);
  return set;
}

std::shared_ptr<const DenseForm> AdapterSet::form_at(const SiteContext& context) const {
  for (const auto& other : sites_)
    if (other.context.out == context.out && other.context.in == context.in && other.context.rank == context.rank) return other.form;
  return delta_->form(context);
}

// Slots of one learning-rate group lie together, so that an update rule walks few long stretches.
void AdapterSet::lay_out(at::ScalarType dtype) {
  std::vector<std::string> names;
  for (const auto& site : sites_)
    for (const auto& instance : site.instances)
      if (instance.slot.trained && std::find(names.begin(), names.end(), instance.slot.lr_group) == names.end())
        names.push_back(instance.slot.lr_group);
  std::int64_t total = 0;
  for (const auto& name : names) {
    ParameterGroup group{name, total, total, preset_.lr_ratio ? preset_.lr_ratio(name, settings_) : 1.0};
    for (auto& site : sites_) {
      for (auto& instance : site.instances) {
        if (!instance.slot.trained || instance.slot.lr_group != name) continue;
        instance.begin = total;
        instance.numel = 1;
        for (const auto d : instance.slot.shape) instance.numel *= d;
        total += instance.numel;
      }
    }
    group.end = total;
    groups_.push_back(group);
  }
  params_ = at::zeros({total}, at::TensorOptions(dtype));
  gradients_ = at::zeros({total}, at::TensorOptions(dtype));
  for (auto& site : sites_) {
    for (auto& instance : site.instances) {
      instance.leaf = instance.slot.trained ? params_.narrow(0, instance.begin, instance.numel).view(instance.slot.shape).detach()
                                            : at::zeros(instance.slot.shape, at::TensorOptions(dtype));
      site.values[instance.slot.name] = instance.leaf;
    }
    if (has_origin())
      for (const auto& slot : delta_->slots(site.context)) site.origin[slot.name] = site.values.at(origin_of(slot).name);
    for (const auto& wrap : wraps_) site.prepared.push_back(wrap->prepare(site.context));
  }
}

LinearFactors AdapterSet::factors_of(const SiteState& site, bool on_file_weights) const {
  LinearFactors made = delta_->factors(site.context, site.values);
  made.form = site.form;
  if (site.origin.empty()) return made;
  if (start_->corrects_base() && site.context.base->is_rounded() && !on_file_weights) return made;
  const LinearFactors origin = delta_->factors(site.context, site.origin);
  made.left = at::cat({made.left, -origin.left}, 1);
  made.right = at::cat({made.right, origin.right}, 0);
  return made;
}

// A start that only draws does so in turn. What decomposes the weights works on a site a thread: hundreds of small problems.
void AdapterSet::fill_all(at::Generator& generator) {
  if (start_ && start_->starts_at_zero()) {
    for (auto& site : sites_) start_->fill(site.context, delta_->slots(site.context), site.values, generator);
    return;
  }
  std::vector<at::Generator> generators;  // one a site, so that the threads do not decide what is drawn
  for (std::size_t i = 0; i < sites_.size(); ++i)
    generators.push_back(make_generator(static_cast<std::uint64_t>(at::empty({1}, at::kLong).random_(generator).item<std::int64_t>())));
  at::parallel_for(0, static_cast<std::int64_t>(sites_.size()), 1, [&](std::int64_t first, std::int64_t last) {
    const at::NoGradGuard no_grad;  // a property of the thread
    for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
      SiteState& site = sites_[i];
      if (start_)
        start_->fill(site.context, delta_->slots(site.context), site.values, generators[i]);
      else
        delta_->fill(site.context, site.values, generators[i]);
      for (auto& [name, value] : site.origin) value.copy_(site.values.at(name));
    }
  });
}

Status AdapterSet::start(at::Generator& generator) {
  const at::NoGradGuard no_grad;
  fill_all(generator);
  for (auto& site : sites_) {
    LinearFactors factors = factors_of(site);
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
  for (auto& site : sites_) {
    for (auto& instance : site.instances) {
      const std::string name = peft_tensor_name(site.context.path, instance.slot.peft_suffix);
      const auto found = given.find(name);
      if (found == given.end()) return corrupt(file.path() + " has no tensor " + name);
      const SafeTensor& tensor = *found->second;
      const auto type = scalar_type_of(tensor.dtype);
      if (!type) return unsupported(fmt::format("{}: tensor {} is of type {}; F32, F16 and BF16 are read", file.path(), name, tensor.dtype));
      if (tensor.shape != instance.slot.shape)
        return corrupt(fmt::format("{}: tensor {} has shape [{}], the model needs [{}]", file.path(), name, fmt::join(tensor.shape, ", "),
                                   fmt::join(instance.slot.shape, ", ")));
      instance.leaf.copy_(at::from_blob(const_cast<std::byte*>(tensor.data), tensor.shape, at::TensorOptions(*type)));
      used.insert(name);
    }
  }
  std::vector<std::string> unused;
  for (const auto& [name, tensor] : given)
    if (!used.count(name)) unused.push_back(name);
  if (!unused.empty())
    return unsupported(fmt::format("{}: {} of {} tensors do not belong to the selected method and matrices, first {}", file.path(),
                                   unused.size(), given.size(), unused.front()));
  return {};
}

// Hands `factor` to the token path: a slot keeps its stretch of the flat gradient, anything else gets a buffer for collect().
void AdapterSet::expose(SiteState& site, const Tensor& factor, Tensor& value, Tensor& gradient) {
  if (!factor.defined()) return;
  for (const auto& instance : site.instances) {
    if (factor.is_same(instance.leaf)) {
      value = factor.detach();
      if (!instance.slot.trained) return;
      gradient = instance.of(gradients_);
      return;
    }
  }
  value = factor.detach();
  if (!factor.requires_grad()) return;
  gradient = at::zeros_like(value);
  graph_outputs_.push_back(factor);
  graph_gradients_.push_back(gradient);
}

// Of every site what the delta and the wraps make of the parameters, a site a thread: hundreds of small problems.
std::vector<LinearFactors> AdapterSet::make_factors() const {
  std::vector<LinearFactors> made(sites_.size());
  const auto make = [&](std::int64_t first, std::int64_t last) {
    const at::AutoGradMode grad_on(true);  // a property of the thread
    for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last); ++i) {
      const SiteState& site = sites_[i];
      made[i] = factors_of(site);
      for (std::size_t w = 0; w < wraps_.size(); ++w) wraps_[w]->enclose(site.context, site.values, site.prepared[w], made[i]);
    }
  };
  const auto sites = static_cast<std::int64_t>(sites_.size());
  if (wraps_.empty() && start_ && !sites_.front().form)
    make(0, sites);  // next to nothing to do
  else
    at::parallel_for(0, sites, 1, make);
  return made;
}

void AdapterSet::prepare() {
  graph_outputs_.clear();
  graph_gradients_.clear();
  for (auto& site : sites_) {
    for (auto& instance : site.instances) {
      if (!instance.slot.trained) continue;
      instance.leaf.set_requires_grad(true);
      instance.leaf.mutable_grad() = instance.of(gradients_);
    }
  }
  const std::vector<LinearFactors> all = make_factors();
  for (std::size_t i = 0; i < sites_.size(); ++i) {
    SiteState& site = sites_[i];
    const LinearFactors& made = all[i];
    LinearFactors shown;
    if (rests(i)) {
      site.factors = shown;
      continue;
    }
    shown.scale = made.scale;
    shown.form = made.form;
    shown.evaluation = evaluation_;
    expose(site, made.left, shown.left, shown.left_grad);
    expose(site, made.right, shown.right, shown.right_grad);
    expose(site, made.row_scale, shown.row_scale, shown.row_scale_grad);
    expose(site, made.column_scale, shown.column_scale, shown.column_scale_grad);
    site.factors = shown;
  }
}

void AdapterSet::collect() {
  if (!graph_outputs_.empty()) torch::autograd::backward(graph_outputs_, graph_gradients_);
  graph_outputs_.clear();
  graph_gradients_.clear();
}

std::vector<ParameterGroup> AdapterSet::working_groups() const {
  if (resting_.empty()) return groups_;
  std::vector<ParameterGroup> working;
  for (const auto& group : groups_)
    for (std::size_t i = 0; i < sites_.size(); ++i)
      for (const auto& instance : sites_[i].instances) {
        if (rests(i) || !instance.slot.trained || instance.slot.lr_group != group.name) continue;
        const std::int64_t end = instance.begin + instance.numel;
        if (!working.empty() && working.back().name == group.name && working.back().end == instance.begin) working.back().end = end;
        else working.push_back({group.name, instance.begin, end, group.lr_ratio});
      }
  return working;
}

std::vector<FactorPair> AdapterSet::pairs() const {
  std::vector<FactorPair> pairs;
  if (!preset_.descriptor.pairs) return pairs;
  for (const auto& site : sites_) {
    const Instance *left = nullptr, *right = nullptr;
    std::size_t trained = 0;
    for (const auto& instance : site.instances) {
      if (!instance.slot.trained) continue;
      ++trained;
      if (instance.slot.role == SlotRole::Left) left = &instance;
      if (instance.slot.role == SlotRole::Right) right = &instance;
    }
    // the factors themselves: what a wrap or a delta makes of them is another matter
    const auto is = [&](const Instance* of, std::int64_t rows, std::int64_t columns) { return of && of->slot.shape == std::vector<std::int64_t>{rows, columns}; };
    const SiteContext& c = site.context;
    if (trained != 2 || !wraps_.empty() || !is(left, c.out, c.rank) || !is(right, c.rank, c.in)) return {};
    pairs.push_back({c.path, left->begin, right->begin, c.out, c.in, c.rank, c.scale});
  }
  return pairs;
}

const AdapterSet::Instance& AdapterSet::instance(std::size_t site, const std::string& name) const {
  for (const auto& instance : sites_.at(site).instances)
    if (instance.slot.name == name) return instance;
  TORCH_CHECK(false, "[adapter] ", sites_.at(site).context.path, " has no slot ", name);
}

AdapterSet::SlotView AdapterSet::slot(std::size_t site, const std::string& name) {
  const Instance& at = instance(site, name);
  return {at.leaf.detach(), at.slot.trained ? at.of(gradients_) : Tensor()};
}

Tensor AdapterSet::same_place(const Tensor& flat, std::size_t site, const std::string& name) const { return instance(site, name).of(flat); }

void AdapterSet::zero_gradients() { gradients_.zero_(); }

std::vector<SiteShape> AdapterSet::shapes() const {
  std::vector<SiteShape> shapes;
  for (const auto& s : sites_) shapes.push_back({s.site.path, s.site.module, s.site.layer, s.site.out, s.site.in, s.context.rank});
  return shapes;
}

std::vector<SafeTensorSource> AdapterSet::to_tensors() const {
  std::vector<SafeTensorSource> tensors;
  for (const auto& site : sites_)
    for (const auto& instance : site.instances)
      tensors.push_back(float_source(peft_tensor_name(site.context.path, instance.slot.peft_suffix), instance.leaf.detach()));
  return tensors;
}

std::vector<SafeTensorSource> AdapterSet::to_plain_tensors() const {
  if (!has_origin() && preset_.to_peft) return to_tensors();
  std::vector<SafeTensorSource> tensors;
  for (const auto& site : sites_) {
    const at::NoGradGuard no_grad;
    const LinearFactors whole = has_origin() ? factors_of(site, /*on_file_weights=*/true) : site.factors;
    tensors.push_back(float_source(peft_tensor_name(site.context.path, "lora_A.weight"), whole.right.detach()));
    tensors.push_back(float_source(peft_tensor_name(site.context.path, "lora_B.weight"), whole.left.detach()));
    for (const auto& wrap : wraps_)
      for (const auto& slot : wrap->slots(site.context))
        tensors.push_back(float_source(peft_tensor_name(site.context.path, slot.peft_suffix), site.values.at(slot.name).detach()));
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
  return w.to(at::kFloat);
}

std::string AdapterSet::first_bad_site() const {
  for (const auto& site : sites_) {
    for (const auto& instance : site.instances) {
      if (!instance.slot.trained) continue;
      const Tensor gradient = gradients_.narrow(0, instance.begin, instance.numel);
      if (!at::isfinite(gradient.sum()).item<bool>() || !at::isfinite(instance.leaf.detach().sum()).item<bool>()) return site.context.path;
    }
  }
  return "";
}

}  // namespace weft
