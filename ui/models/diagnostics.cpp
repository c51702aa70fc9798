// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/diagnostics.h"

#include <algorithm>

#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSysInfo>
#include <QThread>

#include "engine/core/processor.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"

namespace weft::ui {
namespace {

constexpr int kLastLines = 200;
constexpr qsizetype kShortestName = 3;   // shorter ones would take ordinary words out of the text

QString pathEnding(const QString& path) {
  const QString ending = QFileInfo(path).suffix();
  return ending.isEmpty() || ending.size() > 12 ? QStringLiteral("<path>") : QStringLiteral("<path>.%1").arg(ending);
}

// Settings whose value somebody typed or chose from a disk.
bool isOwnText(const std::string& section, const std::string& key) {
  return key == "path" || key == "prompts" || key == "system" || (section == "data" && key.ends_with("_column"));
}

Json masked(const Json& value) {
  if (value.is_array()) return "<" + std::to_string(value.size()) + " texts>";
  if (!value.is_string()) return value;
  const QString text = qs(value.get<std::string>());
  if (text.isEmpty()) return value;
  return text.contains(QLatin1Char('/')) ? ss(pathEnding(text)) : "<" + std::to_string(text.size()) + " characters>";
}

}  // namespace

Anonymous::Anonymous(QStringList names) : m_names(std::move(names)) {
  m_names << QDir::homePath() << QSysInfo::machineHostName() << qEnvironmentVariable("USER") << qEnvironmentVariable("LOGNAME");
  m_names.removeDuplicates();
  m_names.erase(std::remove_if(m_names.begin(), m_names.end(), [](const QString& name) { return name.size() < kShortestName || name == QLatin1String("root"); }), m_names.end());
  std::sort(m_names.begin(), m_names.end(), [](const QString& a, const QString& b) { return a.size() > b.size(); });  // whole paths before their parts
}

QString Anonymous::text(const QString& given) const {
  static const QRegularExpression path(QStringLiteral("(?<![\\w/.<])(?:~|\\.{1,2})?/[^\\s\\x22'<>,;:()|]+|[\\w.-]+/[^\\s\\x22'<>,;:()|]*\\.\\w+"));
  static const QRegularExpression quoted(QStringLiteral("\\x22([^\\x22\\n]*)\\x22"));
  static const QRegularExpression word(QStringLiteral("^[A-Za-z0-9_.+-]{0,24}$"));
  QString left = given;
  for (const auto& name : m_names) left.replace(name, name.contains(QLatin1Char('/')) ? pathEnding(name) : QStringLiteral("<name>"));
  for (auto [regex, isPath] : {std::pair(&path, true), std::pair(&quoted, false)}) {
    QString out;
    qsizetype at = 0;
    for (auto found = regex->globalMatch(left); found.hasNext();) {
      const auto match = found.next();
      out += left.mid(at, match.capturedStart() - at);
      if (isPath)
        out += pathEnding(match.captured());
      else
        out += word.match(match.captured(1)).hasMatch() || match.captured(1).startsWith(QLatin1String("<path>")) ? match.captured() : QStringLiteral("\"<text>\"");
      at = match.capturedEnd();
    }
    left = out + left.mid(at);
  }
  return left;
}

Json Anonymous::config(const Json& config) const {
  if (!config.is_object()) return config;
  Json out = config;
  for (auto& [section, values] : out.items()) {
    if (!values.is_object()) {
      values = masked(values);
      continue;
    }
    for (auto& [key, value] : values.items()) {
      if (isOwnText(section, key))
        value = masked(value);
      else if (value.is_string())
        value = ss(text(qs(value.get<std::string>())));
    }
  }
  return out;
}

QString diagnosticsText(const DiagnosticFacts& facts, const LogModel& log, const Anonymous& anonymous) {
  QString out = QStringLiteral("WEFT %1\n").arg(facts.version);
  out += QStringLiteral("made %1\n\n").arg(QDateTime::currentDateTimeUtc().toString(Qt::ISODate));
  out += QStringLiteral("Qt %1\nSystem %2, kernel %3 %4\n").arg(QLatin1String(qVersion()), QSysInfo::prettyProductName(), QSysInfo::kernelType(), QSysInfo::kernelVersion());
  out += QStringLiteral("Processor %1\nMemory free %2\n").arg(qs(machine_name()), facts.memoryFree > 0 ? bytesText(static_cast<double>(facts.memoryFree)) : QStringLiteral("not known"));
  out += facts.engine ? QStringLiteral("LibTorch %1, %2, %3 threads\n").arg(qs(facts.engine->torch_version), qs(facts.engine->cpu)).arg(facts.engine->threads)
                      : QStringLiteral("The engine is not loaded\n");
  out += QStringLiteral("Project %1\n").arg(facts.project);
  if (!facts.config.is_null()) out += QStringLiteral("\nSettings\n%1\n").arg(qs(anonymous.config(facts.config).dump(2, ' ', false, Json::error_handler_t::replace)));
  const QStringList lines = log.report().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
  const auto shown = lines.mid(std::max<qsizetype>(0, lines.size() - kLastLines));
  out += QStringLiteral("\nLog, the last %1 of %2 lines\n").arg(shown.size()).arg(lines.size());
  for (const auto& line : shown) out += anonymous.text(line) + QLatin1Char('\n');
  return out;
}

}  // namespace weft::ui
