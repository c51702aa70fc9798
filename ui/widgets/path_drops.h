// SPDX-License-Identifier: GPL-3.0-or-later
// Files dropped on a field for a path become its text. Main thread only.
#pragma once

#include <QObject>

class QLineEdit;

namespace weft::ui {

// Whether `event` was a file dragged over or dropped on `edit`, and so is done with. A drop has set the text.
[[nodiscard]] bool takePathDrop(QLineEdit& edit, QEvent* event);

// The same for a field that nobody else watches; owned by it.
class PathDrops final : public QObject {
 public:
  explicit PathDrops(QLineEdit& edit);
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  QLineEdit& m_edit;
};

}  // namespace weft::ui
