// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/adapter/parts.h"

#include <fmt/format.h>

namespace weft {
namespace {

template <typename Part>
Result<std::unique_ptr<Part>> make(const char* kind, const std::map<std::string, std::unique_ptr<Part> (*)()>& makers, const std::string& name) {
  const auto found = makers.find(name);
  if (found == makers.end()) return internal_error(fmt::format("[adapter] no {} named \"{}\"", kind, name));
  return found->second();
}

}  // namespace

void Delta::fill(const SiteContext& site, const SlotValues&, at::Generator&) const {
  TORCH_CHECK(false, "[adapter.start] ", site.path, ": the method has no start of its own and offers none");
}

Result<std::unique_ptr<Delta>> make_delta(const std::string& name) {
  return make<Delta>("delta", {{"low-rank", make_low_rank_delta},
                      {"low-rank-in-part", make_low_rank_in_part_delta},
                      {"fixed-right", make_fixed_right_delta},
                      {"svd-diagonal", make_svd_diagonal_delta},
                      {"gated", make_gated_delta},
                      {"chain", make_chain_delta},
                      {"growing", make_growing_delta},
                      {"subspaces", make_subspaces_delta},
                      {"svd-core", make_svd_core_delta},
                      {"random-core", make_random_core_delta},
                      {"block-diagonal", make_block_diagonal_delta},
                      {"standard-basis", make_standard_basis_delta},
                      {"hadamard", make_hadamard_delta},
                      {"kronecker", make_kronecker_delta},
                      {"tensor-train", make_tensor_train_delta},
                      {"spectrum", make_spectrum_delta},
                      {"vera", make_vera_delta},
                      {"tied", make_tied_delta},
                      {"cp-tensor", make_cp_tensor_delta},
                      {"shards", make_shards_delta},
                      {"none", make_no_delta}}, name);
}

Result<std::unique_ptr<Start>> make_start(const std::string& name) {
  return make<Start>("start",
                     {{"kaiming", make_kaiming_start},
                      {"gaussian", make_gaussian_start},
                      {"orthogonal", make_orthogonal_start},
                      {"eva", make_eva_start},
                      {"loftq", make_loftq_start},
                      {"lq", make_lq_start},
                      {"pissa", make_pissa_start},
                      {"pissa-exact", make_exact_pissa_start},
                      {"olora", make_olora_start},
                      {"mpo", make_mpo_start},
                      {"mpo-exact", make_exact_mpo_start},
                      {"mpo-random", make_random_mpo_start}},
                     name);
}

std::string start_of(const SettingValues& settings, bool rounded) {
  const auto name = settings.at("start").get<std::string>();
  return name != "auto" ? name : rounded ? "lq" : "kaiming";
}

Result<std::unique_ptr<Wrap>> make_wrap(const std::string& name) {
  return make<Wrap>("wrap", {{"dora", make_dora_wrap}, {"bora", make_bora_wrap}, {"ia3", make_ia3_wrap}, {"oft", make_oft_wrap}, {"boft", make_boft_wrap}}, name);
}

}  // namespace weft
