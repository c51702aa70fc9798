// SPDX-License-Identifier: GPL-3.0-or-later
// The project tree: models, data, runs with state, last loss and sparkline, what is in the queue, exports. Main thread only.
#pragma once

#include <QStyledItemDelegate>
#include <QWidget>

#include "ui/models/draft.h"
#include "ui/models/project_model.h"
#include "ui/models/queue_desk.h"
#include "ui/models/run_desk.h"
#include "ui/panels/setup_page.h"
#include "ui/theme/theme.h"

class QTreeView;

namespace weft::ui {

class ProjectDelegate final : public QStyledItemDelegate {
  Q_OBJECT
 public:
  ProjectDelegate(Theme& theme, QObject* parent) : QStyledItemDelegate(parent), m_theme(theme) {}
  void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

 private:
  Theme& m_theme;
};

class ProjectPanel final : public QWidget {
  Q_OBJECT
 public:
  ProjectPanel(Theme& theme, Draft& draft, RunDesk& desk, QueueDesk& queue, QWidget* parent);
  [[nodiscard]] QTreeView* view() { return m_view; }
  [[nodiscard]] ProjectModel* model() { return m_model; }

 Q_SIGNALS:
  void runChosen(weft::RunId run);
  void queuedChosen(weft::QueueId entry);
  void subjectChosen(weft::ui::Subject subject);
  void exportWanted(weft::RunId run);
  void adapterChosen(const QString& path);       // an export, to be seen
  void tryWanted(const QString& adapter);
  void exportAdapterWanted(const QString& path);
  void compareWanted(weft::RunId run);
  void settingsWanted(const weft::Json& config);
  void saveWanted(const weft::Json& config, const QString& path);

 private:
  void menuAt(const QPoint& position);
  void readSparks();             // of the rows that are seen
  void activate(const QModelIndex& index);
  Theme& m_theme;
  Draft& m_draft;
  RunDesk& m_desk;
  QueueDesk& m_queue;
  ProjectModel* m_model;
  QTreeView* m_view;
  QTimer m_liveTimer, m_sparkTimer;
  bool m_readsSparks = false;
};

}  // namespace weft::ui
