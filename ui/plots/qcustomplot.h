// SPDX-License-Identifier: GPL-3.0-or-later
// The only way in which the window includes QCustomPlot: its header uses the Qt keywords that QT_NO_KEYWORDS switches off.
#pragma once

#include <QWidget>

#define signals Q_SIGNALS
#define slots Q_SLOTS
#define emit Q_EMIT
#define foreach Q_FOREACH
#include <qcustomplot.h>
#undef signals
#undef slots
#undef emit
#undef foreach
