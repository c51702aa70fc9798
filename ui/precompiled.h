// SPDX-License-Identifier: GPL-3.0-or-later
// What nearly every file of the window includes anyway, read once by the compiler. Nothing may rely on it: each file still
// includes what it uses.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <QBoxLayout>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QObject>
#include <QPainter>
#include <QPointer>
#include <QPushButton>
#include <QScrollArea>
#include <QString>
#include <QTimer>
#include <QWidget>
