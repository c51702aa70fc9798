// SPDX-License-Identifier: GPL-3.0-or-later
// The nearest adapter of a rank against LibTorch's whole decomposition of W' - W, for every kind of update that PEFT's own adapters hold.
#include "engine/train/approximation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/train/exporter.h"
#include "engine/train/loaded_model.h"
#include "tests/support/test_files.h"

namespace weft {
namespace {

const std::string kFolder = WEFT_TEST_DATA "/models/stories260k/hf";

std::string adapter_of(const std::string& name) { return std::string(WEFT_TEST_DATA "/parity/") + name; }

struct Loaded : LoadedModel {
  explicit Loaded(const std::string& adapter) {
    auto result = load_model(kFolder, adapter);
    EXPECT_TRUE(result.ok()) << result.status().message();
    static_cast<LoadedModel&>(*this) = std::move(result).value();
  }
  // W' - W of a matrix, as the merge has it
  [[nodiscard]] Tensor change(std::size_t site) const {
    return adapters->merged(site).to(at::kDouble) - adapters->context(site).base->dense().to(at::kDouble);
  }
};

double squares(const Tensor& t) { return t.square().sum().item<double>(); }

TEST(Approximation, KeepsWhatTheLargestSingularValuesHold) {
  for (const char* name : {"lora", "lora_patterns", "dora_all_linear", "ia3", "loha", "lokr", "oft", "boft", "vera", "fourierft"}) {
    const Loaded model(adapter_of(name));
    for (std::size_t i = 0; i < model.adapters->size(); i += 5)
      for (const std::int64_t rank : {1, 3, 8}) {
        SCOPED_TRACE(std::string(name) + " " + model.adapters->context(i).path + " " + std::to_string(rank));
        const Tensor change = model.change(i), values = at::linalg_svdvals(change);
        const double whole = squares(change), best = squares(values.narrow(0, 0, rank));
        const UpdateApproximation near = approximate_update(*model.adapters, i, rank);
        ASSERT_EQ(near.left.size(1), rank);
        EXPECT_NEAR(near.whole, whole, 1e-4 * whole);   // float32 rounds W + dW
        EXPECT_NEAR(near.kept, best, 2e-3 * best + 1e-4 * whole);
        const double missed = squares(change - near.left.to(at::kDouble).matmul(near.right.to(at::kDouble)));
        EXPECT_NEAR(missed, near.whole - near.kept, 1e-4 * whole) << "of " << whole;   // what it says is what is written
      }
  }
}

ExportRequest asked(const std::string& adapter, std::int64_t rank, const std::string& out) {
  return {.model = kFolder, .adapter = adapter_of(adapter), .format = "peft", .rank = rank, .out = out};
}

TEST(Approximation, OfTheUpdatesOwnRankIsExactAndBelowSaysWhatIsLost) {
  const test::TemporaryFolder folder;
  const auto exact = export_adapter(asked("lora", 4, folder.file("own")));  // that adapter has rank 4
  ASSERT_TRUE(exact.ok()) << exact.status().message();
  ASSERT_TRUE(exact->approximation.has_value());
  EXPECT_NEAR(exact->approximation->energy, 1, 1e-12);
  EXPECT_NEAR(exact->approximation->least, 1, 1e-12);
  EXPECT_LT(exact->max_difference, 1e-5 * exact->logits_scale);
  for (const char* name : {"lora", "dora", "fourierft", "ia3"}) {
    const std::string out = folder.file(name);
    const auto report = export_adapter(asked(name, 2, out));
    ASSERT_TRUE(report.ok()) << name << ": " << report.status().message();
    const Loaded original(adapter_of(name));
    double kept = 0, whole = 0;
    for (std::size_t i = 0; i < original.adapters->size(); ++i) {
      const Tensor values = at::linalg_svdvals(original.change(i));
      kept += squares(values.narrow(0, 0, 2));
      whole += squares(values);
    }
    EXPECT_NEAR(report->approximation->energy, kept / whole, 2e-3) << name;
    EXPECT_LE(report->approximation->least, report->approximation->energy) << name;
    EXPECT_LT(report->approximation->energy, 0.9999) << name;
    EXPECT_GT(report->max_difference, 1e-4) << name;
    const Loaded again(out);
    EXPECT_EQ(again.adapters->preset().descriptor.name, "lora");
    EXPECT_EQ(again.adapters->size(), original.adapters->size());
    EXPECT_EQ(again.adapters->context(0).rank, 2);
    EXPECT_NE(test::content_of(out + "/README.md").find("nearest adapter of rank 2"), std::string::npos);
  }
}

// The least rank by LAPACK's values of W' - W, matrix by matrix, and of all together.
TEST(Approximation, KeepsAShareOfTheEnergyAtTheLeastRank) {
  const test::TemporaryFolder folder;
  for (const char* name : {"lora", "dora", "fourierft", "ia3"}) {
    SCOPED_TRACE(name);
    const Loaded original(adapter_of(name));
    constexpr double kEnergy = 0.9;
    std::vector<Tensor> squared;
    Tensor together = at::zeros({512}, at::kDouble);
    for (std::size_t i = 0; i < original.adapters->size(); ++i) {
      squared.push_back(at::linalg_svdvals(original.change(i)).square());
      together.narrow(0, 0, squared.back().numel()).add_(squared.back());
    }
    const auto least_rank = [](const Tensor& values, double energy) {
      return at::searchsorted(values.cumsum(0), at::full({1}, energy * values.sum().item<double>(), at::kDouble)).item<std::int64_t>() + 1;
    };
    ExportRequest request = asked(name, 0, folder.file(std::string(name) + "-own"));
    request.energy = kEnergy;
    const auto own = export_adapter(request);
    ASSERT_TRUE(own.ok()) << own.status().message();
    EXPECT_GE(own->approximation->least, kEnergy);
    const Loaded again(request.out);
    std::int64_t most = 0, least = 1 << 20;
    for (std::size_t i = 0; i < again.adapters->size(); ++i) {
      const std::int64_t rank = again.adapters->context(i).rank;
      EXPECT_NEAR(static_cast<double>(rank), static_cast<double>(least_rank(squared[i], kEnergy)), 1) << again.adapters->context(i).path;   // of a sketch
      most = std::max(most, rank);
      least = std::min(least, rank);
    }
    EXPECT_EQ(own->approximation->rank, most);
    EXPECT_EQ(own->approximation->least_rank, least);
    request.same_rank = true;
    request.out = folder.file(std::string(name) + "-same");
    const auto same = export_adapter(request);
    ASSERT_TRUE(same.ok()) << same.status().message();
    EXPECT_GE(same->approximation->energy, kEnergy * (1 - 1e-6));
    EXPECT_NEAR(static_cast<double>(same->approximation->rank), static_cast<double>(least_rank(together, kEnergy)), 1);
    EXPECT_EQ(same->approximation->least_rank, std::min<std::int64_t>(same->approximation->rank, 32)) << "k and v have 32 rows";
  }
}

TEST(Approximation, ANearestLoraIsAskedForByRankOrByEnergy) {
  const test::TemporaryFolder folder;
  ExportRequest request = asked("lora", 0, folder.file("out"));
  request.format = "lora";
  EXPECT_NE(export_adapter(request).status().message().find("name the rank, or the energy"), std::string::npos);
  for (const double energy : {-0.5, 1.01, std::nan("")}) {
    request.energy = energy;
    EXPECT_NE(export_adapter(request).status().message().find("is no share"), std::string::npos) << energy;
  }
  request.energy = 0.9;
  request.rank = 2;
  EXPECT_NE(export_adapter(request).status().message().find("one of the two decides"), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  request.rank = 0;
  request.energy = 1;   // all of it: the ranks of the update itself
  const auto whole = export_adapter(request);
  ASSERT_TRUE(whole.ok()) << whole.status().message();
  EXPECT_EQ(whole->approximation->ranks(), "4");
  const std::string readme = test::content_of(request.out + "/README.md");
  EXPECT_NE(readme.find("nearest adapter of rank 4"), std::string::npos);
  EXPECT_NE(readme.find("Base: hf, "), std::string::npos) << readme;
  EXPECT_NE(readme.find("sha256 "), std::string::npos) << readme;
}

TEST(Approximation, RefusesARankThatNoMatrixCanHave) {
  const test::TemporaryFolder folder;
  for (const std::int64_t rank : {-1, 65}) {
    const auto refused = export_adapter(asked("lora", rank, folder.file("out")));
    ASSERT_FALSE(refused.ok());
    EXPECT_NE(refused.status().message().find("rank " + std::to_string(rank) + " is not possible"), std::string::npos) << refused.status().message();
  }
  ExportRequest whole = asked("lora", 2, folder.file("out"));
  whole.format = "merged";
  EXPECT_NE(export_adapter(whole).status().message().find("belongs to format \"peft\""), std::string::npos);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace weft
