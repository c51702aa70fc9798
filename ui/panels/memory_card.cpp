// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/memory_card.h"

#include <algorithm>

#include <QGridLayout>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/widgets/advice_strip.h"
#include "ui/widgets/plan_bar.h"

namespace weft::ui {
namespace {

QString bytesOf(std::uint64_t bytes) { return bytesText(static_cast<double>(bytes)); }

}  // namespace

MemoryCard::MemoryCard(Theme& theme, Draft& draft, QWidget* parent) : QWidget(parent), m_theme(theme), m_draft(draft) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  m_card = new Card(theme, tr("Memory"), this);
  outer->addWidget(m_card);
  m_bar = new PlanBar(theme, m_card);
  m_card->body()->addWidget(m_bar);
  m_words = makeLabel("secondary", {}, m_card);
  m_words->setWordWrap(true);
  m_card->body()->addWidget(m_words);
  m_why = makeLabel("plain", {}, m_card);
  m_why->setWordWrap(true);
  m_card->body()->addWidget(m_why);
  m_waysBoard = new QWidget(m_card);
  m_card->body()->addWidget(m_waysBoard);
  m_insist = new IconButton(theme, {}, tr("Try it anyway"), IconButton::Style::Link, m_card);
  m_insist->setToolTip(tr("Train although the plan says that it will not fit. The system may end the program when memory runs out."));
  connect(m_insist, &QPushButton::clicked, this, [this] { m_draft.insist(); });
  m_card->body()->addWidget(m_insist, 0, Qt::AlignLeft);
  m_disk = new AdviceStrip(theme, m_card);
  m_card->body()->addWidget(m_disk);
  connect(m_disk, &AdviceStrip::chosen, this, [this](const QString&, const std::vector<SettingEdit>& edits) {
    if (edits.empty())
      Q_EMIT copyWanted();
    else
      m_draft.apply(edits);
  });
  connect(&draft, &Draft::changed, this, &MemoryCard::refresh);
  connect(&draft, &Draft::outlookChanged, this, &MemoryCard::refresh);
  refresh();
}

void MemoryCard::refresh() {
  const auto& outlook = m_draft.outlook();
  setVisible(outlook.has_value());
  m_bar->setOutlook(outlook);
  if (!outlook) return;
  const bool tight = !outlook->why_not.empty();
  const auto share = outlook->available > 0 ? static_cast<double>(outlook->needed()) / static_cast<double>(outlook->available) : 0;
  if (tight)
    m_card->state()->setState(m_draft.insists() ? StateLabel::Tone::Warning : StateLabel::Tone::Bad, tr("%1 too much").arg(bytesOf(outlook->needed() - std::min(outlook->needed(), outlook->available))));
  else
    m_card->state()->setState(share > 0.8 ? StateLabel::Tone::Warning : StateLabel::Tone::Good, share > 0.8 ? tr("tight") : tr("fits"));
  m_card->setSubtitle(tr("%1 needed · %2 free").arg(bytesOf(outlook->needed()), bytesOf(outlook->available)));
  QStringList words = {tr("planned %1").arg(bytesOf(outlook->plan.memory_bytes()))};
  if (outlook->measured)
    words.append(tr("measured %1 by %2, which counts").arg(bytesOf(outlook->measured->bytes), qs(outlook->measured->where)));
  words.append(tr("activations: %1").arg(engineText(to_text(outlook->plan.activations))));
  words.append(tr("%1 tokens a batch").arg(grouped(outlook->plan.batch.tokens)));
  m_words->setText(words.join(QStringLiteral(" · ")));
  m_words->setToolTip(engineText(outlook->why_activations));
  m_why->setVisible(tight);
  m_insist->setVisible(tight && !m_draft.insists());
  const auto& parts = outlook->plan.memory;
  const auto biggest = std::max_element(parts.begin(), parts.end(), [](const MemoryPart& a, const MemoryPart& b) { return a.bytes < b.bytes; });
  m_why->setText(tight ? tr("This run needs %1 and %2 are free; most of it is for %3 (%4). Each of these takes less:")
                             .arg(bytesOf(outlook->needed()), bytesOf(outlook->available), biggest == parts.end() ? QString() : PlanBar::partName(biggest->kind),
                                  biggest == parts.end() ? QString() : bytesOf(biggest->bytes))
                       : QString());
  m_why->setToolTip(engineText(outlook->why_not));
  showWays();
  showDisk();
}

void MemoryCard::showDisk() {
  std::vector<Advice> advice;
  if (const auto& disk = m_draft.outlook()->disk; disk && !disk->why.empty()) {
    Advice one{disk->none ? Advice::Tone::Bad : Advice::Tone::Warning, tr("Disk: %1.").arg(engineText(disk->why)), {}};
    if (!disk->none) one.ways = {{tr("Keep the last 2"), {{"train", "keep_checkpoints", 2}}}, {tr("Only at the end"), {{"train", "checkpoint_every", 0}}}};
    one.ways.push_back({tr("Copy the project elsewhere…"), {}});
    advice.push_back(std::move(one));
  }
  m_disk->setAdvice(advice);
}

void MemoryCard::showWays() {
  delete m_waysBoard->layout();
  for (auto* child : m_waysBoard->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly)) {
    child->hide();
    child->deleteLater();   // one of them may be what was clicked
  }
  const auto& outlook = m_draft.outlook();
  m_waysBoard->setVisible(outlook && !outlook->ways.empty());
  if (!outlook || outlook->ways.empty()) return;
  auto* grid = new QGridLayout(m_waysBoard);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->setHorizontalSpacing(12);
  grid->setVerticalSpacing(4);
  int row = 0;
  for (const auto& way : outlook->ways) {
    auto* button = new IconButton(m_theme, {}, engineText(way.title), IconButton::Style::Plain, m_waysBoard);
    button->setObjectName(QStringLiteral("way-") + qs(way.name));
    connect(button, &QPushButton::clicked, this, [this, edits = way.edits] { m_draft.apply(edits); });
    const bool fits = way.bytes <= outlook->available;
    auto* saving = makeLabel("mono", tr("saves %1").arg(bytesOf(way.saves)), m_waysBoard);
    saving->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    grid->addWidget(button, row, 0);
    grid->addWidget(saving, row, 1);
    grid->addWidget(makeLabel("secondary", QStringLiteral("%1 · %2").arg(fits ? tr("then it fits") : tr("not enough alone"), engineText(way.price)), m_waysBoard), row, 2);
    ++row;
  }
  grid->setColumnStretch(2, 1);
}

}  // namespace weft::ui
