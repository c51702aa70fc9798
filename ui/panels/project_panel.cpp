// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/project_panel.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QTreeView>
#include <QUrl>
#include <QVBoxLayout>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/path_kind.h"
#include "ui/panels/queue_menu.h"
#include "ui/panels/run_menu.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr int kLiveMs = 250;      // the tree needs no more than four redraws a second
constexpr int kSparkMs = 60;       // a scroll that goes on reads once it rests so long
constexpr int kRowHeight = 26, kRunHeight = 40, kSectionHeight = 34;
constexpr int kSparkWidth = 72, kLeastSpark = 28;

// Of a run's two lines, as large as the words are.
int firstLine(const Theme& theme) { return std::max(19, QFontMetrics(theme.text(13)).height()); }
int secondLine(const Theme& theme) { return std::max(15, QFontMetrics(theme.text(11)).height()); }

// A run, or what will be one.
bool isRun(const QModelIndex& index) {
  const auto kind = static_cast<ProjectModel::Kind>(index.data(ProjectModel::KindRole).toInt());
  return kind == ProjectModel::Kind::Run || kind == ProjectModel::Kind::Queued;
}

}  // namespace

QSize ProjectDelegate::sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const {
  const int run = std::max(kRunHeight, 3 + firstLine(m_theme) + secondLine(m_theme) + 3);
  return {120, !index.parent().isValid() ? kSectionHeight : isRun(index) ? run : kRowHeight};
}

void ProjectDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
  const Palette& p = m_theme.palette();
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setLayoutDirection(Qt::LeftToRight);   // names of files and runs, figures and curves
  const QRect row = option.rect.adjusted(8, 0, -8, 0);
  if (!index.parent().isValid()) {
    painter->setFont(m_theme.text(11));
    painter->setPen(p.secondary);
    painter->drawText(row.adjusted(4, 0, 0, -6), Qt::AlignLeft | Qt::AlignBottom, index.data(Qt::DisplayRole).toString());
    painter->restore();
    return;
  }
  const QRectF back = QRectF(row).adjusted(0, 1, 0, -1);
  if (option.state & QStyle::State_Selected) {
    painter->setPen(Qt::NoPen);
    painter->setBrush(p.accentTint);
    painter->drawRoundedRect(back, 4, 4);
  } else if (option.state & QStyle::State_MouseOver) {
    painter->setPen(Qt::NoPen);
    painter->setBrush(p.window);
    painter->drawRoundedRect(back, 4, 4);
  }
  if (option.state & QStyle::State_HasFocus) {
    painter->setPen(QPen(p.accent, 1));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(back.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
  }
  const QString state = index.data(ProjectModel::StateRole).toString();
  QColor tone = p.secondary;
  if (state == QLatin1String("done")) tone = p.good;
  if (state == QLatin1String("failed") || state == QLatin1String("interrupted") || state == kMissing) tone = p.bad;
  if (state == QLatin1String("paused") || state == QLatin1String("stopped")) tone = p.warning;
  if (state == QLatin1String("running") || state == QLatin1String("preparing")) tone = p.accent;
  // a run has two lines: its name and last loss, its state and curve
  const bool run = isRun(index);
  const QRect first = run ? QRect(row.left(), row.top() + 3, row.width(), firstLine(m_theme)) : row;
  const QRect second(row.left() + 28, row.bottom() - 3 - secondLine(m_theme), row.width() - 34, secondLine(m_theme));
  painter->drawPixmap(QPointF(row.left() + 6, first.center().y() - 7),
                      m_theme.pixmap(index.data(ProjectModel::IconRole).toString(), tone, 16, painter->device()->devicePixelRatioF()));
  const QString value = index.data(ProjectModel::ValueRole).toString();
  int right = row.right() - 6;
  if (!value.isEmpty()) {
    painter->setFont(m_theme.mono(12));
    painter->setPen(p.secondary);
    const int width = QFontMetrics(painter->font()).horizontalAdvance(value);
    painter->drawText(QRect(right - width, first.top(), width + 1, first.height()), Qt::AlignRight | Qt::AlignVCenter, value);
    right -= width + 8;
  }
  painter->setFont(m_theme.text(13));
  painter->setPen(p.text);
  const QRect words(row.left() + 28, first.top(), right - row.left() - 28, first.height());
  painter->drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                    QFontMetrics(painter->font()).elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideMiddle, words.width()));
  if (run) {
    const QString stateWord = index.data(ProjectModel::WordRole).toString();
    painter->setFont(m_theme.text(11));
    painter->setPen(tone);
    painter->drawText(second, Qt::AlignLeft | Qt::AlignVCenter, stateWord);
    int taken = QFontMetrics(painter->font()).horizontalAdvance(stateWord) + 8;
    const QString best = index.data(ProjectModel::BestRole).toString();
    if (const int wide = QFontMetrics(painter->font()).horizontalAdvance(best); !best.isEmpty() && taken + wide <= second.width()) {
      painter->setPen(p.secondary);
      painter->drawText(second.adjusted(taken, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, best);
      taken += wide + 8;
    }
    const QVariantList spark = index.data(ProjectModel::SparkRole).toList();
    if (const int room = std::min(kSparkWidth, second.width() - taken); spark.size() > 1 && room >= kLeastSpark)
      paintSparkline(*painter, QRectF(second.right() - room, second.top() + 1, room, second.height() - 3), spark, tone == p.secondary ? p.accent : tone);
  }
  painter->restore();
}

