// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/inspection.h"

#include <fmt/format.h>

#include "engine/formats/gguf.h"
#include "engine/probe/close_up.h"
#include "engine/probe/spectra_probe.h"
#include "engine/train/adapter_factors.h"
#include "engine/train/loaded_model.h"

namespace weft {
namespace {

InspectReply spectra_of_file(const FileSites& file) {
  InspectReply reply;
  reply.method = file.method;
  reply.parameters = file.parameters;
  for (const auto& [shape, factors, trained] : file.sites) {
    reply.sites.push_back(shape);
    reply.spectra.push_back(site_spectrum({{shape.path, shape.module, shape.layer, shape.out, shape.in}, shape.rank, factors.scale}, factors, Tensor()));
  }
  return reply;
}

// A GGUF adapter is factors and nothing else; its sites have names of their own, so its model adds nothing here.
bool by_itself(const std::string& adapter, const std::string& base) { return base.empty() || begins_as_gguf(adapter); }

}  // namespace

Result<InspectReply> inspect_adapter(const InspectRequest& request) {
  const at::NoGradGuard no_grad;
  if (by_itself(request.adapter, request.base)) {
    WEFT_ASSIGN_OR_RETURN(const FileSites file, sites_of_file(request.adapter));
    return spectra_of_file(file);
  }
  InspectReply reply;
  WEFT_ASSIGN_OR_RETURN(const LoadedModel loaded, load_model(request.base, request.adapter));
  reply.method = loaded.adapters->preset().descriptor.title;
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
  if (by_itself(adapter, base)) {
    WEFT_ASSIGN_OR_RETURN(const FileSites file, sites_of_file(adapter));
    for (const auto& s : file.sites)
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
  if (request.cancelled && request.cancelled()) return look_ended();   // before a model is opened for it
  CloseUpReply reply;
  if (!by_itself(request.adapter, request.base)) {
    WEFT_ASSIGN_OR_RETURN(const AdapterSource source, open_adapter(request.adapter));
    WEFT_ASSIGN_OR_RETURN(const LoadedModel loaded, load_model(request.base, request.adapter));
    const std::string site = request.site.empty() && loaded.adapters->size() > 0 ? loaded.adapters->context(0).path : request.site;
    WEFT_ASSIGN_OR_RETURN(const auto other, factors_of_other(request.other, request.base, site));
    WEFT_ASSIGN_OR_RETURN(reply, close_up_of(*loaded.adapters, request, other));
    reply.step = source.checkpoint.is_object() ? source.checkpoint.value("step", std::int64_t{0}) : 0;
    return reply;
  }
  if (request.decompose_base) return invalid_argument("the base's own singular values need the model: name it, and an adapter that is loaded onto it");
  WEFT_ASSIGN_OR_RETURN(const FileSites file, sites_of_file(request.adapter));
  const FileSite* shown = request.site.empty() ? &file.sites.front() : nullptr;
  for (const auto& s : file.sites) {
    reply.sites.push_back(s.shape);
    if (s.shape.path == request.site) shown = &s;
  }
  if (!shown) return no_such_site(request.site, reply.sites);
  WEFT_ASSIGN_OR_RETURN(const auto other, factors_of_other(request.other, "", shown->shape.path));
  reply.method = file.method;
  reply.step = file.step;
  reply.shown = shown->shape;
  look_at_factors(shown->factors, other, request.cells, reply);
  return reply;
}

}  // namespace weft
