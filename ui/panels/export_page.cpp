// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/export_page.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QStorageInfo>

#include "engine/core/disk.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/project_model.h"
#include "ui/panels/adapter_chooser.h"
#include "ui/panels/export_result.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/path_drops.h"

namespace weft::ui {
namespace {

constexpr std::uint64_t kMargin = 1 << 20;     // of what is written beside tensors, as the engine asks for

}  // namespace

ExportPage::ExportPage(Theme& theme, Draft& draft, RunDesk& desk, QWidget* parent) : QWidget(parent), m_draft(draft), m_desk(desk) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(12, 0, 12, 12);
  all->setSpacing(12);
  auto* card = new Card(theme, tr("Export"), this);
  card->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
  m_state = card->state();
  card->explain(tr("written whole or not at all, loaded again and compared before it is called done"));
  auto* grid = new QGridLayout;
  grid->setHorizontalSpacing(16);
  grid->setVerticalSpacing(10);
  grid->setColumnStretch(1, 1);
  const auto combo = [&](const QString& name) {
    auto* box = new QComboBox(card);
    box->setAccessibleName(name);
    box->setFixedWidth(440);
    return box;
  };
  m_run = combo(tr("Adapter"));
  m_step = combo(tr("Checkpoint"));
  m_format = combo(tr("Format"));
  for (const char* format : {"peft", "merged", "gguf-adapter", "gguf", kOfRank}) m_format->addItem(exportTitle(format), QLatin1String(format));
  m_rank = new QLineEdit(QStringLiteral("8"), card);
  m_rank->setAcceptDrops(false);   // a file is for the window
  m_rank->setProperty("number", true);
  m_rank->setAccessibleName(tr("Rank, or the share of the energy to keep"));
  m_rank->setToolTip(tr("A rank, such as 8, or the share of the update's energy that is to be kept, such as 99 %: then each matrix gets the least rank that keeps it."));
  m_rank->setFixedWidth(96);
  m_dtype = combo(tr("Numbers"));
  for (const char* dtype : {"auto", "fp32", "bf16", "fp16"}) m_dtype->addItem(QLatin1String(dtype));
  m_folder = new QLineEdit(card);
  m_folder->setProperty("number", true);
  m_folder->setAccessibleName(tr("Folder"));
  new PathDrops(*m_folder);
  auto* browse = new IconButton(theme, QStringLiteral("folder-open"), tr("Browse…"), IconButton::Style::Plain, card);
  auto* open = new IconButton(theme, QStringLiteral("folder-open"), tr("Open…"), IconButton::Style::Plain, card);
  open->setToolTip(tr("An adapter that no run of this project wrote: a PEFT folder or an adapter file"));
  connect(open, &QPushButton::clicked, this, [this] {
    if (const QString path = AdapterChooser::askForFile(this); !path.isEmpty()) chooseAdapter(path);
  });
  const std::pair<QString, QWidget*> rows[] = {{tr("Adapter"), m_run}, {tr("Checkpoint"), m_step}, {tr("Format"), m_format}, {tr("Rank"), m_rank}, {tr("Numbers"), m_dtype}};
  int row = 0;
  for (const auto& [name, widget] : rows) {
    auto* label = makeLabel("secondary", name, card);
    if (widget == m_rank) m_rankLabel = label;
    if (widget == m_step) m_stepLabel = label;
    grid->addWidget(label, row, 0);
    if (widget == m_run) {
      auto* line = new QHBoxLayout;
      line->setSpacing(8);
      line->addWidget(m_run);
      line->addWidget(open);
      line->addStretch();
      grid->addLayout(line, row++, 1);
    } else {
      grid->addWidget(widget, row++, 1, Qt::AlignLeft);
    }
  }
  grid->addWidget(makeLabel("secondary", tr("Folder"), card), row, 0);
  auto* place = new QHBoxLayout;
  place->setSpacing(8);
  place->addWidget(m_folder, 1);
  place->addWidget(browse);
  grid->addLayout(place, row++, 1);
  m_abilities = makeLabel("caption", {}, card);
  grid->addWidget(m_abilities, row++, 1);
  const auto fact = [&](const QString& name) {
    auto* label = new ElidedLabel("body", Qt::ElideMiddle, card);
    label->setAccessibleName(name);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    grid->addWidget(makeLabel("secondary", name, card), row, 0);
    grid->addWidget(label, row++, 1);
    return label;
  };
  m_base = fact(tr("Base model"));
  m_hash = new ElidedLabel("monocaption", Qt::ElideMiddle, card);
  m_hash->setAccessibleName(tr("Hash"));
  m_hash->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_copyHash = new IconButton(theme, QStringLiteral("copy"), {}, IconButton::Style::Link, card);
  m_copyHash->setAccessibleName(tr("Copy the hash"));
  m_copyHash->setToolTip(m_copyHash->accessibleName());
  m_copyHash->hide();
  auto* hash = new QHBoxLayout;
  hash->addWidget(m_hash, 1);
  hash->addWidget(m_copyHash);
  grid->addWidget(makeLabel("secondary", tr("Hash"), card), row, 0);
  grid->addLayout(hash, row++, 1);
  m_template = fact(tr("Template"));
  m_space = makeLabel("body", {}, card);
  m_space->setAccessibleName(tr("Space"));
  grid->addWidget(makeLabel("secondary", tr("Space"), card), row, 0);
  grid->addWidget(m_space, row++, 1);
  card->body()->addLayout(grid);
  auto* last = new QHBoxLayout;
  m_busyBar = new QProgressBar(card);
  m_busyBar->setRange(0, 0);
  m_busyBar->setTextVisible(false);
  m_busyBar->setFixedWidth(160);
  m_busyBar->hide();
  m_export = new IconButton(theme, QStringLiteral("download"), tr("Export"), IconButton::Style::Primary, card);
  last->addStretch();
  m_cancel = new IconButton(theme, {}, tr("Cancel"), IconButton::Style::Link, card);
  m_cancel->hide();
  last->addWidget(m_busyBar);
  last->addWidget(m_cancel);
  last->addWidget(m_export);
  card->body()->addLayout(last);
  all->addWidget(card);

