// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/inspector.h"

#include <algorithm>

#include <QLineEdit>
#include <QMenu>

#include "engine/api/method_sizes.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/ratio_text.h"
#include "ui/models/project_model.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/method_picture.h"
#include "ui/widgets/setting_form.h"

namespace weft::ui {
namespace {

const char* sectionOf(Subject subject) {
  switch (subject) {
    case Subject::Model: return "model";
    case Subject::Data: return "data";
    case Subject::Method: return "method";
    case Subject::Run: return "train";
  }
  return "train";
}

void clearRows(QVBoxLayout* rows) {
  while (QLayoutItem* item = rows->takeAt(0)) {
    delete item->widget();
    delete item;
  }
}

}  // namespace

Inspector::Inspector(Theme& theme, Draft& draft, QWidget* parent) : QWidget(parent), m_theme(theme), m_draft(draft) {
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  auto* scroll = makeScroll(this);
  auto* board = new QWidget(scroll->viewport());
  board->setProperty("pane", true);
  auto* all = new QVBoxLayout(board);
  all->setContentsMargins(16, 14, 14, 16);
  all->setSpacing(8);
  auto* head = new QHBoxLayout;
  m_title = makeLabel("title", {}, board);
  m_family = makeLabel("caption", {}, board);
  head->addWidget(m_title, 1);
  head->addWidget(m_family);
  all->addLayout(head);
  m_formula = makeLabel("secondary", {}, board);
  m_formula->setWordWrap(true);
  all->addWidget(m_formula);
  m_picture = new MethodPicture(theme, MethodPicture::Size::Full, board);
  all->addWidget(m_picture);
  m_otherForms = makeLabel("monocaption", {}, board);
  m_otherForms->setWordWrap(true);
  m_otherForms->setAccessibleName(tr("Matrices of another form"));
  all->addWidget(m_otherForms);
  m_counts = new QWidget(board);
  auto* counts = new QHBoxLayout(m_counts);
  counts->setContentsMargins(0, 0, 0, 8);
  counts->setSpacing(8);
  m_trained = new StatTile(tr("trained"), m_counts);
  m_share = new StatTile(tr("of the model"), m_counts);
  m_disk = new StatTile(tr("on disk"), m_counts);
  for (auto* tile : {m_trained, m_share, m_disk}) counts->addWidget(tile, 1);
  all->addWidget(m_counts);
  m_error = makeLabel("error", {}, board);
  m_error->setWordWrap(true);
  all->addWidget(m_error);
  m_facts = new QWidget(board);
  m_factRows = new QVBoxLayout(m_facts);
  m_factRows->setContentsMargins(0, 0, 0, 8);
  m_factRows->setSpacing(4);
  all->addWidget(m_facts);
  buildSwitch(all, board);
  m_form = new SettingForm(theme, board);
  all->addWidget(m_form);
  for (const char* section : {"dropout", "probe", "samples"}) {
    m_moreForms.emplace_back(section, new SettingForm(theme, board));
    all->addWidget(m_moreForms.back().second);
  }
  m_exports = new QWidget(board);
  auto* exports = new QVBoxLayout(m_exports);
  exports->setContentsMargins(0, 0, 0, 0);
  exports->setSpacing(6);
  exports->addWidget(makeRule(m_exports));
  exports->addSpacing(4);
  exports->addWidget(makeLabel("section", tr("EXPORT"), m_exports));
  m_exportRows = new QVBoxLayout;
  m_exportRows->setSpacing(0);
  exports->addLayout(m_exportRows);
  m_paper = makeLabel("caption", {}, m_exports);
  m_paper->setWordWrap(true);
  exports->addSpacing(4);
  exports->addWidget(m_paper);
  all->addWidget(m_exports);
  all->addStretch();
  scroll->setWidget(board);
  outer->addWidget(scroll);

  connect(m_form, &SettingForm::edited, this, [this](const std::string& key, const Json& value) { m_draft.set(sectionOf(m_subject), key, value); });
  connect(m_form, &SettingForm::wrong, this, [this](const std::string& key, const QString& why) { m_draft.setWrong(sectionOf(m_subject), key, why); });
  for (const auto& [section, form] : m_moreForms) {
    connect(form, &SettingForm::edited, this, [this, name = section](const std::string& key, const Json& value) { m_draft.set(name, key, value); });
    connect(form, &SettingForm::wrong, this, [this, name = section](const std::string& key, const QString& why) { m_draft.setWrong(name, key, why); });
  }
  connect(m_form, &SettingForm::hovered, m_picture, &MethodPicture::highlight);
  connect(m_picture, &MethodPicture::hoveredPart, m_form, &SettingForm::highlight);
  connect(m_picture, &MethodPicture::clickedPart, m_form, &SettingForm::focusPart);
  for (auto* form : forms()) connect(form, &SettingForm::focused, scroll, [scroll](SettingField* field) { scroll->ensureWidgetVisible(field); });
  connect(&draft, &Draft::changed, this, [this] {
    if (!m_recorded) refresh();
  });
  connect(&theme, &Theme::changed, this, [this] { refresh(); });
  refresh();
}

// Search, Simple or All, presets and what differs from them: above the settings that they are about.
void Inspector::buildSwitch(QVBoxLayout* all, QWidget* board) {
  m_sizes = new QWidget(board);
  auto* sizes = new QHBoxLayout(m_sizes);
  sizes->setContentsMargins(0, 0, 0, 0);
  sizes->setSpacing(4);
  all->addWidget(m_sizes);
  m_switchRow = new QWidget(board);
  auto* row = new QHBoxLayout(m_switchRow);
  row->setContentsMargins(0, 4, 0, 4);
  row->setSpacing(4);
  m_search = new QLineEdit(m_switchRow);
  m_search->setClearButtonEnabled(true);
  m_search->setAcceptDrops(false);   // a file dropped here is for the window, as everywhere
  m_search->setPlaceholderText(tr("find a setting"));
  m_search->setAccessibleName(tr("Find a setting"));
  row->addWidget(m_search, 1);
  m_simple = new IconButton(m_theme, {}, tr("Simple"), IconButton::Style::Page, m_switchRow);
  m_allSettings = new IconButton(m_theme, {}, tr("All"), IconButton::Style::Page, m_switchRow);
  for (auto* button : {m_simple, m_allSettings}) {
    button->setCheckable(true);
    button->setAutoExclusive(true);
    row->addWidget(button);
  }
  m_simple->setChecked(true);
  all->addWidget(m_switchRow);
  m_changed = new IconButton(m_theme, QStringLiteral("undo-2"), {}, IconButton::Style::Link, board);
  all->addWidget(m_changed, 0, Qt::AlignLeft);
  connect(m_search, &QLineEdit::textChanged, this, [this](const QString& text) {
    for (auto* form : forms()) form->setSearch(text);
  });
  connect(m_allSettings, &QPushButton::toggled, this, [this](bool on) {
    for (auto* form : forms()) form->setShowAll(on);
  });
  connect(m_changed, &QPushButton::clicked, this, [this] {
    QMenu menu(this);
    for (const auto& [section, key] : m_draft.changedSettings(sectionOf(m_subject))) {
      for (const auto& spec : m_draft.specs(section))
        if (spec.key == key)
          menu.addAction(tr("Revert %1").arg(engineText(spec.title)), this, [this, section = section, key = key] { m_draft.set(section, key, m_draft.initial(section, key)); });
    }
    menu.addSeparator();
    menu.addAction(tr("Revert all"), this, [this] { m_draft.revert(sectionOf(m_subject)); });
    menu.exec(m_changed->mapToGlobal(QPoint(0, m_changed->height())));
  });
}

std::vector<SettingForm*> Inspector::forms() const {
  std::vector<SettingForm*> all{m_form};
  for (const auto& more : m_moreForms) all.push_back(more.second);
  return all;
}

void Inspector::focusSetting(const std::string& section, const std::string& key) {
  SettingForm* form = m_form;
  for (const auto& [name, more] : m_moreForms)
    if (name == section) form = more;
  form->focusSetting(key);
}

void Inspector::setShowAll(bool on) { (on ? m_allSettings : m_simple)->setChecked(true); }

void Inspector::refreshSwitch() {
  const auto all = forms();
  m_switchRow->setVisible(m_subject != Subject::Model || m_form->hasAdvanced());
  for (auto* form : all) form->setShowAll(m_allSettings->isChecked());
  const int changed = m_recorded ? 0 : static_cast<int>(m_draft.changedSettings(sectionOf(m_subject)).size());
  m_changed->setVisible(changed > 0);
  m_changed->setText(m_subject == Subject::Method ? tr("%n changed from the preset", nullptr, changed) : tr("%n changed", nullptr, changed));
  m_changed->setToolTip(tr("Revert one of them, or all"));
}

void Inspector::refreshSizes(const MethodDescriptor& method) {
  auto* row = static_cast<QHBoxLayout*>(m_sizes->layout());
  const auto sizes = method_sizes(method);
  if (m_sizes->property("for").toString() != qs(method.name)) {
    m_sizes->setProperty("for", qs(method.name));
    while (QLayoutItem* item = row->takeAt(0)) {
      if (item->widget()) item->widget()->deleteLater();
      delete item;
    }
    for (const auto& size : sizes) {
      auto* button = new IconButton(m_theme, {}, engineText(size.title), IconButton::Style::Page, m_sizes);
      button->setObjectName(QStringLiteral("size-") + qs(size.name));
      button->setCheckable(true);
      button->setToolTip(engineText(size.help));
      connect(button, &QPushButton::clicked, this, [this, settings = size.settings] { m_draft.takeSize(settings); });
      row->addWidget(button);
    }
    row->addStretch();
  }
  const SettingValues now = m_draft.methodSettings();
  for (const auto& size : sizes) {
    bool on = true;
    for (const auto& spec : method.settings)
      if (!spec.advanced && spec.type != SettingType::TextOrList) on = on && now[spec.key] == (size.settings.contains(spec.key) ? size.settings[spec.key] : spec.initial);
    if (auto* button = m_sizes->findChild<QPushButton*>(QStringLiteral("size-") + qs(size.name))) button->setChecked(on);
  }
  m_sizes->setVisible(sizes.size() > 1);
}

void Inspector::showSubject(Subject subject) {
  m_recorded = false;
  m_subject = subject;
  refresh();
}

void Inspector::showRun(const QString& name, const Json& config, const std::vector<SiteShape>& sites, std::int64_t totalParameters) {
  m_recorded = true;
  m_subject = Subject::Method;
  m_runName = name;
  m_config = config;
  m_sites = sites;
  m_total = totalParameters;
  refresh();
}

Json Inspector::shownValue(const std::string& section, const std::string& key) const {
  if (!m_recorded) return m_draft.value(section, key);
  if (m_config.is_object() && m_config.contains(section) && m_config[section].contains(key)) return m_config[section][key];
  return nullptr;
}

void Inspector::refresh() {
  const bool method = m_subject == Subject::Method;
  m_picture->setVisible(method);
  m_otherForms->setVisible(method && !m_otherForms->text().isEmpty());
  m_formula->setVisible(method);
  m_counts->setVisible(method);
  m_exports->setVisible(method);
  m_facts->setVisible(!method);
  for (const auto& more : m_moreForms) more.second->setVisible(m_subject == Subject::Run);
  m_error->hide();
  m_sizes->setVisible(method && !m_recorded);
  if (method) {
    const MethodDescriptor* shown = &m_draft.method();
    SettingValues settings = m_draft.methodSettings();
    if (m_recorded) {
      settings = Json::object();       // the draft's method may be another
      const Json name = shownValue("method", "name");
      const auto found = find_method(name.is_string() ? name.get<std::string>() : std::string());
      if (found.ok()) shown = *found;
      for (const auto& spec : shown->settings) {
        const Json value = shownValue("method", spec.key);
        settings[spec.key] = value.is_null() ? spec.initial : value;
      }
    }
    refreshMethod(*shown, settings, m_recorded);
    refreshSwitch();
    return;
  }
  const std::string section = sectionOf(m_subject);
  m_title->setText(m_subject == Subject::Model ? tr("Model") : m_subject == Subject::Data ? tr("Data") : tr("Run"));
  m_family->clear();
  m_form->setSpecs(m_draft.specs(section));
  m_form->setReadOnly(false);
  m_form->setValues([&](const std::string& key) { return m_draft.value(section, key); });
  m_form->setInitials([&](const std::string& key) { return m_draft.initial(section, key); });
  if (m_subject == Subject::Run) {
    for (const auto& [name, form] : m_moreForms) {
      form->setSpecs(m_draft.specs(name));
      form->setValues([this, name = name](const std::string& key) { return m_draft.value(name, key); });
      form->setInitials([this, name = name](const std::string& key) { return m_draft.initial(name, key); });
    }
  }
  refreshSwitch();
  refreshFacts();
}

// A setting may give some matrices another form than the drawn one: DoRA's magnitude alone.
void Inspector::showOtherForms(const MethodDescriptor& method, const SettingValues& settings, const std::vector<AdapterSite>& sites, const AdapterSite& drawn) {
  const auto trained = [&](const AdapterSite& site) {
    QStringList symbols;
    for (const auto& part : method.parts(site, settings))
      if (part.trained) symbols.append(qs(part.symbol));
    return symbols.join(QStringLiteral(", "));
  };
  const auto chosen = select_sites(sites, settings.contains("targets") ? settings["targets"] : Json("all-linear"));
  QStringList seen, lines;
  const QString usual = trained(drawn);
  if (chosen.ok())
    for (const auto& site : *chosen) {
      if (seen.contains(qs(site.module))) continue;
      seen.append(qs(site.module));
      if (const QString other = trained(site); other != usual) lines.append(tr("%1: trained %2").arg(qs(site.module), other));
    }
  m_otherForms->setText(lines.join(QStringLiteral(" · ")));
  m_otherForms->setVisible(!lines.isEmpty());
}

void Inspector::refreshMethod(const MethodDescriptor& method, const SettingValues& settings, bool readOnly) {
  m_title->setText(readOnly ? QStringLiteral("%1 · %2").arg(m_runName, qs(method.title)) : qs(method.title));
  m_family->setText(readOnly ? tr("as it ran") : engineText(method.family));
  m_formula->setText(engineText(method.formula));
  m_paper->setText(qs(method.paper));
  std::vector<AdapterSite> sites;
  std::int64_t total = 0;
  if (readOnly) {
    total = m_total;
    for (const auto& s : m_sites) sites.push_back({s.path, s.module, s.layer, s.out, s.in});
  } else if (m_draft.model()) {
    sites = m_draft.model()->sites;
    total = m_draft.model()->parameters;
  }
  AdapterSite typical{.out = 576, .in = 576};
  if (const auto chosen = select_sites(sites, settings.contains("targets") ? settings["targets"] : Json("all-linear"));
      chosen.ok() && !chosen->empty() && chosen->front().out > 0)
    typical = chosen->front();
  m_picture->setMethod(method, settings, typical);
  m_picture->setToolTip(typical.path.empty() ? tr("drawn for a 576 × 576 matrix") : tr("drawn for %1").arg(qs(typical.path)));
  showOtherForms(method, settings, sites, typical);
  const auto count = sites.empty() ? Result<MethodCount>(not_found("no model")) : count_method(method, settings, sites);
  m_trained->setValue(count.ok() ? grouped(count->trained) : QStringLiteral("–"));
  m_share->setValue(count.ok() && total > 0 ? fixed(100.0 * static_cast<double>(count->trained) / static_cast<double>(total), 2) + QStringLiteral(" %") : QStringLiteral("–"));
  m_disk->setValue(count.ok() ? bytesText(static_cast<double>(count->stored_bytes)) : QStringLiteral("–"));
  if (!count.ok() && !sites.empty()) {
    m_error->setText(engineText(count.status().message()));
    m_error->show();
  }
  m_form->setSpecs(method.settings);
  m_form->setValues([&](const std::string& key) { return settings.contains(key) ? settings[key] : Json(); });
  m_form->setReadOnly(readOnly);
  if (auto* targets = m_form->field("targets")) {
    QStringList modules;
    for (const auto& site : sites)
      if (const QString name = qs(site.module); !modules.contains(name)) modules.append(name);
    targets->setSuggestions(readOnly ? QStringList() : modules);
  }
  m_form->setInitials([&](const std::string& key) {
    for (const auto& spec : method.settings)
      if (spec.key == key) return spec.initial;
    return Json();
  });
  if (!readOnly) refreshSizes(method);
  refreshExports(method, settings, sites);
}

void Inspector::refreshExports(const MethodDescriptor& method, const SettingValues& settings, const std::vector<AdapterSite>& sites) {
  clearRows(m_exportRows);
  struct Row {
    bool possible;
    QString title;
    QStringList notes;
  };
  std::vector<Row> rows;
  for (const auto& way : export_ways(method, settings, sites)) {
    const bool possible = way.kind != ExportKind::Impossible;
    const QString title = possible ? engineText(way.term) : exportTitle(way.format);
    auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.possible == possible && r.title == title; });
    if (row == rows.end()) row = rows.insert(rows.end(), {possible, title, {}});   // one row for the forms of the same thing
    row->notes.append(engineText(way.note));
  }
  for (const auto& [possible, title, notes] : rows) {
    const QString words = notes.join(QStringLiteral(" · "));
    auto* row = new StateLabel(m_theme, m_exports);
    row->setState(possible ? StateLabel::Tone::Good : StateLabel::Tone::Missing, title);
    row->setToolTip(words);
    m_exportRows->addWidget(row, 0, Qt::AlignLeft);
    auto* note = makeLabel("caption", words, m_exports);
    note->setWordWrap(true);
    note->setContentsMargins(28, 0, 0, 4);   // below the words of the row, not its sign
    m_exportRows->addWidget(note);
  }
}

