// SPDX-License-Identifier: GPL-3.0-or-later
// Layouts of the docks by what one is doing: Set up, Live, Compare, Inspect. What is moved or hidden in one stays there;
// reset() brings back how all of them came. Kept in QSettings with a layout version. Main thread only.
#pragma once

#include <array>
#include <vector>

#include <QMainWindow>

class QSettings;

namespace weft::ui {

enum class Perspective { SetUp, Live, Compare, Inspect };
inline constexpr int kPerspectives = 4;

class Perspectives final {
 public:
  // The docks by objectName must exist; takes the window's present state as the pristine one.
  Perspectives(QMainWindow& window, int layoutVersion);
  void choose(Perspective which);
  [[nodiscard]] Perspective chosen() const { return m_chosen; }
  void reset();
  void save(QSettings& settings) const;
  void restore(const QSettings& settings);   // of another layout version: nothing

 private:
  void applyDefault(Perspective which);
  QMainWindow& m_window;
  const int m_version;
  const QByteArray m_pristine;
  Perspective m_chosen = Perspective::SetUp;
  std::array<QByteArray, kPerspectives> m_states;   // empty: as it came
};

}  // namespace weft::ui
