// SPDX-License-Identifier: GPL-3.0-or-later
// The extension points of training that have a user today: delta (how dW is stored), start (how it begins) and wrap (shell around
// base + dW). base.h, train/update_rule.h and train/program.h are the others. A part is one file that registers itself in parts.cpp.
// Parts have no state of their own: everything lives in slots, so saving, export and resume need no code of theirs. Engine thread only.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/adapter/base.h"
#include "engine/adapter/linear_factors.h"
#include "engine/api/method_catalogue.h"
#include "engine/core/status.h"

namespace weft {

enum class SlotRole { Left, Right, Core, Vector };

// One named tensor of the method at a site.
struct Slot {
  std::string name;                 // unique at the site: "A", "B", "m"
  SlotRole role = SlotRole::Left;
  std::vector<std::int64_t> shape;
  std::string lr_group;             // "left", "right", "core", "vector": what MethodPreset::lr_ratio sees
  std::string peft_suffix;          // after tensor_prefix(): "lora_A.weight"
  bool trained = true;              // false: kept and saved beside the parameters
  PartScope scope = PartScope::Site;  // the sites of a scope have one stretch of the flat buffer, to which all add their gradients
};

// Where an adapter sits, with its own rank and scale (they may differ by site in files of PEFT).
struct SiteContext : AdapterSite {
  std::int64_t rank = 0;
  double scale = 1;
  const Base* base = nullptr;       // outlives the adapter
  const SettingValues* settings = nullptr;  // of the method, complete; outlives the adapter
  Tensor directions;                // [k, in], k >= rank: of the inputs, for a start that wants_inputs(); else undefined
  std::int64_t place = 0, sharers = 1;  // which of the adapted sites of its module name it is, and of how many
};

using SlotValues = std::map<std::string, Tensor>;   // by slot name, in the adapter's dtype

// dW = scale * left * right from slots, or of a form of its own.
class Delta {
 public:
  virtual ~Delta() = default;
  [[nodiscard]] virtual std::vector<Slot> slots(const SiteContext& site) const = 0;
  // Recorded by autograd. A slot returned as it is (LoRA) costs nothing: its gradient goes straight to the flat buffer.
  [[nodiscard]] virtual LinearFactors factors(const SiteContext& site, const SlotValues& values) const = 0;
  // Where dW is no product of thin factors: what makes it of those that factors() gives. Made once, shared by sites of one shape and rank.
  [[nodiscard]] virtual std::shared_ptr<const DenseForm> form(const SiteContext&) const { return nullptr; }
  // Singular values [k], descending, of what the slots are joined by, by name, for the eye: the bonds of a tensor train.
  [[nodiscard]] virtual std::vector<std::pair<std::string, Tensor>> bonds(const SiteContext&, const SlotValues&) const { return {}; }
  // What a site's shape and settings must be like; an error says the numbers.
  [[nodiscard]] virtual Status check(const SiteContext&) const { return {}; }
  // The start of methods that offer no choice of one (no setting "start"): fills every slot so that the model is unchanged, or as the
  // method's paper has it. Called for sites on several threads at once, each with a generator of its own. A slot in common is given to the
  // first of its sites alone, and whole.
  virtual void fill(const SiteContext& site, const SlotValues& values, at::Generator& generator) const;
};

// Fills a delta's slots before step 1.
class Start {
 public:
  virtual ~Start() = default;
  // False: what it makes (L0, R0) is taken off the base. The set keeps a frozen copy of it, and the model is W + s (L R - L0 R0):
  // unchanged at step 0, whatever the base's storage, and a plain LoRA of twice the rank to everybody else.
  [[nodiscard]] virtual bool starts_at_zero() const { return true; }
  // With starts_at_zero() false: what it makes is what W lost when its storage was rounded. It is taken off only where the base is what the model's
  // file says (exports); the model of the run begins nearer to the file's than its rounded base is.
  [[nodiscard]] virtual bool corrects_base() const { return false; }
  // With corrects_base(): the rounded base is made of what it leaves of W, W - s L0 R0, instead of W. The kept copy of the start says which, so a
  // resumed run has the same base.
  [[nodiscard]] virtual bool rounds_the_rest() const { return false; }
  // Whether SiteContext::directions must be there: the trainer then looks at the inputs of some batches first (train/input_survey.h).
  [[nodiscard]] virtual bool wants_inputs() const { return false; }
  // Where starts_at_zero() is false, sites are filled on several threads at once, each with a generator of its own.
  virtual void fill(const SiteContext& site, const std::vector<Slot>& slots, const SlotValues& values, at::Generator& generator) const = 0;
};

// A shell around W + dW that can be told to the token path as scales of rows or columns, or as a rotation of the input.
class Wrap {
 public:
  virtual ~Wrap() = default;
  [[nodiscard]] virtual std::vector<Slot> slots(const SiteContext& site) const = 0;
  // Numbers of the frozen weight that it needs at every step, made once; handed back to start() and enclose().
  [[nodiscard]] virtual Tensor prepare(const SiteContext& site) const = 0;
  // `factors` is what the delta (and the wraps inside) give at the start.
  virtual void start(const SiteContext& site, const SlotValues& values, const Tensor& prepared, const LinearFactors& factors) const = 0;
  // Recorded by autograd. Called for several sites at once, on several threads.
  virtual void enclose(const SiteContext& site, const SlotValues& values, const Tensor& prepared, LinearFactors& factors) const = 0;
  // Brings the slots back to where the method lets them be: before factors are made of them.
  virtual void constrain(const SiteContext&, const SlotValues&) const {}
  [[nodiscard]] virtual Status check(const SiteContext&) const { return {}; }  // as Delta's
};

[[nodiscard]] Result<std::unique_ptr<Delta>> make_delta(const std::string& name);
[[nodiscard]] Result<std::unique_ptr<Start>> make_start(const std::string& name);
// settings["start"], of which "auto" is lq where the base is rounded, else kaiming.
[[nodiscard]] std::string start_of(const SettingValues& settings, bool rounded);
[[nodiscard]] Result<std::unique_ptr<Wrap>> make_wrap(const std::string& name);

// Constructors, one a file.
[[nodiscard]] std::unique_ptr<Delta> make_low_rank_delta();
[[nodiscard]] std::unique_ptr<Delta> make_low_rank_in_part_delta();
[[nodiscard]] std::unique_ptr<Delta> make_fixed_right_delta();
[[nodiscard]] std::unique_ptr<Delta> make_svd_diagonal_delta();
[[nodiscard]] std::unique_ptr<Delta> make_gated_delta();
[[nodiscard]] std::unique_ptr<Delta> make_chain_delta();
[[nodiscard]] std::unique_ptr<Delta> make_growing_delta();
[[nodiscard]] std::unique_ptr<Delta> make_subspaces_delta();
[[nodiscard]] std::unique_ptr<Delta> make_svd_core_delta();
[[nodiscard]] std::unique_ptr<Delta> make_random_core_delta();
[[nodiscard]] std::unique_ptr<Delta> make_block_diagonal_delta();
[[nodiscard]] std::unique_ptr<Delta> make_standard_basis_delta();
[[nodiscard]] std::unique_ptr<Delta> make_hadamard_delta();
[[nodiscard]] std::unique_ptr<Delta> make_kronecker_delta();
[[nodiscard]] std::unique_ptr<Delta> make_tensor_train_delta();
[[nodiscard]] std::unique_ptr<Delta> make_spectrum_delta();
[[nodiscard]] std::unique_ptr<Delta> make_no_delta();
[[nodiscard]] std::unique_ptr<Delta> make_vera_delta();
[[nodiscard]] std::unique_ptr<Delta> make_tied_delta();
[[nodiscard]] std::unique_ptr<Delta> make_shards_delta();
[[nodiscard]] std::unique_ptr<Delta> make_cp_tensor_delta();
[[nodiscard]] std::unique_ptr<Start> make_kaiming_start();
[[nodiscard]] std::unique_ptr<Start> make_gaussian_start();
[[nodiscard]] std::unique_ptr<Start> make_orthogonal_start();
[[nodiscard]] std::unique_ptr<Start> make_eva_start();
[[nodiscard]] std::unique_ptr<Start> make_loftq_start();
[[nodiscard]] std::unique_ptr<Start> make_lq_start();
[[nodiscard]] std::unique_ptr<Start> make_pissa_start();
[[nodiscard]] std::unique_ptr<Start> make_exact_pissa_start();
[[nodiscard]] std::unique_ptr<Start> make_olora_start();
[[nodiscard]] std::unique_ptr<Start> make_mpo_start();
[[nodiscard]] std::unique_ptr<Start> make_exact_mpo_start();
[[nodiscard]] std::unique_ptr<Start> make_random_mpo_start();
[[nodiscard]] std::unique_ptr<Wrap> make_dora_wrap();
[[nodiscard]] std::unique_ptr<Wrap> make_bora_wrap();
[[nodiscard]] std::unique_ptr<Wrap> make_ia3_wrap();
[[nodiscard]] std::unique_ptr<Wrap> make_oft_wrap();
[[nodiscard]] std::unique_ptr<Wrap> make_boft_wrap();

}  // namespace weft