  m_result = new ExportResult(theme, this);
  all->addWidget(m_result);
  all->addStretch();

  connect(browse, &QPushButton::clicked, this, [this] {
    const QString path = QFileDialog::getSaveFileName(this, tr("Folder to write"), m_folder->text(), {}, nullptr, QFileDialog::DontConfirmOverwrite);
    if (path.isEmpty()) return;
    m_folderTouched = true;
    m_folder->setText(path);
  });
  connect(m_folder, &QLineEdit::textEdited, this, [this] { m_folderTouched = true; });
  connect(m_folder, &QLineEdit::textChanged, this, &ExportPage::refresh);
  connect(m_run, &QComboBox::currentIndexChanged, this, &ExportPage::readCheckpoints);
  connect(m_step, &QComboBox::currentIndexChanged, this, &ExportPage::proposeFolder);
  connect(m_format, &QComboBox::currentIndexChanged, this, &ExportPage::proposeFolder);
  connect(m_rank, &QLineEdit::textChanged, this, [this] {
    showSizes();
    proposeFolder();
  });
  connect(m_dtype, &QComboBox::currentIndexChanged, this, [this] {
    showSizes();
    refresh();
  });
  connect(m_export, &QPushButton::clicked, this, &ExportPage::start);
  connect(m_cancel, &QPushButton::clicked, this, [this] {
    if (m_ending) *m_ending = true;
    refresh();
  });
  connect(&desk, &RunDesk::overviewChanged, this, &ExportPage::refreshRuns);
  connect(&desk, &RunDesk::finished, this, &ExportPage::readCheckpoints);
  connect(&desk.backend(), &Backend::engineReady, this, &ExportPage::refresh);
  connect(&draft, &Draft::changed, this, [this] {
    if (elsewhere().isEmpty() || modelNow() == m_model) return;
    offerFormats({});
    refresh();
  });
  connect(&desk, &RunDesk::shownChanged, this, [this] {
    if (m_desk.shown()) chooseRun(m_desk.shown()->id);
  });
  refreshRuns();
}

QString ExportPage::format() const { return m_format->currentData().toString(); }

bool ExportPage::ofRank() const { return format() == QLatin1String(kOfRank); }

double ExportPage::energy() const {
  QString text = m_rank->text().trimmed();
  if (!text.endsWith(QLatin1Char('%'))) return 0;
  text.chop(1);
  bool number = false;
  const double share = QLocale().toDouble(text.trimmed(), &number) / 100;
  return number && share > 0 && share <= 1 ? share : 0;
}

std::int64_t ExportPage::rank() const {
  bool whole = false;
  const qlonglong rank = m_rank->text().trimmed().toLongLong(&whole);
  return whole ? rank : 0;
}

QString ExportPage::base() const { return QStringLiteral("%1 · %2").arg(m_base->toolTip(), m_hash->toolTip()); }

QString ExportPage::space() const { return m_space->text(); }

QString ExportPage::carried() const { return m_template->toolTip(); }

void ExportPage::proposeFolder() {
  if (!m_folderTouched && m_run->count() > 0) {
    const QString base = m_desk.project().filesFolder.isEmpty() ? QDir::homePath() : m_desk.project().filesFolder + QStringLiteral("/exports");
    const QString form = !ofRank() ? format() : energy() > 0 ? QStringLiteral("energy%1").arg(100 * energy()) : QStringLiteral("rank%1").arg(rank());
    const QString name = elsewhere().isEmpty() ? QStringLiteral("r%1-step%2").arg(chosenRun()).arg(m_step->currentData().toLongLong())
                                               : QFileInfo(elsewhere()).completeBaseName();
    const QString stem = QStringLiteral("%1/%2-%3").arg(base, name, form);
    QString path = stem;
    for (int n = 2; QFileInfo::exists(path); ++n) path = QStringLiteral("%1-%2").arg(stem).arg(n);
    m_folder->setText(path);
  }
  refresh();
}

