// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"

namespace weft::ui {
namespace {

// @role is replaced by the palette's colour.
constexpr char kSheet[] = R"(
* { font-family: "Inter"; font-size: 13px; }
QMainWindow, QDialog { background: @window; }
QMainWindow::separator { background: @line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: @accent; }
QToolTip { background: @raised; color: @text; border: 1px solid @line; padding: 4px 8px; }
QScrollArea, QScrollArea > QWidget > QWidget[plain="true"] { background: transparent; border: none; }

QFrame[card="true"] { background: @surface; border: 1px solid @line; border-radius: 6px; }
QFrame[card="true"][chosen="true"] { border: 1px solid @accent; }
QFrame[tile="true"] { background: @surface; border: 1px solid @line; border-radius: 6px; }
QFrame[turn="trained"] { background: @accentTint; border: none; border-left: 3px solid @accent; }
QFrame[turn="read"] { background: transparent; border: none; border-left: 3px solid @line; }
QFrame[rule="true"] { background: @line; border: none; max-height: 1px; min-height: 1px; }
QWidget[pane="true"] { background: @surface; }
QWidget[bar="true"] { background: @surface; border-bottom: 1px solid @line; }

QLabel { background: transparent; color: @text; }
QLabel[role="page"] { font-size: 20px; font-weight: 500; }
QLabel[role="title"] { font-size: 16px; font-weight: 500; }
QLabel[role="subtitle"] { font-size: 13px; font-weight: 500; }
QLabel[role="caption"] { font-size: 11px; color: @secondary; }
QLabel[role="section"] { font-size: 11px; color: @secondary; }
QLabel[role="secondary"] { color: @secondary; }
QLabel[role="mono"] { font-family: "JetBrains Mono"; font-size: 12px; }
QLabel[role="monocaption"] { font-family: "JetBrains Mono"; font-size: 11px; color: @secondary; }
QLabel[role="error"] { font-size: 11px; color: @bad; }

QPushButton { background: @raised; color: @text; border: 1px solid @line; border-radius: 6px; padding: 0 12px; min-height: 28px; }
QPushButton:hover { border-color: @disabled; }
QPushButton:pressed { background: @window; }
QPushButton:focus { border-color: @accent; }
QPushButton:disabled { color: @disabled; }
QPushButton[primary="true"] { background: @accent; color: @onAccent; border-color: @accent; font-weight: 500; }
QPushButton[primary="true"]:hover { background: @accentHover; }
QPushButton[primary="true"]:focus { border-color: @text; }
QPushButton[primary="true"]:disabled { background: @raised; color: @disabled; border-color: @line; }
QPushButton[page="true"] { background: transparent; color: @secondary; border: 1px solid transparent; min-height: 26px; padding: 0 10px; text-align: left; }
QPushButton[page="true"]:hover { color: @text; }
QPushButton[page="true"]:checked { background: @raised; color: @text; border-color: @line; }
QPushButton[page="true"]:focus { border-color: @accent; }
QPushButton[chip="true"] { padding: 0 10px; text-align: left; }
QPushButton[link="true"] { background: transparent; border: 1px solid transparent; color: @accent; padding: 0 4px; min-height: 20px; font-size: 12px; }
QPushButton[link="true"]:hover { text-decoration: underline; }
QPushButton[link="true"]:focus { border-color: @accent; }
QPushButton[link="true"]:disabled { color: @disabled; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: 4px; padding: 2px; color: @secondary; font-size: 11px; }
QToolButton:hover { background: @window; }
QToolButton:focus { border-color: @accent; }
QToolButton:checked { color: @accent; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QComboBox, QPlainTextEdit { background: @field; color: @text; border: 1px solid @line; border-radius: 4px; padding: 0 8px; min-height: 26px; selection-background-color: @accent; selection-color: @onAccent; }
QLineEdit:focus, QComboBox:focus { border-color: @accent; }
QPlainTextEdit:focus { border-color: @accent; }
QPlainTextEdit[words="true"] { padding: 6px 8px; }
QTextEdit[answer="true"] { background: transparent; color: @text; border: 1px solid transparent; padding: 0; selection-background-color: @accent; selection-color: @onAccent; }
QTextEdit[answer="true"]:focus { border-color: @accent; }
QFrame[asked="true"] { background: @accentTint; border: none; border-radius: 6px; }
QLineEdit[wrong="true"] { border-color: @bad; }
QLineEdit:disabled, QComboBox:disabled { color: @secondary; background: transparent; }
QLineEdit[number="true"] { font-family: "JetBrains Mono"; font-size: 12px; }
QComboBox { font-family: "JetBrains Mono"; font-size: 12px; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox::down-arrow { image: url(:/icons/field-down.svg); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: @raised; color: @text; border: 1px solid @line; outline: none; selection-background-color: @accentTint; selection-color: @text; }
QComboBox[tool="true"] { background: transparent; border: 1px solid transparent; color: @secondary; font-family: "Inter"; font-size: 11px; min-height: 18px; padding: 0 2px; }
QComboBox[heading="true"] { color: @text; font-size: 13px; font-weight: 500; padding: 0; }
QComboBox[tool="true"]:hover { border-color: @line; }
QComboBox[tool="true"]:focus { border-color: @accent; }
QCheckBox { spacing: 8px; }
QCheckBox::indicator, QListView::indicator { width: 14px; height: 14px; border: 1px solid @disabled; border-radius: 3px; background: @field; }
QCheckBox::indicator:checked, QListView::indicator:checked { background: @accent; border-color: @accent; image: url(:/icons/@checkIcon.svg); }
QCheckBox::indicator:focus { border-color: @accent; }
QCheckBox::indicator:checked:focus { border-color: @text; }
QCheckBox::indicator:disabled { border-color: @line; }

QMenuBar { background: transparent; color: @secondary; spacing: 0; }
QMenuBar::item { background: transparent; padding: 4px 10px; border-radius: 4px; }
QMenuBar::item:selected { background: @window; color: @text; }
QMenu { background: @raised; color: @text; border: 1px solid @line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 24px; border-radius: 4px; }
QMenu::item:selected { background: @accentTint; }
QMenu::item:disabled { color: @disabled; }
QMenu::separator { height: 1px; background: @line; margin: 4px 8px; }
QMenu::indicator { width: 12px; height: 12px; left: 6px; }
QMenu::indicator:checked { image: url(:/icons/field-check.svg); }

QTextBrowser { background: @surface; color: @text; border: 1px solid transparent; }
QTextBrowser:focus { border-color: @accent; }
QTabBar::tab { background: @surface; color: @secondary; padding: 5px 12px; border: none; border-top: 2px solid transparent; }
QTabBar::tab:selected { color: @text; border-top-color: @accent; }
QTabBar::tab:focus { color: @accent; }
QDockWidget { color: @secondary; font-size: 11px; titlebar-close-icon: url(:/icons/field-x.svg); }
QDockWidget::title { background: @surface; padding: 6px 12px; text-align: left; }
QDockWidget::close-button { border: none; background: transparent; subcontrol-position: center right; right: 8px; }
QDockWidget::close-button:hover { background: @line; border-radius: 4px; }
QStatusBar { background: @surface; border-top: 1px solid @line; color: @secondary; }
QStatusBar::item { border: none; }

QTreeView, QTableView, QListView, QPlainTextEdit[log="true"] { background: @surface; color: @text; border: 1px solid transparent; outline: none; selection-background-color: @accentTint; selection-color: @text; }
QTreeView:focus, QTableView:focus, QListView:focus, QPlainTextEdit[log="true"]:focus { border-color: @accent; }
QTableView[roomy="true"]::item { padding: 0 5px; border: none; }
QListView::item { padding: 3px 4px; border: none; border-radius: 4px; }
QListView::item:selected { background: @accentTint; color: @text; }
QTreeView::branch { background: @surface; image: none; }
QHeaderView::section { background: @surface; color: @secondary; font-size: 11px; border: none; border-bottom: 1px solid @line; padding: 4px 8px; }
QHeaderView { background: @surface; border: none; }
QHeaderView::section:vertical { border-bottom: none; padding: 4px 16px 4px 0; font-size: 12px; }
QTableCornerButton::section { background: @surface; border: none; border-bottom: 1px solid @line; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: @line; border-radius: 3px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: @disabled; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSlider { min-height: 20px; }
QSlider::groove:horizontal { height: 3px; background: @line; border-radius: 1px; }
QSlider::sub-page:horizontal { height: 3px; background: @accent; border-radius: 1px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border-radius: 7px; background: @accent; }
QSlider::handle:horizontal:focus { border: 2px solid @text; width: 10px; height: 10px; }
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled { background: @disabled; }
QProgressBar { background: @line; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: @accent; border-radius: 3px; }
)";

}  // namespace

QString styleSheet(const Palette& p) {
  QString sheet = QString::fromLatin1(kSheet);
  // longer names first, so that @line does not eat the start of another role
  const std::pair<const char*, QColor> roles[] = {
      {"@accentHover", p.dark ? p.accent.lighter(108) : p.accent.darker(110)}, {"@accentTint", p.accentTint},
      {"@onAccent", p.onAccent}, {"@accent", p.accent}, {"@secondary", p.secondary}, {"@disabled", p.disabled},
      {"@surface", p.surface}, {"@raised", p.raised}, {"@window", p.window}, {"@field", p.window},
      {"@line", p.line}, {"@text", p.text}, {"@bad", p.bad}};
  for (const auto& [role, color] : roles) sheet.replace(QLatin1String(role), color.name());
  sheet.replace(QLatin1String("@checkIcon"), p.dark ? QStringLiteral("tick-dark") : QStringLiteral("tick-light"));
  return sheet;
}

}  // namespace weft::ui
