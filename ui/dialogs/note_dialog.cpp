// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/note_dialog.h"

#include <QDialogButtonBox>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include "ui/widgets/controls.h"

namespace weft::ui {

NoteDialog::NoteDialog(const QString& run, const QString& text, QWidget* parent) : QDialog(parent), m_text(new QPlainTextEdit(text, this)) {
  setAttribute(Qt::WA_DeleteOnClose);
  setWindowTitle(tr("Note on %1").arg(run));
  resize(460, 260);
  auto* all = new QVBoxLayout(this);
  all->setContentsMargins(16, 16, 16, 16);
  all->setSpacing(12);
  m_text->setAccessibleName(windowTitle());
  m_text->setPlaceholderText(tr("What you want to remember of this run"));
  all->addWidget(m_text, 1);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel, this);
  all->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, this, [this] {
    Q_EMIT written(m_text->toPlainText().trimmed());
    accept();
  });
}

}  // namespace weft::ui
