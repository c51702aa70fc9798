// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/steering.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "app/cli/output.h"
#include "engine/core/text_util.h"

namespace weft::cli {
namespace {

constexpr std::size_t kLongestLine = 4096;
constexpr std::pair<const char*, Control> kWords[] = {{"pause", Control::Pause},   {"continue", Control::Continue}, {"checkpoint", Control::Checkpoint},
                                                      {"sample", Control::Sample}, {"stop", Control::Stop},         {"abandon", Control::Abandon}};

std::string trimmed(const std::string& line) {
  const auto begin = line.find_first_not_of(" \t\r"), end = line.find_last_not_of(" \t\r");
  return begin == std::string::npos ? std::string() : line.substr(begin, end - begin + 1);
}

}  // namespace

const char* Steering::help() {
  return "take lines from standard input while it trains: pause, continue, checkpoint, sample, stop (and save), abandon, or what --edit takes, such as lr=1e-4, "
         "from the next step on";
}

Steering::Steering(RunService& service) : service_(service), end_(::eventfd(0, EFD_CLOEXEC)) {}

Steering::~Steering() {
  const std::uint64_t one = 1;
  (void)!::write(end_, &one, sizeof(one));
  if (thread_.joinable()) thread_.join();
  ::close(end_);
}

bool Steering::paused_by_itself() {
  waits_ = true;
  return !ended_;
}

void Steering::listen() {
  std::string pending;
  std::array<char, kLongestLine> piece{};
  for (;;) {
    std::array<pollfd, 2> either{{{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0}, {.fd = end_, .events = POLLIN, .revents = 0}}};
    if (::poll(either.data(), either.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return input_ended();
    }
    if (either[1].revents != 0) return;
    const ssize_t got = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      obey(pending);
      return input_ended();
    }
    pending.append(piece.data(), static_cast<std::size_t>(got));
    for (auto at = pending.find('\n'); at != std::string::npos; at = pending.find('\n')) {
      obey(pending.substr(0, at));
      pending.erase(0, at + 1);
    }
    if (pending.size() > kLongestLine) {
      say_at_once(fmt::format("a line of more than {} characters is no command; it is passed over", kLongestLine));
      pending.clear();
    }
  }
}

void Steering::obey(const std::string& line) {
  const std::string words = trimmed(line);
  if (words.empty()) return;
  const auto known = std::find_if(std::begin(kWords), std::end(kWords), [&](const auto& word) { return words == word.first; });
  if (known == std::end(kWords)) {
    auto edit = parse_edit(words);
    if (!edit.ok()) return say_at_once(fmt::format("{} is neither pause, continue, checkpoint, sample, stop, abandon nor an edit: {}", quoted_excerpt(words), edit.status().message()));
    return service_.edit(*std::move(edit), [words](const Result<std::int64_t>& step) {
      say_at_once(step.ok() ? fmt::format("{} holds from step {} on", quoted_excerpt(words), *step) : step.status().message());
    });
  }
  const Status status = service_.control(known->second);
  if (!status.ok()) return say_at_once(status.message());
  if (known->second == Control::Pause) paused_ = true;
  if (known->second == Control::Continue) paused_ = waits_ = false;
  if (known->second == Control::Stop || known->second == Control::Abandon) asked_to_end_ = true;
  say_at_once(fmt::format("{}: done after the step in progress", words));
}

void Steering::input_ended() {
  ended_ = true;
  if (waits_)
    (void)service_.control(Control::Stop);   // a run that has ended by now is as good
  else if (paused_)
    (void)service_.control(Control::Continue);
}

}  // namespace weft::cli
