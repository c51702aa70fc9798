// SPDX-License-Identifier: GPL-3.0-or-later
// A model held in NF4 against the same model with its decoded values, and against its definition.
#include "engine/model/stored_weight.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "engine/formats/safetensors.h"
#include "engine/model/decoder.h"
#include "engine/quant/nf4.h"
#include "engine/train/adapter_io.h"
#include "engine/train/loss.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

const std::string kFolder = WEFT_TEST_DATA "/models/stories260k/hf", kGguf = WEFT_TEST_DATA "/models/stories260k/stories260K-f32.gguf";

Tensor nf4_by_definition(const Tensor& weight) {
  Tensor values = at::empty_like(weight);
  const auto columns = weight.size(1);
  std::vector<std::byte> bytes(static_cast<std::size_t>(nf4_row_bytes(columns)));
  std::vector<float> row(bytes.size() / kNf4BlockBytes * kNf4Block);
  for (std::int64_t r = 0; r < weight.size(0); ++r) {
    EXPECT_EQ(encode_nf4_row(weight.const_data_ptr<float>() + r * columns, columns, bytes.data()), -1);
    decode_nf4(bytes.data(), row.data(), row.size() / kNf4Block);
    std::memcpy(values.mutable_data_ptr<float>() + r * columns, row.data(), static_cast<std::size_t>(columns) * sizeof(float));
  }
  return values;
}

Tensor nested_by_definition(const Tensor& weight) {
  const auto rows = weight.size(0), columns = weight.size(1), row_bytes = nested_nf4_row_bytes(columns), row_blocks = row_bytes / kNestedNf4BlockBytes;
  std::vector<std::byte> bytes(static_cast<std::size_t>(rows * row_bytes));
  std::vector<float> absmax(static_cast<std::size_t>(rows * row_blocks)), scales(static_cast<std::size_t>(nested_scale_count(rows * row_blocks)));
  for (std::int64_t r = 0; r < rows; ++r)
    EXPECT_EQ(encode_nested_nf4_row(weight.const_data_ptr<float>() + r * columns, columns, bytes.data() + r * row_bytes, absmax.data() + r * row_blocks), -1);
  nest_nf4_scales(absmax.data(), rows * row_blocks, bytes.data(), scales.data());
  Tensor values = at::empty({rows, row_blocks * kNf4Block});
  decode_nested_nf4(bytes.data(), 0, scales.data(), values.mutable_data_ptr<float>(), static_cast<std::size_t>(rows * row_blocks));
  return values.narrow(1, 0, columns).contiguous();
}

// The tiny model as a folder whose weights are changed on the way.
template <typename Change>
std::string changed_model(const test::TemporaryFolder& folder, const Change& change) {
  const auto source = ModelSource::open(kFolder);
  EXPECT_TRUE(source.ok());
  std::vector<SafeTensorSource> tensors;
  for (const Weight& weight : (*source)->weights()) {
    Tensor values = at::empty(weight.shape);
    EXPECT_TRUE(decode_weight(weight, values.mutable_data_ptr<float>()).ok());
    values = change(weight, values).contiguous();
    tensors.push_back({weight.name, "F32", weight.shape, [values](std::byte* out, std::uint64_t bytes) {
                         std::memcpy(out, values.const_data_ptr(), bytes);
                         return Status();
                       }});
  }
  EXPECT_TRUE(write_safetensors(folder.file("model.safetensors"), std::move(tensors)).ok());
  std::filesystem::copy_file(kFolder + "/config.json", folder.file("config.json"));
  return folder.path().string();
}

bool is_linear(const Weight& weight) { return weight.name.find("_proj.") != std::string::npos; }

