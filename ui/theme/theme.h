// SPDX-License-Identifier: GPL-3.0-or-later
// Applies a palette to QPalette, style sheet and (by signal) to plots; makes icons and fonts.
// Owned by main or a test, passed by reference to every widget that paints; main thread only.
#pragma once

#include <QFont>
#include <QIcon>
#include <QObject>
#include <QPen>
#include <QPixmap>

#include "ui/theme/palette.h"

class QApplication;

namespace weft::ui {

enum class ThemeChoice { System, Light, Dark };

class Theme final : public QObject {
  Q_OBJECT
 public:
  // Reads what the desktop's palette says (light or dark) before it sets our own style.
  explicit Theme(QApplication& application);

  void choose(ThemeChoice choice);
  [[nodiscard]] ThemeChoice choice() const { return m_choice; }
  [[nodiscard]] const Palette& palette() const { return m_palette; }

  // Fonts by pixel size; mono has tabular figures.
  [[nodiscard]] QFont text(int px, bool medium = false) const;
  [[nodiscard]] QFont mono(int px, bool medium = false) const;

  // An embedded lucide icon in one colour, sharp at any scale.
  [[nodiscard]] QIcon icon(const QString& name, const QColor& color) const;
  [[nodiscard]] QIcon icon(const QString& name) const;  // text colour, disabled in grey
  [[nodiscard]] QPixmap pixmap(const QString& name, const QColor& color, int px, qreal ratio) const;

  [[nodiscard]] QColor seriesColor(int index) const;
  // Colour and dash of the n-th run: six of each.
  [[nodiscard]] QPen runPen(int index, double width) const;

 Q_SIGNALS:
  void changed();

 private:
  void apply();
  QApplication& m_application;
  bool m_systemDark = false;
  ThemeChoice m_choice = ThemeChoice::System;
  Palette m_palette;
};

// The one style sheet of the window.
[[nodiscard]] QString styleSheet(const Palette& palette);

}  // namespace weft::ui
