// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/engine_text.h"

#include <vector>

#include <QCoreApplication>
#include <QFile>
#include <QStringList>

#include "engine/api/said_sentence.h"
#include "ui/bridge/text.h"

namespace weft::ui {
namespace {

QString translated(const std::string& text) { return QCoreApplication::translate("Engine", text.c_str()); }

// All that the engine says with values in it (resources/translations/engine_texts.cpp makes the list).
const SentenceBook& sentences() {
  static const SentenceBook book = [] {
    QFile list(QStringLiteral(":/translations/engine_texts.txt"));
    std::vector<std::string> patterns;
    if (list.open(QIODevice::ReadOnly))
      for (const auto& line : list.readAll().split('\n')) patterns.push_back(line.toStdString());
    return SentenceBook(patterns);
  }();
  return book;
}

QString filled(const QString& pattern, const std::vector<std::string>& values) {
  QString out;
  for (qsizetype i = 0; i < pattern.size(); ++i) {
    const bool place = pattern[i] == u'%' && i + 1 < pattern.size() && pattern[i + 1].isDigit();
    if (!place) {
      out += pattern[i];
      continue;
    }
    std::size_t number = 0;
    while (i + 1 < pattern.size() && pattern[i + 1].isDigit()) number = number * 10 + static_cast<std::size_t>(pattern[++i].digitValue());
    if (number >= 1 && number <= values.size()) out += engineText(values[number - 1]);   // a level, an end that was met, the error of another part
  }
  return out;
}

// Where the text may be parted: quoted texts stay whole.
qsizetype outsideQuotes(const QString& text, const QString& mark) {
  for (qsizetype at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1))
    if (QStringView(text).left(at).count(u'"') % 2 == mark.startsWith(u'"')) return at;
  return -1;
}

// Clauses, then a place before what is said of it, then a quoted name before that.
QString parted(const QString& text) {
  for (const auto& mark : {QStringLiteral("; "), QStringLiteral(": "), QStringLiteral("\" ")})
    if (const qsizetype at = outsideQuotes(text, mark); at >= 0) {
      const qsizetype quote = mark.startsWith(u'"') ? 1 : 0;   // it stays with the name
      return engineText(ss(text.left(at + quote))) + mark.mid(quote) + engineText(ss(text.mid(at + mark.size())));
    }
  return text;
}

}  // namespace

QString engineText(const std::string& text) {
  const QString given = qs(text);
  static const std::string kAnyWord = "done";
  if (text.empty() || translated(kAnyWord) == qs(kAnyWord)) return given;   // English
  if (const QString known = translated(text); known != given) return known;
  if (const auto sentence = sentences().find(text))
    if (const QString pattern = translated(sentence->pattern); pattern != qs(sentence->pattern)) return filled(pattern, sentence->values);
  return parted(given);
}

}  // namespace weft::ui
