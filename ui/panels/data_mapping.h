// SPDX-License-Identifier: GPL-3.0-or-later
// How the rows of a file are read: its kind, the format, and which column is what, to be chosen from those that the file has. What is chosen is
// a setting of [data]; what is left to WEFT says what it found. Main thread only.
#pragma once

#include <string>
#include <vector>

#include <QWidget>

#include "ui/models/draft.h"

class QComboBox;
class QGridLayout;

namespace weft::ui {

class DataMapping final : public QWidget {
  Q_OBJECT
 public:
  DataMapping(Draft& draft, QWidget* parent);
  [[nodiscard]] QComboBox* box(const std::string& key) const;   // "format", "prompt_column", ...

 protected:
  bool event(QEvent* event) override;

 private:
  struct Field {
    std::string key;
    QWidget* cell;   // its name and its box
    QComboBox* box;
  };
  void refresh();
  void arrange();
  void fill(const Field& field);
  Draft& m_draft;
  QGridLayout* m_grid = nullptr;
  std::vector<Field> m_fields;
  std::vector<QWidget*> m_cells;   // that lie in the grid
  int m_columns = 0;
};

}  // namespace weft::ui
