// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/delete_run_dialog.h"

#include <QDialogButtonBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/widgets/controls.h"

namespace weft::ui {

DeleteRunDialog::DeleteRunDialog(const RunRemoval& removal, QWidget* parent) : QDialog(parent) {
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Delete a run"));
  resize(560, 320);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(16, 16, 16, 16);
  all->setSpacing(12);
  const auto size = [](std::uint64_t bytes) { return bytesText(static_cast<double>(bytes)); };
  const QString files = removal.files.empty()       ? tr("no files")
                        : removal.files.size() == 1 ? tr("one file with %1").arg(size(removal.bytes()))
                                                    : tr("%1 files with %2").arg(removal.files.size()).arg(size(removal.bytes()));
  auto* head = makeLabel("subtitle", tr("Delete %1?").arg(qs(removal.name)), this);
  auto* words = makeLabel("secondary", tr("Its curves, spectra and events go, and %1. This cannot be undone.").arg(files), this);
  words->setWordWrap(true);
  QStringList lines;
  for (const auto& file : removal.files) lines += QStringLiteral("%1  %2").arg(size(file.bytes), qs(file.path));
  if (!removal.kept.empty()) {
    if (!lines.isEmpty()) lines += QString();
    lines += tr("Stays:");
    for (const auto& path : removal.kept) lines += qs(path);
  }
  m_words = words->text() + QLatin1Char('\n') + lines.join(QLatin1Char('\n'));
  auto* list = new QPlainTextEdit(lines.join(QLatin1Char('\n')), this);
  list->setReadOnly(true);
  list->setLineWrapMode(QPlainTextEdit::NoWrap);
  list->setAccessibleName(tr("Files that are deleted, and those that stay"));
  list->setVisible(!lines.isEmpty());
  all->addWidget(head);
  all->addWidget(words);
  all->addWidget(list, 1);
  if (lines.isEmpty()) all->addStretch();
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  buttons->addButton(tr("Delete"), QDialogButtonBox::AcceptRole)->setAutoDefault(false);
  buttons->button(QDialogButtonBox::Cancel)->setDefault(true);
  all->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

}  // namespace weft::ui
