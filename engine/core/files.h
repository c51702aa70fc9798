// SPDX-License-Identifier: GPL-3.0-or-later
// Files as the product needs them: read whole with a limit, memory-mapped, written complete or not at all.
// All functions are safe to call from any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/status.h"

namespace weft {

// Reads a whole regular file; refuses one over max_bytes (the message states both sizes).
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

// A read-only memory map of a regular file. Move-only; unmaps when it dies.
class MappedFile {
 public:
  [[nodiscard]] static Result<MappedFile> open(const std::filesystem::path& path);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  [[nodiscard]] std::span<const std::byte> bytes() const { return {data_, size_}; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  MappedFile() = default;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::filesystem::path path_;
};

// These bytes of a map are not needed for now: their pages are given back, and read from the file again when they are.
void release_pages(std::span<const std::byte> mapped);

// Appends to a file that appears under its name only when commit() succeeded (temporary + fsync + rename).
// Destroyed without commit: nothing is left behind. Not thread-safe.
class AtomicFile {
 public:
  [[nodiscard]] static Result<AtomicFile> create(const std::filesystem::path& path);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  [[nodiscard]] Status write(const void* data, std::size_t size);
  [[nodiscard]] Status write(std::string_view text) { return write(text.data(), text.size()); }
  [[nodiscard]] Status commit();
  [[nodiscard]] std::uint64_t size() const { return written_; }

 private:
  AtomicFile() = default;
  int fd_ = -1;
  std::uint64_t written_ = 0;
  std::filesystem::path path_, temporary_;
};

[[nodiscard]] Status write_file_atomically(const std::filesystem::path& path, std::string_view content);

// The bytes of a regular file into a new one of the same permissions. `on_bytes` hears of each piece of some megabytes that is written; false: Cancelled.
// What was written stays, and reaches the disk when the system likes.
[[nodiscard]] Status copy_file(const std::filesystem::path& from, const std::filesystem::path& to, const std::function<bool(std::uint64_t bytes)>& on_bytes);
// All that was written to the disk of `path` has reached it.
[[nodiscard]] Status sync_disk(const std::filesystem::path& path);

// A folder that appears complete or not at all: fill(temporary) writes into a fresh folder beside `path`, which is then
// renamed. Fails with AlreadyExists when `path` is a non-empty folder.
[[nodiscard]] Status write_folder_atomically(const std::filesystem::path& path,
                                             const std::function<Status(const std::filesystem::path&)>& fill);

// SHA-256 in lower-case hexadecimal.
[[nodiscard]] std::string sha256_hex(std::span<const std::byte> bytes);
[[nodiscard]] Result<std::string> sha256_of_file(const std::filesystem::path& path);

}  // namespace weft
