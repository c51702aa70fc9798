// SPDX-License-Identifier: GPL-3.0-or-later
// A decoder-only transformer from shared blocks. Frozen weights; adapters are attached to its linear layers.
// Owned by a job; engine thread only.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/method_catalogue.h"
#include "engine/formats/model_source.h"
#include "engine/model/blocks.h"
#include "engine/model/stored_weight.h"

namespace weft {

// What makes one family differ from another. Filled in by engine/model/families/*.cpp.
struct DecoderTraits {
  bool qkv_bias = false, output_bias = false, mlp_bias = false;
  bool qk_norm = false;                    // RMSNorm over each head of q and k before rotation (Qwen3)
};

struct DecoderFamily {
  std::string architecture;                // as ModelConfig::architecture
  DecoderTraits (*traits)(const ModelConfig& config) = nullptr;
};

// All families that can be trained; adding one is one file and one line in families.cpp.
[[nodiscard]] const std::vector<DecoderFamily>& decoder_families();
[[nodiscard]] Result<const DecoderFamily*> find_decoder_family(const std::string& architecture);

// Rows of tokens laid end to end, as tensors' raw material. The vectors must outlive the call.
struct TokenBatch {
  const std::vector<std::int32_t>& ids;          // [T]
  const std::vector<std::int32_t>& positions;    // [T]
  const std::vector<std::int64_t>& segments;     // [S+1]
};

struct DecoderOptions {
  at::ScalarType dtype = at::kFloat;         // of activations: float32; float64 for gradient checks
  Precision precision = Precision::Full;     // of products with frozen matrices and their adapters
  Storage storage = Storage::AsIs;           // of frozen matrices
};

class Decoder {
 public:
  using Linear = ModelLinear;

  // Matrices stay as they lie in the file, in blocks or not, and are decoded while they are multiplied; norms and biases become tensors.
  // Errors name the weight with both shapes.
  [[nodiscard]] static Result<std::unique_ptr<Decoder>> load(std::shared_ptr<const ModelSource> source, const DecoderOptions& options = {});

  // Hears of every linear layer when it has been applied, with its input [T, in] and its output. Layers that read the same x get the same tensor, one
  // after the other.
  using Watch = std::function<void(const Linear&, const Tensor& x, const Tensor& y)>;

  // [T, C] after the last norm. Recorded by autograd when gradients are on. drop: what a pass of training leaves out.
  [[nodiscard]] Tensor hidden(const TokenBatch& batch, Watch watch = {}, const DropPass& drop = {}) const;
  // The hidden states [T, C] on the way, not recorded: before the first block as number 0, after block i as i + 1. Each only during its call.
  void hidden_states(const TokenBatch& batch, const std::function<void(std::size_t number, const Tensor& h)>& hear) const;
  // hidden() of two passes; the layers that no mask reaches, below the others, are run once. second_gradient: the second is recorded too.
  [[nodiscard]] std::array<Tensor, 2> hidden_twice(const TokenBatch& batch, const DropPass& first, const DropPass& second, bool second_gradient) const;
  // Runs the batch without gradients and names the first linear layer that gives a non-finite value; "" when none does.
  [[nodiscard]] std::string find_non_finite(const TokenBatch& batch) const;
  // Output weight [V, C]; the embedding where they are tied.
  [[nodiscard]] const Matrix& output_weight() const { return output_; }
  // Logits [n, V] float of the given rows of hidden().
  [[nodiscard]] Tensor logits(const Tensor& hidden_rows) const;

  [[nodiscard]] std::vector<Linear*> linears();  // in model order: q k v o gate up down of each layer
  void attach(const std::string& site_path, const LinearFactors* factors);
  // What the layers keep for the backward pass, counted from the lowest with an adapter: attach() comes first.
  void set_activations(const ActivationPolicy& policy);
  [[nodiscard]] const DecoderOptions& options() const { return options_; }
  [[nodiscard]] const ModelConfig& config() const { return source_->config(); }
  [[nodiscard]] const ModelSource& source() const { return *source_; }
  [[nodiscard]] std::int64_t parameters() const { return parameters_; }

 private:
  friend class Reading;                      // the same layers, one token after the other
  Decoder(std::shared_ptr<const ModelSource> source, const DecoderOptions& options) : source_(std::move(source)), options_(options) {}
  using Context = std::shared_ptr<const BatchContext>;
  [[nodiscard]] Context context_of(const TokenBatch& batch, Watch watch, const DropPass& drop) const;
  [[nodiscard]] Tensor embedded(const TokenBatch& batch, const Context& context) const;
  [[nodiscard]] Tensor through(Tensor h, std::int64_t first, std::int64_t end, const Context& context) const;   // layers [first, end)
  [[nodiscard]] Tensor finished(const Tensor& h, const Context& context) const;
  [[nodiscard]] Status load_weights();
  [[nodiscard]] Result<Matrix> matrix(const std::string& name, std::int64_t rows, std::int64_t columns);
  [[nodiscard]] Result<Tensor> vector(const std::string& name, std::int64_t size);
  [[nodiscard]] Status load_linear(ModelLinear& linear, int layer, const std::string& path, std::int64_t out, std::int64_t in, bool bias);

  const std::shared_ptr<const ModelSource> source_;
  const DecoderOptions options_;
  DecoderTraits traits_;
  Matrix embedding_, output_;
  Tensor final_norm_, inverse_frequency_;
  Tensor anchor_;                            // see BatchContext
  std::vector<DecoderLayer> layers_;
  std::int64_t parameters_ = 0;
};

}  // namespace weft
