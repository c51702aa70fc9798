// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/steer_panel.h"

#include <QGridLayout>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/setting_field.h"

namespace weft::ui {
namespace {

constexpr int kColumns = 3, kRowHeight = 34;

std::vector<SettingSpec> specs() {
  using T = SettingType;
  const auto text = [](const char* english) { return ss(SteerPanel::tr(english)); };
  return {
      {.key = "lr", .title = text("Rate"), .type = T::Real, .initial = 0.0, .min = 0, .max = 10, .help = text("Learning rate: the highest of the schedule, whose shape stays.")},
      {.key = "steps", .title = text("End step"), .type = T::Integer, .initial = 1, .min = 1, .max = 10000000,
       .help = text("Where the run ends. Linear and cosine schedules fall to zero there; a constant one goes on as it is.")},
      {.key = "dropout", .title = text("Dropout"), .type = T::Real, .initial = 0.0, .min = 0, .max = 0.999, .help = text("Share of the values left out that the adapters read.")},
      {.key = "alpha", .title = text("Alpha"), .type = T::Real, .initial = 0.0, .min = 1e-6, .max = 1e6, .help = text("Strength of the update: the scale s grows with it, at once.")},
      {.key = "rank", .title = text("Ranks"), .type = T::Integer, .initial = 1, .min = 1, .max = 4096,
       .help = text("The most that a matrix may have: the smallest singular directions of its update are taken away, for good.")},
      {.key = "freeze", .title = text("Freeze"), .type = T::Choice, .initial = "none", .choices = {"none", "left", "right"},
       .help = text("left: B stays as it is, right: A does; the other goes on being trained.")},
  };
}

Json valueOf(const SteerValues& v, const QString& key) {
  if (key == QLatin1String("lr")) return v.lr;
  if (key == QLatin1String("steps")) return std::max<std::int64_t>(1, v.steps);
  if (key == QLatin1String("dropout")) return v.dropout;
  if (key == QLatin1String("alpha")) return v.alpha.value_or(1.0);
  if (key == QLatin1String("rank")) return std::max<std::int64_t>(1, v.rank);
  return frozen_side_name(v.freeze);
}

const std::string& limitOf(const EditLimits& limits, const QString& key) {
  if (key == QLatin1String("lr")) return limits.lr;
  if (key == QLatin1String("steps")) return limits.steps;
  if (key == QLatin1String("dropout")) return limits.dropout;
  if (key == QLatin1String("alpha")) return limits.alpha;
  return key == QLatin1String("rank") ? limits.prune : limits.freeze;
}

}  // namespace

SteerPanel::SteerPanel(Theme& theme, RunDesk& desk, QWidget* parent) : QFrame(parent), m_desk(desk) {
  setProperty("card", true);
  setAccessibleName(tr("Steer the run"));
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(12, 10, 12, 10);
  all->setSpacing(8);
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(20);
  grid->setVerticalSpacing(6);
  for (const auto& spec : specs()) {
    auto* field = new SettingField(theme, spec, this);
    const QString key = qs(spec.key);
    connect(field, &SettingField::edited, this, [this, key](const Json& value) { take(key, value); });
    connect(field, &SettingField::wrong, this, [this, key] {
      if (!m_wrong.contains(key)) m_wrong.append(key);
      refreshForecast();
    });
    const int at = static_cast<int>(m_fields.size());
    grid->addWidget(field, at / kColumns, at % kColumns, Qt::AlignTop);
    grid->setColumnStretch(at % kColumns, 1);
    field->setMinimumHeight(kRowHeight);   // a low window takes from the charts, not from the fields
    m_fields.push_back(field);
  }
  all->addLayout(grid);
  auto* row = new QHBoxLayout;
  row->setSpacing(12);
  m_forecast = makeLabel("secondary", {}, this);
  m_forecast->setWordWrap(true);
  row->addWidget(m_forecast, 1);
  m_reset = new IconButton(theme, QStringLiteral("undo-2"), tr("Reset"), IconButton::Style::Plain, this);
  m_apply = new IconButton(theme, QStringLiteral("check"), tr("Apply"), IconButton::Style::Primary, this);
  m_stop = new IconButton(theme, QStringLiteral("circle-stop"), tr("Stop without saving…"), IconButton::Style::Plain, this);
  connect(m_stop, &QPushButton::clicked, this, &SteerPanel::stopWanted);
  row->addWidget(m_stop);
  row->addWidget(m_reset);
  row->addWidget(m_apply);
  all->addLayout(row);
  m_outcome = new ElidedLabel("caption", Qt::ElideRight, this);
  m_outcome->hide();
  all->addWidget(m_outcome);
  connect(m_apply, &QPushButton::clicked, this, &SteerPanel::apply);
  connect(m_reset, &QPushButton::clicked, this, [this] { fill(m_now); });
  connect(&desk, &RunDesk::stateChanged, this, &SteerPanel::refresh);
  connect(&desk, &RunDesk::shownChanged, this, &SteerPanel::refresh);
  connect(&desk, &RunDesk::advanced, this, [this] {
    const auto& run = m_desk.live();
    if (run && run->edits.size() != m_edits) refresh();
  });
  refresh();
}

SettingField* SteerPanel::field(const QString& key) const {
  for (auto* field : m_fields)
    if (qs(field->spec().key) == key) return field;
  return nullptr;
}

QString SteerPanel::forecast() const { return m_forecast->text(); }
QString SteerPanel::outcome() const { return m_outcome->text(); }

void SteerPanel::refresh() {
  const auto& run = m_desk.live();
  if (run && run->id == m_run && run->edits.size() > m_edits) {   // also where the run has ended since
    const EditEvent& last = run->edits.back();
    m_outcome->setWholeText(tr("Took effect at step %1: %2").arg(grouped(last.edit.step), engineText(last.text)));
    m_outcome->show();
    m_asking = false;
  }
  if (!run || !m_desk.isLive()) {
    m_asking = false;
    refreshForecast();
    return;
  }
  const SteerValues now = steerValues(*run);
  const bool other = run->id != m_run || run->edits.size() != m_edits || now.steps != m_now.steps || now.rank != m_now.rank;
  if (run->id != m_run) m_outcome->hide();
  m_run = run->id;
  m_edits = run->edits.size();
  m_now = now;
  if (other) fill(now);
  refreshForecast();
}

void SteerPanel::fill(const SteerValues& values) {
  m_wanted = values;
  m_wrong.clear();
  const EditLimits limits = m_desk.live() ? steerLimits(*m_desk.live()) : EditLimits();
  for (auto* field : m_fields) {
    const QString key = qs(field->spec().key);
    field->setValue(valueOf(values, key));
    const std::string& why = limitOf(limits, key);
    field->setEnabled(why.empty());
    field->setToolTip(why.empty() ? engineText(field->spec().help) : engineText(why));
  }
  refreshForecast();
}

void SteerPanel::take(const QString& key, const Json& value) {
  m_wrong.removeAll(key);
  if (key == QLatin1String("lr")) m_wanted.lr = value.get<double>();
  if (key == QLatin1String("steps")) m_wanted.steps = value.get<std::int64_t>();
  if (key == QLatin1String("dropout")) m_wanted.dropout = value.get<double>();
  if (key == QLatin1String("alpha") && m_wanted.alpha) m_wanted.alpha = value.get<double>();
  if (key == QLatin1String("rank")) m_wanted.rank = value.get<std::int64_t>();
  if (key == QLatin1String("freeze"))
    for (const auto side : {FrozenSide::None, FrozenSide::Left, FrozenSide::Right})
      if (value == frozen_side_name(side)) m_wanted.freeze = side;
  refreshForecast();
}

void SteerPanel::refreshForecast() {
  const auto& run = m_desk.live();
  const bool live = run && m_desk.isLive();
  const RunEdit edit = editBetween(m_now, m_wanted);
  QString text = !live ? tr("No run goes on: values can be changed from its first step on.") : steerForecast(*run, edit);
  if (live && m_wanted.rank > m_now.rank) text = tr("Ranks can only be taken away: at most %1 are there.").arg(m_now.rank);
  if (m_asking) text = tr("Asked for; it takes effect between two steps.");
  m_forecast->setText(text);
  m_apply->setEnabled(live && !m_asking && m_wrong.isEmpty() && !edit.empty() && m_wanted.rank <= m_now.rank);
  m_reset->setEnabled(live && (!edit.empty() || !m_wrong.isEmpty()));
}

void SteerPanel::apply() {
  m_asking = true;
  refreshForecast();
  m_desk.edit(editBetween(m_now, m_wanted), this, [this](Result<std::int64_t> step) {
    m_asking = false;
    m_outcome->setWholeText(step.ok() ? tr("Will take effect at step %1; a checkpoint is written first.").arg(grouped(*step)) : tr("Refused: %1").arg(engineText(step.status().message())));
    // the event may have come before this answer
    if (step.ok() && m_desk.live() && !m_desk.live()->edits.empty() && m_desk.live()->edits.back().edit.step == *step)
      m_outcome->setWholeText(tr("Took effect at step %1: %2").arg(grouped(*step), engineText(m_desk.live()->edits.back().text)));
    m_outcome->show();
    refreshForecast();
  });
}

}  // namespace weft::ui
