// SPDX-License-Identifier: GPL-3.0-or-later
// What the program decides before and just after the window is shown: its arguments, the sample, the time to the first
// paint, and pages rendered to files. Main thread only.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QStringList>

#include "ui/shell/main_window.h"

class QWidget;

namespace weft::gui {

struct Arguments {
  QStringList paths;               // project, model, data set
  bool sample = false;
  bool startupTime = false;
  QString theme;                   // "", "light", "dark", "system"
  QString screenshotFolder;        // "": none
  QStringList pages;               // names of pages to render
  QString run;                     // "r3": the run to show; "": the newest
  QSize size;                      // of the window; empty: as it was
  QString error;                   // what is wrong with them; then nothing else counts
};

// Where only help or the version is asked for: prints it and exits, before a display is looked for.
void answerWithoutDisplay(int argc, char** argv);

// Uses the application's arguments; exits for --help and --version.
[[nodiscard]] Arguments readArguments(const QStringList& arguments);

// The sample's project and settings, by app/run's locations.
[[nodiscard]] ui::Sample findSample();

// Calls `painted` once, after the widget's first paint has gone out.
class FirstPaint final : public QObject {
  Q_OBJECT
 public:
  FirstPaint(QWidget& window, std::function<void()> painted);

 protected:
  bool eventFilter(QObject* object, QEvent* event) override;

 private:
  std::function<void()> m_painted;
};

// SIGTERM and SIGINT stop and save a run that goes on, then close the window.
void closeOnSignals(ui::MainWindow& window);

// Waits until model, data and run are read, renders the pages into PNG files and ends the program.
void renderPages(ui::MainWindow& window, const Arguments& arguments, bool dark);

}  // namespace weft::gui
