// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/live_page.h"

#include <algorithm>
#include <cmath>

#include <QCheckBox>
#include <QKeyEvent>
#include <QSlider>
#include <QThread>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/ratio_text.h"
#include "ui/models/project_model.h"
#include "ui/panels/live_curves.h"
#include "ui/panels/notice_strip.h"
#include "ui/panels/steer_panel.h"
#include "ui/panels/samples_card.h"
#include "ui/panels/step_time_strip.h"
#include "ui/plots/heat_map.h"
#include "ui/plots/spectrum_plot.h"
#include "ui/widgets/chart_card.h"
#include "ui/widgets/rank_cut.h"

namespace weft::ui {
namespace {

constexpr int kRanksFigure = 6;      // in the list of figures, for runs that have it
constexpr int kSpectraHeight = 232;  // at least, of the cards: below that the page scrolls

QString shortSite(const std::string& path) {
  QString text = qs(path);
  for (const char* lead : {"model.", "layers."})
    if (text.startsWith(QLatin1String(lead))) text.remove(0, static_cast<int>(std::char_traits<char>::length(lead)));
  return text.replace(QLatin1String(".self_attn."), QLatin1String(".")).replace(QLatin1String(".mlp."), QLatin1String("."));
}

}  // namespace

LivePage::LivePage(Theme& theme, RunDesk& desk, QWidget* parent) : QWidget(parent), m_desk(desk), m_pace(QThread::idealThreadCount()) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(12, 0, 12, 12);
  all->setSpacing(12);
  all->addWidget(makeHeader(theme));
  m_notices = new NoticeStrip(theme, desk, this);
  all->addWidget(m_notices);
  connect(m_notices, &NoticeStrip::exportWanted, this, &LivePage::exportWanted);
  connect(m_notices, &NoticeStrip::settingsWanted, this, &LivePage::settingsWanted);
  m_steer = new SteerPanel(theme, desk, this);
  m_steer->hide();
  all->addWidget(m_steer);
  connect(m_steer, &SteerPanel::stopWanted, m_notices, &NoticeStrip::askToStop);
  connect(m_steerButton, &QPushButton::toggled, m_steer, &QWidget::setVisible);
  setFocusPolicy(Qt::ClickFocus);    // so that Space reaches it
  all->addWidget(makeBoard(theme), 1);
  m_clock.start();
  m_timer.setSingleShot(true);
  connect(&m_timer, &QTimer::timeout, this, &LivePage::frame);
  connect(&desk, &RunDesk::shownChanged, this, &LivePage::showRun);
  connect(&desk, &RunDesk::advanced, this, [this] {
    if (!m_timer.isActive()) m_timer.start(kFrameMs);
  });
  connect(&desk, &RunDesk::stateChanged, this, &LivePage::refreshHeader);
  showRun();
}

QWidget* LivePage::makeHeader(Theme& theme) {
  auto* bar = new QWidget(this);
  auto* row = new QHBoxLayout(bar);
  row->setContentsMargins(4, 0, 0, 0);
  row->setSpacing(12);
  m_title = makeLabel("title", {}, bar);
  m_about = new ElidedLabel("secondary", Qt::ElideRight, bar);
  m_state = new StateLabel(theme, bar);
  m_resume = new IconButton(theme, QStringLiteral("play"), tr("Go on"), IconButton::Style::Plain, bar);
  m_use = new IconButton(theme, QStringLiteral("sliders-horizontal"), tr("Use these settings"), IconButton::Style::Plain, bar);
  row->addWidget(m_title);
  row->addWidget(m_about, 1);
  row->addWidget(m_state);
  m_steerButton = new IconButton(theme, QStringLiteral("settings-2"), tr("Steer"), IconButton::Style::Plain, bar);
  m_steerButton->setCheckable(true);
  m_steerButton->setToolTip(tr("Change learning rate, end step, dropout, alpha, ranks or what is frozen while the run goes on"));
  row->addWidget(m_use);
  row->addWidget(m_resume);
  row->addWidget(m_steerButton);
  bar->setMinimumHeight(m_use->sizeHint().height());  // the charts below stay where they are as the buttons come and go
  connect(m_resume, &QPushButton::clicked, this, [this] {
    if (m_run) m_desk.resume(m_run->id);
  });
  connect(m_use, &QPushButton::clicked, this, [this] {
    if (m_run) Q_EMIT settingsWanted(m_run->config);
  });
  return bar;
}

