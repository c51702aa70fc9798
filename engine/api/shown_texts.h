// SPDX-License-Identifier: GPL-3.0-or-later
// Words of the engine that a window shows, for those who say them in another language. Errors and lines of the log are not among them: they stand where they are
// said, and resources/translations/source_sentences.h finds them there. Any thread.
#pragma once

#include <string>
#include <vector>

namespace weft {

// Of methods, their parts, presets and exports, settings, phases and sentences.h (with %1, %2, … where values stand); each once, in a fixed order.
[[nodiscard]] std::vector<std::string> shown_texts();

}  // namespace weft