TEST(StoredWeight, Nf4HoldsTheLinearLayersOnly) {
  for (const auto& model : {kFolder, kGguf}) {
    const auto source = ModelSource::open(model);
    ASSERT_TRUE(source.ok());
    std::size_t encoded = 0;
    for (const Weight& weight : (*source)->weights()) {
      if (weight.name.empty() || weight.shape.size() != 2) continue;
      const auto matrix = stored_matrix(**source, weight, at::kFloat, Storage::Nf4);
      ASSERT_TRUE(matrix.ok()) << matrix.status().message();
      Tensor values = at::empty(weight.shape);
      ASSERT_TRUE(decode_weight(weight, values.mutable_data_ptr<float>()).ok());
      EXPECT_TRUE(matrix->dense().equal(is_linear(weight) ? nf4_by_definition(values) : values)) << model << ' ' << weight.name;
      EXPECT_EQ(matrix->is_coded() && matrix->coded().code == cpu::Code::NF4, is_linear(weight)) << weight.name;
      const auto nested = stored_matrix(**source, weight, at::kFloat, Storage::NestedNf4);
      ASSERT_TRUE(nested.ok()) << nested.status().message();
      EXPECT_TRUE(nested->dense().equal(is_linear(weight) ? nested_by_definition(values) : values)) << model << ' ' << weight.name;
      encoded += is_linear(weight);
    }
    EXPECT_EQ(encoded, 5U * 7U);
  }
}

TEST(StoredWeight, Nf4RefusesWhatIsNotFinite) {
  const test::TemporaryFolder folder;
  const auto source = ModelSource::open(changed_model(folder, [](const Weight& weight, const Tensor& values) {
    if (weight.name == "model.layers.2.mlp.up_proj.weight") values[7][11] = std::numeric_limits<float>::quiet_NaN();
    return values;
  }));
  ASSERT_TRUE(source.ok()) << source.status().message();
  const auto model = Decoder::load(*source, {.storage = Storage::Nf4});
  ASSERT_FALSE(model.ok());
  for (const char* part : {"model.layers.2.mlp.up_proj.weight", "row 7, column 11 is nan", "nf4 needs finite numbers"})
    EXPECT_NE(model.status().message().find(part), std::string::npos) << model.status().message();
}

struct Step {
  Tensor hidden, gradients, loss;
};
Step step_of(const std::string& folder, Storage storage, const char* method, at::ScalarType dtype) {
  const auto source = ModelSource::open(folder);
  auto model = Decoder::load(*source, {.dtype = dtype, .storage = storage});
  EXPECT_TRUE(model.ok()) << model.status().message();
  const auto adapter = open_adapter(std::string(WEFT_TEST_DATA "/parity/") + method);
  EXPECT_TRUE(adapter.ok()) << adapter.status().message();
  const auto adapters = load_adapters(**model, *adapter);
  EXPECT_TRUE(adapters.ok()) << adapters.status().message();
  attach_adapters(**model, **adapters);
  std::vector<std::int32_t> ids, positions, targets;
  for (std::int32_t i = 0; i < 40; ++i) ids.push_back((i * 97 + 5) % 512), positions.push_back(i % 20), targets.push_back((i * 61 + 3) % 512);
  Step step;
  const std::vector<std::int64_t> segments{0, 20, 40};
  step.hidden = (*model)->hidden({ids, positions, segments});
  step.loss = tiled_cross_entropy(step.hidden, (*model)->output_weight(), targets, 40);
  step.loss.backward();
  (*adapters)->collect();
  step.gradients = (*adapters)->gradients().clone();
  return step;
}

// The fused path over codes against the same over their values as floats. LoRA: not a bit differs, since only the packing of panels does.
// DoRA: the norms of rows are summed in float64 over codes and in float32 over floats.
TEST(StoredWeight, AStepOverNf4IsTheStepOverItsValues) {
  const test::TemporaryFolder folder;
  const auto rounded = changed_model(folder, [](const Weight& weight, const Tensor& values) { return is_linear(weight) ? nf4_by_definition(values) : values; });
  for (const auto& [method, bound] : {std::pair("lora", 0.0), std::pair("dora_all_linear", 1e-5), std::pair("fourierft", 0.0)}) {
    const Step coded = step_of(kFolder, Storage::Nf4, method, at::kFloat), plain = step_of(rounded, Storage::Fp32, method, at::kFloat);
    for (const auto& [mine, theirs] : {std::pair(coded.hidden, plain.hidden), std::pair(coded.loss, plain.loss), std::pair(coded.gradients, plain.gradients)})
      EXPECT_LE((mine - theirs).abs().max().item<double>(), bound * theirs.abs().max().item<double>()) << method;
    EXPECT_GT(coded.gradients.abs().max().item<double>(), 0) << method;
    const Step unrounded = step_of(kFolder, Storage::AsIs, method, at::kFloat);
    EXPECT_GT((coded.hidden - unrounded.hidden).abs().max().item<double>(), 1e-3) << "4 bits are not nothing";
  }
}

}  // namespace
}  // namespace weft
