// SPDX-License-Identifier: GPL-3.0-or-later
// Status and Result<T>: how every function that can fail says so across a public header.
// Message form: "[train.step] loss is NaN at step 812 (lr 3e-4)": place, fact, numbers, what to do.
// Plain values; safe to copy between threads.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>

namespace weft {

// Stored in projects: never renumber.
enum class ErrorCode {
  Ok = 0,
  InvalidArgument = 1,
  NotFound = 2,
  AlreadyExists = 3,
  Unsupported = 4,
  Busy = 5,
  Cancelled = 6,
  OutOfMemory = 7,
  DeviceLost = 8,
  IoError = 9,
  Corrupt = 10,
  VersionMismatch = 11,
  EngineFailure = 12,
  Internal = 13,
};

[[nodiscard]] const char* error_code_name(ErrorCode code);

class [[nodiscard]] Status {
 public:
  Status() = default;  // success
  Status(ErrorCode code, std::string message) : code_(code), message_(std::move(message)) {}

  [[nodiscard]] bool ok() const { return code_ == ErrorCode::Ok; }
  [[nodiscard]] ErrorCode code() const { return code_; }
  [[nodiscard]] const std::string& message() const { return message_; }

  // Puts "place: " before the message, outermost first; success stays success.
  [[nodiscard]] Status with_context(const std::string& place) const {
    return ok() ? *this : Status(code_, place + ": " + message_);
  }

 private:
  ErrorCode code_ = ErrorCode::Ok;
  std::string message_;
};

inline Status ok_status() { return {}; }
inline Status invalid_argument(std::string m) { return {ErrorCode::InvalidArgument, std::move(m)}; }
inline Status not_found(std::string m) { return {ErrorCode::NotFound, std::move(m)}; }
inline Status unsupported(std::string m) { return {ErrorCode::Unsupported, std::move(m)}; }
inline Status corrupt(std::string m) { return {ErrorCode::Corrupt, std::move(m)}; }
inline Status io_error(std::string m) { return {ErrorCode::IoError, std::move(m)}; }
inline Status internal_error(std::string m) { return {ErrorCode::Internal, std::move(m)}; }

// Either a value or a Status that is not ok; never both, never neither.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}                                // NOLINT: implicit on purpose
  Result(Status status) : status_(std::move(status)) { assert(!status_.ok()); }  // NOLINT

  [[nodiscard]] bool ok() const { return value_.has_value(); }
  [[nodiscard]] const Status& status() const { return status_; }

  T& value() & { assert(ok()); return *value_; }
  const T& value() const& { assert(ok()); return *value_; }
  T&& value() && { assert(ok()); return std::move(*value_); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

 private:
  std::optional<T> value_;
  Status status_;
};

}  // namespace weft

// Returns the status of an expression from the enclosing function if it failed.
#define WEFT_RETURN_IF_ERROR(expr)                      \
  do {                                                  \
    if (::weft::Status weft_status_ = (expr); !weft_status_.ok()) return weft_status_; \
  } while (false)

#define WEFT_CONCAT_INNER(a, b) a##b
#define WEFT_CONCAT(a, b) WEFT_CONCAT_INNER(a, b)
// WEFT_ASSIGN_OR_RETURN(auto x, f()): x = value of f(), or return its status.
#define WEFT_ASSIGN_OR_RETURN(lhs, expr)                                   \
  auto WEFT_CONCAT(weft_result_, __LINE__) = (expr);                       \
  if (!WEFT_CONCAT(weft_result_, __LINE__).ok())                           \
    return WEFT_CONCAT(weft_result_, __LINE__).status();                   \
  lhs = std::move(WEFT_CONCAT(weft_result_, __LINE__)).value()
