// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses an adapter: of a run of the project at a step or as it is now, or one from elsewhere. Follows the project. Main thread only.
#pragma once

#include <optional>

#include <QVariant>
#include <QWidget>

#include "ui/models/conversation.h"
#include "ui/models/draft.h"
#include "ui/models/run_desk.h"

class QComboBox;

namespace weft::ui {

class AdapterChooser final : public QWidget {
  Q_OBJECT
 public:
  // nothing: the words of a first entry that chooses none; "": there is no such entry.
  AdapterChooser(const QString& title, const QString& nothing, Draft& draft, RunDesk& desk, QWidget* parent);
  // Asks for an adapter that no run of the project wrote: a PEFT folder, by a file in it, or a file. "": none was chosen.
  [[nodiscard]] static QString askForFile(QWidget* over);
  void offerNow(bool on) { m_offersNow = on; }   // of the run in progress; it is
  void chooseRun(RunId run);
  void addFolder(const QString& path, bool choose);
  // Nothing where none is chosen, or its steps are not known yet.
  [[nodiscard]] std::optional<Speaker> speaker() const;
  [[nodiscard]] QComboBox* source() { return m_source; }
  [[nodiscard]] QComboBox* step() { return m_step; }

 Q_SIGNALS:
  void changed();

 private:
  void refreshSources();
  void readSteps();
  Draft& m_draft;
  RunDesk& m_desk;
  const QString m_nothing;
  bool m_offersNow = true;
  QVariant m_filledFor;            // the source whose steps are listed
  QComboBox *m_source, *m_step;
};

}  // namespace weft::ui
