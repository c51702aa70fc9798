// SPDX-License-Identifier: GPL-3.0-or-later
// The adapters of one model: all trained parameters in one flat buffer, their gradients in another, and the factors that the token
// path reads. Owned by a job; engine thread only.
//
// One optimizer step: prepare() (parameters -> factors) ; forward and backward of every micro-batch (add into factor gradients) ;
// collect() (factor gradients -> flat gradient) ; the update rule changes params() in place ; again.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/adapter/parts.h"
#include "engine/adapter/presets/preset.h"
#include "engine/api/events.h"
#include "engine/formats/safetensors.h"

namespace weft {

struct ParameterGroup {            // a stretch of the flat buffer with one learning rate
  std::string name;                // "left", "right", "vector"
  std::int64_t begin = 0, end = 0;
  double lr_ratio = 1;
  std::int64_t begun = 0;          // updates made before it took part: an update rule counts its own from there
};

// How a trained slot of a site takes part in an update, where a controller says so.
struct SlotShare {
  bool works = true;               // false: stays as it is
  double rate = 1;                 // of the learning rate
  std::int64_t begun = 0;          // as ParameterGroup's
};

// Normal noise on the weights of a step, another at every site.
struct Disturbance {
  double strength = 0;             // its deviation in a row of W + dW is strength * ||row|| / sqrt(in); 0: none
  std::uint64_t stream = 0;
};

// B [out, rank] and A [rank, in] of a site in the flat buffers: dW = scale * B A, less what stays as it is.
struct FactorPair {
  std::string site;
  std::int64_t left = 0, right = 0;   // where they begin
  std::int64_t out = 0, in = 0, rank = 0;
  double scale = 1;
  [[nodiscard]] Tensor left_of(const Tensor& flat) const { return flat.narrow(0, left, out * rank).view({out, rank}); }
  [[nodiscard]] Tensor right_of(const Tensor& flat) const { return flat.narrow(0, right, rank * in).view({rank, in}); }
};

class AdapterSet {
 public:
  struct SiteRequest {
    AdapterSite site;
    std::int64_t rank = 0;
    double scale = 1;
    Base* base = nullptr;          // its rounded weight changes with a start that rounds_the_rest(), and in no other way
    Tensor directions = {};        // SiteContext::directions
  };

  // Zero-filled; call start() or load() next. settings["start"], where there is one, names the start. dtype float32 (float64 for gradient checks).
  [[nodiscard]] static Result<std::unique_ptr<AdapterSet>> create(const MethodPreset& preset, const SettingValues& settings,
                                                                  const std::vector<SiteRequest>& sites, at::ScalarType dtype = at::kFloat);

  [[nodiscard]] Status start(at::Generator& generator);
  // Every slot must be there with its shape; every adapter tensor of the file must be used. Accepts F32, F16, BF16, and the names
  // that older PEFT and other tools write (".default." infix, magnitude with ".weight").
  [[nodiscard]] Status load(const SafeTensorsFile& file);

  void prepare();
  void collect();
  void zero_gradients();
  // From the next prepare() on, a site that rests is a plain frozen layer: no adapter, no gradient. One flag a site; empty: none rests.
  void rest(std::vector<bool> sites) { resting_ = std::move(sites); }
  // From the next prepare() on, the weights of the sites that do not rest carry noise, inside what the wraps scale or turn.
  void disturb(const Disturbance& noise) { disturbance_ = noise; }
  // From the next prepare() on: the setting alpha, and the scale that the method makes of it at every site; or the scale of a site by itself.
  void set_alpha(double alpha);
  void set_scale(std::size_t site, double scale) { sites_.at(site).context.scale = scale; }
  // Order of the products at every site, from the next prepare() on; null: kept. Must outlive its use.
  void evaluate_by(EvaluationChoice* choice) { evaluation_ = choice; }

  [[nodiscard]] std::size_t size() const { return sites_.size(); }
  [[nodiscard]] const SiteContext& context(std::size_t site) const { return sites_[site].context; }
  [[nodiscard]] const LinearFactors& factors(std::size_t site) const { return sites_[site].factors; }   // valid after prepare()
  [[nodiscard]] const SlotValues& values(std::size_t site) const { return sites_[site].values; }
  [[nodiscard]] std::vector<std::pair<std::string, Tensor>> bonds(std::size_t site) const { return delta_->bonds(sites_[site].context, sites_[site].values); }
  [[nodiscard]] std::vector<SiteShape> shapes() const;
  [[nodiscard]] Tensor& params() { return params_; }         // [N]
  [[nodiscard]] Tensor& gradients() { return gradients_; }   // [N]
  [[nodiscard]] const std::vector<ParameterGroup>& groups() const { return groups_; }
  // The same as they take part now, without the stretches of sites that rest: an update rule leaves what is in no group as it is, its own state
  // included. `share`: of a slot at a site, where slots differ; of what sites have in common the first's counts.
  using Share = std::function<SlotShare(std::size_t site, const std::string& slot)>;
  [[nodiscard]] std::vector<ParameterGroup> working_groups(const Share& share = {}) const;
  [[nodiscard]] std::int64_t parameters() const { return params_.numel(); }
  // One a site where exactly one such pair is trained at each and nothing else, else none.
  [[nodiscard]] std::vector<FactorPair> pairs() const;
  // A slot of a site as plain views: changing them changes the set's. No gradient where it is not trained.
  struct SlotView {
    Tensor value, gradient;
  };
  [[nodiscard]] SlotView slot(std::size_t site, const std::string& name);
  // The stretch of another flat [N] buffer that stands for a trained slot of a site, in the slot's shape.
  [[nodiscard]] Tensor same_place(const Tensor& flat, std::size_t site, const std::string& name) const;
  [[nodiscard]] const MethodPreset& preset() const { return preset_; }
  [[nodiscard]] const SettingValues& settings() const { return settings_; }

