// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/status.h"

namespace weft {

const char* error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::Ok: return "Ok";
    case ErrorCode::InvalidArgument: return "InvalidArgument";
    case ErrorCode::NotFound: return "NotFound";
    case ErrorCode::AlreadyExists: return "AlreadyExists";
    case ErrorCode::Unsupported: return "Unsupported";
    case ErrorCode::Busy: return "Busy";
    case ErrorCode::Cancelled: return "Cancelled";
    case ErrorCode::OutOfMemory: return "OutOfMemory";
    case ErrorCode::DeviceLost: return "DeviceLost";
    case ErrorCode::IoError: return "IoError";
    case ErrorCode::Corrupt: return "Corrupt";
    case ErrorCode::VersionMismatch: return "VersionMismatch";
    case ErrorCode::EngineFailure: return "EngineFailure";
    case ErrorCode::Internal: return "Internal";
  }
  return "Unknown";
}

}  // namespace weft
