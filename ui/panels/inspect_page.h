// SPDX-License-Identifier: GPL-3.0-or-later
// Inspect: one matrix of an adapter closely, of a run's step, of the run in progress or of any PEFT folder: what it holds as pictures, the
// lengths of the weight's rows and columns against the start, change of magnitude against direction over all matrices, angles to a second
// adapter or step. Main thread only.
#pragma once

#include <QWidget>

#include "ui/models/draft.h"
#include "ui/models/run_desk.h"
#include "ui/theme/theme.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QListWidget;
class QScrollArea;
class QTimer;

namespace weft::ui {

class Card;
class InspectSpectra;
class MatrixView;
class PointPlot;
class SpectrumPlot;
class WaitStrip;

class InspectPage final : public QWidget {
  Q_OBJECT
 public:
  InspectPage(Theme& theme, Draft& draft, RunDesk& desk, QWidget* parent);
  void openFolder(const QString& path);      // a PEFT folder or adapter file
  void chooseRun(RunId run);
  void chooseSite(const QString& path);
  [[nodiscard]] QComboBox* source() { return m_source; }
  [[nodiscard]] QComboBox* step() { return m_step; }
  [[nodiscard]] QComboBox* other() { return m_other; }
  [[nodiscard]] QLineEdit* search() { return m_search; }
  [[nodiscard]] QListWidget* sites() { return m_sites; }
  [[nodiscard]] PointPlot* rows() { return m_rows; }
  [[nodiscard]] PointPlot* changes() { return m_changes; }
  [[nodiscard]] PointPlot* angles() { return m_angles; }
  [[nodiscard]] const std::vector<MatrixView*>& pictures() const { return m_pictures; }
  [[nodiscard]] const std::vector<MatrixView*>& drops() const { return m_drops; }
  [[nodiscard]] bool busy() const;            // an answer is awaited, or the engine to ask
  [[nodiscard]] WaitStrip* wait() { return m_wait; }
  [[nodiscard]] InspectSpectra* spectra() { return m_spectra; }
  [[nodiscard]] QString sentence() const;     // what stands where the charts are, while there are none

 Q_SIGNALS:
  void exportAtRankWanted(weft::RunId run, std::int64_t step, int rank);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void refreshSources();
  void readSteps();
  void fillOther();
  enum class Question { Look, Follow, Decompose };   // Follow: by itself, so nobody is told that it waits
  void ask(Question what = Question::Look);   // ends the question before
  void endQuestion();
  void showReply(const Result<CloseUpReply>& reply);
  [[nodiscard]] MatrixView* matrixView(QWidget* card, int height);
  void showDrops(const CloseUpReply& reply);  // masks of a run with dropout
  void showSites(const std::vector<SiteShape>& sites, const std::string& shown);
  void filterSites();
  [[nodiscard]] CloseUpOrder order() const;
  Theme& m_theme;
  Draft& m_draft;
  RunDesk& m_desk;
  QComboBox *m_source, *m_step, *m_other;
  QLineEdit* m_search;
  QListWidget* m_sites;
  QLabel *m_headline, *m_message;
  QScrollArea* m_scroll;
  WaitStrip* m_wait;
  InspectSpectra* m_spectra;
  Card *m_pictureCard, *m_lengthCard, *m_changeCard, *m_angleCard, *m_bondCard, *m_dropCard;
  QGridLayout *m_pictureGrid, *m_bondGrid, *m_dropGrid;
  PointPlot *m_rows, *m_columns, *m_changes, *m_angles;
  std::vector<MatrixView*> m_pictures, m_drops;
  std::vector<SpectrumPlot*> m_bonds;
  QTimer* m_again;                            // follows the run in progress
  std::vector<CheckpointRow> m_checkpoints;
  std::vector<SiteShape> m_known;
  QString m_site;
  quint64 m_asked = 0;                        // the latest question wins
  std::shared_ptr<std::atomic<bool>> m_cancel;
  bool m_waiting = false, m_stale = true;
};

}  // namespace weft::ui
