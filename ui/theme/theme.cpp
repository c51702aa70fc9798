// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/system_scheme.h"
#include "ui/theme/text_size.h"
#include "ui/theme/theme.h"

#include <algorithm>

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QPalette>
#include <QProxyStyle>
#include <QRegularExpression>
#include <QScrollArea>
#include <QSvgRenderer>

// A static library's resources are linked only when they are asked for; the macro must stand outside of namespaces.
static void openThemeResources() { Q_INIT_RESOURCE(theme); }

namespace weft::ui {
namespace {

constexpr const char* kSystemDark = "weftSystemDark";   // of the application: what the desktop said since the start

// Fusion, without underlined letters in menus and buttons until Alt is held, and without a stop of Tab at what only scrolls: its
// controls scroll into view when Tab comes to them.
class Style final : public QProxyStyle {
 public:
  Style() : QProxyStyle(QStringLiteral("Fusion")) {}
  int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget, QStyleHintReturn* data) const override {
    if (hint == SH_UnderlineShortcut) return 0;
    return QProxyStyle::styleHint(hint, option, widget, data);
  }
  using QProxyStyle::polish;
  void polish(QWidget* widget) override {
    QProxyStyle::polish(widget);
    if (qobject_cast<QScrollArea*>(widget)) widget->setFocusPolicy(Qt::ClickFocus);
  }
};

QByteArray coloredSvg(const QString& name, const QColor& color) {
  QFile file(QStringLiteral(":/icons/") + name + QStringLiteral(".svg"));
  if (!file.open(QIODevice::ReadOnly)) return {};
  return file.readAll().replace("currentColor", color.name().toLatin1());
}

// Draws the SVG at the size and scale asked for, so that 150 % is as sharp as 100 %.
class SvgEngine final : public QIconEngine {
 public:
  SvgEngine(const QString& name, const QColor& normal, const QColor& disabled)
      : m_name(name), m_normal(normal), m_disabled(disabled) {}
  void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
    QSvgRenderer renderer(coloredSvg(m_name, mode == QIcon::Disabled ? m_disabled : m_normal));
    // square, at the left: what is wider is the distance to a button's words
    const int side = std::min(rect.width(), rect.height());
    renderer.render(painter, QRectF(rect.left(), rect.top() + (rect.height() - side) / 2.0, side, side));
  }
  QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
    QPixmap pixmap(size);
    if (pixmap.isNull()) return pixmap;   // where an icon was left out
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paint(&painter, QRect(QPoint(), size), mode, state);
    return pixmap;
  }
  QIconEngine* clone() const override { return new SvgEngine(m_name, m_normal, m_disabled); }

 private:
  QString m_name;
  QColor m_normal, m_disabled;
};

QPalette toQPalette(const Palette& p) {
  QPalette q;
  q.setColor(QPalette::Window, p.window);
  q.setColor(QPalette::WindowText, p.text);
  q.setColor(QPalette::Base, p.surface);
  q.setColor(QPalette::AlternateBase, p.window);
  q.setColor(QPalette::Text, p.text);
  q.setColor(QPalette::PlaceholderText, p.secondary);
  q.setColor(QPalette::Button, p.raised);
  q.setColor(QPalette::ButtonText, p.text);
  q.setColor(QPalette::BrightText, p.bad);
  q.setColor(QPalette::ToolTipBase, p.raised);
  q.setColor(QPalette::ToolTipText, p.text);
  q.setColor(QPalette::Highlight, p.accent);
  q.setColor(QPalette::HighlightedText, p.onAccent);
  q.setColor(QPalette::Link, p.accent);
  q.setColor(QPalette::Light, p.raised);
  q.setColor(QPalette::Midlight, p.line);
  q.setColor(QPalette::Mid, p.line);
  q.setColor(QPalette::Dark, p.line);
  q.setColor(QPalette::Shadow, p.line);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) q.setColor(QPalette::Disabled, role, p.disabled);
  return q;
}

int scaled(int px) { return qRound(px * textPercent() / 100.0); }

