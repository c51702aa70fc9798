// SPDX-License-Identifier: GPL-3.0-or-later
// CSV by RFC 4180 with a header line: quotes, doubled quotes, delimiters and line ends inside quotes; LF or CRLF.
#pragma once

#include <memory>
#include <string_view>

#include "engine/data/record_reader.h"

namespace weft {

// Reads the header. The delimiter of a .csv is ',' or, when the header has none, ';' or a tab.
// Every value is text. `text` must outlive the reader.
[[nodiscard]] Result<std::unique_ptr<RecordReader>> open_csv(std::string_view text, bool tabs);

}  // namespace weft
