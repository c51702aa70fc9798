// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/compare_page.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QListWidget>
#include <QSlider>
#include <QStackedWidget>
#include <QTableWidget>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/project_model.h"
#include "ui/panels/compared_answers.h"
#include "ui/plots/series_plot.h"
#include "ui/widgets/chart_card.h"
#include "ui/widgets/empty_state.h"

namespace weft::ui {
namespace {

constexpr int kCursorSteps = 1000;
constexpr int kChartHeight = 236;
constexpr int kListRoom = 16;          // below the last of the runs
constexpr std::size_t kMostBeyond = 2; // a spectrum longer than so many times the usual one goes on beyond the axis
constexpr float kLeastShare = 1e-6F;   // of the largest: singular values below it are rounding

Curve curveAlong(const ComparedCurve& curve, RunAxis axis) { return {curve.along(axis), curve.values}; }

// How far the index axis reaches: as far as the longest spectrum that is not far longer than the others.
std::size_t usualLength(std::vector<std::size_t> lengths) {
  std::sort(lengths.begin(), lengths.end());
  const std::size_t usual = lengths[lengths.size() / 2];
  return *std::prev(std::upper_bound(lengths.begin(), lengths.end(), kMostBeyond * usual));
}

}  // namespace

ComparePage::ComparePage(Theme& theme, RunDesk& desk, QWidget* parent) : QWidget(parent), m_theme(theme), m_desk(desk) {
  auto* all = new QHBoxLayout(this);
  all->setContentsMargins(12, 0, 12, 12);
  all->setSpacing(12);
  all->addWidget(makeChooser());
  all->addWidget(makeCharts(), 1);
  for (SeriesPlot* plot : {m_loss, m_held, m_rate, m_norm})
    connect(plot, &PlotFrame::cursorMoved, this, [this](std::optional<double> x) {
      if (x && m_last > 0) m_cursor->setValue(static_cast<int>(std::lround(std::clamp(*x / m_last, 0.0, 1.0) * kCursorSteps)));
    });
  connect(&desk, &RunDesk::overviewChanged, this, &ComparePage::refillList);
  connect(&desk, &RunDesk::projectChanged, this, &ComparePage::refillList);
  connect(&theme, &Theme::changed, this, &ComparePage::paintKeys);
  refillList();
}

QWidget* ComparePage::makeChooser() {
  auto* card = new Card(m_theme, tr("Runs"), this);
  card->hideState();
  card->setFixedWidth(216);
  card->body()->setSpacing(6);
  m_list = new QListWidget(card);
  m_list->setAccessibleName(tr("Runs to compare"));
  m_list->setFrameShape(QFrame::NoFrame);
  m_list->setIconSize({30, 14});
  m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  connect(m_list, &QListWidget::itemChanged, this, [this] {
    if (!m_filling) read();
  });
  card->body()->addWidget(m_list, 1);   // no taller than its rows: refillList()
  const auto box = [&](const QString& name, const QStringList& items) {
    auto* combo = new QComboBox(card);
    combo->addItems(items);
    combo->setAccessibleName(name);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(8);
    card->body()->addWidget(makeLabel("caption", name, card));
    card->body()->addWidget(combo);
    return combo;
  };
  m_axis = box(tr("Along"), {tr("step"), tr("epoch"), tr("tokens"), tr("time in steps, s")});
  m_scale = box(tr("Scale"), {tr("linear"), tr("log")});
  m_site = box(tr("Matrix"), {});
  connect(m_axis, &QComboBox::currentIndexChanged, this, &ComparePage::drawCurves);
  connect(m_scale, &QComboBox::currentIndexChanged, this, [this](int i) {
    for (SeriesPlot* plot : {m_loss, m_held, m_rate, m_norm}) plot->setLogY(i == 1);
  });
  connect(m_site, &QComboBox::currentIndexChanged, this, &ComparePage::drawSpectra);
  auto* csv = new IconButton(m_theme, QStringLiteral("download"), tr("Export CSV…"), IconButton::Style::Plain, card);
  auto* page = new IconButton(m_theme, QStringLiteral("download"), tr("Export page…"), IconButton::Style::Plain, card);
  m_csv = csv;
  m_page = page;
  connect(csv, &QPushButton::clicked, this, [this] { askExport(QStringLiteral("csv")); });
  connect(page, &QPushButton::clicked, this, [this] { askExport(QStringLiteral("html")); });
  card->body()->addSpacing(6);
  card->body()->addWidget(csv);
  card->body()->addWidget(page);
  card->body()->addStretch();
  return card;
}

QTableWidget* ComparePage::makeTable(const QString& name, QWidget* parent) {
  auto* table = new QTableWidget(parent);
  table->setAccessibleName(name);
  table->setEditTriggers(QAbstractItemView::NoEditTriggers);
  table->setSelectionMode(QAbstractItemView::SingleSelection);
  table->setShowGrid(false);
  table->setCornerButtonEnabled(false);
  table->setFrameShape(QFrame::NoFrame);
  table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  table->verticalHeader()->setDefaultSectionSize(24);
  table->verticalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
  return table;
}

QWidget* ComparePage::makeCharts() {
  auto* scroll = new QScrollArea(this);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  auto* whole = new QWidget(scroll->viewport());
  auto* column = new QVBoxLayout(whole);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(12);
  m_message = makeLabel("secondary", {}, whole);
  m_message->setWordWrap(true);
  column->addWidget(m_message);
  m_empty = new EmptyState(m_theme, QStringLiteral("git-compare"), whole);
  m_way = m_empty->addButton({}, {}, IconButton::Style::Primary);
  connect(m_way, &QPushButton::clicked, this, &ComparePage::leaveEmpty);
  column->addWidget(m_empty, 1);
  m_charts = new QWidget(whole);
  auto* inner = new QVBoxLayout(m_charts);
  inner->setContentsMargins(0, 0, 0, 0);
  inner->setSpacing(12);
  const auto plot = [&](const char* file, const QString& name, const QString& y, bool smooth, bool points, bool scientific, int digits) {
    auto* made = new SeriesPlot(m_theme, QLatin1String(file), y, {}, m_charts);
    made->setAccessibleName(name);
    for (int i = 0; i < static_cast<int>(kMostCompared); ++i)
      made->addSeries({.color = i, .run = true, .smooth = smooth, .points = points, .scientific = scientific, .digits = digits});
    made->setMinimumHeight(kChartHeight);
    made->readAtNames();
    return made;
  };
  m_loss = plot("compared-loss", tr("Training loss of the runs"), tr("loss, nats a token"), true, false, false, 3);
  m_loss->setEmptyText(tr("None of these runs recorded a step."));
  const auto loss = makeChartCard(tr("Training loss"), nullptr, m_charts);
  loss.body->addWidget(m_loss);
  inner->addWidget(loss.frame);
  auto* bar = new QHBoxLayout;
  bar->setContentsMargins(12, 0, 12, 0);
  bar->setSpacing(12);
  bar->addWidget(makeLabel("section", tr("CURSOR AT"), m_charts));
  m_cursor = new QSlider(Qt::Horizontal, m_charts);
  m_cursor->setRange(0, kCursorSteps);
  m_cursor->setPageStep(kCursorSteps / 20);
  m_cursor->setAccessibleName(tr("cursor of all charts"));
  m_cursor->setValue(kCursorSteps);
  bar->addWidget(m_cursor, 1);
  m_read = makeLabel("mono", {}, m_charts);
  m_read->setMinimumWidth(QFontMetrics(m_theme.mono(12)).horizontalAdvance(QStringLiteral("000,000,000")));
  m_read->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  bar->addWidget(m_read);
  inner->addLayout(bar);
  connect(m_cursor, &QSlider::valueChanged, this, [this](int at) { moveCursor(m_last * at / kCursorSteps); });

  m_curve = makeTool({tr("Held-out loss"), tr("Learning rate"), tr("Gradient norm")}, tr("what is drawn over the steps"), m_charts);
  m_held = plot("compared-held-out-loss", tr("Held-out loss of the runs"), tr("loss, nats a token"), false, true, false, 3);
  m_held->setEmptyText(tr("None of these runs held rows back."));
  m_rate = plot("compared-learning-rate", tr("Learning rate of the runs"), tr("learning rate"), false, false, true, 3);
  m_norm = plot("compared-gradient-norm", tr("Gradient norm of the runs"), tr("gradient 2-norm"), false, false, false, 3);
  m_curves = new QStackedWidget(m_charts);
  for (SeriesPlot* each : {m_held, m_rate, m_norm}) m_curves->addWidget(each);
  connect(m_curve, &QComboBox::currentIndexChanged, m_curves, &QStackedWidget::setCurrentIndex);
  const auto curve = makeChartCard({}, nullptr, m_charts);
  m_curve->setProperty("heading", true);   // what is chosen is the card's title
  curve.header->insertWidget(0, m_curve);
  curve.title->hide();
  curve.body->addWidget(m_curves);
  m_spectrum = plot("compared-spectra", tr("Spectra of one matrix of the runs"), tr("singular value"), false, true, false, 3);
  m_spectrum->setX(tr("index"), true, /*first=*/1);
  m_spectrum->setLogY(true);
  m_spectrum->setEmptyText(tr("None of these runs recorded spectra of this matrix up to the cursor."));
  const auto spectra = makeChartCard(tr("Spectrum at the cursor"), nullptr, m_charts);
  m_spectrumSteps = makeLabel("caption", {}, spectra.frame);
  m_spectrumSteps->setWordWrap(true);
  spectra.body->addWidget(m_spectrumSteps);
  spectra.body->addWidget(m_spectrum, 1);
  auto* pair = new QHBoxLayout;
  pair->setSpacing(12);
  pair->addWidget(curve.frame, 1);
  pair->addWidget(spectra.frame, 1);
  inner->addLayout(pair);
  m_answers = new ComparedAnswers(m_theme, m_desk, m_charts);
  inner->addWidget(m_answers);
  const auto figures = makeChartCard(tr("Final figures"), nullptr, m_charts);
  m_figures = makeTable(tr("Final figures"), m_charts);
  figures.body->addWidget(m_figures);
  inner->addWidget(figures.frame);
  const auto settings = makeChartCard(tr("Settings that differ"), nullptr, m_charts);
  m_settings = makeTable(tr("Settings that differ"), m_charts);
  settings.body->addWidget(m_settings);
  inner->addWidget(settings.frame);
  inner->addStretch(1);
  column->addWidget(m_charts, 1);
  scroll->setWidget(whole);
  return scroll;
}

QString ComparePage::message() const { return m_comparison ? m_message->text() : m_empty->sentence(); }

QString ComparePage::spectrumWords() const { return m_spectrumSteps->text(); }

void ComparePage::leaveEmpty() {
  const auto& runs = m_desk.overview().runs;
  if (runs.size() < kFewestCompared) {
    Q_EMIT settingsWanted(runs.empty() ? Json() : runs.back().config);
    return;
  }
  m_filling = true;
  for (int i = 0; i < m_list->count(); ++i) m_list->item(i)->setCheckState(Qt::Unchecked);
  m_filling = false;
  refillList();
}

void ComparePage::refillList() {
  const auto& runs = m_desk.overview().runs;
  const std::vector<RunId> had = chosen();
  m_filling = true;
  m_list->clear();
  // Without a choice of its own the page shows the last runs that trained: a comparison is seen before anything is asked.
  std::vector<RunId> on;
  for (const RunId id : had)
    if (std::any_of(runs.begin(), runs.end(), [&](const RunRecord& r) { return r.id == id; })) on.push_back(id);
  if (on.size() < kFewestCompared && had.size() < kFewestCompared)
    for (auto run = runs.rbegin(); run != runs.rend() && on.size() < 3; ++run)
      if (run->last_step > 0 && std::find(on.begin(), on.end(), run->id) == on.end()) on.push_back(run->id);
  for (const auto& run : runs) {
    auto* item = new QListWidgetItem(QStringLiteral("%1  %2").arg(qs(run.name), methodText(run.config)), m_list);
    item->setData(Qt::UserRole, static_cast<qlonglong>(run.id));
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    item->setCheckState(std::find(on.begin(), on.end(), run.id) != on.end() ? Qt::Checked : Qt::Unchecked);
    item->setToolTip(QStringLiteral("%1, %2").arg(item->text(), engineText(run.state)));
  }
  m_list->setVisible(m_list->count() > 0);   // an empty one is a bar of the focus alone
  m_list->setMaximumHeight(m_list->count() * std::max(1, m_list->sizeHintForRow(0)) + 2 * m_list->frameWidth() + kListRoom);
  m_filling = false;
  read();
}

void ComparePage::choose(RunId run, bool on) {
  for (int i = 0; i < m_list->count(); ++i)
    if (m_list->item(i)->data(Qt::UserRole).toLongLong() == run) m_list->item(i)->setCheckState(on ? Qt::Checked : Qt::Unchecked);
}

std::vector<RunId> ComparePage::chosen() const {
  std::vector<RunId> runs;
  for (int i = 0; i < m_list->count(); ++i)
    if (m_list->item(i)->checkState() == Qt::Checked) runs.push_back(m_list->item(i)->data(Qt::UserRole).toLongLong());
  return runs;
}

void ComparePage::read() {
  paintKeys();
  const auto runs = chosen();
  const quint64 asked = ++m_asked;
  if (runs.size() < kFewestCompared || runs.size() > kMostCompared) {
    const bool few = runs.size() < kFewestCompared;
    show(invalid_argument(ss(!few                      ? tr("%1 runs are chosen; at most %2 can be told apart. Uncheck some.").arg(runs.size()).arg(kMostCompared)
                             : m_list->count() < 2 ? tr("Finish or open a second run to compare.")
                                                   : tr("Choose two to six runs on the left."))));
    return;
  }
  m_desk.backend().compareRuns(runs, this, [this, asked](Result<Comparison> comparison) {
    if (asked == m_asked) show(std::move(comparison));
  });
}

void ComparePage::show(Result<Comparison> comparison) {
  m_comparison.reset();
  QStringList words;
  if (comparison.ok()) {
    m_comparison = std::move(comparison).value();
    for (const auto& note : m_comparison->notes) words.append(engineText(note));
  } else {
    const bool alone = m_list->count() < static_cast<int>(kFewestCompared);
    m_empty->setWords(alone ? tr("Nothing to compare yet") : tr("Which runs?"), engineText(comparison.status().message()));
    m_way->setText(alone ? tr("Set up another run") : tr("Compare the last ones"));
    m_way->setToolTip(alone && m_list->count() > 0 ? tr("Takes over the settings of the run that is there, to change some of them") : QString());
  }
  m_empty->setVisible(!m_comparison);
  m_message->setText(words.join(QLatin1Char('\n')));
  m_message->setVisible(!words.isEmpty());
  m_charts->setVisible(m_comparison.has_value());
  for (QWidget* control : std::initializer_list<QWidget*>{m_axis, m_scale, m_site, m_csv, m_page}) control->setEnabled(m_comparison.has_value());
  if (!m_comparison) return;
  const QVariant before = m_site->currentData();
  {
    const QSignalBlocker quiet(m_site);
    m_site->clear();
    for (const auto& site : m_comparison->sites) {
      const SiteShape shape = siteFromPath(site);
      m_site->addItem(shape.layer >= 0 ? QStringLiteral("%1 · %2").arg(shape.layer).arg(qs(shape.module)) : qs(site), qs(site));
      m_site->setItemData(m_site->count() - 1, qs(site), Qt::ToolTipRole);
    }
    m_site->setCurrentIndex(std::max(0, m_site->findData(before)));
    m_site->setEnabled(m_site->count() > 0);
  }
  fillTable(m_figures, m_comparison->figures, true);
  fillTable(m_settings, m_comparison->settings, false);
  std::vector<RunRecord> records;
  for (const auto& run : m_comparison->runs) records.push_back(run.run);
  m_answers->setRuns(records);
  drawCurves();
}

RunAxis ComparePage::axisNow() const { return static_cast<RunAxis>(m_axis->currentIndex()); }

void ComparePage::drawCurves() {
  if (!m_comparison) return;
  const RunAxis axis = axisNow();
  const QString titles[] = {tr("step"), tr("epoch"), tr("tokens"), tr("time in steps, s")};
  m_last = 0;
  const std::pair<SeriesPlot*, ComparedCurve ComparedRun::*> charts[] = {
      {m_loss, &ComparedRun::loss}, {m_held, &ComparedRun::held_out}, {m_rate, &ComparedRun::lr}, {m_norm, &ComparedRun::grad_norm}};
  for (const auto& [plot, curve] : charts) {
    plot->clear();
    plot->setX(titles[m_axis->currentIndex()], axis == RunAxis::Step || axis == RunAxis::Tokens);
    std::vector<Flag> flags;
    for (std::size_t r = 0; r < m_comparison->runs.size(); ++r) {
      const Curve drawn = curveAlong(m_comparison->runs[r].*curve, axis);
      if (!drawn.steps.empty()) m_last = std::max(m_last, drawn.steps.back());
      plot->setName(static_cast<int>(r), qs(m_comparison->runs[r].run.name));
      plot->setCurve(static_cast<int>(r), drawn);
      for (const auto& edit : m_comparison->runs[r].edits)
        flags.push_back({.kind = Flag::Kind::Edit, .step = std::llround(edit.step), .text = engineText(edit.text),
                         .label = QStringLiteral("%1 %2").arg(qs(m_comparison->runs[r].run.name), qs(edit.label)), .x = edit.along(axis), .series = static_cast<int>(r)});
    }
    plot->setFlags(flags);
    plot->refresh();
  }
  moveCursor(m_last * m_cursor->value() / kCursorSteps);
}

void ComparePage::moveCursor(double x) {
  if (!m_comparison) return;
  m_read->setText(axisNow() == RunAxis::Epoch ? fixed(x, 2) : axisNow() == RunAxis::Seconds ? fixed(x, 1) : grouped(std::llround(x)));
  for (SeriesPlot* plot : {m_loss, m_held, m_rate, m_norm}) plot->setCursor(x);
  drawSpectra();
}

void ComparePage::drawSpectra() {
  if (!m_comparison) return;
  m_spectrum->clear();
  const double x = m_last * m_cursor->value() / kCursorSteps;
  std::int64_t first = std::numeric_limits<std::int64_t>::max(), last = -1;
  std::vector<std::pair<std::size_t, std::size_t>> lengths;   // run, values
  for (std::size_t r = 0; r < m_comparison->runs.size(); ++r) {
    const ComparedRun& run = m_comparison->runs[r];
    const std::ptrdiff_t at = run.loss.before(axisNow(), axisNow() == RunAxis::Step ? std::round(x) : x);
    const SpectrumRow* row = at < 0 ? nullptr : run.spectrum(ss(m_site->currentData().toString()), run.loss.steps[static_cast<std::size_t>(at)]);
    if (!row) continue;
    Curve values;
    for (std::size_t i = 0; i < row->values.size(); ++i)
      if (row->values[i] > kLeastShare * row->values.front()) values.put(static_cast<double>(i + 1), row->values[i]);
    first = std::min(first, row->step);
    last = std::max(last, row->step);
    m_spectrum->setName(static_cast<int>(r), qs(run.run.name), fixed(row->effective_rank, 1));
    m_spectrum->setCurve(static_cast<int>(r), values);
    lengths.emplace_back(r, values.steps.size());
  }
  QStringList words;
  m_spectrum->setLastX({});
  if (last >= 0) {
    words.append(first == last ? tr("step %1, effective ranks").arg(grouped(last)) : tr("steps %1 to %2, effective ranks").arg(grouped(first), grouped(last)));
    std::vector<std::size_t> all;
    for (const auto& [run, count] : lengths) all.push_back(count);
    const std::size_t shown = usualLength(all);
    m_spectrum->setLastX(static_cast<double>(shown));
    for (const auto& [run, count] : lengths)
      if (count > shown) words.append(tr("%1: %2 more values to the right").arg(qs(m_comparison->runs[run].run.name)).arg(count - shown));
  }
  m_spectrumSteps->setText(words.join(QStringLiteral(" · ")));
  m_spectrum->refresh();
}

void ComparePage::fillTable(QTableWidget* table, const std::vector<ComparedRow>& rows, bool remarks) {
  const auto& runs = m_comparison->runs;
  const bool remarked = remarks && std::any_of(runs.begin(), runs.end(), [](const ComparedRun& r) { return !r.remark.empty(); });
  const int lead = remarks ? (remarked ? 2 : 1) : 0, count = static_cast<int>(rows.size()) + lead;
  table->clear();
  table->setColumnCount(static_cast<int>(runs.size()));
  table->setRowCount(std::max(count, 1));
  const auto put = [&](int row, int column, const QString& text) {
    auto* item = new QTableWidgetItem(text);
    item->setToolTip(item->text());
    item->setFont(m_theme.mono(12));
    if (remarks) item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);   // figures
    table->setItem(row, column, item);
  };
  QStringList names, titles;
  for (std::size_t r = 0; r < runs.size(); ++r) {
    names.append(qs(runs[r].run.name));
    if (remarks) put(0, static_cast<int>(r), engineText(runs[r].run.state));
    if (remarked) put(1, static_cast<int>(r), runs[r].remark.empty() ? QStringLiteral("–") : engineText(runs[r].remark));
  }
  if (remarks) titles.append(tr("state"));
  if (remarked) titles.append(tr("to know"));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    titles.append(engineText(rows[i].title));
    for (std::size_t r = 0; r < runs.size(); ++r) put(lead + static_cast<int>(i), static_cast<int>(r), qs(rows[i].texts[r]));
  }
  if (count == 0) {
    titles.append(tr("none: the runs have the same settings"));
    for (std::size_t r = 0; r < runs.size(); ++r) put(0, static_cast<int>(r), {});
  }
  table->setHorizontalHeaderLabels(names);
  if (remarks) table->horizontalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
  table->setVerticalHeaderLabels(titles);
  // as high as its rows: the page scrolls, not the table
  table->setFixedHeight(table->horizontalHeader()->sizeHint().height() + table->rowCount() * table->verticalHeader()->defaultSectionSize() + 4);
}

