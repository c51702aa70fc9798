// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QScrollArea>
#include <QScrollBar>
#include <QToolButton>

#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/panels/setup_cards.h"
#include "ui/widgets/token_view.h"

namespace weft::ui {
namespace {

constexpr int kTokensHeight = 122;   // five lines of chips; longer rows scroll
constexpr int kRejectedShown = 200;

}  // namespace

DataCard::DataCard(Theme& theme, Draft& draft, QWidget* parent) : QWidget(parent), m_theme(theme), m_draft(draft) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  m_card = new Card(theme, tr("Data"), this);
  outer->addWidget(m_card);
  auto* open = new IconButton(theme, QStringLiteral("folder-open"), tr("Open…"), IconButton::Style::Link, m_card);
  m_card->header()->addWidget(open);
  connect(open, &QPushButton::clicked, this, [this] {
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a data set"), {}, tr("Data (*.jsonl *.json *.csv *.txt *.bin);;All files (*)"));
    if (!path.isEmpty()) m_draft.setDataPath(path);
  });

  m_counts = new QWidget(m_card);
  auto* counts = new QHBoxLayout(m_counts);
  counts->setContentsMargins(0, 0, 0, 0);
  counts->setSpacing(4);
  for (int i = 0; i < 5; ++i) {
    auto* number = makeLabel("mono", {}, m_counts);
    auto* word = makeLabel("secondary", {}, m_counts);
    counts->addWidget(number);
    counts->addWidget(word);
    counts->addSpacing(18);
    m_figures.emplace_back(number, word);
  }
  m_rejected = new IconButton(theme, QStringLiteral("triangle-alert"), {}, IconButton::Style::Link, m_counts);
  connect(m_rejected, &QPushButton::clicked, this, &DataCard::showRejected);
  counts->addWidget(m_rejected);
  counts->addStretch();
  m_position = makeLabel("caption", {}, m_counts);
  m_back = new QToolButton(m_counts);
  m_next = new QToolButton(m_counts);
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
  counts->addWidget(m_position);
  counts->addWidget(m_back);
  counts->addWidget(m_next);
  m_card->body()->addWidget(m_counts);

  m_tokens = new TokenView(theme, m_card);
  m_scroll = new QScrollArea(m_card);
  m_scroll->setWidget(m_tokens);
  m_scroll->setWidgetResizable(true);
  m_scroll->setFrameShape(QFrame::NoFrame);
  m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  m_scroll->viewport()->setAutoFillBackground(false);
  m_tokens->setAutoFillBackground(false);
  m_scroll->setFixedHeight(kTokensHeight);
  m_card->body()->addWidget(m_scroll);
  m_empty = makeLabel("secondary", {}, m_card);
  m_empty->setWordWrap(true);
  m_card->body()->addWidget(m_empty);
  m_warning = makeLabel("caption", {}, m_card);
  m_warning->setWordWrap(true);
  m_card->body()->addWidget(m_warning);
  connect(&draft, &Draft::changed, this, &DataCard::refresh);
  connect(&draft, &Draft::dataChanged, this, [this] {
    m_row = 0;
    refresh();
  });
  refresh();
}

void DataCard::refresh() {
  m_card->state()->setReadiness(m_draft.dataReadiness(), tr("ready"));
  const auto& preview = m_draft.data();
  const Json path = m_draft.value("data", "path");
  const QString name = path.is_string() ? QFileInfo(qs(path.get<std::string>())).fileName() : QString();
  m_counts->setVisible(preview.has_value());
  m_scroll->setVisible(preview && !preview->preview.empty());
  m_empty->setVisible(!preview);
  m_warning->setVisible(preview && !preview->warnings.empty());
  if (!preview) {
    m_card->setSubtitle(name);
    m_empty->setText(name.isEmpty() ? tr("Drop JSONL, JSON, CSV or plain text here. You will see every token before training.")
                                    : m_draft.dataReadiness().why);
    return;
  }
  QStringList about = {name, qs(preview->format) + (preview->how.empty() ? QString() : QStringLiteral(", ") + qs(preview->how))};
  if (!preview->template_name.empty()) about.append(tr("template: %1").arg(qs(preview->template_name)));
  m_card->setSubtitle(about.join(QStringLiteral(" · ")));
  if (!preview->warnings.empty()) m_warning->setText(qs(preview->warnings.front()));
  refreshCounts();
  showRow(m_row);
}

void DataCard::refreshCounts() {
  const DataPreview& d = *m_draft.data();
  const double share = d.tokens > 0 ? 100.0 * static_cast<double>(d.trained_tokens) / static_cast<double>(d.tokens) : 0;
  const std::pair<QString, QString> figures[] = {
      {grouped(d.rows), tr("rows")}, {grouped(d.tokens), tr("tokens")}, {fixed(share, 0) + QStringLiteral(" %"), tr("trained")},
      {grouped(d.cut_rows), tr("rows cut")}, {grouped(d.held_out), tr("held out")}};
  for (std::size_t i = 0; i < std::size(figures); ++i) {
    m_figures[i].first->setText(figures[i].first);
    m_figures[i].second->setText(figures[i].second);
  }
  m_rejected->setVisible(!d.rejected.empty());
  m_rejected->setText(tr("%n rejected", nullptr, static_cast<int>(d.rejected.size())));
}

void DataCard::showRow(int row) {
  const auto& preview = m_draft.data();
  if (!preview || preview->preview.empty()) return;
  const int count = static_cast<int>(preview->preview.size());
  m_row = std::clamp(row, 0, count - 1);
  const auto& shown = preview->preview[static_cast<std::size_t>(m_row)];
  m_position->setText(tr("row %1 of %2").arg(grouped(m_row + 1), grouped(preview->rows)));
  m_position->setToolTip(tr("line %1; the first %2 rows can be looked at here").arg(shown.line).arg(count));
  m_back->setEnabled(m_row > 0);
  m_next->setEnabled(m_row + 1 < count);
  m_tokens->setTokens(shown.tokens);
  m_scroll->setFixedHeight(std::min(kTokensHeight, m_tokens->heightForWidth(std::max(200, m_scroll->viewport()->width())) + 2));
  m_scroll->verticalScrollBar()->setValue(0);
}

void DataCard::showRejected() {
  QMenu menu(this);
  int shown = 0;
  for (const auto& row : m_draft.data()->rejected) {
    if (++shown > kRejectedShown) break;
    menu.addAction(tr("line %1: %2").arg(row.line).arg(qs(row.reason)))->setEnabled(false);
  }
  menu.exec(m_rejected->mapToGlobal(QPoint(0, m_rejected->height())));
}

}  // namespace weft::ui
