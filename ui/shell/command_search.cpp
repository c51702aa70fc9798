// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/command_search.h"

#include <algorithm>

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QPointer>
#include <QVBoxLayout>

#include "ui/models/word_search.h"
#include "ui/theme/theme.h"

namespace weft::ui {
namespace {

// Without the sign of the access key; an ampersand of its own is written twice.
QString plainText(const QAction& action) {
  QString text = action.text();
  for (qsizetype at = 0; (at = text.indexOf(QLatin1Char('&'), at)) >= 0; ++at) text.remove(at, 1);
  return text;
}

void collect(const QMenu& menu, const QString& path, bool hidden, QList<QPair<QString, QAction*>>& out) {
  for (auto* action : menu.actions()) {
    const QString name = path + plainText(*action);
    if (action->menu())
      collect(*action->menu(), name + QStringLiteral(" › "), hidden, out);
    else if (!action->isSeparator() && (hidden || action->isVisible()))
      out.append({name, action});
  }
}

}  // namespace

QList<QPair<QString, QAction*>> commandsOf(const QMenuBar& menus, bool hidden) {
  QList<QPair<QString, QAction*>> commands;
  for (auto* top : menus.actions())
    if (top->menu()) collect(*top->menu(), {}, hidden, commands);
  return commands;
}

void CommandSearch::open(Theme& theme, QMenuBar& menus, QWidget& over, std::vector<FoundThing> things) {
  (new CommandSearch(theme, menus, over, std::move(things)))->show();
}

CommandSearch::CommandSearch(Theme& theme, QMenuBar& menus, QWidget& over, std::vector<FoundThing> things)
    : QFrame(&over, Qt::Popup), m_field(new QLineEdit(this)), m_list(new QListWidget(this)), m_theme(theme), m_things(std::move(things)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setProperty("card", true);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(8, 8, 8, 8);
  all->addWidget(m_field);
  all->addWidget(m_list);
  m_commands = commandsOf(menus, /*hidden=*/false);
  m_field->setPlaceholderText(tr("Commands, runs, exports, methods, settings, matrices"));
  m_field->setAccessibleName(tr("Find anything"));
  m_list->setAccessibleName(tr("What was found"));
  m_list->setIconSize({16, 16});
  m_list->setTextElideMode(Qt::ElideMiddle);
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_field->setAcceptDrops(false);
  m_field->installEventFilter(this);
  resize(560, 360);
  move(over.mapToGlobal(QPoint((over.width() - width()) / 2, 72)));
  connect(m_field, &QLineEdit::textChanged, this, &CommandSearch::filter);
  connect(m_field, &QLineEdit::returnPressed, this, &CommandSearch::runChosen);
  connect(m_list, &QListWidget::itemClicked, this, &CommandSearch::runChosen);
  filter({});
  m_field->setFocus();
}

void CommandSearch::filter(const QString& text) {
  m_list->clear();
  for (qsizetype i = 0; i < m_commands.size(); ++i) {
    const auto& [name, action] = m_commands[i];
    if (!hasWords(name, text)) continue;
    const QString keys = action->shortcut().toString(QKeySequence::NativeText);
    auto* item = new QListWidgetItem(keys.isEmpty() ? name : QStringLiteral("%1    %2").arg(name, keys), m_list);
    item->setData(Qt::UserRole, static_cast<int>(i));
    if (!action->isEnabled()) item->setFlags(item->flags() & ~Qt::ItemIsEnabled);
  }
  for (std::size_t i = 0; i < m_things.size() && m_list->count() < kMostShown; ++i) {
    if (text.trimmed().isEmpty() || !hasWords(m_things[i].text, text)) continue;  // before a word is typed: commands alone
    auto* item = new QListWidgetItem(m_theme.icon(m_things[i].icon, m_theme.palette().secondary), m_things[i].text, m_list);
    item->setData(Qt::UserRole, static_cast<int>(m_commands.size()) + static_cast<int>(i));
  }
  m_list->setCurrentRow(0);
}

void CommandSearch::runChosen() {
  const auto* item = m_list->currentItem();
  if (!item) return;
  const int index = item->data(Qt::UserRole).toInt();
  if (index >= m_commands.size()) {
    const auto open = m_things[static_cast<std::size_t>(index - m_commands.size())].open;
    close();
    return open();
  }
  QPointer<QAction> action = m_commands[index].second;
  close();
  if (action && action->isEnabled()) action->trigger();
}

bool CommandSearch::eventFilter(QObject* object, QEvent* event) {
  if (object == m_field && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Down || key == Qt::Key_Up) {
      m_list->setCurrentRow(std::clamp(m_list->currentRow() + (key == Qt::Key_Down ? 1 : -1), 0, std::max(0, m_list->count() - 1)));
      return true;
    }
  }
  return QFrame::eventFilter(object, event);
}

}  // namespace weft::ui
