// SPDX-License-Identifier: GPL-3.0-or-later
// Words in other languages: the Japanese file has every string of the sources, nothing shown is a bare literal, a made-up
// language 40 % longer fits on every page, and one read from the right does too.
#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QDirIterator>
#include <QLabel>
#include <QMenu>
#include <QMenuBar>
#include <QProcess>
#include <QRegularExpression>
#include <QScrollArea>
#include <QSet>
#include <QSettings>
#include <QTranslator>
#include <QTreeView>
#include <QXmlStreamReader>

#include "tests/gui/window_test.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/ratio_text.h"
#include "ui/panels/help_panel.h"
#include "ui/panels/inspector.h"
#include "ui/panels/project_panel.h"
#include "ui/shell/command_search.h"
#include "ui/shell/language.h"
#include "ui/shell/notice_bar.h"
#include "ui/shell/text_size_menu.h"
#include "ui/theme/text_size.h"

namespace weft::test {
namespace {

using namespace weft::ui;

const QString kRoot = QStringLiteral(WEFT_SOURCE_DIR);

struct Entry {
  QString text;
  bool finished = true;
};
using Entries = QMap<QString, Entry>;   // "context|source|comment"

Entries read(const QString& path) {
  QFile file(path);
  EXPECT_TRUE(file.open(QIODevice::ReadOnly)) << text_of(path);
  Entries entries;
  QXmlStreamReader xml(&file);
  QString context, source, comment;
  while (!xml.atEnd()) {
    if (xml.readNext() != QXmlStreamReader::StartElement) continue;
    if (xml.name() == QLatin1String("name")) context = xml.readElementText();
    if (xml.name() == QLatin1String("message")) comment.clear();
    if (xml.name() == QLatin1String("source")) source = xml.readElementText();
    if (xml.name() == QLatin1String("comment")) comment = xml.readElementText();
    if (xml.name() != QLatin1String("translation")) continue;
    Entry entry;
    entry.finished = xml.attributes().value(QLatin1String("type")).isEmpty();
    entry.text = xml.readElementText(QXmlStreamReader::IncludeChildElements).trimmed();
    entries[QStringList{context, source, comment}.join(QLatin1Char('|'))] = entry;
  }
  EXPECT_FALSE(xml.hasError()) << text_of(xml.errorString());
  return entries;
}

QStringList places(const QString& text) {
  static const QRegularExpression place(QStringLiteral("%(\\d|n)"));
  QStringList found;
  for (auto it = place.globalMatch(text); it.hasNext();) found.append(it.next().captured());
  found.sort();
  found.removeDuplicates();
  return found;
}

TEST(Translations, JapaneseIsCompleteAndKeepsThePlaces) {
  const Entries entries = read(kRoot + QStringLiteral("/resources/translations/weft_ja.ts"));
  EXPECT_GT(entries.size(), 300);
  for (auto it = entries.begin(); it != entries.end(); ++it) {
    EXPECT_TRUE(it->finished && !it->text.isEmpty()) << text_of(it.key());
    EXPECT_EQ(places(it.key().section(QLatin1Char('|'), 1, -2)), places(it->text)) << text_of(it.key());
  }
}

TEST(Translations, HaveEveryStringOfTheSources) {
  QString lupdate = QStringLiteral("/usr/lib/qt6/bin/lupdate");
  if (!QFileInfo::exists(lupdate)) GTEST_SKIP() << "lupdate is not installed";
  QTemporaryDir folder;
  const QString now = folder.filePath(QStringLiteral("now.ts"));
  QProcess process;
  process.setWorkingDirectory(kRoot);
  process.start(lupdate, {QStringLiteral("-silent"), QStringLiteral("-locations"), QStringLiteral("none"), QStringLiteral("-I"), QStringLiteral("."), QStringLiteral("ui"),
                          QStringLiteral("app/gui"), QStringLiteral("-ts"), now});
  ASSERT_TRUE(process.waitForFinished(60000));
  const Entries known = read(kRoot + QStringLiteral("/resources/translations/weft_ja.ts"));
  QStringList missing;
  const Entries all = read(now);
  for (auto it = all.begin(); it != all.end(); ++it)
    if (!known.contains(it.key())) missing.append(it.key());
  EXPECT_TRUE(missing.isEmpty()) << "run resources/translations/update.sh and translate:\n" << text_of(missing.join(QLatin1Char('\n')));
}

TEST(Translations, HaveEveryWordOfTheEngine) {
  const Entries known = read(kRoot + QStringLiteral("/resources/translations/weft_ja.ts"));
  installLanguage(*qApp, Language::English);   // makes the resources known
  QFile list(QStringLiteral(":/translations/engine_texts.txt"));
  ASSERT_TRUE(list.open(QIODevice::ReadOnly));
  const QStringList texts = QString::fromUtf8(list.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
  EXPECT_GT(texts.size(), 1200);
  static const QStringList kNames = {QStringLiteral("Top k"), QStringLiteral("Top p"), QStringLiteral(" --jinja --chat-template-file %1")};
  static const QRegularExpression words(QStringLiteral("(?<![\\[.%\\w-])[A-Za-z]{3,}.* [A-Za-z]{2,}"));
  QStringList missing, english;
  for (const auto& text : texts) {
    const auto entry = known.find(QStringLiteral("Engine|%1|").arg(text));
    if (entry == known.end()) {
      missing.append(text);
      continue;
    }
    // names stay as they are; what has words in it has letters of the language
    const bool letters = std::any_of(entry->text.begin(), entry->text.end(), [](QChar c) { return c.unicode() >= 0x3040 && c.unicode() < 0xA000; });
    if (!letters && text.contains(words) && !kNames.contains(text) && !text.contains(QLatin1String(" = "))) english.append(text);
  }
  EXPECT_TRUE(missing.isEmpty()) << "run resources/translations/update.sh and translate:\n" << text_of(missing.join(QLatin1Char('\n')));
  EXPECT_TRUE(english.isEmpty()) << text_of(english.join(QLatin1Char('\n')));
}

TEST(Translations, NoWordsAreShownPastThem) {
  // calls that show their text, with a literal of at least one whole word that is no tr()
  static const QRegularExpression bare(QStringLiteral(
      "(?:setText|setToolTip|setPlaceholderText|setWindowTitle|setAccessibleName|setAccessibleDescription|addAction|addMenu|addItem|setTitle|makeLabel)\\("
      "(?:\"[a-z]+\", )?(?:QStringLiteral|QLatin1String|QString::fromLatin1)\\(\"([^\"]*[A-Za-z]{3,}[^\"]*)\"\\)"));
  static const QStringList words = {QStringLiteral("all-linear"), QStringLiteral("Ctrl+%1"), QStringLiteral("%1 – WEFT")};   // of run files, keys, the name
  QStringList found;
  for (QDirIterator it(kRoot + QStringLiteral("/ui"), {QStringLiteral("*.cpp")}, QDir::Files, QDirIterator::Subdirectories); it.hasNext();) {
    QFile file(it.next());
    ASSERT_TRUE(file.open(QIODevice::ReadOnly));
    const QString text = QString::fromUtf8(file.readAll());
    for (auto match = bare.globalMatch(text); match.hasNext();)
      if (const QString literal = match.next().captured(1); !words.contains(literal)) found.append(QFileInfo(file).fileName() + QStringLiteral(": ") + literal);
  }
  EXPECT_TRUE(found.isEmpty()) << text_of(found.join(QLatin1Char('\n')));
}

// Accents on every vowel and 40 % more length; places, mnemonics and file patterns stay.
class Pseudo final : public QTranslator {
 public:
  bool isEmpty() const override { return false; }
  QString translate(const char* context, const char* source, const char*, int) const override {
    if (!QByteArray(context).startsWith("weft::ui::") && QByteArray(context) != "ProjectLock" && QByteArray(context) != "Engine") return {};
    const QString text = QString::fromUtf8(source);
    if (text.contains(QLatin1String("(*."))) return {};
    static const QMap<QChar, QChar> accents = {{u'a', u'à'}, {u'e', u'é'}, {u'i', u'î'}, {u'o', u'ö'}, {u'u', u'ü'}, {u'A', u'Å'}, {u'E', u'É'}, {u'I', u'Ï'}, {u'O', u'Ø'}, {u'U', u'Û'}};
    QString out;
    for (const QChar c : text) out += accents.value(c, c);
    return out + QString(std::max<qsizetype>(1, (text.size() * 2 + 4) / 5), QChar(0x00B7));   // middle dots
  }
};

TEST(PseudoLocale, FitsOnEveryPageAndLeavesNothingUntranslated) {
  Pseudo pseudo;
  ASSERT_TRUE(QCoreApplication::installTranslator(&pseudo));
  {
    QTemporaryDir folder;
    Desk desk(fake_engine());
    desk.window.resize(1280, 800);
    ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
    set_up(desk, 22);
    desk.window.train();
    ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }));
    QStringList cut, bare;
    for (int page = 0; page < kPageCount; ++page) {
      desk.window.showPage(static_cast<Page>(page));
      QTest::qWait(50);
      if (const QString pictures = qEnvironmentVariable("WEFT_PICTURES"); !pictures.isEmpty()) desk.window.grab().save(QStringLiteral("%1/longer-%2.png").arg(pictures).arg(page));
      for (auto* button : desk.window.findChildren<QAbstractButton*>()) {
        if (!button->isVisible() || button->text().isEmpty()) continue;
        if (button->sizeHint().width() > button->width() + 1) cut.append(QStringLiteral("page %1: button %2").arg(page).arg(button->text()));
      }
      for (auto* label : desk.window.findChildren<QLabel*>()) {
        const bool shortens = label->inherits("weft::ui::ElidedLabel");
        if (!label->isVisible() || label->text().isEmpty() || label->wordWrap() || shortens) continue;
        if (label->sizeHint().width() > label->width() + 1) cut.append(QStringLiteral("page %1: label %2").arg(page).arg(label->text()));
      }
      for (auto* label : desk.window.findChildren<QLabel*>())
        if (label->isVisible() && label->wordWrap() && label->heightForWidth(label->width()) > label->height() + 1)
          cut.append(QStringLiteral("page %1: lines of %2").arg(page).arg(label->text()));
    }
    for (const auto& [name, action] : commandsOf(*desk.window.menus(), true)) {
      if (!name.contains(QChar(0x00B7))) bare.append(name);
    }
    cut.removeDuplicates();
    EXPECT_TRUE(cut.isEmpty()) << text_of(cut.join(QLatin1Char('\n')));
    EXPECT_TRUE(bare.isEmpty()) << text_of(bare.join(QLatin1Char('\n')));
  }
  QCoreApplication::removeTranslator(&pseudo);
}

