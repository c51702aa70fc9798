// SPDX-License-Identifier: GPL-3.0-or-later
// A form of settings: the simple ones or all, those that a search leaves. Knows specs only; values go in and out by key. Main thread only.
#pragma once

#include <functional>
#include <vector>

#include <QWidget>

#include "ui/widgets/setting_field.h"

class QVBoxLayout;

namespace weft::ui {

class SettingForm final : public QWidget {
  Q_OBJECT
 public:
  SettingForm(Theme& theme, QWidget* parent);
  // Builds rows for the specs, leaving out `hidden` keys; does nothing when they are the same as now.
  void setSpecs(const std::vector<SettingSpec>& specs, const QStringList& hidden = {});
  void setValues(const std::function<Json(const std::string& key)>& value);
  void setInitials(const std::function<Json(const std::string& key)>& initial);   // what each goes back to
  void setReadOnly(bool on);
  void setShowAll(bool on);                  // false: without the advanced ones that are as they were
  void setSearch(const QString& text);       // only those with it in title, key or help, advanced ones too; empty: all
  [[nodiscard]] bool hasAdvanced() const;
  [[nodiscard]] int shownCount() const;
  [[nodiscard]] SettingField* field(const std::string& key) const;
  void highlight(const std::string& part);   // "": none
  bool focusPart(const std::string& part);   // the first setting that changes it; false: there is none
  void focusSetting(const std::string& key); // also one that is not shown now

 Q_SIGNALS:
  void edited(const std::string& key, const weft::Json& value);
  void wrong(const std::string& key, const QString& reason);
  void hovered(const std::vector<std::string>& parts);
  void focused(weft::ui::SettingField* field);   // to be scrolled to

 private:
  Theme& m_theme;
  QVBoxLayout* m_rows;
  std::vector<SettingField*> m_fields;
  void arrange();
  bool m_all = false;
  QString m_search;
  std::string m_shape;               // keys shown now, to know a change
};

}  // namespace weft::ui
