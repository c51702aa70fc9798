// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/notice_bar.h"

#include <QPushButton>

#include "ui/widgets/announce.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

// The icon follows the theme like everything else.
class NoticeIcon final : public QWidget {
 public:
  NoticeIcon(Theme& theme, Notice::Tone tone, QWidget* parent) : QWidget(parent), m_theme(theme), m_tone(tone) { setFixedSize(20, 20); }

 protected:
  void paintEvent(QPaintEvent*) override {
    const Palette& p = m_theme.palette();
    const bool info = m_tone == Notice::Tone::Info, bad = m_tone == Notice::Tone::Bad;
    QPainter(this).drawPixmap(QPointF(2, 2), m_theme.pixmap(info ? QStringLiteral("info") : bad ? QStringLiteral("circle-alert") : QStringLiteral("triangle-alert"),
                                                             info ? p.accent : bad ? p.bad : p.warning, 16, devicePixelRatioF()));
  }

 private:
  Theme& m_theme;
  const Notice::Tone m_tone;
};

}  // namespace

NoticeBar::NoticeBar(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme), m_rows(new QVBoxLayout(this)) {
  m_rows->setContentsMargins(0, 0, 0, 0);
  m_rows->setSpacing(0);
  hide();
}

void NoticeBar::show(const Notice& notice) {
  remove(notice.id);
  auto* row = new QWidget(this);
  row->setProperty("bar", true);
  row->setAttribute(Qt::WA_StyledBackground);
  auto* line = new QHBoxLayout(row);
  line->setContentsMargins(16, 6, 12, 6);
  line->setSpacing(8);
  line->addWidget(new NoticeIcon(m_theme, notice.tone, row));
  auto* words = makeLabel("body", notice.sentence, row);
  words->setWordWrap(true);
  words->setTextInteractionFlags(Qt::TextSelectableByMouse);
  words->setAccessibleName(notice.sentence);
  line->addWidget(words, 1);
  for (const auto& choice : notice.choices) {
    auto* button = new QPushButton(choice.text, row);
    connect(button, &QPushButton::clicked, this, [this, id = notice.id, act = choice.act] {
      remove(id);
      if (act) act();
    });
    line->addWidget(button);
  }
  if (notice.closable) {
    auto* cross = new IconButton(m_theme, QStringLiteral("x"), {}, IconButton::Style::Link, row);
    cross->setAccessibleName(tr("Dismiss"));
    cross->setToolTip(tr("Dismiss"));
    connect(cross, &QPushButton::clicked, this, [this, id = notice.id, closed = notice.closed] {
      remove(id);
      if (closed) closed();
    });
    line->addWidget(cross);
  }
  m_rows->addWidget(row);
  m_shown[notice.id] = row;
  row->setObjectName(notice.id);
  QWidget::show();
  announce(*row, notice.sentence);
}

void NoticeBar::say(const QString& id, const QString& sentence) {
  const auto known = m_shown.find(id);
  if (known == m_shown.end()) return;
  auto* words = known->second->findChild<QLabel*>();
  words->setText(sentence);
  words->setAccessibleName(sentence);
}

void NoticeBar::remove(const QString& id) {
  const auto known = m_shown.find(id);
  if (known == m_shown.end()) return;
  known->second->hide();
  known->second->deleteLater();   // one of its own buttons may be asking
  m_shown.erase(known);
  if (m_shown.empty()) hide();
}

QString NoticeBar::sentence(const QString& id) const {
  const auto known = m_shown.find(id);
  return known == m_shown.end() ? QString() : known->second->findChild<QLabel*>()->text();
}

bool NoticeBar::choose(const QString& id, const QString& text) {
  const auto known = m_shown.find(id);
  if (known == m_shown.end()) return false;
  for (auto* button : known->second->findChildren<QPushButton*>())
    if (button->text() == text) {
      button->click();
      return true;
    }
  return false;
}

}  // namespace weft::ui
