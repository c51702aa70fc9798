// SPDX-License-Identifier: GPL-3.0-or-later
// The configuration being edited and what is known of its model and data: the truth behind Set-up page and inspector.
// Reads model and data through the Backend in the background, the latest request winning; saved in the project as the draft.
// Main thread only.
#pragma once

#include <map>
#include <optional>

#include <QObject>
#include <QTimer>

#include "engine/api/train_request.h"
#include "ui/bridge/backend.h"

namespace weft::ui {

struct Readiness {
  enum class State { Ready, Busy, Missing, Wrong };
  State state = State::Missing;
  QString why;                      // empty when ready
  [[nodiscard]] bool ready() const { return state == State::Ready; }
};

class Draft final : public QObject {
  Q_OBJECT
 public:
  Draft(Backend& backend, QObject* parent);
  ~Draft() override;               // saves what is not saved yet

  [[nodiscard]] const TrainRequest& request() const { return m_request; }
  [[nodiscard]] const MethodDescriptor& method() const { return *m_method; }
  [[nodiscard]] const std::vector<SettingSpec>& specs(const std::string& section) const;
  [[nodiscard]] Json value(const std::string& section, const std::string& key) const;  // the default when it is not set
  [[nodiscard]] int changedFromPreset() const;   // settings of the method that differ from their defaults
  [[nodiscard]] SettingValues methodSettings() const;  // complete, without the name

  // Replaces everything (opening a project, a run's settings taken over). False and a message when it is not valid.
  Status load(const Json& config);
  void clear();
  void saveNow();                  // before the project is left; does nothing when all is saved
  void set(const std::string& section, const std::string& key, const Json& value);
  void setMethod(const std::string& name);
  void revertMethod();
  void setModelPath(const QString& path) { set("model", "path", path.toStdString()); }
  void setDataPath(const QString& path) { set("data", "path", path.toStdString()); }
  // A field holds text that is no value; the card is not ready until it is mended. An empty reason mends it.
  void setWrong(const std::string& section, const std::string& key, const QString& reason);

  [[nodiscard]] const std::optional<ModelInfo>& model() const { return m_model; }
  [[nodiscard]] const std::optional<DataPreview>& data() const { return m_data; }
  [[nodiscard]] Result<MethodCount> count() const;
  [[nodiscard]] std::optional<AdapterSite> typicalSite() const;  // the one that the picture is drawn for

  [[nodiscard]] Readiness modelReadiness() const;
  [[nodiscard]] Readiness dataReadiness() const;
  [[nodiscard]] Readiness methodReadiness() const;
  [[nodiscard]] Readiness runReadiness() const;
  [[nodiscard]] bool ready() const;

  static constexpr std::int64_t kPreviewRows = 300;

 Q_SIGNALS:
  void changed();                   // any setting, or any of what follows
  void modelChanged();              // info arrived or failed, or reading began
  void dataChanged();

 private:
  void readModel();
  void readData();
  void afterChange(const std::string& section);
  [[nodiscard]] std::optional<QString> wrongIn(const std::string& section) const;
  Backend& m_backend;
  TrainRequest m_request;
  const MethodDescriptor* m_method;
  std::map<std::string, SettingValues> m_methodSettings;  // what was set for other methods, kept while trying tiles
  std::optional<ModelInfo> m_model;
  std::optional<DataPreview> m_data;
  QString m_modelProblem, m_dataProblem;
  bool m_modelBusy = false, m_dataBusy = false;
  quint64 m_modelTicket = 0, m_dataTicket = 0;
  std::map<std::pair<std::string, std::string>, QString> m_wrong;
  QTimer m_dataTimer, m_saveTimer;
};

}  // namespace weft::ui