ProjectPanel::ProjectPanel(Theme& theme, Draft& draft, RunDesk& desk, QueueDesk& queue, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_draft(draft), m_desk(desk), m_queue(queue), m_model(new ProjectModel(this)), m_view(new QTreeView(this)) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->addWidget(m_view);
  m_view->setModel(m_model);
  m_view->setItemDelegate(new ProjectDelegate(theme, m_view));
  m_view->setHeaderHidden(true);
  m_view->setIndentation(0);
  m_view->setRootIsDecorated(false);
  m_view->setItemsExpandable(false);
  m_view->setMouseTracking(true);
  m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
  m_view->setContextMenuPolicy(Qt::CustomContextMenu);
  m_view->setAccessibleName(tr("Project"));
  m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  connect(m_view, &QTreeView::customContextMenuRequested, this, &ProjectPanel::menuAt);
  connect(m_view, &QTreeView::clicked, this, &ProjectPanel::activate);
  connect(m_view, &QTreeView::activated, this, &ProjectPanel::activate);
  const auto inputs = [this, &draft] {
    const Json model = draft.value("model", "path"), rows = draft.value("data", "path");
    m_model->setInputs(model.is_string() ? qs(model.get<std::string>()) : QString(), rows.is_string() ? qs(rows.get<std::string>()) : QString());
    m_view->expandAll();
  };
  connect(&draft, &Draft::changed, this, inputs);
  connect(&desk, &RunDesk::overviewChanged, this, [this] {
    m_model->setOverview(m_desk.overview());
    if (m_desk.live()) m_model->updateRun(*m_desk.live());
    m_view->expandAll();
    if (m_desk.shown()) m_view->setCurrentIndex(m_model->runIndex(m_desk.shown()->id));
  });
  connect(&desk, &RunDesk::projectChanged, this, [this] { m_model->setOverview({}); });
  const auto listQueue = [this] {
    m_model->setQueue(m_queue.model().items());
    m_view->expand(m_model->index(ProjectModel::QueueSection, 0));
  };
  connect(&queue, &QueueDesk::changed, this, listQueue);
  connect(&queue.model(), &QAbstractItemModel::dataChanged, this, listQueue);   // the running one's steps
  connect(&desk, &RunDesk::shownChanged, this, [this] {
    if (m_desk.shown()) m_view->setCurrentIndex(m_model->runIndex(m_desk.shown()->id));
  });
  m_liveTimer.setInterval(kLiveMs);
  m_liveTimer.setSingleShot(true);
  connect(&m_liveTimer, &QTimer::timeout, this, [this] {
    if (m_desk.live()) m_model->updateRun(*m_desk.live());
  });
  const auto later = [this] {
    if (!m_liveTimer.isActive()) m_liveTimer.start();
  };
  connect(&desk, &RunDesk::advanced, this, later);
  connect(&desk, &RunDesk::stateChanged, this, later);
  connect(&theme, &Theme::changed, this, [this] { m_view->viewport()->update(); });
  m_sparkTimer.setInterval(kSparkMs);
  m_sparkTimer.setSingleShot(true);
  connect(&m_sparkTimer, &QTimer::timeout, this, &ProjectPanel::readSparks);
  connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, &m_sparkTimer, qOverload<>(&QTimer::start));
  connect(m_view->verticalScrollBar(), &QScrollBar::rangeChanged, &m_sparkTimer, qOverload<>(&QTimer::start));
  connect(&desk, &RunDesk::overviewChanged, &m_sparkTimer, qOverload<>(&QTimer::start));
  inputs();
}

void ProjectPanel::readSparks() {
  if (m_readsSparks) return;
  const QModelIndex runs = m_model->index(ProjectModel::RunSection, 0);
  int first = 0, last = -1;
  const int height = m_view->viewport()->height();
  for (int y = 0; y < height + kRunHeight; y += kRowHeight) {
    const QModelIndex at = m_view->indexAt({4, std::min(y, height - 1)});
    if (at.parent() != runs) continue;
    if (last < 0) first = at.row();
    last = std::max(last, at.row());
  }
  const std::vector<RunId> missing = m_model->withoutSpark(first, last);
  if (missing.empty()) return;
  m_readsSparks = true;
  m_desk.backend().keeper().readSparks(missing, this, [this, missing](Result<std::vector<std::vector<double>>> losses) {
    m_readsSparks = false;
    if (!losses.ok()) return m_desk.log().add(LogEntry::Level::Warning, engineText(losses.status().message()));
    m_model->setSparks(missing, *losses);
    m_sparkTimer.start();  // the view may have moved on
  });
}

