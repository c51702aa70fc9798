// SPDX-License-Identifier: GPL-3.0-or-later
// What the adapted matrices read, looked at before step 1: the directions in which their inputs vary most (EVA, Paischer et al. 2024,
// arXiv:2410.07170, sections 3.1 to 3.3), and how many of them each matrix gets. Engine thread only.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/data/data_set.h"
#include "engine/model/decoder.h"

namespace weft {

// Principal components of rows that come in batches (Ross et al. 2008): of what was seen only `components` directions are kept, so each batch is decomposed
// together with them; exact as long as that holds the rows' rank.
class RowComponents {
 public:
  explicit RowComponents(std::int64_t components) : components_(components) {}
  // x [n, in], n >= 1
  void add(const Tensor& x, at::Generator& generator);
  [[nodiscard]] const Tensor& directions() const { return directions_; }  // [k, in], orthonormal rows, strongest first
  [[nodiscard]] Tensor explained() const;                                 // [k] share of the variance
  // [k] magnitude of the cosine between each direction and the one that stood in its place before the last add(); zeros at first
  [[nodiscard]] const Tensor& steadiness() const { return steadiness_; }

 private:
  const std::int64_t components_;
  std::int64_t seen_ = 0;
  double variation_ = 0;                            // sum of squared distances from the mean
  Tensor mean_, directions_, values_, steadiness_;  // [in], [k, in], [k], [k]
};

struct SiteStart {
  std::int64_t rank = 0;  // 0: no adapter
  Tensor directions;      // [k, in], k >= rank
};

struct InputSurvey {
  std::map<std::string, SiteStart> sites;   // by path
  std::int64_t batches = 0;
  std::vector<std::string> unsteady;        // sites whose directions still moved at the end
};

struct SurveyOptions {
  std::int64_t rank = 16;         // a site in the mean
  double spread = 2;              // a site may get this many times as many
  double steadiness = 0.99;       // cosine from which a direction has settled; PEFT's tau
  std::int64_t most_batches = 32;
};

// Runs batches of next() through the model, which has no adapters, until all directions that count have settled. Of their tokens those that
// the loss counts are looked at, as PEFT does. False of go_on() ends it after a batch that was looked at.
[[nodiscard]] InputSurvey survey_inputs(Decoder& model, const std::vector<AdapterSite>& sites, const SurveyOptions& options,
                                        const std::function<PackedBatch()>& next, at::Generator& generator, const std::function<bool()>& go_on);

// Ranks that add up to rank x sites, at most `most` each: the directions that explain most of their own site's inputs, over all sites.
[[nodiscard]] std::vector<std::int64_t> spread_ranks(const std::vector<Tensor>& explained, std::int64_t rank, std::int64_t most);

}  // namespace weft
