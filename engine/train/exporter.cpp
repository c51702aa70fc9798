// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/exporter.h"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <numeric>

#include <fmt/format.h>

#include "engine/api/export_offer.h"
#include "engine/core/disk.h"
#include "engine/core/files.h"
#include "engine/train/adapter_io.h"
#include "engine/train/approximation.h"
#include "engine/train/carried_template.h"
#include "engine/train/gguf_adapter.h"
#include "engine/train/loaded_model.h"
#include "engine/train/merged_folder.h"
#include "engine/train/merged_gguf.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

// Thrown out of the model's run, where no Status can be returned.
struct Ended {};
Status ended() { return {ErrorCode::Cancelled, "[export] was ended; nothing was kept"}; }

// Logits [n, V] of one row of tokens, all positions of the tail. go_on: asked before each matrix, or empty; throws Ended.
Tensor logits_of(const Decoder& model, const std::vector<std::int32_t>& ids, std::int64_t last, const GoOn& go_on = {}) {
  const at::NoGradGuard no_grad;
  std::vector<std::int32_t> positions(ids.size());
  std::iota(positions.begin(), positions.end(), 0);
  const std::vector<std::int64_t> segments{0, static_cast<std::int64_t>(ids.size())};
  // each weight is looked at once: its pages are given back, or the whole file would count as memory of ours
  const Tensor hidden = model.hidden({ids, positions, segments}, [&](const Decoder::Linear& linear, const Tensor&, const Tensor&) {
    if (go_on && !go_on(0, 0)) throw Ended();
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

Status check_space(const std::string& out, std::uint64_t needed) {
  const auto free = free_disk_bytes(out);
  if (free && *free < needed)
    return io_error(fmt::format("[export] {} bytes are needed and {} are free at {}; free some space or choose another folder", needed, *free, out));
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

constexpr const char* kGgufFile = "model.gguf";

struct Form {
  enum Kind { Peft, Merged, Gguf, GgufAdapter } kind = Peft;
  std::string dtype;               // "fp32", "bf16", "fp16"
  double allowed = 0;              // difference of a logit over the largest one
};

bool is_approximate(const ExportRequest& request) { return request.rank != 0 || request.energy != 0; }

Result<Form> form_of(const ExportRequest& request) {
  const bool open = request.dtype == "auto", peft = request.format == "peft" || request.format == "lora";
  if (is_approximate(request) && !peft) return invalid_argument("[export] a rank or an energy belongs to format \"peft\": the others hold the whole update");
  if (request.format == "lora" && !is_approximate(request)) return invalid_argument("[export] format \"lora\" is the nearest plain LoRA of a rank: name the rank, or the energy to keep");
  // fp32 differs by rounding alone; bf16 and fp16 round each weight to 8 or 11 bits, or each factor of a small update to 11
  if (request.format == "merged") {
    const std::string dtype = open ? "bf16" : request.dtype;
    return Form{Form::Merged, dtype, dtype == "fp32" ? 1e-3 : 0.1};
  }
  if (request.format == "gguf") {
    const std::string dtype = open ? "fp16" : request.dtype;
    return Form{Form::Gguf, dtype, dtype == "fp32" ? 1e-3 : dtype == "fp16" ? 0.02 : 0.1};
  }
  if (peft) {
    if (!open && request.dtype != "fp32") return unsupported("[export] PEFT adapters are written in fp32");
    return Form{Form::Peft, "fp32", 1e-3};
  }
  if (request.format == "gguf-adapter") {
    if (!open && request.dtype != "fp32" && request.dtype != "fp16") return unsupported("[export] GGUF adapters are written in fp16 or fp32");
    const std::string dtype = open ? "fp16" : request.dtype;
    return Form{Form::GgufAdapter, dtype, dtype == "fp32" ? 1e-3 : 0.02};
  }
  return unsupported("[export] format \"" + request.format + "\" is not known; peft, lora, merged, gguf and gguf-adapter are");
}

// Which file the adapter belongs to: a name alone fits every conversion of a model, and their weights differ.
std::string base_sentence(const std::string& model) {
  auto base = base_identity(model, /*with_hash=*/false);
  if (!base.ok()) return {};
  const std::string which = fmt::format("Base: {}, {} bytes of weights", base->file, base->bytes);
  if (base->bytes <= kMostHashed) base = base_identity(model, /*with_hash=*/true);
  return base.ok() && !base->sha256.empty() ? fmt::format("{}, sha256 {}.", which, base->sha256) : which + ".";
}

// Writes the files, and the logits of what is read from them again on a model of their own. Takes `loaded` down when it is not needed any more.
// origin: what the adapter was made from, for its README; "" where it is what was trained.
Result<Tensor> write_and_run(const Form& form, const ExportRequest& request, const std::string& origin, const fs::path& folder, LoadedModel& loaded,
                             const std::vector<std::int32_t>& ids) {
  switch (form.kind) {
    case Form::Merged: {
      loaded = {};
      WEFT_ASSIGN_OR_RETURN(const auto source, ModelSource::open(request.model));
      WEFT_ASSIGN_OR_RETURN(const AdapterSource adapter, open_adapter(request.adapter, source.get()));
      WEFT_RETURN_IF_ERROR(write_merged_folder(folder.string(), *source, adapter, form.dtype, request.go_on));
      WEFT_RETURN_IF_ERROR(write_carried_template(request.adapter, request.model, /*own_too=*/false, folder.string()));
      WEFT_ASSIGN_OR_RETURN(const LoadedModel again, load_model(folder.string(), ""));
      return logits_of(*again.model, ids, 4, request.go_on);
    }
    case Form::Gguf: {
      loaded = {};
      const std::string file = (folder / kGgufFile).string();
      WEFT_ASSIGN_OR_RETURN(const auto source, ModelSource::open(request.model));
      WEFT_ASSIGN_OR_RETURN(const AdapterSource adapter, open_adapter(request.adapter, source.get()));
      WEFT_ASSIGN_OR_RETURN(const std::string chat_template, carried_template(request.adapter, request.model, /*own_too=*/false));
      WEFT_RETURN_IF_ERROR(write_merged_gguf(file, *source, adapter, form.dtype, chat_template, request.go_on));
      WEFT_ASSIGN_OR_RETURN(const LoadedModel again, load_model(file, ""));
      return logits_of(*again.model, ids, 4, request.go_on);
    }
    case Form::Peft: {
      WEFT_RETURN_IF_ERROR(write_peft_files(folder.string(), *loaded.adapters, base_model_name(loaded.model->source()), {.origin = origin, .base = base_sentence(request.model)}));
      WEFT_RETURN_IF_ERROR(write_carried_template(request.adapter, request.model, /*own_too=*/true, folder.string()));
      loaded = {};
      WEFT_ASSIGN_OR_RETURN(const LoadedModel again, load_model(request.model, folder.string()));
      return logits_of(*again.model, ids, 4, request.go_on);
    }
    case Form::GgufAdapter: {
      const std::string file = (folder / "adapter.gguf").string();
      WEFT_RETURN_IF_ERROR(write_adapter_gguf(file, *loaded.adapters, loaded.model->source(), form.dtype == "fp16"));
      WEFT_RETURN_IF_ERROR(write_carried_template(request.adapter, request.model, /*own_too=*/false, folder.string()));
      loaded = {};
      WEFT_ASSIGN_OR_RETURN(const LoadedModel again, load_model(request.model, ""));
      WEFT_ASSIGN_OR_RETURN(const auto factors, read_adapter_gguf(file, again.model->source()));
      for (const auto& [site, f] : factors) again.model->attach(site, &f);
      return logits_of(*again.model, ids, 4, request.go_on);
    }
  }
  return internal_error("[export] a form without a writer");
}

Result<ExportReport> exported(const ExportRequest& request) {
  WEFT_ASSIGN_OR_RETURN(const Form form, form_of(request));
  const auto ask = [&]() -> Status {
    if (!request.go_on || request.go_on(0, 0)) return {};
    return ended();
  };
  WEFT_RETURN_IF_ERROR(ask());   // it waited for its turn meanwhile
  WEFT_ASSIGN_OR_RETURN(LoadedModel loaded, load_model(request.model, request.adapter));
  if (!loaded.adapters) return invalid_argument("[export] no adapter was named");
  const auto ids = probe_tokens(loaded.model->config().vocabulary);
  const Tensor asked = logits_of(*loaded.model, ids, 4, request.go_on);
  Tensor expected = asked;
  WEFT_RETURN_IF_ERROR(ask());

  ExportReport report;
  std::string origin;
  if (is_approximate(request)) {
    WEFT_ASSIGN_OR_RETURN(ApproximateAdapters nearest, approximate_adapters(*loaded.adapters, {.rank = request.rank, .energy = request.energy, .same_rank = request.same_rank}, [&] { return ask().ok(); }));
    report.approximation = {nearest.rank, nearest.least_rank, nearest.energy, nearest.least, nearest.least_site};
    origin = fmt::format("The nearest adapter of rank {} to one of {}: it keeps {:.4g} % of the squared Frobenius norm of what that changes.", report.approximation->ranks(),
                         loaded.adapters->preset().descriptor.title, 100 * nearest.energy);
    loaded.adapters = std::move(nearest.adapters);
    attach_adapters(*loaded.model, *loaded.adapters);
    expected = logits_of(*loaded.model, ids, 4, request.go_on);
  }
  WEFT_RETURN_IF_ERROR(ask());
  report.path = fs::absolute(request.out).lexically_normal().string();
  const auto parameters = static_cast<std::uint64_t>(form.kind == Form::Merged || form.kind == Form::Gguf ? loaded.model->parameters() : loaded.adapters->parameters());
  WEFT_RETURN_IF_ERROR(check_space(request.out, parameters * (form.dtype == "fp32" ? 4 : 2) + (1 << 20)));
  report.logits_scale = expected.abs().max().item<double>();
  const auto write_and_verify = [&](const fs::path& folder) -> Status {
    WEFT_ASSIGN_OR_RETURN(const Tensor found, write_and_run(form, request, origin, folder, loaded, ids));
    WEFT_RETURN_IF_ERROR(ask());
    report.max_difference = (found - asked).abs().max().item<double>();
    const double of_writing = (found - expected).abs().max().item<double>();
    if (!(of_writing <= report.logits_scale * form.allowed))
      return internal_error(fmt::format("[export] the written files give logits that differ by {:.3g} (largest {:.3g}); nothing was kept", of_writing,
                                        report.logits_scale));
    return {};
  };
  WEFT_RETURN_IF_ERROR(write_folder_atomically(request.out, [&](const fs::path& folder) {
    try {
      return write_and_verify(folder);
    } catch (const Ended&) {   // what was written goes with its folder
      return ended();
    }
  }));
  list_files(report);
  return report;
}

}  // namespace

Result<ExportReport> export_adapter(const ExportRequest& request) {
  try {
    return exported(request);
  } catch (const Ended&) {
    return ended();
  }
}

Result<LogitsReply> compute_logits(const LogitsRequest& request) {
  if (request.ids.empty()) return invalid_argument("[logits] no token ids were given");
  WEFT_ASSIGN_OR_RETURN(const LoadedModel loaded, load_model(request.model, request.adapter));
  const auto size = loaded.model->config().vocabulary;
  for (const auto id : request.ids)
    if (id < 0 || id >= size) return invalid_argument(fmt::format("[logits] token id {} is outside the vocabulary of {} tokens", id, size));
  const Tensor last = logits_of(*loaded.model, request.ids, 1).contiguous();
  LogitsReply reply;
  reply.last.assign(last.const_data_ptr<float>(), last.const_data_ptr<float>() + last.numel());
  return reply;
}

}  // namespace weft
