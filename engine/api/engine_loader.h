// SPDX-License-Identifier: GPL-3.0-or-later
// Opens libweft_engine.so at run time, so that a program is on screen before LibTorch's relocations are done.
#pragma once

#include <memory>

#include "engine/api/engine.h"

namespace weft {

// Blocks for about 0.2 s: call it from a worker thread in a window. Looks beside the program, then in the library path.
[[nodiscard]] Result<std::unique_ptr<Engine>> load_engine();

// Calls an asynchronous engine function and waits for its answer: for the command line and tests, never for the window.
template <typename Reply, typename Request>
[[nodiscard]] Result<Reply> wait_for(Engine& engine, void (Engine::*function)(Request, std::function<void(Result<Reply>)>),
                                     Request request);

// OpenMP threads that spin between regions cut training to a tenth when anything else runs, threads that sleep at once cost a
// third of the speed where nothing does: they spin for 5000 pauses (0.14 ms where it was measured), then sleep. The choice is read
// when the OpenMP library is loaded: sets OMP_WAIT_POLICY and GOMP_SPINCOUNT, which is enough where that comes with the engine, and
// starts the program anew once where it was loaded before main(); call it first in main().
void ensure_quiet_openmp(char** argv);

}  // namespace weft

#include <future>

template <typename Reply, typename Request>
weft::Result<Reply> weft::wait_for(Engine& engine, void (Engine::*function)(Request, std::function<void(Result<Reply>)>),
                                   Request request) {
  std::promise<Result<Reply>> promise;
  auto answer = promise.get_future();
  (engine.*function)(std::move(request), [&promise](Result<Reply> reply) { promise.set_value(std::move(reply)); });
  return answer.get();
}
