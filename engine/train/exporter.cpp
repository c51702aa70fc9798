// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/exporter.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <numeric>

#include <fmt/format.h>

#include "engine/core/files.h"
#include "engine/probe/spectra_probe.h"
#include "engine/train/adapter_io.h"
#include "engine/train/merged_folder.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

// Logits [n, V] of one row of tokens, all positions of the tail.
Tensor logits_of(const Decoder& model, const std::vector<std::int32_t>& ids, std::int64_t last) {
  const at::NoGradGuard no_grad;
  std::vector<std::int32_t> positions(ids.size());
  std::iota(positions.begin(), positions.end(), 0);
  const std::vector<std::int64_t> segments{0, static_cast<std::int64_t>(ids.size())};
  // each weight is looked at once: its pages are given back, or the whole file would count as memory of ours
  const Tensor hidden = model.hidden({ids, positions, segments}, [&model](const Decoder::Linear& linear, const Tensor&) {
    if (const Weight* weight = model.source().find(linear.site.path + ".weight")) release_pages({weight->data, weight->bytes});
  });
  return model.logits(hidden.narrow(0, hidden.size(0) - last, last));
}

// Sixteen tokens spread over the vocabulary: enough to exercise every adapted matrix.
std::vector<std::int32_t> probe_tokens(std::int64_t vocabulary) {
  std::vector<std::int32_t> ids;
  for (std::int64_t i = 0; i < 16; ++i) ids.push_back(static_cast<std::int32_t>((i * 2654435761LL + 7) % vocabulary));
  return ids;
}

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

struct LoadedModel {
  std::unique_ptr<Decoder> model;
  std::unique_ptr<AdapterSet> adapters;  // null without an adapter
};

Result<LoadedModel> load(const std::string& model, const std::string& adapter) {
  LoadedModel loaded;
  WEFT_ASSIGN_OR_RETURN(const auto source, ModelSource::open(model));
  WEFT_ASSIGN_OR_RETURN(loaded.model, Decoder::load(source));
  if (adapter.empty()) return loaded;
  WEFT_ASSIGN_OR_RETURN(const AdapterSource file, open_adapter(adapter));
  WEFT_ASSIGN_OR_RETURN(loaded.adapters, load_adapters(*loaded.model, file));
  attach_adapters(*loaded.model, *loaded.adapters);
  return loaded;
}

Status check_space(const std::string& out, std::uint64_t needed) {
  std::error_code error;
  fs::path at = fs::absolute(out, error);
  while (!at.empty() && !fs::exists(at, error) && at != at.root_path()) at = at.parent_path();
  const auto space = fs::space(at, error);
  if (!error && space.available < needed)
    return io_error(fmt::format("[export] {} bytes are needed and {} are free at {}; free some space or choose another folder", needed,
                                space.available, at.string()));
  return {};
}

void list_files(ExportReport& report) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(report.path, error)) {
    report.files.push_back(entry.path().filename().string());
    report.bytes += static_cast<std::uint64_t>(entry.file_size(error));
  }
  std::sort(report.files.begin(), report.files.end());
}

// Spectra from the file's own pairs of factors: sites and shapes are what the tensors say.
Result<InspectReply> inspect_without_base(const AdapterSource& source) {
  InspectReply reply;
  reply.method = source.preset->descriptor.title;
  const std::string a_suffix = ".lora_A.weight", b_suffix = ".lora_B.weight", prefix = peft_tensor_name("", "").substr(0, 17);
  const auto as_tensor = [](const SafeTensor& t) -> std::optional<Tensor> {
    const auto type = t.dtype == "F32" ? at::kFloat : t.dtype == "F16" ? at::kHalf : t.dtype == "BF16" ? at::kBFloat16 : at::kByte;
    if (type == at::kByte || t.shape.size() != 2) return std::nullopt;
    return at::from_blob(const_cast<std::byte*>(t.data), t.shape, at::TensorOptions(type)).to(at::kFloat);
  };
  std::vector<SafeTensor> in_order = source.file->tensors();
  std::sort(in_order.begin(), in_order.end(), [](const auto& x, const auto& y) { return natural_less(x.name, y.name); });
  for (const auto& a : in_order) {
    if (a.name.rfind(prefix, 0) == 0 && a.name.find("lora_magnitude_vector") != std::string::npos)
      reply.parameters += a.shape.empty() ? 1 : a.shape[0];
    if (a.name.size() <= prefix.size() + a_suffix.size() || !a.name.ends_with(a_suffix) || a.name.rfind(prefix, 0) != 0) continue;
    const std::string path = a.name.substr(prefix.size(), a.name.size() - prefix.size() - a_suffix.size());
    const SafeTensor* b = source.file->find(prefix + path + b_suffix);
    if (!b) return corrupt(source.path + " has no tensor " + prefix + path + b_suffix);
    auto right = as_tensor(a), left = as_tensor(*b);
    const SafeTensor *a0 = source.file->find(prefix + path + ".origin_lora_A.weight"), *b0 = source.file->find(prefix + path + ".origin_lora_B.weight");
    if (a0 && b0 && right && left && a0->shape == a.shape && b0->shape == b->shape && as_tensor(*a0) && as_tensor(*b0)) {
      reply.parameters -= left->numel() + right->numel();  // a start that was taken off the base is not trained
      right = at::cat({*right, *as_tensor(*a0)}, 0);
      left = at::cat({*left, -*as_tensor(*b0)}, 1);
    }
    if (!right || !left || right->size(0) != left->size(1) || right->size(0) < 1)
      return corrupt(fmt::format("{}: lora_A and lora_B of {} do not fit together", source.path, path));
    const SiteContext site{path, left->size(0), right->size(1), right->size(0), scale_at(source.config, path), nullptr};
    LinearFactors factors;
    factors.left = *left;
    factors.right = *right;
    factors.scale = site.scale;
    reply.parameters += left->numel() + right->numel();
    const auto number = path.find(".layers.");
    const int layer = number == std::string::npos ? -1 : std::atoi(path.c_str() + number + 8);
    reply.sites.push_back({path, path.substr(path.rfind('.') + 1), layer, site.out, site.in, site.rank});
    reply.spectra.push_back(site_spectrum(site, factors, Tensor()));
  }
  if (reply.sites.empty()) return unsupported(source.path + " holds no pair of lora_A and lora_B");
  return reply;
}

}  // namespace

