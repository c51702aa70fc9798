// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/engine_text.h"

#include <QCoreApplication>
#include <QStringList>

#include "engine/api/shown_texts.h"
#include "ui/bridge/text.h"

namespace weft::ui {
namespace {

QString translated(const std::string& text) { return QCoreApplication::translate("Engine", text.c_str()); }

// Values are words themselves at times: a level, an end that was met.
QString filled(const QString& pattern, const std::vector<std::string>& values) {
  QString out;
  for (qsizetype i = 0; i < pattern.size(); ++i) {
    const int place = pattern[i] == u'%' && i + 1 < pattern.size() ? pattern[i + 1].digitValue() : -1;
    if (place < 1 || static_cast<std::size_t>(place) > values.size()) {
      out += pattern[i];
      continue;
    }
    out += translated(values[static_cast<std::size_t>(place) - 1]);
    ++i;
  }
  return out;
}

}  // namespace

QString engineText(const std::string& text) {
  if (text.empty()) return {};
  const QString known = translated(text);
  if (known != qs(text)) return known;
  const auto sentence = sentence_in(text);
  if (!sentence) {
    const QString between = QStringLiteral("; ");
    if (!known.contains(between)) return known;
    QStringList pieces = known.split(between);
    for (auto& piece : pieces) piece = engineText(ss(piece));
    return pieces.join(between);
  }
  const QString pattern = translated(sentence->pattern);
  return pattern == qs(sentence->pattern) ? known : filled(pattern, sentence->values);
}

}  // namespace weft::ui