// Charts, samples and times: in a low window they scroll rather than shrink.
QWidget* LivePage::makeBoard(Theme& theme) {
  auto* scroll = makeScroll(this);
  scroll->setFocusPolicy(Qt::NoFocus);
  auto* board = new QWidget(scroll->viewport());
  board->setProperty("plain", true);
  auto* all = new QVBoxLayout(board);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(12);
  m_curves = new LiveCurves(theme, board);
  all->addWidget(m_curves, 5);
  auto* spectra = new QHBoxLayout;
  spectra->setSpacing(12);
  for (QWidget* card : {makeSpectrumCard(theme), makeMapCard(theme)}) {
    card->setMinimumHeight(kSpectraHeight);
    spectra->addWidget(card, 1);
  }
  all->addLayout(spectra, 6);
  all->addWidget(makeScrubber(theme));
  m_samples = new SamplesCard(theme, board);
  all->addWidget(m_samples);
  m_stepTime = new StepTimeStrip(theme, m_desk, board);
  all->addWidget(m_stepTime);
  scroll->setWidget(board);
  return scroll;
}

QWidget* LivePage::makeSpectrumCard(Theme& theme) {
  const auto card = makeChartCard(tr("Spectrum of ΔW"), &m_site, this);
  auto* caption = makeLabel("caption", tr("eff. rank"), card.frame);   // short: the matrix has its name beside it
  caption->setToolTip(tr("effective rank"));
  card.header->addWidget(caption);
  m_siteFigures = makeLabel("mono", {}, card.frame);
  card.header->addWidget(m_siteFigures);
  m_spectrum = new SpectrumPlot(theme, card.frame);
  m_spectrum->setEmptyText(tr("The singular values of each adapted matrix appear with the first spectra."));
  card.body->addWidget(m_spectrum, 1);
  m_cut = new RankCut(theme, *m_spectrum, RankCut::Size::Small, card.frame);
  connect(m_cut, &RankCut::exportWanted, this, [this](int rank) {
    if (m_run) Q_EMIT exportAtRankWanted(m_run->id, 0, rank);
  });
  card.body->addWidget(m_cut);
  return card.frame;
}

QWidget* LivePage::makeMapCard(Theme& theme) {
  const auto card = makeChartCard(tr("All matrices, layers × modules"), nullptr, this);
  m_figure = makeTool({tr("effective rank"), tr("stable rank"), tr("rank of 99 % energy"), tr("Frobenius norm"), tr("magnitude change"), tr("direction change")},
                      tr("figure shown as colour"), card.frame);
  connect(m_figure, &QComboBox::currentIndexChanged, this, [this] { refreshMap(); });
  card.header->addWidget(m_figure);
  m_map = new HeatMap(theme, card.frame);
  m_map->setEmptyText(tr("One cell a matrix, from the first spectra on. A click shows its spectrum."));
  connect(m_map, &HeatMap::chosen, this, [this](int row, int column) {
    if (!m_run) return;
    for (std::size_t i = 0; i < m_run->sites.size(); ++i)
      if (m_run->sites[i].layer == m_layers[static_cast<std::size_t>(row)] && m_run->sites[i].module == m_modules[static_cast<std::size_t>(column)])
        chooseSite(static_cast<int>(i));
  });
  card.body->addWidget(m_map);
  return card.frame;
}

