// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/try_page.h"

#include <QCheckBox>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollBar>
#include <QSlider>
#include <QStackedWidget>
#include <QTimer>

#include "engine/api/sampling_settings.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/panels/adapter_chooser.h"
#include "ui/widgets/answer_view.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/setting_form.h"

namespace weft::ui {
namespace {

constexpr int kChooserWidth = 272, kPromptHeight = 76, kNumberWidth = 88;
constexpr int kStrengthSteps = 20;   // of the slider, from 0 to 1

}  // namespace

TryPage::TryPage(Theme& theme, Draft& draft, RunDesk& desk, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_draft(draft), m_desk(desk), m_conversation(desk.backend(), nullptr) {
  auto* all = new QHBoxLayout(this);
  all->setContentsMargins(12, 0, 12, 12);
  all->setSpacing(12);
  all->addWidget(makeChooser(theme));
  all->addWidget(makeBoard(theme), 1);

  connect(m_first, &AdapterChooser::changed, this, &TryPage::refresh);
  connect(m_second, &AdapterChooser::changed, this, &TryPage::refresh);
  connect(m_base, &QCheckBox::toggled, this, &TryPage::refresh);
  connect(m_strength, &QSlider::valueChanged, this, [this](int value) {
    m_strengthText->setText(fixed(static_cast<double>(value) / kStrengthSteps, 2));
    refresh();
  });
  connect(&draft, &Draft::changed, this, &TryPage::refresh);
  connect(&desk, &RunDesk::stateChanged, this, &TryPage::refresh);
  connect(&desk.backend(), &Backend::engineReady, this, &TryPage::refresh);
  connect(m_prompt, &QPlainTextEdit::textChanged, this, &TryPage::refresh);
  connect(m_send, &QPushButton::clicked, this, &TryPage::send);
  connect(m_stop, &QPushButton::clicked, &m_conversation, &Conversation::stop);
  connect(m_clear, &QPushButton::clicked, &m_conversation, &Conversation::clear);
  connect(m_unsure, &QCheckBox::toggled, this, [this](bool on) {
    for (auto* turn : m_turns) turn->markUnsure(on);
  });
  connect(m_settings, &SettingForm::edited, this, [this](const std::string& key, const Json& value) { m_values[key] = value; });
  connect(&m_conversation, &Conversation::asked, this, &TryPage::addTurn);
  connect(&m_conversation, &Conversation::changed, this, [this](int answer) {
    m_turns.back()->show(answer, m_conversation.turns().back().answers[static_cast<std::size_t>(answer)]);
    scrollToEnd();
  });
  connect(&m_conversation, &Conversation::written, this, [this](int answer) {
    m_turns.back()->add(answer, m_conversation.turns().back().answers[static_cast<std::size_t>(answer)].tokens.back());
    scrollToEnd();
  });
  connect(&m_conversation, &Conversation::cleared, this, [this] {
    for (auto* turn : m_turns) turn->deleteLater();
    m_turns.clear();
    refresh();
  });
  connect(&m_conversation, &Conversation::busyChanged, this, &TryPage::refresh);
  refresh();
}

QWidget* TryPage::makeChooser(Theme& theme) {
  auto* scroll = makeScroll(this);
  scroll->setFixedWidth(kChooserWidth);
  auto* card = new Card(theme, tr("Answers by"), scroll->viewport());
  card->hideState();
  card->setFixedWidth(kChooserWidth);
  card->body()->setSpacing(8);
  m_first = new AdapterChooser(tr("Adapter"), {}, m_draft, m_desk, card);
  m_second = new AdapterChooser(tr("Beside it"), tr("nothing"), m_draft, m_desk, card);
  m_base = new QCheckBox(tr("The base model too"), card);
  m_base->setChecked(true);
  auto* open = new IconButton(theme, QStringLiteral("folder-open"), tr("Open an adapter…"), IconButton::Style::Plain, card);
  connect(open, &QPushButton::clicked, this, [this] {
    const QString path = AdapterChooser::askForFile(this);
    if (!path.isEmpty()) openFolder(path);
  });
  card->body()->addWidget(m_first);
  card->body()->addWidget(m_second);
  card->body()->addWidget(open);
  card->body()->addWidget(m_base);
  card->body()->addWidget(makeRule(card));

  auto* strengthRow = new QHBoxLayout;
  auto* strengthName = makeLabel("body", tr("Strength"), card);
  m_strengthText = makeLabel("mono", QStringLiteral("1.00"), card);
  strengthRow->addWidget(strengthName, 1);
  strengthRow->addWidget(m_strengthText);
  card->body()->addLayout(strengthRow);
  m_strength = new QSlider(Qt::Horizontal, card);
  m_strength->setRange(0, static_cast<int>(kMostStrength) * kStrengthSteps);
  m_strength->setPageStep(kStrengthSteps / 4);
  m_strength->setValue(kStrengthSteps);
  m_strength->setAccessibleName(tr("Adapter strength"));
  m_strength->setToolTip(tr("How much of what the adapter changes takes part: 0 is the base, 1 as it was trained, 2 twice as much"));
  strengthName->setBuddy(m_strength);
  card->body()->addWidget(m_strength);
  card->body()->addWidget(makeRule(card));

  card->body()->addWidget(makeLabel("caption", tr("Template"), card));
  m_template = new QComboBox(card);
  m_template->setAccessibleName(tr("Template"));
  m_template->setToolTip(tr("How prompts are rendered: as the rows that the run trains on, unless you choose another way"));
  m_template->addItem(tr("as in training"), QString());
  m_template->addItem(tr("the model's own"), QStringLiteral("auto"));
  for (const char* name : {"chatml", "alpaca", "plain"}) m_template->addItem(QLatin1String(name), QLatin1String(name));
  m_template->addItem(tr("none: go on from the text"), QStringLiteral("none"));
  card->body()->addWidget(m_template);
  m_settings = new SettingForm(theme, card);
  m_settings->setSpecs(sampling_settings());
  for (auto* edit : m_settings->findChildren<QLineEdit*>()) edit->setFixedWidth(kNumberWidth);   // the card is narrow, and its titles stay on a line
  m_values = complete_settings(sampling_settings(), Json::object(), "generate").value();
  m_settings->setValues([this](const std::string& key) { return m_values.at(key); });
  card->body()->addWidget(m_settings);
  card->body()->addStretch(1);
  scroll->setWidget(card);
  return scroll;
}

QWidget* TryPage::makeBoard(Theme& theme) {
  auto* board = new QWidget(this);
  auto* all = new QVBoxLayout(board);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(8);
  auto* head = new QHBoxLayout;
  head->setSpacing(12);
  m_title = makeLabel("title", tr("Conversation"), board);
  m_note = new ElidedLabel("secondary", Qt::ElideRight, board);
  m_unsure = new QCheckBox(tr("Mark unsure tokens"), board);
  m_unsure->setToolTip(tr("Underlines tokens with a probability below 50 %; point at a token for what else was likely"));
  m_clear = new IconButton(theme, QStringLiteral("rotate-ccw"), tr("Begin anew"), IconButton::Style::Plain, board);
  head->addWidget(m_title);
  head->addWidget(m_note, 1);
  head->addWidget(m_unsure);
  head->addWidget(m_clear);
  all->addLayout(head);

  m_stack = new QStackedWidget(board);
  auto* empty = new QFrame(m_stack);
  empty->setProperty("card", true);
  auto* middle = new QVBoxLayout(empty);
  m_sentence = makeLabel("secondary", {}, empty);
  m_sentence->setAlignment(Qt::AlignCenter);
  m_sentence->setWordWrap(true);
  m_way = new IconButton(theme, QStringLiteral("play"), tr("Try the sample"), IconButton::Style::Plain, empty);
  middle->addStretch(2);
  middle->addWidget(m_sentence);
  middle->addWidget(m_way, 0, Qt::AlignCenter);
  middle->addStretch(3);
  m_scroll = makeScroll(m_stack);
  m_scroll->setAccessibleName(tr("Conversation"));
  auto* turns = new QWidget(m_scroll->viewport());
  turns->setProperty("plain", true);
  m_column = new QVBoxLayout(turns);
  m_column->setContentsMargins(0, 0, 4, 0);
  m_column->setSpacing(16);
  m_column->addStretch(1);
  m_scroll->setWidget(turns);
  m_stack->addWidget(empty);
  m_stack->addWidget(m_scroll);
  all->addWidget(m_stack, 1);

  auto* bottom = new QHBoxLayout;
  bottom->setSpacing(8);
  m_prompt = new QPlainTextEdit(board);
  m_prompt->setAccessibleName(tr("Prompt"));
  m_prompt->setPlaceholderText(tr("Ask something; Ctrl+Enter sends"));
  m_prompt->setFixedHeight(kPromptHeight);
  m_prompt->setTabChangesFocus(true);
  m_prompt->setAcceptDrops(false);   // a file dropped here is for the window
  m_prompt->setProperty("words", true);
  m_prompt->installEventFilter(this);
  m_send = new IconButton(theme, QStringLiteral("message-square"), tr("Send"), IconButton::Style::Primary, board);
  m_stop = new IconButton(theme, QStringLiteral("circle-stop"), tr("Stop"), IconButton::Style::Plain, board);
  auto* buttons = new QVBoxLayout;
  buttons->addWidget(m_send);
  buttons->addWidget(m_stop);
  buttons->addStretch(1);
  bottom->addWidget(m_prompt, 1);
  bottom->addLayout(buttons);
  all->addLayout(bottom);
  connect(m_way, &QPushButton::clicked, this, [this] { m_draft.value("model", "path") == Json("") ? Q_EMIT sampleWanted() : Q_EMIT setupWanted(); });
  return board;
}

void TryPage::chooseRun(RunId run) { m_first->chooseRun(run); }

void TryPage::openFolder(const QString& path) {
  m_first->addFolder(path, /*choose=*/true);
  m_second->addFolder(path, /*choose=*/false);
}

// Base first, so that the eye goes from what was there to what became of it.
std::vector<Speaker> TryPage::speakers() const {
  std::vector<Speaker> all;
  const auto first = m_first->speaker(), second = m_second->speaker();
  const Json path = m_draft.value("model", "path");
  const QString model = path.is_string() ? qs(path.get<std::string>()) : QString();
  if (m_base->isChecked() || !first) {
    Speaker base{.name = tr("base"), .adapter = {}, .model = model, .strength = 0};
    if (first && first->adapter.run > 0) {
      base.adapter.run = first->adapter.run;
      base.adapter.live = first->adapter.live;
      base.model.clear();
    }
    if (base.adapter.run > 0 || !model.isEmpty()) all.push_back(base);
  }
  for (const auto& chosen : {first, second}) {
    if (!chosen) continue;
    all.push_back(*chosen);
    all.back().strength = static_cast<double>(m_strength->value()) / kStrengthSteps;
  }
  return all;
}

void TryPage::refresh() {
  const auto who = speakers();
  QString why;
  if (!m_desk.backend().hasEngine())
    why = tr("the engine is loading");
  else if (m_desk.project().path.isEmpty())
    why = tr("open or make a project first");
  else if (who.empty())
    why = tr("choose a run, a PEFT folder or a model first");
  else if (m_prompt->toPlainText().trimmed().isEmpty())
    why = tr("write a prompt first");
  const bool busy = m_conversation.busy();
  m_send->setEnabled(why.isEmpty() && !busy);
  m_send->setToolTip(busy ? tr("an answer is being written") : why.isEmpty() ? tr("Send the prompt (Ctrl+Enter)") : why);
  m_stop->setEnabled(busy);
  m_clear->setEnabled(!m_turns.empty());
  m_strength->setEnabled(m_first->speaker().has_value());
  const bool trains = m_desk.isLive() && m_desk.live()->stateWord == QLatin1String("running");
  m_note->setWholeText(!trains ? QString() : busy ? tr("training waits for the answers") : tr("a run goes on: it answers between two steps, and training waits meanwhile"));
  m_stack->setCurrentIndex(m_turns.empty() ? 0 : 1);
  m_sentence->setText(who.empty() ? tr("Train an adapter, or choose a model, to talk to it here.")
                    : who.size() == 1 ? tr("%1 will answer.").arg(who.front().name)
                                      : tr("%n models will answer side by side, with one seed.", nullptr, static_cast<int>(who.size())));
  m_way->setVisible(who.empty());
}

QString TryPage::sentence() const { return m_stack->currentIndex() == 0 ? m_sentence->text() : QString(); }

void TryPage::send() {
  if (!m_send->isEnabled()) return;
  m_conversation.setSpeakers(speakers());
  m_conversation.setTemplate(m_template->currentData().toString());
  m_conversation.setSampling(sampling_of(m_values));
  if (m_conversation.ask(m_prompt->toPlainText())) m_prompt->clear();
}

void TryPage::addTurn() {
  auto* turn = new TurnView(m_theme, m_conversation.turns().back(), m_scroll->widget());
  turn->markUnsure(m_unsure->isChecked());
  connect(turn, &TurnView::tokenReached, this, [this](const QString& text) {
    if (!text.isEmpty()) m_note->setWholeText(text);
  });
  m_column->insertWidget(m_column->count() - 1, turn);
  m_turns.push_back(turn);
  refresh();
  scrollToEnd();
}

// After the layout has grown; only while the end is what is looked at.
void TryPage::scrollToEnd() {
  auto* bar = m_scroll->verticalScrollBar();
  if (bar->value() < bar->maximum() - m_scroll->viewport()->height() / 2) return;
  QTimer::singleShot(0, this, [bar] { bar->setValue(bar->maximum()); });
}

bool TryPage::eventFilter(QObject* object, QEvent* event) {
  if (object == m_prompt && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) && key->modifiers().testFlag(Qt::ControlModifier)) {
      send();
      return true;
    }
    if (key->key() == Qt::Key_Escape && m_conversation.busy()) {
      m_conversation.stop();
      return true;
    }
  }
  return QWidget::eventFilter(object, event);
}

void TryPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  m_prompt->setFocus();
}

}  // namespace weft::ui
