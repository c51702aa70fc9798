// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/inspection.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include <fmt/format.h>

#include "engine/adapter/stored_tensor.h"
#include "engine/probe/close_up.h"
#include "engine/probe/spectra_probe.h"
#include "engine/train/loaded_model.h"

namespace weft {
namespace {

// "layers.2" before "layers.10".
bool natural_less(const std::string& a, const std::string& b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (std::isdigit(static_cast<unsigned char>(a[i])) && std::isdigit(static_cast<unsigned char>(b[j]))) {
      std::size_t p = i, q = j;
      while (p < a.size() && std::isdigit(static_cast<unsigned char>(a[p]))) ++p;
      while (q < b.size() && std::isdigit(static_cast<unsigned char>(b[q]))) ++q;
      if (p - i != q - j) return p - i < q - j;
      if (const int order = a.compare(i, p - i, b, j, q - j); order != 0) return order < 0;
      i = p;
      j = q;
    } else {
      if (a[i] != b[j]) return a[i] < b[j];
      ++i;
      ++j;
    }
  }
  return a.size() - i < b.size() - j;
}

// A matrix of an adapter as its file alone tells it.
struct FileSite {
  SiteShape shape;
  LinearFactors factors;      // refer to the file's bytes
  std::int64_t trained = 0;   // parameters of the two
};

// From the file's own pairs of factors: sites and shapes are what the tensors say.
Result<std::vector<FileSite>> sites_of_file(const AdapterSource& source) {
  std::vector<FileSite> sites;
  const std::string a_suffix = ".lora_A.weight", b_suffix = ".lora_B.weight", prefix = peft_tensor_name("", "").substr(0, 17);
  const auto as_tensor = [](const SafeTensor& t) -> std::optional<Tensor> {
    const auto type = float_type_of(t.dtype);
    if (!type || t.shape.size() != 2) return std::nullopt;
    return at::from_blob(const_cast<std::byte*>(t.data), t.shape, at::TensorOptions(*type)).to(at::kFloat);
  };
  std::vector<SafeTensor> in_order = source.file->tensors();
  std::sort(in_order.begin(), in_order.end(), [](const auto& x, const auto& y) { return natural_less(x.name, y.name); });
  for (const auto& a : in_order) {
    if (a.name.size() <= prefix.size() + a_suffix.size() || !a.name.ends_with(a_suffix) || a.name.rfind(prefix, 0) != 0) continue;
    const std::string path = a.name.substr(prefix.size(), a.name.size() - prefix.size() - a_suffix.size());
    const SafeTensor* b = source.file->find(prefix + path + b_suffix);
    if (!b) return corrupt(source.path + " has no tensor " + prefix + path + b_suffix);
    auto right = as_tensor(a), left = as_tensor(*b);
    if (!right || !left || right->size(0) != left->size(1) || right->size(0) < 1)
      return corrupt(fmt::format("{}: lora_A and lora_B of {} do not fit together", source.path, path));
    FileSite site;
    site.trained = left->numel() + right->numel();
    const SafeTensor *a0 = source.file->find(prefix + path + ".origin_lora_A.weight"), *b0 = source.file->find(prefix + path + ".origin_lora_B.weight");
    if (a0 && b0 && a0->shape == a.shape && b0->shape == b->shape && as_tensor(*a0) && as_tensor(*b0)) {  // a start that was taken off the base
      right = at::cat({*right, *as_tensor(*a0)}, 0);
      left = at::cat({*left, -*as_tensor(*b0)}, 1);
    }
    site.factors.left = *left;
    site.factors.right = *right;
    site.factors.scale = scale_at(source.config, path);
    const auto number = path.find(".layers.");
    const int layer = number == std::string::npos ? -1 : std::atoi(path.c_str() + number + 8);
    site.shape = {path, path.substr(path.rfind('.') + 1), layer, left->size(0), right->size(1), right->size(0)};
    sites.push_back(std::move(site));
  }
  if (sites.empty()) return unsupported(source.path + " holds no pair of lora_A and lora_B; name its model to see more");
  return sites;
}

InspectReply spectra_of_file(const AdapterSource& source, const std::vector<FileSite>& sites) {
  InspectReply reply;
  reply.method = source.preset->descriptor.title;
  for (const auto& tensor : source.file->tensors())
    if (tensor.name.find("lora_magnitude_vector") != std::string::npos) reply.parameters += tensor.shape.empty() ? 1 : tensor.shape[0];
  for (const auto& [shape, factors, trained] : sites) {
    reply.parameters += trained;
    reply.sites.push_back(shape);
    reply.spectra.push_back(site_spectrum({{shape.path, shape.module, shape.layer, shape.out, shape.in}, shape.rank, factors.scale}, factors, Tensor()));
  }
  return reply;
}

std::int64_t step_of(const AdapterSource& source) {
  return source.checkpoint.is_object() ? source.checkpoint.value("step", std::int64_t{0}) : 0;
}

}  // namespace

