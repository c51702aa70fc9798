// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/base_reader.h"

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include "ui/bridge/text.h"

namespace weft::ui {

void readBase(const QString& model, QObject* context, std::function<void(const Result<BaseIdentity>&)> done) {
  QThreadPool::globalInstance()->start([model = ss(model), context = QPointer<QObject>(context), done = std::move(done)]() mutable {
    auto base = base_identity(model, /*with_hash=*/false);
    if (base.ok() && base->bytes <= kMostHashed) base = base_identity(model, /*with_hash=*/true);
    // over the application: whether `context` is still there is for the main thread to say
    QMetaObject::invokeMethod(
        qApp,
        [context = std::move(context), done = std::move(done), base = std::move(base)] {
          if (context) done(base);
        },
        Qt::QueuedConnection);
  });
}

}  // namespace weft::ui
