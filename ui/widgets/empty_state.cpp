// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/empty_state.h"

#include <algorithm>

namespace weft::ui {
namespace {

constexpr int kPicture = 40, kWordsWidth = 440, kLeastWidth = 160, kAround = 32;

}  // namespace

EmptyState::EmptyState(Theme& theme, const QString& icon, QWidget* parent) : QWidget(parent), m_theme(theme) {
  auto* column = new QVBoxLayout(this);
  column->setSpacing(8);
  auto* picture = new QLabel(this);
  picture->setAlignment(Qt::AlignCenter);
  const auto paint = [this, picture, icon] { picture->setPixmap(m_theme.pixmap(icon, m_theme.palette().disabled, kPicture, devicePixelRatioF())); };
  paint();
  connect(&theme, &Theme::changed, picture, paint);
  m_title = makeLabel("page", {}, this);
  m_sentence = makeLabel("secondary", {}, this);
  m_sentence->setWordWrap(true);
  for (auto* label : {m_title, m_sentence}) label->setAlignment(Qt::AlignCenter);
  auto* buttons = new QHBoxLayout;
  buttons->setSpacing(8);
  buttons->addStretch();
  m_buttons = new QHBoxLayout;
  m_buttons->setSpacing(8);
  buttons->addLayout(m_buttons);
  buttons->addStretch();
  column->addStretch(2);
  column->addWidget(picture);
  column->addWidget(m_title);
  column->addWidget(m_sentence, 0, Qt::AlignHCenter);
  column->addSpacing(8);
  column->addLayout(buttons);
  column->addStretch(3);
}

void EmptyState::setWords(const QString& title, const QString& sentence) {
  m_title->setText(title);
  m_sentence->setText(sentence);
  giveRoom();
}

// A box of a stack asks no label how high it is at its width.
void EmptyState::giveRoom() {
  const int wide = isVisible() ? std::clamp(width() - kAround, kLeastWidth, kWordsWidth) : kWordsWidth;
  m_sentence->ensurePolished();
  m_sentence->setFixedWidth(wide);
  m_sentence->setMinimumHeight(m_sentence->heightForWidth(wide));
}

// What stands beside it, and the window, may be as narrow as if it were not there.
QSize EmptyState::minimumSizeHint() const { return {kLeastWidth, QWidget::minimumSizeHint().height()}; }

void EmptyState::resizeEvent(QResizeEvent* event) {
  giveRoom();
  QWidget::resizeEvent(event);
}

void EmptyState::showEvent(QShowEvent* event) {
  giveRoom();   // the size of text may have changed
  QWidget::showEvent(event);
}

QPushButton* EmptyState::addButton(const QString& icon, const QString& text, IconButton::Style style) {
  auto* button = new IconButton(m_theme, icon, text, style, this);
  m_buttons->addWidget(button);
  return button;
}

}  // namespace weft::ui
