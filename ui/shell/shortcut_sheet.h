// SPDX-License-Identifier: GPL-3.0-or-later
// All keys of the window on one sheet, read from the actions themselves. Main thread only; deletes itself when closed.
#pragma once

#include <QDialog>

class QMenuBar;
class QTableWidget;

namespace weft::ui {

class ShortcutSheet final : public QDialog {
  Q_OBJECT
 public:
  ShortcutSheet(const QMenuBar& menus, QWidget* parent);
  [[nodiscard]] QTableWidget* table() { return m_table; }

 private:
  QTableWidget* m_table;
};

}  // namespace weft::ui
