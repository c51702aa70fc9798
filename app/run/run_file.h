// SPDX-License-Identifier: GPL-3.0-or-later
// The run file: a TrainRequest as TOML that people read, edit and compare. Sections and keys are those of
// run_sections() and of the method's descriptor; anything else is an error that names the line and the nearest known
// name. Plain functions, any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/api/train_request.h"

namespace weft {

// `name` stands before the line in messages. What the text does not say stays unset (validate() fills it in); paths
// stay as written. [train] betas = [a, b] is read as beta1 and beta2; epochs without steps, or the reverse, sets the
// other to 0.
[[nodiscard]] Result<TrainRequest> parse_run_file(std::string_view text, const std::string& name);
[[nodiscard]] Result<TrainRequest> read_run_file(const std::string& path);

// "key=value" or "section.key=value", in order, later ones win; a key that two sections have needs its section.
// Values as in the file; text may go without quotes, and lists of names as a,b,c.
[[nodiscard]] Status apply_settings(TrainRequest& request, const std::vector<std::string>& assignments);

// The setting that "key" or "section.key" names, for the request's method.
[[nodiscard]] Result<SettingSpec> find_setting(const TrainRequest& request, const std::string& name);

// Makes model and data paths absolute: first in `folder` (the run file's), then cache and samples (locations.h).
[[nodiscard]] Status resolve_paths(TrainRequest& request, const std::string& folder);

// The same file for the same request, byte for byte. Paths inside `folder` are written relative to it ("" writes them
// as they are).
[[nodiscard]] std::string write_run_file(const TrainRequest& request, const std::string& folder = "");

}  // namespace weft
