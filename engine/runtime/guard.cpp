// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/runtime/guard.h"

#include <c10/util/Exception.h>

#include <exception>
#include <new>

namespace weft {

Status status_of_current_exception(const std::string& place) {
  const std::string prefix = "[" + place + "] ";
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return {ErrorCode::OutOfMemory, prefix + "not enough memory; use shorter rows, fewer tokens a batch or a smaller model"};
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    const bool memory = text.find("DefaultCPUAllocator") != std::string::npos || text.find("alloc") != std::string::npos;
    return {memory ? ErrorCode::OutOfMemory : ErrorCode::EngineFailure, prefix + text.substr(0, text.find('\n'))};
  } catch (const std::exception& error) {
    return {ErrorCode::EngineFailure, prefix + error.what()};
  } catch (...) {
    return {ErrorCode::Internal, prefix + "unknown exception"};
  }
}

}  // namespace weft