void ExportPage::refresh() {
  QString why;
  const QDir folder(m_folder->text());
  if (m_run->count() == 0)
    why = tr("no run yet");
  else if (!elsewhere().isEmpty() && modelNow().isEmpty())
    why = tr("choose the model it belongs to in Set up first");
  else if (elsewhere().isEmpty() && m_step->count() == 0)
    why = tr("this run has no checkpoint yet; press Checkpoint or Stop & save");
  else if (!m_desk.backend().hasEngine())
    why = tr("the engine is loading");
  else if (m_folder->text().trimmed().isEmpty())
    why = tr("name a folder");
  else if (folder.exists() && !folder.isEmpty())
    why = tr("the folder is not empty; choose another");
  else if (ofRank() && rank() < 1 && energy() <= 0)
    why = tr("name a rank, a whole number from 1 on, or a share of the energy such as 99 %");
  const auto* now = offer(format());
  const std::uint64_t needed = now ? now->bytes : 0;
  const QStorageInfo volume(qs(nearest_existing(ss(folder.path())).string()));   // the folder need not be there yet
  const auto available = volume.isValid() ? static_cast<std::uint64_t>(std::max<qint64>(0, volume.bytesAvailable())) : 0;
  const QString writes = needed > 0 ? tr("about %1 to write").arg(bytesText(static_cast<double>(needed))) : tr("known when it is written");
  m_space->setText(volume.isValid() ? tr("%1 · %2 free at %3").arg(writes, bytesText(static_cast<double>(available)), volume.rootPath()) : writes);
  if (why.isEmpty() && volume.isValid() && needed + kMargin > available)
    why = tr("%1 are needed and %2 are free; choose another folder").arg(bytesText(static_cast<double>(needed)), bytesText(static_cast<double>(available)));
  m_rank->setVisible(ofRank());
  m_rankLabel->setVisible(ofRank());
  const QString about = format() == QLatin1String("peft")     ? tr("For Python PEFT and everything that reads its folders. auto writes fp32.")
                        : format() == QLatin1String("merged") ? tr("The whole model with the update added to its weights. auto writes bf16.")
                        : format() == QLatin1String("gguf")   ? tr("The whole model with the update added, as one file for llama.cpp and what is built on it. auto writes fp16.")
                        : ofRank()                            ? tr("The nearest plain LoRA of that rank, or of the least rank that keeps the share named, such as 99 %; what it keeps is said when it is written.")
                                                              : tr("One file to load beside the model's own GGUF. auto writes fp16.");
  m_abilities->setText(now && !now->way.term.empty() ? QStringLiteral("%1. %2").arg(engineText(now->way.term), about) : about);
  const bool ending = m_ending && *m_ending;
  if (m_busy)
    m_state->setState(StateLabel::Tone::Busy, ending ? tr("being cancelled") : tr("writing and verifying"));
  else if (why.isEmpty())
    m_state->setState(StateLabel::Tone::Good, tr("ready"));
  else
    m_state->setState(StateLabel::Tone::Missing, why);
  m_export->setEnabled(why.isEmpty() && !m_busy);
  m_busyBar->setVisible(m_busy);
  m_cancel->setVisible(m_busy && !ending);
}

void ExportPage::start() {
  if (m_busy || !m_export->isEnabled()) return;
  m_busy = true;
  m_ending = std::make_shared<std::atomic<bool>>(false);
  showProgress(0, 0);
  m_result->hide();
  refresh();
  RunExport request{chosenRun(), m_step->currentData().toLongLong(), ofRank() ? QStringLiteral("peft") : format(), m_dtype->currentText(),
                    m_folder->text().trimmed(), ofRank() ? rank() : 0, ofRank() ? energy() : 0};
  request.work = {m_ending, [this](std::uint64_t done, std::uint64_t all) { showProgress(done, all); }};
  request.adapter = elsewhere();
  request.model = modelNow();
  m_desk.backend().exportRun(request, this, [this](Result<ExportReport> report) { showReport(report); });
}

// Its end is the model's run over what was written, which has no measure.
void ExportPage::showProgress(std::uint64_t done, std::uint64_t all) {
  constexpr std::uint64_t kUnit = 1u << 20;
  m_busyBar->setRange(0, static_cast<int>(all / kUnit));
  m_busyBar->setValue(static_cast<int>(done / kUnit));
}

void ExportPage::showReport(const Result<ExportReport>& report) {
  m_busy = false;
  m_ending.reset();
  if (!report.ok() && report.status().code() == ErrorCode::Cancelled) {
    m_result->showFailure(tr("Cancelled; nothing was kept."));
    return refresh();
  }
  if (!report.ok()) {
    m_result->showFailure(engineText(report.status().message()));
    m_desk.log().add(LogEntry::Level::Error, engineText(report.status().message()));
    refresh();
    return;
  }
  const QString path = qs(report->path);
  m_result->show(*report, ofRank() ? QStringLiteral("peft") : format(), m_model);
  m_desk.log().add(LogEntry::Level::Info, tr("exported to %1").arg(path));
  m_folderTouched = false;
  m_desk.refresh();
  proposeFolder();
  Q_EMIT exported(path);
}

}  // namespace weft::ui
