// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/problems_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QTableView>

#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

class ProblemsFilter final : public QSortFilterProxyModel {
 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;
  void setOnlyProblems(bool on) {
    m_only = on;
    invalidateFilter();
  }

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
    return !m_only || sourceModel()->index(row, 0, parent).data(LogModel::LevelRole).toInt() > 0;
  }

 private:
  bool m_only = false;
};

// Mono figures, and the kind as icon and word in its colour.
class LogDelegate final : public QStyledItemDelegate {
 public:
  LogDelegate(Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}

 protected:
  void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
    QStyledItemDelegate::initStyleOption(option, index);
    option->state &= ~QStyle::State_HasFocus;
    const Palette& p = m_theme.palette();
    if (index.column() == LogModel::Time || index.column() == LogModel::Step) option->font = m_theme.mono(12);
    if (index.column() != LogModel::Kind) return;
    const auto level = static_cast<LogEntry::Level>(index.data(LogModel::LevelRole).toInt());
    const QColor color = level == LogEntry::Level::Error ? p.bad : level == LogEntry::Level::Warning ? p.warning : p.secondary;
    option->icon = m_theme.icon(level == LogEntry::Level::Error ? QStringLiteral("circle-alert")
                                : level == LogEntry::Level::Warning ? QStringLiteral("triangle-alert") : QStringLiteral("info"), color);
    option->features |= QStyleOptionViewItem::HasDecoration;
    option->palette.setColor(QPalette::Text, color);
  }

 private:
  Theme& m_theme;
};

}  // namespace

ProblemsPanel::ProblemsPanel(Theme& theme, LogModel& log, std::function<QString()> report, QWidget* parent) : QWidget(parent), m_view(new QTableView(this)) {
  setProperty("pane", true);
  setAttribute(Qt::WA_StyledBackground);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(8, 0, 8, 4);
  all->setSpacing(0);
  auto* bar = new QHBoxLayout;
  auto* only = new IconButton(theme, {}, tr("Problems only"), IconButton::Style::Link, this);
  only->setCheckable(true);
  m_copy = new IconButton(theme, QStringLiteral("copy"), tr("Copy report"), IconButton::Style::Link, this);
  m_copy->setToolTip(tr("Versions, settings and the last lines of this log, without paths, names or texts of yours"));
  bar->addStretch();
  bar->addWidget(only);
  bar->addWidget(m_copy);
  all->addLayout(bar);
  auto* filter = new ProblemsFilter(this);
  filter->setSourceModel(&log);
  m_view->setModel(filter);
  m_view->setItemDelegate(new LogDelegate(theme, m_view));
  m_view->setShowGrid(false);
  m_view->setIconSize({14, 14});
  m_view->verticalHeader()->hide();
  m_view->verticalHeader()->setDefaultSectionSize(24);
  m_view->horizontalHeader()->setStretchLastSection(true);
  m_view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
  m_view->setColumnWidth(LogModel::Time, 76);
  m_view->setColumnWidth(LogModel::Kind, 90);
  m_view->setColumnWidth(LogModel::Step, 70);
  m_view->setAccessibleName(tr("Log and problems"));
  all->addWidget(m_view);
  connect(&log, &QAbstractItemModel::rowsInserted, m_view, &QTableView::scrollToBottom);
  connect(only, &QPushButton::toggled, filter, [filter](bool on) { filter->setOnlyProblems(on); });
  connect(m_copy, &QPushButton::clicked, this, [report = std::move(report)] { QGuiApplication::clipboard()->setText(report()); });
}

}  // namespace weft::ui
