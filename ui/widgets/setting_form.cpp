// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/setting_form.h"

#include <algorithm>

#include <QVBoxLayout>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/word_search.h"

namespace weft::ui {

SettingForm::SettingForm(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  m_rows = new QVBoxLayout(this);
  m_rows->setContentsMargins(0, 0, 0, 0);
  m_rows->setSpacing(6);
}

void SettingForm::setSpecs(const std::vector<SettingSpec>& specs, const QStringList& hidden) {
  std::string shape;
  for (const auto& spec : specs) shape += spec.key + '/' + spec.title + ';';
  if (shape == m_shape) return;
  m_shape = shape;
  for (auto* field : m_fields) {
    field->hide();
    field->deleteLater();
  }
  m_fields.clear();
  for (const auto& spec : specs) {
    if (hidden.contains(qs(spec.key))) continue;
    auto* field = new SettingField(m_theme, spec, this);
    connect(field, &SettingField::edited, this, [this, key = spec.key](const Json& value) { Q_EMIT edited(key, value); });
    connect(field, &SettingField::wrong, this, [this, key = spec.key](const QString& reason) { Q_EMIT wrong(key, reason); });
    connect(field, &SettingField::hovered, this, [this, parts = spec.parts](bool on) { Q_EMIT hovered(on ? parts : std::vector<std::string>()); });
    m_rows->addWidget(field);
    m_fields.push_back(field);
  }
  arrange();
}

void SettingForm::arrange() {
  for (auto* field : m_fields) {
    const SettingSpec& spec = field->spec();
    const bool found = hasWords(QStringLiteral("%1 %2 %3").arg(engineText(spec.title), qs(spec.key), engineText(spec.help)), m_search);
    field->setVisible(found && (!spec.advanced || m_all || !m_search.isEmpty() || field->changed() || !field->errorText().isEmpty()));
  }
}

void SettingForm::setShowAll(bool on) {
  m_all = on;
  arrange();
}

void SettingForm::setSearch(const QString& text) {
  m_search = text.trimmed();
  arrange();
}

bool SettingForm::hasAdvanced() const {
  return std::any_of(m_fields.begin(), m_fields.end(), [](const SettingField* f) { return f->spec().advanced; });
}

int SettingForm::shownCount() const {
  return static_cast<int>(std::count_if(m_fields.begin(), m_fields.end(), [](const SettingField* f) { return !f->isHidden(); }));
}

void SettingForm::setInitials(const std::function<Json(const std::string&)>& initial) {
  for (auto* field : m_fields) field->setInitial(initial(field->spec().key));
  arrange();
}

bool SettingForm::focusPart(const std::string& part) {
  // the simple ones first: they are what people mean
  for (const bool advanced : {false, true})
    for (auto* field : m_fields) {
      if (field->spec().advanced != advanced || !field->spec().highlights(part)) continue;
      focusSetting(field->spec().key);
      return true;
    }
  return false;
}

void SettingForm::focusSetting(const std::string& key) {
  auto* wanted = field(key);
  if (!wanted) return;
  wanted->show();
  wanted->focusEditor();
  Q_EMIT focused(wanted);
}

void SettingForm::setValues(const std::function<Json(const std::string&)>& value) {
  for (auto* field : m_fields) field->setValue(value(field->spec().key));
  arrange();
}

void SettingForm::setReadOnly(bool on) {
  for (auto* field : m_fields) field->setReadOnly(on);
}

SettingField* SettingForm::field(const std::string& key) const {
  const auto at = std::find_if(m_fields.begin(), m_fields.end(), [&](const SettingField* f) { return f->spec().key == key; });
  return at == m_fields.end() ? nullptr : *at;
}

void SettingForm::highlight(const std::string& part) {
  for (auto* field : m_fields) field->setHighlighted(!part.empty() && field->spec().highlights(part));
}

}  // namespace weft::ui
