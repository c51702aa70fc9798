// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensor/buffer_pool.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <vector>

namespace weft {
namespace {

constexpr std::size_t kAlignment = 64;

struct FreeMemory {
  void operator()(void* memory) const { std::free(memory); }
};
using Buffer = std::unique_ptr<void, FreeMemory>;

struct Pool {
  std::int64_t tokens = 0;                              // that every buffer of activations holds
  std::int64_t generation = 0;                          // buffers of an older one are not used again
  std::map<std::size_t, std::vector<Buffer>> free;      // by their bytes

  Buffer take(std::size_t bytes) {
    auto& list = free[bytes];
    if (!list.empty()) {
      Buffer buffer = std::move(list.back());
      list.pop_back();
      return buffer;
    }
    Buffer buffer(std::aligned_alloc(kAlignment, bytes));
    if (!buffer) throw std::bad_alloc();
    return buffer;
  }
  void renew() {
    free.clear();
    ++generation;
  }
};

// Shared with every tensor's deleter: tensors may outlive the engine thread's own use of it.
const std::shared_ptr<Pool>& pool() {
  static const auto shared = std::make_shared<Pool>();
  return shared;
}

Tensor from_pool(std::int64_t rows, std::int64_t columns, at::ScalarType type, std::size_t bytes) {
  const auto options = at::TensorOptions(type);
  if (rows == 0 || columns == 0) return at::empty({rows, columns}, options);
  const auto& shared = pool();
  void* memory = shared->take(bytes).release();
  const auto give_back = [owner = shared, bytes, generation = shared->generation](void* used) {
    Buffer buffer(used);
    if (generation == owner->generation) owner->free[bytes].push_back(std::move(buffer));
  };
  return at::from_blob(memory, {rows, columns}, give_back, options);
}

std::size_t bytes_of(std::int64_t rows, std::int64_t columns, at::ScalarType type) {
  const auto bytes = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns) * c10::elementSize(type);
  return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

}  // namespace

Tensor pooled(std::int64_t tokens, std::int64_t columns, at::ScalarType type) {
  const auto& shared = pool();
  if (tokens > shared->tokens) {
    shared->renew();
    // somewhat more, so that the first batches, each a little longer than the last, do not renew it each time: pages beyond the tokens
    // that come are never touched
    const auto part = std::max<std::int64_t>(static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(tokens))) / 4, 1);
    shared->tokens = (tokens + part - 1) / part * part;
  }
  return from_pool(tokens, columns, type, bytes_of(shared->tokens, columns, type));
}

Tensor pooled_scratch(std::int64_t rows, std::int64_t columns, at::ScalarType type) {
  return from_pool(rows, columns, type, std::bit_ceil(bytes_of(rows, columns, type)));
}

void release_pool() {
  pool()->renew();
  pool()->tokens = 0;
}

}  // namespace weft
