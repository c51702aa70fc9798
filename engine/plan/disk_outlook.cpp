// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/disk_outlook.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/api/sentences.h"
#include "engine/core/text_util.h"

namespace weft {
namespace {

std::string text_of(std::uint64_t bytes) { return human_bytes(static_cast<double>(bytes)); }

}  // namespace

DiskOutlook disk_outlook(std::uint64_t each, std::int64_t steps, const SettingValues& train, std::uint64_t available) {
  const auto every = train.at("checkpoint_every").get<std::int64_t>(), keep = train.at("keep_checkpoints").get<std::int64_t>();
  DiskOutlook outlook{.each = each, .available = available};
  outlook.count = every > 0 ? std::max<std::int64_t>(1, (steps + every - 1) / every) : 1;
  if (keep > 0) outlook.count = std::min(outlook.count, keep + 1);   // a new one is whole before an old one goes
  outlook.all = static_cast<std::uint64_t>(outlook.count) * each;
  outlook.none = available < each + kDiskSpare;
  if (outlook.none)
    outlook.why = fmt::format(sentences::kOneCheckpointTooMuch, text_of(each), text_of(available));
  else if (available < outlook.all + kDiskSpare)
    outlook.why = fmt::format(sentences::kCheckpointsTooMuch, outlook.count, text_of(each),
                              text_of(outlook.all), text_of(available));
  return outlook;
}

}  // namespace weft
