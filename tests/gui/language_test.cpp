// SPDX-License-Identifier: GPL-3.0-or-later
// Words in other languages: the Japanese file has every string of the sources, nothing shown is a bare literal, a made-up
// language 40 % longer fits on every page, and one read from the right does too.
#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QDirIterator>
#include <QLabel>
#include <QMenuBar>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QTranslator>
#include <QXmlStreamReader>

#include "tests/gui/window_test.h"
#include "ui/models/number_text.h"
#include "ui/panels/inspector.h"
#include "ui/shell/command_search.h"
#include "ui/shell/language.h"

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
    if (!QByteArray(context).startsWith("weft::ui::") && QByteArray(context) != "ProjectLock") return {};
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

TEST(Languages, ShowJapaneseWordsAndTheirNumbers) {
  QTranslator japanese;
  installLanguage(*qApp, Language::English);   // makes the resources known
  EXPECT_EQ(text_of(QCoreApplication::translate("weft::ui::ModelCard", "%n layers", nullptr, 1)), "1 layer");
  EXPECT_EQ(text_of(QCoreApplication::translate("weft::ui::ModelCard", "%n layers", nullptr, 3)), "3 layers");
  ASSERT_TRUE(japanese.load(QStringLiteral(":/translations/weft_ja.qm")));
  QCoreApplication::installTranslator(&japanese);
  EXPECT_EQ(text_of(QCoreApplication::translate("weft::ui::LivePage", "Loss")), "損失");
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
