// SPDX-License-Identifier: GPL-3.0-or-later
// Every menu command by name: a popup with a field and the matching commands. Deletes itself. Main thread only.
#pragma once

#include <QFrame>

class QLineEdit;
class QListWidget;
class QMenuBar;

namespace weft::ui {

class Theme;

// What the menus hold, as "menu › command"; `hidden`: also what is not offered now.
[[nodiscard]] QList<QPair<QString, QAction*>> commandsOf(const QMenuBar& menus, bool hidden);

class CommandSearch final : public QFrame {
  Q_OBJECT
 public:
  static void open(Theme& theme, QMenuBar& menus, QWidget& over);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  CommandSearch(Theme& theme, QMenuBar& menus, QWidget& over);
  void filter(const QString& text);
  void runChosen();
  QLineEdit* m_field;
  QListWidget* m_list;
  QList<QPair<QString, class QAction*>> m_commands;
};

}  // namespace weft::ui