QWidget* LivePage::makeScrubber(Theme& theme) {
  auto* frame = new QFrame(this);
  frame->setProperty("card", true);
  auto* row = new QHBoxLayout(frame);
  row->setContentsMargins(12, 4, 12, 4);
  row->setSpacing(12);
  row->addWidget(makeLabel("section", tr("SPECTRA AT STEP"), frame));
  m_scrubber = new QSlider(Qt::Horizontal, frame);
  m_scrubber->setAccessibleName(tr("step of the spectra"));
  m_scrubber->setPageStep(1);
  row->addWidget(m_scrubber, 1);
  m_stepNumber = makeLabel("mono", QStringLiteral("–"), frame);
  m_stepNumber->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  m_stepNumber->setMinimumWidth(QFontMetrics(theme.mono(12)).horizontalAdvance(QStringLiteral("000,000")));
  row->addWidget(m_stepNumber);
  m_follow = new QCheckBox(tr("follow"), frame);
  m_follow->setChecked(true);
  m_follow->setToolTip(tr("Stay at the latest spectra while the run goes on"));
  row->addWidget(m_follow);
  connect(m_scrubber, &QSlider::valueChanged, this, [this](int index) {
    if (m_scrubber->isEnabled() && m_run && index + 1 < static_cast<int>(m_run->spectra.size())) m_follow->setChecked(false);
    setStepIndex(index);
  });
  connect(m_follow, &QCheckBox::toggled, this, [this](bool on) {
    if (on) m_scrubber->setValue(m_scrubber->maximum());
  });
  return frame;
}

void LivePage::showRun() {
  m_run = m_desk.shown();
  m_drawn = 0;
  m_drawnSpectra = 0;
  m_mapScale = {};
  m_siteIndex = -1;
  m_curves->show(m_run);
  m_samples->show(m_run.get(), /*another=*/true);
  offer();
  m_follow->setChecked(true);
  refreshHeader();
  refreshSpectra();                 // chooses a matrix, whose ranks the curves show
  m_curves->refresh();
}

void LivePage::frame() {
  if (!m_run || m_run->revision == m_drawn) return;
  if (!isVisible()) return;         // showEvent of the stack brings another advanced() or refreshNow()
  if (const int ms = m_pace.wait(static_cast<double>(m_clock.elapsed()), threadCpuMs()); ms > 0 && m_run->running()) return m_timer.start(ms);
  m_drawn = m_run->revision;
  m_samples->show(m_run.get(), /*another=*/false);
  offer();
  refreshSpectra();
  m_curves->refresh();
}

void LivePage::refreshNow() {
  if (!m_run) return;
  m_drawn = m_run->revision;
  refreshHeader();
  m_stepTime->refresh();
  m_samples->show(m_run.get(), /*another=*/false);
  offer();
  refreshSpectra();
  m_curves->refresh();
}

void LivePage::refreshHeader() {
  if (!m_run) {
    m_title->setText(tr("No run yet"));
    m_about->setWholeText(tr("Curves and spectra appear from the first step. Set up a run and press Train."));
    m_state->setState(StateLabel::Tone::Missing, {});
    m_resume->hide();
    m_use->hide();
    m_steerButton->hide();
    return;
  }
  m_title->setText(QStringLiteral("%1  %2").arg(m_run->name, methodText(m_run->config)));
  QStringList about;
  if (m_run->trainable > 0) about.append(tr("%1 trained parameters in %2 matrices").arg(grouped(m_run->trainable)).arg(m_run->sites.size()));
  if (!m_run->message.isEmpty() && !m_notices->text().contains(m_run->message)) about.append(m_run->message);
  m_about->setWholeText(about.join(QStringLiteral(" · ")));
  const QString& word = m_run->stateWord;
  StateLabel::Tone tone = StateLabel::Tone::Busy;
  if (word == QLatin1String("done") || word == QLatin1String("stopped")) tone = StateLabel::Tone::Good;
  if (word == QLatin1String("failed") || word == QLatin1String("interrupted")) tone = StateLabel::Tone::Bad;
  if (word == QLatin1String("abandoned")) tone = StateLabel::Tone::Missing;
  m_state->setState(tone, engineText(ss(word)));
  const bool idle = !m_run->running() && !m_desk.isLive() && !m_desk.starting();
  m_resume->setVisible(idle && word != QLatin1String("done") && !m_desk.project().readOnly);
  m_use->setVisible(!m_run->running());
  const bool live = m_run == m_desk.live() && m_desk.isLive();
  m_steerButton->setVisible(live);
  if (!live) m_steerButton->setChecked(false);
}

void LivePage::askToStop() { m_notices->askToStop(); }

