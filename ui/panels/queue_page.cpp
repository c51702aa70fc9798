// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/queue_page.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QStackedLayout>
#include <QStyledItemDelegate>
#include <QTableView>

#include "ui/models/number_text.h"
#include "ui/panels/queue_menu.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/empty_state.h"

namespace weft::ui {
namespace {

constexpr int kRowHeight = 32;
constexpr std::pair<int, int> kWidths[] = {{QueueModel::Position, 40}, {QueueModel::State, 104}, {QueueModel::Progress, 104}, {QueueModel::Time, 92}};   // at least

QColor toneOf(const Palette& p, const QString& state) {
  if (state == QLatin1String("done")) return p.good;
  if (state == QLatin1String("failed") || state == QLatin1String("interrupted")) return p.bad;
  if (state == QLatin1String("stopped")) return p.warning;
  if (state == QLatin1String("running")) return p.accent;
  return p.secondary;
}

// Figures in mono, the state as icon and word, progress with a bar under its figures.
class QueueDelegate final : public QStyledItemDelegate {
 public:
  QueueDelegate(Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyledItemDelegate::paint(painter, option, index);
    const double share = index.data(QueueModel::ShareRole).toDouble();
    if (index.column() != QueueModel::Progress || share < 0) return;
    const Palette& p = m_theme.palette();
    QRectF bar(option.rect.left() + 8, option.rect.bottom() - 5, option.rect.width() - 16, 3);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(p.line);
    painter->drawRoundedRect(bar, 1.5, 1.5);
    bar.setWidth(std::max(3.0, bar.width() * std::clamp(share, 0.0, 1.0)));
    painter->setBrush(toneOf(p, index.data(QueueModel::StateRole).toString()));
    painter->drawRoundedRect(bar, 1.5, 1.5);
    painter->restore();
  }

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
    QStyledItemDelegate::initStyleOption(option, index);
    option->state &= ~QStyle::State_HasFocus;  // the whole row is what is chosen
    option->textElideMode = index.column() == QueueModel::Name ? Qt::ElideMiddle : Qt::ElideRight;
    const Palette& p = m_theme.palette();
    if (index.column() == QueueModel::Position || index.column() == QueueModel::Progress || index.column() == QueueModel::Time) option->font = m_theme.mono(12);
    if (index.column() == QueueModel::Position || index.column() == QueueModel::Differs) option->palette.setColor(QPalette::Text, p.secondary);
    if (index.column() != QueueModel::State) return;
    const QColor tone = toneOf(p, index.data(QueueModel::StateRole).toString());
    option->icon = m_theme.icon(index.data(QueueModel::IconRole).toString(), tone);
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->palette.setColor(QPalette::Text, tone);
    option->palette.setColor(QPalette::HighlightedText, tone);
  }

 private:
  Theme& m_theme;
};

}  // namespace

QueuePage::QueuePage(Theme& theme, Draft& draft, QueueDesk& desk, QWidget* parent) : QWidget(parent), m_theme(theme), m_draft(draft), m_desk(desk) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(12, 0, 12, 12);
  auto* card = new QFrame(this);
  card->setProperty("card", true);
  m_pages = new QStackedLayout(card);
  m_pages->addWidget(makeList());
  m_pages->addWidget(makeEmpty());
  all->addWidget(card);
  connect(&desk, &QueueDesk::changed, this, &QueuePage::refresh);
  connect(&draft, &Draft::changed, this, &QueuePage::refresh);
  connect(&theme, &Theme::changed, m_table, [this] { m_table->viewport()->update(); });
  refresh();
}

