// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/samples_card.h"

#include <QComboBox>
#include <QSignalBlocker>
#include <QTextEdit>

#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr int kTextHeight = 52;
constexpr qsizetype kLongestTitle = 60;

QTextEdit* makeText(const QString& name, QWidget* parent) {
  auto* text = new QTextEdit(parent);
  text->setReadOnly(true);
  text->setProperty("answer", true);
  text->setAccessibleName(name);
  text->setTabChangesFocus(true);
  text->setFixedHeight(kTextHeight);
  text->document()->setDocumentMargin(0);
  return text;
}

void put(QTextEdit* view, const QString& text) {
  if (view->toPlainText() != text) view->setPlainText(text);
}

}  // namespace

SamplesCard::SamplesCard(Theme& theme, QWidget* parent) : QFrame(parent) {
  (void)theme;
  setProperty("card", true);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(12, 8, 12, 8);
  all->setSpacing(4);
  auto* head = new QHBoxLayout;
  head->setSpacing(8);
  head->addWidget(makeLabel("subtitle", tr("Samples"), this));
  const auto box = [&](const QString& name) {
    auto* combo = new QComboBox(this);
    combo->setProperty("tool", true);
    combo->setAccessibleName(name);
    combo->setToolTip(name);
    head->addWidget(combo);
    connect(combo, &QComboBox::currentIndexChanged, this, &SamplesCard::fill);
    return combo;
  };
  m_prompt = box(tr("prompt that is answered"));
  m_prompt->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  head->addStretch(1);
  m_step = box(tr("step at which it was answered"));
  m_step->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  all->addLayout(head);
  auto* columns = new QHBoxLayout;
  columns->setSpacing(16);
  const auto column = [&](const QString& title, const QString& name) {
    auto* one = new QVBoxLayout;
    one->setSpacing(2);
    one->addWidget(makeLabel("caption", title, this));
    auto* text = makeText(name, this);
    one->addWidget(text);
    columns->addLayout(one, 1);
    return text;
  };
  m_base = column(tr("base"), tr("answer of the base"));
  m_tuned = column(tr("tuned"), tr("answer of the adapter at that step"));
  all->addLayout(columns);
  hide();
}

QString SamplesCard::baseText() const { return m_base->toPlainText(); }
QString SamplesCard::tunedText() const { return m_tuned->toPlainText(); }

void SamplesCard::show(const RunHistory* run, bool another) {
  static const std::vector<SamplesEvent> none;
  const auto& samples = run ? run->samples : none;
  setVisible(!samples.empty());
  if (!another && samples.size() == m_samples.size() && (samples.empty() || (samples.back().step == m_samples.back().step && samples.back().ms == m_samples.back().ms))) return;
  m_samples = samples;
  const QSignalBlocker quietPrompt(m_prompt), quietStep(m_step);
  const int prompt = another ? 0 : std::max(0, m_prompt->currentIndex());
  const bool newest = another || m_step->currentIndex() <= 0;
  const QVariant step = m_step->currentData();
  m_prompt->clear();
  m_step->clear();
  if (!m_samples.empty())
    for (const auto& answer : m_samples.back().answers) {
      const QString whole = qs(answer.prompt).simplified();
      m_prompt->addItem(whole.size() > kLongestTitle ? whole.left(kLongestTitle - 1) + QStringLiteral("…") : whole);
    }
  for (auto drawn = m_samples.rbegin(); drawn != m_samples.rend(); ++drawn) m_step->addItem(tr("step %1").arg(grouped(drawn->step)), static_cast<qlonglong>(drawn->step));
  m_prompt->setCurrentIndex(std::min(prompt, m_prompt->count() - 1));
  if (const int same = m_step->findData(step); !newest && same >= 0) m_step->setCurrentIndex(same);
  fill();
}

void SamplesCard::fill() {
  const auto step = m_step->currentData().toLongLong();
  const auto prompt = static_cast<std::size_t>(std::max(0, m_prompt->currentIndex()));
  for (const auto& drawn : m_samples) {
    if (drawn.step != step || prompt >= drawn.answers.size()) continue;
    put(m_base, qs(drawn.answers[prompt].base));
    put(m_tuned, qs(drawn.answers[prompt].tuned));
    return;
  }
  put(m_base, {});
  put(m_tuned, {});
}

}  // namespace weft::ui