void LivePage::keyPressEvent(QKeyEvent* event) {
  if (event->key() != Qt::Key_Space || event->modifiers() != Qt::NoModifier || event->isAutoRepeat()) return QWidget::keyPressEvent(event);
  Q_EMIT pauseWanted();
}

// A figure that a run has not is not to be chosen.
void LivePage::offer() {
  const bool ranks = m_run && !m_run->ranks.empty();
  const QSignalBlocker quiet(m_figure);   // who asked draws all next
  if (ranks && m_figure->count() == kRanksFigure) m_figure->addItem(tr("ranks in use"));
  if (!ranks && m_figure->count() > kRanksFigure) m_figure->removeItem(kRanksFigure);
}

void LivePage::refreshSpectra() {
  const std::size_t count = m_run ? m_run->spectra.size() : 0;
  m_scrubber->setEnabled(count > 1);
  if (count == m_drawnSpectra && count != 0) return;
  m_drawnSpectra = count;
  const bool follow = m_follow->isChecked();
  const int before = m_scrubber->value();
  {
    const QSignalBlocker quiet(m_scrubber);
    m_scrubber->setRange(0, std::max(0, static_cast<int>(count) - 1));
    m_scrubber->setValue(follow ? m_scrubber->maximum() : std::min(before, m_scrubber->maximum()));
  }
  m_layers.clear();
  m_modules.clear();
  if (m_run)
    for (const auto& site : m_run->sites) {
      if (std::find(m_layers.begin(), m_layers.end(), site.layer) == m_layers.end()) m_layers.push_back(site.layer);
      if (std::find(m_modules.begin(), m_modules.end(), site.module) == m_modules.end()) m_modules.push_back(site.module);
    }
  std::sort(m_layers.begin(), m_layers.end());
  if (m_siteIndex < 0 && m_run && !m_run->sites.empty()) {
    m_siteIndex = static_cast<int>(m_run->sites.size() / 2);
    m_curves->chooseSite(m_siteIndex);
  }
  setStepIndex(m_scrubber->value());
}

const SpectraAt* LivePage::at() const {
  const std::size_t known = m_run ? std::min(m_drawnSpectra, m_run->spectra.size()) : 0;   // for those that came since there are no rows and columns yet
  if (known == 0) return nullptr;
  return &m_run->spectra[static_cast<std::size_t>(std::clamp(m_scrubber->value(), 0, static_cast<int>(known) - 1))];
}

void LivePage::setStepIndex(int) {
  const auto* spectra = at();
  m_stepNumber->setText(spectra ? grouped(spectra->step) : QStringLiteral("–"));
  refreshMap();
  refreshSpectrum();
}

double LivePage::figure(const SpectraAt& at, std::size_t site) const {
  const SiteFigures& f = at.sites[site];
  switch (m_figure->currentIndex()) {
    case 0: return f.effectiveRank;
    case 1: return f.stableRank;
    case 2: return f.energy99;
    case 3: return f.frobenius;
    case 4: return f.magnitudeChange;
    case kRanksFigure: return static_cast<double>(m_run->ranksOf(static_cast<int>(site), at.step));
    default: return f.directionChange;
  }
}

// The scale spans all recorded steps, so that colours can be compared while scrubbing; only what is new is looked at.
std::pair<double, double> LivePage::mapScale() {
  const auto& spectra = m_run->spectra;
  if (m_mapScale.run != m_run.get() || m_mapScale.figure != m_figure->currentIndex() || m_mapScale.steps > spectra.size())
    m_mapScale = {.run = m_run.get(), .figure = m_figure->currentIndex()};
  const bool ranks = m_figure->currentIndex() == kRanksFigure;
  if (ranks) m_mapScale.low = 0;
  for (; m_mapScale.steps < spectra.size(); ++m_mapScale.steps) {
    const SpectraAt& at = spectra[m_mapScale.steps];
    for (std::size_t i = 0; i < at.sites.size(); ++i)
      if (at.sites[i].count > 0 && (ranks || at.sites[i].frobenius > 0)) {  // an update that is still zero says nothing of the scale
        m_mapScale.low = std::min(m_mapScale.low, figure(at, i));
        m_mapScale.high = std::max(m_mapScale.high, figure(at, i));
      }
  }
  if (m_mapScale.low <= m_mapScale.high || spectra.empty()) return {m_mapScale.low, m_mapScale.high};
  double low = INFINITY, high = -INFINITY;
  for (std::size_t i = 0; i < spectra.back().sites.size(); ++i)
    if (spectra.back().sites[i].count > 0) {
      low = std::min(low, figure(spectra.back(), i));
      high = std::max(high, figure(spectra.back(), i));
    }
  return {low, high};
}

