// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/setting_field.h"

#include <algorithm>
#include <cmath>

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QEnterEvent>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

#include "engine/core/text_util.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/path_drops.h"

namespace weft::ui {
namespace {

constexpr int kNumberWidth = 88, kEditorWidth = 128, kWideEditor = 168, kLinesHeight = 84;

bool doubles(const SettingSpec& spec) {  // sizes that people choose as powers of two
  static const QStringList keys = {QStringLiteral("rank"), QStringLiteral("alpha"), QStringLiteral("max_length"),
                                   QStringLiteral("batch_tokens"), QStringLiteral("batch_size")};
  return keys.contains(qs(spec.key));
}

}  // namespace

double steppedValue(const SettingSpec& spec, double value, int direction) {
  const bool limited = spec.min != spec.max;
  double next = value;
  if (doubles(spec)) {
    const double power = value > 0 ? std::log2(value) : -1;
    next = value < 1 ? (direction > 0 ? 1 : 0) : std::pow(2, direction > 0 ? std::floor(power + 1e-9) + 1 : std::ceil(power - 1e-9) - 1);
  } else if (spec.type == SettingType::Integer) {
    const double unit = std::abs(value) >= 1000 ? 100 : std::abs(value) >= 100 ? 10 : std::abs(value) >= 20 ? 5 : 1;
    next = value + direction * unit;
  } else if (limited && spec.max <= 1.0 && spec.min >= 0 && spec.max - spec.min <= 1 && value >= 0.01) {
    next = value + direction * 0.01;
    next = std::round(next * 100) / 100;
  } else if (value > 0) {
    // quarter decades: 1, 1.8, 3.2, 5.6, 10
    const double quarter = std::log10(value) * 4;
    const double target = direction > 0 ? std::floor(quarter + 0.05) + 1 : std::ceil(quarter - 0.05) - 1;  // 5.6 stands for 5.62
    next = std::pow(10, target / 4);
    const double scale = std::pow(10, std::floor(std::log10(next)) - 1);
    next = std::round(next / scale) * scale;
  } else {
    next = direction > 0 ? 0.01 : 0;
  }
  return limited ? std::clamp(next, spec.min, spec.max) : next;
}

Result<Json> parseSetting(const SettingSpec& spec, const QString& text) {
  Json value;
  switch (spec.type) {
    case SettingType::Integer:
    case SettingType::Real: {
      const auto number = readNumber(text);
      if (!number) return invalid_argument(spec.title + " must be a number, not \"" + quoted_excerpt(ss(text)) + "\"");
      if (spec.type == SettingType::Integer && *number == std::floor(*number) && std::abs(*number) < 9e15)
        value = static_cast<std::int64_t>(*number);
      else
        value = *number;
      break;
    }
    case SettingType::Boolean: value = text == QLatin1String("true"); break;
    case SettingType::Text:
    case SettingType::Choice:
    case SettingType::Path: value = ss(text.trimmed()); break;
    case SettingType::Lines:
      value = Json::array();
      for (const auto& line : text.split(QLatin1Char('\n')))
        if (!line.trimmed().isEmpty()) value.push_back(ss(line.trimmed()));
      break;
    case SettingType::TextOrList: {
      const QString plain = text.trimmed();
      if (plain.isEmpty() && spec.initial == Json::array()) return Json(Json::array());  // none, where that is a choice
      if (plain.isEmpty()) return invalid_argument(spec.title + " must not be empty");
      // a comma makes a list unless it stands in a regular expression
      static const QString expression = QStringLiteral("()[]{}|*^$\\");
      const bool list = plain.contains(QLatin1Char(',')) &&
                        std::none_of(plain.begin(), plain.end(), [](QChar c) { return expression.contains(c); });
      if (!list) {
        value = ss(plain);
        break;
      }
      value = Json::array();
      for (const auto& name : plain.split(QLatin1Char(','), Qt::SkipEmptyParts))
        if (!name.trimmed().isEmpty()) value.push_back(ss(name.trimmed()));
      break;
    }
  }
  WEFT_RETURN_IF_ERROR(check_setting(spec, value));
  return value;
}

SettingField::SettingField(Theme& theme, const SettingSpec& spec, QWidget* parent) : QWidget(parent), m_theme(theme), m_spec(spec) {
  setObjectName(QStringLiteral("setting-") + qs(spec.key));
  setToolTip(engineText(spec.help));
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(2);
  auto* row = new QHBoxLayout;
  row->setSpacing(8);
  m_title = makeLabel("body", engineText(spec.title), this);
  m_title->setWordWrap(true);   // a long one must not widen the panel
  row->addWidget(m_title, 1);
  m_revert = new QToolButton(this);
  m_revert->setIcon(theme.icon(QStringLiteral("undo-2"), theme.palette().accent));
  m_revert->setIconSize(QSize(12, 12));
  m_revert->hide();
  connect(m_revert, &QToolButton::clicked, this, [this] {
    showError({});
    Q_EMIT edited(m_initial);
  });
  row->addWidget(m_revert);
  if (!spec.unit.empty()) row->addWidget(makeLabel("caption", engineText(spec.unit), this));
  QWidget* editor = makeEditor();
  m_title->setBuddy(editor);
  editor->setAccessibleName(engineText(spec.title));
  editor->setAccessibleDescription(engineText(spec.help));
  all->addLayout(row);
  if (m_lines)
    all->addWidget(editor);   // as wide as the form
  else
    row->addWidget(editor);
  m_error = makeLabel("error", {}, this);
  m_error->setWordWrap(true);
  m_error->hide();
  all->addWidget(m_error);
  m_initial = spec.initial;
  setValue(spec.initial);
  for (auto* widget : {static_cast<QWidget*>(m_edit), static_cast<QWidget*>(m_choice), static_cast<QWidget*>(m_check)})
    if (widget) widget->installEventFilter(this);
}

QWidget* SettingField::makeEditor() {
  const bool number = m_spec.type == SettingType::Integer || m_spec.type == SettingType::Real;
  if (m_spec.type == SettingType::Boolean) {
    m_check = new QCheckBox(this);
    connect(m_check, &QCheckBox::toggled, this, [this](bool on) {
      if (!m_filling) Q_EMIT edited(Json(on));
    });
    return m_check;
  }
  if (m_spec.type == SettingType::Choice) {
    m_choice = new QComboBox(this);
    m_choice->setFixedWidth(kEditorWidth);
    m_choice->setFocusPolicy(Qt::StrongFocus);  // the wheel scrolls the page, not the choice
    for (const auto& choice : m_spec.choices) m_choice->addItem(engineText(choice), qs(choice));
    connect(m_choice, &QComboBox::currentIndexChanged, this, [this](int at) {
      if (!m_filling && at >= 0) Q_EMIT edited(Json(ss(m_choice->itemData(at).toString())));
    });
    return m_choice;
  }
  if (m_spec.type == SettingType::Lines) {
    m_lines = new QPlainTextEdit(this);
    m_lines->setFixedHeight(kLinesHeight);
    m_lines->setAcceptDrops(false);   // a file dropped here is for the window, as everywhere
    m_lines->setTabChangesFocus(true);
    m_lines->setProperty("words", true);
    m_lines->setPlaceholderText(tr("one a line"));
    connect(m_lines, &QPlainTextEdit::textChanged, this, [this] {
      if (m_filling) return;
      const auto value = parseSetting(m_spec, m_lines->toPlainText());
      if (value.ok()) Q_EMIT edited(*value);
    });
    return m_lines;
  }
  m_edit = new QLineEdit(this);
  m_edit->setProperty("number", true);  // values stand in mono
  m_edit->setAcceptDrops(m_spec.type == SettingType::Path);   // else a file is for the window
  m_edit->setAlignment(Qt::AlignRight);
  m_edit->setFixedWidth(number ? kNumberWidth : kWideEditor);
  if (number && m_spec.min != m_spec.max)
    m_edit->setToolTip(tr("%1 to %2").arg(shortNumber(m_spec.min), shortNumber(m_spec.max)) + QLatin1Char('\n') + engineText(m_spec.help));
  connect(m_edit, &QLineEdit::textEdited, this, [this] { readText(); });
  if (m_spec.type == SettingType::Path) {
    auto* browse = m_edit->addAction(m_theme.icon(QStringLiteral("folder-open"), m_theme.palette().secondary), QLineEdit::TrailingPosition);
    connect(browse, &QAction::triggered, this, [this] {
      const QString path = QFileDialog::getOpenFileName(this, engineText(m_spec.title), m_edit->text());
      if (path.isEmpty()) return;
      m_edit->setText(path);
      readText();
    });
  }
  return m_edit;
}

void SettingField::readText() {
  const auto value = parseSetting(m_spec, m_edit->text());
  if (value.ok()) {
    showError({});
    Q_EMIT edited(*value);
  } else {
    showError(engineText(value.status().message()));
    Q_EMIT wrong(errorText());
  }
}

void SettingField::showError(const QString& reason) {
  m_error->setText(reason);
  m_error->setVisible(!reason.isEmpty());
  if (!m_edit || m_edit->property("wrong").toBool() == !reason.isEmpty()) return;
  m_edit->setProperty("wrong", !reason.isEmpty());
  repolish(m_edit);
}

QString SettingField::errorText() const { return m_error->text(); }

QString SettingField::textOf(const Json& value) const {
  if (value.is_string()) return qs(value.get<std::string>());
  if (value.is_number_integer()) return QString::number(value.get<std::int64_t>());
  if (value.is_number()) return shortNumber(value.get<double>());
  if (value.is_array()) {
    QStringList names;
    for (const auto& item : value)
      if (item.is_string()) names.append(qs(item.get<std::string>()));
    return names.join(QLatin1String(", "));
  }
  return {};
}

void SettingField::setValue(const Json& value) {
  m_filling = true;
  m_value = value;
  if (m_check && value.is_boolean()) m_check->setChecked(value.get<bool>());
  if (const int at = m_choice ? m_choice->findData(textOf(value)) : -1; at >= 0) m_choice->setCurrentIndex(at);
  if (m_lines) {
    const auto shown = parseSetting(m_spec, m_lines->toPlainText());
    QStringList lines;
    if (value.is_array())
      for (const auto& line : value) lines.append(line.is_string() ? qs(line.get<std::string>()) : QString());
    if (!(shown.ok() && *shown == value)) m_lines->setPlainText(value.is_string() ? qs(value.get<std::string>()) : lines.join(QLatin1Char('\n')));
  }
  // a field that says the same in other words, or holds what is wrong, keeps its words
  if (m_edit) {
    const auto shown = parseSetting(m_spec, m_edit->text());
    if (!(shown.ok() && *shown == value) && !(m_edit->hasFocus() && !errorText().isEmpty())) {
      m_edit->setText(textOf(value));
      m_edit->setCursorPosition(m_spec.type == SettingType::Path ? static_cast<int>(m_edit->text().size()) : 0);  // a path's end tells more
      showError({});
    }
  }
  m_filling = false;
  showRevert();
}

void SettingField::setInitial(const Json& value) {
  m_initial = value;
  showRevert();
}

bool SettingField::changed() const { return m_value != m_initial && !m_value.is_null(); }

void SettingField::showRevert() {
  m_revert->setVisible(changed() && !m_readOnly && m_spec.type != SettingType::Path);
  const QString text = tr("Back to %1").arg(m_initial.is_boolean() ? (m_initial.get<bool>() ? tr("on") : tr("off")) : textOf(m_initial).isEmpty() ? tr("nothing") : m_choice ? engineText(ss(textOf(m_initial))) : textOf(m_initial));
  m_revert->setToolTip(text);
  m_revert->setAccessibleName(engineText(m_spec.title) + QStringLiteral(": ") + text);
}

void SettingField::focusEditor() {
  QWidget* editor = m_edit ? static_cast<QWidget*>(m_edit) : m_lines ? static_cast<QWidget*>(m_lines) : m_choice ? static_cast<QWidget*>(m_choice) : m_check;
  editor->setFocus(Qt::OtherFocusReason);
  if (m_edit) m_edit->selectAll();
}

void SettingField::setSuggestions(const QStringList& names) {
  if (!m_edit || names == m_suggestions) return;
  m_suggestions = names;
  for (auto* old : m_edit->actions()) m_edit->removeAction(old);
  if (names.isEmpty()) return;
  auto* open = m_edit->addAction(m_theme.icon(QStringLiteral("list"), m_theme.palette().secondary), QLineEdit::TrailingPosition);
  connect(open, &QAction::triggered, this, [this] {
    QMenu menu(this);
    const bool all = m_edit->text().trimmed() == QLatin1String("all-linear");
    QStringList chosen;
    for (const auto& name : m_edit->text().split(QLatin1Char(','), Qt::SkipEmptyParts)) chosen.append(name.trimmed());
    auto* everything = menu.addAction(QStringLiteral("all-linear"));
    everything->setCheckable(true);
    everything->setChecked(all);
    menu.addSeparator();
    for (const auto& name : m_suggestions) {
      auto* action = menu.addAction(name);
      action->setCheckable(true);
      action->setChecked(all || chosen.contains(name));
    }
    const QAction* picked = menu.exec(m_edit->mapToGlobal(QPoint(0, m_edit->height())));
    if (!picked) return;
    QStringList now;
    for (const auto& name : m_suggestions) {
      const bool was = all || chosen.contains(name);
      if (picked->text() == name ? !was : was) now.append(name);
    }
    m_edit->setText(picked == everything || now.size() == m_suggestions.size() || now.isEmpty() ? QStringLiteral("all-linear") : now.join(QLatin1String(", ")));
    readText();
  });
}

void SettingField::setReadOnly(bool on) {
  if (m_edit) m_edit->setEnabled(!on);
  if (m_choice) m_choice->setEnabled(!on);
  if (m_check) m_check->setEnabled(!on);
  if (m_lines) m_lines->setReadOnly(on);
  m_readOnly = on;
  showRevert();
}

void SettingField::setHighlighted(bool on) {
  m_title->setStyleSheet(on ? QStringLiteral("color: %1; font-weight: 500;").arg(m_theme.palette().accent.name()) : QString());
}

void SettingField::step(int direction) {
  const auto now = readNumber(m_edit->text());
  const double next = steppedValue(m_spec, now.value_or(m_spec.initial.is_number() ? m_spec.initial.get<double>() : 0), direction);
  m_edit->setText(m_spec.type == SettingType::Integer ? QString::number(static_cast<std::int64_t>(next)) : shortNumber(next));
  readText();
}

bool SettingField::eventFilter(QObject* object, QEvent* event) {
  // undo and redo are the window's, whose steps are edits of settings; only words that are no value are the field's own
  if (object == m_edit && event->type() == QEvent::ShortcutOverride && errorText().isEmpty()) {
    const auto* keys = static_cast<QKeyEvent*>(event);
    if (keys->matches(QKeySequence::Undo) || keys->matches(QKeySequence::Redo)) {
      event->ignore();
      return true;
    }
  }
  if (object == m_edit && m_spec.type == SettingType::Path && takePathDrop(*m_edit, event)) return true;
  if (event->type() == QEvent::FocusIn) Q_EMIT hovered(true);
  if (event->type() == QEvent::FocusOut) Q_EMIT hovered(underMouse());
  if (object == m_choice && event->type() == QEvent::Wheel && !m_choice->hasFocus()) {
    event->ignore();
    return true;
  }
  const bool number = m_spec.type == SettingType::Integer || m_spec.type == SettingType::Real;
  if (object == m_edit && number && event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    if (key == Qt::Key_Up || key == Qt::Key_Down) {
      step(key == Qt::Key_Up ? 1 : -1);
      return true;
    }
  }
  return QWidget::eventFilter(object, event);
}

void SettingField::enterEvent(QEnterEvent*) { Q_EMIT hovered(true); }
void SettingField::leaveEvent(QEvent*) { Q_EMIT hovered(false); }

}  // namespace weft::ui