TEST(RightToLeft, KeepsEverythingInsideTheWindow) {
  QApplication::setLayoutDirection(Qt::RightToLeft);
  {
    QTemporaryDir folder;
    Desk desk(fake_engine());
    desk.window.resize(1280, 800);
    ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
    set_up(desk, 22);
    desk.window.train();
    ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }));
    const QString pictures = qEnvironmentVariable("WEFT_PICTURES");   // a folder, to look at the pages
    QStringList out;
    for (int page = 0; page < kPageCount; ++page) {
      desk.window.showPage(static_cast<Page>(page));
      QTest::qWait(50);
      for (auto* button : desk.window.findChildren<QAbstractButton*>()) {
        if (!button->isVisible()) continue;
        const QRect within(QPoint(), button->parentWidget()->size());
        if (!within.contains(button->geometry().center())) out.append(QStringLiteral("page %1: %2").arg(page).arg(button->text()));
      }
      if (!pictures.isEmpty()) desk.window.grab().save(QStringLiteral("%1/rtl-%2.png").arg(pictures).arg(page));
    }
    EXPECT_TRUE(out.isEmpty()) << text_of(out.join(QLatin1Char('\n')));
  }
  QApplication::setLayoutDirection(Qt::LeftToRight);
}

TEST(RightToLeft, KeepsTheOrderOfWhatIsDoneOfTheWhole) {
  EXPECT_EQ(text_of(ratioText(QStringLiteral("0.08"), QStringLiteral("25 GB"))), "0.08 / 25 GB");
  QApplication::setLayoutDirection(Qt::RightToLeft);
  EXPECT_EQ(ratioText(QStringLiteral("0.08"), QStringLiteral("25 GB")), QChar(0x2066) + QStringLiteral("0.08 / 25 GB") + QChar(0x2069));
  QApplication::setLayoutDirection(Qt::LeftToRight);
}

