// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/product_choice.h"

#include <ATen/Parallel.h>
#include <torch/headeronly/version.h>

#include <span>
#include <utility>

#include <fmt/format.h>

#include "engine/core/files.h"
#include "engine/core/json.h"
#include "engine/core/process.h"
#include "engine/core/processor.h"
#include "engine/kernels/cpu/kernels.h"

namespace weft {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t kMostBytes = 1 << 20;

ProductChoice* in_use = nullptr;

Json to_json(const ProductShape& s, const ProductChoice::Seconds& t) { return {s.rows, s.in, s.out, s.transposed, t.own, t.library}; }

}  // namespace

void choose_products_by(ProductChoice* choice) { in_use = choice; }
ProductChoice* product_choice() { return in_use; }

ProductChoice::ProductChoice(Maker maker, fs::path file) : maker_(maker), file_(std::move(file)) {
  if (file_.empty() || maker_ != Maker::Measured) return;
  const auto text = read_file(file_, kMostBytes);
  if (!text.ok()) return;
  const auto json = parse_json(*text);
  if (!json.ok() || !json->is_array()) return;
  try {
    for (const auto& e : *json) {
      const Seconds seconds{e.at(4).get<double>(), e.at(5).get<double>()};
      if (seconds.own > 0 && seconds.library > 0)
        known_[{e.at(0).get<std::int64_t>(), e.at(1).get<std::int64_t>(), e.at(2).get<std::int64_t>(), e.at(3).get<bool>()}] = seconds;
    }
  } catch (const Json::exception&) {
    known_.clear();
  }
}

bool ProductChoice::library(const ProductShape& shape, const std::function<Seconds()>& trial) {
  if (maker_ != Maker::Measured) return maker_ == Maker::Library;
  auto found = known_.find(shape);
  if (found == known_.end()) {
    found = known_.emplace(shape, trial()).first;
    const Seconds& t = found->second;
    news_.push_back(fmt::format("{} x {} x {}{}: {} ({:.2f} ms, {} {:.2f} ms)", shape.rows, shape.in, shape.out, shape.transposed ? " transposed" : "",
                                t.library_wins() ? "the library" : "own kernels", 1000 * (t.library_wins() ? t.library : t.own),
                                t.library_wins() ? "own kernels" : "the library", 1000 * (t.library_wins() ? t.own : t.library)));
  }
  return found->second.library_wins();
}

Result<std::vector<std::string>> ProductChoice::take_news() {
  auto news = std::exchange(news_, {});
  if (news.empty() || file_.empty()) return news;
  Json all = Json::array();
  for (const auto& [shape, seconds] : known_) all.push_back(to_json(shape, seconds));
  std::error_code error;
  fs::create_directories(file_.parent_path(), error);
  if (error) return io_error("cannot create " + file_.parent_path().string() + ": " + error.message());
  WEFT_RETURN_IF_ERROR(write_file_atomically(file_, to_json_line(all) + "\n"));
  return news;
}

fs::path ProductChoice::file_of_this_machine() {
  const std::string about = to_json_line(Json{machine_name(), cpu::kernels().name, at::get_num_threads(), TORCH_VERSION, WEFT_VERSION});
  return cache_folder() / "products" / (sha256_hex(std::as_bytes(std::span(about))).substr(0, 16) + ".json");
}

}  // namespace weft
