// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/data_card.h"

#include <algorithm>

#include <QFileDialog>
#include <QFileInfo>
#include <QHeaderView>
#include <QProgressBar>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/panels/data_mapping.h"
#include "ui/plots/length_histogram.h"
#include "ui/widgets/advice_strip.h"
#include "ui/widgets/chat_view.h"
#include "ui/widgets/token_view.h"

namespace weft::ui {
namespace {

constexpr int kViewHeight = 172;
constexpr int kProgressMs = 100;

QScrollArea* scrolled(QWidget* widget, QWidget* parent) {
  auto* scroll = makeScroll(parent);
  scroll->setWidget(widget);
  scroll->viewport()->setAutoFillBackground(false);
  widget->setAutoFillBackground(false);
  return scroll;
}

QTableView* table(QAbstractItemModel* model, const QString& name, QWidget* parent) {
  auto* view = new QTableView(parent);
  view->setModel(model);
  view->setAccessibleName(name);
  view->setSelectionBehavior(QAbstractItemView::SelectRows);
  view->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view->setShowGrid(false);
  view->setWordWrap(false);
  view->verticalHeader()->hide();
  view->verticalHeader()->setDefaultSectionSize(24);
  view->horizontalHeader()->setStretchLastSection(true);
  view->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  return view;
}

}  // namespace

DataCard::DataCard(Theme& theme, Draft& draft, QWidget* parent) : QWidget(parent), m_theme(theme), m_draft(draft) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  m_card = new Card(theme, tr("Data"), this);
  outer->addWidget(m_card);
  buildHeader(theme);
  buildCounts(theme);
  buildViews(theme);
  connect(&draft, &Draft::changed, this, &DataCard::refresh);
  connect(&theme, &Theme::changed, this, &DataCard::refreshCounts);   // its figures carry their colour
  connect(&draft, &Draft::dataChanged, this, [this] {
    m_row = 0;
    refreshReport();
    refresh();
  });
  m_progressTimer.setInterval(kProgressMs);
  connect(&m_progressTimer, &QTimer::timeout, this, &DataCard::refreshProgress);
  refreshReport();
  refresh();
}

void DataCard::buildHeader(Theme& theme) {
  auto* open = new IconButton(theme, QStringLiteral("folder-open"), tr("Open…"), IconButton::Style::Link, m_card);
  m_card->header()->addWidget(open);
  connect(open, &QPushButton::clicked, this, [this] {
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a data set"), {}, tr("Data (*.jsonl *.json *.csv *.tsv *.txt *.bin);;All files (*)"));
    if (!path.isEmpty()) m_draft.setDataPath(path);
  });
  m_mapping = new DataMapping(m_draft, m_card);
  m_card->body()->addWidget(m_mapping);
}

void DataCard::buildCounts(Theme& theme) {
  m_counts = makeLabel("secondary", {}, m_card);
  m_counts->setWordWrap(true);   // eight figures do not fit every width
  m_counts->setTextFormat(Qt::RichText);
  m_counts->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_card->body()->addWidget(m_counts);
  m_advice = new AdviceStrip(theme, m_card);
  connect(m_advice, &AdviceStrip::chosen, this, [this](const QString&, const std::vector<SettingEdit>& edits) { m_draft.apply(edits); });
  m_card->body()->addWidget(m_advice);
  m_waiting = new QWidget(m_card);
  auto* waiting = new QHBoxLayout(m_waiting);
  waiting->setContentsMargins(0, 0, 0, 0);
  m_progress = new QProgressBar(m_waiting);
  m_progress->setTextVisible(false);
  m_progress->setAccessibleName(tr("Reading the data"));
  m_progressText = makeLabel("secondary", {}, m_waiting);
  auto* cancel = new IconButton(theme, {}, tr("Cancel"), IconButton::Style::Link, m_waiting);
  connect(cancel, &QPushButton::clicked, this, [this] { m_draft.cancelData(); });
  waiting->addWidget(m_progress, 1);
  waiting->addWidget(m_progressText);
  waiting->addWidget(cancel);
  m_card->body()->addWidget(m_waiting);
}

