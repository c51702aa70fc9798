// SPDX-License-Identifier: GPL-3.0-or-later
// One turn of the Try page.
#include <QFrame>
#include <QGridLayout>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/panels/try_page.h"
#include "ui/widgets/answer_view.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr int kAcross = 3;           // answers beside one another; the next ones stand below

QString factsOf(const Answer& answer) {
  const auto count = static_cast<std::int64_t>(answer.tokens.size());
  if (answer.state != Answer::State::Done && answer.state != Answer::State::Stopped) return {};
  QStringList facts{TurnView::tr("%n tokens", nullptr, static_cast<int>(count))};
  if (answer.ms > 0 && count > 0) facts.append(TurnView::tr("%1/s").arg(fixed(1000.0 * static_cast<double>(count) / answer.ms, 1)));
  return facts.join(QStringLiteral(" · "));
}

std::pair<StateLabel::Tone, QString> stateOf(const Answer& answer) {
  switch (answer.state) {
    case Answer::State::Waiting: return {StateLabel::Tone::Missing, TurnView::tr("waits")};
    case Answer::State::Writing: return {StateLabel::Tone::Busy, TurnView::tr("writes")};
    case Answer::State::Stopped: return {StateLabel::Tone::Missing, TurnView::tr("stopped")};
    case Answer::State::Failed: return {StateLabel::Tone::Bad, TurnView::tr("no answer")};
    case Answer::State::Done: break;
  }
  if (answer.end == QLatin1String("length")) return {StateLabel::Tone::Good, TurnView::tr("cut at length")};
  if (answer.end == QLatin1String("context")) return {StateLabel::Tone::Good, TurnView::tr("cut at context")};
  return {StateLabel::Tone::Good, TurnView::tr("done")};
}

}  // namespace

TurnView::TurnView(Theme& theme, const Turn& turn, QWidget* parent) : QWidget(parent) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(8);
  auto* asked = new QFrame(this);
  asked->setProperty("asked", true);
  auto* line = new QHBoxLayout(asked);
  line->setContentsMargins(12, 8, 12, 8);
  auto* prompt = makeLabel("body", turn.prompt, asked);
  prompt->setWordWrap(true);
  prompt->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
  prompt->setAccessibleName(tr("prompt"));
  line->addWidget(prompt, 1);
  all->addWidget(asked);
  auto* grid = new QGridLayout;
  grid->setSpacing(8);
  for (const auto& answer : turn.answers) {
    auto* frame = new QFrame(this);
    frame->setProperty("tile", true);
    auto* column = new QVBoxLayout(frame);
    column->setContentsMargins(12, 8, 12, 8);
    column->setSpacing(6);
    Column c{};
    auto* head = new QHBoxLayout;
    auto* name = new ElidedLabel("subtitle", Qt::ElideRight, frame);
    const bool scaled = answer.by.strength != 0 && answer.by.strength != 1;
    name->setWholeText(scaled ? QStringLiteral("%1 × %2").arg(answer.by.name, fixed(answer.by.strength, 2)) : answer.by.name);
    c.state = new StateLabel(theme, frame);
    head->addWidget(name, 1);
    head->addWidget(c.state);
    column->addLayout(head);
    c.text = new AnswerView(theme, tr("answer of %1").arg(answer.by.name), frame);
    column->addWidget(c.text);
    column->addStretch(1);
    auto* foot = new QHBoxLayout;
    c.sent = new IconButton(theme, {}, tr("Prompt as sent"), IconButton::Style::Link, frame);
    c.sent->setCheckable(true);
    c.sent->setAccessibleName(tr("prompt as sent to %1").arg(answer.by.name));
    c.facts = new ElidedLabel("monocaption", Qt::ElideRight, frame);
    c.facts->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    foot->addWidget(c.sent);
    foot->addWidget(c.facts, 1);
    column->addLayout(foot);
    c.prompt = makeLabel("mono", {}, frame);
    c.prompt->setWordWrap(true);
    c.prompt->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    c.prompt->hide();
    column->addWidget(c.prompt);
    connect(c.sent, &QPushButton::toggled, c.prompt, &QWidget::setVisible);
    connect(c.text, &AnswerView::tokenReached, this, &TurnView::tokenReached);
    const int place = static_cast<int>(m_columns.size()), across = std::min(static_cast<int>(turn.answers.size()), kAcross);
    grid->addWidget(frame, place / across, place % across);
    grid->setColumnStretch(place % across, 1);
    m_columns.push_back(c);
  }
  all->addLayout(grid);
  for (std::size_t i = 0; i < turn.answers.size(); ++i) show(static_cast<int>(i), turn.answers[i]);
}

void TurnView::show(int answer, const Answer& state) {
  Column& c = m_columns[static_cast<std::size_t>(answer)];
  const auto [tone, words] = stateOf(state);
  c.state->setState(tone, words);
  c.text->setAnswer(state.state == Answer::State::Failed ? state.end : state.text, state.tokens);
  c.facts->setWholeText(factsOf(state));
  c.sent->setVisible(!state.prompt.text.empty());
  QString head = tr("%n tokens", nullptr, static_cast<int>(state.prompt.tokens));
  if (!state.prompt.template_name.empty()) head += QStringLiteral(" · ") + tr("template: %1").arg(qs(state.prompt.template_name));
  c.prompt->setText(head + QStringLiteral("\n\n") + qs(state.prompt.text));
  c.sent->setToolTip(engineText(state.prompt.warning));
}

void TurnView::add(int answer, const GeneratedToken& token) { view(answer)->addToken(token); }

void TurnView::markUnsure(bool on) {
  for (auto& column : m_columns) column.text->markUnsure(on);
}

QString TurnView::sentText(int answer) const {
  const Column& c = m_columns[static_cast<std::size_t>(answer)];
  return c.prompt->isVisibleTo(this) ? c.prompt->text() : QString();
}

}  // namespace weft::ui
