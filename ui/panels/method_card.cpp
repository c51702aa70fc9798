// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <QComboBox>
#include <QLineEdit>
#include <QPainter>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/word_search.h"
#include "ui/panels/setup_cards.h"
#include "ui/widgets/method_picture.h"

namespace weft::ui {
namespace {

constexpr int kTileWidth = 136, kTileHeight = 124, kTileGap = 12;
constexpr std::int64_t kPictureOut = 576, kPictureIn = 576;  // drawn for when there is no model yet

}  // namespace

MethodTile::MethodTile(Theme& theme, const MethodDescriptor& method, QWidget* parent)
    : QPushButton(parent), m_theme(theme), m_method(method), m_picture(new MethodPicture(theme, MethodPicture::Size::Small, this)) {
  setCheckable(true);
  setAutoExclusive(true);
  setFixedSize(kTileWidth, kTileHeight);
  setObjectName(QStringLiteral("method-") + qs(method.name));
  setAccessibleName(qs(method.title));
  setAccessibleDescription(engineText(method.summary));
  setToolTip(QStringLiteral("%1\n%2").arg(engineText(method.formula), qs(method.paper)));
  m_picture->setGeometry(10, 12, kTileWidth - 20, 48);
  setShape(kPictureOut, kPictureIn);
  connect(&theme, &Theme::changed, this, [this] { update(); });
}

void MethodTile::setShape(std::int64_t out, std::int64_t in) {
  SettingValues defaults = Json::object();
  for (const auto& spec : m_method.settings) defaults[spec.key] = spec.initial;
  m_picture->setMethod(m_method, defaults, {.out = out, .in = in});
}

void MethodTile::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setRenderHint(QPainter::Antialiasing);
  const Palette& p = m_theme.palette();
  const bool on = isChecked();
  painter.setPen(QPen(on || hasFocus() ? p.accent : underMouse() ? p.disabled : p.line, on ? 2 : 1));
  painter.setBrush(p.surface);
  painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 6, 6);
  if (on && hasFocus()) {   // the chosen one has the frame of the focus already
    painter.setPen(QPen(p.text, 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(3.5, 3.5, -3.5, -3.5), 4, 4);
  }
  painter.setPen(p.text);
  painter.setFont(m_theme.text(13, true));
  painter.drawText(QRect(10, 66, width() - 20, 18), Qt::AlignLeft | Qt::AlignVCenter, qs(m_method.title));
  painter.setPen(p.secondary);
  painter.setFont(m_theme.text(11));
  painter.drawText(QRect(10, 86, width() - 20, 30), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, engineText(m_method.summary));
}

MethodCard::MethodCard(Theme& theme, Draft& draft, QWidget* parent) : QWidget(parent), m_draft(draft) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  m_card = new Card(theme, tr("Method"), this);
  outer->addWidget(m_card);
  m_family = new QComboBox(m_card);
  m_family->setAccessibleName(tr("Family of methods"));
  m_family->addItem(tr("all families"));
  for (const auto& method : method_catalogue())
    if (m_family->findData(qs(method.family)) < 0) m_family->addItem(engineText(method.family), qs(method.family));
  m_card->header()->addWidget(m_family);
  connect(m_family, &QComboBox::currentIndexChanged, this, [this] { arrange(); });
  m_filter = new QLineEdit(m_card);
  m_filter->setAcceptDrops(false);   // a file is for the window
  m_filter->setAccessibleName(tr("Filter the methods"));
  m_filter->setFixedWidth(200);
  m_filter->setClearButtonEnabled(true);
  m_filter->setPlaceholderText(tr("filter %n methods", nullptr, static_cast<int>(method_catalogue().size())));
  m_card->header()->addWidget(m_filter);
  m_board = new QWidget(m_card);
  m_card->body()->addWidget(m_board);
  m_none = makeLabel("secondary", tr("No method has this in its name, family or summary."), m_card);
  m_card->body()->addWidget(m_none);
  m_card->body()->addStretch();
  for (const auto& method : method_catalogue()) {
    auto* tile = new MethodTile(theme, method, m_board);
    connect(tile, &QPushButton::clicked, this, [this, tile] { m_draft.setMethod(tile->method().name); });
    m_tiles.push_back(tile);
  }
  connect(m_filter, &QLineEdit::textChanged, this, [this] { arrange(); });
  connect(&draft, &Draft::changed, this, &MethodCard::refresh);
  connect(&draft, &Draft::modelChanged, this, [this] {
    const auto site = m_draft.typicalSite();
    for (auto* tile : m_tiles) tile->setShape(site ? site->out : kPictureOut, site ? site->in : kPictureIn);
  });
  refresh();
  arrange();
}

void MethodCard::refresh() {
  m_card->state()->setReadiness(m_draft.methodReadiness(), tr("ready"));
  for (auto* tile : m_tiles) tile->setChecked(&tile->method() == &m_draft.method());
}

void MethodCard::resizeEvent(QResizeEvent*) { arrange(); }

void MethodCard::arrange() {
  const int room = std::max(kTileWidth, width() - 34);
  const int columns = std::max(1, (room + kTileGap) / (kTileWidth + kTileGap));
  const QString family = m_family->currentData().toString();
  int shown = 0;
  for (auto* tile : m_tiles) {
    const auto& m = tile->method();
    const bool fits = (family.isEmpty() || qs(m.family) == family) && hasWords(QStringLiteral("%1 %2 %3 %4 %5 %6").arg(qs(m.title), qs(m.name), qs(m.family), qs(m.summary), engineText(m.family), engineText(m.summary)), m_filter->text());
    tile->setVisible(fits);
    if (!fits) continue;
    tile->move((shown % columns) * (kTileWidth + kTileGap), (shown / columns) * (kTileHeight + kTileGap));
    ++shown;
  }
  m_none->setVisible(shown == 0);
  const int rows = (shown + columns - 1) / columns;
  m_board->setFixedHeight(std::max(1, rows * (kTileHeight + kTileGap) - kTileGap));
}

}  // namespace weft::ui
