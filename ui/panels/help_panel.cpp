// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/help_panel.h"

#include <QFile>
#include <QTextBlock>
#include <QTextBrowser>
#include <QVBoxLayout>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/theme/theme.h"

// A static library's resources are linked only when they are asked for; the macro must stand outside of namespaces.
static void openHelp() { Q_INIT_RESOURCE(help); }

namespace weft::ui {
namespace {

constexpr std::int64_t kSide = 576;   // as in the method picture where there is no model

// What the engine says may hold signs that Markdown would take for its own.
QString plain(const std::string& text) {
  QString out;
  for (const QChar c : engineText(text)) {
    if (QStringLiteral("\\`*_{}[]<>#|~").contains(c)) out += QLatin1Char('\\');
    out += c;
  }
  return out;
}

QString methodsHelp() {
  QString out = QStringLiteral("# ") + HelpPanel::tr("The methods and their mathematics") + QStringLiteral("\n\n");
  for (const auto& method : method_catalogue())
    out += QStringLiteral("- [%1](help:method/%2): %3\n").arg(plain(method.title), qs(method.name), plain(method.formula));
  return out;
}

}  // namespace

QString methodHelp(const MethodDescriptor& method) {
  SettingValues settings = Json::object();
  for (const auto& spec : method.settings) settings[spec.key] = spec.initial;
  QString out = QStringLiteral("# %1\n\n%2\n\n**%3**\n\n").arg(plain(method.title), plain(method.summary), plain(method.formula));
  out += QStringLiteral("## ") + HelpPanel::tr("Parts") + QStringLiteral("\n\n");
  const AdapterSite site{.path = "model.layers.0.self_attn.q_proj", .module = "q_proj", .layer = 0, .out = kSide, .in = kSide, .head_size = 64};
  for (const auto& part : method.parts(site, settings)) {
    const QString shape = part.shape == PartShape::Vector ? QString::number(part.rows * part.cols) : QStringLiteral("%1 × %2").arg(part.rows).arg(part.cols);
    const QString what = !part.stored ? HelpPanel::tr("frozen, part of the model") : (part.trained ? HelpPanel::tr("trained, %1") : HelpPanel::tr("frozen, %1")).arg(shape);
    out += QStringLiteral("- **%1** %2 (%3)\n").arg(plain(part.symbol), plain(part.title), what);
  }
  out += QStringLiteral("\n## ") + HelpPanel::tr("Settings and their effect") + QStringLiteral("\n\n");
  for (const auto& spec : method.settings) out += QStringLiteral("- **%1**: %2\n").arg(plain(spec.title), plain(spec.help));
  if (!method.paper.empty()) out += QStringLiteral("\n## %1\n\n%2\n").arg(HelpPanel::tr("Paper"), plain(method.paper));
  return out + QStringLiteral("\n[%1](help:methods)\n").arg(HelpPanel::tr("The methods and their mathematics"));
}

HelpPanel::HelpPanel(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme), m_view(new QTextBrowser(this)) {
  openHelp();
  setProperty("pane", true);
  setAttribute(Qt::WA_StyledBackground);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(12, 8, 4, 8);
  all->addWidget(m_view);
  m_view->setFrameShape(QFrame::NoFrame);
  m_view->setAccessibleName(tr("Help"));
  m_view->setOpenLinks(false);
  connect(m_view, &QTextBrowser::anchorClicked, this, [this](const QUrl& link) {
    if (link.scheme() == QLatin1String("help")) open(link.path());
  });
  connect(&theme, &Theme::changed, this, &HelpPanel::refresh);
}

void HelpPanel::open(const QString& page) {
  m_page = page;
  refresh();
}

void HelpPanel::refresh() {
  QPalette colours = m_view->palette();
  colours.setColor(QPalette::Base, m_theme.palette().surface);
  colours.setColor(QPalette::Text, m_theme.palette().text);
  colours.setColor(QPalette::Link, m_theme.palette().accent);
  m_view->setPalette(colours);
  m_view->document()->setDefaultFont(m_theme.text(13));
  const QString method = m_page.startsWith(QLatin1String("method/")) ? m_page.mid(7) : QString();
  const auto known = find_method(ss(method));
  QFile file(QStringLiteral(":/help/%1.md").arg(m_page));
  if (!method.isEmpty() && known.ok())
    m_view->setMarkdown(methodHelp(**known));
  else if (method.isEmpty() && file.open(QIODevice::ReadOnly))
    m_view->setMarkdown(QString::fromUtf8(file.readAll()));
  else
    m_view->setMarkdown(methodsHelp());
  // headings as the rest of the window sets them, not twice as large
  for (QTextBlock block = m_view->document()->begin(); block.isValid(); block = block.next()) {
    QTextCursor cursor(block);
    cursor.select(QTextCursor::BlockUnderCursor);
    QTextCharFormat format;
    if (const int level = block.blockFormat().headingLevel(); level > 0) {
      format.setFont(m_theme.text(level == 1 ? 16 : 13, true));
      format.setProperty(QTextFormat::FontSizeAdjustment, 0);   // Markdown's own, which would be added
      cursor.mergeCharFormat(format);
    }
    QTextBlockFormat lines;
    lines.setLineHeight(130, QTextBlockFormat::ProportionalHeight);
    lines.setBottomMargin(block.textList() ? 4 : 10);
    cursor.mergeBlockFormat(lines);
  }
  m_view->moveCursor(QTextCursor::Start);
}

QString HelpPanel::text() const { return m_view->toPlainText(); }

}  // namespace weft::ui
