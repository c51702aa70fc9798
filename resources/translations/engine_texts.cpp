// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine says to people, a text in a line: the window's resource, and through update.sh the source of the translations.
// usage: weft_engine_texts OUT SOURCE…   OUT is left as it is when nothing changed. Those of several clauses are parted at "; ", as the window reads them.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <unordered_set>
#include <vector>

#include "engine/api/shown_texts.h"
#include "resources/translations/source_sentences.h"

namespace {

std::string content(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class Lines {
 public:
  void add(const std::string& text) {
    if (known_.insert(text).second) all_ += text + '\n';
  }

  void add_clauses(const std::string& text) {
    if (known_.contains(text)) return;   // a help text, which is shown whole
    for (const auto& clause : weft::clauses_of(text)) add(clause);
  }

  [[nodiscard]] const std::string& all() const { return all_; }

 private:
  std::unordered_set<std::string> known_;
  std::string all_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  Lines lines;
  for (const auto& text : weft::shown_texts()) lines.add(text);
  for (int i = 2; i < argc; ++i)
    for (const auto& text : weft::sentences_of_source(content(argv[i]))) lines.add_clauses(text);
  if (content(argv[1]) == lines.all()) return 0;
  std::ofstream out(argv[1], std::ios::binary | std::ios::trunc);
  out << lines.all();
  return out.flush() ? 0 : 1;
}