QWidget* QueuePage::makeList() {
  auto* page = new QWidget(this);
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(16, 16, 16, 16);
  column->setSpacing(12);
  auto* bar = new QHBoxLayout;
  bar->setSpacing(8);
  const auto button = [&](const QString& icon, const QString& text, IconButton::Style style, const QString& tip) {
    auto* made = new IconButton(m_theme, icon, text, style, page);
    made->setToolTip(tip);
    if (text.isEmpty()) made->setAccessibleName(tip);
    return made;
  };
  m_run = button(QStringLiteral("play"), tr("Run the queue"), IconButton::Style::Primary, {});
  m_stop = button(QStringLiteral("circle-stop"), tr("Stop after this one"), IconButton::Style::Plain, tr("The run in progress goes on to its end; what waits keeps waiting"));
  m_stop->setCheckable(true);
  m_sweep = button(QStringLiteral("layers"), tr("Sweep…"), IconButton::Style::Plain, tr("Add a grid of settings"));
  m_up = button(QStringLiteral("chevron-up"), {}, IconButton::Style::Plain, tr("Earlier (Alt+Up)"));
  m_down = button(QStringLiteral("chevron-down"), {}, IconButton::Style::Plain, tr("Later (Alt+Down)"));
  m_remove = button(QStringLiteral("x"), tr("Remove"), IconButton::Style::Plain, tr("Take the entry out of the queue (Delete); its run, if any, stays"));
  m_sentence = makeLabel("secondary", {}, page);
  bar->addWidget(m_run);
  bar->addWidget(m_stop);
  bar->addWidget(m_sweep);
  bar->addStretch();
  column->addLayout(bar);
  auto* entry = new QHBoxLayout;   // what is done with one of them, in a row of its own: large words have room
  entry->setSpacing(8);
  entry->addWidget(m_sentence, 1);
  entry->addWidget(m_up);
  entry->addWidget(m_down);
  entry->addWidget(m_remove);
  column->addLayout(entry);
  m_table = new QTableView(page);
  m_table->setModel(&m_desk.model());
  m_table->setItemDelegate(new QueueDelegate(m_theme, m_table));
  m_table->setAccessibleName(tr("Queue"));
  m_table->setProperty("roomy", true);
  m_table->setShowGrid(false);
  m_table->setFrameShape(QFrame::NoFrame);
  m_table->setIconSize({16, 16});
  m_table->setWordWrap(false);
  m_table->verticalHeader()->hide();
  m_table->verticalHeader()->setDefaultSectionSize(kRowHeight);
  m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_table->setSelectionMode(QAbstractItemView::SingleSelection);
  m_table->setDragDropMode(QAbstractItemView::InternalMove);
  m_table->setDragDropOverwriteMode(false);
  m_table->setTabKeyNavigation(false);
  m_table->setContextMenuPolicy(Qt::CustomContextMenu);
  auto* header = m_table->horizontalHeader();
  header->setHighlightSections(false);
  header->setSectionResizeMode(QueueModel::Differs, QHeaderView::Stretch);
  m_table->installEventFilter(this);
  m_table->viewport()->installEventFilter(this);
  column->addWidget(m_table, 1);
  connect(m_run, &QPushButton::clicked, this, [this] { m_desk.run(); });
  connect(m_stop, &QPushButton::clicked, this, [this](bool on) { m_desk.stopAfterThis(on); });
  connect(m_sweep, &QPushButton::clicked, this, &QueuePage::sweepWanted);
  connect(m_up, &QPushButton::clicked, this, [this] { shift(-1); });
  connect(m_down, &QPushButton::clicked, this, [this] { shift(1); });
  connect(m_remove, &QPushButton::clicked, this, &QueuePage::removeChosen);
  connect(m_table, &QTableView::customContextMenuRequested, this, &QueuePage::menuAt);
  connect(m_table, &QTableView::activated, this, [this] {
    if (const auto* item = chosen(); item && item->entry.run != 0) Q_EMIT runChosen(item->entry.run);
  });
  connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& index) {
    if (index.isValid()) m_chosen = index.data(QueueModel::IdRole).toLongLong();
    refresh();
  });
  return page;
}

QWidget* QueuePage::makeEmpty() {
  auto* page = new EmptyState(m_theme, QStringLiteral("list"), this);
  page->setWords(tr("Nothing in the queue"), tr("Entries keep the settings they were added with and run one after the other, also when one fails."));
  m_addFirst = page->addButton(QStringLiteral("plus"), tr("Add the settings of Set up"), IconButton::Style::Primary);
  connect(m_addFirst, &QPushButton::clicked, this, &QueuePage::addWanted);
  connect(page->addButton(QStringLiteral("layers"), tr("Sweep…"), IconButton::Style::Plain), &QPushButton::clicked, this, &QueuePage::sweepWanted);
  return page;
}

