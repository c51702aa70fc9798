// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/files.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace weft {
namespace fs = std::filesystem;
namespace {

Status system_error(const std::string& what, const fs::path& path, int error) {
  const std::string message = what + " " + path.string() + ": " + std::strerror(error);
  if (error == ENOENT || error == ENOTDIR) return not_found(message);
  if (error == ENOSPC || error == EDQUOT)
    return io_error(message + "; free some space or choose another folder");
  return io_error(message);
}

// Opens a regular file read-only; a pipe or device would hang or never end.
Result<int> open_regular(const fs::path& path, struct stat& info) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return system_error("cannot open", path, errno);
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(fd);
    return invalid_argument(path.string() + (S_ISDIR(info.st_mode) ? " is a folder, not a file" : " is not a regular file"));
  }
  return fd;
}

struct Descriptor {
  explicit Descriptor(int f) : fd(f) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(fd); }
  const int fd;
};

std::string hex(const unsigned char* digest, unsigned size) {
  static const char* digits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 15];
  }
  return text;
}

std::string unique_suffix() {
  static std::atomic<unsigned> counter{0};
  return ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(counter++);
}

Status sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return system_error("cannot open folder", folder, errno);
  ::fsync(fd);  // some file systems refuse it for folders; the rename itself is what matters
  ::close(fd);
  return {};
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::uint64_t max_bytes) {
  struct stat info {};
  WEFT_ASSIGN_OR_RETURN(const int fd, open_regular(path, info));
  const auto size = static_cast<std::uint64_t>(info.st_size);
  if (size > max_bytes) {
    ::close(fd);
    return invalid_argument(path.string() + " has " + std::to_string(size) + " bytes; at most " + std::to_string(max_bytes) +
                            " are read");
  }
  std::string content(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t got = ::read(fd, content.data() + done, size - done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      const int error = got < 0 ? errno : EIO;
      ::close(fd);
      return system_error("cannot read", path, error);
    }
    done += static_cast<std::size_t>(got);
  }
  ::close(fd);
  return content;
}

Result<MappedFile> MappedFile::open(const fs::path& path) {
  struct stat info {};
  WEFT_ASSIGN_OR_RETURN(const int fd, open_regular(path, info));
  MappedFile file;
  file.path_ = path;
  file.size_ = static_cast<std::size_t>(info.st_size);
  if (file.size_ > 0) {
    void* data = ::mmap(nullptr, file.size_, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED) {
      const int error = errno;
      ::close(fd);
      return system_error("cannot map", path, error);
    }
    file.data_ = static_cast<const std::byte*>(data);
  }
  ::close(fd);
  return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)), path_(std::move(other.path_)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(path_, other.path_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_) ::munmap(const_cast<std::byte*>(data_), size_);
}

void release_pages(std::span<const std::byte> mapped) {
  const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  const auto address = reinterpret_cast<std::uintptr_t>(mapped.data());
  const std::uintptr_t begin = (address + page - 1) / page * page, end = (address + mapped.size()) / page * page;
  if (begin < end) (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);  // whole pages only; advice may fail
}

Result<AtomicFile> AtomicFile::create(const fs::path& path) {
  AtomicFile file;
  file.path_ = path;
  file.temporary_ = path.string() + unique_suffix();
  file.fd_ = ::open(file.temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file.fd_ < 0) return system_error("cannot write", path, errno);
  return file;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), written_(other.written_), path_(std::move(other.path_)),
      temporary_(std::move(other.temporary_)) {}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary_.c_str());
}

Status AtomicFile::write(const void* data, std::size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t put = ::write(fd_, at, size);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return system_error("cannot write", path_, errno);
    at += put;
    size -= static_cast<std::size_t>(put);
    written_ += static_cast<std::uint64_t>(put);
  }
  return {};
}

Status AtomicFile::commit() {
  if (::fsync(fd_) != 0) return system_error("cannot write", path_, errno);
  if (::close(std::exchange(fd_, -1)) != 0 || ::rename(temporary_.c_str(), path_.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary_.c_str());
    return system_error("cannot write", path_, error);
  }
  return sync_folder(path_.parent_path());
}

Status write_file_atomically(const fs::path& path, std::string_view content) {
  WEFT_ASSIGN_OR_RETURN(AtomicFile file, AtomicFile::create(path));
  WEFT_RETURN_IF_ERROR(file.write(content));
  return file.commit();
}

Status copy_file(const fs::path& from, const fs::path& to, const std::function<bool(std::uint64_t bytes)>& on_bytes) {
  constexpr std::size_t kPieceBytes = 4u << 20;
  struct stat info {};
  WEFT_ASSIGN_OR_RETURN(const int from_fd, open_regular(from, info));
  const Descriptor source(from_fd);
  const int to_fd = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, info.st_mode & 0777);
  if (to_fd < 0) return system_error("cannot write", to, errno);
  const Descriptor target(to_fd);
  std::string piece(std::min<std::size_t>(kPieceBytes, static_cast<std::size_t>(info.st_size) + 1), '\0');
  while (true) {
    const ssize_t got = ::read(source.fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return system_error("cannot read", from, errno);
    if (got == 0) return {};
    for (ssize_t at = 0; at < got;) {
      const ssize_t put = ::write(target.fd, piece.data() + at, static_cast<std::size_t>(got - at));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return system_error("cannot write", to, errno);
      at += put;
    }
    if (!on_bytes(static_cast<std::uint64_t>(got))) return {ErrorCode::Cancelled, "copying " + from.string() + " was ended"};
  }
}

Status sync_disk(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return system_error("cannot open", path, errno);
  const Descriptor opened(fd);
  return ::syncfs(fd) == 0 ? Status() : system_error("cannot write", path, errno);
}

Status write_folder_atomically(const fs::path& path, const std::function<Status(const fs::path&)>& fill) {
  std::error_code error;
  if (fs::exists(path, error) && !(fs::is_directory(path, error) && fs::is_empty(path, error)))
    return {ErrorCode::AlreadyExists, path.string() + " already exists; choose another name or remove it first"};
  fs::path target = path;
  if (!target.has_filename()) target = target.parent_path();  // "dir/" -> "dir"
  const fs::path temporary = target.string() + unique_suffix();
  fs::create_directories(temporary, error);
  if (error) return system_error("cannot create folder", temporary, error.value());
  Status status = fill(temporary);
  if (status.ok()) {
    fs::remove(target, error);  // an empty folder of that name
    fs::rename(temporary, target, error);
    if (error) status = system_error("cannot create folder", target, error.value());
  }
  if (!status.ok()) {
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    return status;
  }
  return sync_folder(target.parent_path());
}

std::string sha256_hex(std::span<const std::byte> bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr);
  return hex(digest, size);
}

Result<std::string> sha256_of_file(const fs::path& path) {
  WEFT_ASSIGN_OR_RETURN(const MappedFile file, MappedFile::open(path));
  return sha256_hex(file.bytes());
}

}  // namespace weft