Result<ExportReport> export_adapter(const ExportRequest& request) {
  const bool merged = request.format == "merged";
  if (!merged && request.format != "peft") return unsupported("[export] format \"" + request.format + "\" is not known; peft and merged are");
  if (!merged && request.dtype != "auto" && request.dtype != "fp32") return unsupported("[export] PEFT adapters are written in fp32");
  WEFT_ASSIGN_OR_RETURN(LoadedModel loaded, load(request.model, request.adapter));
  if (!loaded.adapters) return invalid_argument("[export] no adapter was named");
  const auto ids = probe_tokens(loaded.model->config().vocabulary);
  const Tensor expected = logits_of(*loaded.model, ids, 4);

  ExportReport report;
  report.path = fs::absolute(request.out).lexically_normal().string();
  const std::string dtype = request.dtype == "auto" ? "bf16" : request.dtype;
  const auto parameters = static_cast<std::uint64_t>(merged ? loaded.model->parameters() : loaded.adapters->parameters());
  WEFT_RETURN_IF_ERROR(check_space(request.out, parameters * (merged && dtype != "fp32" ? 2 : 4) + (1 << 20)));
  double difference = 0;
  const auto write_and_verify = [&](const fs::path& folder) -> Status {
    if (merged) {
      loaded = {};
      WEFT_ASSIGN_OR_RETURN(const auto source, ModelSource::open(request.model));
      WEFT_ASSIGN_OR_RETURN(const AdapterSource adapter, open_adapter(request.adapter));
      WEFT_RETURN_IF_ERROR(write_merged_folder(folder.string(), *source, adapter, dtype));
    } else {
      WEFT_RETURN_IF_ERROR(write_peft_files(folder.string(), *loaded.adapters, base_model_name(loaded.model->source())));
      loaded = {};  // the written files are checked on a model of their own
    }
    WEFT_ASSIGN_OR_RETURN(const LoadedModel again, merged ? load(folder.string(), "") : load(request.model, folder.string()));
    difference = (logits_of(*again.model, ids, 4) - expected).abs().max().item<double>();
    report.logits_scale = expected.abs().max().item<double>();
    // fp32 differs by rounding alone; bf16 and fp16 weights round each weight to 8 or 11 bits
    const double allowed = report.logits_scale * (!merged || dtype == "fp32" ? 1e-3 : 0.1);
    if (!(difference <= allowed))
      return internal_error(fmt::format("[export] the written files give logits that differ by {:.3g} (largest {:.3g}); nothing was kept", difference,
                                        report.logits_scale));
    return {};
  };
  WEFT_RETURN_IF_ERROR(write_folder_atomically(request.out, write_and_verify));
  report.max_difference = difference;
  list_files(report);
  return report;
}

Result<LogitsReply> compute_logits(const LogitsRequest& request) {
  if (request.ids.empty()) return invalid_argument("[logits] no token ids were given");
  WEFT_ASSIGN_OR_RETURN(const LoadedModel loaded, load(request.model, request.adapter));
  const auto size = loaded.model->config().vocabulary;
  for (const auto id : request.ids)
    if (id < 0 || id >= size) return invalid_argument(fmt::format("[logits] token id {} is outside the vocabulary of {} tokens", id, size));
  const Tensor last = logits_of(*loaded.model, request.ids, 1).contiguous();
  LogitsReply reply;
  reply.last.assign(last.const_data_ptr<float>(), last.const_data_ptr<float>() + last.numel());
  return reply;
}

Result<InspectReply> inspect_adapter(const InspectRequest& request) {
  const at::NoGradGuard no_grad;
  WEFT_ASSIGN_OR_RETURN(const AdapterSource source, open_adapter(request.adapter));
  InspectReply reply;
  reply.method = source.preset->descriptor.title;
  if (!request.base.empty()) {
    WEFT_ASSIGN_OR_RETURN(const LoadedModel loaded, load(request.base, request.adapter));
    reply.parameters = loaded.adapters->parameters();
    reply.sites = loaded.adapters->shapes();
    for (std::size_t i = 0; i < loaded.adapters->size(); ++i) {
      const SiteContext& site = loaded.adapters->context(i);
      reply.spectra.push_back(site_spectrum(site, loaded.adapters->factors(i), site.base->row_norms_squared()));
    }
    return reply;
  }
  return inspect_without_base(source);
}

}  // namespace weft
