// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/adapter_factors.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "engine/adapter/stored_tensor.h"
#include "engine/formats/gguf.h"
#include "engine/train/adapter_io.h"
#include "engine/train/gguf_adapter.h"

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

SiteShape shape_of(const std::string& path, const std::string& before_layer, const LinearFactors& f) {
  const auto number = path.find(before_layer);
  const int layer = number == std::string::npos ? -1 : std::atoi(path.c_str() + number + before_layer.size());
  return {path, path.substr(path.rfind('.') + 1), layer, f.left.size(0), f.right.size(1), f.right.size(0)};
}

// From the file's own pairs of factors: sites and shapes are what the tensors say.
Result<std::vector<FileSite>> sites_of_pairs(const AdapterSource& source) {
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
    site.shape = shape_of(path, ".layers.", site.factors);
    sites.push_back(std::move(site));
  }
  if (sites.empty()) return unsupported(source.path + " holds no pair of lora_A and lora_B; name its model to see more");
  return sites;
}

Result<FileSites> sites_of_gguf(const std::string& path) {
  WEFT_ASSIGN_OR_RETURN(GgufAdapter adapter, read_adapter_gguf(path));
  std::sort(adapter.pairs.begin(), adapter.pairs.end(), [](const auto& x, const auto& y) { return natural_less(x.first, y.first); });
  FileSites found{.method = "LoRA"};
  for (auto& [name, factors] : adapter.pairs) {
    const std::string site = name.ends_with(".weight") ? name.substr(0, name.size() - 7) : name;
    const std::int64_t trained = factors.left.numel() + factors.right.numel();
    found.parameters += trained;
    found.sites.push_back({shape_of(site, "blk.", factors), std::move(factors), trained});
  }
  return found;
}

}  // namespace

Result<FileSites> sites_of_file(const std::string& path) {
  if (begins_as_gguf(path)) return sites_of_gguf(path);
  WEFT_ASSIGN_OR_RETURN(const AdapterSource source, open_adapter(path));
  FileSites found{.method = source.preset->descriptor.title};
  if (source.checkpoint.is_object()) found.step = source.checkpoint.value("step", std::int64_t{0});
  WEFT_ASSIGN_OR_RETURN(found.sites, sites_of_pairs(source));
  found.file = source.file;
  for (const auto& tensor : source.file->tensors())
    if (tensor.name.find("lora_magnitude_vector") != std::string::npos) found.parameters += tensor.shape.empty() ? 1 : tensor.shape[0];
  for (const auto& site : found.sites) found.parameters += site.trained;
  return found;
}

}  // namespace weft