void DataCard::buildViews(Theme& theme) {
  m_tabs = new QWidget(m_card);
  auto* tabs = new QHBoxLayout(m_tabs);
  tabs->setContentsMargins(0, 0, 0, 0);
  tabs->setSpacing(4);
  for (const auto& title : {tr("Tokens"), tr("Chat"), tr("Lengths"), tr("Findings")}) {
    auto* button = new IconButton(theme, {}, title, IconButton::Style::Page, m_tabs);
    button->setCheckable(true);
    button->setAutoExclusive(true);
    const auto which = static_cast<View>(m_tabButtons.size());
    connect(button, &QPushButton::clicked, this, [this, which] { showView(which); });
    tabs->addWidget(button);
    m_tabButtons.push_back(button);
  }
  m_legend = new ElidedLabel("caption", Qt::ElideRight, m_tabs);
  tabs->addSpacing(8);
  tabs->addWidget(m_legend, 1);
  m_asTable = new IconButton(theme, QStringLiteral("list"), tr("Show as table"), IconButton::Style::Link, m_tabs);
  m_asTable->setCheckable(true);
  connect(m_asTable, &QPushButton::toggled, this, &DataCard::showLengthsAsTable);
  tabs->addWidget(m_asTable);
  m_position = makeLabel("caption", {}, m_tabs);
  m_back = new QToolButton(m_tabs);
  m_next = new QToolButton(m_tabs);
  m_back->setAccessibleName(tr("previous row"));
  m_next->setAccessibleName(tr("next row"));
  const auto retheme = [this] {
    m_back->setIcon(m_theme.icon(QStringLiteral("chevron-left")));
    m_next->setIcon(m_theme.icon(QStringLiteral("chevron-right")));
  };
  retheme();
  connect(&theme, &Theme::changed, this, retheme);
  connect(m_back, &QToolButton::clicked, this, [this] { showRow(m_row - 1); });
  connect(m_next, &QToolButton::clicked, this, [this] { showRow(m_row + 1); });
  m_back->setAutoRepeat(true);
  m_next->setAutoRepeat(true);
  tabs->addWidget(m_position);
  tabs->addWidget(m_back);
  tabs->addWidget(m_next);
  m_card->body()->addWidget(m_tabs);

  m_stack = new QStackedWidget(m_card);
  m_stack->setFixedHeight(kViewHeight);
  m_tokens = new TokenView(theme, m_stack);
  m_tokenScroll = scrolled(m_tokens, m_stack);
  m_stack->addWidget(m_tokenScroll);
  m_chat = new ChatView(theme, m_stack);
  m_chatScroll = scrolled(m_chat, m_stack);
  m_stack->addWidget(m_chatScroll);
  m_lengthTable = new LengthTable(this);
  m_lengths = new QStackedWidget(m_stack);
  m_histogram = new LengthHistogram(theme, m_lengths);
  m_lengths->addWidget(m_histogram);
  m_lengths->addWidget(table(m_lengthTable, tr("Rows by length, as a table"), m_lengths));
  m_stack->addWidget(m_lengths);
  m_findings = new DataFindings(this);
  m_findingsView = table(m_findings, tr("Rows that are bad or come twice"), m_stack);
  m_findingsView->setColumnWidth(DataFindings::Line, 72);
  m_findingsView->setColumnWidth(DataFindings::Kind, 180);
  m_stack->addWidget(m_findingsView);
  m_card->body()->addWidget(m_stack);
  m_empty = makeLabel("secondary", {}, m_card);
  m_empty->setWordWrap(true);
  m_card->body()->addWidget(m_empty);
  m_sample = new IconButton(theme, {}, tr("Use sample data"), IconButton::Style::Link, m_card);
  connect(m_sample, &QPushButton::clicked, this, &DataCard::sampleWanted);
  m_card->body()->addWidget(m_sample, 0, Qt::AlignLeft);
}

