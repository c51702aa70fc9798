// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/startup.h"

#include <algorithm>
#include <csignal>
#include <memory>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QEvent>
#include <QSocketNotifier>
#include <QTextStream>
#include <QTimer>

#include "app/run/locations.h"
#include "app/run/run_file.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/panels/inspect_page.h"
#include "ui/panels/live_page.h"

namespace weft::gui {
namespace {

using ui::Page;
using ui::qs;

constexpr int kPollMs = 50, kSettleMs = 500, kGiveUpMs = 60000;

const std::pair<const char*, Page> kPages[] = {{"setup", Page::Setup},     {"live", Page::Live}, {"compare", Page::Compare},
                                               {"inspect", Page::Inspect}, {"try", Page::Try},   {"export", Page::Export},
                                               {"queue", Page::Queue}};

// A signal handler may only write; the notifier at the other end does the rest.
int g_signalSockets[2] = {-1, -1};

void onSignal(int) {
  const char byte = 1;
  [[maybe_unused]] const auto written = ::write(g_signalSockets[0], &byte, 1);
}

std::optional<Page> pageOf(const QString& name) {
  for (const auto& [known, page] : kPages)
    if (name == QLatin1String(known)) return page;
  return std::nullopt;
}

QSize sizeOf(const QString& text) {
  const auto parts = text.split(QLatin1Char('x'));
  return parts.size() == 2 ? QSize(parts[0].toInt(), parts[1].toInt()) : QSize();
}

}  // namespace

Arguments readArguments(const QStringList& given) {
  QCommandLineParser parser;
  parser.setApplicationDescription(QStringLiteral("Fine-tune language models with adapters, on this computer."));
  parser.addHelpOption();
  parser.addVersionOption();
  parser.addPositionalArgument(QStringLiteral("path"), QStringLiteral("Project (.weft), model (GGUF or folder), adapter, data set or run file (TOML) to open."), QStringLiteral("[path…]"));
  const QCommandLineOption sample(QStringLiteral("sample"), QStringLiteral("Open the sample project."));
  const QCommandLineOption theme(QStringLiteral("theme"), QStringLiteral("light, dark or system."), QStringLiteral("name"));
  const QCommandLineOption startup(QStringLiteral("startup-time"), QStringLiteral("Print the milliseconds from process start to the first paint."));
  const QCommandLineOption shots(QStringLiteral("screenshot"), QStringLiteral("Render pages into this folder and quit."), QStringLiteral("folder"));
  const QCommandLineOption page(QStringLiteral("page"), QStringLiteral("Page to render: setup, live, compare, inspect, try, export, queue. May be repeated."), QStringLiteral("name"));
  const QCommandLineOption run(QStringLiteral("run"), QStringLiteral("Run to show, such as r3; else the newest."), QStringLiteral("name"));
  const QCommandLineOption size(QStringLiteral("size"), QStringLiteral("Size of the window, such as 1440x900."), QStringLiteral("WxH"));
  parser.addOptions({sample, theme, startup, shots, page, run, size});
  parser.process(given);
  Arguments a;
  a.paths = parser.positionalArguments();
  a.sample = parser.isSet(sample);
  a.startupTime = parser.isSet(startup);
  a.theme = parser.value(theme);
  a.screenshotFolder = parser.value(shots);
  a.pages = parser.values(page);
  a.run = parser.value(run);
  a.size = sizeOf(parser.value(size));
  if (!a.theme.isEmpty() && !QStringList({QStringLiteral("light"), QStringLiteral("dark"), QStringLiteral("system")}).contains(a.theme))
    a.error = QStringLiteral("--theme is light, dark or system, not %1").arg(a.theme);
  for (const auto& name : a.pages)
    if (!pageOf(name)) a.error = QStringLiteral("--page %1 is no page; there are setup, live, compare, inspect, try, export, queue").arg(name);
  if (parser.isSet(size) && (a.size.width() < 320 || a.size.height() < 240 || a.size.width() > 16384 || a.size.height() > 16384))
    a.error = QStringLiteral("--size takes width x height in pixels, such as 1440x900");
  if (a.pages.isEmpty()) a.pages = {QStringLiteral("setup"), QStringLiteral("live")};
  return a;
}

void answerWithoutDisplay(int argc, char** argv) {
  static constexpr std::string_view kAsked[] = {"-h", "--help", "--help-all", "-v", "--version"};
  for (int i = 1; i < argc && std::string_view(argv[i]) != "--"; ++i) {
    if (std::find(std::begin(kAsked), std::end(kAsked), argv[i]) == std::end(kAsked)) continue;
    const QCoreApplication application(argc, argv);
    static_cast<void>(readArguments(QCoreApplication::arguments()));   // exits
    return;
  }
}

ui::Sample findSample() {
  ui::Sample sample;
  sample.project = qs(user_data_folder() + "/sample.weft");
  const std::string folder = resource_folder() + "/samples";
  auto request = read_run_file(folder + "/first-light.toml");
  Status status = request.ok() ? resolve_paths(*request, folder) : request.status();
  if (status.ok())
    sample.config = to_json(*request);
  else
    sample.problem = ui::engineText(status.with_context("the sample is not complete on this machine").message() + "; ./run fetches it");
  return sample;
}

void closeOnSignals(ui::MainWindow& window) {
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, g_signalSockets) != 0) return;  // then signals end the program as ever
  auto* notifier = new QSocketNotifier(g_signalSockets[1], QSocketNotifier::Read, &window);
  QObject::connect(notifier, &QSocketNotifier::activated, &window, [&window] {
    char byte = 0;
    if (::read(g_signalSockets[1], &byte, 1) == 1) window.stopAndClose();
  });
  struct sigaction action {};
  action.sa_handler = onSignal;
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGTERM, &action, nullptr);
  ::sigaction(SIGINT, &action, nullptr);
}

