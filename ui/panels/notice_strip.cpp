// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/notice_strip.h"

#include <cmath>

#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr int kLookMs = 2000;   // a look at a long run costs milliseconds

QString bestSentence(const RunHistory& run) {
  const auto& losses = run.evalLoss.values;
  const QString last = losses.empty() || run.evalLoss.steps.back() == static_cast<double>(run.bestStep) ? QString()
                       : NoticeStrip::tr(" The last: %1 at step %2.").arg(fixed(losses.back(), 4), grouped(std::llround(run.evalLoss.steps.back())));
  return NoticeStrip::tr("Lowest hold-out loss %1 at step %2, its checkpoint is kept.").arg(fixed(run.bestLoss, 4), grouped(run.bestStep)) + last;
}

}  // namespace

NoticeStrip::NoticeStrip(Theme& theme, RunDesk& desk, QWidget* parent) : QFrame(parent), m_desk(desk) {
  setProperty("card", true);
  setAccessibleName(tr("Notices of the run"));
  m_layout = new QBoxLayout(QBoxLayout::LeftToRight, this);
  m_layout->setContentsMargins(12, 6, 8, 6);
  m_layout->setSpacing(8);
  auto* row = new QHBoxLayout;
  m_row = row;
  row->setSpacing(12);
  m_layout->addLayout(row, 1);
  m_title = makeLabel("section", {}, this);
  row->addWidget(m_title);
  m_text = makeLabel("secondary", {}, this);
  m_text->setWordWrap(true);
  m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
  row->addWidget(m_text, 1);
  m_back = new IconButton(theme, QStringLiteral("rotate-ccw"), {}, IconButton::Style::Primary, this);
  m_skip = new IconButton(theme, QStringLiteral("play"), tr("Skip the batch"), IconButton::Style::Plain, this);
  m_more = new IconButton(theme, {}, {}, IconButton::Style::Link, this);
  m_export = new IconButton(theme, QStringLiteral("download"), tr("Export the best"), IconButton::Style::Plain, this);
  m_stop = new IconButton(theme, QStringLiteral("circle-stop"), tr("Stop without saving"), IconButton::Style::Plain, this);
  m_keep = new IconButton(theme, {}, tr("Go on"), IconButton::Style::Plain, this);
  row->addWidget(m_more);
  auto* ways = new QHBoxLayout;
  ways->setSpacing(8);
  ways->addStretch(1);
  for (auto* button : {m_back, m_skip, m_export, m_stop, m_keep}) ways->addWidget(button);
  m_layout->addLayout(ways);
  connect(m_back, &QPushButton::clicked, this, [this] {
    if (const auto& run = m_desk.live())
      if (const auto way = wayBack(*run)) {
        RunEdit edit;
        edit.lr = way->lr;
        m_desk.goBack(way->step, edit);
      }
  });
  connect(m_skip, &QPushButton::clicked, this, [this] { m_desk.control(Control::Continue); });
  connect(m_stop, &QPushButton::clicked, this, [this] {
    m_asking = false;
    m_desk.control(Control::Abandon);
    refresh();
  });
  connect(m_keep, &QPushButton::clicked, this, [this] {
    m_asking = false;
    refresh();
  });
  connect(m_export, &QPushButton::clicked, this, [this] {
    if (const auto& run = m_desk.shown()) Q_EMIT exportWanted(run->id, run->bestStep);
  });
  connect(m_more, &QPushButton::clicked, this, [this] {
    m_open = !m_open;
    refresh();
  });
  m_timer.setInterval(kLookMs);
  m_timer.setSingleShot(true);
  connect(&m_timer, &QTimer::timeout, this, &NoticeStrip::look);
  connect(&desk, &RunDesk::advanced, this, [this] {
    if (!m_timer.isActive()) m_timer.start();
  });
  connect(&desk, &RunDesk::shownChanged, this, [this] {
    m_open = false;
    look();
  });
  connect(&desk, &RunDesk::stateChanged, this, &NoticeStrip::look);
  look();
}

QString NoticeStrip::text() const { return m_text->text(); }

void NoticeStrip::look() {
  const auto& run = m_desk.shown();
  m_notices = run ? health_notices(healthSeries(*run)) : std::vector<HealthNotice>();
  refresh();
}

void NoticeStrip::say(const QString& title, const QString& text, bool below) {
  m_title->setText(title);
  m_text->setText(text);
  for (QWidget* beside : std::initializer_list<QWidget*>{m_title, m_more}) m_row->setAlignment(beside, below ? Qt::AlignTop : Qt::AlignVCenter);
  m_layout->setDirection(below ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  setAccessibleDescription(text);
  setVisible(!text.isEmpty());
}

void NoticeStrip::askToStop() {
  m_asking = m_desk.isLive();
  refresh();
  if (m_asking) m_keep->setFocus();
}

void NoticeStrip::refresh() {
  const auto& run = m_desk.shown();
  m_asking = m_asking && m_desk.isLive();
  m_stop->setVisible(m_asking);
  m_keep->setVisible(m_asking);
  if (m_asking) {
    for (auto* button : {m_back, m_skip, m_export, m_more}) button->hide();
    const std::int64_t saved = m_desk.live()->checkpointStep;
    return say(tr("STOP?"), saved > 0 ? tr("What was trained since the checkpoint of step %1 is lost. The curves stay in the project.").arg(grouped(saved))
                                      : tr("No checkpoint is written yet: all that was trained is lost. The curves stay in the project."));
  }
  const bool stuck = run && run == m_desk.live() && run->lastStepBad && run->stateWord == QLatin1String("paused");
  const WayBack way = stuck ? wayBack(*run).value_or(WayBack()) : WayBack();   // step 0: none
  m_back->setVisible(way.step > 0);
  m_skip->setVisible(stuck);
  const bool best = run && !run->running() && run->bestStep > 0;
  m_export->setVisible(best);
  const std::size_t count = m_notices.size() + (best ? 1 : 0);
  m_more->setVisible(!stuck && count > 1);
  if (stuck) {
    if (way.step > 0) {
      m_back->setText(tr("Back to step %1, rate %2").arg(grouped(way.step), shortNumber(QString::number(way.lr, 'g', 3).toDouble())));
      m_back->setToolTip(tr("Forgets what came after the checkpoint of step %1 and goes on from there with a third of the learning rate").arg(grouped(way.step)));
    }
    m_skip->setToolTip(tr("Goes on with the next batch; nothing of this one was applied"));
    return say(tr("PAUSED BY ITSELF"), run->message, /*below=*/true);
  }
  QStringList lines;
  if (best) lines.append(bestSentence(*run));
  for (const auto& notice : m_notices) lines.append(QStringLiteral("%1: %2").arg(qs(notice.title), qs(notice.text)));
  if (lines.isEmpty()) return say({}, {});
  m_more->setText(m_open ? tr("show one") : tr("%1 more").arg(lines.size() - 1));
  say(best ? tr("ENDED") : tr("SEEN"), m_open ? lines.join(QLatin1Char('\n')) : lines.first(), m_open);
}

}  // namespace weft::ui
