// SPDX-License-Identifier: GPL-3.0-or-later
// Every menu command and everything else with a name (runs, exports, settings): a popup with a field and what matches all its words.
// Deletes itself. Main thread only.
#pragma once

#include <functional>
#include <vector>

#include <QFrame>

class QLineEdit;
class QListWidget;
class QMenuBar;

namespace weft::ui {

class Theme;

struct FoundThing {
  QString text, icon;
  std::function<void()> open;
};
// What the menus hold, as "menu › command"; `hidden`: also what is not offered now.
[[nodiscard]] QList<QPair<QString, QAction*>> commandsOf(const QMenuBar& menus, bool hidden);

class CommandSearch final : public QFrame {
  Q_OBJECT
 public:
  static void open(Theme& theme, QMenuBar& menus, QWidget& over, std::vector<FoundThing> things);

  static constexpr int kMostShown = 200;  // of what matches

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  CommandSearch(Theme& theme, QMenuBar& menus, QWidget& over, std::vector<FoundThing> things);
  void filter(const QString& text);
  void runChosen();
  QLineEdit* m_field;
  QListWidget* m_list;
  Theme& m_theme;
  QList<QPair<QString, class QAction*>> m_commands;
  std::vector<FoundThing> m_things;
};

}  // namespace weft::ui
