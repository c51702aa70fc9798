// SPDX-License-Identifier: GPL-3.0-or-later
// Set-up: the cards Model, Run, Data and Method, each saying whether it is ready and why not. A card that is clicked is the
// inspector's subject. Shows the draft, changes it through the draft only. Main thread only.
#pragma once

#include <QWidget>

#include "ui/models/draft.h"
#include "ui/theme/theme.h"

namespace weft::ui {

class Card;
class ModelCard;
class DataCard;
class MethodCard;
class RunCard;

enum class Subject { Model, Data, Method, Run };

class SetupPage final : public QWidget {
  Q_OBJECT
 public:
  SetupPage(Theme& theme, Draft& draft, QWidget* parent);
  void choose(Subject subject);
  [[nodiscard]] Subject chosen() const { return m_chosen; }
  [[nodiscard]] DataCard* dataCard() { return m_data; }

 Q_SIGNALS:
  void subjectChosen(weft::ui::Subject subject);
  void sampleWanted();
  void sampleDataWanted();
  void copyWanted();               // of the project: its disk is too small

 private:
  ModelCard* m_model;
  RunCard* m_run;
  DataCard* m_data;
  MethodCard* m_method;
  Subject m_chosen = Subject::Method;
};

}  // namespace weft::ui
