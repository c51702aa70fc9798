// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/setting_form.h"

#include <algorithm>

#include <QPushButton>
#include <QVBoxLayout>

#include "ui/bridge/text.h"

namespace weft::ui {

SettingForm::SettingForm(Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme) {
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(0, 0, 0, 0);
  all->setSpacing(6);
  m_rows = new QVBoxLayout;
  m_rows->setSpacing(6);
  all->addLayout(m_rows);
  m_more = new QPushButton(tr("All settings"), this);
  m_more->setProperty("link", true);
  m_more->setCheckable(true);
  all->addWidget(m_more, 0, Qt::AlignLeft);
  connect(m_more, &QPushButton::toggled, this, [this](bool on) {
    m_more->setText(on ? tr("Fewer settings") : tr("All settings"));
    for (auto* field : m_fields)
      if (field->spec().advanced) field->setVisible(on);
  });
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
  bool advanced = false;
  for (const auto& spec : specs) {
    if (hidden.contains(qs(spec.key))) continue;
    auto* field = new SettingField(m_theme, spec, this);
    field->setVisible(!spec.advanced || m_more->isChecked());
    advanced = advanced || spec.advanced;
    connect(field, &SettingField::edited, this, [this, key = spec.key](const Json& value) { Q_EMIT edited(key, value); });
    connect(field, &SettingField::wrong, this, [this, key = spec.key](const QString& reason) { Q_EMIT wrong(key, reason); });
    connect(field, &SettingField::hovered, this, [this, parts = spec.parts](bool on) { Q_EMIT hovered(on ? parts : std::vector<std::string>()); });
    m_rows->addWidget(field);
    m_fields.push_back(field);
  }
  m_more->setVisible(advanced);
}

void SettingForm::setValues(const std::function<Json(const std::string&)>& value) {
  for (auto* field : m_fields) field->setValue(value(field->spec().key));
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
