// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/compared_answers.h"

#include <algorithm>

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>

#include "engine/api/sampling_settings.h"
#include "ui/bridge/text.h"
#include "ui/models/run_desk.h"
#include "ui/panels/try_page.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

// Those that the runs answered while they trained, each once.
QStringList promptsOf(const std::vector<RunRecord>& runs) {
  QStringList prompts;
  for (const auto& run : runs) {
    const Json samples = run.config.is_object() ? run.config.value("samples", Json()) : Json();
    if (!samples.is_object() || !samples.contains("prompts") || !samples["prompts"].is_array()) continue;
    for (const auto& prompt : samples["prompts"])
      if (prompt.is_string() && !prompts.contains(qs(prompt.get<std::string>()))) prompts.append(qs(prompt.get<std::string>()));
  }
  return prompts;
}

}  // namespace

ComparedAnswers::ComparedAnswers(Theme& theme, RunDesk& desk, QWidget* parent)
    : QFrame(parent), m_theme(theme), m_desk(desk), m_conversation(desk.backend(), nullptr) {
  setProperty("card", true);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(12, 10, 12, 12);
  all->setSpacing(8);
  auto* head = new QHBoxLayout;
  head->addWidget(makeLabel("subtitle", tr("The same prompt"), this));
  m_note = new ElidedLabel("secondary", Qt::ElideRight, this);
  head->addWidget(m_note, 1);
  m_base = new QCheckBox(tr("The base model too"), this);
  head->addWidget(m_base);
  all->addLayout(head);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  m_prompt = new QComboBox(this);
  m_prompt->setEditable(true);
  m_prompt->setInsertPolicy(QComboBox::NoInsert);
  m_prompt->setAccessibleName(tr("Prompt for all runs"));
  m_prompt->lineEdit()->setPlaceholderText(tr("Ask all of them something"));
  m_prompt->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  m_ask = new IconButton(theme, QStringLiteral("message-square"), tr("Ask"), IconButton::Style::Plain, this);
  m_stop = new IconButton(theme, QStringLiteral("circle-stop"), tr("Stop"), IconButton::Style::Plain, this);
  row->addWidget(m_prompt, 1);
  row->addWidget(m_ask);
  row->addWidget(m_stop);
  all->addLayout(row);

  connect(m_ask, &QPushButton::clicked, this, &ComparedAnswers::ask);
  connect(m_prompt->lineEdit(), &QLineEdit::returnPressed, this, &ComparedAnswers::ask);
  connect(m_prompt, &QComboBox::editTextChanged, this, &ComparedAnswers::refresh);
  connect(m_stop, &QPushButton::clicked, &m_conversation, &Conversation::stop);
  connect(&desk.backend(), &Backend::engineReady, this, &ComparedAnswers::refresh);
  connect(&desk, &RunDesk::stateChanged, this, &ComparedAnswers::refresh);
  connect(&m_conversation, &Conversation::busyChanged, this, &ComparedAnswers::refresh);
  connect(&m_conversation, &Conversation::asked, this, &ComparedAnswers::showTurn);
  connect(&m_conversation, &Conversation::changed, this, [this](int answer) {
    m_turn->show(answer, m_conversation.turns().back().answers[static_cast<std::size_t>(answer)]);
  });
  connect(&m_conversation, &Conversation::written, this, [this](int answer) {
    m_turn->add(answer, m_conversation.turns().back().answers[static_cast<std::size_t>(answer)].tokens.back());
  });
  connect(&m_conversation, &Conversation::cleared, this, [this] {
    if (m_turn) m_turn->deleteLater();
    m_turn = nullptr;
  });
  refresh();
}

void ComparedAnswers::setRuns(const std::vector<RunRecord>& runs) {
  const bool same = std::equal(runs.begin(), runs.end(), m_runs.begin(), m_runs.end(), [](const RunRecord& a, const RunRecord& b) { return a.id == b.id; });
  m_runs = runs;
  if (same) return refresh();
  m_conversation.clear();
  const QString written = m_prompt->currentText();
  const QStringList prompts = promptsOf(runs);
  m_prompt->clear();
  m_prompt->addItems(prompts);
  if (!written.isEmpty()) m_prompt->setEditText(written);
  refresh();
}

void ComparedAnswers::refresh() {
  const QString why = !m_desk.backend().hasEngine()                  ? tr("the engine is loading")
                      : m_runs.empty()                               ? tr("choose runs first")
                      : m_prompt->currentText().trimmed().isEmpty() ? tr("write a prompt first")
                                                                      : QString();
  const bool busy = m_conversation.busy();
  m_ask->setEnabled(why.isEmpty() && !busy);
  m_ask->setToolTip(why.isEmpty() ? tr("Each run answers from its last checkpoint, with one seed") : why);
  m_stop->setEnabled(busy);
  m_note->setWholeText(busy && m_desk.isLive() ? tr("training waits for the answers") : QString());
}

void ComparedAnswers::ask() {
  if (!m_ask->isEnabled()) return;
  m_conversation.clear();  // every prompt stands alone here; Try is for conversations
  std::vector<Speaker> speakers;
  if (m_base->isChecked()) {
    Speaker base{.name = tr("base"), .adapter = {}, .model = {}, .strength = 0};
    base.adapter.run = m_runs.front().id;
    speakers.push_back(base);
  }
  for (const auto& run : m_runs) {
    Speaker speaker{.name = qs(run.name), .adapter = {}, .model = {}, .strength = 1};
    speaker.adapter.run = run.id;
    speakers.push_back(speaker);
  }
  m_conversation.setSpeakers(std::move(speakers));
  m_conversation.setSampling(sampling_of(complete_settings(sampling_settings(), Json::object(), "generate").value()));
  m_conversation.ask(m_prompt->currentText());
}

void ComparedAnswers::showTurn() {
  m_turn = new TurnView(m_theme, m_conversation.turns().back(), this);
  layout()->addWidget(m_turn);
}

}  // namespace weft::ui
