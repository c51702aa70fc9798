// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/project_lock.h"

#include <QCoreApplication>

namespace weft::gui {

QString ProjectLock::take(const QString& project) {
  if (project == m_project && m_lock && !m_elsewhere) return {};
  m_lock = std::make_unique<QLockFile>(project + QStringLiteral(".lock"));
  m_lock->setStaleLockTime(0);   // stale is only the lock of a process that is gone
  m_project = project;
  m_elsewhere = !m_lock->tryLock(0) && m_lock->error() == QLockFile::LockFailedError;
  if (!m_elsewhere) return {};
  qint64 pid = 0;
  QString host, program;
  if (!m_lock->getLockInfo(&pid, &host, &program)) return QCoreApplication::translate("ProjectLock", "another WEFT window has it open");
  return QCoreApplication::translate("ProjectLock", "another WEFT window has it open (process %1)").arg(pid);
}

}  // namespace weft::gui