// The sheet says its sizes for 100 %.
QString withTextSize(QString sheet) {
  if (textPercent() == 100) return sheet;
  static const QRegularExpression size(QStringLiteral("(font-size|min-height): (\\d+)px"));
  QString out;
  qsizetype from = 0;
  for (auto it = size.globalMatch(sheet); it.hasNext();) {
    const auto match = it.next();
    const int px = match.captured(2).toInt();
    out += sheet.mid(from, match.capturedStart() - from) + QStringLiteral("%1: %2px").arg(match.captured(1)).arg(px > 1 ? scaled(px) : px);   // 1: a rule
    from = match.capturedEnd();
  }
  return out + sheet.mid(from);
}

}  // namespace

Theme::Theme(QApplication& application) : m_application(application) {
  openThemeResources();
  const QPalette desktop = application.palette();
  m_systemDark = desktop.color(QPalette::Window).lightness() < desktop.color(QPalette::WindowText).lightness() ||
                 qEnvironmentVariable("GTK_THEME").endsWith(QLatin1String("dark"));
  for (const char* font : {"Inter-Regular.otf", "Inter-Medium.otf", "JetBrainsMono-Regular.ttf", "JetBrainsMono-Medium.ttf"})
    QFontDatabase::addApplicationFont(QStringLiteral(":/fonts/") + QLatin1String(font));
  application.setStyle(new Style);  // the application owns it
  apply();
}

void Theme::choose(ThemeChoice choice) {
  m_choice = choice;
  apply();
}

void Theme::apply() {
  const QVariant said = m_application.property(kSystemDark);
  const bool systemDark = said.isValid() ? said.toBool() : m_systemDark;
  const bool dark = m_choice == ThemeChoice::Dark || (m_choice == ThemeChoice::System && systemDark);
  m_palette = dark ? darkPalette() : lightPalette();
  m_application.setPalette(toQPalette(m_palette));
  m_application.setFont(text(13));
  m_application.setStyleSheet(withTextSize(styleSheet(m_palette)));
  Q_EMIT changed();
}

void setSystemDark(Theme& theme, bool dark) {
  const bool before = theme.palette().dark;
  qApp->setProperty(kSystemDark, dark);
  if (theme.choice() == ThemeChoice::System && before != dark) theme.choose(ThemeChoice::System);
}

QFont Theme::text(int px, bool medium) const {
  QFont font(QStringLiteral("Inter"));
  font.setPixelSize(scaled(px));
  font.setWeight(medium ? QFont::Medium : QFont::Normal);
  return font;
}

QFont Theme::mono(int px, bool medium) const {
  QFont font(QStringLiteral("JetBrains Mono"));
  font.setPixelSize(scaled(px));
  font.setWeight(medium ? QFont::Medium : QFont::Normal);
  font.setStyleHint(QFont::Monospace);
  return font;
}

QIcon Theme::icon(const QString& name, const QColor& color) const { return QIcon(new SvgEngine(name, color, m_palette.disabled)); }
QIcon Theme::icon(const QString& name) const { return icon(name, m_palette.text); }

QPixmap Theme::pixmap(const QString& name, const QColor& color, int px, qreal ratio) const {
  // lists ask for the same few icons in every row of every frame
  const QString key = QStringLiteral("weft/%1/%2/%3/%4").arg(name, color.name()).arg(px).arg(ratio);
  QPixmap pixmap;
  if (QPixmapCache::find(key, &pixmap)) return pixmap;
  pixmap = QPixmap(QSize(px, px) * ratio);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  QSvgRenderer(coloredSvg(name, color)).render(&painter);
  painter.end();
  pixmap.setDevicePixelRatio(ratio);
  QPixmapCache::insert(key, pixmap);
  return pixmap;
}

QColor Theme::seriesColor(int index) const {
  return m_palette.series[static_cast<std::size_t>(index) % m_palette.series.size()];
}

QPen Theme::runPen(int index, double width) const {
  constexpr Qt::PenStyle dashes[] = {Qt::SolidLine, Qt::DashLine, Qt::DashDotLine, Qt::DotLine, Qt::DashDotDotLine, Qt::CustomDashLine};
  const Qt::PenStyle dash = dashes[static_cast<std::size_t>(index) % std::size(dashes)];
  QPen pen(seriesColor(index), width, dash == Qt::CustomDashLine ? Qt::SolidLine : dash);
  if (dash == Qt::CustomDashLine) pen.setDashPattern({8, 3});   // of the pen's width
  return pen;
}

}  // namespace weft::ui
