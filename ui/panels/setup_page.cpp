// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/setup_page.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "ui/panels/data_card.h"
#include "ui/panels/memory_card.h"
#include "ui/panels/model_card.h"
#include "ui/panels/setup_cards.h"

namespace weft::ui {

SetupPage::SetupPage(Theme& theme, Draft& draft, QWidget* parent) : QWidget(parent) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  auto* scroll = makeScroll(this);
  auto* board = new QWidget(scroll->viewport());
  board->setProperty("plain", true);
  auto* all = new QVBoxLayout(board);
  all->setContentsMargins(12, 0, 12, 12);
  all->setSpacing(12);
  m_model = new ModelCard(theme, draft, board);
  m_run = new RunCard(theme, draft, board);
  m_data = new DataCard(theme, draft, board);
  m_method = new MethodCard(theme, draft, board);
  auto* top = new QHBoxLayout;
  top->setSpacing(12);
  top->addWidget(m_model, 1);
  top->addWidget(m_run, 1);
  all->addLayout(top);
  auto* memory = new MemoryCard(theme, draft, board);
  connect(memory, &MemoryCard::copyWanted, this, &SetupPage::copyWanted);
  all->addWidget(memory);
  all->addWidget(m_data);
  all->addWidget(m_method, 1);
  scroll->setWidget(board);
  outer->addWidget(scroll);
  const auto subject = [this](Card* card, Subject which) {
    connect(card, &Card::clicked, this, [this, which] { choose(which); });
  };
  subject(m_model->card(), Subject::Model);
  subject(m_run->card(), Subject::Run);
  subject(m_data->card(), Subject::Data);
  subject(m_method->card(), Subject::Method);
  for (auto* tile : m_method->tiles()) connect(tile, &QPushButton::clicked, this, [this] { choose(Subject::Method); });
  connect(m_model, &ModelCard::sampleWanted, this, &SetupPage::sampleWanted);
  connect(m_data, &DataCard::sampleWanted, this, &SetupPage::sampleDataWanted);
  choose(Subject::Method);
}

void SetupPage::choose(Subject subject) {
  m_chosen = subject;
  m_model->card()->setChosen(subject == Subject::Model);
  m_run->card()->setChosen(subject == Subject::Run);
  m_data->card()->setChosen(subject == Subject::Data);
  m_method->card()->setChosen(subject == Subject::Method);
  Q_EMIT subjectChosen(subject);
}

}  // namespace weft::ui
