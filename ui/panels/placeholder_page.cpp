// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/placeholder_page.h"

#include "ui/widgets/controls.h"

namespace weft::ui {

PlaceholderPage::PlaceholderPage(Theme& theme, const QString& icon, const QString& title, const QString& sentence, QWidget* parent)
    : QWidget(parent) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(12, 0, 12, 12);
  auto* card = new QFrame(this);
  card->setProperty("card", true);
  auto* inner = new QVBoxLayout(card);
  inner->setSpacing(8);
  auto* picture = new QLabel(card);
  picture->setAlignment(Qt::AlignCenter);
  const auto paint = [this, picture, &theme, icon] { picture->setPixmap(theme.pixmap(icon, theme.palette().disabled, 40, devicePixelRatioF())); };
  paint();
  connect(&theme, &Theme::changed, this, paint);
  auto* head = makeLabel("page", title, card);
  head->setAlignment(Qt::AlignCenter);
  auto* words = makeLabel("secondary", sentence, card);
  words->setAlignment(Qt::AlignCenter);
  words->setWordWrap(true);
  inner->addStretch(2);
  inner->addWidget(picture);
  inner->addWidget(head);
  inner->addWidget(words);
  inner->addStretch(3);
  all->addWidget(card);
}

}  // namespace weft::ui
