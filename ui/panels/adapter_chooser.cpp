// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/adapter_chooser.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/path_kind.h"
#include "ui/models/project_model.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr qlonglong kNow = -1;       // in the step box: of the run in progress

}  // namespace

AdapterChooser::AdapterChooser(const QString& title, const QString& nothing, Draft& draft, RunDesk& desk, QWidget* parent)
    : QWidget(parent), m_draft(draft), m_desk(desk), m_nothing(nothing) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(4);
  all->addWidget(makeLabel("caption", title, this));
  const auto box = [&](const QString& name) {
    auto* combo = new QComboBox(this);
    combo->setAccessibleName(name);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(8);
    all->addWidget(combo);
    return combo;
  };
  m_source = box(title);
  m_step = box(tr("%1: step").arg(title));
  connect(m_source, &QComboBox::currentIndexChanged, this, &AdapterChooser::readSteps);
  connect(m_step, &QComboBox::currentIndexChanged, this, &AdapterChooser::changed);
  connect(&desk, &RunDesk::overviewChanged, this, &AdapterChooser::refreshSources);
  connect(&desk, &RunDesk::finished, this, &AdapterChooser::readSteps);
  connect(&desk, &RunDesk::stateChanged, this, [this] {   // a run that begins can be asked at once
    if (m_desk.live() && m_source->currentData().toLongLong() == m_desk.live()->id && (m_desk.isLive() && m_offersNow) != (m_step->findData(kNow) >= 0)) readSteps();
  });
  refreshSources();
}

QString AdapterChooser::askForFile(QWidget* over) {
  const QString path = QFileDialog::getOpenFileName(over, tr("Open an adapter"), {}, tr("Adapters (adapter_config.json *.safetensors *.gguf);;All files (*)"));
  return path.isEmpty() ? path : pathKind(path).path;
}

void AdapterChooser::refreshSources() {
  const QVariant before = m_source->currentData();
  {
    const QSignalBlocker quiet(m_source);
    QStringList folders;
    for (int i = 0; i < m_source->count(); ++i)
      if (m_source->itemData(i).metaType().id() == QMetaType::QString) folders.append(m_source->itemData(i).toString());
    m_source->clear();
    if (!m_nothing.isEmpty()) m_source->addItem(m_nothing, QVariant());
    const auto& runs = m_desk.overview().runs;
    for (auto run = runs.rbegin(); run != runs.rend(); ++run)
      m_source->addItem(QStringLiteral("%1 %2").arg(qs(run->name), methodText(run->config)), static_cast<qlonglong>(run->id));
    for (const auto& folder : folders) m_source->addItem(QFileInfo(folder).fileName(), folder);
    if (const int same = m_source->findData(before); before.isValid() && same >= 0) m_source->setCurrentIndex(same);
  }
  readSteps();
}

void AdapterChooser::addFolder(const QString& path, bool choose) {
  int at = m_source->findData(path);
  if (at < 0) {
    m_source->addItem(QFileInfo(path).fileName(), path);
    at = m_source->count() - 1;
    m_source->setItemData(at, path, Qt::ToolTipRole);
  }
  if (choose && at == m_source->currentIndex()) readSteps();   // what lies there may be another by now
  if (choose) m_source->setCurrentIndex(at);
}

void AdapterChooser::chooseRun(RunId run) {
  if (const int at = m_source->findData(static_cast<qlonglong>(run)); at >= 0) m_source->setCurrentIndex(at);
}

void AdapterChooser::readSteps() {
  const QVariant source = m_source->currentData();
  const auto fill = [this, source](const std::vector<CheckpointRow>& rows, bool live) {
    {
      const QSignalBlocker quiet(m_step);
      const QVariant before = m_filledFor == source ? m_step->currentData() : QVariant();   // another run begins with its last
      m_filledFor = source;
      m_step->clear();
      if (live && m_offersNow) m_step->addItem(tr("now, while it trains"), kNow);
      for (auto row = rows.rbegin(); row != rows.rend(); ++row)
        if (row->present) m_step->addItem(tr("step %1").arg(grouped(row->step)), static_cast<qlonglong>(row->step));
      if (const int same = m_step->findData(before); same >= 0 && before.isValid()) m_step->setCurrentIndex(same);
    }
    m_step->setVisible(m_step->count() > 0);
    Q_EMIT changed();
  };
  if (!source.isValid() || source.metaType().id() == QMetaType::QString) return fill({}, false);
  const RunId run = source.toLongLong();
  const bool live = m_desk.isLive() && m_desk.live()->id == run;
  m_desk.backend().readCheckpoints(run, this, [this, run, live, fill](Result<std::vector<CheckpointRow>> read) {
    if (run == m_source->currentData().toLongLong()) fill(read.ok() ? *read : std::vector<CheckpointRow>(), live);
  });
}

std::optional<Speaker> AdapterChooser::speaker() const {
  const QVariant source = m_source->currentData();
  if (!source.isValid()) return std::nullopt;
  Speaker speaker;
  if (source.metaType().id() == QMetaType::QString) {
    speaker.name = QFileInfo(source.toString()).fileName();
    speaker.adapter.path = source.toString();
    const Json model = m_draft.value("model", "path");
    speaker.model = model.is_string() ? qs(model.get<std::string>()) : QString();
    return speaker;
  }
  if (!m_step->currentData().isValid()) return std::nullopt;
  speaker.adapter.run = source.toLongLong();
  const qlonglong step = m_step->currentData().toLongLong();
  speaker.adapter.live = step == kNow;
  speaker.adapter.step = step == kNow ? 0 : step;
  speaker.name = QStringLiteral("%1, %2").arg(m_source->currentText().section(QLatin1Char(' '), 0, 0), step == kNow ? tr("now") : tr("step %1").arg(grouped(step)));
  return speaker;
}

}  // namespace weft::ui
