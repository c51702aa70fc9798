// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/data_mapping.h"

#include <algorithm>
#include <utility>

#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/widgets/controls.h"

namespace weft::ui {
namespace {

constexpr int kSpacing = 12;

std::string setting(const Draft& draft, const std::string& key) {
  const Json value = draft.value("data", key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

// Which of the columns a format reads.
bool reads(const std::string& format, const std::string& key) {
  if (key == "messages_column") return format == "messages" || format == "sharegpt";
  if (key == "text_column") return format == "text";
  return format == "alpaca" || format == "prompt-completion";
}

bool isListKey(const std::string& key) { return key == "messages_column"; }

}  // namespace

DataMapping::DataMapping(Draft& draft, QWidget* parent) : QWidget(parent), m_draft(draft) {
  m_grid = new QGridLayout(this);
  m_grid->setContentsMargins(0, 0, 0, 0);
  m_grid->setHorizontalSpacing(kSpacing);
  m_grid->setVerticalSpacing(8);
  const std::pair<const char*, QString> fields[] = {{"format", tr("Read as")},          {"prompt_column", tr("prompt")}, {"input_column", tr("input")},
                                                    {"answer_column", tr("answer")},    {"messages_column", tr("messages")}, {"text_column", tr("text")}};
  for (const auto& [key, title] : fields) {
    auto* cell = new QWidget(this);
    auto* name = makeLabel("caption", title, cell);
    auto* box = new QComboBox(cell);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    box->setMinimumWidth(76);   // a narrow window shortens them rather than cut the card off
    box->setAccessibleName(std::string(key) == "format" ? tr("How rows are read") : tr("Column of the %1").arg(title));
    name->setBuddy(box);
    auto* pair = new QVBoxLayout(cell);   // the name above its box
    pair->setContentsMargins(0, 0, 0, 0);
    pair->setSpacing(2);
    pair->addWidget(name);
    pair->addWidget(box);
    connect(box, &QComboBox::activated, this, [this, key = std::string(key), box](int index) { m_draft.set("data", key, ss(box->itemData(index).toString())); });
    m_fields.push_back({key, cell, box});
  }
  connect(&draft, &Draft::changed, this, &DataMapping::refresh);
  connect(&draft, &Draft::dataChanged, this, &DataMapping::refresh);
  refresh();
}

QComboBox* DataMapping::box(const std::string& key) const {
  const auto at = std::find_if(m_fields.begin(), m_fields.end(), [&](const Field& f) { return f.key == key; });
  return at == m_fields.end() ? nullptr : at->box;
}

void DataMapping::refresh() {
  const auto& preview = m_draft.data();
  const auto& columns = m_draft.dataColumns();
  setVisible(preview || !columns.empty());
  const std::string asked = setting(m_draft, "format");
  const std::string format = asked != "auto" ? asked : preview ? preview->format : std::string();
  for (const auto& field : m_fields) {
    const bool chosen = !setting(m_draft, field.key).empty();
    // where nothing was found: what is asked for most
    const bool wanted = field.key == "format" || (!columns.empty() && (chosen || (format.empty() ? field.key == "prompt_column" || field.key == "answer_column" : reads(format, field.key))));
    field.cell->setVisible(wanted);
    if (wanted) fill(field);
  }
}

// Beside each other; in two rows where large words leave no room for that.
void DataMapping::arrange() {
  std::vector<QWidget*> cells;
  int wide = -kSpacing;
  for (const auto& field : m_fields) {
    if (field.cell->isHidden()) continue;
    cells.push_back(field.cell);
    wide += field.cell->sizeHint().width() + kSpacing;
  }
  const auto count = static_cast<int>(cells.size()), columns = std::max(1, wide <= width() ? count : (count + 1) / 2);
  if (cells == m_cells && columns == m_columns) return;
  for (auto* cell : std::exchange(m_cells, cells)) m_grid->removeWidget(cell);
  m_grid->setColumnStretch(std::exchange(m_columns, columns), 0);
  for (int i = 0; i < count; ++i) m_grid->addWidget(cells[static_cast<std::size_t>(i)], i / columns, i % columns);
  m_grid->setColumnStretch(columns, 1);   // what is left over
}

bool DataMapping::event(QEvent* event) {
  const bool handled = QWidget::event(event);
  if (event->type() == QEvent::Resize || event->type() == QEvent::LayoutRequest) arrange();   // the second: other boxes, words or sizes of them
  return handled;
}

void DataMapping::fill(const Field& field) {
  const std::string now = setting(m_draft, field.key);
  const auto& preview = m_draft.data();
  QStringList titles, values;
  if (field.key == "format") {
    for (const auto& spec : m_draft.specs("data"))
      if (spec.key == "format")
        for (const auto& choice : spec.choices) {
          const bool found = choice == "auto" && preview;
          titles.append(found ? tr("auto: %1").arg(engineText(preview->format)) : engineText(choice));
          values.append(qs(choice));
        }
  } else {
    QString found;
    if (preview)
      for (const auto& [key, column] : preview->mapping)
        if (key == field.key) found = qs(column);
    titles.append(now.empty() && !found.isEmpty() ? tr("auto: %1").arg(found) : now.empty() ? QStringLiteral("–") : tr("auto"));
    values.append(QString());
    for (const auto& column : m_draft.dataColumns()) {
      if (isListKey(field.key) != (column.kind == "list") && qs(column.name) != qs(now)) continue;
      titles.append(qs(column.name));
      values.append(qs(column.name));
    }
    if (!now.empty() && !values.contains(qs(now))) {   // of another file
      titles.append(tr("%1 (missing)").arg(qs(now)));
      values.append(qs(now));
    }
  }
  const QSignalBlocker quiet(field.box);
  bool same = field.box->count() == titles.size();
  for (int i = 0; same && i < titles.size(); ++i) same = field.box->itemText(i) == titles[i];
  if (!same) {
    field.box->clear();
    for (int i = 0; i < titles.size(); ++i) field.box->addItem(titles[i], values[i]);
  }
  field.box->setCurrentIndex(std::max(0, static_cast<int>(values.indexOf(qs(now)))));
  field.box->setToolTip(field.box->currentText());
}

}  // namespace weft::ui
