// SPDX-License-Identifier: GPL-3.0-or-later
// Help in a dock: a page for each page of the window, and for each method its mathematics as its descriptor says it. Main
// thread only.
#pragma once

#include <QWidget>

#include "engine/api/method_catalogue.h"

class QTextBrowser;

namespace weft::ui {

class Theme;

class HelpPanel final : public QWidget {
  Q_OBJECT
 public:
  HelpPanel(Theme& theme, QWidget* parent);
  // "setup", "live", ..., "methods", or "method/lora". Unknown names show the methods.
  void open(const QString& page);
  [[nodiscard]] QString page() const { return m_page; }
  [[nodiscard]] QString text() const;

 private:
  void refresh();
  Theme& m_theme;
  QTextBrowser* m_view;
  QString m_page;
};

// Markdown of one method: formula, parts with their shapes at a 576 x 576 matrix, settings with range and effect, paper.
[[nodiscard]] QString methodHelp(const MethodDescriptor& method);

}  // namespace weft::ui
