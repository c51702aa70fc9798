// SPDX-License-Identifier: GPL-3.0-or-later
// What a file or folder is to the window, by its name and, for GGUF, a first look: model or adapter. Reads at most 64 KiB;
// whoever opens it afterwards checks it whole.
#pragma once

#include <QString>

namespace weft::ui {

struct PathKind {
  enum class Is { Nothing, Missing, Project, Model, Adapter, Data, RunFile };
  Is is = Is::Nothing;
  QString path;          // what to open: the folder where a file stands for its folder
};

[[nodiscard]] PathKind pathKind(const QString& path);

}  // namespace weft::ui
