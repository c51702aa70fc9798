// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody may send to others when something went wrong: versions, machine, settings, the last lines of the log. No path, no name and no
// text of the user's own is in it. Plain functions, main thread only.
#pragma once

#include <optional>
#include <vector>

#include <QString>
#include <QStringList>

#include "engine/api/engine.h"
#include "ui/models/log_model.h"

namespace weft::ui {

// Takes out of a text what says whose it is: paths but for their ending, what stands in quotes but for single short words, and `names` (of
// runs, files, this user and machine).
class Anonymous final {
 public:
  explicit Anonymous(QStringList names = {});
  [[nodiscard]] QString text(const QString& text) const;
  [[nodiscard]] Json config(const Json& config) const;   // all settings; paths, columns and prompts as what they are

 private:
  QStringList m_names;
};

struct DiagnosticFacts {
  QString version;                          // of this program
  std::optional<EngineInfo> engine;
  std::uint64_t memoryFree = 0;
  QString project;                          // "2 runs, read-only", ...
  Json config;                              // of the run that is shown, else of the form; null: none
};

[[nodiscard]] QString diagnosticsText(const DiagnosticFacts& facts, const LogModel& log, const Anonymous& anonymous);

}  // namespace weft::ui