TEST(TextSize, HoldsForStyleSheetPaintedWordsAndControls) {
  ui::Theme& shared = theme();
  QSignalSpy changed(&shared, &Theme::changed);
  setTextPercent(shared, 130);
  EXPECT_EQ(changed.count(), 1);
  EXPECT_EQ(textPercent(), 130);
  EXPECT_EQ(shared.text(10).pixelSize(), 13);
  EXPECT_EQ(shared.mono(20).pixelSize(), 26);
  EXPECT_EQ(QApplication::font().pixelSize(), 17);
  EXPECT_TRUE(qApp->styleSheet().contains(QLatin1String("font-size: 17px")));
  EXPECT_FALSE(qApp->styleSheet().contains(QLatin1String("font-size: 13px")));
  setTextPercent(shared, 100);
  EXPECT_EQ(shared.text(10).pixelSize(), 10);
  EXPECT_TRUE(qApp->styleSheet().contains(QLatin1String("font-size: 13px")));
}

int painterWarnings = 0;

TEST(TextSize, LargeWordsAreWholeInTheSmallestUsualWindow) {
  painterWarnings = 0;
  const auto before = qInstallMessageHandler([](QtMsgType, const QMessageLogContext&, const QString& text) { painterWarnings += text.startsWith(QLatin1String("QPainter")) ? 1 : 0; });
  QTemporaryDir folder;
  Desk desk(fake_engine());
  ASSERT_TRUE(desk.open(folder.filePath(QStringLiteral("a.weft"))));
  set_up(desk, 22);
  desk.window.train();
  ASSERT_TRUE(wait_until([&] { return desk.state() == QLatin1String("done"); }));
  desk.window.runActions().queue->trigger();
  ASSERT_TRUE(wait_until([&] { return desk.window.queueDesk().model().rowCount() == 1; }));
  setTextPercent(theme(), 130);
  desk.window.resize(1280, 800);
  QStringList cut;
  for (const Page page : {Page::Setup, Page::Live, Page::Queue}) {
    desk.window.showPage(page);
    QTest::qWait(50);
    (void)desk.window.grab();
    for (auto* button : desk.window.centralWidget()->findChildren<QAbstractButton*>())
      if (button->isVisible() && !button->text().isEmpty() && button->sizeHint().width() > button->width() + 1) cut.append(button->text());
    for (auto* area : desk.window.centralWidget()->findChildren<QScrollArea*>())
      if (area->isVisible() && area->widget() && area->widget()->width() > area->viewport()->width())
        cut.append(QStringLiteral("page %1: %2 wide in %3").arg(static_cast<int>(page)).arg(area->widget()->width()).arg(area->viewport()->width()));
  }
  qInstallMessageHandler(before);
  EXPECT_EQ(painterWarnings, 0);   // of icons that were left out
  // a run of the project tree has two lines
  auto* tree = desk.window.findChild<ProjectPanel*>()->findChild<QTreeView*>();
  const QModelIndex runs = tree->model()->index(ProjectModel::RunSection, 0);
  ASSERT_EQ(tree->model()->rowCount(runs), 1);
  EXPECT_GE(tree->visualRect(tree->model()->index(0, 0, runs)).height(), QFontMetrics(theme().text(13)).height() + QFontMetrics(theme().text(11)).height());
  setTextPercent(theme(), 100);
  cut.removeDuplicates();
  EXPECT_TRUE(cut.isEmpty()) << text_of(cut.join(QLatin1Char('\n')));
}

