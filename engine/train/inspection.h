// SPDX-License-Identifier: GPL-3.0-or-later
// An adapter file seen without training: spectra of all its matrices, one matrix closely. Engine thread only; may throw (see guard.h).
#pragma once

#include <optional>
#include <string>

#include "engine/adapter/linear_factors.h"
#include "engine/api/engine.h"

namespace weft {

[[nodiscard]] Result<InspectReply> inspect_adapter(const InspectRequest& request);
// request.adapter names a file.
[[nodiscard]] Result<CloseUpReply> close_up_of_file(const CloseUpRequest& request);
// Factors of the second adapter of a close-up at a site; nothing where none is named. base: "" or its model.
[[nodiscard]] Result<std::optional<LinearFactors>> factors_of_other(const std::string& adapter, const std::string& base, const std::string& site);

}  // namespace weft
