// SPDX-License-Identifier: GPL-3.0-or-later
// How long a run is: steps or epochs. Both say it, so naming one turns the other off; in the run file, on the command line and in the form alike.
// Any thread.
#pragma once

#include <string>

#include "engine/api/settings.h"

namespace weft {

// `given`: the key of [train] that was set; nothing happens for others than "steps" and "epochs", nor where it was set to 0.
void settle_length(SettingValues& train, const std::string& given);

}  // namespace weft