TEST(TextSize, GivesTheInspectorTheRoomItsWordsTake) {
  Desk desk(fake_engine());
  const auto* inspector = desk.window.findChild<Inspector*>();
  ASSERT_NE(inspector, nullptr);
  const int usual = inspector->minimumWidth();
  setTextPercent(theme(), 150);
  EXPECT_EQ(inspector->minimumWidth(), usual * 3 / 2);
  setTextPercent(theme(), 100);
  EXPECT_EQ(inspector->minimumWidth(), usual);
}

TEST(TextSize, IsKeptAndBeginsWithTheDesktops) {
  QFont font(QStringLiteral("Inter"));
  const auto wanted = [&font](int pixels) {
    font.setPixelSize(pixels);
    return wantedTextPercent(font);
  };
  EXPECT_EQ(wanted(13), 100);
  EXPECT_EQ(wanted(15), 100);
  EXPECT_EQ(wanted(18), 130);
  EXPECT_EQ(wanted(40), 150);
  EXPECT_EQ(wanted(10), 90);
  QMenu view;
  addTextSizeMenu(view, theme());
  const auto* sizes = view.actions().at(0)->menu();
  ASSERT_EQ(sizes->actions().size(), 5);
  sizes->actions().at(2)->trigger();
  EXPECT_EQ(textPercent(), 115);
  EXPECT_EQ(wanted(40), 115);
  sizes->actions().at(1)->trigger();
  EXPECT_EQ(textPercent(), 100);
  QSettings().remove(QStringLiteral("textPercent"));
}

