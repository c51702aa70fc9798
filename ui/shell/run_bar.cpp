// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/run_bar.h"

#include <algorithm>

#include <QAction>
#include <QFile>
#include <QFileInfo>
#include <QPainter>
#include <QTimer>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/ratio_text.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr int kMemoryMs = 1000;
constexpr int kBarWidth = 96, kLeastBar = 24;

// A figure in bytes from a /proc file of "Name:  123 kB" lines; 0 when it is not there.
double procBytes(const QString& path, const QByteArray& name) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return 0;
  for (const auto& line : file.readAll().split('\n'))
    if (line.startsWith(name)) return line.mid(name.size()).simplified().split(' ').value(0).toDouble() * 1024;
  return 0;
}

// Button words without the menu's access key, which would steal letters from the fields of the page.
QString buttonText(const QAction& action) {
  QString text = action.text();
  text.replace(QLatin1String("&&"), QLatin1String("\x01")).remove(QLatin1Char('&'));
  return text.replace(QLatin1String("\x01"), QLatin1String("&&"));
}

QPushButton* bind(Theme& theme, QAction* action, const QString& icon, IconButton::Style style, QWidget* parent) {
  auto* button = new IconButton(theme, icon, buttonText(*action), style, parent);
  const auto sync = [button, action] {
    button->setEnabled(action->isEnabled());
    button->setVisible(action->isVisible());
    button->setText(button->property("compact").toBool() ? QString() : buttonText(*action));
    button->setAccessibleName(buttonText(*action));
    button->setToolTip(action->toolTip());
  };
  QObject::connect(action, &QAction::changed, button, sync);
  QObject::connect(button, &QPushButton::clicked, action, &QAction::trigger);
  sync();
  return button;
}

// Up to the bar of memory: its name, in any language and size.
int leadOf(const Theme& theme) { return std::max(70, 24 + QFontMetrics(theme.text(12)).horizontalAdvance(MemoryBar::tr("Memory"))); }

}  // namespace

MemoryBar::MemoryBar(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  setFixedHeight(30);
  connect(&theme, &Theme::changed, this, [this] { update(); });
}

QString MemoryBar::words() const { return ratioText(fixed(m_used / 1e9, 2), fixed(m_total / 1e9, 0) + QStringLiteral(" GB")); }

QSize MemoryBar::sizeHint() const {
  return {leadOf(m_theme) + 6 + kBarWidth + 8 + QFontMetrics(m_theme.mono(12)).horizontalAdvance(QStringLiteral("00.00 / 000 GB")) + 10, 30};
}

void MemoryBar::setBytes(double used, double total) {
  m_used = used;
  m_total = total;
  setToolTip(tr("Memory of this program, of the machine's %1").arg(bytesText(total)));
  setAccessibleName(tr("memory %1").arg(words()));
  update();
}

void MemoryBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setLayoutDirection(Qt::LeftToRight);   // a bar fills from the left
  const Palette& p = m_theme.palette();
  painter.setPen(QPen(p.line, 1));
  painter.setBrush(p.raised);
  painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
  // in a full bar the drawn bar goes first, then the word: the figures stay whole
  const int figures = QFontMetrics(m_theme.mono(12)).horizontalAdvance(words()), bar = width() - leadOf(m_theme) - 8 - figures - 12;
  const bool named = width() >= leadOf(m_theme) + figures + 12;
  if (named) {
    painter.setPen(p.secondary);
    painter.setFont(m_theme.text(12));
    painter.drawText(QRect(12, 0, leadOf(m_theme) - 16, height()), Qt::AlignLeft | Qt::AlignVCenter, tr("Memory"));
  }
  if (const double wide = std::min(bar, kBarWidth); wide >= kLeastBar) {
    const QRectF whole(leadOf(m_theme), height() / 2.0 - 3, wide, 6);
    painter.setPen(Qt::NoPen);
    painter.setBrush(p.line);
    painter.drawRoundedRect(whole, 3, 3);
    const double share = m_total > 0 ? std::min(1.0, m_used / m_total) : 0;
    painter.setBrush(share > 0.9 ? p.bad : share > 0.75 ? p.warning : p.accent);
    painter.drawRoundedRect(QRectF(whole.topLeft(), QSizeF(std::max(6.0, whole.width() * share), whole.height())), 3, 3);
  }
  painter.setPen(p.text);
  painter.setFont(m_theme.mono(12));
  painter.drawText(QRect(8, 0, width() - 18, height()), Qt::AlignRight | Qt::AlignVCenter, words());
}

