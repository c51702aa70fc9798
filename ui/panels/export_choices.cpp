// SPDX-License-Identifier: GPL-3.0-or-later
// What the Export page has to choose from: runs and adapters from elsewhere, checkpoints, and the forms that they can be written as.
#include <algorithm>

#include <QClipboard>
#include <QComboBox>
#include <QFileInfo>
#include <QGuiApplication>
#include <QLineEdit>
#include <QStandardItemModel>

#include "engine/api/generation.h"
#include "ui/bridge/base_reader.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/project_model.h"
#include "ui/panels/export_page.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

QString modelOf(const Json& config) {
  const Json model = config.is_object() ? config.value("model", Json()) : Json();
  return model.is_object() && model.contains("path") && model["path"].is_string() ? qs(model["path"].get<std::string>()) : QString();
}

}  // namespace

QString ExportPage::elsewhere() const {
  const QVariant chosen = m_run->currentData();
  return chosen.metaType().id() == QMetaType::QString ? chosen.toString() : QString();
}

RunId ExportPage::chosenRun() const { return elsewhere().isEmpty() ? m_run->currentData().toLongLong() : 0; }

QString ExportPage::modelNow() const {
  if (elsewhere().isEmpty()) return modelOf(m_record.config);
  return m_draft.model() ? qs(m_draft.model()->path) : QString();
}

void ExportPage::refreshRuns() {
  const QVariant before = m_run->currentData();
  {
    const QSignalBlocker quiet(m_run);
    QStringList others;
    for (int i = 0; i < m_run->count(); ++i)
      if (m_run->itemData(i).metaType().id() == QMetaType::QString) others.append(m_run->itemData(i).toString());
    m_run->clear();
    const auto& runs = m_desk.overview().runs;
    for (auto run = runs.rbegin(); run != runs.rend(); ++run)
      m_run->addItem(tr("%1 %2, %3 at step %4").arg(qs(run->name), methodText(run->config), engineText(run->state)).arg(run->last_step),
                     static_cast<qlonglong>(run->id));
    for (const auto& path : others) m_run->addItem(QFileInfo(path).fileName(), path);
    const int asked = m_run->findData(static_cast<qlonglong>(m_asked)), same = before.isValid() ? m_run->findData(before) : -1;
    if (asked >= 0) m_asked = 0;
    if (asked >= 0 || same >= 0) m_run->setCurrentIndex(asked >= 0 ? asked : same);
  }
  readCheckpoints();
}

void ExportPage::chooseRun(RunId run, std::int64_t step) {
  const int at = m_run->findData(static_cast<qlonglong>(run));
  m_asked = at < 0 ? run : 0;      // a run that has just begun is not listed yet
  m_wantedStep = step;
  if (at >= 0 && at == m_run->currentIndex() && step > 0) return readCheckpoints();
  if (at >= 0) m_run->setCurrentIndex(at);
}

void ExportPage::chooseRank(RunId run, std::int64_t step, int rank) {
  chooseRun(run, step);
  m_rank->setText(QString::number(rank));
  chooseFormat(QLatin1String(kOfRank));
}

void ExportPage::chooseAdapter(const QString& path) {
  int at = m_run->findData(path);
  if (at < 0) {
    at = m_run->count();
    const QSignalBlocker quiet(m_run);   // the first of all would be chosen at once
    m_run->addItem(QFileInfo(path).fileName(), path);
    m_run->setItemData(at, path, Qt::ToolTipRole);
  }
  m_run->setCurrentIndex(at);
  chooseFormat(QStringLiteral("peft"));   // the last run's may have been another
  if (m_run->count() == 1) readCheckpoints();
}

void ExportPage::chooseRank(const QString& adapter, int rank) {
  chooseAdapter(adapter);
  m_rank->setText(QString::number(rank));
  chooseFormat(QLatin1String(kOfRank));
}

void ExportPage::chooseFormat(const QString& format) { m_format->setCurrentIndex(m_format->findData(format)); }

const ExportOffer* ExportPage::offer(const QString& format) const {
  for (const auto& offer : m_offers)
    if (qs(offer.way.format) == format) return &offer;
  return nullptr;
}

// How much each form takes, beside its name. By the rank and the numbers that are chosen.
void ExportPage::showSizes() {
  const Json method = m_record.config.is_object() ? m_record.config.value("method", Json()) : Json();
  m_offers = offers_for_base(export_offers(method, m_record.started, rank(), ss(m_dtype->currentText())), ss(modelNow()));
  for (int i = 0; i < m_format->count(); ++i) {
    const std::string format = ss(m_format->itemData(i).toString());
    const auto* now = offer(qs(format));
    m_format->setItemText(i, now && now->bytes > 0 ? tr("%1, about %2").arg(exportTitle(format), bytesText(static_cast<double>(now->bytes))) : exportTitle(format));
  }
}

