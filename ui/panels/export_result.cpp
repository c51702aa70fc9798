// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/export_result.h"

#include <QClipboard>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>

#include "engine/api/export_offer.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/widgets/controls.h"

namespace weft::ui {

ExportResult::ExportResult(Theme& theme, QWidget* parent) : QFrame(parent) {
  setProperty("card", true);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(16, 12, 16, 14);
  all->setSpacing(8);
  m_report = makeLabel("subtitle", {}, this);
  m_report->setWordWrap(true);
  m_report->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_files = makeLabel("mono", {}, this);
  m_files->setTextInteractionFlags(Qt::TextSelectableByMouse);
  m_files->setAccessibleName(tr("files written"));
  all->addWidget(m_report);
  all->addWidget(m_files);
  for (auto& snippet : m_snippets) {
    snippet.frame = new QFrame(this);
    snippet.frame->setProperty("tile", true);
    auto* body = new QVBoxLayout(snippet.frame);
    body->setContentsMargins(12, 8, 12, 10);
    body->setSpacing(4);
    auto* head = new QHBoxLayout;
    snippet.title = makeLabel("caption", {}, snippet.frame);
    snippet.copy = new IconButton(theme, QStringLiteral("copy"), tr("Copy"), IconButton::Style::Link, snippet.frame);
    head->addWidget(snippet.title, 1);
    head->addWidget(snippet.copy);
    body->addLayout(head);
    snippet.lines = makeLabel("mono", {}, snippet.frame);
    snippet.lines->setTextFormat(Qt::PlainText);
    snippet.lines->setWordWrap(true);
    snippet.lines->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    body->addWidget(snippet.lines);
    all->addWidget(snippet.frame);
    connect(snippet.copy, &QPushButton::clicked, this, [label = snippet.lines] { QGuiApplication::clipboard()->setText(label->text() + QLatin1Char('\n')); });
  }
  hide();
}

void ExportResult::show(const ExportReport& report, const QString& format, const QString& base) {
  QString said = tr("Written to %1 · %2 · loaded again: largest difference of a logit %3 (logits up to %4)")
                     .arg(qs(report.path), bytesText(static_cast<double>(report.bytes)), shortNumber(report.max_difference), fixed(report.logits_scale, 1));
  if (const auto& near = report.approximation)
    said += tr(" · APPROX SVD @%1, energy %2, least %3 at %4").arg(qs(near->ranks()), fixed(near->energy, 4), fixed(near->least, 4), qs(near->least_site));
  m_report->setText(said);
  QStringList files;
  const QDir folder(qs(report.path));
  for (const auto& name : report.files) {
    const QFileInfo file(folder.filePath(qs(name)));
    files.append(QStringLiteral("%1  %2").arg(bytesText(static_cast<double>(file.size())).rightJustified(9), file.fileName()));
  }
  m_files->setText(files.join(QLatin1Char('\n')));
  m_files->show();
  const auto snippets = load_snippets(ss(format), report.path, report.files, ss(base));
  for (std::size_t i = 0; i < std::size(m_snippets); ++i) {
    m_snippets[i].frame->setVisible(i < snippets.size());
    if (i >= snippets.size()) continue;
    const QString title = qs(snippets[i].title);
    m_snippets[i].title->setText(title);
    m_snippets[i].lines->setText(qs(snippets[i].text).trimmed());
    m_snippets[i].lines->setAccessibleName(tr("lines that load it: %1").arg(title));
    m_snippets[i].copy->setAccessibleName(tr("Copy the lines for %1").arg(title));
  }
  setVisible(true);
}

void ExportResult::showFailure(const QString& why) {
  m_report->setText(why);
  m_files->hide();
  for (auto& snippet : m_snippets) snippet.frame->hide();
  setVisible(true);
}

}  // namespace weft::ui
