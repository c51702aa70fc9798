// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/word_search.h"

#include <algorithm>

#include <QStringList>

namespace weft::ui {

bool hasWords(const QString& text, const QString& typed) {
  const QStringList words = typed.split(QLatin1Char(' '), Qt::SkipEmptyParts);
  return std::all_of(words.begin(), words.end(), [&text](const QString& word) { return text.contains(word, Qt::CaseInsensitive); });
}

}  // namespace weft::ui