// What the chosen run's method cannot be written as is not to be chosen, and says why; a run of another method begins with what says the most of it.
void ExportPage::offerFormats(const RunRecord& record) {
  m_record = record;
  showSizes();
  const QSignalBlocker quiet(m_format);
  auto* items = qobject_cast<QStandardItemModel*>(m_format->model());
  int best = -1;
  for (int i = 0; i < m_format->count(); ++i) {
    const auto* now = offer(m_format->itemData(i).toString());
    const bool possible = !now || now->way.kind != ExportKind::Impossible;
    items->item(i)->setEnabled(possible);
    items->item(i)->setToolTip(now ? engineText(now->way.note) : QString());
    const bool exact = now && (now->way.kind == ExportKind::Exact || now->way.kind == ExportKind::Merged);
    if (best < 0 && exact) best = i;
  }
  const auto* now = offer(format());
  if (best >= 0 && (record.id != m_offeredFor || (now && now->way.kind == ExportKind::Impossible))) m_format->setCurrentIndex(best);
  m_offeredFor = record.id;
  identify(modelNow());
  const std::string name = record.config.is_object() ? template_of_run(record.config.value("data", Json::object())) : std::string("none");
  const bool carries = QFileInfo::exists(elsewhere() + QStringLiteral("/chat_template.jinja"));
  m_template->setWholeText(!elsewhere().isEmpty() ? (carries ? tr("the one in its folder; written as chat_template.jinja") : tr("none: the adapter carries none"))
                           : record.id == 0 ? QString()
                           : name == "none" ? tr("none: the run trains on text as it is")
                           : name == "auto" ? tr("the model's own, as the run trains")
                                            : tr("%1, as the run trains; written as chat_template.jinja").arg(qs(name)));
}

void ExportPage::identify(const QString& model) {
  if (model == m_model) return;
  m_model = model;
  m_base->setWholeText(model.isEmpty() ? QString() : tr("%1 · reading its hash").arg(QFileInfo(model).fileName()));
  m_hash->setWholeText({});
  m_copyHash->hide();
  if (model.isEmpty()) return;
  readBase(model, this, [this, model](const Result<BaseIdentity>& base) {
    if (model != m_model) return;
    if (!base.ok()) return m_base->setWholeText(engineText(base.status().message()));
    m_base->setWholeText(QStringLiteral("%1 · %2 · %3").arg(qs(base->name), qs(base->file), bytesText(static_cast<double>(base->bytes))));
    m_hash->setWholeText(base->sha256.empty() ? tr("too large to hash here") : QStringLiteral("sha256 ") + qs(base->sha256));
    m_copyHash->setVisible(!base->sha256.empty());
    m_copyHash->disconnect(this);
    connect(m_copyHash, &QPushButton::clicked, this, [hash = qs(base->sha256)] { QGuiApplication::clipboard()->setText(hash); });
  });
}

// At once by its method; when its matrices are read, by these too.
void ExportPage::readOffers() {
  const RunId run = chosenRun();
  RunRecord listed;
  for (const auto& record : m_desk.overview().runs)
    if (record.id == run) listed = record;
  if (m_record.id != run || run == 0) offerFormats(listed);
  if (run == 0) return;
  m_desk.backend().keeper().readRecord(run, this, [this, run](Result<RunRecord> record) {
    if (!record.ok() || chosenRun() != run) return;
    offerFormats(*record);
    refresh();
  });
}

void ExportPage::readCheckpoints() {
  const RunId run = chosenRun();
  readOffers();
  for (QWidget* part : std::initializer_list<QWidget*>{m_step, m_stepLabel}) part->setVisible(elsewhere().isEmpty());
  if (run == 0) {
    m_checkpoints.clear();
    m_step->clear();
    proposeFolder();
    return;
  }
  m_desk.backend().readCheckpoints(run, this, [this, run](Result<std::vector<CheckpointRow>> read) {
    if (run != chosenRun()) return;
    m_checkpoints = read.ok() ? std::move(read).value() : std::vector<CheckpointRow>();
    std::erase_if(m_checkpoints, [](const CheckpointRow& c) { return !c.present; });
    {
      const QSignalBlocker quiet(m_step);
      m_step->clear();
      const std::int64_t best = bestStep(run);
      for (auto c = m_checkpoints.rbegin(); c != m_checkpoints.rend(); ++c) {
        const QString text = c->step == best ? tr("step %1, best, %2") : tr("step %1, %2");
        m_step->addItem(text.arg(grouped(c->step), bytesText(static_cast<double>(c->bytes))), static_cast<qlonglong>(c->step));
      }
      if (const int at = m_step->findData(static_cast<qlonglong>(m_wantedStep)); m_wantedStep > 0 && at >= 0) m_step->setCurrentIndex(at);
      m_wantedStep = 0;
    }
    proposeFolder();
  });
}

// 0: none is known.
std::int64_t ExportPage::bestStep(RunId run) const {
  if (const auto& live = m_desk.live(); live && live->id == run) return live->bestStep;
  const auto& overview = m_desk.overview();
  for (std::size_t i = 0; i < std::min(overview.runs.size(), overview.best.size()); ++i)
    if (overview.runs[i].id == run) return overview.best[i] ? overview.best[i]->step : 0;
  return 0;
}

}  // namespace weft::ui
