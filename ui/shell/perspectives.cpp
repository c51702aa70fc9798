// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/perspectives.h"

#include <algorithm>

#include <QDockWidget>
#include <QSettings>

namespace weft::ui {
namespace {

// Which docks each begins with, by objectName.
QStringList docksOf(Perspective which) {
  const QString project = QStringLiteral("project"), inspector = QStringLiteral("inspector"), log = QStringLiteral("log");
  switch (which) {
    case Perspective::SetUp: return {project, inspector};
    case Perspective::Live: return {project, log};
    case Perspective::Compare: return {project};
    case Perspective::Inspect: return {};
  }
  return {};
}

}  // namespace

Perspectives::Perspectives(QMainWindow& window, int layoutVersion)
    : m_window(window), m_version(layoutVersion), m_pristine(window.saveState(layoutVersion)) {}

void Perspectives::choose(Perspective which) {
  if (which == m_chosen) return;
  m_states[static_cast<std::size_t>(m_chosen)] = m_window.saveState(m_version);
  m_chosen = which;
  if (!m_window.restoreState(m_states[static_cast<std::size_t>(which)], m_version)) applyDefault(which);
}

void Perspectives::applyDefault(Perspective which) {
  m_window.restoreState(m_pristine, m_version);
  const QStringList shown = docksOf(which);
  for (auto* dock : m_window.findChildren<QDockWidget*>(QString(), Qt::FindDirectChildrenOnly)) dock->setVisible(shown.contains(dock->objectName()));
}

void Perspectives::reset() {
  m_states = {};
  applyDefault(m_chosen);
}

void Perspectives::save(QSettings& settings) const {
  settings.setValue(QStringLiteral("window/version"), m_version);
  settings.setValue(QStringLiteral("window/perspective"), static_cast<int>(m_chosen));
  for (int i = 0; i < kPerspectives; ++i) {
    const bool now = i == static_cast<int>(m_chosen);
    settings.setValue(QStringLiteral("window/state%1").arg(i), now ? m_window.saveState(m_version) : m_states[static_cast<std::size_t>(i)]);
  }
}

void Perspectives::restore(const QSettings& settings) {
  if (settings.value(QStringLiteral("window/version")).toInt() != m_version) return;
  m_chosen = static_cast<Perspective>(std::clamp(settings.value(QStringLiteral("window/perspective")).toInt(), 0, kPerspectives - 1));
  for (int i = 0; i < kPerspectives; ++i) m_states[static_cast<std::size_t>(i)] = settings.value(QStringLiteral("window/state%1").arg(i)).toByteArray();
  if (!m_window.restoreState(m_states[static_cast<std::size_t>(m_chosen)], m_version)) applyDefault(m_chosen);
}

}  // namespace weft::ui
