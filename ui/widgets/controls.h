// SPDX-License-Identifier: GPL-3.0-or-later
// Small building blocks that pages and docks share. Main thread only; owned by their parents.
#pragma once

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/models/draft.h"
#include "ui/theme/theme.h"

namespace weft::ui {

// A label of one typographic role of the style sheet: page, title, subtitle, caption, section, secondary, mono, monocaption, error.
QLabel* makeLabel(const char* role, const QString& text, QWidget* parent);
QFrame* makeRule(QWidget* parent);
// Scrolls up and down what is taller than its room. Make what goes in with its viewport() as parent: a widget that moves to another parent
// has all that is in it styled anew, which once was a fifth of the window's start.
QScrollArea* makeScroll(QWidget* parent);
// Shortens its text to its width; the whole is its tooltip.
class ElidedLabel final : public QLabel {
  Q_OBJECT
 public:
  ElidedLabel(const char* role, Qt::TextElideMode mode, QWidget* parent);
  void setWholeText(const QString& text);
  [[nodiscard]] QSize minimumSizeHint() const override { return {0, QLabel::minimumSizeHint().height()}; }

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  const Qt::TextElideMode m_mode;
};
void repolish(QWidget* widget);  // after a property changed that the style sheet looks at

// Icon + word + colour; elides and keeps the whole sentence as tooltip.
class StateLabel final : public QWidget {
  Q_OBJECT
 public:
  StateLabel(Theme& theme, QWidget* parent);
  enum class Tone { Good, Warning, Busy, Missing, Bad };
  void setState(Tone tone, const QString& text);
  void setReadiness(const Readiness& readiness, const QString& readyWord);
  [[nodiscard]] QString text() const { return m_text; }
  [[nodiscard]] Tone tone() const { return m_tone; }
  [[nodiscard]] QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  Theme& m_theme;
  Tone m_tone = Tone::Missing;
  QString m_text;
};

// A card: title, a faint subtitle, a readiness at the right, content below. A click chooses it.
class Card final : public QFrame {
  Q_OBJECT
 public:
  Card(Theme& theme, const QString& title, QWidget* parent);
  void setSubtitle(const QString& text);                     // shortened to the room beside the title
  void explain(const QString& sentence);                     // the same, but below the title where it does not fit beside it
  void setChosen(bool on);
  [[nodiscard]] QHBoxLayout* header() { return m_header; }   // widgets added here stand before the readiness
  [[nodiscard]] QVBoxLayout* body() { return m_body; }
  [[nodiscard]] StateLabel* state() { return m_state; }
  void hideState() { m_state->hide(); }

 Q_SIGNALS:
  void clicked();

 protected:
  void mousePressEvent(QMouseEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void placeSentence();
  QHBoxLayout* m_header;
  QVBoxLayout* m_body;
  QLabel* m_title;
  ElidedLabel* m_subtitle;
  QLabel* m_sentence = nullptr;                              // below the title
  StateLabel* m_state;
};

// Caption above a number, framed.
class StatTile final : public QFrame {
  Q_OBJECT
 public:
  StatTile(const QString& caption, QWidget* parent);
  void setValue(const QString& text);
  [[nodiscard]] QString value() const { return m_value->text(); }

 private:
  QLabel* m_value;
};

// A button with an icon that follows the theme.
class IconButton final : public QPushButton {
  Q_OBJECT
 public:
  enum class Style { Plain, Primary, Page, Chip, Link };
  IconButton(Theme& theme, const QString& icon, const QString& text, Style style, QWidget* parent);

 private:
  void retheme();
  Theme& m_theme;
  QString m_icon;
  Style m_style;
};

// A line drawn small, for lists.
void paintSparkline(QPainter& painter, const QRectF& rect, const QVariantList& values, const QColor& color);

}  // namespace weft::ui
