// SPDX-License-Identifier: GPL-3.0-or-later
// A form of settings with a switch for the advanced ones. Knows specs only; values go in and out by key. Main thread only.
#pragma once

#include <functional>
#include <vector>

#include <QWidget>

#include "ui/widgets/setting_field.h"

class QVBoxLayout;
class QPushButton;

namespace weft::ui {

class SettingForm final : public QWidget {
  Q_OBJECT
 public:
  SettingForm(Theme& theme, QWidget* parent);
  // Builds rows for the specs, leaving out `hidden` keys; does nothing when they are the same as now.
  void setSpecs(const std::vector<SettingSpec>& specs, const QStringList& hidden = {});
  void setValues(const std::function<Json(const std::string& key)>& value);
  void setReadOnly(bool on);
  [[nodiscard]] SettingField* field(const std::string& key) const;
  void highlight(const std::string& part);   // "": none

 Q_SIGNALS:
  void edited(const std::string& key, const weft::Json& value);
  void wrong(const std::string& key, const QString& reason);
  void hovered(const std::vector<std::string>& parts);

 private:
  Theme& m_theme;
  QVBoxLayout* m_rows;
  QPushButton* m_more;
  std::vector<SettingField*> m_fields;
  std::string m_shape;               // keys shown now, to know a change
};

}  // namespace weft::ui
