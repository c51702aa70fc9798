// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/setup_cards.h"

#include <QFileDialog>
#include <QFileInfo>

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

QString pathOf(const Draft& draft, const char* section) {
  const Json path = draft.value(section, "path");
  return path.is_string() ? qs(path.get<std::string>()) : QString();
}

}  // namespace

ModelCard::ModelCard(Theme& theme, Draft& draft, QWidget* parent) : QWidget(parent), m_draft(draft) {
  m_card = new Card(theme, tr("Model"), this);
  fill(this, m_card);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  m_name = new ElidedLabel("subtitle", Qt::ElideMiddle, m_card);
  m_facts = makeLabel("caption", {}, m_card);
  m_facts->setWordWrap(true);
  words->addWidget(m_name);
  words->addWidget(m_facts);
  row->addLayout(words, 1);
  auto* buttons = new QVBoxLayout;
  m_file = new IconButton(theme, QStringLiteral("folder-open"), tr("Open…"), IconButton::Style::Plain, m_card);
  m_sample = new IconButton(theme, {}, tr("Try the sample"), IconButton::Style::Link, m_card);
  buttons->addWidget(m_file);
  buttons->addWidget(m_sample);
  buttons->addStretch();
  row->addLayout(buttons);
  m_card->body()->addLayout(row);
  m_card->body()->addStretch();
  connect(m_sample, &QPushButton::clicked, this, &ModelCard::sampleWanted);
  connect(m_file, &QPushButton::clicked, this, [this] {
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a model"), QFileInfo(pathOf(m_draft, "model")).path(),
                                                      tr("Models (*.gguf config.json *.safetensors);;All files (*)"));
    if (path.isEmpty()) return;
    // a Hugging Face model is its folder
    m_draft.setModelPath(path.endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive) ? path : QFileInfo(path).absolutePath());
  });
  connect(&draft, &Draft::changed, this, &ModelCard::refresh);
  connect(&draft, &Draft::modelChanged, this, &ModelCard::refresh);
  refresh();
}

void ModelCard::refresh() {
  m_card->state()->setReadiness(m_draft.modelReadiness(), tr("ready"));
  const QString path = pathOf(m_draft, "model");
  m_sample->setVisible(path.isEmpty());
  m_file->setText(path.isEmpty() ? tr("Open…") : tr("Change…"));
  if (path.isEmpty()) {
    m_name->setText(tr("No model yet"));
    m_facts->setText(tr("Drop a GGUF file or a Hugging Face folder here."));
    return;
  }
  const auto& info = m_draft.model();
  m_name->setText(info ? qs(info->name) : QFileInfo(path).fileName());
  m_name->setToolTip(path);
  if (!info) {
    m_facts->setText(path);
    return;
  }
  QStringList facts = {qs(info->architecture), tr("%n layers", nullptr, static_cast<int>(info->layers)), tr("width %1").arg(info->width),
                       tr("%1 parameters").arg(shortCount(static_cast<double>(info->parameters))),
                       QStringLiteral("%1, %2").arg(qs(info->dtype), bytesText(static_cast<double>(info->file_bytes)))};
  if (!info->licence.empty()) facts.append(qs(info->licence));
  m_facts->setText(facts.join(QStringLiteral(" · ")));
}

RunCard::RunCard(Theme& theme, Draft& draft, QWidget* parent) : QWidget(parent), m_draft(draft) {
  m_card = new Card(theme, tr("Run"), this);
  fill(this, m_card);
  m_length = makeLabel("subtitle", {}, m_card);
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
    return value.is_string() ? qs(value.get<std::string>()) : QString();
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
  if (const Json dropout = m_draft.value("dropout", "preset"); dropout.is_string() && dropout != "none") facts.append(tr("dropout %1").arg(qs(dropout.get<std::string>())));
  m_rate->setText(facts.join(QStringLiteral(" · ")));
}

}  // namespace weft::ui
