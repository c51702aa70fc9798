// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/step_time_strip.h"

#include <algorithm>
#include <cmath>

#include <QAction>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/phase_bar.h"

namespace weft::ui {
namespace {

constexpr int kRefreshMs = 200, kTextWidth = 284;
constexpr double kLongStep = 99999;   // ms, as wide as what stands beside the button gets
constexpr double kStepsToMeasure = 8;   // four rounds of this engine's kernels and four of LibTorch's

}  // namespace

StepTimeStrip::StepTimeStrip(Theme& theme, RunDesk& desk, QWidget* parent) : QFrame(parent), m_desk(desk) {
  setProperty("card", true);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 6, 12, 6);
  row->setSpacing(16);
  auto* texts = new QWidget(this);
  auto* left = new QVBoxLayout(texts);
  left->setContentsMargins(0, 0, 0, 0);
  left->setSpacing(2);
  auto* line = new QHBoxLayout;
  line->setSpacing(8);
  m_share = makeLabel("subtitle", {}, texts);
  m_next = makeLabel("secondary", {}, texts);
  m_measure = new IconButton(theme, {}, tr("Measure this machine's floor"), IconButton::Style::Link, texts);
  // the bar does not move with the figures, and nothing as the button comes and goes
  const auto fit = [this, texts, line] {
    m_measure->ensurePolished();
    m_share->ensurePolished();
    const int button = m_measure->fontMetrics().horizontalAdvance(tr("Measure this machine's floor")) - m_measure->fontMetrics().horizontalAdvance(m_measure->text()) + m_measure->sizeHint().width();
    texts->setFixedWidth(std::max(kTextWidth, m_share->fontMetrics().horizontalAdvance(tr("%1 a step").arg(millisecondsText(kLongStep))) + line->spacing() + button));
    m_share->setMinimumHeight(m_measure->sizeHint().height());
  };
  fit();
  connect(&theme, &Theme::changed, texts, fit);   // words of another size
  line->addWidget(m_share);
  line->addWidget(m_next);
  line->addWidget(m_measure);
  line->addStretch(1);
  left->addLayout(line);
  m_about = new ElidedLabel("caption", Qt::ElideRight, texts);
  left->addWidget(m_about);
  row->addWidget(texts);
  m_bar = new PhaseBar(theme, this);
  row->addWidget(m_bar, 1);
  m_again = new QAction(tr("Measure the floor again"), this);
  addAction(m_again);
  setContextMenuPolicy(Qt::ActionsContextMenu);
  connect(m_again, &QAction::triggered, this, &StepTimeStrip::measure);
  m_timer.setInterval(kRefreshMs);
  m_timer.setSingleShot(true);
  connect(&m_timer, &QTimer::timeout, this, &StepTimeStrip::refresh);
  connect(&desk, &RunDesk::advanced, this, [this] {
    if (!m_timer.isActive()) m_timer.start();
  });
  connect(&desk, &RunDesk::shownChanged, this, &StepTimeStrip::refresh);
  connect(&desk, &RunDesk::stateChanged, this, &StepTimeStrip::refresh);
  connect(&desk.backend(), &Backend::engineReady, this, [this] {
    m_asked.reset();   // what only the engine could answer is asked again
    refresh();
  });
  connect(m_measure, &QPushButton::clicked, this, [this] {
    if (!m_cancel) return measure();
    *m_cancel = true;
    refresh();
  });
  refresh();
}