void DataCard::refresh() {
  const auto& preview = m_draft.data();
  const Readiness ready = m_draft.dataReadiness();
  m_card->state()->setReadiness(ready, tr("ready"));
  const Json path = m_draft.value("data", "path");
  const QString name = path.is_string() ? QFileInfo(qs(path.get<std::string>())).fileName() : QString();
  const bool busy = ready.state == Readiness::State::Busy;
  m_waiting->setVisible(busy);
  busy ? m_progressTimer.start() : m_progressTimer.stop();
  if (busy) refreshProgress();
  m_counts->setVisible(preview.has_value());
  m_tabs->setVisible(preview.has_value());
  m_stack->setVisible(preview.has_value());
  const auto complete = complete_settings(m_draft.specs("data"), m_draft.request().data, "data");
  m_advice->setAdvice(busy || !complete.ok() ? std::vector<Advice>()
                                             : dataAdvice(preview, m_draft.dataProblem(), *complete, m_draft.model() ? m_draft.model()->context : 0));
  m_empty->setVisible(!preview && !busy && m_draft.dataProblem().isEmpty());
  m_sample->setVisible(!preview && name.isEmpty());
  if (!busy && !m_draft.dataProblem().isEmpty()) m_card->state()->setState(StateLabel::Tone::Bad, tr("cannot be used"));   // the advice has the sentence
  if (!preview) {
    m_card->setSubtitle(name);
    m_empty->setText(name.isEmpty() ? tr("Drop JSONL, JSON, CSV or plain text here. You will see every token before training.") : ready.why);
    return;
  }
  QStringList about = {name, qs(preview->file_kind), qs(preview->format) + (preview->how.empty() ? QString() : QStringLiteral(", ") + engineText(preview->how))};
  if (!preview->template_name.empty()) about.append(tr("template: %1").arg(qs(preview->template_name)));
  m_card->setSubtitle(about.join(QStringLiteral(" · ")));
  refreshCounts();
  showView(m_view);
}

// What changes with the preview alone.
void DataCard::refreshReport() {
  const auto& preview = m_draft.data();
  m_findings->setPreview(preview);
  m_lengthTable->setPreview(preview);
  m_histogram->setLengths(preview ? preview->lengths : std::vector<LengthBin>(), preview ? preview->max_length : 0);
  const int findings = m_findings->rowCount();
  m_tabButtons[static_cast<std::size_t>(View::Findings)]->setText(findings > 0 ? tr("Findings (%1)").arg(findings) : tr("Findings"));
}

void DataCard::refreshProgress() {
  const auto& watch = m_draft.dataWatch();
  if (!watch || watch->of == 0) {
    m_progress->setRange(0, 0);
    m_progressText->setText(tr("reading"));
    return;
  }
  const auto of = std::min<std::uint64_t>(watch->of.load(), kPreviewBytes);
  m_progress->setRange(0, 1000);
  m_progress->setValue(static_cast<int>(1000.0 * static_cast<double>(std::min<std::uint64_t>(watch->bytes.load(), of)) / static_cast<double>(of)));
  m_progressText->setText(tr("%1 rows read").arg(grouped(watch->rows.load())));
}

