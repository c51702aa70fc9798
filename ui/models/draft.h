// SPDX-License-Identifier: GPL-3.0-or-later
// The configuration being edited and what is known of its model and data: the truth behind Set-up page and inspector.
// Reads model and data through the Backend in the background, the latest request winning; saved in the project as the draft.
// Every edit can be undone; what is typed or dragged in one go is one step. Main thread only.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include <QObject>
#include <QTimer>
#include <QUndoStack>

#include "engine/api/train_request.h"
#include "ui/bridge/backend.h"

namespace weft::ui {

struct Readiness {
  enum class State { Ready, Doubtful, Busy, Missing, Wrong };
  State state = State::Missing;
  QString why;                      // empty when ready; Doubtful: what to look at before training
  [[nodiscard]] bool ready() const { return state == State::Ready || state == State::Doubtful; }
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
  [[nodiscard]] Json initial(const std::string& section, const std::string& key) const;  // its default, as others are set
  // Settings that differ from their defaults, by section and key; "train" has those of all sections that its page shows. Without paths.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> changedSettings(const std::string& section) const;
  [[nodiscard]] int changedFromPreset() const { return static_cast<int>(changedSettings("method").size()); }
  [[nodiscard]] SettingValues methodSettings() const;  // complete, without the name

  // Replaces everything. As an edit that can be undone where `undoText` names it (a run's settings taken over, the sample);
  // without, nothing before it can be undone (opening a project). A message when it is not valid; then nothing changes.
  Status load(const Json& config, const QString& undoText = {});
  void clear();
  void saveNow();                  // before the project is left; does nothing when all is saved
  void set(const std::string& section, const std::string& key, const Json& value);
  // Several settings as one edit.
  void apply(const std::vector<SettingEdit>& edits);
  void setMethod(const std::string& name);
  void revert(const std::string& section);   // all of changedSettings()
  void takeSize(const SettingValues& size);   // a preset of the method: its sizes anew, the rest as it is
  void setModelPath(const QString& path) { set("model", "path", path.toStdString()); }
  void setDataPath(const QString& path) { set("data", "path", path.toStdString()); }
  // A field holds text that is no value; the card is not ready until it is mended. An empty reason mends it.
  void setWrong(const std::string& section, const std::string& key, const QString& reason);

  [[nodiscard]] QUndoStack& undoStack() { return m_undo; }

  [[nodiscard]] const std::optional<ModelInfo>& model() const { return m_model; }
  [[nodiscard]] const QString& modelProblem() const { return m_modelProblem; }
  [[nodiscard]] const std::optional<DataPreview>& data() const { return m_data; }
  [[nodiscard]] const QString& dataProblem() const { return m_dataProblem; } // as the engine says it
  [[nodiscard]] const std::vector<DataColumn>& dataColumns() const { return m_columns; }   // also where no format was found
  [[nodiscard]] const std::shared_ptr<PreviewWatch>& dataWatch() const { return m_watch; }  // of the look in progress; null: none
  void cancelData();
  // Whether it will fit: nothing while that is not known.
  [[nodiscard]] const std::optional<MemoryOutlook>& outlook() const { return m_outlook; }
  void lookAhead();                // anew, for example when memory became free
  // Train although it does not fit. Holds until a setting changes.
  void insist();
  [[nodiscard]] bool insists() const { return m_request.insist; }
  [[nodiscard]] Result<MethodCount> count() const;
  [[nodiscard]] std::optional<AdapterSite> typicalSite() const;  // the one that the picture is drawn for

  [[nodiscard]] Readiness modelReadiness() const;
  [[nodiscard]] Readiness dataReadiness() const;
  [[nodiscard]] Readiness methodReadiness() const;
  [[nodiscard]] Readiness runReadiness() const;
  [[nodiscard]] bool ready() const;

  static constexpr std::int64_t kPreviewRows = 300;
  static constexpr int kMergeMs = 2000;   // edits of one setting that follow each other within this are one step of undo

 Q_SIGNALS:
  void changed();                   // any setting, or any of what follows
  void modelChanged();              // info arrived or failed, or reading began
  void dataChanged();
  void outlookChanged();

 private:
  friend class DraftEdit;
  struct State {
    TrainRequest request;
    const MethodDescriptor* method;
    bool operator==(const State& other) const;
  };
  [[nodiscard]] State state() const { return {m_request, m_method}; }
  void restore(const State& state);
  void remember(const State& before, const QString& text, const std::string& mergeKey = {});
  [[nodiscard]] QString editText(const std::string& section, const std::string& key) const;
  void readModel();
  void readData();
  void readColumns();
  void readOutlook();
  void place(const SettingEdit& edit);
  void afterChange(const std::string& section);
  [[nodiscard]] std::optional<QString> wrongIn(const std::string& section) const;
  Backend& m_backend;
  TrainRequest m_request;
  const MethodDescriptor* m_method;
  std::map<std::string, SettingValues> m_methodSettings;  // what was set for other methods, kept while trying tiles
  std::optional<ModelInfo> m_model;
  std::optional<DataPreview> m_data;
  QString m_modelProblem, m_dataProblem;
  std::vector<DataColumn> m_columns;
  std::shared_ptr<PreviewWatch> m_watch;
  std::optional<MemoryOutlook> m_outlook;
  bool m_modelBusy = false, m_dataBusy = false;
  quint64 m_modelTicket = 0, m_dataTicket = 0, m_outlookTicket = 0;
  std::map<std::pair<std::string, std::string>, QString> m_wrong;
  QTimer m_dataTimer, m_saveTimer, m_outlookTimer;
  QUndoStack m_undo;
};

}  // namespace weft::ui