QString QueuePage::sentence() const { return m_sentence->text(); }

const QueueItem* QueuePage::chosen() const {
  const int row = m_desk.model().rowOf(m_chosen);
  return row < 0 ? nullptr : &m_desk.model().items()[static_cast<std::size_t>(row)];
}

void QueuePage::choose(QueueId entry) {
  m_chosen = entry;
  refresh();
}

void QueuePage::refresh() {
  const QueueModel& model = m_desk.model();
  const int rows = model.rowCount(), row = model.rowOf(m_chosen), waiting = model.pendingCount();
  m_pages->setCurrentIndex(rows > 0 ? 0 : 1);
  fitColumns();
  m_addFirst->setEnabled(m_draft.ready());
  m_addFirst->setToolTip(m_draft.ready() ? QString() : tr("Set up a model, data and a method first"));
  if (row >= 0 && m_table->currentIndex().row() != row) m_table->selectRow(row);
  QString why;
  m_run->setEnabled(m_desk.canRun(&why));
  m_run->setToolTip(why);
  m_stop->setEnabled(m_desk.runs());
  m_stop->setChecked(m_desk.stopsAfterThis());
  m_sweep->setEnabled(m_draft.ready());
  m_up->setEnabled(row > 0);
  m_down->setEnabled(row >= 0 && row + 1 < rows);
  const auto* item = chosen();
  m_remove->setEnabled(item && item->entry.state != kQueueRunning);
  const auto seconds = model.pendingSeconds();
  m_sentence->setText(waiting == 0 ? tr("nothing waits")
                                   : tr("%1 waiting, %2").arg(waiting).arg(seconds ? tr("about %1 of training").arg(durationText(*seconds)) : tr("time not known")));
}

void QueuePage::shift(int by) { m_desk.shift(m_chosen, by); }

void QueuePage::removeChosen() {
  const auto* item = chosen();
  if (item && item->entry.state != kQueueRunning) m_desk.remove(item->entry.id);
}

void QueuePage::menuAt(const QPoint& position) {
  const QModelIndex index = m_table->indexAt(position);
  if (!index.isValid()) return;
  choose(index.data(QueueModel::IdRole).toLongLong());
  QueueMenu menu(m_desk, m_chosen, this);
  connect(&menu, &QueueMenu::showWanted, this, &QueuePage::runChosen);
  connect(&menu, &QueueMenu::settingsWanted, this, &QueuePage::settingsWanted);
  menu.exec(m_table->viewport()->mapToGlobal(position));
}

// A name takes what it needs, up to half of the room that figures and state leave; the rest is for what differs.
void QueuePage::fitColumns() {
  auto* header = m_table->horizontalHeader();
  for (const auto& [section, width] : kWidths) header->resizeSection(section, std::max(width, header->sectionSizeHint(section)));
  const int room = header->sectionSize(QueueModel::Name) + header->sectionSize(QueueModel::Differs);
  m_table->resizeColumnToContents(QueueModel::Name);
  header->resizeSection(QueueModel::Name, std::clamp(header->sectionSize(QueueModel::Name), room / 5, room / 2));
}

bool QueuePage::eventFilter(QObject* object, QEvent* event) {
  if (object == m_table->viewport() && event->type() == QEvent::Resize) fitColumns();
  if (object == m_table && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    if (key->modifiers() == Qt::AltModifier && (key->key() == Qt::Key_Up || key->key() == Qt::Key_Down)) {
      shift(key->key() == Qt::Key_Up ? -1 : 1);
      return true;
    }
    if (key->key() == Qt::Key_Delete) {
      removeChosen();
      return true;
    }
  }
  return QWidget::eventFilter(object, event);
}

}  // namespace weft::ui
