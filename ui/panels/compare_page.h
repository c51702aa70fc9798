// SPDX-License-Identifier: GPL-3.0-or-later
// Two to six runs over each other: curves and spectra under one cursor, final figures, the settings that differ. The numbers are those of
// `weft-cli compare`. Main thread only.
#pragma once

#include <optional>

#include <QWidget>

#include "ui/models/run_desk.h"
#include "ui/theme/theme.h"

class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;
class QSlider;
class QStackedWidget;
class QTableWidget;

namespace weft::ui {

class ComparedAnswers;
class EmptyState;
class SeriesPlot;

class ComparePage final : public QWidget {
  Q_OBJECT
 public:
  ComparePage(Theme& theme, RunDesk& desk, QWidget* parent);

  void choose(RunId run, bool on);
  [[nodiscard]] std::vector<RunId> chosen() const;   // in the order of the list
  void exportTo(const QString& path);                // .csv, or a page
  [[nodiscard]] const std::optional<Comparison>& shown() const { return m_comparison; }
  [[nodiscard]] QListWidget* list() { return m_list; }
  [[nodiscard]] SeriesPlot* lossPlot() { return m_loss; }
  [[nodiscard]] SeriesPlot* spectrumPlot() { return m_spectrum; }
  [[nodiscard]] QString spectrumWords() const;        // under its title
  [[nodiscard]] QTableWidget* figures() { return m_figures; }
  [[nodiscard]] QTableWidget* settings() { return m_settings; }
  [[nodiscard]] QSlider* cursor() { return m_cursor; }
  [[nodiscard]] QComboBox* axis() { return m_axis; }
  [[nodiscard]] ComparedAnswers* answers() { return m_answers; }
  [[nodiscard]] QString message() const;             // why there is nothing to see; else what a reader must know
  [[nodiscard]] QPushButton* wayOut() { return m_way; }   // of the empty page

 Q_SIGNALS:
  void settingsWanted(const weft::Json& config);     // to change them for a second run

 private:
  QWidget* makeChooser();
  QWidget* makeCharts();
  QTableWidget* makeTable(const QString& name, QWidget* parent);
  void refillList();
  void read();                     // asks for the comparison of what is chosen
  void show(Result<Comparison> comparison);
  void drawCurves();
  void drawSpectra();
  void moveCursor(double x);       // of every chart
  void fillTable(QTableWidget* table, const std::vector<ComparedRow>& rows, bool remarks);
  void paintKeys();                // colour and dash beside the names
  void leaveEmpty();               // what the empty page's button offers
  void askExport(const QString& ending);
  [[nodiscard]] RunAxis axisNow() const;

  Theme& m_theme;
  RunDesk& m_desk;
  std::optional<Comparison> m_comparison;
  QListWidget* m_list;
  QLabel *m_message, *m_read, *m_spectrumSteps;
  QComboBox *m_axis, *m_scale, *m_curve, *m_site;
  QPushButton *m_csv, *m_page, *m_way;
  EmptyState* m_empty;
  SeriesPlot *m_loss, *m_held, *m_rate, *m_norm, *m_spectrum;
  QStackedWidget* m_curves;
  QSlider* m_cursor;
  QTableWidget *m_figures, *m_settings;
  QWidget* m_charts;
  ComparedAnswers* m_answers;
  double m_last = 0;               // end of the axis
  quint64 m_asked = 0;             // the latest question; answers to earlier ones are dropped
  bool m_filling = false;
};

}  // namespace weft::ui
