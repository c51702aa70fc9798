// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences above the page that want an answer or stay true for a while: read-only, an interrupted run, what was refused,
// hints. Each has an icon, a sentence and buttons; a notice replaces one of the same id. Main thread only.
#pragma once

#include <functional>
#include <map>
#include <vector>

#include <QWidget>

#include "ui/theme/theme.h"

class QLabel;
class QVBoxLayout;

namespace weft::ui {

struct Notice {
  enum class Tone { Info, Warning, Bad };
  struct Choice {
    QString text;
    std::function<void()> act;     // the notice goes first
  };
  QString id;                      // "read-only", "interrupted", ...
  Tone tone = Tone::Info;
  QString sentence;
  std::vector<Choice> choices;
  bool closable = true;
  std::function<void()> closed;    // by its cross
};

class NoticeBar final : public QWidget {
  Q_OBJECT
 public:
  NoticeBar(Theme& theme, QWidget* parent);
  void show(const Notice& notice);
  void say(const QString& id, const QString& sentence);      // another one in its place, which is no news
  void remove(const QString& id);
  [[nodiscard]] QString sentence(const QString& id) const;   // empty: no such notice
  // Presses the button with this text; false when there is none.
  bool choose(const QString& id, const QString& text);

 private:
  Theme& m_theme;
  QVBoxLayout* m_rows;
  std::map<QString, QWidget*> m_shown;
};

}  // namespace weft::ui