void ProjectPanel::activate(const QModelIndex& index) {
  if (!index.parent().isValid()) return;
  switch (static_cast<ProjectModel::Kind>(index.data(ProjectModel::KindRole).toInt())) {
    case ProjectModel::Kind::Model: Q_EMIT subjectChosen(Subject::Model); break;
    case ProjectModel::Kind::Data: Q_EMIT subjectChosen(Subject::Data); break;
    case ProjectModel::Kind::Queued: Q_EMIT queuedChosen(index.data(ProjectModel::IdRole).toLongLong()); break;
    case ProjectModel::Kind::Run: Q_EMIT runChosen(index.data(ProjectModel::IdRole).toLongLong()); break;
    case ProjectModel::Kind::Export:
      if (const PathKind kind = pathKind(index.data(ProjectModel::PathRole).toString()); kind.is == PathKind::Is::Adapter) Q_EMIT adapterChosen(kind.path);
      break;
  }
}

void ProjectPanel::menuAt(const QPoint& position) {
  const QModelIndex index = m_view->indexAt(position);
  if (!index.parent().isValid()) return;
  const auto kind = static_cast<ProjectModel::Kind>(index.data(ProjectModel::KindRole).toInt());
  const QPoint at = m_view->viewport()->mapToGlobal(position);
  if (kind == ProjectModel::Kind::Run) {
    const auto& runs = m_desk.overview().runs;
    const auto run = std::find_if(runs.begin(), runs.end(), [id = index.data(ProjectModel::IdRole).toLongLong()](const RunRecord& r) { return r.id == id; });
    if (run == runs.end()) return;
    RunMenu menu(m_desk, m_draft.undoStack(), *run, this);
    connect(&menu, &RunMenu::showWanted, this, &ProjectPanel::runChosen);
    connect(&menu, &RunMenu::compareWanted, this, &ProjectPanel::compareWanted);
    connect(&menu, &RunMenu::exportWanted, this, &ProjectPanel::exportWanted);
    connect(&menu, &RunMenu::settingsWanted, this, &ProjectPanel::settingsWanted);
    connect(&menu, &RunMenu::saveWanted, this, &ProjectPanel::saveWanted);
    menu.exec(at);
    return;
  }
  if (kind == ProjectModel::Kind::Queued) {
    QueueMenu menu(m_queue, index.data(ProjectModel::IdRole).toLongLong(), this);
    connect(&menu, &QueueMenu::showWanted, this, &ProjectPanel::runChosen);
    connect(&menu, &QueueMenu::settingsWanted, this, &ProjectPanel::settingsWanted);
    menu.exec(at);
    return;
  }
  QMenu menu(this);
  const QString path = index.data(ProjectModel::PathRole).toString();
  const bool there = index.data(ProjectModel::StateRole).toString() != kMissing;
  if (kind == ProjectModel::Kind::Model)
    menu.addAction(tr("Use in Set up"), [this, path] { m_draft.setModelPath(path); })->setEnabled(there);
  if (kind == ProjectModel::Kind::Data)
    menu.addAction(tr("Use in Set up"), [this, path] { m_draft.setDataPath(path); })->setEnabled(there);
  if (kind == ProjectModel::Kind::Export) {
    const PathKind what = pathKind(path);
    const bool adapter = what.is == PathKind::Is::Adapter;
    menu.addAction(tr("Inspect"), [this, what] { Q_EMIT adapterChosen(what.path); })->setEnabled(adapter);
    const bool loaded = adapter && QFileInfo(what.path).isDir();   // one for llama.cpp can be seen only
    menu.addAction(tr("Try"), [this, what] { Q_EMIT tryWanted(what.path); })->setEnabled(loaded);
    menu.addAction(tr("Export in another form…"), [this, what] { Q_EMIT exportAdapterWanted(what.path); })->setEnabled(loaded);
    menu.addAction(tr("Use as the model in Set up"), [this, what] { m_draft.setModelPath(what.path); })->setEnabled(what.is == PathKind::Is::Model);
    menu.addSeparator();
  }
  menu.addAction(tr("Show in the file manager"), [path] { QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath())); });
  menu.addAction(tr("Copy path"), [path] { QGuiApplication::clipboard()->setText(path); });
  menu.exec(at);
}

}  // namespace weft::ui
