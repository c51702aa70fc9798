// SPDX-License-Identifier: GPL-3.0-or-later
// One window writes into a project; others read. A lock file name.weft.lock beside it says which process that is; one left
// by a process that died is taken over. Programs without a window (weft-cli) do not ask for it. Main thread only.
#pragma once

#include <memory>

#include <QLockFile>
#include <QString>

namespace weft::gui {

class ProjectLock final {
 public:
  // Takes the lock of this project and gives back the one held before. "": held now (or the folder can hold no lock file, and
  // then the project itself is read-only); else why the project is for reading only.
  [[nodiscard]] QString take(const QString& project);
  [[nodiscard]] bool readOnly() const { return m_elsewhere; }

 private:
  std::unique_ptr<QLockFile> m_lock;
  QString m_project;
  bool m_elsewhere = false;
};

}  // namespace weft::gui
