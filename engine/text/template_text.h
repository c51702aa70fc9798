// SPDX-License-Identifier: GPL-3.0-or-later
// The Jinja text of a chat template, to be kept and written beside weights. Any thread.
#pragma once

#include <string>

#include "engine/core/status.h"

namespace weft {

// choice as [data] template has it: "auto" is the model's own (NotFound when it has none), else a named one or a file.
[[nodiscard]] Result<std::string> template_text(const std::string& model_path, const std::string& choice);

}  // namespace weft
