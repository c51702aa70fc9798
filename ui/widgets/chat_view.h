// SPDX-License-Identifier: GPL-3.0-or-later
// One row of a data set as a conversation: who speaks, what, and whether it is learned. Main thread only.
#pragma once

#include <QWidget>

#include "engine/api/data_preview.h"
#include "ui/theme/theme.h"

class QVBoxLayout;

namespace weft::ui {

class ChatView final : public QWidget {
  Q_OBJECT
 public:
  ChatView(Theme& theme, QWidget* parent);
  void setRow(const PreviewRow& row);
  [[nodiscard]] QString text() const { return m_text; }   // "user: …\nassistant (trained): …"

 private:
  void addTurn(const QString& role, const std::string& content, bool trained);
  Theme& m_theme;
  QVBoxLayout* m_turns;
  QString m_text;
};

}  // namespace weft::ui
