// SPDX-License-Identifier: GPL-3.0-or-later
// How the rows of a file are read: its kind, the format, and which column is what, to be chosen from those that the file has. What is chosen is
// a setting of [data]; what is left to WEFT says what it found. Main thread only.
#pragma once

#include <string>
#include <vector>

#include <QWidget>

#include "ui/models/draft.h"

class QComboBox;
class QLabel;

namespace weft::ui {

class DataMapping final : public QWidget {
  Q_OBJECT
 public:
  DataMapping(Draft& draft, QWidget* parent);
  [[nodiscard]] QComboBox* box(const std::string& key) const;   // "format", "prompt_column", ...

 private:
  struct Field {
    std::string key;
    QLabel* title;
    QComboBox* box;
  };
  void refresh();
  void fill(const Field& field);
  Draft& m_draft;
  std::vector<Field> m_fields;
};

}  // namespace weft::ui
