// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/repeats.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include "engine/core/text_util.h"

namespace weft {
namespace {

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// FNV-1a, mixed at the end.
class Hash {
 public:
  void add(unsigned char byte) { state_ = (state_ ^ byte) * 0x100000001b3ULL; }
  [[nodiscard]] std::uint64_t value() const {
    std::uint64_t h = state_;
    h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdULL;
    h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53ULL;
    return h ^ (h >> 33);
  }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

struct Hashes {
  Hash exact, loose;
  bool letters = false;  // the loose one has seen something

  void separate() {
    exact.add(0x1f);
    loose.add(0x1f);
  }
  void add(std::string_view text) {
    bool gap = false, begun = false;
    for (const char c : text) {
      if (is_space(c)) {
        gap = begun;
        continue;
      }
      if (gap) exact.add(' ');
      gap = false;
      begun = true;
      exact.add(static_cast<unsigned char>(c));
      const auto byte = static_cast<unsigned char>(c);
      const bool upper = c >= 'A' && c <= 'Z';
      if (byte < 0x80 && !upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9')) continue;
      loose.add(upper ? static_cast<unsigned char>(byte + 32) : byte);
      letters = true;
    }
  }
};

}  // namespace

ContentKey content_key(const Example& example) {
  Hashes hashes;
  for (const auto& turn : example.turns) {
    hashes.add(turn.role());
    hashes.separate();
    hashes.letters = false;  // a role alone says nothing
    hashes.add(turn.content());
    hashes.separate();
  }
  hashes.add(example.text);
  for (const auto* list : {&example.ids, &example.labels}) {
    for (const auto id : *list)
      for (int byte = 0; byte < 4; ++byte) hashes.exact.add(static_cast<unsigned char>(static_cast<std::uint32_t>(id) >> (8 * byte)));
    hashes.separate();
  }
  const std::uint64_t exact = hashes.exact.value();
  return {exact, hashes.letters ? hashes.loose.value() : exact};
}

std::string content_excerpt(const Example& example) {
  std::string text = example.text;
  for (const auto& turn : example.turns)
    if (turn.role() != "system") {
      text = turn.content();
      break;
    }
  if (text.empty() && !example.ids.empty())
    for (std::size_t i = 0; i < std::min<std::size_t>(12, example.ids.size()); ++i) text += (i ? " " : "") + std::to_string(example.ids[i]);
  std::string shown = quoted_excerpt(text, 120);
  if (shown.size() >= 2) shown = shown.substr(1, shown.size() - 2);   // its quotes
  while (!shown.empty() && shown.back() == ' ') shown.pop_back();
  return shown;
}

void RepeatFinder::add(const ContentKey& key, const RecordPlace& place) {
  if (rows_.size() >= kMostRows) {
    ++more_;
    return;
  }
  rows_.push_back({key, place, rows_.size()});
}

RepeatCheck RepeatFinder::find(const std::function<bool(std::size_t)>& aside, const std::function<std::string(const RecordPlace&)>& excerpt) {
  RepeatCheck check;
  if (more_ > 0) check.why_not = "only the first " + std::to_string(kMostRows) + " rows were compared";
  std::sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return std::tie(a.key.loose, a.key.exact, a.index) < std::tie(b.key.loose, b.key.exact, b.index); });
  struct Found {
    const Row* row;
    const Row* first;
    bool near;
  };
  std::vector<Found> duplicates, leaks;
  const auto collect = [](std::vector<Found>& list, const Found& found) {
    // the first of the file are shown: a heap by index keeps them
    const auto later = [](const Found& a, const Found& b) { return a.row->index < b.row->index; };
    list.push_back(found);
    std::push_heap(list.begin(), list.end(), later);
    if (list.size() > kShown) {
      std::pop_heap(list.begin(), list.end(), later);
      list.pop_back();
    }
  };
  for (std::size_t begin = 0; begin < rows_.size();) {
    std::size_t end = begin + 1;
    while (end < rows_.size() && rows_[end].key.loose == rows_[begin].key.loose) ++end;
    if (end - begin > 1) {
      const Row *first = nullptr, *trained = nullptr;  // of all that are near
      for (std::size_t i = begin; i < end; ++i) {
        if (!first || rows_[i].index < first->index) first = &rows_[i];
        if (!aside(rows_[i].index) && (!trained || rows_[i].index < trained->index)) trained = &rows_[i];
      }
      for (std::size_t at = begin; at < end;) {
        std::size_t stop = at + 1;
        while (stop < end && rows_[stop].key.exact == rows_[at].key.exact) ++stop;
        const Row* same_trained = nullptr;
        for (std::size_t i = at; i < stop && !same_trained; ++i)
          if (!aside(rows_[i].index)) same_trained = &rows_[i];
        for (std::size_t i = at; i < stop; ++i) {
          if (i > at || &rows_[at] != first) {
            const bool near = i == at;
            ++(near ? check.near_duplicates : check.duplicates);
            collect(duplicates, {&rows_[i], near ? first : &rows_[at], near});
          }
          if (!trained || !aside(rows_[i].index)) continue;
          ++(same_trained ? check.leaked : check.near_leaked);
          collect(leaks, {&rows_[i], same_trained ? same_trained : trained, !same_trained});
        }
        at = stop;
      }
    }
    begin = end;
  }
  for (auto [list, shown] : {std::pair(&duplicates, &check.duplicate_rows), std::pair(&leaks, &check.leaked_rows)}) {
    std::sort(list->begin(), list->end(), [](const Found& a, const Found& b) { return a.row->index < b.row->index; });
    for (const auto& found : *list) shown->push_back({found.row->place.line, found.first->place.line, found.near, excerpt(found.row->place)});
  }
  return check;
}

}  // namespace weft