void DataCard::refreshCounts() {
  const DataPreview& d = *m_draft.data();
  const auto share = [&](std::int64_t tokens) { return d.tokens > 0 ? QStringLiteral(" ") + tr("(%1)").arg(percentText(static_cast<double>(tokens) / static_cast<double>(d.tokens))) : QString(); };
  const std::pair<QString, QString> figures[] = {
      {grouped(d.rows), tr("rows")},
      {grouped(d.held_out), tr("held out")},
      {grouped(d.tokens), tr("tokens")},
      {grouped(d.trained_tokens), tr("trained") + share(d.trained_tokens)},
      {grouped(d.masked_tokens()), tr("masked") + share(d.masked_tokens())},
      {grouped(d.cut_tokens), tr("cut off")},
      {grouped(d.cut_rows), tr("rows cut")},
      {grouped(d.rejected_rows), tr("not used")}};
  QStringList plain, rich;
  for (std::size_t i = 0; i < std::size(figures); ++i) {
    if (i >= 5 && d.cut_rows + d.cut_tokens + d.rejected_rows == 0) break;
    plain.append(figures[i].first + QLatin1Char(' ') + figures[i].second);
    rich.append(QStringLiteral("<span style=\"white-space: nowrap\"><span style=\"font-family: 'JetBrains Mono'; color: %1\">%2</span>&nbsp;%3</span>")
                    .arg(m_theme.palette().text.name(), figures[i].first, QString(figures[i].second).replace(QLatin1Char(' '), QStringLiteral("&nbsp;"))));
  }
  m_countsText = plain.join(QStringLiteral(" · "));
  m_counts->setText(rich.join(QStringLiteral(" &nbsp;·&nbsp; ")));
  m_counts->setAccessibleName(m_countsText);
}

void DataCard::showView(View view) {
  m_view = view;
  m_tabButtons[static_cast<std::size_t>(view)]->setChecked(true);
  m_stack->setCurrentIndex(static_cast<int>(view));
  const bool rows = view == View::Tokens || view == View::Chat;
  for (auto* widget : {static_cast<QWidget*>(m_position), static_cast<QWidget*>(m_back), static_cast<QWidget*>(m_next)}) widget->setVisible(rows);
  m_asTable->setVisible(view == View::Lengths);
  const auto& preview = m_draft.data();
  if (!preview) return;
  switch (view) {
    case View::Tokens: m_legend->setWholeText(tr("trained on a tint · masked plain · special outlined · cut struck through")); break;
    case View::Chat: m_legend->setWholeText(tr("what is trained is marked at its left and by a word")); break;
    case View::Lengths: m_legend->setWholeText(tr("median %1 tokens, longest %2").arg(grouped(preview->median_length), grouped(preview->longest))); break;
    case View::Findings:
      m_legend->setWholeText(!preview->repeats.why_not.empty() ? tr("repeats were not looked for: %1").arg(engineText(preview->repeats.why_not))
                        : m_findings->rowCount() == 0     ? tr("no bad row, no repeat, nothing held out that is also trained")
                                                          : tr("%1 held out and trained · %2 repeats · %3 nearly · %4 not used")
                                                            .arg(grouped(preview->repeats.leaked + preview->repeats.near_leaked), grouped(preview->repeats.duplicates),
                                                                 grouped(preview->repeats.near_duplicates), grouped(preview->rejected_rows)));
      break;
  }
  if (rows) showRow(m_row);
}

void DataCard::showLengthsAsTable(bool on) {
  m_lengths->setCurrentIndex(on ? 1 : 0);
  m_asTable->setChecked(on);
  m_asTable->setText(on ? tr("Show as chart") : tr("Show as table"));
}

void DataCard::showRow(int row) {
  const auto& preview = m_draft.data();
  if (!preview || preview->preview.empty()) return;
  const int count = static_cast<int>(preview->preview.size());
  m_row = std::clamp(row, 0, count - 1);
  const auto& shown = preview->preview[static_cast<std::size_t>(m_row)];
  m_position->setText(tr("row %1 of %2 · line %3").arg(grouped(m_row + 1), grouped(preview->rows), grouped(shown.line)));
  m_position->setToolTip(tr("the first %1 rows can be looked at here").arg(count));
  m_back->setEnabled(m_row > 0);
  m_next->setEnabled(m_row + 1 < count);
  m_tokens->setTokens(shown.tokens);
  m_chat->setRow(shown);
  m_tokenScroll->verticalScrollBar()->setValue(0);
  m_chatScroll->verticalScrollBar()->setValue(0);
}

}  // namespace weft::ui