void StepTimeStrip::refresh() {
  const auto& run = m_desk.shown();
  const bool known = run && run->stepTime.steps > 0;
  if (known && !run->floor) askForFloor();
  std::optional<FloorShare> share;
  if (known && run->floor) share = floor_share(run->stepTime, *run->floor);
  m_bar->setTime(known ? run->stepTime : StepTime{}, share);
  m_share->setVisible(known);
  m_next->setVisible(share.has_value());
  if (share) {
    m_share->setText(tr("%1 of the floor").arg(percentText(share->share)));
    m_next->setText(tr("next limit: %1").arg(engineText(phase_name(share->next))));
  } else if (known) {
    m_share->setText(tr("%1 a step").arg(millisecondsText(run->stepTime.ms / static_cast<double>(run->stepTime.steps))));
  }
  refreshButton();
  if (!known) {
    m_about->setWholeText(run && !run->running() ? tr("Where the time of this run went was not recorded.")
                                                 : tr("Where a step's time goes appears here."));
    return;
  }
  const auto steps = static_cast<double>(run->stepTime.steps);
  QString about = tr("mean of the last %1 steps").arg(run->stepTime.steps);
  if (share)
    about = tr("%1 a step; %2 above its floor: %3")
                .arg(millisecondsText(run->stepTime.ms / steps), engineText(phase_name(share->next)),
                     millisecondsText(share->next_ms / steps));
  if (m_cancel)
    about = *m_cancel ? tr("cancelling: the product in progress is finished first") : tr("measuring: the products and attention of a step, alone…");
  else if (!share && m_asked.lock() == run && !m_whyNot.isEmpty())
    about = m_whyNot;
  m_about->setWholeText(about);
}

void StepTimeStrip::refreshButton() {
  const auto& run = m_desk.shown();
  const bool open = run && run->stepTime.steps > 0 && !run->floor;
  const bool busy = m_desk.isLive() || m_desk.starting(), able = !busy && !m_cancel && m_desk.backend().hasEngine();
  m_again->setEnabled(able && run && run->floor);
  m_measure->setVisible(open || m_cancel);
  if (m_cancel) {
    m_measure->setText(tr("Cancel"));
    m_measure->setEnabled(!*m_cancel);
    m_measure->setToolTip({});
    return;
  }
  if (!open) return;
  m_measure->setEnabled(able && m_asked.lock() == run && m_whyNot.isEmpty());
  const double seconds = kStepsToMeasure * run->stepTime.ms / static_cast<double>(run->stepTime.steps) / 1000;
  m_measure->setToolTip(
      busy ? tr("When no run goes on: measuring takes the whole machine for a while.")
           : tr("Times the matrix products, attention and output layer of one step alone, with this model's shapes.\n"
                "Takes about %1 s and the memory of the weights; kept for all runs of these shapes on this machine.")
                 .arg(grouped(std::max<std::int64_t>(2, std::llround(seconds)))));
}

void StepTimeStrip::askForFloor() {
  const auto run = m_desk.shown();
  if (m_asked.lock() == run) return;
  m_asked = run;
  m_whyNot.clear();
  m_desk.backend().readFloor(run->id, this, [this, run](Result<KnownFloor> known) {
    if (known.ok()) run->floor = known->floor;
    if (m_asked.lock() != run) return;
    m_whyNot = engineText(known.ok() ? known->why_not : known.status().message());
    refresh();
  });
}

void StepTimeStrip::measure() {
  const auto run = m_desk.shown();
  if (!run || m_cancel) return;
  m_cancel = std::make_shared<std::atomic<bool>>(false);
  refresh();
  m_desk.backend().measureFloor(run->id, m_cancel, this, [this, run](Result<BatchFloor> floor) {
    m_cancel.reset();
    m_measure->setText(tr("Measure this machine's floor"));
    if (floor.ok())
      run->floor = *floor;
    else if (floor.status().code() == ErrorCode::Cancelled)
      return refresh();
    else
      m_desk.log().add(LogEntry::Level::Error, engineText(floor.status().message()));
    if (!floor.ok() && m_asked.lock() == run) m_whyNot = engineText(floor.status().message());
    refresh();
  });
}

QString StepTimeStrip::text() const {
  QStringList parts;
  for (const QWidget* part : {static_cast<const QWidget*>(m_share), static_cast<const QWidget*>(m_next)})
    if (part->isVisibleTo(this)) parts.append(static_cast<const QLabel*>(part)->text());
  return parts.join(QStringLiteral(" · "));
}

}  // namespace weft::ui