  // Tensors under PEFT's names, as float32 copies taken when written: all that load() needs.
  [[nodiscard]] std::vector<SafeTensorSource> to_tensors() const;
  // A start that is taken off the base, or off the file's weights: others read such an adapter as one of twice the rank, [L, -L0] and [R; R0]. prepare() first.
  [[nodiscard]] bool has_origin() const { return start_ && !start_->starts_at_zero(); }
  [[nodiscard]] std::vector<SafeTensorSource> to_plain_tensors() const;
  // Whether W' = W + s L R at every site: a plain LoRA to others, of the factors' rank, whatever the parameters are. prepare() first.
  [[nodiscard]] bool is_low_rank_alone() const {
    return wraps_.empty() && !sites_.empty() && sites_.front().factors.left.defined() && !sites_.front().form;
  }
  // W' of one site, [out, in] float32: exact merge. prepare() first.
  [[nodiscard]] Tensor merged(std::size_t site) const;
  // First site with a non-finite gradient or parameter, or "".
  [[nodiscard]] std::string first_bad_site() const;

 private:
  struct Stored {                  // a slot, of one site or of several
    std::string name;              // in files
    Slot slot;                     // with the largest shape of its sites
    std::size_t first_site = 0;
    std::int64_t begin = 0, numel = 0;
    Tensor leaf;                   // view of params_ that autograd differentiates by
    [[nodiscard]] Tensor of(const Tensor& flat) const { return flat.narrow(0, begin, numel).view(slot.shape); }
  };
  struct SiteState {
    SiteContext context;
    Base* base = nullptr;          // the context's
    std::vector<std::pair<Slot, std::size_t>> slots;  // with the place in stored_
    SlotValues values;             // of a slot in common, the leading part of the site's shape
    bool cuts = false;             // whether such a part is trained and less than the whole
    SlotValues origin;             // of the delta's slots, where the start is taken off the base
    Tensor less_left, origin_right;  // -L0, R0: what is appended to the factors; constant from start() or load() on
    std::shared_ptr<const DenseForm> form;
    std::vector<Tensor> prepared;  // by wrap
    Tensor norms_squared;          // [out] of the base's rows, from the first step with noise on
    LinearFactors factors;         // detached, with gradient buffers
  };
  AdapterSet(const MethodPreset& preset, SettingValues settings) : preset_(preset), settings_(std::move(settings)) {}
  [[nodiscard]] std::shared_ptr<const DenseForm> form_at(const SiteContext& context) const;
  void add_slots(const std::vector<Slot>& slots, std::map<std::string, std::size_t>& names);  // of the last site
  void lay_out(at::ScalarType dtype);
  [[nodiscard]] const Stored& stored(std::size_t site, const std::string& name) const;
  [[nodiscard]] SlotValues values_of(const SiteState& site) const;
  [[nodiscard]] SlotValues values_to_fill(std::size_t site) const;
  void fill_all(at::Generator& generator);
  void settle_origins();
  [[nodiscard]] Status round_bases();  // where the start says of what; after the origin is there
  // Of the delta, before the wraps; less the origin where the base is not short of it, or where that is asked for.
  [[nodiscard]] LinearFactors factors_of(const SiteState& site, const SlotValues& values, bool on_file_weights = false) const;
  [[nodiscard]] std::vector<LinearFactors> make_factors();
  [[nodiscard]] RowNoise noise_at(std::size_t site, const LinearFactors& made);
  [[nodiscard]] bool rests(std::size_t site) const { return !resting_.empty() && resting_[site]; }
  void expose(SiteState& site, const Tensor& factor, Tensor& value, Tensor& gradient);

  const MethodPreset& preset_;
  SettingValues settings_;
  std::unique_ptr<Delta> delta_;
  std::unique_ptr<Start> start_;   // null: the delta fills its slots itself
  std::vector<std::unique_ptr<Wrap>> wraps_;
  std::vector<Stored> stored_;
  std::vector<SiteState> sites_;
  std::vector<ParameterGroup> groups_;
  Tensor params_, gradients_;
  EvaluationChoice* evaluation_ = nullptr;
  std::vector<bool> resting_;      // by site; empty: none
  Disturbance disturbance_;
  std::vector<Tensor> graph_outputs_, graph_gradients_;  // factors that are not slots: what collect() differentiates
  std::vector<std::size_t> graph_ends_;                  // by site
};

// Reads or writes "base_model.model.<path>.<suffix>".
[[nodiscard]] std::string peft_tensor_name(const std::string& site_path, const std::string& suffix);

}  // namespace weft
