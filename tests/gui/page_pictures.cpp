// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/gui/page_pictures.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QFile>
#include <QFileInfo>
#include <QGridLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QPainter>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSlider>
#include <QTableWidget>

#include "tests/gui/gui_test.h"
#include "ui/bridge/text.h"
#include "ui/dialogs/note_dialog.h"
#include "ui/dialogs/sweep_dialog.h"
#include "ui/panels/adapter_chooser.h"
#include "ui/panels/compare_page.h"
#include "ui/panels/data_card.h"
#include "ui/panels/export_page.h"
#include "ui/panels/help_panel.h"
#include "ui/panels/inspect_page.h"
#include "ui/panels/inspect_spectra.h"
#include "ui/panels/inspector.h"
#include "ui/panels/live_curves.h"
#include "ui/panels/live_page.h"
#include "ui/panels/notice_strip.h"
#include "ui/panels/steer_panel.h"
#include "ui/panels/try_page.h"
#include "ui/plots/matrix_picture.h"
#include "ui/plots/series_plot.h"
#include "ui/dialogs/run_file_dialog.h"
#include "ui/models/recent_paths.h"
#include "ui/shell/command_search.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/method_picture.h"
#include "ui/widgets/setting_field.h"

namespace weft::test {
namespace {

using ui::MainWindow;
using ui::Page;
using ui::qs;

constexpr int kReadMs = 30000;
constexpr std::int64_t kSheetOut = 576, kSheetIn = 576;

void close_extras(MainWindow& window) {
  for (auto* widget : QApplication::topLevelWidgets())
    if (widget != &window && widget->isVisible() && !qobject_cast<MainWindow*>(widget)) widget->close();
  for (const char* dock : {"help", "log"}) window.findChild<QDockWidget*>(QLatin1String(dock))->hide();
}

void show_page(MainWindow& window, Page page) {
  close_extras(window);
  window.showPage(page);
}

// The run of this place, or the last where there are fewer.
RunId run_at(MainWindow& window, std::size_t place) {
  const auto& runs = window.desk().overview().runs;
  return runs.empty() ? 0 : runs[std::min(place, runs.size() - 1)].id;
}

void show_run(MainWindow& window, RunId run) {
  window.desk().show(run);
  (void)wait_until([&] { return window.desk().shown() && window.desk().shown()->id == run; }, kReadMs);
}

void live(MainWindow& window, std::size_t place) {
  show_page(window, Page::Live);
  show_run(window, run_at(window, place));
  window.livePage()->curves()->chartChoice()->setCurrentIndex(0);
  window.livePage()->notices()->refresh();
  Q_EMIT window.livePage()->curves()->lossPlot()->cursorMoved(std::nullopt);
}

void compare(MainWindow& window, std::size_t count) {
  show_page(window, Page::Compare);
  auto* page = window.comparePage();
  for (std::size_t i = 0; i < window.desk().overview().runs.size(); ++i) page->choose(run_at(window, i), i < count);
  (void)wait_until([&] { return count < kFewestCompared || (page->shown() && page->shown()->runs.size() == page->chosen().size()); }, kReadMs);
  page->cursor()->setValue(page->cursor()->maximum());
}

void scroll(QWidget* page, bool down) {
  for (auto* area : page->findChildren<QScrollArea*>())
    if (area->isVisible() && area->width() > page->width() / 2) area->verticalScrollBar()->setValue(down ? area->verticalScrollBar()->maximum() : 0);
}

// beside: the place of the run that it is compared with.
void inspect(MainWindow& window, std::size_t place, std::optional<std::size_t> beside = {}) {
  show_page(window, Page::Inspect);
  window.inspectPage()->chooseRun(run_at(window, place));
  QTest::qWait(50);
  (void)wait_until([&] { return !window.inspectPage()->busy(); }, kReadMs);
  window.inspectPage()->first()->step()->setCurrentIndex(0);
  auto* second = window.inspectPage()->second()->source();
  second->setCurrentIndex(beside ? std::max(0, second->findData(static_cast<qlonglong>(run_at(window, *beside)))) : 0);
  QTest::qWait(50);
  (void)wait_until([&] { return !window.inspectPage()->busy(); }, kReadMs);
  scroll(window.inspectPage(), false);
}

void setup(MainWindow& window, ui::Subject subject, const std::string& method = "lora", bool down = false) {
  show_page(window, Page::Setup);
  window.draft().setMethod(method);
  window.setupPage()->dataCard()->showView(ui::DataCard::View::Tokens);
  window.setupPage()->choose(subject);
  QTest::qWait(60);
  scroll(window.setupPage(), down);
}

void data_view(MainWindow& window, ui::DataCard::View view) {
  setup(window, ui::Subject::Data);
  window.setupPage()->dataCard()->showView(view);
}

void press(MainWindow& window, Qt::Key key, Qt::KeyboardModifiers modifiers) {
  for (const auto& [name, action] : ui::commandsOf(*window.menus(), /*hidden=*/true))
    if (action->shortcut() == QKeySequence(modifiers | key)) action->trigger();
}

template <typename T>
T* top_level() {
  for (auto* widget : QApplication::topLevelWidgets())
    if (auto* found = qobject_cast<T*>(widget); found && found->isVisible()) return found;
  return nullptr;
}

void palette(MainWindow& window, const QString& typed) {
  show_page(window, Page::Setup);
  press(window, Qt::Key_K, Qt::ControlModifier);
  if (auto* search = top_level<ui::CommandSearch>()) search->findChild<QLineEdit*>()->setText(typed);
}

void recent(MainWindow& window) {
  show_page(window, Page::Setup);
  const QString here = window.desk().project().path, folder = QFileInfo(here).path();
  const auto list = ui::RecentPaths::projects();
  for (const char* name : {"/story.weft", "/last year.weft"}) list.add(folder + QLatin1String(name));
  list.add(here);
  list.pin(here, true);
  auto* file = window.menus()->actions().front()->menu();
  Q_EMIT file->aboutToShow();
  for (auto* action : file->actions())
    if (action->menu()) action->menu()->popup(window.mapToGlobal(QPoint(40, 40)));
}

void run_file(MainWindow& window) {
  show_page(window, Page::Setup);
  const QString file = QFileInfo(window.desk().project().path).path() + QStringLiteral("/wide.toml");
  QFile out(file);
  if (!out.open(QIODevice::WriteOnly)) return;
  out.write("[method]\nname = \"dora\"\nrank = 32\n[train]\nlr = 5e-4\nsteps = 200\nschedule = \"cosine\"\n");
  out.close();
  window.loadRunFile(file);
  (void)wait_until([&] { return top_level<ui::RunFileDialog>() != nullptr; }, kReadMs);
}

void sweep(MainWindow& window) {
  show_page(window, Page::Queue);
  window.openSweep();
  auto* dialog = top_level<ui::SweepDialog>();
  if (!dialog) return;
  dialog->set(0, QStringLiteral("train.lr"), QStringLiteral("1e-4, 2e-4, 4e-4"));
  dialog->set(1, QStringLiteral("method.rank"), QStringLiteral("8, 16"));
  (void)wait_until([&] { return dialog->preview()->rowCount() == 6; }, kReadMs);
}

}  // namespace

std::vector<PagePicture> finished_pictures(MainWindow& window) {
  using View = ui::DataCard::View;
  auto* w = &window;
  std::vector<PagePicture> all = {
      {QStringLiteral("setup"), [w] { setup(*w, ui::Subject::Method); }},
      {QStringLiteral("setup-recent"), [w] { recent(*w); }},
      {QStringLiteral("setup-run-file"), [w] { run_file(*w); }},
      {QStringLiteral("setup-gallery"), [w] { setup(*w, ui::Subject::Method, "dora", /*down=*/true); }},
      {QStringLiteral("setup-model"), [w] { setup(*w, ui::Subject::Model); }},
      {QStringLiteral("setup-run"), [w] { setup(*w, ui::Subject::Run); }},
      {QStringLiteral("setup-data"), [w] { data_view(*w, View::Tokens); }},
      {QStringLiteral("setup-chat"), [w] { data_view(*w, View::Chat); }},
      {QStringLiteral("setup-lengths"), [w] { data_view(*w, View::Lengths); }},
      {QStringLiteral("setup-findings"), [w] { data_view(*w, View::Findings); }},
      {QStringLiteral("live"), [w] { live(*w, 0); }},
      {QStringLiteral("live-edited"), [w] { live(*w, 1); }},
      {QStringLiteral("live-ranks"),
       [w] {
         live(*w, 2);
         if (const int ranks = w->livePage()->curves()->chartChoice()->findData(ui::LiveCurves::Ranks); ranks >= 0) w->livePage()->curves()->chartChoice()->setCurrentIndex(ranks);
       }},
      {QStringLiteral("live-cursor"),
       [w] {
         live(*w, 1);
         Q_EMIT w->livePage()->curves()->lossPlot()->cursorMoved(24.0);
       }},
      {QStringLiteral("compare"),
       [w] {
         compare(*w, 3);
         scroll(w->comparePage(), false);
       }},
      {QStringLiteral("compare-six"), [w] { compare(*w, kMostCompared); }},
      {QStringLiteral("compare-tables"),
       [w] {
         compare(*w, 3);
         QTest::qWait(60);
         scroll(w->comparePage(), true);
       }},
      {QStringLiteral("compare-few"), [w] { compare(*w, 1); }},
      {QStringLiteral("inspect"), [w] { inspect(*w, 0, 1); }},
      {QStringLiteral("inspect-dora"), [w] { inspect(*w, 1); }},
      {QStringLiteral("inspect-base"),
       [w] {
         inspect(*w, 0, 1);
         w->inspectPage()->spectra()->decompose()->click();
         QTest::qWait(50);
         (void)wait_until([&] { return !w->inspectPage()->busy(); }, kReadMs);
         if (auto* area = w->inspectPage()->findChild<QScrollArea*>()) area->ensureWidgetVisible(w->inspectPage()->spectra()->finding());
       }},
      {QStringLiteral("inspect-drops"),
       [w] {
         inspect(*w, 3);
         // HiddenKey drops in the later half of the layers
         if (const auto* sites = w->inspectPage()->sites(); sites->count() > 0)
           w->inspectPage()->chooseSite(sites->item(sites->count() - 1)->data(Qt::UserRole).toString());
         QTest::qWait(50);
         (void)wait_until([&] { return !w->inspectPage()->busy(); }, kReadMs);
         if (!w->inspectPage()->drops().empty())
           if (auto* area = w->inspectPage()->findChild<QScrollArea*>()) area->ensureWidgetVisible(w->inspectPage()->drops().back());
       }},
      {QStringLiteral("inspect-elsewhere"),   // of another model than the one in Set up
       [w] {
         show_page(*w, Page::Inspect);
         w->inspectPage()->openFolder(QStringLiteral(WEFT_TEST_DATA "/parity/lora"));
         QTest::qWait(50);
         (void)wait_until([&] { return !w->inspectPage()->busy(); }, kReadMs);
         scroll(w->inspectPage(), false);
       }},
      {QStringLiteral("export-elsewhere"),
       [w] {
         w->exportPage()->chooseAdapter(QStringLiteral(WEFT_TEST_DATA "/parity/lora"));
         show_page(*w, Page::Export);
       }},
      {QStringLiteral("try"), [w] { show_page(*w, Page::Try); }},
      {QStringLiteral("export"), [w] { show_page(*w, Page::Export); }},
      {QStringLiteral("queue"), [w] { show_page(*w, Page::Queue); }},
      {QStringLiteral("help"),
       [w] {
         live(*w, 0);
         w->showHelp();
       }},
      {QStringLiteral("help-method"),
       [w] {
         setup(*w, ui::Subject::Method, "dora");
         w->showHelp();
         w->help()->open(QStringLiteral("method/dora"));
       }},
      {QStringLiteral("palette"), [w] { palette(*w, QStringLiteral("r")); }},
      {QStringLiteral("sweep"), [w] { sweep(*w); }},
      {QStringLiteral("shortcuts"),
       [w] {
         show_page(*w, Page::Setup);
         press(*w, Qt::Key_Slash, Qt::ControlModifier);
       }},
      {QStringLiteral("note"),
       [w] {
         live(*w, 1);
         (new ui::NoteDialog(QStringLiteral("r2"), QStringLiteral("Rate halved by hand at step 20."), w))->show();
       }},
      {QStringLiteral("log"),
       [w] {
         live(*w, 0);
         w->findChild<QDockWidget*>(QStringLiteral("log"))->show();
       }},
  };
  for (const char* method : {"dora", "bora", "dota", "vera", "lokr", "oft", "adalora", "ia3", "lorta"})
    all.push_back({QStringLiteral("method-%1").arg(QLatin1String(method)), [w, method] { setup(*w, ui::Subject::Method, method); }});
  return all;
}

std::vector<PagePicture> paused_pictures(MainWindow& window) {
  auto* w = &window;
  const auto paused = [w](bool steer) {
    show_page(*w, Page::Live);
    auto* page = w->livePage();
    page->notices()->refresh();
    for (auto* button : page->notices()->findChildren<QPushButton*>())
      if (button->isVisible() && button->text() == QLatin1String("Go on")) button->click();   // an answer to the question of the last round
    Q_EMIT page->curves()->lossPlot()->cursorMoved(std::nullopt);
    if (page->steerButton()->isChecked() != steer) page->steerButton()->click();
    if (!steer) return;
    auto* rate = page->steerPanel()->field(QStringLiteral("lr"))->lineEdit();
    rate->setFocus();
    rate->selectAll();
    QTest::keyClicks(rate, QStringLiteral("5e-5"));
    QTest::keyClick(rate, Qt::Key_Return);
  };
  return {{QStringLiteral("live-paused"), [paused] { paused(false); }},
          {QStringLiteral("live-steer"), [paused] { paused(true); }},
          {QStringLiteral("live-stop"),
           [w, paused] {
             paused(false);
             w->livePage()->askToStop();
           }}};
}

std::vector<PagePicture> empty_pictures(MainWindow& window) {
  auto* w = &window;
  std::vector<PagePicture> all;
  const std::pair<const char*, Page> pages[] = {{"setup", Page::Setup}, {"live", Page::Live}, {"compare", Page::Compare}, {"inspect", Page::Inspect},
                                                {"try", Page::Try},     {"export", Page::Export}, {"queue", Page::Queue}};
  for (const auto& [name, page] : pages) all.push_back({QStringLiteral("empty-%1").arg(QLatin1String(name)), [w, page = page] { show_page(*w, page); }});
  all.push_back({QStringLiteral("empty-hint"), [w] {
                   show_page(*w, Page::Setup);
                   w->offerTour(/*again=*/true);
                 }});
  return all;
}

QPixmap method_sheet(ui::Theme& theme) {
  QWidget sheet;
  sheet.setProperty("pane", true);
  sheet.setAttribute(Qt::WA_StyledBackground);
  auto* grid = new QGridLayout(&sheet);
  grid->setContentsMargins(16, 16, 16, 16);
  grid->setSpacing(16);
  constexpr int kColumns = 5;
  int place = 0;
  for (const auto& method : method_catalogue()) {
    SettingValues settings = Json::object();
    for (const auto& spec : method.settings) settings[spec.key] = spec.initial;
    auto* cell = new QWidget(&sheet);
    auto* column = new QVBoxLayout(cell);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(ui::makeLabel("subtitle", QStringLiteral("%1 · %2").arg(qs(method.title), qs(method.formula)), cell));
    auto* picture = new ui::MethodPicture(theme, ui::MethodPicture::Size::Full, cell);
    picture->setFixedSize(280, 136);
    picture->setMethod(method, settings, {.out = kSheetOut, .in = kSheetIn});
    column->addWidget(picture);
    cell->setFixedWidth(280);
    grid->addWidget(cell, place / kColumns, place % kColumns);
    ++place;
  }
  sheet.adjustSize();
  return sheet.grab();
}

QPixmap grab_all(MainWindow& window) {
  QPixmap picture = window.grab();
  QPainter painter(&picture);
  for (auto* widget : QApplication::topLevelWidgets())
    if (widget != &window && widget->isVisible() && (widget->isWindow() && widget->parentWidget() == &window)) {
      QPoint at = window.mapFromGlobal(widget->geometry().topLeft());
      // where no window manager places them, dialogs lie at the screen's corner
      if (qobject_cast<QDialog*>(widget)) at = QPoint((window.width() - widget->width()) / 2, (window.height() - widget->height()) / 2);
      painter.drawPixmap(at, widget->grab());
    }
  return picture;
}

}  // namespace weft::test
