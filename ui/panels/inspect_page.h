// SPDX-License-Identifier: GPL-3.0-or-later
// Inspect: one matrix of an adapter closely, of a run's step, of the run in progress or of any adapter from elsewhere: what it holds as pictures,
// the lengths of the weight's rows and columns against the start, change of magnitude against direction over all matrices, difference from
// and angles to a second adapter. Main thread only.
#pragma once

#include <optional>

#include <QVariant>
#include <QWidget>

#include "ui/models/draft.h"
#include "ui/models/run_desk.h"
#include "ui/theme/theme.h"

class QGridLayout;
class QLabel;
class QLineEdit;
class QListWidget;
class QScrollArea;
class QTimer;

namespace weft::ui {

class AdapterChooser;
class Card;
class ElidedLabel;
class EmptyState;
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
  [[nodiscard]] AdapterChooser* first() { return m_first; }
  [[nodiscard]] AdapterChooser* second() { return m_second; }   // what the first is compared with
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
  [[nodiscard]] QLabel* note() { return m_note; }   // why it is seen without a base

 Q_SIGNALS:
  void exportAtRankWanted(const weft::ui::CloseUpOrder::Adapter& adapter, int rank);   // step 0: the last checkpoint

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  [[nodiscard]] QWidget* makeChooser();
  void lookAtChosen();                        // unless it is what is shown, or asked for
  enum class Question { Look, Follow, Decompose };   // Follow: by itself, so nobody is told that it waits
  void ask(Question what = Question::Look);   // ends the question before
  struct Refused {
    Status other, base;                       // why it is asked without the second adapter, without the base
  };
  void put(CloseUpOrder order, quint64 question, const Refused& refused);
  void endQuestion();
  void say(const QString& title, const QString& sentence);   // in place of the charts
  void showReply(const Result<CloseUpReply>& reply);
  [[nodiscard]] MatrixView* matrixView(QWidget* card, int height);
  void showDrops(const CloseUpReply& reply);  // masks of a run with dropout
  void showSites(const std::vector<SiteShape>& sites, const std::string& shown);
  void filterSites();
  [[nodiscard]] CloseUpOrder order() const;
  Theme& m_theme;
  Draft& m_draft;
  RunDesk& m_desk;
  AdapterChooser *m_first, *m_second;
  QLineEdit* m_search;
  QListWidget* m_sites;
  ElidedLabel* m_headline;
  QLabel *m_note, *m_message;
  EmptyState* m_empty;
  QScrollArea* m_scroll;
  WaitStrip* m_wait;
  InspectSpectra* m_spectra;
  Card *m_pictureCard, *m_lengthCard, *m_changeCard, *m_angleCard, *m_bondCard, *m_dropCard;
  QGridLayout *m_pictureGrid, *m_bondGrid, *m_dropGrid;
  PointPlot *m_rows, *m_columns, *m_changes, *m_angles;
  std::vector<MatrixView*> m_pictures, m_drops;
  std::vector<SpectrumPlot*> m_bonds;
  QTimer* m_again;                            // follows the run in progress
  std::vector<SiteShape> m_known;
  QString m_site;
  QVariant m_siteOf;                          // the source that it belongs to
  std::optional<CloseUpOrder::Adapter> m_shown, m_shownOther;
  QString m_askedWith;                        // the base of adapters from elsewhere
  quint64 m_asked = 0;                        // the latest question wins
  std::shared_ptr<std::atomic<bool>> m_cancel;
  bool m_waiting = false, m_stale = true, m_compared = false;
};

}  // namespace weft::ui
