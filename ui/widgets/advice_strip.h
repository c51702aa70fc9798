// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences that want something done, each with an icon, a word and the buttons that do it. Main thread only.
#pragma once

#include <vector>

#include <QWidget>

#include "ui/models/data_report.h"
#include "ui/theme/theme.h"

class QVBoxLayout;

namespace weft::ui {

class AdviceStrip final : public QWidget {
  Q_OBJECT
 public:
  AdviceStrip(Theme& theme, QWidget* parent);
  void setAdvice(const std::vector<Advice>& advice);   // none: hidden
  [[nodiscard]] const std::vector<Advice>& advice() const { return m_advice; }

 Q_SIGNALS:
  void chosen(const QString& title, const std::vector<weft::SettingEdit>& edits);

 private:
  void rebuild();
  Theme& m_theme;
  QVBoxLayout* m_rows;
  std::vector<Advice> m_advice;
};

}  // namespace weft::ui