// The event itself goes out only where a platform has assistive technology on; its words are there in any case.
TEST(Announcements, GiveNoticesTheirWords) {
  QWidget window;
  NoticeBar bar(theme(), &window);
  bar.show(Notice{.id = QStringLiteral("a"), .tone = Notice::Tone::Warning, .sentence = QStringLiteral("The disk is full."), .choices = {}, .closed = {}});
  const auto* row = bar.findChild<QWidget*>(QStringLiteral("a"));
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(text_of(row->accessibleDescription()), "The disk is full.");
}

TEST(Languages, EveryHelpPageIsThereInJapanese) {
  HelpPanel panel(theme(), nullptr);
  const QLocale before;
  const auto shown = [&](const QString& page, const char* code) {
    QLocale::setDefault(QLocale(QLatin1String(code)));
    panel.open(page);
    return panel.text();
  };
  const QRegularExpression kana(QStringLiteral("[\\x{3041}-\\x{3093}]"));
  int pages = 0;
  for (const auto& file : QDir(kRoot + QStringLiteral("/resources/docs/help")).entryInfoList({QStringLiteral("*.md")}, QDir::Files)) {
    const QString english = shown(file.completeBaseName(), "en"), japanese = shown(file.completeBaseName(), "ja");
    EXPECT_FALSE(english.contains(kana)) << text_of(file.fileName());
    EXPECT_TRUE(japanese.contains(kana)) << text_of(file.fileName());
    EXPECT_EQ(english.count(QLatin1Char('\n')), japanese.count(QLatin1Char('\n'))) << text_of(file.fileName());   // paragraph by paragraph
    ++pages;
  }
  EXPECT_EQ(pages, kPageCount + 1);   // and the project
  QLocale::setDefault(before);
}

TEST(Languages, ShowJapaneseWordsAndTheirNumbers) {
  QTranslator japanese;
  installLanguage(*qApp, Language::English);   // makes the resources known
  EXPECT_EQ(text_of(QCoreApplication::translate("weft::ui::ModelCard", "%n layers", nullptr, 1)), "1 layer");
  EXPECT_EQ(text_of(QCoreApplication::translate("weft::ui::ModelCard", "%n layers", nullptr, 3)), "3 layers");
  ASSERT_TRUE(japanese.load(QStringLiteral(":/translations/weft_ja.qm")));
  QCoreApplication::installTranslator(&japanese);
  EXPECT_EQ(text_of(QCoreApplication::translate("weft::ui::LiveCurves", "Loss")), "損失");
  EXPECT_EQ(text_of(QCoreApplication::translate("weft::ui::ModelCard", "%n layers", nullptr, 3)), "3 層");
  QCoreApplication::removeTranslator(&japanese);
  QLocale::setDefault(QLocale(QLocale::German));
  EXPECT_EQ(text_of(grouped(5040000)), "5.040.000");
  EXPECT_EQ(text_of(fixed(1.5, 2)), "1,50");
  QLocale::setDefault(QLocale::c());
  keepLanguage(Language::Japanese);
  EXPECT_EQ(keptLanguage(), Language::Japanese);
  keepLanguage(Language::System);
  EXPECT_EQ(keptLanguage(), Language::System);
}

}  // namespace
}  // namespace weft::test
