// SPDX-License-Identifier: GPL-3.0-or-later
// Which model an adapter belongs to, read on a worker thread: its hash needs every byte of it. Main thread only.
#pragma once

#include <functional>

#include <QObject>
#include <QString>

#include "engine/api/export_offer.h"

namespace weft::ui {

// The answer comes on the main thread and is dropped when `context` has died.
void readBase(const QString& model, QObject* context, std::function<void(const Result<BaseIdentity>&)> done);

}  // namespace weft::ui
