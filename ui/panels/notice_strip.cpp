// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/notice_strip.h"

#include <algorithm>
#include <cmath>

#include <QFileDialog>

#include "engine/api/activations.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/dialogs/batch_dialog.h"
#include "ui/models/number_text.h"
#include "ui/widgets/announce.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr int kLookMs = 2000;   // a look at a long run costs milliseconds
constexpr int kFewCheckpoints = 2;

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
  m_batch = new IconButton(theme, QStringLiteral("list"), tr("Open the batch"), IconButton::Style::Plain, this);
  m_batch->setToolTip(tr("Shows the rows that the step was computed of"));
  m_fewer = new IconButton(theme, {}, tr("Keep the last %1 and go on").arg(kFewCheckpoints), IconButton::Style::Primary, this);
  m_fewer->setToolTip(tr("Deletes older checkpoints of this run, but not the best one, and continues"));
  m_move = new IconButton(theme, QStringLiteral("folder-open"), tr("Move its files…"), IconButton::Style::Plain, this);
  m_move->setToolTip(tr("Brings checkpoints and exports of the project to a folder on another disk, leaves a link in their place, and goes on"));
  m_endMove = new IconButton(theme, {}, tr("Cancel"), IconButton::Style::Plain, this);
  m_less = new IconButton(theme, QStringLiteral("rotate-ccw"), {}, IconButton::Style::Primary, this);
  m_settings = new IconButton(theme, QStringLiteral("sliders-horizontal"), tr("Change the settings"), IconButton::Style::Plain, this);
  m_settings->setToolTip(tr("Takes this run's settings to Set up, where the memory card says what takes less"));
  row->addWidget(m_more);
  auto* ways = new QHBoxLayout;
  ways->setSpacing(8);
  ways->addStretch(1);
  for (auto* button : {m_back, m_fewer, m_move, m_less, m_skip, m_batch, m_settings, m_export, m_stop, m_keep, m_endMove}) ways->addWidget(button);
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
  connect(m_batch, &QPushButton::clicked, this, &NoticeStrip::openBatch);
  connect(m_fewer, &QPushButton::clicked, this, &NoticeStrip::keepFewer);
  connect(m_move, &QPushButton::clicked, this, &NoticeStrip::moveFiles);
  connect(m_endMove, &QPushButton::clicked, this, [this] {
    if (m_ending) *m_ending = true;
    refresh();
  });
  connect(m_less, &QPushButton::clicked, this, [this] {
    RunEdit edit;
    edit.activations = activations_name(Activations::Checkpoint);
    if (const auto& run = m_desk.shown()) m_desk.resume(run->id, edit);
  });
  connect(m_settings, &QPushButton::clicked, this, [this] {
    if (const auto& run = m_desk.shown()) Q_EMIT settingsWanted(run->config);
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
  const bool fresh = m_text->text().isEmpty() || m_title->text() != title;   // numbers alone that go on are no news
  m_title->setText(title);
  m_text->setText(text);
  for (QWidget* beside : std::initializer_list<QWidget*>{m_title, m_more}) m_row->setAlignment(beside, below ? Qt::AlignTop : Qt::AlignVCenter);
  m_layout->setDirection(below ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
  setAccessibleDescription(text);
  setVisible(!text.isEmpty());
  if (fresh) announce(*this, text);
}

void NoticeStrip::askToStop() {
  m_asking = m_desk.isLive();
  refresh();
  if (m_asking) m_keep->setFocus();
}

void NoticeStrip::refresh() {
  const auto& run = m_desk.shown();
  if (m_ending) return sayMoving();
  m_asking = m_asking && m_desk.isLive();
  if (m_asking) {
    showOnly({m_stop, m_keep});
    const std::int64_t saved = m_desk.live()->checkpointStep;
    return say(tr("STOP?"), saved > 0 ? tr("What was trained since the checkpoint of step %1 is lost. The curves stay in the project.").arg(grouped(saved))
                                      : tr("No checkpoint is written yet: all that was trained is lost. The curves stay in the project."));
  }
  if (run && run == m_desk.live() && run->stateWord == QLatin1String("paused") && (run->lastStepBad || !run->pauseCause.empty())) return sayWhyPaused(*run);
  if (run && run->failureCode == error_code_name(ErrorCode::OutOfMemory)) return sayOutOfMemory(*run);
  const bool best = run && !run->running() && run->bestStep > 0;
  const bool failed = run && run->stateWord == QLatin1String("failed") && !run->message.isEmpty();
  QStringList lines;
  if (failed) lines.append(run->message);   // the headline has no room for the whole of it
  if (best) lines.append(bestSentence(*run));
  for (const auto& notice : m_notices) lines.append(QStringLiteral("%1: %2").arg(engineText(notice.title), engineText(notice.text)));
  showOnly({best ? m_export : nullptr, lines.size() > 1 ? m_more : nullptr});
  if (lines.isEmpty()) return say({}, {});
  m_more->setText(m_open ? tr("show one") : tr("%1 more").arg(lines.size() - 1));
  say(failed ? tr("FAILED") : best ? tr("ENDED") : tr("SEEN"), m_open ? lines.join(QLatin1Char('\n')) : lines.first(), m_open);
}

// One that stays keeps the keyboard.
void NoticeStrip::showOnly(std::initializer_list<QPushButton*> shown) {
  for (auto* button : {m_back, m_skip, m_export, m_more, m_stop, m_keep, m_batch, m_fewer, m_move, m_endMove, m_less, m_settings})
    button->setVisible(std::find(shown.begin(), shown.end(), button) != shown.end());
}

void NoticeStrip::sayWhyPaused(const RunHistory& run) {
  const bool disk = run.pauseCause == "disk";
  const WayBack way = disk ? WayBack() : wayBack(run).value_or(WayBack());   // step 0: none
  showOnly({way.step > 0 ? m_back : nullptr, m_skip, disk ? m_fewer : nullptr, disk ? m_move : nullptr, !disk && run.badStep && !run.badStep->rows.empty() ? m_batch : nullptr});
  m_skip->setText(disk ? tr("Try again") : tr("Skip the batch"));
  m_skip->setToolTip(disk ? tr("Writes the checkpoint, if there is room now, and goes on") : tr("Goes on with the next batch; nothing of this one was applied"));
  if (way.step > 0) {
    m_back->setText(tr("Back to step %1, rate %2").arg(grouped(way.step), shortNumber(QString::number(way.lr, 'g', 3).toDouble())));
    m_back->setToolTip(tr("Forgets what came after the checkpoint of step %1 and goes on from there with a third of the learning rate").arg(grouped(way.step)));
  }
  say(tr("PAUSED BY ITSELF"), run.message, /*below=*/true);
}

void NoticeStrip::sayOutOfMemory(const RunHistory& run) {
  const bool can = !m_desk.isLive() && !m_desk.starting() && !m_desk.project().readOnly && run.activations() != activations_name(Activations::Checkpoint);
  showOnly({can ? m_less : nullptr, m_settings});
  m_less->setText(run.checkpointStep > 0 ? tr("Resume from step %1, keeping less").arg(grouped(run.checkpointStep)) : tr("Start again, keeping less"));
  m_less->setToolTip(tr("Goes on with activations = checkpoint: the same numbers, slower, in less memory"));
  say(tr("OUT OF MEMORY"), run.message, /*below=*/true);
}

// The edit holds from the next step on; its room is taken at once.
void NoticeStrip::keepFewer() {
  RunEdit edit;
  edit.keep = kFewCheckpoints;
  m_desk.edit(edit, this, [this](const Result<std::int64_t>& at) {
    if (at.ok()) return m_desk.control(Control::Continue);
    m_desk.log().add(LogEntry::Level::Error, engineText(at.status().message()));
  });
}

void NoticeStrip::moveFiles() {
  const QString folder = QFileDialog::getExistingDirectory(this, tr("Folder for the project's files"));
  if (folder.isEmpty() || m_ending) return;
  m_ending = std::make_shared<std::atomic<bool>>(false);
  m_moved = m_toMove = 0;
  refresh();
  m_endMove->setFocus();
  const LongWork work{m_ending, [this](std::uint64_t done, std::uint64_t all) {
    m_moved = done;
    m_toMove = all;
    refresh();
  }};
  m_desk.backend().keeper().moveFiles(folder, work, this, [this](const Result<QString>& moved) {
    m_ending.reset();
    refresh();
    if (!moved.ok()) {
      m_move->setFocus();
      m_desk.log().add(moved.status().code() == ErrorCode::Cancelled ? LogEntry::Level::Info : LogEntry::Level::Error, engineText(moved.status().message()));
      m_text->setText(engineText(moved.status().message()));
      return;
    }
    m_desk.log().add(LogEntry::Level::Info, tr("the project's files were moved to %1").arg(*moved));
    m_desk.control(Control::Continue);
  });
}

void NoticeStrip::sayMoving() {
  const bool ending = *m_ending;
  showOnly({ending ? nullptr : m_endMove});
  say(tr("MOVING"), ending        ? tr("Being cancelled…")
                    : m_toMove > 0 ? tr("%1 of %2 of the project's files copied; the old ones go when all are there.").arg(bytesText(static_cast<double>(m_moved)), bytesText(static_cast<double>(m_toMove)))
                                   : tr("Counting the project's files…"));
}

void NoticeStrip::openBatch() {
  const auto& run = m_desk.shown();
  if (run && run->badStep) (new BatchDialog(run->name, *run->badStep, this))->show();
}

}  // namespace weft::ui