RunBar::RunBar(Theme& theme, Draft& draft, RunDesk& desk, const RunActions& actions, QWidget* parent)
    : QWidget(parent), m_draft(draft), m_desk(desk), m_theme(theme) {
  setProperty("bar", true);
  setAttribute(Qt::WA_StyledBackground);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(12, 10, 12, 10);
  row->setSpacing(8);
  m_model = new IconButton(theme, QStringLiteral("box"), {}, IconButton::Style::Chip, this);
  m_data = new IconButton(theme, QStringLiteral("database"), {}, IconButton::Style::Chip, this);
  m_method = new IconButton(theme, QStringLiteral("layers"), {}, IconButton::Style::Chip, this);
  m_memory = new MemoryBar(theme, this);
  m_state = new StateLabel(theme, this);
  for (auto* widget : {static_cast<QWidget*>(m_model), static_cast<QWidget*>(m_data), static_cast<QWidget*>(m_method), static_cast<QWidget*>(m_memory)})
    row->addWidget(widget);
  row->addStretch();
  row->addWidget(m_state);
  row->addSpacing(8);
  m_train = bind(theme, actions.train, QStringLiteral("play"), IconButton::Style::Primary, this);
  m_pause = bind(theme, actions.pause, QStringLiteral("pause"), IconButton::Style::Plain, this);
  m_stop = bind(theme, actions.stop, QStringLiteral("save"), IconButton::Style::Plain, this);
  m_checkpoint = bind(theme, actions.checkpoint, QStringLiteral("flag"), IconButton::Style::Plain, this);
  m_queue = bind(theme, actions.queue, QStringLiteral("list"), IconButton::Style::Plain, this);
  m_sample = bind(theme, actions.sample, QStringLiteral("sparkles"), IconButton::Style::Plain, this);
  for (auto* button : {m_queue, m_train, m_pause, m_stop, m_checkpoint, m_sample}) row->addWidget(button);
  connect(m_model, &QPushButton::clicked, this, [this] { Q_EMIT subjectChosen(Subject::Model); });
  connect(m_data, &QPushButton::clicked, this, [this] { Q_EMIT subjectChosen(Subject::Data); });
  connect(m_method, &QPushButton::clicked, this, [this] { Q_EMIT subjectChosen(Subject::Method); });
  connect(&draft, &Draft::changed, this, &RunBar::refreshDraft);
  connect(&desk, &RunDesk::stateChanged, this, &RunBar::refreshRun);
  auto* clock = new QTimer(this);
  clock->setInterval(kMemoryMs);
  const auto measure = [this] {
    m_memory->setBytes(procBytes(QStringLiteral("/proc/self/status"), "VmRSS:"), procBytes(QStringLiteral("/proc/meminfo"), "MemTotal:"));
  };
  connect(clock, &QTimer::timeout, this, measure);
  clock->start();
  measure();
  refreshDraft();
  refreshRun();
}

void RunBar::refreshDraft() {
  const auto name = [](const Json& path) { return path.is_string() && !path.get_ref<const std::string&>().empty() ? QFileInfo(qs(path.get<std::string>())).completeBaseName() : QString(); };
  const QFontMetrics metrics(m_theme.text(13));
  const QString model = m_draft.model() ? qs(m_draft.model()->name) : name(m_draft.value("model", "path"));
  m_model->setText(model.isEmpty() ? tr("No model") : metrics.elidedText(model, Qt::ElideMiddle, 170));
  QString rows = metrics.elidedText(name(m_draft.value("data", "path")), Qt::ElideMiddle, 130);
  if (m_draft.data() && m_draft.data()->tokens > 0)
    rows += QStringLiteral("  %1 %").arg(fixed(100.0 * static_cast<double>(m_draft.data()->trained_tokens) / static_cast<double>(m_draft.data()->tokens), 0)) + tr(" trained");
  m_data->setText(rows.isEmpty() ? tr("No data") : rows);
  QString method = qs(m_draft.method().title);
  if (const Json rank = m_draft.value("method", "rank"); rank.is_number()) method += QStringLiteral("  r %1").arg(rank.get<std::int64_t>());
  m_method->setText(method);
}

void RunBar::refreshRun() {
  const auto& live = m_desk.live();
  const bool compact = m_desk.isLive() || m_desk.starting();  // the orders to the run need the room
  m_queue->setProperty("compact", compact);
  m_queue->setText(compact ? QString() : m_queue->accessibleName());
  if (m_desk.starting()) {
    m_state->setState(StateLabel::Tone::Busy, tr("starting"));
  } else if (live) {
    const QString& word = live->stateWord;
    const bool bad = word == QLatin1String("failed");
    const bool good = word == QLatin1String("done") || word == QLatin1String("stopped");
    m_state->setState(bad ? StateLabel::Tone::Bad : good ? StateLabel::Tone::Good : StateLabel::Tone::Busy, live->name + QLatin1Char(' ') + engineText(ss(word)));
  } else {
    m_state->setState(StateLabel::Tone::Missing, {});
  }
  m_state->setVisible(!m_state->text().isEmpty());
}

}  // namespace weft::ui
