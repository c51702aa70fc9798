// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/probe/close_up.h"

#include <ATen/Parallel.h>
#include <ATen/ops/linalg_qr.h>
#include <ATen/ops/linalg_svdvals.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>
#include <tuple>

#include <fmt/format.h>

#include "engine/core/text_util.h"
#include "engine/probe/spectra_probe.h"
#include "engine/tensor/sketched_svd.h"
#include "engine/tensor/spectrum.h"

namespace weft {
namespace {

constexpr std::int64_t kMostDecomposed = 4 << 20;   // entries
constexpr std::int64_t kMostDirections = 2048, kLeadingDirections = 256;
constexpr std::int64_t kSketchIterations = 4;
constexpr double kLeastDirection = 1e-6;  // of the longest: float32 factors say no more of a direction

std::vector<float> floats_of(const Tensor& values) {
  const Tensor flat = values.detach().to(at::kFloat).contiguous();
  return {flat.const_data_ptr<float>(), flat.const_data_ptr<float>() + flat.numel()};
}

// An orthonormal basis [n, rank] of the column space of `a`.
Tensor basis_of(const Tensor& a) {
  const auto [u, s, v] = at::linalg_svd(a.detach().to(at::kDouble), /*full_matrices=*/false);
  const double longest = s.numel() > 0 ? s[0].item<double>() : 0;
  const auto rank = longest > 0 ? (s > kLeastDirection * longest).sum().item<std::int64_t>() : 0;
  return u.narrow(1, 0, rank);
}

// Q of the column space of L R: L's directions that R does not take away.
Tensor outputs_of(const LinearFactors& f) { return at::matmul(f.left.detach().to(at::kDouble), std::get<1>(at::linalg_qr(f.right.detach().t().to(at::kDouble))).t()); }
Tensor inputs_of(const LinearFactors& f) {
  return at::matmul(f.right.detach().t().to(at::kDouble), std::get<1>(at::linalg_qr(f.left.detach().to(at::kDouble))).t());
}

void add_angles(const LinearFactors& one, const std::optional<LinearFactors>& other, const SiteShape& site, CloseUpReply& reply) {
  if (!other || !other->left.defined() || !one.left.defined()) return;
  if (!one.form && !other->form) {
    reply.output_angles = principal_angles(outputs_of(one), outputs_of(*other));
    reply.input_angles = principal_angles(inputs_of(one), inputs_of(*other));
    return;
  }
  // an update of full rank has no thin factors: its spaces are taken from itself, where it is not too large to decompose while somebody waits
  if (site.out * site.in > kMostDecomposed) return;
  const Tensor a = whole_update(one, site.out, site.in), b = whole_update(*other, site.out, site.in);
  reply.output_angles = principal_angles(a, b);
  reply.input_angles = principal_angles(a.t(), b.t());
}

// s L R - s' L' R', by its factors: [s L, -s' L'] and [R; R'].
void add_difference(const LinearFactors& one, const std::optional<LinearFactors>& other, const SiteShape& site, CloseUpReply& reply) {
  if (!other || !other->left.defined() || !one.left.defined()) return;
  Tensor values;
  if (!one.form && !other->form) {
    const Tensor left = at::cat({one.left.detach().to(at::kDouble) * one.scale, other->left.detach().to(at::kDouble) * -other->scale}, 1);
    values = product_singular_values(left, at::cat({one.right.detach().to(at::kDouble), other->right.detach().to(at::kDouble)}, 0), 1);
  } else if (site.out * site.in <= kMostDecomposed) {
    values = at::linalg_svdvals((whole_update(one, site.out, site.in) - whole_update(*other, site.out, site.in)).to(at::kDouble));
  } else {
    return;
  }
  reply.difference = spectrum_of(site.path, values);
  reply.difference.step = reply.step;
}

struct Change {
  double magnitude = 0, direction = 0;
};

// Of the vectors along dimension `dim` of W and W'.
Change change_of(const Tensor& before, const Tensor& after, std::int64_t dim) {
  const Tensor b = before.norm(2, dim), a = after.norm(2, dim);
  const Tensor cosine = (before * after).sum(dim) / (b * a).clamp_min(1e-30);
  return {(a - b).abs().mean().item<double>(), std::max(0.0, (1 - cosine).mean().item<double>())};
}

}  // namespace

MatrixPicture picture_of(const std::string& name, const Tensor& values, int cells) {
  Tensor m = values.detach().to(at::kFloat);
  m = m.dim() < 2 ? m.reshape({1, -1}) : m.reshape({-1, m.size(-1)});
  m = m.contiguous();
  MatrixPicture p;
  p.name = name;
  p.rows = m.size(0);
  p.columns = m.size(1);
  p.cell_rows = std::min<std::int64_t>(p.rows, std::max(1, cells));
  p.cell_columns = std::min<std::int64_t>(p.columns, std::max(1, cells));
  if (m.numel() == 0) return p;
  p.frobenius = m.norm().item<double>();
  p.cells.assign(static_cast<std::size_t>(p.cell_rows * p.cell_columns), 0);
  const float* at = m.const_data_ptr<float>();
  for (std::int64_t row = 0; row < p.rows; ++row) {
    float* const line = p.cells.data() + row * p.cell_rows / p.rows * p.cell_columns;
    for (std::int64_t column = 0; column < p.columns; ++column) {
      const float value = at[row * p.columns + column];
      float& cell = line[column * p.cell_columns / p.columns];
      if (std::abs(value) > std::abs(cell)) cell = value;
    }
  }
  for (const float value : p.cells) p.largest = std::max(p.largest, std::abs(value));
  return p;
}

std::vector<float> principal_angles(const Tensor& a, const Tensor& b) {
  const Tensor x = basis_of(a), y = basis_of(b);
  if (x.size(1) == 0 || y.size(1) == 0) return {};
  const Tensor product = at::matmul(x.t(), y);
  const Tensor cosines = at::linalg_svdvals(product).clamp(0, 1);
  // near zero the cosine says little: the sine comes from what is left of y outside x's space
  const Tensor rest = x.size(1) >= y.size(1) ? y - at::matmul(x, product) : x - at::matmul(y, product.t());
  const Tensor sines = std::get<0>(at::linalg_svdvals(rest).sort()).narrow(0, 0, cosines.numel()).clamp(0, 1);
  const Tensor angles = at::where(cosines * cosines > 0.5, sines.asin(), cosines.acos()) * (180.0 / std::numbers::pi);
  return floats_of(std::get<0>(angles.sort()));
}

BaseDecomposition decompose_base(const Tensor& w, const Tensor& delta, const std::function<bool()>& cancelled) {
  const auto begin = std::chrono::steady_clock::now();
  BaseDecomposition base;
  const std::int64_t directions = std::min(w.size(0), w.size(1));
  base.leading = directions > kMostDirections;
  auto generator = make_generator(1);
  const SingularTriplets found = base.leading ? sketched_svd(w, kLeadingDirections, kSketchIterations, generator, {}, cancelled) : stepwise_svd(w, cancelled);
  if (!found.s.defined()) return {};
  base.values = floats_of(found.s);
  const Tensor update = delta.to(w.scalar_type());
  if (const double energy = update.to(at::kDouble).square().sum().item<double>(); energy > 0) {
    const auto share = [&](const Tensor& along) { return floats_of(along.to(at::kDouble).square().sum(1) / energy); };
    base.output_energy = share(at::matmul(found.u.t(), update));
    base.input_energy = share(at::matmul(found.v.t(), update.t()));
  }
  base.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  return base;
}

void look_at_factors(const LinearFactors& f, const std::optional<LinearFactors>& other, int cells, CloseUpReply& reply) {
  if (f.left.defined()) {
    reply.pictures.push_back(picture_of("ΔW", whole_update(f, f.left.size(0), f.right.size(1)), cells));
    reply.pictures.push_back(picture_of("B", f.left, cells));
    reply.pictures.push_back(picture_of("A", f.right, cells));
  }
  const SiteShape& shown = reply.shown;
  reply.spectrum = site_spectrum({{shown.path, shown.module, shown.layer, shown.out, shown.in}, shown.rank, f.scale}, f, Tensor());
  add_difference(f, other, shown, reply);
  add_angles(f, other, shown, reply);
}

Status no_such_site(const std::string& site, const std::vector<SiteShape>& sites) {
  return not_found(fmt::format("{} is none of the {} matrices of this adapter; the first is {}", quoted_excerpt(site, 200), sites.size(),
                               sites.empty() ? "-" : sites.front().path));
}

Status look_ended() { return {ErrorCode::Cancelled, "the look at the adapter was ended"}; }

Result<CloseUpReply> close_up_of(const AdapterSet& adapters, const CloseUpRequest& request, const std::optional<LinearFactors>& other) {
  const at::NoGradGuard no_grad;
  const auto begin = std::chrono::steady_clock::now();
  const auto ended = [&] { return request.cancelled && request.cancelled(); };
  if (ended()) return look_ended();   // it waited for its turn meanwhile
  CloseUpReply reply;
  reply.method = adapters.preset().descriptor.title;
  reply.sites = adapters.shapes();
  std::size_t shown = 0;
  while (!request.site.empty() && shown < reply.sites.size() && reply.sites[shown].path != request.site) ++shown;
  if (shown >= reply.sites.size()) return no_such_site(request.site, reply.sites);
  reply.shown = reply.sites[shown];
  const Tensor before = adapters.context(shown).base->dense().to(at::kFloat), after = adapters.merged(shown), delta = after - before;
  reply.pictures.push_back(picture_of("ΔW", delta, request.cells));
  reply.spectrum = site_spectrum(adapters.context(shown), adapters.factors(shown), adapters.context(shown).base->row_norms_squared());
  if (request.decompose_base) reply.base = decompose_base(before, delta, request.cancelled);
  if (ended()) return look_ended();
  const SlotValues& slots = adapters.values(shown);
  for (const auto& [name, value] : slots) {
    if (value.dim() < 2) continue;
    const std::string stem = name.substr(0, name.size() - 1);   // T1 and, frozen, T10: what it was at the start
    const bool twin = adapters.has_origin() && name.ends_with('0') && slots.count(stem) > 0;
    reply.pictures.push_back(picture_of(twin ? stem + "⁰" : name, value, request.cells));
  }
  reply.rows = {floats_of(before.norm(2, 1)), floats_of(after.norm(2, 1))};
  reply.columns = {floats_of(before.norm(2, 0)), floats_of(after.norm(2, 0))};
  add_difference(adapters.factors(shown), other, reply.shown, reply);
  add_angles(adapters.factors(shown), other, reply.shown, reply);
  for (const auto& [name, values] : adapters.bonds(shown)) reply.bonds.push_back({name, floats_of(values)});
  for (std::size_t i = 0; i < adapters.size(); ++i) reply.columns_changed = reply.columns_changed || adapters.factors(i).column_scale.defined();
  reply.changes.resize(adapters.size());
  // a site a thread: one matrix each at a time
  at::parallel_for(0, static_cast<std::int64_t>(adapters.size()), 1, [&](std::int64_t first, std::int64_t last) {
    const at::NoGradGuard no_grad_here;
    for (auto i = static_cast<std::size_t>(first); i < static_cast<std::size_t>(last) && !ended(); ++i) {
      const Tensor w = adapters.context(i).base->dense().to(at::kFloat), merged = adapters.merged(i);
      const Change rows = change_of(w, merged, 1);
      const Change columns = reply.columns_changed ? change_of(w, merged, 0) : Change{};
      reply.changes[i] = {reply.sites[i].path, reply.sites[i].module, reply.sites[i].layer, rows.magnitude, rows.direction, columns.magnitude, columns.direction};
    }
  });
  if (ended()) return look_ended();
  reply.ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  return reply;
}

}  // namespace weft
