// SPDX-License-Identifier: GPL-3.0-or-later
// The inspector: what is selected, in numbers, and its form. For the method the drawn decomposition, counts and export
// abilities; for a recorded run its own settings, read-only. Main thread only.
#pragma once

#include <QWidget>

#include <string>
#include <utility>
#include <vector>

#include "ui/models/draft.h"
#include "ui/panels/setup_page.h"
#include "ui/theme/theme.h"

class QFrame;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace weft::ui {

class MethodPicture;
class SettingForm;
class StatTile;

class Inspector final : public QWidget {
  Q_OBJECT
 public:
  Inspector(Theme& theme, Draft& draft, QWidget* parent);
  void showSubject(Subject subject);           // of the draft
  void showRun(const QString& name, const Json& config, const std::vector<SiteShape>& sites,
               std::int64_t totalParameters);  // a snapshot; read-only

  [[nodiscard]] SettingForm* form() { return m_form; }
  void focusSetting(const std::string& section, const std::string& key);   // of the subject
  [[nodiscard]] MethodPicture* picture() { return m_picture; }
  [[nodiscard]] StatTile* trainedTile() { return m_trained; }
  void setShowAll(bool on);                    // or the simple settings alone
  [[nodiscard]] QPushButton* changedChip() { return m_changed; }

 private:
  void refresh();
  void refreshMethod(const MethodDescriptor& method, const SettingValues& settings, bool readOnly);
  void showOtherForms(const MethodDescriptor& method, const SettingValues& settings, const std::vector<AdapterSite>& sites, const AdapterSite& drawn);
  void buildSwitch(class QVBoxLayout* all, QWidget* board);
  void refreshSwitch();
  void refreshSizes(const MethodDescriptor& method);
  [[nodiscard]] std::vector<SettingForm*> forms() const;
  void refreshFacts();
  void refreshExports(const MethodDescriptor& method, const SettingValues& settings, const std::vector<AdapterSite>& sites);
  [[nodiscard]] Json shownValue(const std::string& section, const std::string& key) const;
  Theme& m_theme;
  Draft& m_draft;
  Subject m_subject = Subject::Method;
  bool m_recorded = false;
  QString m_runName;
  Json m_config;
  std::vector<SiteShape> m_sites;
  std::int64_t m_total = 0;
  QLabel *m_title, *m_family, *m_formula, *m_paper, *m_error;
  QPushButton *m_simple, *m_allSettings, *m_changed;
  QLineEdit* m_search;
  QWidget* m_switchRow;
  QWidget* m_sizes;
  MethodPicture* m_picture;
  QLabel* m_otherForms;
  QWidget* m_counts;
  StatTile *m_trained, *m_share, *m_disk;
  SettingForm* m_form;
  std::vector<std::pair<std::string, SettingForm*>> m_moreForms;   // of the other sections on the page of the run
  QWidget* m_facts;
  QVBoxLayout* m_factRows;
  QWidget* m_exports;
  QVBoxLayout* m_exportRows;
};

}  // namespace weft::ui
