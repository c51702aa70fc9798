// SPDX-License-Identifier: GPL-3.0-or-later
// The words of the engine as a source that lupdate reads: update.sh's way to have them in the translations.
#include <cstdio>
#include <string>

#include "engine/api/shown_texts.h"

namespace {

std::string in_quotes(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace

int main() {
  for (const auto& text : weft::shown_texts()) std::puts(("QT_TRANSLATE_NOOP(\"Engine\", " + in_quotes(text) + ");").c_str());
  return 0;
}
