// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/wait_strip.h"

#include <QLabel>
#include <QProgressBar>

#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr int kUnseenMs = 200, kBarWidth = 120;

}  // namespace

WaitStrip::WaitStrip(Theme& theme, QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(12);
  m_bar = new QProgressBar(this);
  m_bar->setRange(0, 0);
  m_bar->setTextVisible(false);
  m_bar->setFixedWidth(kBarWidth);
  m_bar->setAccessibleName(tr("Working"));
  m_text = makeLabel("secondary", {}, this);
  m_button = new IconButton(theme, {}, tr("Cancel"), IconButton::Style::Link, this);
  row->addWidget(m_bar);
  row->addWidget(m_text);
  row->addWidget(m_button);
  row->addStretch(1);
  m_late.setSingleShot(true);
  m_late.setInterval(kUnseenMs);
  connect(&m_late, &QTimer::timeout, this, &QWidget::show);
  connect(m_button, &QPushButton::clicked, this, [this] {
    if (m_waiting)
      Q_EMIT cancelled();
    else
      Q_EMIT chosen();
  });
  hide();
}

void WaitStrip::say(const QString& what, const QString& button) {
  m_bar->setVisible(m_waiting);
  m_text->setText(what);
  m_button->setText(button);
}

void WaitStrip::wait(const QString& what) {
  hide();
  m_waiting = true;
  say(what, tr("Cancel"));
  m_late.start();
}

void WaitStrip::end() {
  m_waiting = false;
  m_late.stop();
  hide();
}

void WaitStrip::offer(const QString& what, const QString& button) {
  end();
  say(what, button);
  show();
}

}  // namespace weft::ui
