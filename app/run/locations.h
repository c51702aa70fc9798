// SPDX-License-Identifier: GPL-3.0-or-later
// Where things that are not named in full are looked for: models in the cache, samples beside the program, the user's
// own data folder. Reads the environment each time; any thread.
#pragma once

#include <string>
#include <vector>

#include "engine/core/status.h"

namespace weft {

[[nodiscard]] std::string model_cache_folder();  // $WEFT_CACHE/models, else ~/.cache/weft/models
[[nodiscard]] std::string floor_cache_folder();  // beside it: what was measured of this machine
[[nodiscard]] std::string
resource_folder();  // $WEFT_RESOURCES, share/weft beside the program, or the source tree's resources
[[nodiscard]] std::string user_data_folder();  // $XDG_DATA_HOME/weft, else ~/.local/share/weft

// The absolute path of a model or data set: `name` itself when absolute, else as found in `folder` ("" = the working
// folder), then in the cache (models) or the samples (data). NotFound lists where it was looked for.
[[nodiscard]] Result<std::string> find_model(const std::string& name, const std::string& folder);
[[nodiscard]] Result<std::string> find_data(const std::string& name, const std::string& folder);

}  // namespace weft
