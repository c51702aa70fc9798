// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/path_kind.h"

#include <algorithm>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStringList>

namespace weft::ui {
namespace {

constexpr qint64 kLook = 64 * 1024;

// general.type stands among the first keys and is "adapter" in files that llama.cpp's converter wrote.
bool isAdapterGguf(const QString& path) {
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) return false;
  const QByteArray head = file.read(kLook);
  const auto key = head.indexOf("general.type");
  return key >= 0 && head.mid(key + 12, 24).contains("adapter");
}

}  // namespace

PathKind pathKind(const QString& path) {
  using Is = PathKind::Is;
  const QFileInfo info(path);
  const QString whole = info.absoluteFilePath(), ending = info.suffix().toLower(), folder = info.isDir() ? whole : info.absolutePath();
  const bool adapter = QFileInfo::exists(folder + QStringLiteral("/adapter_config.json")), model = QFileInfo::exists(folder + QStringLiteral("/config.json"));
  static const QStringList dataEndings = {QStringLiteral("jsonl"), QStringLiteral("json"), QStringLiteral("csv"), QStringLiteral("txt"),
                                          QStringLiteral("md"),    QStringLiteral("bin"),  QStringLiteral("tsv")};
  if (ending == QLatin1String("weft") && !info.isDir()) return {Is::Project, whole};
  if (!info.exists()) return {Is::Missing, whole};
  if (info.isDir() && (adapter || model)) return {adapter ? Is::Adapter : Is::Model, whole};
  if (info.isDir()) {   // what is downloaded or exported for llama.cpp lies alone in a folder
    const QStringList files = QDir(whole).entryList({QStringLiteral("*.gguf")}, QDir::Files);
    return files.size() == 1 ? pathKind(whole + QLatin1Char('/') + files.front()) : PathKind{Is::Nothing, whole};
  }
  if (ending == QLatin1String("gguf")) return {isAdapterGguf(whole) ? Is::Adapter : Is::Model, whole};
  if (info.fileName() == QLatin1String("adapter_config.json")) return {Is::Adapter, folder};
  if (info.fileName() == QLatin1String("config.json")) return {Is::Model, folder};
  if (ending == QLatin1String("safetensors")) {
    if (adapter) return {Is::Adapter, folder};
    return model ? PathKind{Is::Model, folder} : PathKind{Is::Adapter, whole};   // on its own it can only be an adapter
  }
  if (ending == QLatin1String("toml")) return {Is::RunFile, whole};
  if (dataEndings.contains(ending)) return {Is::Data, whole};
  return {Is::Nothing, whole};
}

}  // namespace weft::ui
