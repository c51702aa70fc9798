// SPDX-License-Identifier: GPL-3.0-or-later
// One setting as a form row, made from its SettingSpec alone: title, editor, unit, and the reason below when what was typed
// is no value (the text is kept). Up and Down step numbers by a sensible factor. Main thread only.
#pragma once

#include <QWidget>

#include "engine/api/settings.h"
#include "ui/theme/theme.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;

namespace weft::ui {

class SettingField final : public QWidget {
  Q_OBJECT
 public:
  SettingField(Theme& theme, const SettingSpec& spec, QWidget* parent);

  [[nodiscard]] const SettingSpec& spec() const { return m_spec; }
  void setValue(const Json& value);          // shows it; emits nothing
  void setSuggestions(const QStringList& names);  // for TextOrList and Text: a menu beside the field
  void setReadOnly(bool on);
  void setInitial(const Json& value);        // what it goes back to; the spec's default at first
  [[nodiscard]] bool changed() const;        // from that
  void focusEditor();
  void setHighlighted(bool on);              // the part of the picture that it changes is under the pointer
  [[nodiscard]] QString errorText() const;
  [[nodiscard]] QLineEdit* lineEdit() const { return m_edit; }
  [[nodiscard]] QPlainTextEdit* linesEdit() const { return m_lines; }

 Q_SIGNALS:
  void edited(const weft::Json& value);      // a valid value
  void wrong(const QString& reason);         // what stands there is no value
  void hovered(bool on);                     // under the pointer, or with the focus

 protected:
  void enterEvent(QEnterEvent* event) override;
  void leaveEvent(QEvent* event) override;
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  QWidget* makeEditor();
  void readText();

  void step(int direction);
  void showError(const QString& reason);
  void showRevert();
  [[nodiscard]] QString textOf(const Json& value) const;
  Theme& m_theme;
  const SettingSpec m_spec;
  QLabel* m_title = nullptr;
  QLabel* m_error = nullptr;
  QLineEdit* m_edit = nullptr;
  QComboBox* m_choice = nullptr;
  QPlainTextEdit* m_lines = nullptr;
  QCheckBox* m_check = nullptr;
  class QToolButton* m_revert = nullptr;     // shown while the value is not the initial one
  Json m_value, m_initial;
  bool m_readOnly = false;
  QStringList m_suggestions;
  bool m_filling = false;
};

// The value that text stands for under a spec, or why it is none.
[[nodiscard]] Result<Json> parseSetting(const SettingSpec& spec, const QString& text);
// The next value up or down: 4-8-16-32 for whole numbers that grow by doubling, 10^(1/4) for rates, tenths for shares.
[[nodiscard]] double steppedValue(const SettingSpec& spec, double value, int direction);

}  // namespace weft::ui
