// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/chat_view.h"

#include <algorithm>

#include "ui/bridge/text.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr std::size_t kMostTurns = 60;
constexpr std::size_t kMostBytes = 6000;   // of one turn

}  // namespace

ChatView::ChatView(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setAccessibleName(tr("The row as a conversation"));
  m_turns = new QVBoxLayout(this);
  m_turns->setContentsMargins(0, 0, 0, 0);
  m_turns->setSpacing(8);
}

void ChatView::setRow(const PreviewRow& row) {
  while (QLayoutItem* item = m_turns->takeAt(0)) {
    delete item->widget();
    delete item;
  }
  m_text.clear();
  for (std::size_t i = 0; i < std::min(row.messages.size(), kMostTurns); ++i) addTurn(qs(row.messages[i].role), row.messages[i].content, row.messages[i].trained);
  if (row.messages.size() > kMostTurns) m_turns->addWidget(makeLabel("caption", tr("%n more turns", nullptr, static_cast<int>(row.messages.size() - kMostTurns)), this));
  if (row.messages.empty()) addTurn(tr("text"), row.rendered, true);
  m_turns->addStretch();
}

void ChatView::addTurn(const QString& role, const std::string& content, bool trained) {
  m_text += (m_text.isEmpty() ? QString() : QStringLiteral("\n")) + role + (trained ? tr(" (trained)") : QString()) + QStringLiteral(": ") + qs(content);
  auto* turn = new QFrame(this);
  turn->setProperty("turn", trained ? QStringLiteral("trained") : QStringLiteral("read"));
  auto* all = new QHBoxLayout(turn);
  all->setContentsMargins(10, 6, 10, 6);
  all->setSpacing(12);
  auto* who = new QVBoxLayout;
  who->setSpacing(0);
  who->addWidget(makeLabel("subtitle", role, turn));
  who->addWidget(makeLabel("caption", trained ? tr("trained") : tr("masked"), turn));
  who->addStretch();
  auto* names = new QWidget(turn);
  names->setLayout(who);
  who->setContentsMargins(0, 0, 0, 0);
  names->setFixedWidth(84);
  all->addWidget(names);
  const bool long_one = content.size() > kMostBytes;
  auto* words = makeLabel("plain", long_one ? qs(content.substr(0, kMostBytes)) + QStringLiteral("…") : qs(content), turn);
  words->setTextFormat(Qt::PlainText);
  words->setWordWrap(true);
  words->setTextInteractionFlags(Qt::TextSelectableByMouse);
  words->setAlignment(Qt::AlignTop | Qt::AlignLeft);
  all->addWidget(words, 1);
  m_turns->addWidget(turn);
}

}  // namespace weft::ui