void Inspector::refreshFacts() {
  clearRows(m_factRows);
  const auto add = [this](const QString& name, const QString& value) {
    if (value.isEmpty()) return;
    auto* row = new QWidget(m_facts);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(12);
    layout->addWidget(makeLabel("secondary", name, row));
    auto* figure = makeLabel("mono", value, row);
    figure->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    figure->setWordWrap(value.size() > 24);
    figure->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(figure, 1);
    m_factRows->addWidget(row);
  };
  if (m_subject == Subject::Model && m_draft.model()) {
    const ModelInfo& m = *m_draft.model();
    add(tr("Name"), qs(m.name));
    add(tr("Format"), qs(m.format));
    add(tr("Architecture"), qs(m.architecture));
    add(tr("Parameters"), grouped(m.parameters));
    add(tr("Weights"), qs(m.dtype));
    add(tr("File"), bytesText(static_cast<double>(m.file_bytes)));
    add(tr("Layers"), grouped(m.layers));
    add(tr("Width"), grouped(m.width));
    add(tr("Heads"), ratioText(QString::number(m.heads), QString::number(m.kv_heads)));
    add(tr("Feed-forward"), grouped(m.feed_forward));
    add(tr("Vocabulary"), grouped(m.vocabulary));
    add(tr("Context"), grouped(m.context));
    add(tr("Tokenizer"), qs(m.tokenizer));
    add(tr("Chat template"), m.has_chat_template ? tr("its own") : tr("none"));
    add(tr("Licence"), qs(m.licence));
  }
  if (m_subject == Subject::Data && m_draft.data()) {
    const DataPreview& d = *m_draft.data();
    add(tr("Rows"), grouped(d.rows));
    add(tr("Held out"), grouped(d.held_out));
    add(tr("Rows cut"), grouped(d.cut_rows));
    add(tr("Rejected"), grouped(static_cast<std::int64_t>(d.rejected.size())));
    add(tr("Tokens"), grouped(d.tokens));
    add(tr("Trained tokens"), grouped(d.trained_tokens));
    add(tr("Cut tokens"), grouped(d.cut_tokens));
    add(tr("Template"), qs(d.template_name));
  }
}

}  // namespace weft::ui