void ComparePage::paintKeys() {
  m_filling = true;
  int place = 0;
  QPixmap empty(m_list->iconSize() * devicePixelRatioF());
  empty.setDevicePixelRatio(devicePixelRatioF());
  empty.fill(Qt::transparent);
  const QIcon blank(empty);  // one for the many that are not chosen
  for (int i = 0; i < m_list->count(); ++i) {
    auto* item = m_list->item(i);
    if (item->checkState() != Qt::Checked || place >= static_cast<int>(kMostCompared)) {
      item->setIcon(blank);
    } else {
      QPixmap key = empty;
      QPainter painter(&key);
      painter.setRenderHint(QPainter::Antialiasing);
      painter.setPen(m_theme.runPen(place, 2));
      painter.drawLine(QPointF(1, 7), QPointF(29, 7));
      painter.end();
      item->setIcon(QIcon(key));
      ++place;
    }
  }
  m_filling = false;
}

void ComparePage::askExport(const QString& ending) {
  const QString proposed = QFileInfo(m_desk.project().path).completeBaseName() + QStringLiteral("-compare.") + ending;
  const QString path = QFileDialog::getSaveFileName(this, tr("Export the comparison"), QFileInfo(m_desk.project().path).absolutePath() + QLatin1Char('/') + proposed);
  if (!path.isEmpty()) exportTo(path);
}

void ComparePage::exportTo(const QString& path) {
  m_desk.backend().exportComparison(chosen(), path, this, [this](Result<QString> written) {
    if (written.ok())
      m_desk.log().add(LogEntry::Level::Info, tr("comparison written to %1").arg(*written));
    else
      m_desk.log().add(LogEntry::Level::Error, engineText(written.status().message()));
  });
}

}  // namespace weft::ui