void LivePage::refreshMap() {
  const auto* spectra = at();
  if (!spectra) {
    m_map->setData({});
    return;
  }
  HeatMapData map;
  map.rows = m_layers;
  for (const auto& module : m_modules) map.columns.append(qs(module));
  map.values.assign(m_layers.size() * m_modules.size(), std::nan(""));
  const auto [low, high] = mapScale();
  for (std::size_t i = 0; i < spectra->sites.size() && i < m_run->sites.size(); ++i) {
    if (spectra->sites[i].count == 0) continue;
    const auto row = std::lower_bound(m_layers.begin(), m_layers.end(), m_run->sites[i].layer) - m_layers.begin();
    const auto column = std::find(m_modules.begin(), m_modules.end(), m_run->sites[i].module) - m_modules.begin();
    map.values[static_cast<std::size_t>(row) * m_modules.size() + static_cast<std::size_t>(column)] = figure(*spectra, i);
  }
  map.low = low <= high ? low : 0;
  map.high = low <= high ? high : 1;
  map.digits = m_figure->currentIndex() == 2 || m_figure->currentIndex() == kRanksFigure ? 0 : map.high < 0.1 ? 4 : map.high < 1 ? 2 : 1;
  m_map->setChartName(m_figure->currentText().replace(QLatin1Char(' '), QLatin1Char('-')));
  m_map->setData(std::move(map));
  if (m_siteIndex >= 0 && m_siteIndex < static_cast<int>(m_run->sites.size())) {
    const auto& site = m_run->sites[static_cast<std::size_t>(m_siteIndex)];
    m_map->setChosen(static_cast<int>(std::lower_bound(m_layers.begin(), m_layers.end(), site.layer) - m_layers.begin()),
                     static_cast<int>(std::find(m_modules.begin(), m_modules.end(), site.module) - m_modules.begin()));
  }
}

void LivePage::chooseSite(int site) {
  m_siteIndex = site;
  m_curves->chooseSite(site);
  refreshMap();
  refreshSpectrum();
}

void LivePage::refreshSpectrum() {
  const auto* spectra = at();
  const auto site = static_cast<std::size_t>(std::max(0, m_siteIndex));
  if (!spectra || m_siteIndex < 0 || site >= spectra->sites.size() || spectra->sites[site].count == 0) {
    m_spectrum->clear();
    m_cut->follow({}, 0);
    m_site->setWholeText({});
    m_siteFigures->setText({});
    return;
  }
  const auto values = [site](const SpectraAt& s) {
    if (site >= s.sites.size()) return std::vector<float>();
    const auto first = s.values.begin() + s.sites[site].begin;
    return std::vector<float>(first, first + s.sites[site].count);
  };
  const SiteFigures& f = spectra->sites[site];
  SpectrumView view;
  view.site = qs(m_run->sites[site].path);
  view.step = spectra->step;
  view.values = values(*spectra);
  if (m_run->spectra.front().step == 0) view.ghost = values(m_run->spectra.front());
  view.energy90 = f.energy90;
  view.energy95 = f.energy95;
  view.energy99 = f.energy99;
  for (const auto& step : m_run->spectra)
    if (site < step.sites.size() && step.sites[site].count > 0)
      view.top = std::max(view.top, static_cast<double>(step.values[step.sites[site].begin]));
  m_site->setWholeText(shortSite(m_run->sites[site].path));
  m_site->setToolTip(qs(m_run->sites[site].path));
  m_siteFigures->setText(ratioText(fixed(f.effectiveRank, 1), QString::number(view.values.size())));
  view.noise = noise_of(view.values, m_run->sites[site]);
  m_spectrum->setView(std::move(view));
  m_cut->follow(m_run->sites, f.energy99);
}

}  // namespace weft::ui
