// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/setup_cards.h"

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"

namespace weft::ui {
namespace {

QVBoxLayout* fill(QWidget* host, QWidget* card) {
  auto* layout = new QVBoxLayout(host);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(card);
  return layout;
}

}  // namespace

RunCard::RunCard(Theme& theme, Draft& draft, QWidget* parent) : QWidget(parent), m_draft(draft) {
  m_card = new Card(theme, tr("Run"), this);
  fill(this, m_card);
  m_length = makeLabel("subtitle", {}, m_card);
  m_length->setWordWrap(true);   // with large words it made the page wider than its room
  m_rate = makeLabel("caption", {}, m_card);
  m_rate->setWordWrap(true);
  auto* row = new QHBoxLayout;
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  words->addWidget(m_length);
  words->addWidget(m_rate);
  row->addLayout(words, 1);
  auto* edit = new IconButton(theme, QStringLiteral("sliders-horizontal"), tr("Settings"), IconButton::Style::Plain, m_card);
  connect(edit, &QPushButton::clicked, m_card, &Card::clicked);
  row->addWidget(edit, 0, Qt::AlignTop);
  m_card->body()->addLayout(row);
  m_card->body()->addStretch();
  connect(&draft, &Draft::changed, this, &RunCard::refresh);
  refresh();
}

void RunCard::refresh() {
  m_card->state()->setReadiness(m_draft.runReadiness(), tr("ready"));
  const auto number = [this](const char* key) {
    const Json value = m_draft.value("train", key);
    return value.is_number() ? value.get<double>() : 0.0;
  };
  const auto word = [this](const char* key) {
    const Json value = m_draft.value("train", key);
    return value.is_string() ? engineText(value.get<std::string>()) : QString();
  };
  const double steps = number("steps"), batch = number("batch_tokens"), accumulate = number("accumulate"), rows = number("batch_size");
  const QString length = steps > 0 ? tr("%1 steps").arg(grouped(static_cast<std::int64_t>(steps))) : tr("%1 epochs").arg(shortNumber(number("epochs")));
  const QString size = rows > 0 ? tr("%1 rows a step").arg(grouped(static_cast<std::int64_t>(rows * accumulate)))
                                : tr("up to %1 tokens a step").arg(grouped(static_cast<std::int64_t>(batch * accumulate)));
  m_length->setText(length + QStringLiteral(" · ") + size);
  const auto every = [&](const char* section, const char* key) {
    const Json value = m_draft.value(section, key);
    return value.is_number() ? value.get<std::int64_t>() : 0;
  };
  QStringList facts = {tr("learning rate %1, %2").arg(shortNumber(number("lr")), word("schedule")), word("optimizer")};
  if (every("train", "eval_every") > 0) facts.append(tr("hold-out every %1 steps").arg(every("train", "eval_every")));
  if (every("probe", "spectra_every") > 0) facts.append(tr("spectra every %1").arg(every("probe", "spectra_every")));
  if (const Json dropout = m_draft.value("dropout", "preset"); dropout.is_string() && dropout != "none") facts.append(tr("dropout %1").arg(engineText(dropout.get<std::string>())));
  m_rate->setText(facts.join(QStringLiteral(" · ")));
}

}  // namespace weft::ui
