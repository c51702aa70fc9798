// SPDX-License-Identifier: GPL-3.0-or-later
// Live: loss, learning rate and gradient norm, the spectrum of one matrix, the effective rank of all, and the step scrubber.
// Shows any run, live or recorded, in the same way; redraws at most every 33 ms, and seldom enough to take little from training. Main thread only.
#pragma once

#include <limits>
#include <memory>
#include <utility>

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

#include "ui/models/frame_pace.h"
#include "ui/models/run_desk.h"
#include "ui/theme/theme.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QSlider;

namespace weft::ui {

class ElidedLabel;
class HeatMap;
class LiveCurves;
class SamplesCard;
class RankCut;
class SpectrumPlot;
class StateLabel;
class NoticeStrip;
class SteerPanel;
class StepTimeStrip;

class LivePage final : public QWidget {
  Q_OBJECT
 public:
  LivePage(Theme& theme, RunDesk& desk, QWidget* parent);

  [[nodiscard]] LiveCurves* curves() { return m_curves; }
  [[nodiscard]] QComboBox* figureChoice() { return m_figure; }
  [[nodiscard]] HeatMap* heatMap() { return m_map; }
  [[nodiscard]] SpectrumPlot* spectrumPlot() { return m_spectrum; }
  [[nodiscard]] QSlider* scrubber() { return m_scrubber; }
  [[nodiscard]] StepTimeStrip* stepTime() { return m_stepTime; }
  [[nodiscard]] SteerPanel* steerPanel() { return m_steer; }
  [[nodiscard]] NoticeStrip* notices() { return m_notices; }
  [[nodiscard]] QPushButton* steerButton() { return m_steerButton; }
  [[nodiscard]] SamplesCard* samplesCard() { return m_samples; }
  void chooseSite(int site);
  void askToStop();                  // whether the live run is to end without saving
  void refreshNow();                 // draws what is waiting at once

  static constexpr int kFrameMs = 33;

 Q_SIGNALS:
  void settingsWanted(const weft::Json& config);   // "use these settings"
  void exportWanted(weft::RunId run, std::int64_t step);
  void exportAtRankWanted(weft::RunId run, std::int64_t step, int rank);   // step 0: the last checkpoint
  void pauseWanted();                              // Space: pause, or go on

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* makeHeader(Theme& theme);
  QWidget* makeBoard(Theme& theme);
  QWidget* makeSpectrumCard(Theme& theme);
  QWidget* makeMapCard(Theme& theme);
  QWidget* makeScrubber(Theme& theme);
  void showRun();
  void frame();
  void refreshHeader();
  void offer();                      // figures that not every run has
  void refreshSpectra();
  void refreshMap();
  void refreshSpectrum();
  [[nodiscard]] std::pair<double, double> mapScale();
  void setStepIndex(int index);
  [[nodiscard]] const SpectraAt* at() const;        // the spectra that the scrubber stands on
  [[nodiscard]] double figure(const SpectraAt& at, std::size_t site) const;

  RunDesk& m_desk;
  std::shared_ptr<RunHistory> m_run;
  std::uint64_t m_drawn = 0;         // revision
  std::size_t m_drawnSpectra = 0;
  QTimer m_timer;
  QElapsedTimer m_clock;
  FramePace m_pace;
  QLabel *m_title, *m_siteFigures, *m_stepNumber;
  ElidedLabel *m_about, *m_site;
  StateLabel* m_state;
  QPushButton *m_resume, *m_use, *m_steerButton;
  SteerPanel* m_steer;
  NoticeStrip* m_notices;
  LiveCurves* m_curves;
  SpectrumPlot* m_spectrum;
  RankCut* m_cut;
  HeatMap* m_map;
  QComboBox* m_figure;
  QSlider* m_scrubber;
  StepTimeStrip* m_stepTime;
  SamplesCard* m_samples;
  QCheckBox* m_follow;
  struct {                           // of the first `steps` spectra of a run
    const RunHistory* run = nullptr;
    int figure = 0;
    std::size_t steps = 0;
    double low = std::numeric_limits<double>::infinity(), high = -low;
  } m_mapScale;
  std::vector<int> m_layers;         // rows of the map
  std::vector<std::string> m_modules;
  int m_siteIndex = -1;
};

}  // namespace weft::ui
