// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/advice_strip.h"

#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

bool same(const std::vector<Advice>& a, const std::vector<Advice>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Advice& x, const Advice& y) {
    return x.tone == y.tone && x.text == y.text &&
           std::equal(x.ways.begin(), x.ways.end(), y.ways.begin(), y.ways.end(), [](const Advice::Way& p, const Advice::Way& q) { return p.title == q.title; });
  });
}

}  // namespace

AdviceStrip::AdviceStrip(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  m_rows = new QVBoxLayout(this);
  m_rows->setContentsMargins(0, 0, 0, 0);
  m_rows->setSpacing(4);
  connect(&theme, &Theme::changed, this, &AdviceStrip::rebuild);
  hide();
}

void AdviceStrip::setAdvice(const std::vector<Advice>& advice) {
  if (same(advice, m_advice)) return;
  m_advice = advice;
  rebuild();
}

void AdviceStrip::rebuild() {
  while (QLayoutItem* item = m_rows->takeAt(0)) {
    if (item->widget()) {
      item->widget()->hide();
      item->widget()->deleteLater();   // a button of it may be what was clicked
    }
    delete item;
  }
  const Palette& p = m_theme.palette();
  for (const auto& one : m_advice) {
    auto* row = new QWidget(this);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    const bool bad = one.tone == Advice::Tone::Bad, warning = one.tone == Advice::Tone::Warning;
    auto* icon = new QLabel(row);
    icon->setPixmap(m_theme.pixmap(bad ? QStringLiteral("circle-alert") : warning ? QStringLiteral("triangle-alert") : QStringLiteral("info"),
                                   bad ? p.bad : warning ? p.warning : p.secondary, 16, devicePixelRatioF()));
    icon->setAccessibleName(bad ? tr("Wrong") : warning ? tr("Warning") : tr("Note"));
    layout->addWidget(icon);
    auto* text = makeLabel(bad || warning ? "plain" : "secondary", one.text, row);
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(text, 1);
    for (const auto& way : one.ways) {
      auto* button = new IconButton(m_theme, {}, way.title, IconButton::Style::Plain, row);
      connect(button, &QPushButton::clicked, this, [this, way] { Q_EMIT chosen(way.title, way.edits); });
      layout->addWidget(button);
    }
    m_rows->addWidget(row);
  }
  setVisible(!m_advice.empty());
}

}  // namespace weft::ui
