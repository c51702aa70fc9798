// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/draft.h"

#include <QFileInfo>

#include <algorithm>

#include "engine/api/method_sizes.h"
#include "engine/api/run_length.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/draft_edit.h"
#include "ui/models/number_text.h"

namespace weft::ui {
namespace {

constexpr int kDataDelayMs = 200, kSaveDelayMs = 400, kOutlookDelayMs = 120;

std::string textOf(const SettingValues& values, const char* key) {
  return values.contains(key) && values[key].is_string() ? values[key].get<std::string>() : std::string();
}

}  // namespace

Draft::Draft(Backend& backend, QObject* parent) : QObject(parent), m_backend(backend), m_method(&method_catalogue().front()) {
  m_dataTimer.setSingleShot(true);
  m_dataTimer.setInterval(kDataDelayMs);
  connect(&m_dataTimer, &QTimer::timeout, this, &Draft::readData);
  m_saveTimer.setSingleShot(true);
  m_saveTimer.setInterval(kSaveDelayMs);
  connect(&m_saveTimer, &QTimer::timeout, this, [this] { m_backend.saveDraft(to_json(m_request)); });
  m_outlookTimer.setSingleShot(true);
  m_outlookTimer.setInterval(kOutlookDelayMs);
  connect(&m_outlookTimer, &QTimer::timeout, this, &Draft::readOutlook);
  m_request.method["name"] = m_method->name;
}

Draft::~Draft() {
  if (m_watch) m_watch->cancelled = true;
  saveNow();
}

void Draft::saveNow() {
  if (!m_saveTimer.isActive()) return;
  m_saveTimer.stop();
  m_backend.saveDraft(to_json(m_request));
}

const std::vector<SettingSpec>& Draft::specs(const std::string& section) const {
  if (section == "method") return m_method->settings;
  for (const auto& known : run_sections())
    if (known.name == section) return known.specs;
  return m_method->settings;
}

Json Draft::value(const std::string& section, const std::string& key) const {
  const auto& values = m_request.section(section);
  return values.contains(key) ? values[key] : initial(section, key);
}

Json Draft::initial(const std::string& section, const std::string& key) const {
  const auto known = std::find_if(run_sections().begin(), run_sections().end(), [&](const RunSection& s) { return s.name == section; });
  for (const auto& spec : specs(section))
    if (spec.key == key) return known != run_sections().end() ? known->initial_value(m_request.section(section), spec) : spec.initial;
  return nullptr;
}

std::vector<std::pair<std::string, std::string>> Draft::changedSettings(const std::string& section) const {
  std::vector<std::pair<std::string, std::string>> changed;
  const std::vector<std::string> sections = section == "train" ? std::vector<std::string>{"train", "dropout", "probe"} : std::vector{section};
  for (const auto& name : sections)
    for (const auto& spec : specs(name))
      if (spec.key != "path" && value(name, spec.key) != initial(name, spec.key)) changed.emplace_back(name, spec.key);
  return changed;
}

SettingValues Draft::methodSettings() const {
  SettingValues all = Json::object();
  for (const auto& spec : m_method->settings) all[spec.key] = value("method", spec.key);
  return all;
}

Status Draft::load(const Json& config, const QString& undoText) {
  WEFT_ASSIGN_OR_RETURN(TrainRequest request, train_request_from_json(config));
  const std::string name = textOf(request.method, "name");
  const MethodDescriptor* method = &method_catalogue().front();
  if (!name.empty()) {
    WEFT_ASSIGN_OR_RETURN(method, find_method(name));
  }
  const State before = state();
  m_request = std::move(request);
  m_method = method;
  m_request.method["name"] = method->name;
  m_wrong.clear();
  if (undoText.isEmpty())
    m_undo.clear();
  else
    remember(before, undoText);
  readModel();
  m_dataTimer.start();
  m_saveTimer.start();
  m_outlookTimer.start();
  Q_EMIT changed();
  return {};
}

void Draft::clear() {
  m_undo.clear();
  m_request = {};
  m_method = &method_catalogue().front();
  m_request.method["name"] = m_method->name;
  m_wrong.clear();
  readModel();
  readData();
  Q_EMIT changed();
}

void Draft::set(const std::string& section, const std::string& key, const Json& value) {
  const auto& values = m_request.section(section);
  if (values.contains(key) && values[key] == value) {
    m_wrong.erase({section, key});
    Q_EMIT changed();
    return;
  }
  const State before = state();
  place({section, key, value});
  remember(before, editText(section, key), section + '.' + key);
  afterChange(section);
}

void Draft::place(const SettingEdit& edit) {
  m_wrong.erase({edit.section, edit.key});
  m_request.section(edit.section)[edit.key] = edit.value;
  if (edit.section == "train") settle_length(m_request.train, edit.key);
  if (edit.section == "model" && edit.key == "path") readModel();
}

void Draft::apply(const std::vector<SettingEdit>& edits) {
  const State before = state();
  bool data = false;
  for (const auto& edit : edits) {
    place(edit);
    data = data || edit.section == "data";
  }
  if (edits.empty()) return;
  remember(before, edits.size() == 1 ? editText(edits.front().section, edits.front().key) : tr("change %n settings", nullptr, static_cast<int>(edits.size())));
  afterChange(data ? "data" : edits.back().section);
}

void Draft::setMethod(const std::string& name) {
  const auto found = find_method(name);
  if (!found.ok() || *found == m_method) return;
  const State old = state();
  m_methodSettings[m_method->name] = m_request.method;
  const SettingValues before = m_request.method;
  m_method = *found;
  if (const auto kept = m_methodSettings.find(name); kept != m_methodSettings.end()) {
    m_request.method = kept->second;
  } else {
    // what both methods know by the same name and meaning is taken over: rank, alpha, targets
    m_request.method = Json::object();
    m_request.method["name"] = name;
    for (const auto& spec : m_method->settings)
      if (before.contains(spec.key) && !spec.advanced && check_setting(spec, before[spec.key]).ok()) m_request.method[spec.key] = before[spec.key];
  }
  std::erase_if(m_wrong, [](const auto& entry) { return entry.first.first == "method"; });
  remember(old, tr("choose %1").arg(qs(m_method->title)));
  afterChange("method");
}

void Draft::revert(const std::string& section) {
  const State before = state();
  const auto changed = changedSettings(section);
  for (const auto& [name, key] : changed) {
    m_request.section(name).erase(key);
    m_wrong.erase({name, key});
  }
  std::erase_if(m_wrong, [&](const auto& entry) { return entry.first.first == section; });
  remember(before, section == "method" ? tr("go back to the preset of %1").arg(qs(m_method->title)) : tr("go back to the defaults"));
  afterChange(section);
}

void Draft::takeSize(const SettingValues& size) {
  const State before = state();
  for (const auto& other : method_sizes(*m_method))
    for (const auto& [key, value] : other.settings.items()) m_request.method.erase(key);
  for (const auto& [key, value] : size.items()) place({"method", key, value});
  remember(before, tr("take a preset of %1").arg(qs(m_method->title)));
  afterChange("method");
}

void Draft::setWrong(const std::string& section, const std::string& key, const QString& reason) {
  if (reason.isEmpty())
    m_wrong.erase({section, key});
  else
    m_wrong[{section, key}] = reason;
  Q_EMIT changed();
}

bool Draft::State::operator==(const State& other) const { return method == other.method && to_json(request) == to_json(other.request); }

void Draft::remember(const State& before, const QString& text, const std::string& mergeKey) {
  if (before == state()) return;
  m_undo.push(new DraftEdit(*this, before, state(), text, mergeKey));   // the stack owns it
}

void Draft::restore(const State& state) {
  const bool model = m_request.model != state.request.model, data = model || m_request.data != state.request.data;
  m_request = state.request;
  m_method = state.method;
  m_wrong.clear();
  if (model) readModel();
  if (data) m_dataTimer.start();
  m_request.insist = false;
  m_saveTimer.start();
  m_outlookTimer.start();
  Q_EMIT changed();
}

QString Draft::editText(const std::string& section, const std::string& key) const {
  if (key == "path" && section == "model") return tr("choose a model");
  if (key == "path" && section == "data") return tr("choose data");
  for (const auto& spec : specs(section))
    if (spec.key == key) return tr("change %1").arg(engineText(spec.title));
  return tr("change %1").arg(qs(key));
}

void Draft::afterChange(const std::string& section) {
  if (section == "data" || section == "model") {
    if (m_watch) m_watch->cancelled = true;   // nobody waits for it any more
    m_dataTimer.start();
  }
  m_request.insist = false;
  m_saveTimer.start();
  m_outlookTimer.start();
  Q_EMIT changed();
}

void Draft::insist() {
  m_request.insist = true;
  Q_EMIT changed();
}

void Draft::lookAhead() { m_outlookTimer.start(); }

void Draft::readOutlook() {
  const auto ticket = ++m_outlookTicket;
  const auto complete = validate(m_request);
  if (!m_model || !m_model->trainable || !complete.ok()) {
    m_outlook.reset();
    Q_EMIT outlookChanged();
    return;
  }
  m_backend.readOutlook(*complete, this, [this, ticket](Result<MemoryOutlook> outlook) {
    if (ticket != m_outlookTicket) return;
    m_outlook.reset();
    if (outlook.ok()) m_outlook = std::move(outlook).value();   // what is wrong with the settings is said by their cards
    Q_EMIT outlookChanged();
    Q_EMIT changed();
  });
}

void Draft::cancelData() {
  if (!m_watch) return;
  m_watch->cancelled = true;
  ++m_dataTicket;
  m_watch.reset();
  m_dataBusy = false;
  m_data.reset();
  m_dataProblem = tr("reading was cancelled; any change of the data's settings begins again");
  Q_EMIT dataChanged();
  Q_EMIT changed();
}

// What there is to choose from where no format was found.
void Draft::readColumns() {
  const auto ticket = m_dataTicket;
  m_backend.readColumns(m_request.data, this, [this, ticket](Result<std::vector<DataColumn>> columns) {
    if (ticket != m_dataTicket || !columns.ok()) return;
    m_columns = std::move(columns).value();
    Q_EMIT dataChanged();
  });
}

void Draft::readModel() {
  const auto ticket = ++m_modelTicket;
  m_model.reset();
  m_modelProblem.clear();
  const QString path = qs(textOf(m_request.model, "path"));
  m_modelBusy = !path.isEmpty();
  Q_EMIT modelChanged();
  if (path.isEmpty()) return;
  m_backend.inspectModel(path, this, [this, ticket, path](Result<ModelInfo> info) {
    if (ticket != m_modelTicket) return;
    m_modelBusy = false;
    if (info.ok()) {
      m_model = std::move(info).value();
      Json facts = Json::object();
      facts["architecture"] = m_model->architecture;
      facts["parameters"] = m_model->parameters;
      m_backend.saveAsset({.kind = "model", .name = m_model->name, .path = ss(path), .facts = facts});
      m_outlookTimer.start();
    } else {
      m_modelProblem = engineText(info.status().message());
    }
    Q_EMIT modelChanged();
    Q_EMIT changed();
  });
}

void Draft::readData() {
  const auto ticket = ++m_dataTicket;
  if (m_watch) m_watch->cancelled = true;
  m_watch.reset();
  m_dataProblem.clear();
  m_columns.clear();
  const std::string path = textOf(m_request.data, "path"), model = textOf(m_request.model, "path");
  const auto complete = complete_settings(specs("data"), m_request.data, "data");
  if (path.empty() || model.empty() || !complete.ok()) {
    m_data.reset();
    m_dataBusy = false;
    if (!path.empty() && !complete.ok()) m_dataProblem = qs(complete.status().message());
    Q_EMIT dataChanged();
    Q_EMIT changed();
    return;
  }
  m_dataBusy = true;
  m_watch = std::make_shared<PreviewWatch>();
  Q_EMIT dataChanged();
  m_backend.previewData(*complete, qs(model), kPreviewRows, {.watch = m_watch}, this, [this, ticket, path](Result<DataPreview> preview) {
    if (ticket != m_dataTicket) return;
    m_dataBusy = false;
    m_watch.reset();
    m_data.reset();
    if (preview.ok()) {
      m_data = std::move(preview).value();
      Json facts = Json::object();
      m_columns = m_data->columns;
      facts["rows"] = m_data->rows;
      facts["tokens"] = m_data->tokens;
      m_backend.saveAsset({.kind = "dataset", .name = ss(QFileInfo(qs(path)).fileName()), .path = path, .facts = facts});
    } else {
      m_dataProblem = qs(preview.status().message());
      readColumns();
    }
    Q_EMIT dataChanged();
    Q_EMIT changed();
  });
}

Result<MethodCount> Draft::count() const {
  if (!m_model) return not_found("open a model to count parameters");
  return count_method(*m_method, methodSettings(), m_model->sites);
}

std::optional<AdapterSite> Draft::typicalSite() const {
  if (!m_model || m_model->sites.empty()) return std::nullopt;
  const auto chosen = select_sites(m_model->sites, value("method", "targets"));
  return chosen.ok() && !chosen->empty() ? chosen->front() : m_model->sites.front();
}

std::optional<QString> Draft::wrongIn(const std::string& section) const {
  for (const auto& [where, reason] : m_wrong)
    if (where.first == section) return reason;
  return std::nullopt;
}

Readiness Draft::modelReadiness() const {
  using S = Readiness::State;
  if (textOf(m_request.model, "path").empty()) return {S::Missing, tr("no model yet")};
  if (m_modelBusy) return {S::Busy, tr("reading")};
  if (!m_modelProblem.isEmpty()) return {S::Wrong, m_modelProblem};
  if (!m_model) return {S::Busy, tr("reading")};
  if (!m_model->trainable) return {S::Wrong, engineText(m_model->why_not)};
  if (m_model->tokenizer.empty()) return {S::Wrong, tr("the model has no tokenizer")};
  if (const auto wrong = wrongIn("model")) return {S::Wrong, *wrong};
  return {S::Ready, {}};
}

Readiness Draft::dataReadiness() const {
  using S = Readiness::State;
  if (textOf(m_request.data, "path").empty()) return {S::Missing, tr("no data yet")};
  if (textOf(m_request.model, "path").empty()) return {S::Missing, tr("waits for the model's tokenizer")};
  if (m_dataBusy || m_dataTimer.isActive()) return {S::Busy, tr("reading")};
  if (!m_dataProblem.isEmpty()) return {S::Wrong, engineText(ss(m_dataProblem))};
  if (!m_data) return {S::Busy, tr("reading")};
  if (m_data->rows == 0) return {S::Wrong, tr("no usable row")};
  if (m_data->trained_tokens == 0) return {S::Wrong, tr("no token would be trained")};
  if (const auto wrong = wrongIn("data")) return {S::Wrong, *wrong};
  if (m_data->cut_rows * 5 > m_data->rows) return {S::Doubtful, tr("many rows are cut")};
  if (m_data->repeats.leaked > 0) return {S::Doubtful, tr("held-out rows are trained")};
  return {S::Ready, {}};
}

Readiness Draft::methodReadiness() const {
  using S = Readiness::State;
  if (const auto wrong = wrongIn("method")) return {S::Wrong, *wrong};
  if (!m_model) return {S::Missing, tr("waits for the model")};
  const auto counted = count();
  if (!counted.ok()) return {S::Wrong, engineText(counted.status().message())};
  return {S::Ready, {}};
}

Readiness Draft::runReadiness() const {
  using S = Readiness::State;
  for (const char* section : {"train", "dropout", "probe", "samples"}) {
    if (const auto wrong = wrongIn(section)) return {S::Wrong, *wrong};
    const auto complete = complete_settings(specs(section), m_request.section(section), section);
    if (!complete.ok()) return {S::Wrong, engineText(complete.status().message())};
  }
  if (modelReadiness().ready() && dataReadiness().ready() && methodReadiness().ready()) {
    const auto whole = validate(m_request);
    if (!whole.ok()) return {S::Wrong, engineText(whole.status().message())};
    if (m_outlook && !m_outlook->why_not.empty()) {
      if (!m_request.insist) return {S::Wrong, tr("will not fit in memory")};
      return {S::Doubtful, tr("tried although it will not fit")};
    }
  }
  return {S::Ready, {}};
}

bool Draft::ready() const {
  return modelReadiness().ready() && dataReadiness().ready() && methodReadiness().ready() && runReadiness().ready();
}

}  // namespace weft::ui
