// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/model_card.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/recent_paths.h"
#include "ui/widgets/recent_menu.h"

namespace weft::ui {
namespace {

QString pathOf(const Draft& draft) {
  const Json path = draft.value("model", "path");
  return path.is_string() ? qs(path.get<std::string>()) : QString();
}

// A Hugging Face model is its folder.
QString modelOf(const QString& file) {
  if (file.isEmpty() || file.endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive) || QFileInfo(file).isDir()) return file;
  return QFileInfo(file).absolutePath();
}

}  // namespace

ModelCard::ModelCard(Theme& theme, Draft& draft, QWidget* parent) : QWidget(parent), m_theme(theme), m_draft(draft) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  m_card = new Card(theme, tr("Model"), this);
  outer->addWidget(m_card);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  auto* words = new QVBoxLayout;
  words->setSpacing(2);
  m_name = new ElidedLabel("subtitle", Qt::ElideMiddle, m_card);
  m_facts = makeLabel("caption", {}, m_card);
  m_facts->setWordWrap(true);
  m_problem = makeLabel("error", {}, m_card);
  m_problem->setWordWrap(true);
  m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);
  words->addWidget(m_name);
  words->addWidget(m_facts);
  words->addWidget(m_problem);
  words->addStretch();
  row->addLayout(words, 1);
  auto* buttons = new QVBoxLayout;
  buttons->setSpacing(2);
  m_file = new IconButton(theme, QStringLiteral("folder-open"), tr("Open…"), IconButton::Style::Plain, m_card);
  m_sample = new IconButton(theme, {}, tr("Try the sample"), IconButton::Style::Link, m_card);
  m_recent = new IconButton(theme, QStringLiteral("clock"), tr("Recent"), IconButton::Style::Link, m_card);
  m_beside = new IconButton(theme, QStringLiteral("layers"), {}, IconButton::Style::Link, m_card);
  m_recentMenu = new QMenu(this);
  m_besideMenu = new QMenu(this);
  m_recent->setMenu(m_recentMenu);
  m_beside->setMenu(m_besideMenu);
  for (auto* button : {m_file, m_sample, m_recent, m_beside}) buttons->addWidget(button);
  buttons->addStretch();
  row->addLayout(buttons);
  m_card->body()->addLayout(row);
  m_card->body()->addStretch();
  connect(m_sample, &QPushButton::clicked, this, &ModelCard::sampleWanted);
  connect(m_file, &QPushButton::clicked, this, &ModelCard::open);
  connect(m_recentMenu, &QMenu::aboutToShow, this, [this] { fillRecent(m_recentMenu); });
  connect(m_besideMenu, &QMenu::aboutToShow, this, [this] { fillBeside(m_besideMenu); });
  connect(&draft, &Draft::changed, this, &ModelCard::refresh);
  connect(&draft, &Draft::modelChanged, this, [this] {
    if (m_draft.model()) RecentPaths::models().add(pathOf(m_draft));
    refresh();
  });
  refresh();
}

QString ModelCard::problem() const { return m_problem->isHidden() ? QString() : m_problem->text(); }

QString ModelCard::ask(const QString& title, const QString& folder) {
  return modelOf(QFileDialog::getOpenFileName(this, title, folder, tr("Models (*.gguf config.json *.safetensors);;All files (*)")));
}

void ModelCard::open() {
  const QString path = ask(tr("Open a model"), QFileInfo(pathOf(m_draft)).path());
  if (!path.isEmpty()) m_draft.setModelPath(path);
}

void ModelCard::fillRecent(QMenu* menu) {
  fillRecentMenu(*menu, m_theme, RecentPaths::models(),
                 {.open = [this](const QString& path) { m_draft.setModelPath(path); },
                  .locate = [this](const RecentPath& missing) { return ask(tr("Where is %1 now?").arg(missing.name), QFileInfo(missing.path).path()); },
                  .current = pathOf(m_draft)});
}

void ModelCard::fillBeside(QMenu* menu) {
  menu->clear();
  if (!m_draft.model()) return;
  for (const auto& file : m_draft.model()->beside) {
    auto* action = menu->addAction(QStringLiteral("%1   %2").arg(qs(file.name), bytesText(static_cast<double>(file.bytes))), this,
                                   [this, path = qs(file.path)] { m_draft.setModelPath(path); });
    action->setCheckable(true);
    action->setChecked(QFileInfo(qs(file.path)) == QFileInfo(pathOf(m_draft)));
  }
}

void ModelCard::refresh() {
  m_card->state()->setReadiness(m_draft.modelReadiness(), tr("ready"));
  const QString path = pathOf(m_draft);
  const auto& info = m_draft.model();
  m_sample->setVisible(path.isEmpty());
  m_file->setText(path.isEmpty() ? tr("Open…") : tr("Change…"));
  m_recent->setVisible(RecentPaths::models().list().size() > (path.isEmpty() ? 0U : 1U));
  m_beside->setVisible(info && !info->beside.empty());
  if (info) m_beside->setText(tr("%n files", nullptr, static_cast<int>(info->beside.size())));
  QString problem = m_draft.modelProblem();
  if (info && !info->trainable) problem = engineText(info->why_not);
  if (!problem.isEmpty()) {
    m_card->state()->setState(StateLabel::Tone::Bad, info ? tr("cannot be trained") : tr("cannot be read"));
    problem += QLatin1Char('\n') + tr("Families that can be trained: %1. Choose another model, or one of these in GGUF or safetensors.").arg(qs(supported_families()));
  }
  m_problem->setText(problem);
  m_problem->setVisible(!problem.isEmpty());
  if (path.isEmpty()) {
    m_name->setText(tr("No model yet"));
    m_facts->setText(tr("Drop a GGUF file or a Hugging Face folder here (config.json, tokenizer, safetensors)."));
    return;
  }
  m_name->setText(info ? qs(info->name) : QFileInfo(path).fileName());
  m_name->setToolTip(path);
  if (!info) {
    m_facts->setText(path);
    return;
  }
  QStringList facts = {qs(info->architecture), tr("%n layers", nullptr, static_cast<int>(info->layers)), tr("width %1").arg(info->width),
                       tr("%1 parameters").arg(shortCount(static_cast<double>(info->parameters))),
                       QStringLiteral("%1, %2").arg(qs(info->dtype), bytesText(static_cast<double>(info->file_bytes)))};
  m_facts->setText(facts.join(QStringLiteral(" · ")) + QLatin1Char('\n') +
                   (info->licence.empty() ? tr("licence: not stated in the file") : tr("licence: %1").arg(qs(info->licence))));
}

}  // namespace weft::ui
