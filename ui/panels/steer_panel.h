// SPDX-License-Identifier: GPL-3.0-or-later
// Changes the live run while it goes on: values as they are now, what a change would do, and what became of the last one. Opens on the Live page
// below its header and takes nothing else away. Main thread only.
#pragma once

#include <QFrame>

#include "ui/models/run_desk.h"
#include "ui/models/steering.h"
#include "ui/theme/theme.h"

class QLabel;
class QPushButton;

namespace weft::ui {

class ElidedLabel;
class SettingField;

class SteerPanel final : public QFrame {
  Q_OBJECT
 public:
  SteerPanel(Theme& theme, RunDesk& desk, QWidget* parent);

  void refresh();                    // from the live run; what was typed and not applied stays
  [[nodiscard]] SettingField* field(const QString& key) const;
  [[nodiscard]] QPushButton* applyButton() { return m_apply; }
  [[nodiscard]] QString forecast() const;
  [[nodiscard]] QString outcome() const;

 Q_SIGNALS:
  void stopWanted();                 // without saving; to be asked about

 private:
  void take(const QString& key, const Json& value);
  void fill(const SteerValues& values);
  void apply();
  void refreshForecast();

  RunDesk& m_desk;
  RunId m_run = 0;
  SteerValues m_now, m_wanted;
  QStringList m_wrong;               // keys whose text is no value
  std::vector<SettingField*> m_fields;
  QPushButton *m_apply, *m_reset, *m_stop;
  QLabel* m_forecast;
  ElidedLabel* m_outcome;
  bool m_asking = false;
  std::size_t m_edits = 0;           // of the run, as last seen
};

}  // namespace weft::ui
