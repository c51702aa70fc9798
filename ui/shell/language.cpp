// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QSettings>
#include <QTranslator>

// A static library's resources are linked only when they are asked for; the macro must stand outside of namespaces.
static void openTranslations() { Q_INIT_RESOURCE(translations); }

namespace weft::ui {
namespace {

const QString kKey = QStringLiteral("language");

void add(QCoreApplication& application, const QString& name, const QString& folder) {
  auto* translator = new QTranslator(&application);
  if (translator->load(name, folder)) QCoreApplication::installTranslator(translator);
}

}  // namespace

Language keptLanguage() {
  const QString kept = QSettings().value(kKey).toString();
  return kept == QLatin1String("en") ? Language::English : kept == QLatin1String("ja") ? Language::Japanese : Language::System;
}

void keepLanguage(Language language) {
  if (language == Language::System)
    QSettings().remove(kKey);
  else
    QSettings().setValue(kKey, languageCode(language));
}

QString languageCode(Language language) {
  const bool japanese = language == Language::Japanese || (language == Language::System && QLocale::system().language() == QLocale::Japanese);
  return japanese ? QStringLiteral("ja") : QStringLiteral("en");
}

void installLanguage(QCoreApplication& application, Language language) {
  openTranslations();
  const QString code = languageCode(language);
  // a language that was chosen brings its numbers; the system's keep theirs, also where its words are not ours
  if (language != Language::System) QLocale::setDefault(QLocale(code));
  add(application, QStringLiteral("qtbase_") + code, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
  add(application, QStringLiteral("weft_") + code, QStringLiteral(":/translations"));
}

}  // namespace weft::ui
