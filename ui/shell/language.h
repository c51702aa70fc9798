// SPDX-License-Identifier: GPL-3.0-or-later
// The words of the window in the language of the desktop or the one that was chosen, and numbers shown to match. Words of
// the engine are translated too (bridge/engine_text.h), but for errors and the log. Installed before the window is made; main thread only.
#pragma once

#include <QString>

class QCoreApplication;

namespace weft::ui {

enum class Language { System, English, Japanese };

[[nodiscard]] Language keptLanguage();            // the choice of the View menu, in QSettings
void keepLanguage(Language language);             // from the next start on
// The code of what is shown for a choice: "en" or "ja".
[[nodiscard]] QString languageCode(Language language);
// Translators and the default QLocale; the application owns them.
void installLanguage(QCoreApplication& application, Language language);

}  // namespace weft::ui
