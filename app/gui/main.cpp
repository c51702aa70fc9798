// SPDX-License-Identifier: GPL-3.0-or-later
// The window: shows itself first, loads the engine after.
#include <QApplication>
#include <QFileInfo>
#include <QSettings>
#include <QTextStream>

#include "app/gui/desktop_scheme.h"
#include "app/gui/startup.h"
#include "app/gui/workbench.h"
#include "engine/api/engine_loader.h"
#include "engine/core/process.h"
#include "ui/models/recent_paths.h"
#include "ui/shell/language.h"
#include "ui/theme/system_scheme.h"
#include "ui/theme/text_size.h"

namespace {

using weft::gui::Arguments;
using weft::ui::ThemeChoice;

ThemeChoice themeOf(const Arguments& arguments) {
  if (arguments.theme == QLatin1String("light")) return ThemeChoice::Light;
  if (arguments.theme == QLatin1String("dark")) return ThemeChoice::Dark;
  if (arguments.theme == QLatin1String("system")) return ThemeChoice::System;
  const int kept = QSettings().value(QStringLiteral("theme"), 0).toInt();
  return kept == 1 ? ThemeChoice::Light : kept == 2 ? ThemeChoice::Dark : ThemeChoice::System;
}

// What to open: the paths given, else the last project, else the sample.
void openFirst(weft::ui::MainWindow& window, const Arguments& arguments, const QString& sampleProject) {
  QString project;
  QStringList rest;
  for (const auto& path : arguments.paths)
    (path.endsWith(QLatin1String(".weft")) && project.isEmpty() ? project : rest.emplace_back()) = path;
  bool sample = arguments.sample;
  if (project.isEmpty() && !sample) {
    const QString last = weft::ui::RecentPaths::projects().last();
    project = QFileInfo::exists(last) ? last : QString();
  }
  if (project.isEmpty()) {
    project = sampleProject;
    sample = rest.isEmpty();
  }
  window.openProject(project, /*create=*/true, [&window, rest, sample](bool ok) {
    if (ok && sample && window.draft().request().model.empty()) window.openSample();
    for (const auto& path : rest) window.openPath(path);
  });
}

}  // namespace

int main(int argc, char** argv) {
  QApplication::setApplicationName(QStringLiteral("weft"));
  QApplication::setApplicationVersion(QStringLiteral(WEFT_VERSION));
  weft::gui::answerWithoutDisplay(argc, argv);
  weft::ensure_quiet_openmp(argv);
  QApplication application(argc, argv);
  QApplication::setOrganizationName(QStringLiteral("weft"));
  QApplication::setDesktopFileName(QStringLiteral("weft"));
  const Arguments arguments = weft::gui::readArguments(QApplication::arguments());
  if (!arguments.error.isEmpty()) {
    QTextStream(stderr) << "weft: " << arguments.error << '\n';
    return 2;
  }
  weft::ui::installLanguage(application, weft::ui::keptLanguage());
  const int textPercent = weft::ui::wantedTextPercent(QGuiApplication::font());   // the desktop's, before it is ours
  weft::ui::Theme theme(application);
  weft::ui::setTextPercent(theme, textPercent);
  theme.choose(themeOf(arguments));
  const weft::gui::DesktopScheme scheme(QDBusConnection::sessionBus());
  QObject::connect(&scheme, &weft::gui::DesktopScheme::darkWanted, &theme, [&theme](bool dark) { weft::ui::setSystemDark(theme, dark); });
  weft::gui::Workbench workbench(weft::load_engine);
  const weft::ui::Sample sample = weft::gui::findSample();
  weft::ui::MainWindow window(theme, workbench, sample);
  QApplication::setWindowIcon(QIcon(QStringLiteral(":/help/weft.svg")));   // once the window has asked for its resources
  weft::gui::closeOnSignals(window);
  QObject::connect(&window, &weft::ui::MainWindow::backgroundEnded, &application, &QApplication::quit);
  const bool rendering = !arguments.screenshotFolder.isEmpty();
  if (!rendering) window.restoreLayout();
  if (!arguments.size.isEmpty()) window.resize(arguments.size);
  new weft::gui::FirstPaint(window, [&] {
    if (arguments.startupTime) {
      QTextStream out(stdout);
      out << "first paint after " << qRound(1000 * weft::process_seconds()) << " ms\n";
    }
    workbench.loadEngine();
    openFirst(window, arguments, sample.project);
    if (!rendering) window.offerTour();
    if (rendering) weft::gui::renderPages(window, arguments, theme.palette().dark);
  });
  window.show();
  return QApplication::exec();
}