FirstPaint::FirstPaint(QWidget& window, std::function<void()> painted) : QObject(&window), m_painted(std::move(painted)) {
  window.installEventFilter(this);
}

bool FirstPaint::eventFilter(QObject* object, QEvent* event) {
  if (event->type() == QEvent::Paint) {
    object->removeEventFilter(this);
    QTimer::singleShot(0, object, [this] {
      m_painted();
      deleteLater();
    });
  }
  return false;
}

void renderPages(ui::MainWindow& window, const Arguments& arguments, bool dark) {
  auto* poll = new QTimer(&window);
  poll->setInterval(kPollMs);
  auto clock = std::make_shared<QElapsedTimer>();
  clock->start();
  auto asked = std::make_shared<bool>(false);
  auto quiet = std::make_shared<int>(0);   // polls since the last thing that was waited for
  QObject::connect(poll, &QTimer::timeout, &window, [&window, arguments, dark, poll, clock, asked, quiet] {
    const auto busy = [](const ui::Readiness& r) { return r.state == ui::Readiness::State::Busy; };
    auto& desk = window.desk();
    const auto& runs = desk.overview().runs;
    const bool waiting = desk.project().path.isEmpty() || busy(window.draft().modelReadiness()) || busy(window.draft().dataReadiness());
    if (!*asked && !runs.empty()) {
      *asked = true;
      RunId run = runs.back().id;
      for (const auto& known : runs)
        if (qs(known.name) == arguments.run || QStringLiteral("r%1").arg(known.id) == arguments.run) run = known.id;
      desk.show(run);
      return;
    }
    if (waiting || (*asked && !desk.shown())) *quiet = 0;
    if (++*quiet * kPollMs < kSettleMs && clock->elapsed() < kGiveUpMs) return;
    poll->stop();
    QDir().mkpath(arguments.screenshotFolder);
    bool ok = true;
    for (const auto& name : arguments.pages) {
      window.showPage(*pageOf(name));
      window.livePage()->refreshNow();
      for (int i = 0; i < 4 || (*pageOf(name) == ui::Page::Inspect && window.inspectPage()->busy() && clock->elapsed() < kGiveUpMs); ++i)
        QApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 50);
      const QString path = QStringLiteral("%1/%2-%3.png").arg(arguments.screenshotFolder, name, dark ? QStringLiteral("dark") : QStringLiteral("light"));
      ok = window.grab().save(path) && ok;
      QTextStream(stdout) << path << '\n';
    }
    QApplication::exit(ok ? 0 : 1);
  });
  poll->start();
}

}  // namespace weft::gui