Result<InspectReply> inspect_adapter(const InspectRequest& request) {
  const at::NoGradGuard no_grad;
  WEFT_ASSIGN_OR_RETURN(const AdapterSource source, open_adapter(request.adapter));
  if (request.base.empty()) {
    WEFT_ASSIGN_OR_RETURN(const auto sites, sites_of_file(source));
    return spectra_of_file(source, sites);
  }
  InspectReply reply;
  reply.method = source.preset->descriptor.title;
  WEFT_ASSIGN_OR_RETURN(const LoadedModel loaded, load_model(request.base, request.adapter));
  reply.parameters = loaded.adapters->parameters();
  reply.sites = loaded.adapters->shapes();
  for (std::size_t i = 0; i < loaded.adapters->size(); ++i) {
    const SiteContext& site = loaded.adapters->context(i);
    reply.spectra.push_back(site_spectrum(site, loaded.adapters->factors(i), site.base->row_norms_squared()));
  }
  return reply;
}

Result<std::optional<LinearFactors>> factors_of_other(const std::string& adapter, const std::string& base, const std::string& site) {
  if (adapter.empty()) return std::optional<LinearFactors>();
  const at::NoGradGuard no_grad;
  const auto copy_of = [](const LinearFactors& f) {
    LinearFactors own;
    own.scale = f.scale;
    if (f.left.defined()) own.left = f.left.detach().clone();
    if (f.right.defined()) own.right = f.right.detach().clone();
    own.form = f.form;
    return own;
  };
  const auto none = [&] { return not_found(fmt::format("{} has no adapter at {}: angles need the same matrix in both", adapter, site)); };
  if (base.empty()) {
    WEFT_ASSIGN_OR_RETURN(const AdapterSource source, open_adapter(adapter));
    WEFT_ASSIGN_OR_RETURN(const auto sites, sites_of_file(source));
    for (const auto& s : sites)
      if (s.shape.path == site) return std::optional(copy_of(s.factors));
    return none();
  }
  WEFT_ASSIGN_OR_RETURN(const LoadedModel loaded, load_model(base, adapter));
  for (std::size_t i = 0; i < loaded.adapters->size(); ++i)
    if (loaded.adapters->context(i).path == site) return std::optional(copy_of(loaded.adapters->factors(i)));
  return none();
}

Result<CloseUpReply> close_up_of_file(const CloseUpRequest& request) {
  const at::NoGradGuard no_grad;
  WEFT_ASSIGN_OR_RETURN(const AdapterSource source, open_adapter(request.adapter));
  CloseUpReply reply;
  if (!request.base.empty()) {
    WEFT_ASSIGN_OR_RETURN(const LoadedModel loaded, load_model(request.base, request.adapter));
    const std::string site = request.site.empty() && loaded.adapters->size() > 0 ? loaded.adapters->context(0).path : request.site;
    WEFT_ASSIGN_OR_RETURN(const auto other, factors_of_other(request.other, request.base, site));
    WEFT_ASSIGN_OR_RETURN(reply, close_up_of(*loaded.adapters, request, other));
    reply.step = step_of(source);
    return reply;
  }
  WEFT_ASSIGN_OR_RETURN(const auto sites, sites_of_file(source));
  const FileSite* shown = request.site.empty() ? &sites.front() : nullptr;
  for (const auto& s : sites) {
    reply.sites.push_back(s.shape);
    if (s.shape.path == request.site) shown = &s;
  }
  if (!shown) return no_such_site(request.site, reply.sites);
  WEFT_ASSIGN_OR_RETURN(const auto other, factors_of_other(request.other, "", shown->shape.path));
  reply.method = source.preset->descriptor.title;
  reply.step = step_of(source);
  reply.shown = shown->shape;
  look_at_factors(shown->factors, other, request.cells, reply);
  return reply;
}

}  // namespace weft
