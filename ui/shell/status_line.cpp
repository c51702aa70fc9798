// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_line.h"

#include <QMenu>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/ratio_text.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr int kRefreshMs = 200, kCadenceMs = 6000;

}  // namespace

StatusLine::StatusLine(Theme& theme, Draft& draft, RunDesk& desk, QWidget* parent) : QStatusBar(parent), m_draft(draft), m_desk(desk) {
  setSizeGripEnabled(false);
  setContentsMargins(8, 0, 8, 0);
  const auto label = [this](const char* role) {
    auto* l = makeLabel(role, {}, this);
    l->setMargin(4);   // a frame's contents margins are lost when the theme changes
    addWidget(l);
    return l;
  };
  m_ready = label("secondary");
  m_step = label("mono");
  m_speed = label("mono");
  m_left = label("mono");
  m_memory = label("mono");
  m_spectra = new IconButton(theme, {}, {}, IconButton::Style::Link, this);
  auto* cadences = new QMenu(m_spectra);
  for (const std::int64_t every : {1, 2, 5, 10, 20, 50, 100})
    cadences->addAction(every == 1 ? tr("Spectra every step") : tr("Spectra every %1 steps").arg(every), this, [this, every] { setCadence(every); });
  cadences->addAction(tr("No more spectra in this run"), this, [this] { setCadence(0); });
  m_spectra->setMenu(cadences);
  addWidget(m_spectra);
  m_notice = makeLabel("subtitle", {}, this);
  m_notice->setMargin(4);
  m_notice->hide();
  addPermanentWidget(m_notice);
  m_noticeTimer.setSingleShot(true);
  connect(&m_noticeTimer, &QTimer::timeout, m_notice, [this] {
    m_notice->clear();
    m_notice->hide();
  });
  m_problems = new IconButton(theme, QStringLiteral("triangle-alert"), {}, IconButton::Style::Link, this);
  addPermanentWidget(m_problems);
  m_saved = new StateLabel(theme, this);
  addPermanentWidget(m_saved);
  m_timer.setInterval(kRefreshMs);
  m_timer.setSingleShot(true);
  connect(&m_timer, &QTimer::timeout, this, &StatusLine::refresh);
  const auto later = [this] {
    if (!m_timer.isActive()) m_timer.start();
  };
  connect(&desk, &RunDesk::advanced, this, later);
  connect(&desk, &RunDesk::stateChanged, this, &StatusLine::refresh);
  connect(&desk, &RunDesk::shownChanged, this, &StatusLine::refresh);
  connect(&desk, &RunDesk::projectChanged, this, &StatusLine::refresh);
  connect(&draft, &Draft::changed, this, later);
  connect(&desk.log(), &LogModel::added, this, later);
  connect(m_problems, &QPushButton::clicked, this, &StatusLine::problemsWanted);
  refresh();
}

void StatusLine::refresh() {
  const RunHistory* run = m_desk.isLive() ? m_desk.live().get() : m_desk.shown().get();
  const auto put = [](QLabel* label, const QString& text) {
    label->setText(text);
    label->setVisible(!text.isEmpty());
  };
  if (run) {
    put(m_ready, {});
    put(m_step, tr("%1  step %2").arg(run->name, ratioText(grouped(run->lastStep), grouped(run->totalSteps))));
    put(m_speed, run->tokensPerS.values.empty() ? QString() : tr("%1 tokens/s").arg(fixed(run->tokensPerS.values.back(), 0)));
    put(m_left, run->running() ? tr("ETA %1").arg(durationText(run->secondsLeft())) : run->seconds > 0 ? tr("took %1").arg(durationText(run->seconds)) : QString());
    const auto bytes = run->running() ? run->rssBytes : run->peakRssBytes;
    put(m_memory, bytes == 0 ? QString() : run->running() ? bytesText(static_cast<double>(bytes)) : tr("peak %1").arg(bytesText(static_cast<double>(bytes))));
  } else {
    const bool ready = m_draft.ready();
    QStringList missing;
    if (!m_draft.modelReadiness().ready()) missing.append(tr("model"));
    if (!m_draft.dataReadiness().ready()) missing.append(tr("data"));
    if (!m_draft.methodReadiness().ready()) missing.append(tr("method"));
    if (!m_draft.runReadiness().ready()) missing.append(tr("run"));
    put(m_ready, ready ? tr("Ready: model, data, method, run") : tr("Not ready: %1").arg(missing.join(QLatin1String(", "))));
    for (auto* label : {m_step, m_speed, m_left, m_memory}) put(label, {});
  }
  showSpectra(run);
  const int problems = m_desk.log().problems();
  m_problems->setVisible(problems > 0);
  m_problems->setText(tr("%n problems", nullptr, problems));
  if (problems == 1) m_problems->setText(tr("1 problem"));
  if (m_desk.project().path.isEmpty())
    m_saved->setState(StateLabel::Tone::Missing, tr("no project"));
  else if (m_desk.project().readOnly)
    m_saved->setState(StateLabel::Tone::Missing, tr("read-only"));
  else if (m_desk.isLive() && m_desk.live()->checkpointStep >= 0)
    m_saved->setState(StateLabel::Tone::Good, tr("saved, checkpoint at step %1").arg(grouped(m_desk.live()->checkpointStep)));
  else
    m_saved->setState(StateLabel::Tone::Good, tr("saved"));
}

void StatusLine::showSpectra(const RunHistory* run) {
  const bool measured = run && run->spectraEvery > 0 && run->spectraMs > 0;
  m_spectra->setVisible(measured);
  if (!measured) {
    m_spectra->setText({});
    return;
  }
  const std::int64_t wanted = run->wantedSpectraEvery();
  const bool lowered = wanted > 0 && run->spectraEvery > wanted;
  const QString cost = tr("spectra %1 ms / %2 steps (%3 %)").arg(fixed(run->spectraMs, run->spectraMs < 10 ? 1 : 0), grouped(run->spectraEvery), fixed(100 * run->spectraShare, 1));
  m_spectra->setText(lowered ? tr("%1, not every %2: too slow").arg(cost, grouped(wanted)) : cost);
  m_spectra->setAccessibleName(m_spectra->text());
  m_spectra->setEnabled(run->running());
  m_spectra->setToolTip(lowered ? tr("Every %1 steps they took a larger share of the step time than this run allows, so they are taken less often. Choose a cadence to set it by hand; it then stays.").arg(grouped(wanted))
                                : tr("What the singular values cost: the last measurement, its cadence, its share of the step time. Choose another cadence here."));
}

void StatusLine::setCadence(std::int64_t every) {
  RunEdit edit;
  edit.spectra = every;
  m_desk.edit(edit, this, [this](const Result<std::int64_t>& at) {
    tell(at.ok() ? tr("The cadence of the spectra holds from step %1 on").arg(grouped(*at)) : engineText(at.status().message()), kCadenceMs);
  });
}

void StatusLine::tell(const QString& notice, int ms) {
  m_notice->setText(notice);
  m_notice->setVisible(!notice.isEmpty());
  m_noticeTimer.start(ms);
}

QString StatusLine::text() const {
  QStringList parts;
  for (const auto* label : {m_ready, m_step, m_speed, m_left, m_memory})
    if (!label->text().isEmpty()) parts.append(label->text());
  if (!m_spectra->text().isEmpty()) parts.append(m_spectra->text());
  if (!m_notice->text().isEmpty()) parts.append(m_notice->text());
  parts.append(m_saved->text());
  return parts.join(QLatin1String(" | "));
}

}  // namespace weft::ui
